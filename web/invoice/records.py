"""Record pages, and what can be done with an invoice: mark as sent, record a payment, void."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from simulator import amounts
from web import session, twins
from web.errors import NotAllowed, NotFound, Refused
from web.formats import day
from web.i18n import _
from web.invoice.api import bp, get, organization, post

MODES = (
    ("banktransfer", _("Bank transfer")),
    ("cash", _("Cash")),
    ("check", _("Check")),
    ("creditcard", _("Credit card")),
    ("others", _("Other")),
)
#: Statuses in which an invoice can be paid.
PAYABLE = ("draft", "sent", "viewed", "overdue", "partially_paid", "unpaid")


@bp.get("/contacts/<key:record_id>")
def contacts_record(record_id: str) -> ResponseReturnValue:
    contact = get(f"/contacts/{record_id}")["contact"]
    found = _twin(twins.of_invoice_contact(contact))
    documents = get("/invoices", customer_id=record_id, per_page=50)["invoices"]
    return render_template("invoice/contact.html", contact=contact, documents=documents, twin=found)


@bp.get("/items/<key:record_id>")
def items_record(record_id: str) -> ResponseReturnValue:
    item = get(f"/items/{record_id}")["item"]
    return render_template("invoice/item.html", item=item, currency=organization().get("currency_code"))


@bp.get("/estimates/<key:record_id>")
def estimates_record(record_id: str) -> ResponseReturnValue:
    estimate = get(f"/estimates/{record_id}")["estimate"]
    return _document("estimate", estimate)


@bp.get("/invoices/<key:record_id>")
def invoices_record(record_id: str) -> ResponseReturnValue:
    return _invoice_page(record_id)


@bp.post("/estimates/<key:record_id>/status/<any(sent, accepted, declined):status>")
def estimates_status(record_id: str, status: str) -> ResponseReturnValue:
    return _act(f"/estimates/{record_id}/status/{status}", url_for("invoice.estimates_record", record_id=record_id))


@bp.post("/invoices/<key:record_id>/status/<any(sent, void, draft):status>")
def invoices_status(record_id: str, status: str) -> ResponseReturnValue:
    return _act(f"/invoices/{record_id}/status/{status}", url_for("invoice.invoices_record", record_id=record_id))


@bp.post("/invoices/<key:record_id>/payments")
def invoices_pay(record_id: str) -> ResponseReturnValue:
    invoice = get(f"/invoices/{record_id}")["invoice"]
    form = request.form
    try:
        amount = amounts.amount(form.get("amount", "").strip())
    except ValueError:
        return _invoice_page(record_id, payment_error=_("Write the amount as a number, such as 1250.00.")), 422
    payment = {
        "customer_id": invoice["customer_id"],
        "payment_mode": form.get("mode", "banktransfer"),
        "amount": amount,
        "date": form.get("date") or None,
        "invoices": [{"invoice_id": record_id, "amount_applied": amount}],
    }
    try:
        answer = post("/customerpayments", {key: value for key, value in payment.items() if value is not None})
    except (NotAllowed, NotFound):
        raise
    except Refused as error:
        return _invoice_page(record_id, payment_error=error.message), 422
    flash(str(answer.get("message") or _("The payment has been recorded.")), "good")
    return redirect(url_for("invoice.invoices_record", record_id=record_id), 303)


def _act(path: str, back: str) -> ResponseReturnValue:
    try:
        answer = post(path)
        flash(str(answer.get("message") or _("Done.")), "good")
    except (NotAllowed, NotFound):
        raise
    except Refused as error:
        flash(error.message, "bad")
    return redirect(back, 303)


def _invoice_page(record_id: str, payment_error: str | None = None) -> str:
    invoice = get(f"/invoices/{record_id}")["invoice"]
    payments = get(f"/invoices/{record_id}/payments").get("payments") or [] if invoice.get("payment_made") else []
    return _document("invoice", invoice, payments=payments, payment_error=payment_error)


def _document(kind: str, document: dict[str, Any], **more: Any) -> str:
    found = _twin(twins.of_document(document))
    clock = session.clock()
    return render_template(
        "invoice/document.html",
        kind=kind,
        document=document,
        document_id=document[f"{kind}_id"],
        number=document[f"{kind}_number"],
        currency=document.get("currency_code"),
        can_be_paid=kind == "invoice" and document["status"] in PAYABLE,
        modes=MODES,
        today=str(clock["now"])[:10] if clock else "",
        until=(_("Due"), day(document.get("due_date")))
        if kind == "invoice"
        else (_("Expires"), day(document.get("expiry_date"))),
        twin=found,
        **more,
    )


def _twin(found: twins.Twin | None) -> twins.Twin | None:
    if found:
        g.twins = {"crm": found.href}
    return found
