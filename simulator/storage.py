"""Where worlds live: one SQLite file for each service and world, made by copying a template; or a PostgreSQL server."""

import shutil
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import Engine, MetaData

from simulator import revision
from simulator.config import Config
from simulator.database import BUSY_TIMEOUT_MS, sqlite_engine
from simulator.read_entries import ReadEntries, ReadFile
from simulator.schemas import PostgresStorage

Place = TypeVar("Place")


class DamagedWorld(Exception):
    """SQLite's quick_check refused the file of a world."""


class Storage(Protocol[Place]):
    """What `Worlds` needs of a place for databases; a `Place` (a file, a schema) may hold one or not."""

    def live(self, world: str) -> Place: ...
    def template(self, scenario: str, state: str) -> Place: ...
    def snapshot(self, world: str, name: str) -> Place: ...
    def prepared(self, ticket: str) -> Place: ...
    def unfinished(self, place: Place) -> Place: ...
    def worlds(self) -> list[str]: ...
    def snapshots(self, world: str) -> list[str]: ...
    def belongings(self, world: str) -> list[Place]: ...
    def exists(self, place: Place) -> bool: ...
    def check(self, place: Place) -> None: ...
    def engine(self, place: Place, write_lock: threading.Lock) -> Engine: ...
    def close(self, engine: Engine) -> None: ...
    def create(self, place: Place) -> None: ...
    def make_room(self, template: Place) -> None: ...
    def copy(self, source: Place, target: Place) -> None: ...
    def back_up(self, source: Place, target: Place) -> None: ...
    def overwrite(self, source: Place, live: Place, surviving: Iterable[str]) -> None: ...
    def move(self, source: Place, target: Place) -> None: ...
    def remove(self, place: Place) -> None: ...
    def reads(self) -> ReadEntries: ...


def open_storage(config: Config, metadatas: Sequence[MetaData]) -> Storage[Any]:
    """Schemas of the server that is configured, else files; `metadatas` say which tables a world has."""
    if config.database_url:
        return PostgresStorage(config.database_url, config.name, metadatas)
    return SqliteStorage(config.data_dir / config.name, config.synchronous, metadatas)


class SqliteStorage:
    """The files of one service's worlds: `<world>.db`, `snapshots/<world>.<name>.db`, `templates/<key>.db`."""

    def __init__(self, folder: Path, synchronous: str, metadatas: Sequence[MetaData]) -> None:
        self.folder = folder
        self.synchronous = synchronous
        self._metadatas = metadatas
        for part in ("", "snapshots", "templates", "prepared"):
            (folder / part).mkdir(parents=True, exist_ok=True)

    def live(self, world: str) -> Path:
        return self.folder / f"{world}.db"

    def template(self, scenario: str, state: str) -> Path:
        return self.folder / "templates" / f"{scenario}-{state}.db"

    def snapshot(self, world: str, name: str) -> Path:
        return self.folder / "snapshots" / f"{world}.{name}.db"

    def prepared(self, ticket: str) -> Path:
        return self.folder / "prepared" / f"{ticket}.db"

    def unfinished(self, place: Path) -> Path:
        return place.with_suffix(".building")

    def worlds(self) -> list[str]:
        return sorted(path.stem for path in self.folder.glob("*.db"))

    def snapshots(self, world: str) -> list[str]:
        """The names of a world's snapshots."""
        return [path.stem.partition(".")[2] for path in self._snapshot_files(world)]

    def belongings(self, world: str) -> list[Path]:
        """What is kept of a world beside its live file: snapshots, and preparations nobody swapped in."""
        return [*self._snapshot_files(world), *(self.folder / "prepared").glob(f"{world}-*.db")]

    def _snapshot_files(self, world: str) -> list[Path]:
        return sorted((self.folder / "snapshots").glob(f"{world}.*.db"))

    def exists(self, path: Path) -> bool:
        return path.exists()

    def engine(self, path: Path, write_lock: threading.Lock) -> Engine:
        engine = sqlite_engine(path, write_lock, self.synchronous)
        revision.mark_commits(engine)
        return engine

    def close(self, engine: Engine) -> None:
        engine.dispose()

    def reads(self) -> ReadEntries:
        """Where the journal's entries of reads are kept."""
        return ReadFile(self.folder / "reads.journal")

    def create(self, path: Path) -> None:
        """Makes the tables of an empty world."""
        engine = self.engine(path, threading.Lock())
        try:
            for metadata in self._metadatas:
                metadata.create_all(engine)
        finally:
            engine.dispose()

    def make_room(self, template: Path) -> None:
        """Old templates are small files and stay."""

    def check(self, path: Path) -> None:
        """Refuses a damaged file before anything is read from it.

        Raises:
            DamagedWorld: with what SQLite said.
        """
        with sqlite3.connect(path) as connection:
            try:
                verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            except sqlite3.DatabaseError as error:
                verdict = str(error)
        connection.close()
        if verdict != "ok":
            raise DamagedWorld(f"{path} is damaged ({verdict}); restore a snapshot or delete the world")

    def copy(self, source: Path, target: Path) -> None:
        """Copies a closed file, so that the copy appears whole or not at all."""
        part = target.with_suffix(".part")
        shutil.copyfile(source, part)
        part.replace(target)

    def back_up(self, source: Path, target: Path) -> None:
        """Copies a live file through SQLite's backup API."""
        part = target.with_suffix(".part")
        part.unlink(missing_ok=True)
        _backup(source, part)
        part.replace(target)

    def overwrite(self, source: Path, live: Path, surviving: Iterable[str]) -> None:
        """Puts the content of `source` into the live file, keeping the tables named in `surviving`.

        The caller holds the world's write lock, so nobody writes meanwhile.
        """
        with sqlite3.connect(source, timeout=BUSY_TIMEOUT_MS / 1000) as connection:
            connection.execute("ATTACH ? AS live", (str(live),))
            for table in surviving:
                connection.execute(f'DELETE FROM main."{table}"')
                connection.execute(f'INSERT INTO main."{table}" SELECT * FROM live."{table}"')
        connection.close()
        _backup(source, live)

    def move(self, source: Path, target: Path) -> None:
        """Gives a closed file another name, in place of whatever had it."""
        source.replace(target)

    def remove(self, path: Path) -> None:
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)


def _backup(source: Path, target: Path) -> None:
    from_file = sqlite3.connect(source, timeout=BUSY_TIMEOUT_MS / 1000)
    to_file = sqlite3.connect(target, timeout=BUSY_TIMEOUT_MS / 1000)
    try:
        from_file.backup(to_file, sleep=0.002)
    finally:
        to_file.close()
        from_file.close()
