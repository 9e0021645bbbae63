"""What differs between two states of a world, record by record. Pure, on rows as a database gives them."""

from collections.abc import Iterator, Mapping
from typing import Any

from simulator import wire

Row = Mapping[str, Any]
#: The rows of each table by their keys.
Tables = Mapping[str, Mapping[str, Row]]

#: Columns that only the program needs.
OWN = ("version",)
#: What a record may be called by, the best first.
NAMES = ("name", "contact_name", "record_name", "subject", "number", "title", "email", "code")
SECRET = ("token", "secret", "key", "password", "grant")
HIDDEN = "***"


def differences(before: Tables, after: Tables) -> list[dict[str, Any]]:
    """The records that were added, removed or changed, table by table: `table`, `key`, `name`, `what`, `fields`.

    >>> rows = {"contact": {"1": {"id": 1, "name": "Acme", "phone": "1"}}}
    >>> differences(rows, {"contact": {"1": {"id": 1, "name": "Acme", "phone": "2"}}})[0]["fields"]
    [{'field': 'phone', 'before': '1', 'after': '2'}]
    """
    return [
        difference
        for table in dict.fromkeys([*before, *after])
        for difference in _of_table(table, before.get(table, {}), after.get(table, {}))
    ]


def _of_table(table: str, before: Mapping[str, Row], after: Mapping[str, Row]) -> Iterator[dict[str, Any]]:
    for key in dict.fromkeys([*before, *after]):
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        fields = _fields(_flat(old or {}), _flat(new or {}))
        if fields:
            what = "added" if old is None else "removed" if new is None else "changed"
            yield {"table": table, "key": key, "name": _name(new or old or {}), "what": what, "fields": fields}


def _fields(old: Row, new: Row) -> list[dict[str, Any]]:
    return [
        {"field": name, "before": _shown(name, old.get(name)), "after": _shown(name, new.get(name))}
        for name in dict.fromkeys([*old, *new])
        if old.get(name) != new.get(name)
    ]


def _flat(row: Row) -> dict[str, Any]:
    """The columns of a row; what a column keeps as a JSON object counts field by field."""
    found: dict[str, Any] = {}
    for name, value in row.items():
        inner = _object(value)
        if inner is not None:
            found.update({f"{name}.{part}": one for part, one in inner.items()})
        elif name not in OWN:
            found[name] = value
    return found


def _object(value: Any) -> dict[str, Any] | None:
    if isinstance(value, dict):
        return value
    if not (isinstance(value, str) and value.startswith("{")):
        return None
    try:
        found = wire.loads(value)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _shown(name: str, value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if any(part in name.lower() for part in SECRET):
        return HIDDEN
    return str(value)


def _name(row: Row) -> str:
    return next((str(row[name]) for name in NAMES if row.get(name)), "")
