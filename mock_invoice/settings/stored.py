"""Settings that are kept and shown as they are, one row for each group of them in an organization."""

from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from mock_invoice.access import current_organization
from mock_invoice.database import Base, Json, Key, db
from simulator import ids


class StoredSetting(Base):
    """What an organization changed of a group of settings."""

    __table_args__ = (UniqueConstraint("organization_id", "name", name="uq_stored_setting"),)

    organization_id: Mapped[int] = mapped_column(Key, ForeignKey("organization.id"))
    name: Mapped[str] = mapped_column(String(60))
    value: Mapped[dict[str, Any]] = mapped_column(Json)


def stored(name: str) -> dict[str, Any]:
    """What was changed of a group; the rest is as it always is."""
    row = _row(name)
    return row.value if row else {}


def store(name: str, changes: dict[str, Any]) -> None:
    """Writes some settings of a group; those that are not named keep their values."""
    row = _row(name)
    if row is None:
        row = StoredSetting(id=ids.new_id(), organization_id=current_organization().id, name=name, value={})
        db.session.add(row)
    row.value = {**row.value, **changes}
    db.session.flush()


def _row(name: str) -> StoredSetting | None:
    statement = select(StoredSetting).where(
        StoredSetting.organization_id == current_organization().id, StoredSetting.name == name
    )
    return db.session.scalars(statement).first()
