"""Merging contacts: the master takes all transactions, the others become inactive (invoice-api.md §3.4).

The vendor merges on screen only, so the route for it is ours.
"""

from collections.abc import Sequence

from sqlalchemy import update

from mock_invoice.contacts.history import note
from mock_invoice.contacts.model import Contact
from mock_invoice.contacts.rules import THING
from mock_invoice.database import db
from mock_invoice.errors import InvalidValue, MergeRefused, MissingValue
from mock_invoice.find import find
from mock_invoice.payments.refunds import Refund
from mock_invoice.standing import transactions
from simulator import clock

MOST_AT_ONCE = 20


def merge(master: Contact, contact_ids: Sequence[int]) -> None:
    """Merges contacts into `master`. Their own data and their links to the CRM stay with them. [MEM]

    Raises:
        MissingValue, InvalidValue, NotFound: no contacts, the master itself, or unknown ones.
        MergeRefused: another kind of contact, or another currency. [DESIGN]
    """
    if not contact_ids:
        raise MissingValue("contact_ids")
    if master.id in contact_ids or len(contact_ids) > MOST_AT_ONCE:
        raise InvalidValue("contact_ids")
    others = [find(Contact, one, THING) for one in contact_ids]
    for other in others:
        _refuse_unlike(master, other)
    _hand_over(master, [other.id for other in others])
    for other in others:
        other.status = "inactive"
        other.touch()
        note(other, f"Merged into {master.contact_name}", "merged")
        note(master, f"{other.contact_name} was merged into this contact", "merged")
    master.touch()
    db.session.flush()


def _refuse_unlike(master: Contact, other: Contact) -> None:
    if other.contact_type != master.contact_type:
        raise MergeRefused("Customers and vendors cannot be merged with each other.")
    if other.currency_id != master.currency_id:
        raise MergeRefused(f'"{other.contact_name}" has another currency and cannot be merged.')


def _hand_over(master: Contact, losers: list[int]) -> None:
    """The people of a document were those of its former customer. The statements leave loaded documents alone."""
    db.session.flush()
    for table in (*transactions(), Refund):
        values = {"customer_id": master.id, "last_modified_time": clock.now(), "version": table.version + 1}
        if hasattr(table, "contact_person_ids"):
            values["contact_person_ids"] = []
        statement = update(table).where(table.customer_id.in_(losers)).values(**values)
        db.session.execute(statement.execution_options(synchronize_session=False))
