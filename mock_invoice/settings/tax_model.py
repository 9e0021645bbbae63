"""Taxes of an organization."""

from decimal import Decimal

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mock_invoice.database import Base, Key
from simulator.money import Money
from simulator.wire import plain


class Tax(Base):
    """A tax by its percentage. Tax groups and compound taxes on top of others are not emulated yet."""

    __table_args__ = (UniqueConstraint("organization_id", "tax_name", name="uq_tax_name"),)

    organization_id: Mapped[int] = mapped_column(Key, ForeignKey("organization.id"))
    tax_name: Mapped[str] = mapped_column(String(100))
    tax_percentage: Mapped[Decimal] = mapped_column(Money)
    tax_type: Mapped[str] = mapped_column(String(20), default="tax")
    is_default_tax: Mapped[bool] = mapped_column(default=False)
    is_value_added: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)

    @property
    def shown_name(self) -> str:
        return shown_tax_name(self.tax_name, self.tax_percentage)


def shown_tax_name(name: str, percentage: Decimal) -> str:
    """How totals name a tax: with its percentage (§5.6)."""
    return f"{name} ({plain(percentage)}%)"
