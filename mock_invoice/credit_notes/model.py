"""The tables of credit notes."""

from datetime import date
from decimal import Decimal

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mock_invoice.database import Base, Key
from mock_invoice.documents.model import Document, Line
from mock_invoice.documents.status import credit_status, next_credit_state
from mock_invoice.invoices.model import Invoice
from simulator.money import Money, round_to


class CreditNote(Document):
    """What the customer is owed. Its balance is kept in step with what was used of it by `settle`."""

    __table_args__ = (
        Index("uq_credit_note_number", "organization_id", "number", unique=True),
        Index("ix_credit_note_modified", "organization_id", "last_modified_time"),
        Index("ix_credit_note_created", "organization_id", "created_time", "id"),
        Index("ix_credit_note_customer", "customer_id", "state"),
        Index("ix_credit_note_potential", "organization_id", "zcrm_potential_id"),
    )

    credits_used: Mapped[Decimal] = mapped_column(Money)
    refunded: Mapped[Decimal] = mapped_column(Money)
    balance: Mapped[Decimal] = mapped_column(Money)
    bcy_balance: Mapped[Decimal] = mapped_column(Money)
    #: The invoice it was written for, if any; it is applied there by a call of its own or at once.
    invoice_id: Mapped[int | None] = mapped_column(Key, ForeignKey("invoice.id", ondelete="SET NULL"), index=True)

    lines: Mapped[list["CreditNoteLine"]] = relationship(
        cascade="all, delete-orphan", order_by="CreditNoteLine.item_order", passive_deletes=True
    )
    applications: Mapped[list["CreditApplication"]] = relationship(
        back_populates="credit_note", cascade="all, delete-orphan", order_by="CreditApplication.id"
    )

    def status(self, today: date | None = None) -> str:
        return credit_status(self.state, self.balance)

    def move(self, action: str, today: date | None = None) -> bool:
        """Does `open`, `void` or `draft`; says whether that changed anything."""
        state = next_credit_state(action, self.status())
        if state is None:
            return False
        self.state = state
        self.touch()
        return True

    def settle(self, precision: int) -> None:
        """Brings the balance in step with the total and what was used of it."""
        self.balance = self.total - self.credits_used - self.refunded
        self.bcy_balance = round_to(self.balance * self.exchange_rate, precision)


class CreditNoteLine(Line):
    credit_note_id: Mapped[int] = mapped_column(Key, ForeignKey("credit_note.id", ondelete="CASCADE"), index=True)


class CreditApplication(Base):
    """The part of a credit note that settles one invoice."""

    credit_note_id: Mapped[int] = mapped_column(Key, ForeignKey("credit_note.id"), index=True)
    invoice_id: Mapped[int] = mapped_column(Key, ForeignKey("invoice.id"), index=True)
    amount_applied: Mapped[Decimal] = mapped_column(Money)
    date: Mapped[date]

    credit_note: Mapped[CreditNote] = relationship(back_populates="applications")
    invoice: Mapped[Invoice] = relationship()
