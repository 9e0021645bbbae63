"""Doing a bulk read: the records of a module as a CSV file in a zip."""

from collections.abc import Iterator, Sequence
from typing import Any

from mock_crm import state
from mock_crm.bulk.query import PER_PAGE, Query, path_of
from mock_crm.bulk.zips import CsvZip
from mock_crm.metadata.catalog import Module
from mock_crm.organization.people import User
from mock_crm.records import store
from mock_crm.records.paging import Page, Place
from mock_crm.records.present import presenter

AT_ONCE = 2_000


def result_of(query: Query, user: User, name: str) -> tuple[bytes, int, str | None]:
    """The zip, how many records are in it, and the token of what follows, if anything does."""
    out = CsvZip(f"{name}.csv")
    out.add([query.names])
    count, last = 0, 0
    paths = [path_of(query.module, column) for column in query.names]
    follows = False
    for rows, more in _pages(query, user):
        out.add(_lines(query.module, rows, paths))
        count, last, follows = count + len(rows), rows[-1][0], more
        if count >= PER_PAGE:
            break
    return out.content(), count, query.token_after(last) if follows else None


def _pages(query: Query, user: User) -> Iterator[tuple[Sequence[Any], bool]]:
    """The records by id, some at a time, each time with whether more follow."""
    conditions, order = query.conditions(user), store.by_id(descending=False)
    start = (query.page - 1) * (PER_PAGE // AT_ONCE) + 1
    page = Page(start, AT_ONCE, Place(query.after, query.after, 1) if query.after is not None else None)
    while True:
        rows, more = store.page_of(query.module, conditions, order, page)
        if rows:
            yield rows, more
        if not more:
            return
        page = Page(1, AT_ONCE, Place(rows[-1][0], rows[-1][0], 1))


def _lines(module: Module, rows: Sequence[Any], paths: Sequence[list[str]]) -> Iterator[list[Any]]:
    shown = presenter(module, list(dict.fromkeys(path[0] for path in paths))).shown(rows)
    columns = [_column(module, shown, path) for path in paths]
    return (list(line) for line in zip(*columns, strict=True))


def _column(module: Module, shown: Sequence[dict[str, Any] | None], path: Sequence[str]) -> list[Any]:
    """The values of a field in these records, or behind a lookup of theirs."""
    found = [record.get(path[0]) if record is not None else None for record in shown]
    if len(path) == 1:
        return found
    target = state.catalog().modules[module.fields[path[0]].lookup_module or ""]
    ids = [int(value["id"]) if value else None for value in found]
    rows = store.rows_of(target, {number for number in ids if number is not None})
    there = dict(zip(rows, presenter(target, [path[1]]).shown(rows.values()), strict=True))
    return _column(target, [there.get(number or 0) for number in ids], path[1:])
