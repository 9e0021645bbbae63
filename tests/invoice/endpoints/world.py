"""The world that the table is about: something of each kind in each status, names for it, and people of each role."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from flask import Flask, request
from werkzeug.test import TestResponse

from mock_invoice.database import db
from simulator import wire
from simulator.accounts import tokens
from simulator.accounts.scopes import ALL_SCOPES
from tests.invoice.conftest import ADMIN, STAFF, URLS, Invoice
from tests.invoice.endpoints.furniture import furnish
from tests.invoice.endpoints.rows import UNPREFIXED, Call
from tests.support.answers import Kept, named
from tests.support.transport import WsgiAdapter

PREFIX = "/invoice/v3"
ROLES = {"admin": ADMIN, "staff": STAFF, "timesheetstaff": "tim@zylker.example"}
#: Where the table's connector answers; beside the address of other tests' stand-ins.
HOOK = f"{URLS['connector']}/table"


class Place:
    """A world that can be called as anybody in it, and brought back to what it was."""

    def __init__(self, invoice: Invoice, names: Mapping[str, str]) -> None:
        self.invoice = invoice
        self.names = dict(names)
        self._tokens: dict[tuple[str, str], str] = {}
        self.kept = Kept(invoice.app.extensions["worlds"], invoice.world, db)

    def token_of(self, email: str, scopes: str) -> str:
        if (email, scopes) not in self._tokens:
            self._tokens[email, scopes] = self.invoice.as_(email, scopes).token
        return self._tokens[email, scopes]

    def send(
        self, method: str, call: Call, names: Mapping[str, str], token: str | None = None, organization: str = ""
    ) -> tuple[int, Any, str]:
        """One call, with the names in it replaced: status, body, and the address of what it made."""
        sent = {"Authorization": f"Zoho-oauthtoken {self.invoice.token if token is None else token}"}
        sent |= named(call.headers, names)
        if organization:
            sent["X-com-zoho-invoice-organizationid"] = organization
        at = named(call.at, names)
        address = at if at.startswith(UNPREFIXED) else f"{PREFIX}{at}"
        how: dict[str, Any] = {"headers": sent, "data": _data(call, names)}
        if call.file is not None:
            part, content, *media_type = call.file
            how["data"] = {part: (BytesIO(content), "terms.png", *(media_type or ["image/png"]))}
        self.kept.note_call(method)
        answer = self.invoice.raw(method, address, **how)
        return answer.status_code, _read(answer), answer.headers.get("Location", "")


def _data(call: Call, names: Mapping[str, str]) -> Any:
    if call.form is not None:
        return named(call.form, names)
    if call.body is None:
        return None
    return call.body if isinstance(call.body, bytes) else wire.dumps(named(call.body, names))


def _read(answer: TestResponse) -> Any:
    return wire.loads(answer.data) if answer.mimetype == "application/json" else answer.data


def lived_in(invoice: Invoice) -> Place:
    """The company of the table. It is connected with a stand-in that imports whatever it is asked for."""
    invoice.app.extensions["outbound"].mount(HOOK, WsgiAdapter(_connector()))
    invoice.put("/settings/integrations/zohocrm", {"hook_url": HOOK, "secret": "s3cret"})
    for name, role in (("Tim", "timesheetstaff"), ("Kim", "staff")):
        invoice.post("/users", {"name": name, "email": f"{name.lower()}@zylker.example", "user_role": role})
    return Place(invoice, furnish(invoice) | _client(invoice))


def _client(invoice: Invoice) -> dict[str, str]:
    """What a client of the accounts server shows there."""
    names = {
        "client_id": f"1000.{invoice.world.upper()}ABCDEFGHIJ",
        "client_secret": "s" * 40,
        "refresh_token": f"1000.{invoice.world}{'a' * 24}.{'b' * 32}",
        "world": invoice.world,
        "token": invoice.token,
        "spare_token": invoice.as_(STAFF).token,
    }
    with invoice.app.extensions["worlds"].transaction(invoice.world):
        user = invoice.app.extensions["directory"].find_user(invoice.email)
        tokens.add_client(names["client_id"], names["client_secret"], "Table")
        tokens.store_refresh_token(names["refresh_token"], user.id, ALL_SCOPES, names["client_id"])
    return names


def _connector() -> Flask:
    app = Flask("table_connector")

    @app.post("/table/<kind>/<record_id>")
    def fetch(kind: str, record_id: str) -> tuple[bytes, int]:
        if request.headers["Authorization"] != "s3cret":
            return wire.dumps({"message": "wrong secret"}), 401
        if record_id == "404":
            return wire.dumps({"message": "There is no such record in Zoho CRM."}), 404
        key = "item_id" if kind == "item" else "contact_id"
        return wire.dumps({key: f"41{record_id}"}), 200

    return app
