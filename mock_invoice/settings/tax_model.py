"""Taxes of an organization, and groups of them."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import Column, ForeignKey, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mock_invoice.database import Base, Key, db
from simulator.money import Money, round_to
from simulator.wire import plain

TAX, COMPOUND, GROUP = "tax", "compound_tax", "tax_group"
PERCENT_PLACES = 6

tax_group_member = Table(
    "tax_group_member",
    db.metadata,
    Column("group_id", Key, ForeignKey("tax.id", ondelete="CASCADE"), primary_key=True),
    Column("tax_id", Key, ForeignKey("tax.id"), primary_key=True, index=True),
)


class Tax(Base):
    """A tax by its percentage, or a group whose members are charged together: records name either by its id."""

    __table_args__ = (UniqueConstraint("organization_id", "tax_name", name="uq_tax_name"),)

    organization_id: Mapped[int] = mapped_column(Key, ForeignKey("organization.id"))
    tax_name: Mapped[str] = mapped_column(String(100))
    tax_percentage: Mapped[Decimal] = mapped_column(Money)
    tax_type: Mapped[str] = mapped_column(String(20), default=TAX)
    tax_authority_id: Mapped[int | None] = mapped_column(Key, ForeignKey("tax_authority.id"))
    is_default_tax: Mapped[bool] = mapped_column(default=False)
    is_value_added: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)

    parts: Mapped[list["Tax"]] = relationship(
        secondary=tax_group_member,
        primaryjoin="Tax.id == tax_group_member.c.group_id",
        secondaryjoin="Tax.id == tax_group_member.c.tax_id",
        order_by="Tax.id",
    )

    @property
    def is_group(self) -> bool:
        return self.tax_type == GROUP

    @property
    def members(self) -> list["Tax"]:
        """The taxes of a group; a single tax has none, and none are looked for."""
        return self.parts if self.is_group else []

    @property
    def shown_name(self) -> str:
        return shown_tax_name(self.tax_name, self.tax_percentage)


def percentage_of(members: Sequence[Tax]) -> Decimal:
    """What a group comes to: compound taxes are charged on the amount with the other taxes on it."""
    simple = sum((one.tax_percentage for one in members if one.tax_type != COMPOUND), Decimal(0))
    compound = sum((one.tax_percentage for one in members if one.tax_type == COMPOUND), Decimal(0))
    return round_to(simple + compound * (100 + simple) / 100, PERCENT_PLACES)


def shown_tax_name(name: str, percentage: Decimal) -> str:
    """How totals name a tax: with its percentage (§5.6)."""
    return f"{name} ({plain(percentage)}%)"
