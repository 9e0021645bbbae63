"""Currencies of an organization, with their rate against its base currency."""

from decimal import Decimal

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mock_invoice.database import Base, Key
from simulator.money import Money


class Currency(Base):
    """A currency; documents are rounded to its precision."""

    __table_args__ = (UniqueConstraint("organization_id", "currency_code", name="uq_currency_code"),)

    #: No foreign key: the organization points at its base currency, so this table has to be there first.
    organization_id: Mapped[int] = mapped_column(Key)
    currency_code: Mapped[str] = mapped_column(String(3))
    currency_name: Mapped[str] = mapped_column(String(60), default="")
    currency_symbol: Mapped[str] = mapped_column(String(10))
    price_precision: Mapped[int] = mapped_column(default=2)
    currency_format: Mapped[str] = mapped_column(String(20), default="1,234,567.89")
    exchange_rate: Mapped[Decimal] = mapped_column(Money, default=Decimal(1))

    @property
    def formatted_name(self) -> str:
        return f"{self.currency_code}- {self.currency_name}"
