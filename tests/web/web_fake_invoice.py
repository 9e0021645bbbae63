"""A stand-in of Zoho Invoice with two contacts, an item and a few documents."""

from decimal import Decimal
from typing import Any

from flask import request
from web_fakes import INVOICE_PEOPLE, Fake

from simulator import wire

CONTACTS = [
    {
        "contact_id": "801",
        "contact_name": "Acme",
        "company_name": "Acme",
        "email": "wile@acme.example",
        "phone": "+1 555 0100",
        "status": "active",
        "currency_code": "USD",
        "outstanding_receivable_amount": Decimal("4230.5"),
        "unused_credits_receivable_amount": 0,
        "payment_terms_label": "Net 15",
        "zcrm_account_id": "300",
        "billing_address": {"address": "1 Main Street", "city": "Springfield", "zip": "12345", "country": "USA"},
        "contact_persons": [
            {"first_name": "Wile", "last_name": "Roadrunner", "email": "wile@acme.example", "is_primary_contact": True}
        ],
    },
    {"contact_id": "802", "contact_name": "Zylker", "status": "active", "currency_code": "USD"},
]


def document(number: int, status: str, total: Any, balance: Any, **more: Any) -> dict[str, Any]:
    return {
        "invoice_id": f"90{number}",
        "invoice_number": f"INV-00000{number}",
        "customer_id": "801",
        "customer_name": "Acme",
        "status": status,
        "date": "2026-11-01",
        "due_date": "2026-11-16",
        "reference_number": "",
        "currency_code": "USD",
        "sub_total": total,
        "total": total,
        "balance": balance,
        "payment_made": 0,
        "line_items": [{"name": "Anvil", "quantity": 2, "rate": total / 2, "item_total": total}],
        "zcrm_potential_id": "",
        **more,
    }


def make_invoice() -> Fake:
    """Zoho Invoice; `fake.invoices` is what it holds."""
    fake = Fake("invoice", INVOICE_PEOPLE)
    app = fake.app
    invoices = [
        document(
            1, "draft", Decimal("1250"), Decimal("1250"), zcrm_potential_id="401", zcrm_potential_name="Roof renewal"
        ),
        document(2, "overdue", Decimal("980.50"), Decimal("980.50")),
        document(3, "paid", Decimal("12000"), 0, payment_made=12000),
        document(4, "void", Decimal("300"), Decimal("300")),
    ]
    fake.invoices = invoices  # type: ignore[attr-defined]
    items = [
        {"item_id": "601", "name": "Anvil", "sku": "ANV-1", "unit": "pcs", "rate": Decimal("19.9"), "status": "active"}
    ]
    org = {"organization_id": "1", "name": "Zylker Inc", "currency_code": "USD", "is_default_org": True}
    fake.serve("/invoice/v3/organizations", lambda: {"code": 0, "organizations": [org]})

    def listed(key: str, rows: list[dict[str, Any]]) -> Any:
        asked = {name: value for name, value in request.args.items() if name.startswith(("zcrm_", "customer_id"))}
        found = [row for row in rows if all(str(row.get(name, "")) == value for name, value in asked.items())]
        status = request.args.get("filter_by", "Status.All").removeprefix("Status.").lower()
        if status not in ("all", "unpaid"):
            found = [row for row in found if row["status"] == status]
        if text := request.args.get("search_text", "").lower():
            found = [row for row in found if text in wire.dumps(row).decode().lower()]
        return wire.reply({"code": 0, key: found, "page_context": {"has_more_page": False}})

    fake.serve("/invoice/v3/contacts", lambda: listed("contacts", CONTACTS))
    fake.serve("/invoice/v3/items", lambda: listed("items", items))
    fake.serve("/invoice/v3/estimates", lambda: listed("estimates", []))
    fake.serve("/invoice/v3/invoices", lambda: listed("invoices", invoices))

    def one(key: str, rows: list[dict[str, Any]], record: str) -> Any:
        found = next((row for row in rows if row[f"{key}_id"] == record), None)
        if found is None:
            return wire.reply({"code": 1002, "message": "Resource does not exist."}, 404)
        return wire.reply({"code": 0, key: found})

    fake.serve("/invoice/v3/contacts/<record>", lambda record: one("contact", CONTACTS, record))
    fake.serve("/invoice/v3/items/<record>", lambda record: one("item", items, record))
    fake.serve("/invoice/v3/invoices/<record>", lambda record: one("invoice", invoices, record))
    fake.serve(
        "/invoice/v3/invoices/<record>/payments",
        lambda record: {
            "payments": [{"payment_number": "7", "date": "2026-11-02", "payment_mode": "cash", "amount": 12000}]
        },
    )

    @app.post("/invoice/v3/invoices/<record>/status/<status>")
    def status(record: str, status: str) -> Any:
        found = next(row for row in invoices if row["invoice_id"] == record)
        if status == "sent" and found["status"] == "void":
            return wire.reply({"code": 90001, "message": "A void invoice cannot be marked as sent."}, 400)
        found["status"] = status
        return {"code": 0, "message": f"Invoice status has been changed to {status.capitalize()}."}

    @app.post("/invoice/v3/customerpayments")
    def pay() -> Any:
        body = wire.loads(request.get_data())
        found = next(row for row in invoices if row["invoice_id"] == body["invoices"][0]["invoice_id"])
        if body["amount"] > found["balance"]:
            return wire.reply({"code": 90002, "message": "The amount is more than the balance."}, 400)
        found["balance"] -= body["amount"]
        return wire.reply({"code": 0, "message": "The payment from the customer has been recorded", "payment": {}}, 201)

    return fake
