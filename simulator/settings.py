"""Settings of the world in context: a few facts the simulator itself keeps beside a product's data."""

from typing import Any

from sqlalchemy import Column, String, Table, Text, delete, select

from simulator import context, wire
from simulator.database import common_metadata, opened, put, session
from simulator.prepared import Prepared

world_setting = Table(
    "world_setting",
    common_metadata,
    Column("key", String(60), primary_key=True),
    Column("value", Text, nullable=False),
)


_ALL = Prepared(select(world_setting.c.key, world_setting.c.value))
_KEPT = "settings"


def read(key: str, default: Any = None) -> Any:
    """A setting's value (any JSON value), or `default`."""
    text = _kept().get(key)
    return default if text is None else wire.loads(text)


def write(key: str, value: Any) -> None:
    """Sets a setting in the transaction under way."""
    put(world_setting, {"key": key, "value": wire.dumps(value).decode()}, ("key",))
    context.kept().pop(_KEPT, None)


def forget(key: str) -> None:
    session().execute(delete(world_setting).where(world_setting.c.key == key))
    context.kept().pop(_KEPT, None)


def _kept() -> dict[str, str]:
    """All settings, read once a transaction: each request asks for several of them."""
    under_way = opened()
    place, kept = under_way.place, context.kept()
    found = kept.get(_KEPT)
    if found is None or found[0] != place:
        found = kept[_KEPT] = (place, dict(_ALL.rows(under_way.connection)))
    texts: dict[str, str] = found[1]
    return texts
