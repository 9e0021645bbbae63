"""Salespersons, whose names stand on documents (invoice-api.md §5.2). Who is named first becomes one. [MEM]"""

from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from mock_invoice.access import current_organization
from mock_invoice.database import Base, Key, db
from mock_invoice.find import find
from simulator import ids


class Salesperson(Base):
    __table_args__ = (UniqueConstraint("organization_id", "name", name="uq_salesperson"),)

    organization_id: Mapped[int] = mapped_column(Key, ForeignKey("organization.id"))
    name: Mapped[str] = mapped_column(String(100))


def salesperson_of(body: dict[str, Any]) -> Salesperson | None:
    """Whom a body names, by id or else by name.

    Raises:
        NotFound: the id is nobody's.
    """
    if body.get("salesperson_id"):
        return find(Salesperson, body["salesperson_id"], "Salesperson")
    return _named(body["salesperson_name"]) if body.get("salesperson_name") else None


def _named(name: str) -> Salesperson:
    organization_id = current_organization().id
    statement = select(Salesperson).where(Salesperson.organization_id == organization_id, Salesperson.name == name)
    found = db.session.scalar(statement)
    if found is None:
        found = Salesperson(id=ids.new_id(), organization_id=organization_id, name=name)
        db.session.add(found)
    return found
