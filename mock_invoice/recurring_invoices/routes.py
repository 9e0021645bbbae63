"""The doors of recurring invoices (invoice-api.md §7.4). [MEM] for the messages; their scope is that of invoices."""

from typing import Any

from flask import Blueprint, Response

from mock_invoice import tables
from mock_invoice.access import needs
from mock_invoice.database import db
from mock_invoice.documents import history
from mock_invoice.documents.schema import RECURRING_INVOICE
from mock_invoice.documents.templates import check_template
from mock_invoice.envelope import created, success
from mock_invoice.find import find
from mock_invoice.lists import answer_list
from mock_invoice.openapi.parameters import of_list
from mock_invoice.openapi.words import DONE, also_as_file, page, sent, told
from mock_invoice.parsing import json_body, offers
from mock_invoice.recurring_invoices.model import RecurringInvoice
from mock_invoice.recurring_invoices.render import RECURRING_INVOICES, recurring_detail
from mock_invoice.recurring_invoices.rules import (
    THING,
    create_recurring,
    delete_recurring,
    move_recurring,
    update_recurring,
)
from simulator.openapi import documented
from simulator.shapes import array_of

bp = Blueprint("recurringinvoices", __name__)

MODULE = "recurringinvoices"
SHOWN = told(recurring_invoice="RecurringInvoice")
NEEDED = ("recurrence_name", "customer_id", "recurrence_frequency", "line_items")
#: Action → the state it leads to, and the message.
MOVES = {
    "stop": ("stopped", "The recurring invoice has been stopped."),
    "resume": ("active", "The recurring invoice has been activated."),
}


def _shown(recurring: RecurringInvoice) -> dict[str, Any]:
    return {"recurring_invoice": recurring_detail(recurring)}


def _find(recurring_invoice_id: str) -> RecurringInvoice:
    return find(RecurringInvoice, recurring_invoice_id, THING)


@bp.get(f"/{MODULE}")
@offers(*tables.FORMATS)
@documented(
    *of_list(RECURRING_INVOICES), _200=also_as_file(page("recurring_invoices", "RecurringInvoiceRow", "ListContext"))
)
@needs("invoices.READ")
def list_recurring_invoices() -> Response:
    return answer_list(RECURRING_INVOICES)


@bp.get(f"/{MODULE}/<recurring_invoice_id>")
@documented(_200=SHOWN)
@needs("invoices.READ")
def get_recurring_invoice(recurring_invoice_id: str) -> Response:
    return success(**_shown(_find(recurring_invoice_id)))


@bp.post(f"/{MODULE}")
@documented(body=sent(RECURRING_INVOICE, *NEEDED), _201=SHOWN)
@needs("invoices.CREATE")
def add_recurring_invoice() -> Response:
    recurring = create_recurring(RECURRING_INVOICE.load(json_body()))
    return created("The recurring invoice has been created.", MODULE, recurring.id, **_shown(recurring))


@bp.put(f"/{MODULE}/<recurring_invoice_id>")
@documented(body=sent(RECURRING_INVOICE), _200=SHOWN)
@needs("invoices.UPDATE")
def save_recurring_invoice(recurring_invoice_id: str) -> Response:
    recurring = _find(recurring_invoice_id)
    update_recurring(recurring, RECURRING_INVOICE.load(json_body()))
    return success("Recurring invoice information has been updated.", **_shown(recurring))


@bp.delete(f"/{MODULE}/<recurring_invoice_id>")
@documented(_200=DONE)
@needs("invoices.DELETE")
def remove_recurring_invoice(recurring_invoice_id: str) -> Response:
    delete_recurring(_find(recurring_invoice_id))
    return success("The recurring invoice has been deleted.")


@bp.post(f"/{MODULE}/<recurring_invoice_id>/status/<any(stop,resume):action>")
@documented(_200=DONE)
@needs("invoices.CREATE")
def move_recurring_invoice(recurring_invoice_id: str, action: str) -> Response:
    state, message = MOVES[action]
    move_recurring(_find(recurring_invoice_id), state)
    return success(message)


@bp.put(f"/{MODULE}/<recurring_invoice_id>/templates/<template_id>")
@documented(_200=DONE)
@needs("invoices.UPDATE")
def save_recurring_template(recurring_invoice_id: str, template_id: str) -> Response:
    """The layout of the invoices that it makes."""
    recurring = _find(recurring_invoice_id)
    recurring.template_id = check_template(template_id)
    recurring.touch()
    db.session.flush()
    return success("Recurring invoice information has been updated.")


@bp.get(f"/{MODULE}/<recurring_invoice_id>/comments")
@documented(_200=told(comments=array_of("Comment")))
@needs("invoices.READ")
def list_recurring_comments(recurring_invoice_id: str) -> Response:
    """Its history: what it has made, and what it could not make and why."""
    found = history.comments_of(_find(recurring_invoice_id).id)
    return success(comments=[history.shown_comment(one, "recurring_invoice_id") for one in found])
