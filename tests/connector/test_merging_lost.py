"""A merge that nobody heard of: what it took along was noted before, and undo gives it back (requirements C4, S7)."""

from typing import Any

import pytest

from tests.connector.test_both_ways import account, accounts
from tests.connector.test_persons_both_ways import add_contact
from tests.support.dying import killed_after_write
from tests.support.world import Simulator, World

BOTH: dict[str, Any] = {"extent": "both", "duplicates": "overwrite"}
OFF = {"enabled": False}

pytestmark = pytest.mark.requirement("C4", "S7")


def lose(world: World, service: str, path: str, when: str = "after") -> None:
    fault = {"kind": "status", "status": 502, "when": when, "path": path, "method": "POST", "times": 1}
    assert world.control(service, "POST", f"/{world.id}/faults", fault).status == 201


def undo_first(world: World) -> None:
    """Undoes the run that merged."""
    runs = world.connector("GET", "/connection/runs").json()["runs"]
    run_id = min(run["id"] for run in runs)
    answer = world.connector("POST", f"/connection/runs/{run_id}/undo", {"preview": False})
    assert answer.status in (200, 202), answer.body
    world.settle()


@pytest.fixture
def twins(world: World) -> dict[str, str]:
    """Two accounts of one name; a contact, a potential and a fax number are the second one's."""
    first, second = world.add_account("Acme"), world.add_account("ACME", Fax="22")
    able = add_contact(world, second, "Able")
    deal = world.add_potential("Big Deal", second, "Qualification")
    world.connect(contacts={**BOTH, "module": "accounts"}, items=OFF)
    return {"first": first, "second": second, "able": able, "deal": deal}


def stands_as_before(world: World, twins: dict[str, str]) -> bool:
    contact, deal = world.crm.get_record("Contacts", twins["able"]), world.crm.get_record("Deals", twins["deal"])
    assert contact is not None
    assert deal is not None
    owners = {contact["Account_Name"]["id"], deal["Account_Name"]["id"]}
    return (accounts(world), owners, account(world, twins["first"])["Fax"], account(world, twins["second"])["Fax"]) == (
        ["ACME", "Acme"],
        {twins["second"]},
        None,
        "22",
    )


def test_undo_gives_back_what_a_merge_took_whose_worker_was_killed(simulator: Simulator, world: World, twins):
    assert killed_after_write(simulator, "POST /crm/v8/Accounts/…/actions/merge", world.sync)
    world.settle()
    assert accounts(world) == ["Acme"]

    undo_first(world)

    assert stands_as_before(world, twins)


def test_undo_gives_back_what_a_merge_took_whose_answer_was_lost(world: World, twins):
    lose(world, "crm", "/actions/merge")
    world.sync()
    assert accounts(world) == ["Acme"]

    undo_first(world)

    assert stands_as_before(world, twins)


def test_undo_of_a_merge_that_was_never_done_leaves_all_as_it_is(world: World, twins):
    lose(world, "crm", "/actions/merge", when="before")
    world.sync()
    assert stands_as_before(world, twins)

    undo_first(world)

    assert stands_as_before(world, twins)


@pytest.fixture
def customers(world: World) -> tuple[str, str]:
    """Two customers of one name; a person and a draft are the second one's."""
    world.add_account("Acme")
    kept, lost = (
        str(world.invoice.create_contact({"contact_name": name, "contact_persons": persons})["contact_id"])
        for name, persons in (("Acme", []), ("ACME", [{"last_name": "Baker"}, {"last_name": "Cole"}]))
    )
    world.invoice.ask("POST", "/invoices", json={"customer_id": lost, "line_items": [{"name": "x", "rate": 5}]})
    world.connect(contacts={"duplicates": "overwrite"}, items=OFF)
    return kept, lost


def stand_as_before(world: World, customers: tuple[str, str]) -> bool:
    kept, lost = (world.invoice.contact(one) for one in customers)
    assert kept is not None
    assert lost is not None
    (invoice,) = list(world.invoice.invoices())
    return (kept["contact_persons"], len(lost["contact_persons"]), lost["status"], invoice["customer_id"]) == (
        [],
        2,
        "active",
        customers[1],
    )


@pytest.mark.parametrize("write", ["POST /invoice/v3/contacts/…/merge", "POST /invoice/v3/contacts/contactpersons"])
def test_undo_gives_back_what_customers_took_when_the_worker_was_killed(simulator, world: World, customers, write):
    assert killed_after_write(simulator, write, world.sync)
    world.settle()
    assert world.customers()["ACME"]["status"] == "inactive"

    undo_first(world)

    assert stand_as_before(world, customers)


def test_undo_gives_back_what_customers_took_when_the_answer_was_lost(world: World, customers):
    lose(world, "invoice", "/merge")
    world.sync()
    assert world.customers()["ACME"]["status"] == "inactive"

    undo_first(world)

    assert stand_as_before(world, customers)
