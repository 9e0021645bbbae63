"""What hangs on a record: the related lists of its module that lead to modules with pages here."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import url_for

from web.crm.blueprint import API
from web.crm.modules import KEYS, MODULES, MONEY, Module, label_of
from web.crm.values import Shown, shown
from web.errors import Refused
from web.session import crm

SHOWN = 10
COLUMNS = 5
#: The lookup by which a new record of a related list hangs on the one whose page it is.
MADE_BY = {
    ("accounts", "Contacts"): "Account_Name",
    ("accounts", "Deals"): "Account_Name",
    ("contacts", "Deals"): "Contact_Name",
}


@dataclass(frozen=True)
class Related:
    """One related list, its first rows.

    Attributes:
        new: the address of the form for one more; "" where there is none.
        problem: why it cannot be shown.
    """

    title: str
    module: Module
    columns: list[tuple[str, str]]
    rows: list[tuple[str, list[Shown]]]
    has_more: bool = False
    new: str = ""
    problem: str = ""


def related_of(module: Module, record_id: str, name: str) -> Iterator[Related]:
    """The related lists of a record, in the order of its module."""
    lists = crm().get(f"{API}/settings/related_lists", module=module.api_name) or {}
    for one in lists.get("related_lists", ()):
        key = KEYS.get(str((one.get("module") or {}).get("api_name")))
        if key is not None and one["api_name"] != "Contact_Roles":
            yield _related(module, record_id, name, one, MODULES[key])


def _related(module: Module, record_id: str, name: str, one: dict[str, Any], target: Module) -> Related:
    fields = target.columns[:COLUMNS]
    title, labels = str(one["display_label"]), [(label_of(field), "num" if field in MONEY else "") for field in fields]
    path = f"{API}/{module.api_name}/{record_id}/{one['api_name']}"
    try:
        answer = crm().get(path, fields=",".join(fields), per_page=SHOWN) or {}
    except Refused as refused:
        return Related(title, target, labels, [], problem=refused.message)
    rows = [(str(row["id"]), [shown(row, field) for field in fields]) for row in answer.get("data") or []]
    lookup = MADE_BY.get((module.key, str(one["api_name"])))
    given: dict[str, Any] = {lookup: record_id, f"{lookup}.name": name} if lookup else {}
    new = url_for(f"{target.endpoint}_new", **given) if lookup else ""
    return Related(title, target, labels, rows, bool((answer.get("info") or {}).get("more_records")), new)
