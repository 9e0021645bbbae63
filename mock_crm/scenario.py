"""Loads a scenario into a fresh world: the standard company and metadata, then the scenario's records."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, update

from mock_crm import access, state
from mock_crm.database import db
from mock_crm.envelope import seconds_of
from mock_crm.metadata.catalog import Module
from mock_crm.metadata.seed import seed_metadata
from mock_crm.organization.people import User
from mock_crm.organization.seed import DEFAULT_COMPANY, seed_currencies, seed_organization
from mock_crm.records import contact_roles
from mock_crm.records.drafts import read_draft
from mock_crm.records.model import record
from mock_crm.records.writing import Stamp, check, insert_records
from simulator import clock
from simulator.prepared import Prepared
from simulator.scenarios import ScenarioError, load_folder

#: In this order, so that what a record names is there before it.
MODULES = ("Accounts", "Products", "Contacts", "Deals", "Leads", "Quotes", "Sales_Orders", "Invoices", "Notes")
BATCH = 100

DEFAULT_PEOPLE = [
    {
        "first_name": "Asha",
        "last_name": "Rao",
        "email": "asha.rao@zylker.example",
        "profile": "Administrator",
        "role": "CEO",
    },
    {"first_name": "Ben", "last_name": "Carter", "email": "ben.carter@zylker.example", "profile": "Standard"},
    {"first_name": "Carla", "last_name": "Gomez", "email": "carla.gomez@zylker.example", "profile": "Sales"},
    {"first_name": "Dmitri", "last_name": "Petrov", "email": "dmitri.petrov@zylker.example", "profile": "Marketing"},
    {"first_name": "Emma", "last_name": "Li", "email": "emma.li@zylker.example", "profile": "Support"},
]


def load_scenario(folder: Path) -> None:
    """Fills the world in context from `<folder>/crm/*.json`; nothing is notified.

    Raises:
        ScenarioError: naming the record that the CRM would refuse.
    """
    files = load_folder(folder / "crm", clock.today(DEFAULT_COMPANY["time_zone"]), DEFAULT_COMPANY["time_zone"])
    seed_organization(files.get("org", {}), files.get("users", DEFAULT_PEOPLE))
    seed_metadata()
    state.changed()
    if "currencies" in files:
        with access.acting_as(state.people().administrator()):
            seed_currencies(files["currencies"])
    names: dict[str, dict[str, int]] = {}
    for module_name in MODULES:
        module = state.catalog().modules[module_name]
        _load_records(module, files.get(module_name.lower(), []), names)
    contact_roles.seed()


def _load_records(module: Module, given: list[dict[str, Any]], names: dict[str, dict[str, int]]) -> dict[str, int]:
    """Inserts records in API form; lookups and owners are given by name and email. Returns ids by name.

    A batch ends before a record that names one of its own module, so that the file's order is enough.
    """
    made = names.setdefault(module.api_name, {})
    batch: list[dict[str, Any]] = []
    for item in given:
        names_own = any(
            isinstance(item.get(known.api_name), dict) and known.lookup_module == module.api_name
            for known in module.lookup_fields
        )
        if batch and (names_own or len(batch) == BATCH):
            made.update(_insert(module, batch))
            batch = []
        batch.append(_resolved(module, item, names))
    made.update(_insert(module, batch))
    return made


def _insert(module: Module, batch: list[dict[str, Any]]) -> dict[str, int]:
    drafts = [read_draft(module, place, item) for place, item in enumerate(batch)]
    check(module, drafts)
    for draft, item in zip(drafts, batch, strict=True):
        if error := draft.error():
            raise ScenarioError(f"{module.api_name}: {item} is refused: {error.body()}")
    owner = state.people().administrator()
    insert_records(drafts, Stamp.now(owner))
    _set_times([(int(draft.record_id or 0), item) for draft, item in zip(drafts, batch, strict=True)], owner)
    return {str(draft.after.get(module.name_field)): int(draft.record_id or 0) for draft in drafts}


def _resolved(module: Module, item: dict[str, Any], names: dict[str, dict[str, int]]) -> dict[str, Any]:
    """The item with ids in place of names, in its rows too."""
    resolved = _named(module, item, names)
    for known in module.row_fields:
        if known.data_type == "subform" and known.api_name in resolved:
            rows = state.catalog().modules[known.lookup_module or ""]
            resolved[known.api_name] = [_named(rows, row, names) for row in resolved[known.api_name]]
    if (owner := _user(item.get("Owner"))) is not None:
        resolved["Owner"] = {"id": owner.id}
    return resolved


def _named(module: Module, item: dict[str, Any], names: dict[str, dict[str, int]]) -> dict[str, Any]:
    """A lookup to a record of whatever module says of which: `{"module", "name"}`."""
    resolved = dict(item)
    for known in module.lookup_fields:
        named = resolved.get(known.api_name)
        if isinstance(named, dict) and "name" in named:
            target_module = str(named.get("module", known.lookup_module))
            target = names.get(target_module, {}).get(named["name"])
            if target is None:
                raise ScenarioError(f"{module.api_name}: there is no {target_module} record {named['name']!r}")
            resolved[known.api_name] = {"id": target}
    return resolved


def _user(named: Any) -> User | None:
    return state.people().by_email(named["email"]) if isinstance(named, dict) and "email" in named else None


def _set_times(pairs: Iterable[tuple[int, dict[str, Any]]], owner: User) -> None:
    """Sets when and by whom the records of a scenario were made, which the API lets nobody do."""
    times = []
    for number, item in pairs:
        created = seconds_of(item["Created_Time"]) if "Created_Time" in item else None
        if created is None:
            continue
        modified = seconds_of(item["Modified_Time"]) if "Modified_Time" in item else created
        author = item["Owner"]["id"] if isinstance(item.get("Owner"), dict) and "id" in item["Owner"] else owner.id
        times.append({"number": number, "created": created, "modified": modified, "author": author})
    if times:
        _SET_TIMES.run(db.session.connection(), *times)


_SET_TIMES = Prepared(
    update(record)
    .where(record.c.id == bindparam("number"))
    .values(
        created_time=bindparam("created"),
        modified_time=bindparam("modified"),
        created_by=bindparam("author"),
        modified_by=bindparam("author"),
    )
)
