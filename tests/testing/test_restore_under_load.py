"""A world is put back while everybody writes in it and syncs: all of it is as it was, never some of it.

`RESTORE_TRIES=50` tries it longer than the suite does; each try is made of its seed.
"""

import os
import random
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

from simulator.http import PeerError
from simulator.hub import HubError
from simulator.testing import Zoho, assert_converged, assert_idempotent
from simulator.testing.picture import Picture, taken

TRIES = int(os.environ.get("RESTORE_TRIES", "2"))
WRITERS = 3


@dataclass
class Load:
    """People who write into both products, each as fast as he can, while somebody syncs.

    Attributes:
        answered: the names of the records they made, and when each was answered (monotonic).
    """

    zoho: Zoho
    seed: int
    answered: dict[str, float] = field(default_factory=dict)

    def __enter__(self) -> "Load":
        self._is_over = threading.Event()
        self._threads = [threading.Thread(target=self._write, args=(number,)) for number in range(WRITERS)]
        self._threads.append(threading.Thread(target=self._sync))
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def _write(self, writer: int) -> None:
        chance = random.Random(f"{self.seed} {writer}")
        number = 0
        while not self._is_over.is_set():
            number += 1
            name = f"Load {writer}-{number}"
            try:
                if chance.random() < 0.5:
                    self.zoho.crm.create_records("Accounts", [{"Account_Name": name}])
                else:
                    self.zoho.invoice.create_contact({"contact_name": name})
            except PeerError:
                continue  # refused or lost on the way: nothing was promised
            self.answered[name] = time.monotonic()

    def _sync(self) -> None:
        chance = random.Random(f"{self.seed} syncs")
        while not self._is_over.wait(chance.uniform(0.0, 0.5)):
            with suppress(PeerError):  # one is under way
                self.zoho.connector_api.start_run()


def names_in(picture: Picture) -> set[str]:
    return {one.name for side in (picture.crm, picture.invoice) for found in side.values() for one in found.values()}


@pytest.mark.requirement("X3")
def test_a_restore_under_load_leaves_no_mixed_state(zoho: Zoho):
    settings = {"extent": "both", "duplicates": "overwrite"}
    zoho.crm.create_records("Accounts", [{"Account_Name": f"Account {number}"} for number in range(10)])
    zoho.connect(contacts=settings, items={"enabled": False})
    zoho.sync()
    synced = zoho.connector.synced()
    zoho.snapshot("calm")
    calm = taken(zoho, synced)

    for seed in range(TRIES):
        was_restored, load, begun = restored_under_load(zoho, seed)
        zoho.settle()
        found = names_in(taken(zoho, synced)) - names_in(calm)
        before = {name for name, answered in load.answered.items() if answered < begun}
        if was_restored:
            assert not before & found, f"seed {seed}: these were written before the restore"
        else:
            assert before <= found, f"seed {seed}: the restore was refused, and these are gone"
        zoho.sync()
        zoho.sync()
        assert_converged(zoho)
        assert_idempotent(zoho)
        zoho.restore("calm")
        assert taken(zoho, synced) == calm, f"seed {seed}"


def restored_under_load(zoho: Zoho, seed: int) -> tuple[bool, Load, float]:
    """Whether the restore was done and not refused, who wrote what meanwhile, and when the restore began."""
    wanted = random.Random(seed).randint(1, 30)
    with Load(zoho, seed) as load:
        while len(load.answered) < wanted:
            zoho.clock.now()  # one more who asks
        begun = time.monotonic()
        try:
            zoho.restore("calm")
        except HubError as error:
            if error.status != 409:
                raise
            return False, load, begun
        return True, load, begun
