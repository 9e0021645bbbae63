"""The doors of refunds, alike for payments and credit notes (invoice-api.md §7.2, §7.3)."""

from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import select

from mock_invoice.access import current_organization, needs
from mock_invoice.contacts.model import Contact
from mock_invoice.credit_notes.model import CreditNote
from mock_invoice.database import db
from mock_invoice.envelope import created, success
from mock_invoice.errors import InvalidValue
from mock_invoice.fields import id_of
from mock_invoice.find import find
from mock_invoice.lists import paging
from mock_invoice.openapi.parameters import OF_CUSTOMER, PAGED, SORT_ORDER
from mock_invoice.openapi.words import DONE, page, sent, told
from mock_invoice.parsing import json_body
from mock_invoice.payments.model import Payment
from mock_invoice.payments.refunds import (
    REFUND,
    Refund,
    create_refund,
    delete_refund,
    find_refund,
    refunds_of,
    shown_refund,
    update_refund,
)
from simulator.openapi import Parameter, documented
from simulator.shapes import choice

bp = Blueprint("refunds", __name__)

#: Module → the model, what it is called, the key of one refund and the words for one that was saved. [MEM] for these.
KINDS: dict[str, tuple[Any, str, str, str]] = {
    "customerpayments": (
        Payment, "Payment", "payment_refund", "The refund information for this payment has been saved.",
    ),
    "creditnotes": (
        CreditNote, "Credit note", "creditnote_refund", "The refund information for this credit note has been saved.",
    ),
}  # fmt: skip


#: What ends every list of refunds; they come in the order they were made.
CONTEXT = {"report_name": "Refunds", "sort_column": "date", "sort_order": "D"}
#: What the list of all refunds may be sorted by.
SORTS: dict[str, Any] = {
    "date": Refund.date,
    "refund_mode": Refund.refund_mode,
    "reference_number": Refund.reference_number,
    "creditnote_number": CreditNote.number,
    "customer_name": Contact.contact_name,
    "amount_fcy": Refund.amount,
    "amount_bcy": Refund.amount * Refund.exchange_rate,
}
SORT_COLUMN = Parameter("sort_column", "date unless given.", choice(*sorted(SORTS)))


def add_doors(module: str) -> None:
    model, thing, key, saved = KINDS[module]
    path, shape = f"/{module}/<source_id>/refunds", f"{thing.title().replace(' ', '')}Refund"
    shown_one = told(**{key: shape})

    @documented(*PAGED, _200=page(f"{key}s", shape))
    @needs(f"{module}.READ")
    def list_refunds(source_id: str) -> Response:
        source = find(model, source_id, thing)
        page, per_page = paging()
        rows = refunds_of(source.id)
        shown = [shown_refund(source, one) for one in rows[(page - 1) * per_page : page * per_page]]
        context = {**CONTEXT, "page": page, "per_page": per_page, "has_more_page": len(rows) > page * per_page}
        content: dict[str, Any] = {f"{key}s": shown, "page_context": context}
        return success(**content)

    @documented(_200=shown_one)
    @needs(f"{module}.READ")
    def get_refund(source_id: str, refund_id: str) -> Response:
        source = find(model, source_id, thing)
        content: dict[str, Any] = {key: shown_refund(source, find_refund(source, refund_id))}
        return success(**content)

    @documented(body=sent(REFUND, "amount"), _201=shown_one)
    @needs(f"{module}.CREATE")
    def add_refund(source_id: str) -> Response:
        source = find(model, source_id, thing)
        refund = create_refund(source, REFUND.load(json_body()))
        return created(saved, f"{module}/{source.id}/refunds", refund.id, **{key: shown_refund(source, refund)})

    @documented(body=sent(REFUND), _200=shown_one)
    @needs(f"{module}.UPDATE")
    def save_refund(source_id: str, refund_id: str) -> Response:
        source = find(model, source_id, thing)
        refund = find_refund(source, refund_id)
        update_refund(source, refund, REFUND.load(json_body()))
        return success("The refund information has been saved.", **{key: shown_refund(source, refund)})

    @documented(_200=DONE)
    @needs(f"{module}.DELETE")
    def remove_refund(source_id: str, refund_id: str) -> Response:
        source = find(model, source_id, thing)
        delete_refund(source, find_refund(source, refund_id))
        return success("The refund has been successfully deleted.")

    for method, rule, view in (
        ("GET", path, list_refunds),
        ("POST", path, add_refund),
        ("GET", f"{path}/<refund_id>", get_refund),
        ("PUT", f"{path}/<refund_id>", save_refund),
        ("DELETE", f"{path}/<refund_id>", remove_refund),
    ):
        bp.add_url_rule(rule, f"{module}_{view.__name__}", view, methods=[method])


for _module in KINDS:
    add_doors(_module)


@bp.get("/creditnotes/refunds")
@documented(*PAGED, SORT_COLUMN, SORT_ORDER, OF_CUSTOMER, _200=page("creditnote_refunds", "CreditNoteRefund"))
@needs("creditnotes.READ")
def list_all_refunds() -> Response:
    """Refunds of all credit notes, newest first unless sorted otherwise."""
    page, per_page = paging()
    sort_column, sort_order = request.args.get("sort_column") or "date", request.args.get("sort_order") or "D"
    if sort_column not in SORTS:
        raise InvalidValue("sort_column")
    if sort_order not in ("A", "D"):
        raise InvalidValue("sort_order")
    column, tie = SORTS[sort_column], Refund.id
    statement = (
        select(Refund, CreditNote)
        .join(CreditNote, CreditNote.id == Refund.source_id)
        .join(Contact, Contact.id == CreditNote.customer_id)
        .where(Refund.organization_id == current_organization().id)
        .order_by(*((column.asc(), tie.asc()) if sort_order == "A" else (column.desc(), tie.desc())))
    )
    if text := request.args.get("customer_id"):
        statement = statement.where(CreditNote.customer_id == id_of(text, "customer_id"))
    rows = db.session.execute(statement.limit(per_page + 1).offset((page - 1) * per_page)).all()
    context = {
        **CONTEXT,
        "page": page,
        "per_page": per_page,
        "has_more_page": len(rows) > per_page,
        "sort_column": sort_column,
        "sort_order": sort_order,
    }
    return success(creditnote_refunds=[shown_refund(note, one) for one, note in rows[:per_page]], page_context=context)
