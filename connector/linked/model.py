"""The potentials that documents are linked with, as last seen in the CRM; their documents are `LinkedDocument`."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, Integer, String, false
from sqlalchemy.orm import Mapped, mapped_column

from connector.database import Model
from connector.models import Moment
from simulator.money import Money


class LinkedPotential(Model):
    """A potential with documents in Invoice. `is_deleted` is what shows *potential deleted* (requirement L6)."""

    __tablename__ = "linked_potential"

    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"), primary_key=True)
    crm_id: Mapped[str] = mapped_column(String(30), primary_key=True)
    name: Mapped[str] = mapped_column(String(250))
    stage: Mapped[str] = mapped_column(String(120))
    probability: Mapped[int | None] = mapped_column(Integer)
    amount: Mapped[Any] = mapped_column(Money)
    closing_date: Mapped[date | None] = mapped_column(Date)
    customer_name: Mapped[str | None] = mapped_column(String(250))
    is_deleted: Mapped[bool] = mapped_column(default=False, server_default=false())
    as_of: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (Index("linked_potential_stage", "connection_id", "stage"),)
