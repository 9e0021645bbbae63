"""A stand-in of the connector: one connection whose runs go on a little with every look at them."""

from decimal import Decimal
from typing import Any

from flask import request
from web_fakes import ADMIN, NOW, Fake

from simulator import wire

COUNTS = {"added": 6, "updated": 2, "deleted": 0, "skipped": 1, "unchanged": 0, "failed": 1}
SETTINGS: dict[str, Any] = {
    "contacts": {
        "module": "accounts",
        "extent": "fetch",
        "duplicates": "skip",
        "match_by": "name",
        "account_view": None,
        "contact_view": None,
        "mapping": {
            "account": [
                {"crm": "Account_Name", "invoice": "contact_name"},
                {"crm": "Phone", "invoice": "phone"},
            ],
            "contact": [{"crm": "Last_Name", "invoice": "last_name"}],
        },
    },
    "items": {
        "enabled": True,
        "extent": "fetch",
        "duplicates": "skip",
        "match_by": "name",
        "mapping": [{"crm": "Product_Name", "invoice": "name"}],
    },
    "triggers": {"document": "none", "available": True, "unavailable_reason": None},
    "auto_sync_minutes": 120,
}
CRM_FIELDS = [
    {"api_name": "Account_Name", "label": "Account Name", "data_type": "text"},
    {"api_name": "Phone", "label": "Phone", "data_type": "phone"},
    {"api_name": "Email", "label": "Email", "data_type": "email"},
    {"api_name": "Annual_Revenue", "label": "Annual Revenue", "data_type": "currency"},
]
INVOICE_FIELDS = [
    {"name": "contact_name", "label": "Contact name", "data_type": "string", "is_required": True},
    {"name": "phone", "label": "Phone", "data_type": "string", "is_required": False},
    {"name": "email", "label": "Email", "data_type": "email", "is_required": False},
    {"name": "credit_limit", "label": "Credit limit", "data_type": "number", "is_required": False},
]


def make_connector() -> Fake:
    """The connector; `fake.state` holds the connection, the settings and the runs."""
    fake = Fake("connector", [])
    app = fake.app
    state: dict[str, Any] = {"connection": None, "settings": wire.loads(wire.dumps(SETTINGS)), "runs": []}
    fake.state = state

    def refuse(status: int, code: str, message: str, field: str | None = None) -> Any:
        return wire.reply({"code": code, "message": message, "field": field, "details": {}}, status)

    def connect() -> Any:
        body = wire.loads(request.get_data())
        if body["email"] != ADMIN:
            return refuse(422, "unknown_email", f"Nobody in Zoho CRM has the email address {body['email']}.", "email")
        if not body["zsc_key"].endswith("9f3c"):
            return refuse(
                422, "wrong_key", "This is not the ZSC key in use. Generate a new one in Zoho CRM.", "zsc_key"
            )
        state["connection"] = {
            "id": "1",
            "state": "active",
            "email": ADMIN,
            "owner_name": "Ada Administrator",
            "crm_org_name": "Zylker Inc",
            "organization_id": "1",
            "organization_name": "Zylker Invoice",
            "connected_at": NOW,
            "zsc_key_ends": "9f3c",
            "last_sync_at": None,
            "next_sync_at": None,
            "is_configured": False,
            "active_run": None,
            "problem": None,
        }
        return wire.reply({"connection": state["connection"]}, 201)

    fake.serve("/connection", lambda: {"connection": state["connection"]})
    fake.serve("/connection", connect, method="POST")
    fake.serve("/connection/credentials", connect, method="PUT")

    @app.post("/connection/<any(pause, resume, disable, reactivate):act>")
    def switch(act: str) -> Any:
        state["connection"]["state"] = {"pause": "paused", "disable": "disabled"}.get(act, "active")
        return {"connection": state["connection"]}

    fake.serve("/connection/settings", lambda: wire.reply({"settings": state["settings"]}))

    @app.put("/connection/settings")
    def save() -> Any:
        if fake.refuses:
            return refuse(422, "settings_refused", *fake.refuses)
        for section, values in wire.loads(request.get_data()).items():
            state["settings"][section] = {**state["settings"][section], **values}
        state["connection"]["is_configured"] = True
        return wire.reply({"settings": state["settings"], "notices": []})

    fake.serve("/connection/settings/effect", lambda: {"stops": [], "starts": []}, method="POST")
    fake.serve("/connection/organizations", lambda: {"organizations": []})
    fake.serve("/connection/potentials/won", lambda: {"count": 0, "potentials": []})

    @app.get("/connection/views")
    def views() -> Any:
        module = request.args["module"]
        return {
            "views": [
                {"id": "71", "name": f"All {module}", "system_defined": True},
                {"id": "79", "name": "For Zoho Invoice", "system_defined": False},
            ]
        }

    fake.serve("/connection/fields", lambda: {"crm": CRM_FIELDS, "invoice": INVOICE_FIELDS})

    @app.post("/connection/mapping/preview")
    def preview() -> Any:
        rows = [
            {**pair, "crm_value": "Acme", "invoice_value": "Acme"} for pair in wire.loads(request.get_data())["mapping"]
        ]
        return {"source": {"id": "300", "name": "Acme"}, "rows": rows}

    @app.post("/connection/runs")
    def start() -> Any:
        if state["connection"]["state"] == "paused":
            return refuse(409, "paused", "The sync is paused. Resume it first.")
        kind = wire.loads(request.get_data())["kind"]
        run = {
            "id": str(len(state["runs"]) + 1),
            "kind": "instant" if kind == "instant" else "dry",
            "state": "running" if kind == "instant" else "needs_confirmation",
            "phase": "Reading Zoho CRM",
            "done": 0,
            "total": 10,
            "started_at": NOW,
            "ended_at": None,
            "started_by": "Ada Administrator",
            "counts": dict.fromkeys(COUNTS, 0),
            "reason": None if kind == "instant" else "This is what a sync would do now; nothing was written.",
        }
        state["runs"].insert(0, run)
        state["connection"]["active_run"] = run
        return wire.reply({"run": run}, 202)

    @app.get("/connection/runs")
    def runs() -> Any:
        return {"runs": state["runs"], "page_context": {"page": 1, "has_more_page": False, "total": len(state["runs"])}}

    @app.get("/connection/runs/<run_id>")
    def run(run_id: str) -> Any:
        found = next((one for one in state["runs"] if one["id"] == run_id), None)
        if found is None:
            return refuse(404, "not_found", "There is no such sync.")
        _go_on(found, state)
        total = {"entity": "account", "direction": "crm_to_invoice", "fetched": 10, **COUNTS}
        reasons = [
            {"outcome": "failed", "reason": "The name is too long for Zoho Invoice.", "count": 1},
            {"outcome": "skipped", "reason": "A contact of this name was there before.", "count": 1},
        ]
        if found["kind"] == "dry":
            plan = [{"entity": "account", "direction": "to crm", "kind": "create", "count": 7}]
            return {"run": found, "totals": [], "reasons": [], "plan": plan}
        return {"run": found, "totals": [total], "reasons": reasons, "plan": []}

    @app.post("/connection/runs/<run_id>/<any(confirm, discard):act>")
    def decide(run_id: str, act: str) -> Any:
        return {"run": state["runs"][0]}

    @app.get("/connection/runs/<run_id>/ops")
    def ops(run_id: str) -> Any:
        wanted = request.args.get("outcome")
        found = [one for one in OPS if wanted in (None, one["outcome"])]
        return {"ops": found, "page_context": {"has_more_page": False, "total": len(found)}}

    nothing = {"has_more_page": False, "total": 0}
    none = {"count": 0, "amount": 0}
    fake.serve(
        "/connection/linked/figures",
        lambda: {"as_of": None, "stages": [], "won_not_invoiced": none, "invoiced_not_paid": none, "deleted": none},
    )
    fake.serve("/connection/linked/refresh", lambda: {"complete": True}, method="POST")
    fake.serve("/connection/linked", lambda: {"potentials": [], "page_context": nothing, "as_of": None})
    fake.serve("/connection/history", lambda: {"days": [], "outcomes": dict.fromkeys(COUNTS, 0), "failures": []})
    fake.serve("/connection/history/records", lambda: {"ops": [], "page_context": nothing})
    fake.serve("/connection/runs/<run_id>/pairs", lambda run_id: {"pairs": [], "page_context": nothing})
    fake.serve("/connection/links", lambda: {"links": [], "page_context": nothing})
    fake.serve("/connection/mails", lambda: {"mails": [], "page_context": nothing})
    fake.serve("/connection/ops/<op_id>", lambda op_id: {"op": OPS[0]})
    fake.serve("/connection/dashboard", lambda: wire.reply({**DASHBOARD, "recent_runs": state["runs"][:5]}))
    fake.serve(
        "/connection/potentials",
        lambda: wire.reply({"potentials": DASHBOARD["linked"], "page_context": {"has_more_page": False}}),
    )
    return fake


def _go_on(run: dict[str, Any], state: dict[str, Any]) -> None:
    if run["state"] != "running":
        return
    run["done"] += 5
    run["phase"] = "Writing contacts to Zoho Invoice"
    if run["done"] > run["total"]:
        run.update(state="done", done=10, phase="Done", ended_at="2026-11-22T10:00:42+00:00", counts=COUNTS)
        state["connection"].update(active_run=None, last_sync_at=NOW, next_sync_at="2026-11-22T12:00:00+00:00")


OPS = [
    {
        "id": "1",
        "run_id": "1",
        "entity": "account",
        "side": "invoice",
        "kind": "update",
        "outcome": "updated",
        "record_name": "Acme",
        "crm_id": "300",
        "invoice_id": "801",
        "reason": "changed in CRM",
        "code": None,
        "attempts": 1,
        "at": NOW,
        "before": {"contact_name": "Acme", "phone": "111"},
        "conflicts": {"phone": {"crm": "999", "invoice": "333", "winner": "crm"}},
        "after": {"contact_name": "Acme", "phone": "999"},
    },
    {
        "id": "2",
        "run_id": "1",
        "entity": "account",
        "side": "invoice",
        "kind": "create",
        "outcome": "failed",
        "record_name": "A very long name",
        "crm_id": "301",
        "invoice_id": None,
        "reason": "The name is too long for Zoho Invoice.",
        "code": "15",
        "attempts": 1,
        "at": NOW,
        "before": {},
        "after": {},
    },
]
DASHBOARD: dict[str, Any] = {
    "pipeline": [
        {"stage": "Negotiation/Review", "probability": 90, "count": 3, "amount": Decimal("18500")},
        {"stage": "Closed Won", "probability": 100, "count": 5, "amount": Decimal("42999.50")},
        {"stage": "Closed Lost", "probability": 0, "count": 1, "amount": Decimal("2000")},
    ],
    "linked": [
        {
            "potential_id": "401",
            "potential_name": "Roof renewal",
            "stage": "Closed Won",
            "amount": Decimal("4999.5"),
            "document_id": "901",
            "document_number": "INV-000001",
            "document_status": "draft",
            "total": Decimal("4999.5"),
            "balance": Decimal("4999.5"),
        }
    ],
    "invoiced": {
        "total": Decimal("14230.50"),
        "draft": 1250,
        "sent": Decimal("980.50"),
        "paid": 12000,
        "void": 300,
        "count": 3,
    },
    "receivables_date": "2026-11-22",
    "receivables": {
        "total": Decimal("980.50"),
        "current": Decimal("400"),
        "days_1_30": Decimal("380.50"),
        "days_31_60": 200,
        "days_61_90": 0,
        "days_over_90": 0,
    },
    "won_not_invoiced": {"count": 2, "amount": Decimal("8100")},
    "triggers": {"created": 4},
    "currency_code": "USD",
    "as_of": NOW,
}
