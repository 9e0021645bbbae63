"""Record pages of estimates, sales orders and invoices, and what can be done there: move, convert, pay, delete."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from simulator import amounts
from web import twins
from web.errors import NotAllowed, NotFound, Refused
from web.formats import day
from web.i18n import _
from web.invoice import potentials
from web.invoice.api import bp, delete, each_kind, get, post, today
from web.invoice.kinds import KINDS, Kind
from web.invoice.records import twin_of
from web.invoice.steps import CLOSED, CONVERTED, MADE_OF, OWED, PAYABLE, STEPS

MODES = (
    ("banktransfer", _("Bank transfer")),
    ("cash", _("Cash")),
    ("check", _("Check")),
    ("creditcard", _("Credit card")),
    ("others", _("Other")),
)


@bp.get("/estimates/<key:record_id>")
def estimates_record(record_id: str) -> ResponseReturnValue:
    return _page(KINDS["estimates"], record_id)


@bp.get("/salesorders/<key:record_id>")
def salesorders_record(record_id: str) -> ResponseReturnValue:
    return _page(KINDS["salesorders"], record_id)


@bp.get("/invoices/<key:record_id>")
def invoices_record(record_id: str) -> ResponseReturnValue:
    return _page(KINDS["invoices"], record_id)


@each_kind("/<key:document_id>/status/<any(sent, accepted, declined, open, void, draft):status>", "POST")
def document_status(kind: str, document_id: str, status: str) -> ResponseReturnValue:
    return _act(KINDS[kind], document_id, f"status/{status}")


@bp.post("/invoices/<key:document_id>/writeoff")
def invoices_write_off(document_id: str) -> ResponseReturnValue:
    return _act(KINDS["invoices"], document_id, "writeoff")


@bp.post("/invoices/<key:document_id>/writeoff/cancel")
def invoices_write_off_cancel(document_id: str) -> ResponseReturnValue:
    return _act(KINDS["invoices"], document_id, "writeoff/cancel")


def _act(kind: Kind, document_id: str, act: str) -> ResponseReturnValue:
    """What Invoice says to it is told on the document's page, refusals too."""
    try:
        flash(str(post(f"/{kind.key}/{document_id}/{act}").get("message") or _("Done.")), "good")
    except (NotAllowed, NotFound):
        raise
    except Refused as error:
        flash(error.message, "bad")
    return _to(kind, document_id)


@each_kind("/<key:document_id>/convert/<any(salesorders, invoices):target>", "POST")
def document_convert(kind: str, document_id: str, target: str) -> ResponseReturnValue:
    """Makes the other document at once, lines, sums and potential carried along (L6); its page offers to edit it."""
    made_of, made = MADE_OF.get((kind, target)), KINDS[target]
    if made_of is None:
        return _to(KINDS[kind], document_id)
    try:
        if made_of == "salesorder_id":
            answer = post("/invoices/fromsalesorder", {made_of: document_id}, salesorder_id=document_id)
        else:
            answer = post(f"/{target}", {made_of: document_id})
    except (NotAllowed, NotFound):
        raise
    except Refused as error:
        flash(error.message, "bad")
        return _to(KINDS[kind], document_id)
    flash(str(answer["message"]), "good")
    return _to(made, made.id_of(answer[made.entity]))


@each_kind("/<key:document_id>/delete", "POST")
def document_delete(kind: str, document_id: str) -> ResponseReturnValue:
    try:
        flash(str(delete(f"/{kind}/{document_id}")["message"]), "good")
    except (NotAllowed, NotFound):
        raise
    except Refused as error:
        flash(error.message, "bad")
        return _to(KINDS[kind], document_id)
    return redirect(url_for(KINDS[kind].list_endpoint), 303)


@bp.post("/invoices/<key:record_id>/payments")
def invoices_pay(record_id: str) -> ResponseReturnValue:
    invoice = get(f"/invoices/{record_id}")["invoice"]
    form = request.form
    try:
        amount = amounts.amount(form.get("amount", "").strip())
    except ValueError:
        return _refused_payment(record_id, _("Write the amount as a number, such as 1250.00."))
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
        return _refused_payment(record_id, error.message)
    flash(str(answer.get("message") or _("The payment has been recorded.")), "good")
    return _to(KINDS["invoices"], record_id)


def _refused_payment(record_id: str, why: str) -> ResponseReturnValue:
    return _page(KINDS["invoices"], record_id, payment_error=why), 422


def _to(kind: Kind, document_id: str) -> ResponseReturnValue:
    return redirect(url_for(kind.record_endpoint, record_id=document_id), 303)


def _page(kind: Kind, record_id: str, payment_error: str | None = None) -> str:
    document = get(f"/{kind.key}/{record_id}")[kind.entity]
    status, is_invoice = document["status"], kind.key == "invoices"
    has_payments = is_invoice and document.get("payment_made")
    is_potential_deleted = potentials.is_deleted(kind, document)
    return render_template(
        "invoice/document.html",
        kind=kind,
        document=document,
        document_id=record_id,
        number=kind.number_of(document),
        currency=document.get("currency_code"),
        steps=STEPS.get((kind.key, status), ()),
        targets=[KINDS[one] for one in CONVERTED.get((kind.key, status), ())],
        is_closed=(kind.key, status) in CLOSED,
        can_be_paid=is_invoice and status in PAYABLE,
        is_owed=is_invoice and status in OWED,
        relatives=_relatives(kind, document),
        payments=get(f"/invoices/{record_id}/payments").get("payments") or [] if has_payments else [],
        payment_error=payment_error,
        modes=MODES,
        today=today(),
        until=day(document.get(kind.until_field)),
        is_potential_deleted=is_potential_deleted,
        twin=None if is_potential_deleted else twin_of(twins.of_document(document)),
        customer=get(f"/contacts/{document['customer_id']}")["contact"],
    )


def _relatives(kind: Kind, document: dict[str, Any]) -> list[tuple[str, str]]:
    """What it was made of and what was made of it: words and address."""
    made_of = [(_("Made from an estimate"), "estimates", document.get("estimate_id"))]
    made_of += [(_("Made from a sales order"), "salesorders", document.get("salesorder_id"))]
    orders = [
        (_("Sales order made from it"), "salesorders", one.get("salesorder_id"))
        for one in _some(document, "salesorders")
    ]
    bills = [(_("Invoice made from it"), "invoices", one) for one in _some(document, "invoice_ids")]
    bills += [(_("Invoice made from it"), "invoices", one.get("invoice_id")) for one in _some(document, "invoices")]
    found = [
        (label, url_for(KINDS[key].record_endpoint, record_id=record_id))
        for label, key, record_id in (*made_of, *orders, *bills)
        if record_id and key != kind.key
    ]
    return found + _credits(document) if document.get("credits_applied") else found


def _credits(document: dict[str, Any]) -> list[tuple[str, str]]:
    """The credit notes applied to an invoice."""
    return [
        (
            _("Credit note %(number)s", number=one["creditnotes_number"]),
            url_for("invoice.creditnotes_record", record_id=one["creditnote_id"]),
        )
        for one in get(f"/invoices/{document['invoice_id']}/creditsapplied")["credits"]
    ]


def _some(document: dict[str, Any], key: str) -> list[Any]:
    found = document.get(key)
    return found if isinstance(found, list) else []
