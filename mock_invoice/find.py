"""The one place that knows "not found": records by id, within the organization that is asked."""

from typing import Any, TypeVar

from sqlalchemy import ColumnElement, literal_column, select
from sqlalchemy.orm import InstrumentedAttribute

from mock_invoice.access import current_organization
from mock_invoice.database import db
from mock_invoice.errors import CrmLinkTaken, NotFound
from mock_invoice.fields import LARGEST_ID

M = TypeVar("M")


def find(model: type[M], record_id: str | int | None, thing: str = "Resource") -> M:
    """The record of this id.

    Raises:
        NotFound: there is none in this organization; an id that is no number is one that does not exist.
    """
    found = find_or_none(model, record_id)
    if found is None:
        raise NotFound(thing)
    return found


def find_or_none(model: type[M], record_id: str | int | None) -> M | None:
    number = number_of(record_id)
    found: Any = None if number is None else db.session.get(model, number)
    return found if found is not None and found.organization_id == current_organization().id else None


def number_of(record_id: str | int | None) -> int | None:
    """An id as a number; what is none is the id of nothing."""
    text = str(record_id)
    is_id = text.isascii() and text.isdigit() and len(text) <= 19 and int(text) <= LARGEST_ID
    return int(text) if is_id else None


def refuse_taken_crm_id(column: InstrumentedAttribute[str], value: str, own_id: int | None) -> None:
    """A CRM id stands in one record only; the refusal names the record that has it.

    Raises:
        CrmLinkTaken: another record of the organization holds it.
    """
    if not value:
        return
    table: Any = column.class_
    holder = db.session.scalar(
        select(table.id).where(table.organization_id == current_organization().id, *holds_crm_id(column, value))
    )
    if holder is not None and holder != own_id:
        raise CrmLinkTaken(column.key, value, holder)


def holds_crm_id(column: Any, value: str) -> tuple[ColumnElement[bool], ...]:
    """That a record holds this CRM id. Its index leaves out empty ones, and SQLite takes it only where that is said."""
    return column == value, column != literal_column("''")
