"""The tables of recurring invoices."""

from datetime import date, timedelta

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mock_invoice.database import Key
from mock_invoice.documents.model import Document, Line
from mock_invoice.documents.status import next_recurring_state, recurring_status
from mock_invoice.recurring_invoices.schedule import first_from


class RecurringInvoice(Document):
    """What its invoices are made of, and when. Its number is its name, its date the first day that is due."""

    __table_args__ = (
        Index("uq_recurring_invoice_number", "organization_id", "number", unique=True),
        Index("ix_recurring_invoice_modified", "organization_id", "last_modified_time"),
        Index("ix_recurring_invoice_created", "organization_id", "created_time", "id"),
        Index("ix_recurring_invoice_customer", "customer_id"),
        Index("ix_recurring_invoice_next", "organization_id", "state", "next_invoice_date"),
    )

    recurrence_frequency: Mapped[str] = mapped_column(String(10))
    repeat_every: Mapped[int]
    end_date: Mapped[date | None]
    #: The day its last invoice was due, whenever the clock came there.
    last_sent_date: Mapped[date | None]
    #: None when no day is left before its end.
    next_invoice_date: Mapped[date | None]
    payment_terms: Mapped[int]
    payment_terms_label: Mapped[str] = mapped_column(String(200))

    lines: Mapped[list["RecurringInvoiceLine"]] = relationship(
        cascade="all, delete-orphan", order_by="RecurringInvoiceLine.item_order", passive_deletes=True
    )

    def status(self, today: date) -> str:
        return recurring_status(self.state, self.next_invoice_date, self.end_date, today)

    def move(self, state: str, today: date) -> bool:
        """Becomes `stopped` or `active`; says whether that changed anything. Days missed are not made up for."""
        if next_recurring_state(state, self.status(today)) is None:
            return False
        self.state = state
        if state == "active":
            self.look_ahead(today)
        self.touch()
        return True

    def look_ahead(self, day: date) -> None:
        """Sets the next due day: the first from this day on that has no invoice yet."""
        if self.last_sent_date is not None and self.last_sent_date >= day:
            day = self.last_sent_date + timedelta(days=1)
        found = first_from(self.date, self.recurrence_frequency, self.repeat_every, day)
        is_over = found is not None and self.end_date is not None and found > self.end_date
        self.next_invoice_date = None if is_over else found


class RecurringInvoiceLine(Line):
    recurring_invoice_id: Mapped[int] = mapped_column(
        Key, ForeignKey("recurring_invoice.id", ondelete="CASCADE"), index=True
    )
