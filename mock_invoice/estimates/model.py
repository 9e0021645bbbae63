"""The tables of estimates."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mock_invoice.database import Key, Moment
from mock_invoice.documents.model import Document, Line
from mock_invoice.documents.status import estimate_status, next_estimate_state


class Estimate(Document):
    """An offer to a customer."""

    __table_args__ = (
        Index("uq_estimate_number", "organization_id", "number", unique=True),
        Index("ix_estimate_modified", "organization_id", "last_modified_time"),
        Index("ix_estimate_created", "organization_id", "created_time", "id"),
        Index("ix_estimate_customer", "customer_id"),
        Index("ix_estimate_potential", "organization_id", "zcrm_potential_id"),
    )

    expiry_date: Mapped[date | None]
    accepted_date: Mapped[date | None]
    declined_date: Mapped[date | None]
    #: Set while an invoice made from it exists; the state beneath comes back when that invoice is deleted.
    is_invoiced: Mapped[bool] = mapped_column(default=False)
    client_viewed_time: Mapped[datetime | None] = mapped_column(Moment)

    lines: Mapped[list["EstimateLine"]] = relationship(
        cascade="all, delete-orphan", order_by="EstimateLine.item_order", passive_deletes=True
    )

    def status(self, today: date) -> str:
        return estimate_status(self.state, self.is_invoiced, self.expiry_date, today)

    def move(self, action: str, today: date) -> bool:
        """Does `sent`, `accepted` or `declined`; says whether that changed anything."""
        state = next_estimate_state(action, self.status(today))
        if state is None:
            return False
        self.state = state
        self.accepted_date = today if state == "accepted" else None
        self.declined_date = today if state == "declined" else None
        self.touch()
        return True


class EstimateLine(Line):
    estimate_id: Mapped[int] = mapped_column(Key, ForeignKey("estimate.id", ondelete="CASCADE"), index=True)
