"""The tables of customer payments."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mock_invoice.contacts.model import Contact
from mock_invoice.database import Base, Key, Record
from mock_invoice.invoices.model import Invoice
from simulator.money import Money


class Payment(Record):
    """Money that came in; what is not applied to invoices stays as the customer's credit."""

    __table_args__ = (
        Index("uq_payment_number", "organization_id", "number", unique=True),
        Index("ix_payment_customer", "customer_id"),
        Index("ix_payment_date", "organization_id", "date", "id"),
    )

    number: Mapped[str] = mapped_column(String(100))
    customer_id: Mapped[int] = mapped_column(Key, ForeignKey("contact.id"))
    currency_id: Mapped[int] = mapped_column(Key, ForeignKey("currency.id"))
    exchange_rate: Mapped[Decimal] = mapped_column(Money)
    payment_mode: Mapped[str] = mapped_column(String(30), default="cash")
    date: Mapped[dt.date]
    amount: Mapped[Decimal] = mapped_column(Money)
    unused_amount: Mapped[Decimal] = mapped_column(Money)
    bank_charges: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))
    reference_number: Mapped[str] = mapped_column(String(100), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    created_by_id: Mapped[int] = mapped_column(Key)

    customer: Mapped[Contact] = relationship()
    applications: Mapped[list["PaymentApplication"]] = relationship(
        back_populates="payment", cascade="all, delete-orphan", order_by="PaymentApplication.id"
    )


class PaymentApplication(Base):
    """The part of a payment that settles one invoice."""

    payment_id: Mapped[int] = mapped_column(Key, ForeignKey("payment.id"), index=True)
    invoice_id: Mapped[int] = mapped_column(Key, ForeignKey("invoice.id"), index=True)
    amount_applied: Mapped[Decimal] = mapped_column(Money)

    payment: Mapped[Payment] = relationship(back_populates="applications")
    invoice: Mapped[Invoice] = relationship()
