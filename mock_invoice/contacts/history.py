"""The history of a contact: what was done to it, and what was made for it (invoice-api.md §3.1).

Only what happens to the contact itself is written down; that it and its transactions were made is read from them.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from mock_invoice.access import current_organization, current_user
from mock_invoice.contacts.model import Contact
from mock_invoice.database import Base, Key, Moment, db
from mock_invoice.envelope import spoken_times
from mock_invoice.settings.currency_model import Currency
from mock_invoice.settings.user_model import User
from mock_invoice.standing import transactions
from simulator import clock, ids
from simulator.wire import plain

#: How the kinds of transactions are called: in `transaction_type`, and to people.
KINDS = {
    "Estimate": ("estimate", "Quote"),
    "SalesOrder": ("salesorder", "Sales order"),
    "Invoice": ("invoice", "Invoice"),
    "CreditNote": ("creditnote", "Credit note"),
    "RecurringInvoice": ("recurring_invoice", "Recurring invoice"),
    "Payment": ("customer_payment", "Payment"),
}
Entry = dict[str, Any]


class ContactEvent(Base):
    """Something that was done to a contact."""

    contact_id: Mapped[int] = mapped_column(Key, ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    description: Mapped[str] = mapped_column(Text)
    operation_type: Mapped[str] = mapped_column(String(20))
    commented_by_id: Mapped[int] = mapped_column(Key)
    commented_by: Mapped[str] = mapped_column(String(100))
    time: Mapped[datetime] = mapped_column(Moment)


def note(contact: Contact, description: str, operation: str = "updated") -> None:
    """Writes down what the caller did to a contact."""
    user = current_user()
    db.session.add(
        ContactEvent(
            id=ids.new_id(),
            contact_id=contact.id,
            description=description,
            operation_type=operation,
            commented_by_id=user.id,
            commented_by=user.name,
            time=clock.now(),
        )
    )


def history(contact: Contact, page: int, per_page: int) -> tuple[list[Entry], bool]:
    """One page of the history, the newest first, and whether there is more."""
    most = page * per_page + 1
    found = [*_events(contact, most), *_transactions(contact, most), _first(contact)]
    found.sort(key=lambda entry: (entry["moment"], int(entry["comment_id"])), reverse=True)
    shown = found[(page - 1) * per_page : page * per_page]
    zone, now = current_organization().time_zone, clock.now()
    for entry in shown:
        entry.update(spoken_times(entry.pop("moment"), zone, now))
    return shown, len(found) > page * per_page


def _first(contact: Contact) -> Entry:
    return _entry(
        contact, contact.id, "Contact created", "added", contact.created_by_id, contact.created_by_name,
        contact.created_time,
    )  # fmt: skip


def _events(contact: Contact, most: int) -> Iterator[Entry]:
    statement = select(ContactEvent).where(ContactEvent.contact_id == contact.id)
    for event in db.session.scalars(statement.order_by(ContactEvent.time.desc(), ContactEvent.id.desc()).limit(most)):
        yield _entry(
            contact, event.id, event.description, event.operation_type, event.commented_by_id, event.commented_by,
            event.time,
        )  # fmt: skip


def _transactions(contact: Contact, most: int) -> Iterator[Entry]:
    names: dict[int, str] = {}
    for table in transactions():
        transaction_type, label = KINDS.get(table.__name__, (table.__name__.lower(), table.__name__))
        amount = table.amount if hasattr(table, "amount") else table.total
        statement = (
            select(
                table.id, table.number, amount.label("amount"), table.created_by_id, table.created_time,
                Currency.currency_symbol,
            )
            .join(Currency, Currency.id == table.currency_id)
            .where(table.customer_id == contact.id)
            .order_by(table.created_time.desc(), table.id.desc())
            .limit(most)
        )  # fmt: skip
        for row in db.session.execute(statement):
            user_id = row.created_by_id
            if user_id not in names:
                names[user_id] = db.session.scalar(select(User.name).where(User.id == user_id)) or ""
            text = f"{label} {row.number} created for {row.currency_symbol}{plain(row.amount)}"
            entry = _entry(contact, row.id, text, "added", user_id, names[user_id], row.created_time)
            yield {**entry, "transaction_id": str(row.id), "transaction_type": transaction_type}


def _entry(
    contact: Contact, entry_id: int, text: str, operation: str, user_id: int, user_name: str, moment: datetime
) -> Entry:
    return {
        "comment_id": str(entry_id),
        "contact_id": str(contact.id),
        "contact_name": contact.contact_name,
        "description": text,
        "commented_by_id": str(user_id),
        "commented_by": user_name,
        "comment_type": "system",
        "transaction_id": "",
        "transaction_type": "contact",
        "operation_type": operation,
        "is_entity_deleted": False,
        "moment": moment,
    }


def forget(contact: Contact) -> None:
    """Drops the history of a contact that is being deleted."""
    db.session.execute(delete(ContactEvent).where(ContactEvent.contact_id == contact.id))
