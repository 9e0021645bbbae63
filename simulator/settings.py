"""Settings of the world in context: a few facts the simulator itself keeps beside a product's data."""

from typing import Any

from sqlalchemy import Column, String, Table, Text, delete, select

from simulator import wire
from simulator.database import common_metadata, put, session

world_setting = Table(
    "world_setting",
    common_metadata,
    Column("key", String(60), primary_key=True),
    Column("value", Text, nullable=False),
)


def read(key: str, default: Any = None) -> Any:
    """A setting's value (any JSON value), or `default`."""
    text = session().execute(select(world_setting.c.value).where(world_setting.c.key == key)).scalar()
    return default if text is None else wire.loads(text)


def write(key: str, value: Any) -> None:
    """Sets a setting in the transaction under way."""
    put(world_setting, {"key": key, "value": wire.dumps(value).decode()}, ("key",))


def forget(key: str) -> None:
    session().execute(delete(world_setting).where(world_setting.c.key == key))
