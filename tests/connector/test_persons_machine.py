"""People edit contacts and contact persons at will, move them between accounts, and syncs run in between.

What must hold whatever they do (sync.md, Invariants); both products and the connector are real.
"""

import itertools
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

from tests.support.world import Simulator, World

#: A mapped field by its name on either side.
FIELDS = {"Phone": "phone", "Title": "designation"}
TEXTS = st.sampled_from(["", "1", "22", "333"])
ACCOUNTS = ("Acme", "Zylker")
BOTH = {"module": "accounts_and_contacts", "extent": "both"}
EXAMPLES, STEPS = 10, 14

Record = dict[str, Any]


class PeopleOnBothSides(RuleBasedStateMachine):
    """Contacts of two accounts under *Sync both ways*; every person has a last name of its own."""

    simulator: Simulator

    def __init__(self) -> None:
        super().__init__()
        self.numbers = itertools.count(1)
        #: What was edited since the last sync: (person, field) → side → value.
        self.edits: dict[tuple[str, str], dict[str, str]] = {}
        self.looks = itertools.count()

    @initialize(winner=st.sampled_from(["crm", "invoice"]), is_frozen=st.booleans())
    def begin(self, winner: str, is_frozen: bool) -> None:
        self.winner = winner
        self.world: World = self.simulator.new_world()
        for service in ("crm", "invoice", "connector") if is_frozen else ():
            self.world.control(service, "PUT", f"/{self.world.id}/clock", {"freeze": True})
        self.ids = {name: self.world.add_account(name) for name in ACCOUNTS}
        for name in ACCOUNTS:
            self.add_contact(name, "1")
        self.world.connect(contacts={**BOTH, "conflicts": winner}, items={"enabled": False})
        self.world.sync()

    # what people do

    @rule(account=st.sampled_from(ACCOUNTS), phone=TEXTS)
    def add_contact(self, account: str, phone: str) -> None:
        last = f"Contact {next(self.numbers)}"
        self.world.add("Contacts", Last_Name=last, Phone=phone, Account_Name={"id": self.ids[account]})

    @rule(account=st.sampled_from(ACCOUNTS), phone=TEXTS)
    def add_person(self, account: str, phone: str) -> None:
        body = {"last_name": f"Person {next(self.numbers)}", "phone": phone}
        customer = self.world.customers()[account]["contact_id"]
        self.world.invoice.create_contact_person({**body, "contact_id": customer})

    @rule(which=st.integers(0, 9), field=st.sampled_from(sorted(FIELDS)), value=TEXTS)
    def edit_contact(self, which: int, field: str, value: str) -> None:
        name, record = self._pick(self.contacts(), which)
        if str(record[field] or "") != value:
            self.world.change("Contacts", record["id"], **{field: value or None})
            self.edits.setdefault((name, field), {})["crm"] = value

    @rule(which=st.integers(0, 9), field=st.sampled_from(sorted(FIELDS)), value=TEXTS)
    def edit_person(self, which: int, field: str, value: str) -> None:
        name, record = self._pick(self.persons(), which)
        if record[FIELDS[field]] != value:
            self.world.invoice.update_contact_person(record["contact_person_id"], {FIELDS[field]: value})
            self.edits.setdefault((name, field), {})["invoice"] = value

    @rule(which=st.integers(0, 9), account=st.sampled_from(ACCOUNTS))
    def move_contact(self, which: int, account: str) -> None:
        _, record = self._pick(self.contacts(), which)
        self.world.change("Contacts", record["id"], Account_Name={"id": self.ids[account]})

    @rule(which=st.integers(0, 9))
    def delete_contact(self, which: int) -> None:
        contacts = self.contacts()
        if len(contacts) > 1:  # an empty list stops a run, which is another story
            self.world.crm.delete_records("Contacts", [self._pick(contacts, which)[1]["id"]])

    @rule(which=st.integers(0, 9))
    def delete_person(self, which: int) -> None:
        persons = self.persons()
        if len(persons) > 1:
            self.world.invoice.delete_contact_person(self._pick(persons, which)[1]["contact_person_id"])

    @rule()
    def sync(self) -> None:
        before = {name: self._shown(name) for name in {name for name, _ in self.edits}}
        run = self.world.sync()
        assert run["run"]["state"] == "done", run
        assert run["run"]["counts"]["failed"] == 0, self.world.ops(run["run"]["id"], outcome="failed")
        self._lost_no_edit(before)
        self.edits.clear()

    # what must hold

    @precondition(lambda self: not self.edits)
    @invariant()
    def quiet_sides_agree(self) -> None:
        """With nothing edited, two syncs bring agreement and a third writes nothing; nobody stands there twice."""
        if not hasattr(self, "world") or next(self.looks) % 4:
            return
        self.world.sync()
        self.world.sync()
        before = self._writes()
        self.world.sync()
        assert self._writes() == before
        contacts, persons = self.contacts(), self.persons()
        for name in contacts.keys() & persons.keys():
            assert persons[name]["zcrm_contact_id"] == contacts[name]["id"]
            assert persons[name]["customer"] == contacts[name]["Account_Name"]["name"], name
            for field, theirs in FIELDS.items():
                assert str(contacts[name][field] or "") == persons[name][theirs], (name, field)
        assert not persons.keys() - contacts.keys()

    def _lost_no_edit(self, before: dict[str, tuple[bool, bool]]) -> None:
        """An edit of one side alone stands on both afterwards, of two the winner's; edits beat deletions (C11, C12)."""
        contacts, persons = self.contacts(), self.persons()
        for (name, field), sides in self.edits.items():
            if not all(before[name]):
                continue
            wanted = sides.get(self.winner, next(iter(sides.values())))
            found = (str(contacts[name][field] or ""), persons[name][FIELDS[field]])
            assert found == (wanted, wanted), (name, field, sides)
        for name, (had_contact, had_person) in before.items():
            edited = {side for (one, _), sides in self.edits.items() if one == name for side in sides}
            if had_contact and not had_person and "crm" in edited:
                assert name in persons
            if had_person and not had_contact and "invoice" in edited:
                assert name in contacts

    def contacts(self) -> dict[str, Record]:
        rows = list(self.world.crm.iterate("Contacts", ["Last_Name", "Account_Name", *FIELDS]))
        found = {row["Last_Name"]: row for row in rows}
        assert len(found) == len(rows), "a contact stands there twice"
        return found

    def persons(self) -> dict[str, Record]:
        rows = [
            {**person, "customer": account}
            for account in ACCOUNTS
            for person in self.world.customer(account)["contact_persons"]
        ]
        found = {row["last_name"]: row for row in rows}
        assert len(found) == len(rows), "a person stands there twice"
        return found

    def _shown(self, name: str) -> tuple[bool, bool]:
        return name in self.contacts(), name in self.persons()

    def _writes(self) -> int:
        return len(self.world.writes("crm")) + len(self.world.writes("invoice"))

    @staticmethod
    def _pick(records: dict[str, Any], which: int) -> tuple[str, Any]:
        name = sorted(records)[which % len(records)]
        return name, records[name]


@pytest.mark.requirement("C2", "C11", "C12", "C13")
def test_whatever_people_do_with_persons_both_sides_agree_and_nothing_is_lost(simulator: Simulator):
    machine = type("PeopleHere", (PeopleOnBothSides,), {"simulator": simulator})

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
