"""Statuses that an organization has below those of the vendor's."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mock_invoice.database import Base, Key


class SubStatus(Base):
    __table_args__ = (UniqueConstraint("organization_id", "status_code", name="uq_sub_status"),)

    organization_id: Mapped[int] = mapped_column(Key, ForeignKey("organization.id"))
    status_code: Mapped[str] = mapped_column(String(60))
    display_name: Mapped[str] = mapped_column(String(50))
    parent_status: Mapped[str] = mapped_column(String(20))
