"""The frame around every page, over the real services."""

from tests.support.visitor import Visitor
from tests.support.world import World


def test_a_person_finds_the_records_of_his_world_in_both_products(world: World, asha: Visitor):
    world.add_account("Acme")
    world.invoice.create_contact({"contact_name": "Globex"})

    assert "Acme" in asha.get("/crm/accounts").text
    assert "Globex" in asha.get("/invoice/contacts").text
