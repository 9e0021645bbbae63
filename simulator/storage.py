"""Where worlds live on disk: one SQLite file for each service and world, made by copying a template."""

import shutil
import sqlite3
import threading
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Engine

from simulator.database import BUSY_TIMEOUT_MS, sqlite_engine


class DamagedWorld(Exception):
    """SQLite's quick_check refused the file of a world."""


class SqliteStorage:
    """The files of one service's worlds: `<world>.db`, `snapshots/<world>.<name>.db`, `templates/<key>.db`."""

    def __init__(self, folder: Path, synchronous: str) -> None:
        self.folder = folder
        self.synchronous = synchronous
        for part in ("", "snapshots", "templates", "prepared"):
            (folder / part).mkdir(parents=True, exist_ok=True)

    def live(self, world: str) -> Path:
        return self.folder / f"{world}.db"

    def template(self, key: str) -> Path:
        return self.folder / "templates" / f"{key}.db"

    def snapshot(self, world: str, name: str) -> Path:
        return self.folder / "snapshots" / f"{world}.{name}.db"

    def prepared(self, ticket: str) -> Path:
        return self.folder / "prepared" / f"{ticket}.db"

    def worlds(self) -> list[str]:
        return sorted(path.stem for path in self.folder.glob("*.db"))

    def snapshots(self, world: str) -> list[Path]:
        return sorted((self.folder / "snapshots").glob(f"{world}.*.db"))

    def belongings(self, world: str) -> list[Path]:
        """What is kept of a world beside its live file: snapshots, and preparations nobody swapped in."""
        return [*self.snapshots(world), *(self.folder / "prepared").glob(f"{world}-*.db")]

    def engine(self, path: Path, write_lock: threading.Lock) -> Engine:
        return sqlite_engine(path, write_lock, self.synchronous)

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
