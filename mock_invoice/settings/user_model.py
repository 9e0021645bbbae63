"""Users of an organization and their roles."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mock_invoice.database import Base, Key, Moment
from simulator import clock

ROLES = ("admin", "staff", "timesheetstaff")


class User(Base):
    """A person in one organization; the same email in two organizations is the same person."""

    __tablename__ = "organization_user"
    __table_args__ = (UniqueConstraint("organization_id", "email", name="uq_user_email"),)

    organization_id: Mapped[int] = mapped_column(Key, ForeignKey("organization.id"))
    name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(String(100))
    user_role: Mapped[str] = mapped_column(String(20), default="staff")
    status: Mapped[str] = mapped_column(String(10), default="active")

    created_time: Mapped[datetime] = mapped_column(Moment, default=lambda: clock.now())

    @property
    def is_admin(self) -> bool:
        return self.user_role == "admin"
