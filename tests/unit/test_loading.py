"""What a service loads when it starts: only what it needs by then, for it is memory and time."""

import subprocess
import sys

import pytest
from sqlalchemy import Column, Index, Integer, MetaData, Table, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex

from simulator.schemas import share_conditions

LATER = ("requests", "tenacity", "fpdf", "sqlalchemy.dialects.postgresql")


@pytest.mark.parametrize("package", ["mock_crm", "mock_invoice"])
def test_a_mock_starts_without_what_it_may_never_need(package: str) -> None:
    asking = f"import sys, {package}; print(*[name for name in {LATER} if name in sys.modules])"

    told = subprocess.run([sys.executable, "-c", asking], capture_output=True, text=True, check=True)

    assert told.stdout.split() == []


def test_an_index_of_some_rows_is_one_on_postgresql_too() -> None:
    metadata = MetaData()
    Table("thing", metadata, Column("id", Integer), Index("some", "id", unique=True, sqlite_where=text("id > 5")))

    share_conditions([metadata])

    (index,) = metadata.tables["thing"].indexes
    assert str(CreateIndex(index).compile(dialect=postgresql.dialect())).endswith("(id) WHERE id > 5")  # type: ignore[no-untyped-call]
