"""What undo does about one act of a run, by how its record stands now (requirement S7). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from connector.sync.crm_side import CHANGED_AT
from connector.sync.records import Side
from connector.sync.whole import CRM_KEY, parts, print_of, whole

Record = Mapping[str, Any]
Act = Literal["delete", "update", "activate", "create", "restore", "relink", "skip"]

#: Kinds of act that changed no record, only a link.
LINKING = ("alias", "leave_view", "return_to_view", "drop", "promote", "unlink", "merged", "skip")


@dataclass(frozen=True)
class Done:
    """An act of the run that is undone, with what undo was told by it."""

    op_id: int
    kind: str
    outcome: str
    entity: str
    side: Side
    name: str
    crm_id: str
    invoice_id: str
    parent: str | None
    stood: Record | None
    stands: Record | None
    link_before: Record | None
    fields: tuple[str, ...] = ()
    """The mapped fields it wrote."""
    is_repeated: bool = False
    """Whether it was begun to be undone before, and nobody knows how far that came."""


@dataclass(frozen=True)
class Undoing:
    """What is done about it, and why."""

    act: Act
    reason: str


def at_invoice(done: Done, record: Record | None, going: frozenset[str] = frozenset()) -> Undoing:
    """About a record of Invoice, as it is read now (None: there is none); `going` are persons deleted before it."""
    if done.outcome == "deleted":
        return _of_deleted(done, record)
    if record is None:
        return Undoing("relink" if done.outcome == "added" else "skip", "it is gone from Invoice")
    if done.outcome == "added":
        return _of_made(done, record, going)
    current = parts(done.entity, record, done.stands or {})
    return _of_changed(done, {name: current.get(name) for name in done.stands or {}}, "Invoice")


def _of_made(done: Done, record: Record, going: frozenset[str]) -> Undoing:
    if (done.stands or {}).get("print") not in _prints(done, record):
        return Undoing("skip", "changed in Invoice since it was made")
    persons = record.get("contact_persons") or [] if done.entity == "account" else []
    if any(person["contact_person_id"] not in going for person in persons):
        return Undoing("skip", "it has contact persons now")
    return Undoing("delete", "made by that run")


def _prints(done: Done, record: Record) -> set[str]:
    """The print of a record; where its undo was begun also those of the record before it: active, of its CRM record."""
    found = {print_of(done.entity, record)}
    if done.is_repeated:
        told = {**record, CRM_KEY[done.entity]: done.crm_id}
        found |= {print_of(done.entity, one) for one in (told, {**told, "status": "active"})}
    return found


def _of_deleted(done: Done, record: Record | None) -> Undoing:
    """It was deleted for good, or was only made inactive as it has transactions."""
    if done.stood is None:
        return Undoing("skip", "the run found it deleted already")
    if record is None:
        return Undoing("create", "deleted by that run; made again under another id")
    if _but_status(whole(record)) != _but_status(done.stood):
        return Undoing("skip", "changed in Invoice since it was made inactive")
    if record.get("status") == done.stood.get("status"):
        if done.kind == "merge":
            return Undoing("activate", "it is active already; what hung on it is given back")
        return Undoing("relink", "it is active already")
    return Undoing("activate", "made inactive by that run")


def _but_status(stood: Record) -> dict[str, Any]:
    return {name: value for name, value in stood.items() if name != "status"}


def at_crm(done: Done, record: Record | None, hangs: int) -> Undoing:
    """About a record of the CRM; `hangs` is how many other records belong to one that is to be deleted."""
    if done.outcome == "deleted":
        if record is not None and done.kind == "merge":
            return Undoing("restore", "it is back in the CRM already; what hung on it is given back")
        if record is not None:
            return Undoing("relink", "it is back in the CRM already")
        return Undoing("restore", "deleted by that run; it comes back from the recycle bin")
    if record is None:
        return Undoing("relink" if done.outcome == "added" else "skip", "it is gone from the CRM")
    if done.outcome == "added":
        if edited := _differing(done.stands or {}, record):
            fields = [name for name in edited if name != CHANGED_AT] or ["a field that is not mapped"]
            return Undoing("skip", f"changed in the CRM since it was made: {', '.join(fields)}")
        if hangs:
            return Undoing("skip", f"{hangs} other record{'s' if hangs > 1 else ''} of the CRM belong to it now")
        return Undoing("delete", "made by that run")
    return _of_changed(done, record, "the CRM")


def _of_changed(done: Done, current: Record, where: str) -> Undoing:
    """Of a record that was there before: the fields written then are put back, unless somebody wrote them since.

    Some of them may have been put back already: an undo takes more than one call for some records.
    """
    stood, stands = done.stood or {}, done.stands or {}
    if not _differing(stood, current):
        return Undoing("relink", f"it stands in {where} as it did before")
    put_back = {name for name, value in stood.items() if current.get(name) == value}
    if edited := [name for name in _differing(stands, current) if name not in put_back]:
        return Undoing("skip", f"changed in {where} since: {', '.join(edited)}")
    return Undoing("update", f"put back: {', '.join(sorted(_differing(stood, stands)))}")


def _differing(known: Record, current: Record) -> list[str]:
    return sorted(name for name, value in known.items() if current.get(name) != value)
