"""Ids that look like the vendor's (18 or 19 digits), from a sequence of the world; a scenario always gives the same."""

from sqlalchemy import BigInteger, Column, String, Table, bindparam, insert, update

from simulator.database import common_metadata, connection, session
from simulator.prepared import Prepared

id_sequence = Table(
    "id_sequence",
    common_metadata,
    Column("name", String(20), primary_key=True),
    Column("next", BigInteger, nullable=False),
)


_TAKE = Prepared(
    update(id_sequence)
    .where(id_sequence.c.name == "record")
    .values(next=id_sequence.c.next + bindparam("taken", type_=BigInteger))
    .returning(id_sequence.c.next)
)


def new_ids(count: int) -> list[int]:
    """So many fresh ids in a row; they are given back when the transaction rolls back."""
    ((end,),) = _TAKE.rows(connection(), taken=count)
    return list(range(end - count, end))


def new_id() -> int:
    return new_ids(1)[0]


def start_at(first: int) -> None:
    """Begins the sequence of a fresh world."""
    session().execute(insert(id_sequence).values(name="record", next=first))
