"""An entry of the request journal, and the type of its columns."""

from typing import NamedTuple

from sqlalchemy import Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class AnyText(TypeDecorator[str]):
    """Text as strangers sent it; PostgreSQL keeps all of it but the sign of number 0."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is not None and dialect.name == "postgresql":
            return value.replace("\0", "\N{REPLACEMENT CHARACTER}")
        return value


class Entry(NamedTuple):
    """One answered call; `at` is real time, so that the entries of all services line up."""

    at: str
    trace: str
    caller: str
    method: str
    path: str
    query: str
    status: int
    milliseconds: float
    request: str | bytes
    response: str | bytes


COLUMNS = Entry._fields
