"""Recurring invoices: made of an invoice, their schedule changed, stopped and resumed, deleted."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from web.i18n import _, ngettext
from web.invoice.api import bp, delete, get, post, put, today
from web.invoice.copying import copied
from web.invoice.inputs import Input, Section, showing
from web.invoice.saving import act, save_form, show_form

SIDE = "invoice.recurringinvoices"
FREQUENCIES = (("days", _("Days")), ("weeks", _("Weeks")), ("months", _("Months")), ("years", _("Years")))


@bp.get("/recurringinvoices/<key:record_id>")
def recurringinvoices_record(record_id: str) -> ResponseReturnValue:
    recurring = _find(record_id)
    return render_template(
        "invoice/recurring.html",
        recurring=recurring,
        rhythm=rhythm(recurring),
        made=get("/invoices", recurring_invoice_id=record_id, per_page=50)["invoices"],
        history=get(f"/recurringinvoices/{record_id}/comments")["comments"],
    )


def rhythm(recurring: dict[str, Any]) -> str:
    """How often it makes an invoice, in words."""
    every = int(recurring["repeat_every"])
    words = {
        "days": ngettext("every day", "every %(num)s days", every),
        "weeks": ngettext("every week", "every %(num)s weeks", every),
        "months": ngettext("every month", "every %(num)s months", every),
        "years": ngettext("every year", "every %(num)s years", every),
    }
    return words[recurring["recurrence_frequency"]]


@bp.get("/invoices/<key:record_id>/recur")
def recurringinvoices_new(record_id: str) -> ResponseReturnValue:
    invoice = get(f"/invoices/{record_id}")["invoice"]
    start = {"recurrence_name": invoice["customer_name"], "start_date": today(), "repeat_every": 1}
    sections = showing(_sections(), {**start, "recurrence_frequency": "months"})
    return show_form(_title(invoice), _invoice_crumbs(invoice), sections, side=SIDE)


@bp.post("/invoices/<key:record_id>/recur")
def recurringinvoices_create(record_id: str) -> ResponseReturnValue:
    """A recurring invoice with the customer and the lines of one that is there."""
    invoice = get(f"/invoices/{record_id}")["invoice"]
    return save_form(
        _title(invoice),
        _invoice_crumbs(invoice),
        _sections(),
        side=SIDE,
        send=lambda body: post("/recurringinvoices", {**copied(invoice), **_wire(body)}),
        then=lambda answer: _at(answer["recurring_invoice"]["recurring_invoice_id"]),
    )


@bp.get("/recurringinvoices/<key:record_id>/edit")
def recurringinvoices_edit(record_id: str) -> ResponseReturnValue:
    recurring = _find(record_id)
    return show_form(recurring["recurrence_name"], _crumbs(recurring), showing(_sections(), recurring), side=SIDE)


@bp.post("/recurringinvoices/<key:record_id>/edit")
def recurringinvoices_update(record_id: str) -> ResponseReturnValue:
    recurring = _find(record_id)
    return save_form(
        recurring["recurrence_name"],
        _crumbs(recurring),
        _sections(),
        side=SIDE,
        send=lambda body: put(f"/recurringinvoices/{record_id}", _wire(body)),
        then=lambda _answer: _at(record_id),
    )


@bp.post("/recurringinvoices/<key:record_id>/status/<any(stop, resume):act_name>")
def recurringinvoices_status(record_id: str, act_name: str) -> ResponseReturnValue:
    return act(lambda: post(f"/recurringinvoices/{record_id}/status/{act_name}"), _at(record_id))


@bp.post("/recurringinvoices/<key:record_id>/delete")
def recurringinvoices_delete(record_id: str) -> ResponseReturnValue:
    return act(lambda: delete(f"/recurringinvoices/{record_id}"), url_for(SIDE), otherwise=_at(record_id))


def _find(record_id: str) -> dict[str, Any]:
    found: dict[str, Any] = get(f"/recurringinvoices/{record_id}")["recurring_invoice"]
    return found


def _sections() -> list[Section]:
    return [
        Section(
            _("Schedule"),
            [
                Input("recurrence_name", _("Name"), is_required=True),
                Input("repeat_every", _("Every"), "number", is_required=True),
                Input("recurrence_frequency", _("Unit"), "select", FREQUENCIES, is_required=True),
                Input("start_date", _("First on"), "date", is_required=True),
                Input("end_date", _("Ends on"), "date", hint=_("Empty: it goes on until it is stopped.")),
            ],
        )
    ]


def _wire(body: dict[str, Any]) -> dict[str, Any]:
    """An empty end is none."""
    return {**body, "end_date": body["end_date"] or None}


def _title(invoice: dict[str, Any]) -> str:
    return _("Make %(number)s recurring", number=invoice["invoice_number"])


def _invoice_crumbs(invoice: dict[str, Any]) -> list[tuple[str, str]]:
    at = url_for("invoice.invoices_record", record_id=invoice["invoice_id"])
    return [(_("Invoices"), url_for("invoice.invoices")), (invoice["invoice_number"], at)]


def _crumbs(recurring: dict[str, Any]) -> list[tuple[str, str]]:
    at = _at(recurring["recurring_invoice_id"])
    return [(_("Recurring invoices"), url_for(SIDE)), (recurring["recurrence_name"], at)]


def _at(record_id: str) -> str:
    return url_for("invoice.recurringinvoices_record", record_id=record_id)
