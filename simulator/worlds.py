"""Worlds of one service: make, open, reset, snapshot, restore, delete. A world is a database."""

import hashlib
import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine, MetaData, select
from sqlalchemy.schema import CreateTable

from simulator import clock, context, ids, settings
from simulator.storage import Storage

WORLD_ID = re.compile(r"[a-z0-9]{8}")
SNAPSHOT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
TICKET = re.compile(r"[a-z0-9]{8}-(?:reset|restore|snapshot)-[0-9a-f]{12}(?:-[A-Za-z0-9_-]{1,40})?")
SCENARIOS = Path(__file__).parent / "scenarios"
OPEN_WORLDS = 64
#: Between the two halves of an operation on all services none of them begins work of its own, which would write into
#: what is put back. Whoever prepares and never comes back holds it up for no longer than this.
HELD_UNTIL, HELD_SECONDS = "held_until", 10.0

#: What a reset or restore leaves as it is, beside the world's name: who may call (clients, tokens) and the evidence of
#: what was called.
SURVIVING_TABLES = ("oauth_client", "oauth_refresh_token", "oauth_access_token", "journal_entry")

#: The settings that it leaves as they are, and what they are where nothing was written: who may call, what people call
#: the world, and how far its trainee has come.
KEPT: dict[str, Any] = {"credentials": {}, "name": "", "progress": {}}

Seed = Callable[[Path], None]


def is_held() -> bool:
    """Whether nothing new may begin in the world in context, because all of it is about to be put back or kept."""
    return bool(settings.read(HELD_UNTIL, 0) > clock.real_now().timestamp())


class WorldError(Exception):
    """A world cannot be made, found or changed as asked; `status` is the HTTP status of the control route."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class UnknownWorld(WorldError):
    """There is no world of this id at this service."""

    def __init__(self, world_id: str) -> None:
        super().__init__(f"There is no world {world_id!r}.", 404)


@dataclass
class World:
    """One open world of one service."""

    id: str
    engine: Engine
    write_lock: threading.Lock = field(default_factory=threading.Lock, repr=False)


class Worlds:
    """The worlds of one service, opened on demand and kept in a bounded cache."""

    def __init__(
        self, app: Flask, storage: Storage[Any], metadatas: Sequence[MetaData], seed: Seed | None, id_base: int
    ) -> None:
        self._app = app
        self._storage = storage
        self._metadatas = metadatas
        self._seed = seed
        self._id_base = id_base
        self._open: OrderedDict[str, World] = OrderedDict()
        self._lock = threading.RLock()

    def ids(self) -> list[str]:
        return self._storage.worlds()

    def open_ids(self) -> list[str]:
        """Those that somebody has called lately."""
        with self._lock:
            return list(self._open)

    def close(self) -> None:
        """Closes what is open; each world opens again when somebody calls it."""
        with self._lock:
            while self._open:
                self._storage.close(self._open.popitem()[1].engine)

    def get(self, world_id: str) -> World:
        """The world, opened if need be.

        Raises:
            UnknownWorld: when there is none of this id.
        """
        world = self._open.get(world_id)
        if world is not None:
            return world
        with self._lock:
            if world_id in self._open:
                return self._open[world_id]
            live = self._storage.live(world_id)
            if not WORLD_ID.fullmatch(world_id) or not self._storage.exists(live):
                raise UnknownWorld(world_id)
            self._storage.check(live)
            lock = threading.Lock()
            world = World(world_id, self._storage.engine(live, lock), lock)
            self._open[world_id] = world
            while len(self._open) > OPEN_WORLDS:
                self._storage.close(self._open.popitem(last=False)[1].engine)
            return world

    def create(self, world_id: str, scenario: str, credentials: dict[str, str] | None = None, name: str = "") -> World:
        """Makes a world from a scenario.

        Raises:
            WorldError: when the id is no world id, is taken, or the scenario does not exist.
        """
        if not WORLD_ID.fullmatch(world_id):
            raise WorldError("A world's id is eight of the signs a-z and 0-9.")
        template = self._template(scenario)
        with self._lock:
            live = self._storage.live(world_id)
            if self._storage.exists(live):
                raise WorldError(f"There is a world {world_id!r} already.", 409)
            unfinished = self._storage.prepared(f"{world_id}-create")
            self._storage.remove(unfinished)
            self._storage.copy(template, unfinished)
            try:
                with self._at(unfinished, world_id):
                    settings.write("credentials", credentials or {})
                    settings.write("name", name)
                    for made in self._app.extensions["world_made"]:
                        made()
                self._storage.move(unfinished, live)  # the world appears whole or not at all
            finally:
                self._storage.remove(unfinished)
        return self.get(world_id)

    def delete(self, world_id: str) -> None:
        with self._lock:
            self.get(world_id)
            self._storage.close(self._open.pop(world_id).engine)
            self._storage.remove(self._storage.live(world_id))
            for place in self._storage.belongings(world_id):
                self._storage.remove(place)

    def prepare(self, world_id: str, kind: str, name: str | None) -> str:
        """First half of an operation on all services: makes the database that `swap` will put in place.

        Until `swap` or `discard` nothing new begins in the world where a service works by itself (`is_held`).

        Args:
            kind: `reset` (back to the world's scenario), `restore` or `snapshot` (of the given name).

        Returns:
            a ticket for `swap` or `discard`.
        """
        self.get(world_id)
        self._hold(world_id)
        try:
            return self._prepared(world_id, kind, name)
        except BaseException:
            self._release(world_id)
            raise

    def _prepared(self, world_id: str, kind: str, name: str | None) -> str:
        ticket = f"{world_id}-{kind}-{secrets.token_hex(6)}"
        if kind == "reset":
            with self.transaction(world_id, reads_only=True):
                scenario = settings.read("scenario")
            self._storage.copy(self._template(scenario), self._storage.prepared(ticket))
            return ticket
        if not (name and SNAPSHOT_NAME.fullmatch(name)):
            raise WorldError("A snapshot's name is up to 40 letters, digits, - or _.")
        ticket += f"-{name}"
        if kind == "restore":
            source = self._storage.snapshot(world_id, name)
            if not self._storage.exists(source):
                raise WorldError(f"There is no snapshot {name!r} of world {world_id!r}.", 404)
            self._storage.copy(source, self._storage.prepared(ticket))
        elif kind == "snapshot":
            with self.transaction(world_id):
                settings.write("taken_at", clock.now().isoformat())
            self._storage.back_up(self._storage.live(world_id), self._storage.prepared(ticket))
        else:
            raise WorldError("kind is reset, restore or snapshot.")
        return ticket

    def swap(self, ticket: str) -> None:
        """Second half: puts the prepared database in place. Tokens and the journal survive, the epoch rises."""
        world_id, kind, name, prepared = self._ticket(ticket)
        if kind == "snapshot":
            self._storage.move(prepared, self._storage.snapshot(world_id, name))
            self._release(world_id)
            return
        world = self.get(world_id)
        with world.write_lock:
            epoch, kept = self._kept(world_id)
            with self._at(prepared, world_id):  # before the overwrite, so that all of it changes at once
                settings.write("epoch", epoch + 1)
                settings.forget(HELD_UNTIL)
                for key, value in kept.items():
                    settings.write(key, value)
                if kind == "restore":
                    clock.go_back_to(datetime.fromisoformat(settings.read("taken_at")))
            self._storage.overwrite(prepared, self._storage.live(world_id), SURVIVING_TABLES)
        self._storage.remove(prepared)

    def discard(self, ticket: str) -> None:
        world_id, _, _, prepared = self._ticket(ticket)
        self._storage.remove(prepared)
        self._release(world_id)

    def _hold(self, world_id: str) -> None:
        if self._app.extensions["can_be_held"]:
            with self.transaction(world_id):
                settings.write(HELD_UNTIL, clock.real_now().timestamp() + HELD_SECONDS)

    def _release(self, world_id: str) -> None:
        if self._app.extensions["can_be_held"]:
            with self.transaction(world_id):
                settings.forget(HELD_UNTIL)

    def snapshots(self, world_id: str) -> list[str]:
        self.get(world_id)
        return self._storage.snapshots(world_id)

    def rows(self, world_id: str, snapshot: str | None) -> dict[str, dict[str, dict[str, Any]]]:
        """The product's own rows by table and key, of a snapshot or of the world as it is; what all services have for
        themselves (tokens, clock, journal) is left out.

        Raises:
            WorldError: when there is no such snapshot.
        """
        if snapshot is None:
            with self.transaction(world_id, reads_only=True):
                return self._rows()
        self.get(world_id)
        place = self._storage.snapshot(world_id, snapshot)
        if not SNAPSHOT_NAME.fullmatch(snapshot) or not self._storage.exists(place):
            raise WorldError(f"There is no snapshot {snapshot!r} of world {world_id!r}.", 404)
        with self._at(place, world_id):
            return self._rows()

    def _rows(self) -> dict[str, dict[str, dict[str, Any]]]:
        session = self._app.extensions["sqlalchemy"].session
        found: dict[str, dict[str, dict[str, Any]]] = {}
        for table in (table for metadata in self._metadatas[1:] for table in metadata.sorted_tables):
            keys = [column.name for column in table.primary_key.columns]
            rows = session.execute(select(table).order_by(*table.primary_key.columns)).mappings()
            found[table.name] = {"/".join(str(row[key]) for key in keys): dict(row) for row in rows}
        return found

    @contextmanager
    def transaction(self, world_id: str, reads_only: bool = False) -> Iterator[None]:
        """Runs a block in a world outside any request, in one transaction, committed at the end."""
        with self._inside(self.get(world_id), reads_only):
            yield

    @contextmanager
    def _at(self, place: Any, world_id: str) -> Iterator[None]:
        """Runs a block in a world whose place only the caller knows, in one transaction; it is closed after that."""
        lock = threading.Lock()
        engine = self._storage.engine(place, lock)
        try:
            with self._inside(World(world_id, engine, lock)):
                yield
        finally:
            self._storage.close(engine)

    @contextmanager
    def _inside(self, world: World, reads_only: bool = False) -> Iterator[None]:
        with self._app.app_context(), context.entered(world, reads_only), clock.held():
            session = self._app.extensions["sqlalchemy"].session
            try:
                yield
                if not reads_only:
                    session.commit()
            finally:
                session.remove()  # whatever is not committed is undone

    def _ticket(self, ticket: str) -> tuple[str, str, str, Any]:
        world_id, _, rest = ticket.partition("-")
        kind, _, rest = rest.partition("-")
        name = rest.partition("-")[2]
        prepared = self._storage.prepared(ticket)
        if not TICKET.fullmatch(ticket) or not self._storage.exists(prepared):
            raise WorldError("There is no such ticket.", 404)
        return world_id, kind, name, prepared

    def _kept(self, world_id: str) -> tuple[int, dict[str, Any]]:
        with self.transaction(world_id, reads_only=True):
            return settings.read("epoch", 1), {key: settings.read(key, empty) for key, empty in KEPT.items()}

    def _template(self, scenario: str) -> Any:
        """The scenario's ready database, made on first use and when the scenario, the tables or the day change."""
        folder = SCENARIOS / scenario
        if not re.fullmatch(r"[a-z0-9_-]{1,60}", scenario) or not folder.is_dir():
            raise WorldError(f"There is no scenario {scenario!r}.", 404)
        with self._lock:
            template = self._storage.template(scenario, self._fingerprint(folder))
            if not self._storage.exists(template):
                self._build(template, folder)
            return template

    def _fingerprint(self, folder: Path) -> str:
        digest = hashlib.sha256(self._program)
        digest.update(clock.real_now().date().isoformat().encode())
        for path in sorted(folder.rglob("*.json")):
            digest.update(f"{path.name}{path.stat().st_mtime_ns}{path.stat().st_size}".encode())
        return digest.hexdigest()[:16]

    @cached_property
    def _program(self) -> bytes:
        """The tables and the code of this service: both are as they were when it started."""
        digest = hashlib.sha256()
        for metadata in self._metadatas:
            for table in metadata.sorted_tables:
                digest.update(str(CreateTable(table)).encode())
        for source in sorted(Path(self._app.root_path).rglob("*.py")):
            digest.update(f"{source}{source.stat().st_mtime_ns}".encode())
        return digest.digest()

    def _build(self, template: Any, folder: Path) -> None:
        unfinished = self._storage.unfinished(template)
        self._storage.remove(unfinished)
        self._storage.make_room(template)
        self._storage.create(unfinished)
        with self._at(unfinished, "template"):
            ids.start_at(self._id_base)
            settings.write("scenario", folder.name)
            settings.write("epoch", 1)
            settings.write("created_at", clock.real_now().isoformat())
            if self._seed is not None:
                self._seed(folder)
        self._storage.move(unfinished, template)
