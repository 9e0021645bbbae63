"""Seeded simulations: people edit both products, syncs run between, and faults of several kinds come and go.

Each is told by its seed alone. In the end both sides agree, each record is there once, and no edit is gone unless a
later one or the other side's of the same field stands in its place (reliability.md §5).
"""

import random
from typing import Any

import pytest

from tests.proof import stories
from tests.proof.prepared import PRODUCTS
from tests.proof.test_faults_at_each_call import WAYS, no_long_waits
from tests.support.dying import killed_at
from tests.support.world import Simulator, World

pytestmark = pytest.mark.requirement("C11", "C12", "X5")

__all__ = ["no_long_waits"]

SEEDS, STEPS = 50, 30
POINTS = ("before-send", "reply-read", "outcome-stored", "intent-stored", "page-received", "decided", "run-closed")
FIELDS = {"Phone": ("billing_address", "phone"), "Description": ("notes",)}


class Simulation:
    """One world under a seed.

    Attributes:
        edits: by name and field, the last value that each side was given since the account was last deleted, if it was.
    """

    def __init__(self, simulator: Simulator, seed: int) -> None:
        self.simulator = simulator
        self.chance = random.Random(seed)
        self.world: World = simulator.new_world()
        self.names: list[str] = []
        self.deleted: set[str] = set()
        self.edits: dict[tuple[str, str], dict[str, str]] = {}
        self.value = 0
        for number in range(3):
            self.names.append(f"Acme {number}")
            self.world.add_account(self.names[-1])
        winner = self.chance.choice(("crm", "invoice"))
        self.world.connect(contacts={"extent": "both", "conflicts": winner}, items={"enabled": False})
        self.world.sync()

    def run(self) -> None:
        kinds = self.chance.sample(sorted(WAYS), 3)
        acts = [self.edit_crm, self.edit_invoice, self.edit_crm, self.edit_invoice, self.add, self.add, self.delete]
        for step in range(STEPS):
            if step % 8 == 7:
                self.troubled_sync(self.chance.choice(kinds))
            else:
                self.chance.choice(acts)()

    def add(self) -> None:
        self.names.append(f"Acme {len(self.names)}")
        if self.chance.random() < 0.5:
            self.world.add_account(self.names[-1])
        else:
            self.world.invoice.create_contact({"contact_name": self.names[-1]})

    def edit_crm(self) -> None:
        name, field = self.chance.choice(self.names), self.chance.choice(sorted(FIELDS))
        found = self.accounts().get(name)
        if found is not None:
            self.world.change("Accounts", found["id"], **{field: self._edited("crm", name, field)})

    def edit_invoice(self) -> None:
        name, field = self.chance.choice(self.names), self.chance.choice(sorted(FIELDS))
        found = self.world.customers().get(name)
        if found is not None:
            first, *rest = FIELDS[field]
            value = self._edited("invoice", name, field)
            self.world.invoice.update_contact(found["contact_id"], {first: {rest[0]: value} if rest else value})

    def _edited(self, side: str, name: str, field: str) -> str:
        self.value += 1
        self.edits.setdefault((name, field), {})[side] = str(self.value)
        return str(self.value)

    def delete(self) -> None:
        """Never of the first, because an empty list stops a sync, nor of many, because that asks a person."""
        name = self.chance.choice(self.names[1:])
        found = self.accounts().get(name)
        if found is not None and len(self.deleted) < 5:
            self.deleted.add(name)
            for field in FIELDS:  # what was edited there and not synced goes with the record
                self.edits.pop((name, field), None)
            self.world.crm.delete_records("Accounts", [found["id"]])

    def troubled_sync(self, way: str) -> None:
        rule = {**WAYS[way], "skip": self.chance.randint(0, 12), "times": self.chance.choice((1, 2, 8))}
        product = self.chance.choice(PRODUCTS)
        self.world.control(product, "POST", f"/{self.world.id}/faults", rule)
        if self.chance.random() < 0.3:
            killed_at(self.simulator, f"{self.chance.choice(POINTS)}:{self.chance.randint(1, 3)}", self._sync)
        else:
            self._sync()
        self.world.control(product, "DELETE", f"/{self.world.id}/faults")
        self.world.settle()

    def _sync(self) -> None:
        self.world.connector("POST", "/connection/runs", {"kind": "instant"})
        self.world.settle()

    def accounts(self) -> dict[str, dict[str, Any]]:
        rows = self.world.crm.iterate("Accounts", ["Account_Name", *FIELDS])
        return {row["Account_Name"]: row for row in rows}

    def check(self) -> None:
        written = [stories.quiet_writes(self.world) for _ in range(3)]
        assert written[2] == 0, written
        names = [row["Account_Name"] for row in self.world.crm.iterate("Accounts", ["Account_Name"])]
        customers = [row["contact_name"] for row in self.world.invoice.contacts()]
        assert sorted(names) == sorted(set(names)) == sorted(customers)
        assert set(self.names) - self.deleted <= set(names)
        accounts = self.accounts()
        for name in names:
            customer = self.world.customer(name)
            for field, path in FIELDS.items():
                value: Any = customer
                for part in path:
                    value = value[part]
                assert (accounts[name][field] or "") == value
                given = self.edits.get((name, field), {})
                assert not given or value in given.values(), (name, field, name in self.deleted)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_simulation_ends_with_both_sides_equal_and_no_edit_lost(simulator: Simulator, seed: int):
    simulation = Simulation(simulator, seed)

    simulation.run()

    simulation.check()
