"""Document numbers: a prefix and a counter per kind, without gaps (invoice-api.md §5.5).

The counter is a row updated in the transaction of the document, so that a document that is not made uses up
no number, and two documents made at once get two numbers."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, bindparam, exists, select, update
from sqlalchemy.orm import Mapped, mapped_column

from mock_invoice.access import current_organization
from mock_invoice.database import Base, Key, db
from mock_invoice.errors import MissingValue, NumberNeeded, NumberTaken, TooLong
from simulator import ids

NUMBER_LIMIT = 100


@dataclass(frozen=True)
class Kind:
    """A kind of document that is numbered."""

    module: str
    label: str
    prefix: str
    width: int


KINDS = {
    kind.module: kind
    for kind in (
        Kind("estimates", "quote number", "QT-", 6),
        Kind("invoices", "invoice number", "INV-", 6),
        Kind("salesorders", "sales order number", "SO-", 5),
        Kind("creditnotes", "credit note number", "CN-", 5),
        Kind("customerpayments", "payment number", "", 0),
    )
}


class NumberSeries(Base):
    """Where the numbers of one kind of document stand."""

    __table_args__ = (UniqueConstraint("organization_id", "module", name="uq_number_series"),)

    organization_id: Mapped[int] = mapped_column(Key, ForeignKey("organization.id"))
    module: Mapped[str] = mapped_column(String(20))
    auto_generate: Mapped[bool] = mapped_column(default=True)
    prefix: Mapped[str] = mapped_column(String(20))
    width: Mapped[int]
    next_number: Mapped[int] = mapped_column(default=1)
    #: Whether numbers were ever given by hand or the series was set anew: only then can the next one be taken.
    has_own_numbers: Mapped[bool] = mapped_column(default=False)


_TAKE = (
    update(NumberSeries)
    .where(NumberSeries.organization_id == bindparam("of_organization"), NumberSeries.module == bindparam("of_module"))
    .where(NumberSeries.auto_generate)
    .values(next_number=NumberSeries.next_number + 1)
    .returning(NumberSeries.next_number, NumberSeries.prefix, NumberSeries.width, NumberSeries.has_own_numbers)
    .execution_options(synchronize_session=False)
)


def begin_series(organization_id: int) -> None:
    """The series of a fresh organization."""
    for kind in KINDS.values():
        facts = {"module": kind.module, "prefix": kind.prefix, "width": kind.width}
        db.session.add(NumberSeries(id=ids.new_id(), organization_id=organization_id, **facts))


def series_of(module: str) -> NumberSeries:
    statement = select(NumberSeries).where(
        NumberSeries.organization_id == current_organization().id, NumberSeries.module == module
    )
    return db.session.scalars(statement).one()


def number_for(model: Any, module: str, own: str, is_own_wanted: bool) -> str:
    """The number of a new document: its own where the caller asks for that, else the next of the series.

    Without `ignore_auto_number_generation` a number that was given is not honoured (§5.5).

    Raises:
        MissingValue, NumberNeeded: an own number is wanted and none given.
        NumberTaken: another document has it.
    """
    if is_own_wanted:
        if not own:
            raise MissingValue(KINDS[module].label.replace("quote", "estimate").replace(" ", "_"))
        return check_free(model, module, own)
    while (taken := _take(module)) is not None:
        number, has_own_numbers = taken
        if not (has_own_numbers and _is_taken(model, number)):
            return number
    if not own:
        raise NumberNeeded(KINDS[module].label)
    return check_free(model, module, own)


def check_free(model: Any, module: str, number: str, own_id: int | None = None) -> str:
    """The number itself, once it is known that no other document of the kind has it."""
    label = KINDS[module].label
    if len(number) > NUMBER_LIMIT:
        raise TooLong(label.replace(" ", "_"), NUMBER_LIMIT)
    if _is_taken(model, number, own_id):
        raise NumberTaken(label, number)
    series_of(module).has_own_numbers = True
    return number


def _take(module: str) -> tuple[str, bool] | None:
    """Moves the counter on and gives the number it stood at; None when the series is not automatic."""
    names = {"of_organization": current_organization().id, "of_module": module}
    row = db.session.execute(_TAKE, names).first()
    return (f"{row.prefix}{row.next_number - 1:0{row.width}d}", row.has_own_numbers) if row else None


def _is_taken(model: Any, number: str, own_id: int | None = None) -> bool:
    taken = exists().where(model.organization_id == current_organization().id, model.number == number)
    if own_id is not None:
        taken = taken.where(model.id != own_id)
    with db.session.no_autoflush:
        return bool(db.session.scalar(select(taken)))
