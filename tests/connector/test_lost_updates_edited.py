"""An update whose answer is lost, in a run that then ends: it is no edit of the side that was written (C11).

Else the next edit of the other side would meet it as a conflict, and could lose against its own former value.
"""

import pytest

from tests.connector.test_both_ways import BOTH, account, edit_customer, writes
from tests.connector.test_both_ways_trouble import OFF
from tests.support.world import World

pytestmark = [pytest.mark.requirement("C11"), pytest.mark.usefixtures("no_long_waits")]

UNHEARD = {"kind": "status", "status": 502, "when": "after", "method": "PUT"}


def sync_unheard(world: World, product: str) -> None:
    """A sync in which a product takes updates, and nobody hears of it."""
    assert world.control(product, "POST", f"/{world.id}/faults", UNHEARD).status == 201
    assert world.sync()["run"]["counts"]["failed"] == 1
    world.control(product, "DELETE", f"/{world.id}/faults")


def acme_linked(world: World, conflicts: str) -> str:
    acme = world.add_account("Acme", Phone="0")
    world.connect(contacts={**BOTH, "conflicts": conflicts}, items=OFF)
    world.sync()
    return acme


def phones(world: World, acme: str) -> tuple[str, str]:
    return account(world, acme)["Phone"], world.customer("Acme")["billing_address"]["phone"]


def edit_phone(world: World, phone: str) -> None:
    edit_customer(world, "Acme", billing_address={"phone": phone})


def test_an_edit_in_invoice_after_one_that_reached_the_crm_unheard_travels_too(world: World):
    acme = acme_linked(world, "crm")
    edit_phone(world, "1")
    sync_unheard(world, "crm")
    edit_phone(world, "2")

    world.sync()

    assert phones(world, acme) == ("2", "2")


def test_an_edit_in_the_crm_after_one_that_reached_invoice_unheard_travels_too(world: World):
    acme = acme_linked(world, "invoice")
    world.change("Accounts", acme, Phone="1")
    sync_unheard(world, "invoice")
    world.change("Accounts", acme, Phone="2")

    world.sync()

    assert phones(world, acme) == ("2", "2")


def test_a_value_that_was_written_unheard_long_ago_is_an_edit_when_somebody_enters_it_again(world: World):
    acme = acme_linked(world, "invoice")
    edit_phone(world, "1")
    sync_unheard(world, "crm")
    edit_phone(world, "2")
    world.sync()
    world.change("Accounts", acme, Phone="1")

    world.sync()

    assert phones(world, acme) == ("1", "1")
    before = writes(world)
    world.sync()
    assert writes(world) == before


def test_a_customer_that_took_an_update_unheard_is_deleted_with_its_account(world: World):
    acme = acme_linked(world, "crm")
    world.add_account("Stays")
    world.sync()
    world.change("Accounts", acme, Phone="1")
    sync_unheard(world, "invoice")
    world.crm.delete_records("Accounts", [acme])

    world.sync()

    assert world.customers().keys() == {"Stays"}
