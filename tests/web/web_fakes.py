"""Small stand-ins of the three services that speak the contracts web relies on, with a handful of records."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flask import Flask, request

from simulator import wire

WORLD = "demo0001"
NOW = "2026-11-22T10:00:00+00:00"
ADMIN, SALES, BOOKS = "ada@zylker.example", "sam@zylker.example", "ben@zylker.example"


class Fake:
    """A service: its application, the people who can sign in, and a switch that takes it down."""

    def __init__(self, name: str, people: list[dict[str, Any]]) -> None:
        self.app = Flask(f"fake_{name}")
        self.name = name
        self.people = people
        self.calls: list[tuple[str, str, Any]] = []
        self.is_down = False
        self.dead_tokens: set[str] = set()
        self.state: dict[str, Any] = {}
        #: What the next saving of settings is refused with: message and field.
        self.refuses: tuple[str, str] | None = None
        self.issued = 0
        self.now = NOW
        self.app.before_request(self._note)
        self.serve("/_sim/worlds", lambda: {"worlds": [{"id": WORLD, "scenario": "demo"}]})
        self.serve("/_sim/worlds/<world>/people", lambda world: {"people": self.people})
        self.serve(
            "/_sim/worlds/<world>/clock",
            lambda world: {"now": self.now, "real_now": NOW, "offset_seconds": 0, "frozen": False},
        )
        self.serve("/_sim/worlds/<world>/sign-in", self._sign_in, method="POST")

    def serve(self, path: str, answer: Callable[..., Any], method: str = "GET") -> None:
        """A route; unlike Flask's decorators it takes any number of nameless functions."""
        self.app.add_url_rule(path, f"{method} {path}", answer, methods=[method])

    def _note(self) -> Any:
        self.calls.append((request.method, request.path, wire.loads(request.get_data() or b"null")))
        token = request.headers.get("Authorization", "").removeprefix("Zoho-oauthtoken ")
        if token in self.dead_tokens:
            return wire.reply({"code": "INVALID_TOKEN", "message": "invalid oauth token", "details": {}}, 401)
        return None

    def _sign_in(self, world: str) -> Any:
        body = wire.loads(request.get_data())
        known = next((one for one in self.people if one["email"] == body["email"]), None)
        if known is None or body.get("password") not in (None, "right"):
            return wire.reply({"message": "This person cannot sign in here."}, 403)
        self.issued += 1
        return {"access_token": f"{self.name}-{known['email']}-{self.issued}", "expires_in": 3600, "user": known}

    def caller(self) -> dict[str, Any]:
        """Who calls, by the token."""
        token = request.headers["Authorization"].split("-", 2)[2]
        return next(one for one in self.people if token.startswith(one["email"]))

    def sent(self, method: str, path: str) -> list[Any]:
        """The bodies of the calls whose path fits a pattern."""
        return [body for verb, where, body in self.calls if verb == method and re.fullmatch(path, where)]


CRM_PEOPLE = [
    {"id": "111", "email": ADMIN, "name": "Ada Administrator", "profile": "Administrator", "is_admin": True},
    {"id": "112", "email": SALES, "name": "Sam Sales", "profile": "Sales", "is_admin": False},
]
INVOICE_PEOPLE = [
    {"id": "211", "email": ADMIN, "name": "Ada Administrator", "role": "Admin", "is_admin": True},
    {"id": "213", "email": BOOKS, "name": "Ben Books", "role": "Staff", "is_admin": False},
]
OWNER = {"name": "Ada Administrator", "id": "111", "email": ADMIN}
STAGES = [
    ("Qualification", 10),
    ("Needs Analysis", 20),
    ("Proposal/Price Quote", 75),
    ("Negotiation/Review", 90),
    ("Closed Won", 100),
    ("Closed Lost", 0),
]


def field(name: str, label: str, kind: str = "text", **more: Any) -> dict[str, Any]:
    return {"api_name": name, "display_label": label, "field_label": label, "data_type": kind, "visible": True, **more}


def make_crm() -> Fake:
    """Zoho CRM with accounts, potentials and a ZSC key."""
    fake = Fake("crm", CRM_PEOPLE)
    state: dict[str, Any] = {"key": None, "deals": {}}
    fake.state = state
    lookup = {"lookup": {"module": {"api_name": "Accounts"}}}
    fields = {
        "Accounts": [
            field("Account_Name", "Account Name"),
            field("Phone", "Phone", "phone"),
            field("Website", "Website", "website"),
            field("Industry", "Industry", "picklist"),
            field("Annual_Revenue", "Annual Revenue", "currency"),
            field("Owner", "Account Owner", "ownerlookup"),
            field("Billing_Street", "Billing Street"),
            field("Billing_City", "Billing City"),
            field("Description", "Description", "textarea"),
            field("Modified_Time", "Modified Time", "datetime"),
        ],
        "Deals": [
            field("Deal_Name", "Potential Name"),
            field("Amount", "Amount", "currency"),
            field(
                "Stage",
                "Stage",
                "picklist",
                pick_list_values=[{"actual_value": name, "display_value": name} for name, _p in STAGES],
            ),
            field("Probability", "Probability (%)", "integer"),
            field("Closing_Date", "Closing Date", "date"),
            field("Account_Name", "Account Name", "lookup", **lookup),
            field("Owner", "Potential Owner", "ownerlookup"),
        ],
    }
    fields["Contacts"] = [
        field("Last_Name", "Last Name"),
        field("Account_Name", "Account Name", "lookup", **lookup),
        field("Email", "Email", "email"),
    ]
    fields["Products"] = [field("Product_Name", "Product Name"), field("Unit_Price", "Unit Price", "currency")]
    names = ["Acme", "Zylker", "Bluth Company", "Cheers & Sons <Ltd>", "Dunder Mifflin", "Eastwind Traders"]
    rows: dict[str, list[dict[str, Any]]] = {
        "Accounts": [
            {
                "id": f"30{n}",
                "Account_Name": name,
                "Phone": f"+1 555 010{n}",
                "Website": f"https://{name.split()[0].lower()}.example",
                "Industry": ["Manufacturing", "Software", None][n % 3],
                "Annual_Revenue": Decimal(n * 125000 + 1) / 4,
                "Owner": OWNER,
                "Billing_Street": "1 Main Street\nFloor 2",
                "Billing_City": "Springfield",
                "Description": None,
                "Modified_Time": "2026-11-20T09:15:00+01:00",
            }
            for n, name in enumerate(names)
        ],
        "Deals": [
            {
                "id": f"40{n}",
                "Deal_Name": name,
                "Amount": amount,
                "Stage": STAGES[stage][0],
                "Probability": STAGES[stage][1],
                "Closing_Date": "2026-12-15",
                "Account_Name": {"name": names[n], "id": f"30{n}"},
                "Owner": OWNER,
            }
            for n, (name, amount, stage) in enumerate(
                [("Big Deal", 12000, 3), ("Roof renewal", Decimal("4999.5"), 4), ("Support 2027", None, 0)]
            )
        ],
        "Contacts": [
            {
                "id": "501",
                "Last_Name": "Roadrunner",
                "Full_Name": "Wile Roadrunner",
                "Account_Name": {"name": "Acme", "id": "300"},
                "Email": "wile@acme.example",
                "Owner": OWNER,
            }
        ],
        "Products": [{"id": "601", "Product_Name": "Anvil", "Unit_Price": Decimal("19.9"), "Product_Active": True}],
    }
    app = fake.app
    fake.serve("/crm/v8/settings/related_lists", lambda: {"related_lists": []})
    fake.serve("/crm/v8/org", lambda: {"org": [{"iso_code": "USD", "company_name": "Zylker Inc"}]})

    @app.get("/crm/v8/settings/custom_views")
    def views() -> Any:
        module = request.args["module"]
        return {
            "custom_views": [
                {"id": "71", "name": f"All {module}", "display_value": f"All {module}", "default": True},
                {"id": "72", "name": f"My {module}", "display_value": f"My {module}", "default": False},
            ]
        }

    @app.get("/crm/v8/settings/layouts")
    def layouts_of() -> Any:
        section = {"display_label": "Information", "fields": fields[request.args["module"]]}
        return wire.reply({"layouts": [{"sections": [section]}]})

    @app.get("/crm/v8/<module>")
    def listed(module: str) -> Any:
        assert request.args["fields"]
        return wire.reply({"data": rows[module], "info": {"more_records": False}})

    @app.get("/crm/v8/<module>/actions/count")
    def count(module: str) -> Any:
        return {"count": len(rows[module])}

    @app.get("/crm/v8/<module>/search")
    def search(module: str) -> Any:
        word = (request.args.get("word") or request.args["criteria"].split(":")[-1].strip("()")).lower()
        found = [one for one in rows[module] if word in wire.dumps(one).decode().lower()]
        return wire.reply({"data": found, "info": {"more_records": False}}) if found else ("", 204)

    @app.get("/crm/v8/<module>/<record>")
    def one(module: str, record: str) -> Any:
        found = [row for row in rows[module] if row["id"] == record]
        if not found:
            body = {"code": "INVALID_DATA", "details": {}, "message": "the id given seems to be invalid"}
            return wire.reply({**body, "status": "error"}, 400)
        return wire.reply({"data": found})

    @app.put("/crm/v8/Deals/<record>")
    def move(record: str) -> Any:
        if not fake.caller()["is_admin"]:
            refusal = {"code": "NO_PERMISSION", "details": {"permissions": ["Crm_Implied_Edit_Potentials"]}}
            return wire.reply({**refusal, "message": "permission denied", "status": "error"}, 403)
        deal = next(row for row in rows["Deals"] if row["id"] == record)
        stage = wire.loads(request.get_data())["data"][0]["Stage"]
        deal.update(Stage=stage, Probability=dict(STAGES)[stage])
        return {"data": [{"code": "SUCCESS", "details": {"id": record}, "status": "success"}]}

    @app.get("/crm/v8/settings/zsc_key")
    def key() -> Any:
        return _admins(fake, lambda: {"zsc_key": state["key"]})

    @app.post("/crm/v8/settings/zsc_key")
    def make_key() -> Any:
        def made() -> Any:
            state["key"] = {
                "ends": "…9f3c",
                "generated_by": OWNER,
                "generated_time": NOW,
                "connections": [{"name": "Zoho Invoice", "organization": "Zylker Inc"}],
            }
            return {"zsc_key": {"key": "0123456789abcdef0123456789ab9f3c", "ends": "9f3c"}}

        return _admins(fake, made)

    @app.delete("/crm/v8/settings/zsc_key")
    def revoke() -> Any:
        state["key"] = None
        return "", 204

    return fake


def _admins(fake: Fake, act: Callable[[], Any]) -> Any:
    if fake.caller()["is_admin"]:
        return act()
    body = {"code": "NO_PERMISSION", "details": {"permissions": ["Crm_Implied_Manage_ZSC_Key"]}}
    return wire.reply({**body, "message": "permission denied", "status": "error"}, 403)
