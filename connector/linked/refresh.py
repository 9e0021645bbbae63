"""Reads anew what is linked, by difference: documents changed since last time, and those looked at longest ago.

Nothing here walks a whole list at once: a first look at many documents goes on with the next refresh, from where this
one stopped (architecture.md, Who does what across the border).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import current_app
from sqlalchemy import bindparam, select

from connector.asking import answered_by, hurried_peers
from connector.database import db
from connector.documents import BY_ENTITY, KINDS, Kind
from connector.errors import ConnectorError
from connector.linked import storing
from connector.linked.model import LinkedPotential
from connector.models import Connection, Cursor, LinkedDocument
from connector.peers import Peers
from simulator import clock, context
from simulator.database import connection as transaction
from simulator.prepared import Prepared
from simulator.worlds import Worlds

log = structlog.get_logger()

Record = dict[str, Any]

STREAM = "linked"
#: Pages of changed documents of a kind that one refresh reads.
PAGES = 5
#: Documents of a kind, and potentials, that are looked at again although nothing said that they changed.
AGAIN = 200
IDS_PER_CALL = 100
#: How long the dashboard does without, on the world's clock.
EVERY = timedelta(minutes=30)


@dataclass
class Known:
    """What the connector has, before it asks."""

    peers: Peers
    watermarks: dict[str, str]
    documents: dict[str, list[str]]
    """By kind, those that were looked at longest ago first."""
    names: dict[str, str]
    """Of all potentials that documents name, by id; empty where nothing is known of one."""
    potentials: list[str]
    """The potentials to look at again."""


@dataclass
class Seen:
    """What the products said."""

    documents: list[tuple[Kind, Record]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    potentials: list[Record] = field(default_factory=list)
    deleted: dict[str, str] = field(default_factory=dict)
    watermarks: dict[str, str] = field(default_factory=dict)
    is_complete: bool = True


def refresh(connection_id: int) -> bool:
    """Reads anew, and keeps what was read. Opens transactions of its own: none may be open here.

    Returns:
        whether everything that changed was read; else the next refresh goes on.

    Raises:
        ConnectorError: a product does not answer; nothing is kept then.
    """
    worlds: Worlds = current_app.extensions["worlds"]
    world_id = context.current_world().id
    with worlds.transaction(world_id, reads_only=True):
        known = _known(connection_id)
        began = clock.now()
    seen = _look(known)
    with worlds.transaction(world_id):
        _keep(connection_id, seen, began)
    return seen.is_complete


def _known(connection_id: int) -> Known:
    connection = db.session.get_one(Connection, connection_id)
    cursors = select(Cursor).where(Cursor.connection_id == connection_id, Cursor.stream == STREAM)
    documents = (
        select(LinkedDocument.kind, LinkedDocument.document_id)
        .where(LinkedDocument.connection_id == connection_id)
        .order_by(LinkedDocument.as_of, LinkedDocument.document_id)
    )
    by_kind: dict[str, list[str]] = {path: [] for path in KINDS}
    for entity, document_id in db.session.execute(documents):
        ids = by_kind[BY_ENTITY[entity].path]
        if len(ids) < AGAIN:
            ids.append(document_id)
    names = dict.fromkeys(
        db.session.execute(
            select(LinkedDocument.potential_id).where(LinkedDocument.connection_id == connection_id).distinct()
        ).scalars(),
        "",
    )
    stored = (
        select(LinkedPotential.crm_id, LinkedPotential.name)
        .where(LinkedPotential.connection_id == connection_id)
        .order_by(LinkedPotential.as_of, LinkedPotential.crm_id)
    )
    again = []
    for crm_id, name in db.session.execute(stored):
        if crm_id in names:
            names[crm_id] = name
            again.append(crm_id)
    unseen = [crm_id for crm_id, name in names.items() if not name]
    return Known(
        peers=hurried_peers(connection),
        watermarks={row.entity: row.modified_after for row in db.session.execute(cursors).scalars()},
        documents=by_kind,
        names=names,
        potentials=[*unseen, *again][:AGAIN],
    )


def _look(known: Known) -> Seen:
    seen = Seen(watermarks=dict(known.watermarks))
    with answered_by("invoice"):
        for kind in KINDS.values():
            changed = {kind.id_of(row): row for row in _changed(known, kind, seen)}
            again = [document_id for document_id in known.documents[kind.path] if document_id not in changed]
            changed |= {kind.id_of(row): row for row in _by_id(known, kind, again)}
            seen.documents += [(kind, row) for row in changed.values()]
            missing = [document_id for document_id in again if document_id not in changed]
            seen.gone += [one for one in missing if known.peers.invoice.one(f"/{kind.path}/{one}", kind.entity) is None]
    named = {str(row["zcrm_potential_id"]): str(row["zcrm_potential_name"]) for _, row in seen.documents}
    named.pop("", None)
    wanted = list(dict.fromkeys([*(one for one in named if not known.names.get(one)), *known.potentials]))
    with answered_by("crm"):
        for start in range(0, len(wanted), IDS_PER_CALL):
            chunk = wanted[start : start + IDS_PER_CALL]
            seen.potentials += known.peers.crm.get_records_by_id("Deals", chunk, storing.POTENTIAL_FIELDS)
    there = {str(record["id"]) for record in seen.potentials}
    seen.deleted = {one: known.names.get(one) or named.get(one, "") for one in wanted if one not in there}
    return seen


def _changed(known: Known, kind: Kind, seen: Seen) -> Iterator[Record]:
    """The documents changed since last time, oldest change first, as far as one refresh reads.

    The next one begins with the moment at which this one ended, so that it misses nothing; within one moment it
    goes on however many there are, else it would never get past it.
    """
    order = {"sort_column": "last_modified_time", "sort_order": "A"}
    since = known.watermarks.get(kind.path, "")
    page, more, moved = 1, True, False
    while more and not (page > PAGES and moved):
        filters = {"last_modified_time": since} if since else {}
        rows, more = known.peers.invoice.list_page(f"/{kind.path}", kind.path, page, **order, **filters)
        for row in rows:
            moved = moved or (bool(since) and row["last_modified_time"] != since)
            seen.watermarks[kind.path] = row["last_modified_time"]
            yield row
        moved = moved or not since
        page += 1
    seen.is_complete = seen.is_complete and not more


def _by_id(known: Known, kind: Kind, ids: list[str]) -> list[Record]:
    """Documents that may have a new status without a change, such as one that has fallen overdue."""
    if not ids:
        return []
    filters = {f"{kind.entity}_ids": ",".join(ids)}
    rows, _ = known.peers.invoice.list_page(f"/{kind.path}", kind.path, 1, **filters)
    return rows


def _keep(connection_id: int, seen: Seen, began: datetime) -> None:
    """What somebody linked while the products were asked is newer than what they said."""
    newer = select(LinkedDocument.document_id).where(
        LinkedDocument.connection_id == connection_id, LinkedDocument.as_of > began
    )
    kept_meanwhile = set(db.session.execute(newer).scalars())
    linked = set(
        db.session.execute(
            select(LinkedDocument.document_id).where(LinkedDocument.connection_id == connection_id)
        ).scalars()
    )
    for kind, record in seen.documents:
        document_id = kind.id_of(record)
        if document_id not in kept_meanwhile and (record["zcrm_potential_id"] or document_id in linked):
            storing.keep_document(connection_id, kind, record)
    for document_id in seen.gone:
        storing.forget_document(connection_id, document_id)
    for record in seen.potentials:
        storing.keep_potential(connection_id, record)
    for crm_id, name in seen.deleted.items():
        storing.keep_deleted_potential(connection_id, crm_id, name)
    for path in KINDS:
        _move_cursor(connection_id, path, seen.watermarks.get(path, ""))


def _move_cursor(connection_id: int, path: str, modified_after: str) -> None:
    cursor = db.session.get(Cursor, (connection_id, path, "invoice", STREAM))
    if cursor is None:
        cursor = Cursor(connection_id=connection_id, entity=path, side="invoice", stream=STREAM, facts={})
        db.session.add(cursor)
    cursor.modified_after, cursor.last_full_at = modified_after, clock.now()


def refresh_when_due(world_id: str, connection_id: int) -> None:
    """Now and then, once somebody has looked at the dashboard; a product that does not answer is asked again later."""
    worlds: Worlds = current_app.extensions["worlds"]
    with worlds.transaction(world_id, reads_only=True):
        if not is_refresh_due(connection_id):
            return
    with worlds.transaction(world_id):
        if not is_refresh_due(connection_id):
            return  # another worker was first
        for cursor in db.session.execute(_cursors(connection_id)).scalars():
            cursor.last_full_at = clock.now()
    with context.entered(worlds.get(world_id)):
        try:
            refresh(connection_id)
        except ConnectorError as error:
            log.warning("linked potentials are not read anew", connection=connection_id, reason=error.message)


def _cursors(connection_id: int) -> Any:
    return select(Cursor).where(Cursor.connection_id == connection_id, Cursor.stream == STREAM)


def is_refresh_due(connection_id: int) -> bool:
    """Whether half an hour has passed since what somebody looks at was read."""
    moments = [moment for (moment,) in _READ_AT.rows(transaction(), of=connection_id)]
    return any(moment is not None and not moment - EVERY < clock.now() < moment + EVERY for moment in moments)


_READ_AT = Prepared(select(Cursor.last_full_at).where(Cursor.connection_id == bindparam("of"), Cursor.stream == STREAM))
