"""A visitor of the screens without a browser: he reads pages and sends the forms that stand on them."""

import re
from typing import Any

from flask.testing import FlaskClient


class Visitor:
    """A client that sends forms as a browser does: with the token of the page they stand on."""

    def __init__(self, client: FlaskClient, world: str, email: str) -> None:
        self.client = client
        self.world = world
        self.email = email

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def post(self, path: str, /, **form: Any) -> Any:
        return self.client.post(path, data={**form, "csrf_token": self.token()})

    def follow(self, path: str, /, **form: Any) -> Any:
        """Sends a form and goes where it leads."""
        answer = self.post(path, **form)
        assert answer.status_code == 303, answer.text
        return self.client.get(answer.location)

    def token(self) -> str:
        for page in ("/components", "/sign-in"):
            if found := re.search(r'name="csrf_token" value="([^"]+)"', self.client.get(page).text):
                return found[1]
        raise AssertionError("no page has a form with a token")

    def sign_in(self, email: str | None = None) -> "Visitor":
        answer = self.post("/sign-in", world=self.world, email=email or self.email)
        assert answer.status_code == 303, answer.text
        return self
