"""Tax exemptions and tax authorities of an organization."""

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mock_invoice.database import Base, Key

TYPES = ("customer", "item")


class TaxExemption(Base):
    """Why a customer or an item is not taxed."""

    __table_args__ = (UniqueConstraint("organization_id", "tax_exemption_code", name="uq_tax_exemption"),)

    organization_id: Mapped[int] = mapped_column(Key, ForeignKey("organization.id"))
    tax_exemption_code: Mapped[str] = mapped_column(String(50))
    description: Mapped[str] = mapped_column(Text, default="")
    type: Mapped[str] = mapped_column(String(10))


class TaxAuthority(Base):
    """Whom a tax is paid to."""

    __table_args__ = (UniqueConstraint("organization_id", "tax_authority_name", name="uq_tax_authority"),)

    organization_id: Mapped[int] = mapped_column(Key, ForeignKey("organization.id"))
    tax_authority_name: Mapped[str] = mapped_column(String(100))
    description: Mapped[str] = mapped_column(Text, default="")
    registration_number_label: Mapped[str] = mapped_column(String(100), default="")
