"""Credit notes: made of an invoice, applied to invoices and taken off them, opened, voided, deleted."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.formats import money
from web.invoice.api import bp, delete, get, post
from web.invoice.copying import copied
from web.invoice.saving import act
from web.invoice.steps import STEPS

#: As many open invoices as are offered to apply a credit to.
OFFERED = 200


@bp.get("/creditnotes/<key:record_id>")
def creditnotes_record(record_id: str) -> ResponseReturnValue:
    note = get(f"/creditnotes/{record_id}")["creditnote"]
    may_apply = note["status"] == "open" and note["balance"] > 0
    return render_template(
        "invoice/credit_note.html",
        note=note,
        steps=STEPS.get(("creditnotes", note["status"]), ()),
        owed=_owed(note) if may_apply else [],
        may_apply=may_apply,
    )


def _owed(note: dict[str, Any]) -> list[tuple[str, str]]:
    """The customer's open invoices in the note's currency: id, and number with what is owed."""
    query = {"customer_id": note["customer_id"], "filter_by": "Status.Unpaid", "sort_column": "due_date"}
    found = get("/invoices", **query, sort_order="A", per_page=OFFERED)["invoices"]
    return [
        (one["invoice_id"], f"{one['invoice_number']}: {money(one['balance'], one['currency_code'])}")
        for one in found
        if one["currency_code"] == note["currency_code"]
    ]


@bp.post("/invoices/<key:record_id>/credit")
def invoices_credit(record_id: str) -> ResponseReturnValue:
    """A credit note of the same lines, applied to the invoice as far as that owes anything."""
    invoice = get(f"/invoices/{record_id}")["invoice"]
    return act(
        lambda: post("/creditnotes", copied(invoice), invoice_id=record_id),
        lambda answer: _at(answer["creditnote"]["creditnote_id"]),
        otherwise=url_for("invoice.invoices_record", record_id=record_id),
    )


@bp.post("/creditnotes/<key:record_id>/status/<any(open, void, draft):status>")
def creditnotes_status(record_id: str, status: str) -> ResponseReturnValue:
    return act(lambda: post(f"/creditnotes/{record_id}/status/{status}"), _at(record_id))


@bp.post("/creditnotes/<key:record_id>/apply")
def creditnotes_apply(record_id: str) -> ResponseReturnValue:
    """To one invoice; how much may be applied is Invoice's to say."""
    given = {"invoice_id": request.form.get("invoice", ""), "amount_applied": request.form.get("amount", "").strip()}
    return act(lambda: post(f"/creditnotes/{record_id}/invoices", {"invoices": [given]}), _at(record_id))


@bp.post("/creditnotes/<key:record_id>/applied/<key:application_id>/delete")
def creditnotes_take_off(record_id: str, application_id: str) -> ResponseReturnValue:
    return act(lambda: delete(f"/creditnotes/{record_id}/invoices/{application_id}"), _at(record_id))


@bp.post("/creditnotes/<key:record_id>/delete")
def creditnotes_delete(record_id: str) -> ResponseReturnValue:
    return act(lambda: delete(f"/creditnotes/{record_id}"), url_for("invoice.creditnotes"), otherwise=_at(record_id))


def _at(record_id: str) -> str:
    return url_for("invoice.creditnotes_record", record_id=record_id)
