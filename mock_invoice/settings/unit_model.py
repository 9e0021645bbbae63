"""Units that items are counted in."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mock_invoice.database import Base, Key


class Unit(Base):
    __table_args__ = (UniqueConstraint("organization_id", "unit", name="uq_unit"),)

    organization_id: Mapped[int] = mapped_column(Key, ForeignKey("organization.id"))
    unit: Mapped[str] = mapped_column(String(50))
