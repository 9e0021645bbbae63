"""Record pages of contacts, items and payments."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from web import twins
from web.invoice.api import bp, delete, get, organization
from web.invoice.kinds import KINDS


@bp.get("/contacts/<key:record_id>")
def contacts_record(record_id: str) -> ResponseReturnValue:
    contact = get(f"/contacts/{record_id}")["contact"]
    found = twin_of(twins.of_invoice_contact(contact))
    documents = get("/invoices", customer_id=record_id, per_page=50)["invoices"]
    return render_template(
        "invoice/contact.html", contact=contact, documents=documents, twin=found, kinds=KINDS.values()
    )


@bp.get("/items/<key:record_id>")
def items_record(record_id: str) -> ResponseReturnValue:
    item = get(f"/items/{record_id}")["item"]
    return render_template("invoice/item.html", item=item, currency=organization().get("currency_code"))


@bp.get("/payments/<key:record_id>")
def payments_record(record_id: str) -> ResponseReturnValue:
    payment = get(f"/customerpayments/{record_id}")["payment"]
    return render_template("invoice/payment.html", payment=payment, currency=payment.get("currency_code"))


@bp.post("/payments/<key:record_id>/delete")
def payments_delete(record_id: str) -> ResponseReturnValue:
    flash(str(delete(f"/customerpayments/{record_id}")["message"]), "good")
    return redirect(url_for("invoice.payments"), 303)


def twin_of(found: twins.Twin | None) -> twins.Twin | None:
    """The twin, which the switch leads to as well."""
    if found:
        g.twins = {"crm": found.href}
    return found
