"""Payment terms that contacts and invoices are offered."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mock_invoice.database import Base, Key


class PaymentTerm(Base):
    __table_args__ = (UniqueConstraint("organization_id", "payment_terms_label", name="uq_payment_term"),)

    organization_id: Mapped[int] = mapped_column(Key, ForeignKey("organization.id"))
    payment_terms_label: Mapped[str] = mapped_column(String(200))
    payment_terms: Mapped[int]
