"""The power fails: of a world's files survives what was synced, and anything of what came after (reliability.md, F30).

An image is the database file as it was last checkpointed, and its write-ahead log cut or torn anywhere behind the last
commit that was answered. Whatever was answered as done must be in each image, and the file must be whole.
"""

import random
import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from simulator.config import Config
from simulator.database import sqlite_engine
from simulator.storage import open_storage
from tests.support.databases import files_only
from tests.support.world import Simulator, World

WRITES = 20
#: How an image ends behind the last answered commit: cleanly, in the middle of the next, with torn pages.
ENDS = ("clean", "cut", "torn")
QUERIES = {
    "crm": "select count(*) from record where module = 'Accounts'",
    "invoice": "select count(*) from contact",
    "connector": "select count(*) from op",
}


def account(world: World, number: int) -> None:
    world.add_account(f"Acme {number}")


def customer(world: World, number: int) -> None:
    world.invoice.create_contact({"contact_name": f"Acme {number}"})


def synced(world: World, number: int) -> None:
    world.add_account(f"Acme {number}")
    assert world.sync()["run"]["state"] == "done"


WRITING: dict[str, Callable[[World, int], None]] = {"crm": account, "invoice": customer, "connector": synced}


def rows(path: Path, query: str) -> int:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
        return int(connection.execute(query).fetchone()[0])


@pytest.mark.parametrize(("service", "level"), [("connector", 2), ("crm", 1), ("invoice", 1)])
def test_the_connector_syncs_each_commit_to_disk_the_products_their_checkpoints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, service: Any, level: int
):
    monkeypatch.delenv("SIMULATOR_SYNCHRONOUS", raising=False)
    config = Config.from_environment(service)
    engine = sqlite_engine(tmp_path / "any.db", threading.Lock(), config.synchronous)

    with engine.connect() as connection:
        assert connection.exec_driver_sql("pragma synchronous").scalar() == level
    engine.dispose()


def survives(simulator: Simulator, world: World, service: str, folder: Path, seed: str) -> int:
    """Writes to a service and looks at what a loss of power after each answer may leave; how many images that were.

    Raises:
        AssertionError: an image is damaged, or lacks what was answered as done.
    """
    storage = open_storage(simulator.apps[service].extensions["config"], ())
    path, chance, query = storage.live(world.id), random.Random(seed), QUERIES[service]
    log = path.with_name(f"{path.name}-wal")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    shutil.copy(path, folder / "base")

    answered: list[tuple[int, int]] = []
    for number in range(WRITES):
        WRITING[service](world, number)
        answered.append((log.stat().st_size, rows_now(path, query)))

    written = log.read_bytes()
    assert path.read_bytes() == (folder / "base").read_bytes()
    for number, (size, count) in enumerate(answered):
        following = answered[number + 1][0] if number + 1 < len(answered) else len(written)
        for end in ENDS:
            image = folder / f"{number}-{end}"
            shutil.copy(folder / "base", image)
            behind = written[size : chance.randint(size, following)] if end != "clean" else b""
            torn = chance.randbytes(chance.randint(1, 9000)) if end == "torn" else b""
            image.with_name(f"{image.name}-wal").write_bytes(written[:size] + behind + torn)
            assert rows(image, query) >= count
    return len(answered) * len(ENDS)


@files_only
@pytest.mark.parametrize("service", WRITING)
def test_what_was_answered_as_done_survives_a_loss_of_power(
    simulator: Simulator, world: World, tmp_path: Path, service: str
):
    world.connect(items={"enabled": False})

    assert survives(simulator, world, service, tmp_path, service) == WRITES * len(ENDS)


def rows_now(path: Path, query: str) -> int:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return int(connection.execute(query).fetchone()[0])
