"""Exports whose answer is lost, and edits made before anybody knew of it: none of them may be lost (sync.md §5)."""

from typing import Any

import pytest

from connector.sync.crm_side import CrmRecords
from tests.connector.test_both_ways import BOTH, account_named, accounts, edit_customer, writes
from tests.connector.test_both_ways_trouble import OFF, lose_the_answer, phone
from tests.support.world import World


def exported_unheard(world: World, **settings: Any) -> str:
    """Zylker was exported, but the CRM's answer never came; the id of its account."""
    world.invoice.create_contact({"contact_name": "Zylker", "billing_address": {"phone": "1"}})
    world.connect(contacts={**BOTH, **settings}, items=OFF)
    lose_the_answer(world)
    return str(account_named(world, "Zylker")["id"])


@pytest.mark.requirement("C11")
@pytest.mark.parametrize("winner", ["crm", "invoice"])
def test_an_edit_of_an_account_that_nobody_knew_of_travels_whoever_wins_conflicts(world: World, winner):
    made = exported_unheard(world, conflicts=winner)
    world.change("Accounts", made, Phone="2")
    edit_customer(world, "Zylker", notes="From Invoice")

    world.sync()
    before = writes(world)
    world.sync()

    assert phone(world, "Zylker") == "2"
    assert account_named(world, "Zylker")["Description"] == "From Invoice"
    assert (accounts(world), writes(world)) == (["Zylker"], before)


@pytest.mark.requirement("C11")
@pytest.mark.parametrize(("winner", "stands"), [("crm", "2"), ("invoice", "3")])
def test_edits_of_both_sides_before_the_export_is_known_are_a_conflict(world: World, winner, stands):
    made = exported_unheard(world, conflicts=winner)
    world.change("Accounts", made, Phone="2")
    edit_customer(world, "Zylker", billing_address={"phone": "3"})

    world.sync()

    assert (account_named(world, "Zylker")["Phone"], phone(world, "Zylker")) == (stands, stands)


@pytest.mark.requirement("C11")
def test_a_create_that_is_sent_again_leaves_an_edit_made_meanwhile(world: World, monkeypatch):
    world.invoice.create_contact({"contact_name": "Zylker", "billing_address": {"phone": "1"}})
    world.connect(contacts=BOTH, items=OFF)
    create = CrmRecords._create

    def twice(self: CrmRecords, tasks: list[Any]) -> Any:
        """The process dies before it can note the answer, somebody edits the record, and another process resumes."""
        (result,) = create(self, tasks)
        world.change("Accounts", str(result.crm_id), Phone="2")
        return create(self, tasks)

    monkeypatch.setattr(CrmRecords, "_create", twice)
    world.sync()
    monkeypatch.undo()
    world.sync()

    assert (account_named(world, "Zylker")["Phone"], phone(world, "Zylker")) == ("2", "2")


@pytest.mark.requirement("C11")
def test_an_edit_between_a_write_and_its_reading_back_travels_with_the_next_run(world: World, monkeypatch):
    acme = world.add_account("Acme", Phone="1")
    world.connect(contacts=BOTH, items=OFF)
    world.sync()
    edit_customer(world, "Acme", billing_address={"phone": "2"})
    written = CrmRecords._written

    def after_an_edit(self: CrmRecords, done: Any, task: Any, outcome: Any, crm_id: str, made: Any, *rest: Any) -> Any:
        world.change("Accounts", acme, Phone="3")
        return written(self, done, task, outcome, crm_id, self._read([crm_id]), *rest)

    monkeypatch.setattr(CrmRecords, "_written", after_an_edit)
    world.sync()
    monkeypatch.undo()
    world.sync()

    assert (account_named(world, "Acme")["Phone"], phone(world, "Acme")) == ("3", "3")
