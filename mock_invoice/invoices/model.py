"""The tables of invoices."""

from datetime import date
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mock_invoice.database import Key
from mock_invoice.documents.model import Document, Line
from mock_invoice.documents.status import invoice_status, next_invoice_state
from simulator.money import Money, round_to


class Invoice(Document):
    """What a customer owes. Its balance is kept in step with total and payments by `settle`."""

    __table_args__ = (
        Index("uq_invoice_number", "organization_id", "number", unique=True),
        Index("ix_invoice_modified", "organization_id", "last_modified_time"),
        Index("ix_invoice_created", "organization_id", "created_time", "id"),
        Index("ix_invoice_customer", "customer_id", "state"),
        Index("ix_invoice_potential", "organization_id", "zcrm_potential_id"),
        Index("ix_invoice_due", "organization_id", "state", "due_date"),
    )

    due_date: Mapped[date]
    issued_date: Mapped[date | None]
    payment_terms: Mapped[int]
    payment_terms_label: Mapped[str] = mapped_column(String(200))
    payment_made: Mapped[Decimal] = mapped_column(Money)
    credits_applied: Mapped[Decimal] = mapped_column(Money)
    write_off_amount: Mapped[Decimal] = mapped_column(Money)
    balance: Mapped[Decimal] = mapped_column(Money)
    bcy_balance: Mapped[Decimal] = mapped_column(Money)
    last_payment_date: Mapped[date | None]
    payment_reminder_enabled: Mapped[bool] = mapped_column(default=True)
    reminders_sent: Mapped[int] = mapped_column(default=0)
    last_reminder_sent_date: Mapped[date | None]
    estimate_id: Mapped[int | None] = mapped_column(Key, ForeignKey("estimate.id"), index=True)
    #: The sales order it was made from; which of its lines, and how much of them, the lines say.
    salesorder_id: Mapped[int | None] = mapped_column(
        Key, ForeignKey("sales_order.id", ondelete="SET NULL"), index=True
    )
    recurring_invoice_id: Mapped[int | None] = mapped_column(
        Key, ForeignKey("recurring_invoice.id", ondelete="SET NULL"), index=True
    )
    source: Mapped[str] = mapped_column(String(20), default="Api")

    lines: Mapped[list["InvoiceLine"]] = relationship(
        cascade="all, delete-orphan", order_by="InvoiceLine.item_order", passive_deletes=True
    )

    def status(self, today: date) -> str:
        paid = self.payment_made + self.credits_applied
        return invoice_status(self.state, self.balance, paid, self.due_date, self.is_viewed_by_client, today)

    def move(self, action: str, today: date) -> bool:
        """Does `sent`, `void` or `draft`; says whether that changed anything. Voiding detaches payments first."""
        state = next_invoice_state(action, self.status(today))
        if state is None:
            return False
        self.state = state
        self.issued_date = (self.issued_date or self.date) if state == "sent" else None
        self.touch()
        return True

    def settle(self, precision: int) -> None:
        """Brings the balance in step with total, payments, credits and write-off."""
        self.balance = self.total - self.payment_made - self.credits_applied - self.write_off_amount
        self.bcy_balance = round_to(self.balance * self.exchange_rate, precision)


class InvoiceLine(Line):
    invoice_id: Mapped[int] = mapped_column(Key, ForeignKey("invoice.id", ondelete="CASCADE"), index=True)
    salesorder_item_id: Mapped[int | None] = mapped_column(Key, index=True)
