"""People edit both products at will and syncs run in between: what must hold whatever they do (sync.md, Invariants).

Both products and the connector are real, each example in a world of its own.
"""

import itertools
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from connector.sync.reading import changes, cursors
from tests.support.world import Simulator, World

#: A mapped field by its name on either side.
FIELDS = {"Phone": ("billing_address", "phone"), "Billing_City": ("billing_address", "city"), "Description": ("notes",)}
TEXTS = st.sampled_from(["", "1", "22", "Oslo", "333"])
EXAMPLES, STEPS = 12, 14


def in_invoice(field: str, value: str) -> dict[str, Any]:
    first, *rest = FIELDS[field]
    return {first: {rest[0]: value}} if rest else {first: value}


def of_invoice(contact: dict[str, Any], field: str) -> str:
    value: Any = contact
    for part in FIELDS[field]:
        value = value[part]
    return str(value)


class BothSides(RuleBasedStateMachine):
    """Accounts and customers under *Sync both ways*, duplicates are skipped (names are never given twice).

    Either side may win a conflict; where the clock stands still all edits fall into one second.
    """

    simulator: Simulator

    def __init__(self) -> None:
        super().__init__()
        self.numbers = itertools.count(1)
        #: What was edited since the last sync: (name, field) → side → value.
        self.edits: dict[tuple[str, str], dict[str, str]] = {}
        self.deleted: set[str] = set()
        self.looks = itertools.count()

    @initialize(winner=st.sampled_from(["crm", "invoice"]), is_frozen=st.booleans())
    def begin(self, winner: str, is_frozen: bool) -> None:
        self.winner = winner
        self.world: World = self.simulator.new_world()
        for service in ("crm", "invoice", "connector") if is_frozen else ():
            self.world.control(service, "PUT", f"/{self.world.id}/clock", {"freeze": True})
        self.world.add_account("Anchor")
        self.world.connect(contacts={"extent": "both", "conflicts": winner}, items={"enabled": False})
        self.world.sync()

    # what people do

    @rule(phone=TEXTS)
    def add_account(self, phone: str) -> None:
        self.world.add_account(f"Account {next(self.numbers)}", Phone=phone)

    @rule(phone=TEXTS)
    def add_customer(self, phone: str) -> None:
        values = {"contact_name": f"Customer {next(self.numbers)}", **in_invoice("Phone", phone)}
        self.world.invoice.create_contact(values)

    @rule(which=st.integers(0, 9), field=st.sampled_from(sorted(FIELDS)), value=TEXTS)
    def edit_account(self, which: int, field: str, value: str) -> None:
        name, record = self._pick(self.accounts(), which)
        if str(record[field] or "") != value:
            self.world.change("Accounts", record["id"], **{field: value or None})
            self.edits.setdefault((name, field), {})["crm"] = value

    @rule(which=st.integers(0, 9), field=st.sampled_from(sorted(FIELDS)), value=TEXTS)
    def edit_customer(self, which: int, field: str, value: str) -> None:
        name, row = self._pick(self.world.customers(), which)
        if of_invoice(self.world.customer(name), field) != value:
            self.world.invoice.update_contact(row["contact_id"], in_invoice(field, value))
            self.edits.setdefault((name, field), {})["invoice"] = value

    @rule(which=st.integers(0, 9))
    def delete_account(self, which: int) -> None:
        name, record = self._pick(self.accounts(), which)
        if name != "Anchor":
            self.world.crm.delete_records("Accounts", [record["id"]])
            self.deleted.add(name)

    @rule(which=st.integers(0, 9))
    def delete_customer(self, which: int) -> None:
        name, row = self._pick(self.world.customers(), which)
        if name != "Anchor":
            self.world.invoice.delete_contact(row["contact_id"])
            self.deleted.add(name)

    @rule(which=st.integers(0, 9))
    def edit_customer_and_delete_its_account(self, which: int) -> None:
        customers = sorted(self.world.customers())
        shared = {name: row for name, row in self.accounts().items() if name in customers and name != "Anchor"}
        if shared:
            name, record = self._pick(shared, which)
            self.edit_customer(customers.index(name), "Description", f"edit {next(self.numbers)}")
            self.world.crm.delete_records("Accounts", [record["id"]])
            self.deleted.add(name)

    @rule()
    def sync(self) -> None:
        before = {name: self._shown(name) for name in {name for name, _ in self.edits}}
        run = self.world.sync()
        assert run["run"]["state"] == "done", run
        self._adds_up(run)
        self._lost_no_edit(before)
        self.edits.clear()

    # what must hold

    @precondition(lambda self: not self.edits)
    @invariant()
    def quiet_sides_agree(self) -> None:
        """Convergence and quiescence: with nothing edited, two syncs bring agreement and a third writes nothing."""
        if not hasattr(self, "world") or next(self.looks) % 4:
            return
        self.world.sync()
        self.world.sync()
        before = self._writes()
        self.world.sync()
        assert self._writes() == before
        accounts, customers = self.accounts(), self.world.customers()
        assert len(accounts) == len(set(accounts))
        for name in accounts.keys() & customers.keys():
            customer = self.world.customer(name)
            for field in FIELDS:
                assert str(accounts[name][field] or "") == of_invoice(customer, field), (name, field)
        for name in customers.keys() - accounts.keys():
            assert name in self.deleted, f"{name} was never exported"

    def _lost_no_edit(self, before: dict[str, Any]) -> None:
        """An edit of one side alone stands on both afterwards, of two the winner's; edits beat deletions (C11, C12)."""
        accounts, customers = self.accounts(), self.world.customers()
        for (name, field), sides in self.edits.items():
            if not all(before[name]):  # deleted on one side before the sync: told by the deletion's own rule
                continue
            wanted = sides.get(self.winner, next(iter(sides.values())))
            found = (str(accounts[name][field] or ""), of_invoice(self.world.customer(name), field))
            assert found == (wanted, wanted), (name, field, sides)
        for name, (had_account, had_customer) in before.items():
            edited = {side for (one, _), sides in self.edits.items() if one == name for side in sides}
            if had_account and not had_customer and "crm" in edited:
                assert name in customers
            if had_customer and not had_account and "invoice" in edited:
                assert name in accounts

    @staticmethod
    def _adds_up(run: dict[str, Any]) -> None:
        for row in run["totals"]:
            parts = ("added", "updated", "deleted", "skipped", "unchanged", "failed")
            assert row["fetched"] == sum(row[part] for part in parts)
            assert row["failed"] == 0

    def accounts(self) -> dict[str, dict[str, Any]]:
        rows = self.world.crm.iterate("Accounts", ["Account_Name", *FIELDS])
        return {row["Account_Name"]: row for row in rows}

    def _shown(self, name: str) -> tuple[bool, bool]:
        return name in self.accounts(), name in self.world.customers()

    def _writes(self) -> int:
        return len(self.world.writes("crm")) + len(self.world.writes("invoice"))

    @staticmethod
    def _pick(records: dict[str, Any], which: int) -> tuple[str, Any]:
        name = sorted(records)[which % len(records)]
        return name, records[name]


@pytest.mark.requirement("C2", "C11", "C12")
@pytest.mark.parametrize("reading", ["full", "changes"])
def test_whatever_people_edit_both_sides_agree_and_nothing_is_lost(
    simulator: Simulator, reading: str, monkeypatch: pytest.MonkeyPatch
):
    if reading == "changes":  # as it is with many records; and no look back, which would hide what is missed
        monkeypatch.setattr(cursors, "IN_FULL_UP_TO", 0)
        monkeypatch.setattr(changes, "OVERLAP", timedelta(0))
    machine = type("BothSidesHere", (BothSides,), {"simulator": simulator})

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
