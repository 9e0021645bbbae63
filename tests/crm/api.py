"""A client of the CRM in this process, with the verbs the tests need."""

import json
from dataclasses import dataclass
from typing import Any

from flask import Flask

from simulator import wire

ADMIN = "asha.rao@zylker.example"
STANDARD = "ben.carter@zylker.example"
SALES = "carla.gomez@zylker.example"
SUPPORT = "emma.li@zylker.example"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: Any
    headers: Any

    @property
    def code(self) -> str | None:
        """The error code, of the whole answer or of its only outcome."""
        found: str | None = self.outcome.get("code")
        return found

    @property
    def details(self) -> dict[str, Any]:
        found: dict[str, Any] = self.outcome["details"]
        return found

    @property
    def outcome(self) -> dict[str, Any]:
        if "code" in self.body:
            return dict(self.body)
        (rows,) = (value for value in self.body.values() if isinstance(value, list))
        (only,) = rows
        return dict(only)

    @property
    def outcomes(self) -> list[dict[str, Any]]:
        return list(next(iter(self.body.values())))


class Crm:
    """One world of the CRM, called as one of its people."""

    def __init__(self, app: Flask, world: str, email: str = ADMIN, token: str | None = None) -> None:
        self.app = app
        self.world = world
        self.client = app.test_client()
        self.token = token or self.sign_in(email)

    def sign_in(self, email: str) -> str:
        answer = self.client.post(f"/_sim/worlds/{self.world}/sign-in", json={"email": email})
        assert answer.status_code == 200, answer.data
        return str(wire.loads(answer.data)["access_token"])

    def as_(self, email: str) -> "Crm":
        """The same world as another person sees it."""
        return Crm(self.app, self.world, email)

    def with_scopes(self, *scopes: str) -> "Crm":
        """As the administrator, but by a token of few scopes."""
        from simulator.accounts import issue_access_token

        with self.app.extensions["worlds"].transaction(self.world):
            user = self.app.extensions["directory"].administrator()
            token = issue_access_token(user.id, " ".join(scopes), "tests")
        return Crm(self.app, self.world, token=token)

    def call(self, method: str, path: str, body: Any = None, version: str = "v8", **headers: str) -> Answer:
        """One call; bodies go out without a Content-Type, as the official SDK sends them."""
        sent = {"Authorization": f"Zoho-oauthtoken {self.token}"} if self.token else {}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        answer = self.client.open(f"/crm/{version}{path}", method=method, headers=sent, data=raw)
        shown = wire.loads(answer.data) if answer.data else None
        return Answer(answer.status_code, shown, answer.headers)

    def get(self, path: str, **more: Any) -> Answer:
        return self.call("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Answer:
        return self.call("POST", path, body, **more)

    def put(self, path: str, body: Any = None, **more: Any) -> Answer:
        return self.call("PUT", path, body, **more)

    def patch(self, path: str, body: Any = None, **more: Any) -> Answer:
        return self.call("PATCH", path, body, **more)

    def delete(self, path: str, **more: Any) -> Answer:
        return self.call("DELETE", path, **more)

    def upload(self, path: str, content: bytes, name: str = "file.txt", version: str = "v8") -> Answer:
        """Sends a file as the part `file` of a form."""
        sent = {"Authorization": f"Zoho-oauthtoken {self.token}"}
        head = f'--cut\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = head.encode() + content + b"\r\n--cut--\r\n"
        form = "multipart/form-data; boundary=cut"
        answer = self.client.post(f"/crm/{version}{path}", headers=sent, data=body, content_type=form)
        shown = wire.loads(answer.data) if answer.data else None
        return Answer(answer.status_code, shown, answer.headers)

    def download(self, path: str, version: str = "v8") -> Any:
        """The raw answer, for what is no JSON."""
        return self.client.get(f"/crm/{version}{path}", headers={"Authorization": f"Zoho-oauthtoken {self.token}"})

    def create(self, module: str, *records: Any, **more: Any) -> Answer:
        return self.post(f"/{module}", {"data": list(records)}, **more)

    def add(self, module: str, **values: Any) -> str:
        """Adds one record and returns its id."""
        answer = self.create(module, values)
        assert answer.status == 201, answer.body
        return str(answer.details["id"])

    def record(self, module: str, record_id: str, **more: Any) -> dict[str, Any]:
        answer = self.get(f"/{module}/{record_id}", **more)
        assert answer.status == 200, answer.body
        return dict(answer.body["data"][0])

    def names(self, path: str, field: str) -> list[str]:
        """The values of one field in a list of records; an empty list where there are none."""
        answer = self.get(path)
        assert answer.status in (200, 204), answer.body
        return [record[field] for record in answer.body["data"]] if answer.body else []

    def advance(self, **span: int) -> None:
        """Moves the world's clock ahead."""
        from datetime import timedelta

        seconds = int(timedelta(**span).total_seconds())
        answer = self.client.put(f"/_sim/worlds/{self.world}/clock", json={"advance_seconds": seconds})
        assert answer.status_code == 200, answer.data

    def view(self, module: str, name: str) -> str:
        """The id of a view by its name."""
        views = self.get(f"/settings/custom_views?module={module}").body["custom_views"]
        return str(next(view["id"] for view in views if view["name"] == name))

    def profile(self, name: str) -> str:
        profiles = self.get("/settings/profiles").body["profiles"]
        return str(next(profile["id"] for profile in profiles if profile["name"] == name))

    def allow(self, profile: str, **permissions: bool) -> None:
        """Ticks and unticks boxes of a profile."""
        boxes = [{"name": name, "enabled": enabled} for name, enabled in permissions.items()]
        answer = self.put(f"/settings/profiles/{self.profile(profile)}", {"profiles": [{"permissions_details": boxes}]})
        assert answer.status == 200, answer.body

    def user(self, email: str) -> str:
        users = self.get("/users").body["users"]
        return str(next(user["id"] for user in users if user["email"] == email))
