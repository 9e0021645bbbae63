"""First-run matching: the pairs a preview proposes, and what a person decides instead of the policy (sync.md §3)."""

from typing import Any

import pytest

from tests.connector.test_both_ways import accounts, writes
from tests.support.world import World

OFF = {"enabled": False}


def proposed(world: World) -> list[dict[str, Any]]:
    run = world.connector("POST", "/connection/runs", {"kind": "dry"}).json()["run"]
    world.settle()
    found: list[dict[str, Any]] = world.connector("GET", f"/connection/runs/{run['id']}/pairs").json()["pairs"]
    return found


def choose(world: World, crm_id: str, invoice_id: str, choice: str | None) -> Any:
    pair = {"entity": "account", "crm_id": crm_id, "invoice_id": invoice_id, "choice": choice}
    return world.connector("PUT", "/connection/pairs", {"pairs": [pair]})


@pytest.fixture(params=["fetch", "both"])
def twins(world: World, request) -> tuple[str, str]:
    """Acme on both sides, each with a phone of its own; duplicates are skipped."""
    acme = world.add_account("Acme", Phone="1")
    customer = world.invoice.create_contact({"contact_name": "Acme", "billing_address": {"phone": "9"}})
    world.connect(contacts={"extent": request.param, "duplicates": "skip"}, items=OFF)
    return acme, str(customer["contact_id"])


@pytest.mark.requirement("C3", "S6")
def test_a_preview_tells_which_records_it_takes_for_one_and_why(world: World, twins):
    (pair,) = proposed(world)

    assert (pair["crm_id"], pair["invoice_id"]) == twins
    assert (pair["kind"], pair["choice"]) == ("skip", None)
    assert "duplicate of a record" in pair["reason"]
    assert pair["target_name"] == "Acme"


@pytest.mark.requirement("C3")
def test_a_pair_is_linked_though_the_policy_skips_it(world: World, twins):
    assert choose(world, *twins, "link").status == 200
    (pair,) = proposed(world)
    assert (pair["kind"], pair["choice"]) == ("link", "link")

    world.sync()
    before = writes(world)
    world.sync()

    assert world.customer("Acme")["zcrm_account_id"] == twins[0]
    assert world.customer("Acme")["billing_address"]["phone"] == "1"
    assert writes(world) == before


@pytest.mark.requirement("C3")
def test_records_of_different_names_are_linked_if_one_says_so(world: World):
    acme = world.add_account("Acme Limited")
    customer = world.invoice.create_contact({"contact_name": "Acme Ltd"})
    world.connect(contacts={"extent": "both"}, items=OFF)
    choose(world, acme, customer["contact_id"], "link")

    world.sync()

    assert (accounts(world), list(world.customers())) == (["Acme Limited"], ["Acme Limited"])


@pytest.mark.requirement("C3")
def test_a_pair_that_is_kept_apart_is_no_duplicate(world: World, twins):
    choose(world, *twins, "apart")
    world.configure(contacts={"duplicates": "overwrite"})

    assert {(pair["kind"], pair["choice"]) for pair in proposed(world)} <= {("clone", "apart")}
    world.sync()

    assert sorted(world.customers()) == ["Acme", "Acme (2)"]
    assert world.customer("Acme")["billing_address"]["phone"] == "9"


@pytest.mark.requirement("C3")
def test_a_choice_is_one_of_those_there_are(world: World, twins):
    assert choose(world, *twins, "marry").status == 422
