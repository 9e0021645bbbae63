"""The connector's database handle; its session follows the world in context."""

from typing import TYPE_CHECKING

from simulator.database import create_database

db = create_database()

if TYPE_CHECKING:
    from sqlalchemy.orm import DeclarativeBase

    class Model(DeclarativeBase):
        """What mypy sees in place of `db.Model`."""
else:
    Model = db.Model
