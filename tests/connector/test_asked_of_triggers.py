"""What triggers do not do by themselves is offered, and done when a person asks (requirements G8, G11)."""

import re
from typing import Any

import pytest

from tests.support.world import World


@pytest.fixture
def acme(world: World) -> str:
    account = world.add_account("Acme")
    world.connect(triggers={"document": "invoice"})
    world.sync()
    return account


def invoices(world: World) -> list[dict[str, Any]]:
    return list(world.invoice.invoices())


def potential_of(world: World, name: str) -> dict[str, Any]:
    rows = world.connector("GET", f"/connection/potentials?q={name}").json()["potentials"]
    return rows[0]


def ask(world: World, path: str, body: Any = None) -> Any:
    answer = world.connector("POST", f"/connection/potentials/{path}", body)
    world.settle()
    return answer


@pytest.mark.requirement("G11")
def test_a_document_deleted_by_hand_is_not_made_again_unasked(world: World, acme):
    potential = world.add_potential("Big", acme, "Closed Won")
    world.settle()
    world.invoice.delete_document("invoices", invoices(world)[0]["invoice_id"])

    world.change("Deals", potential, Amount=500)
    world.settle()
    world.sync()
    world.settle()

    assert invoices(world) == []
    shown = potential_of(world, "Big")
    assert (shown["standing"], shown["offer"]) == ("left_alone", "create_again")


@pytest.mark.requirement("G11")
@pytest.mark.parametrize("document", ["invoice", "estimate"])
def test_create_again_makes_it_once_more_and_it_is_followed_as_before(world: World, acme, document: str):
    path = f"{document}s"
    world.configure(triggers={"document": document})
    potential = world.add_potential("Big", acme, "Closed Won")
    world.settle()
    (made,) = world.invoice.iterate(f"/{path}", path)
    world.invoice.delete_document(path, made[f"{document}_id"])

    answer = ask(world, f"{potential}/create_again")
    (again,) = world.invoice.iterate(f"/{path}", path)
    world.change("Deals", potential, Stage="Closed Lost")
    world.settle()
    (after,) = world.invoice.iterate(f"/{path}", path)

    assert answer.status == 202
    assert again[f"{document}_id"] != made[f"{document}_id"]
    assert after["status"] == {"invoice": "void", "estimate": "declined"}[document]


@pytest.mark.requirement("G11")
def test_what_is_there_is_not_made_again(world: World, acme):
    potential = world.add_potential("Big", acme, "Closed Won")
    world.settle()

    answer = ask(world, f"{potential}/create_again")

    assert (answer.status, answer.json()["code"]) == (409, "document_there")
    assert len(invoices(world)) == 1


@pytest.mark.requirement("G11", "G8")
@pytest.mark.parametrize("act", ["create_again", "apply"])
def test_of_a_potential_nobody_knows_nothing_can_be_asked(world: World, acme, act: str):
    answer = ask(world, f"123/{act}")

    assert (answer.status, answer.json()["code"]) == (404, "not_found")


@pytest.mark.requirement("G8")
def test_potentials_won_before_are_offered_by_their_number_and_applied_when_confirmed(world: World):
    acme = world.add_account("Acme")
    for name in ("One", "Two"):
        world.add_potential(name, acme, "Closed Won")
    world.add_potential("Open", acme, "Qualification")
    later(world, 60)  # the CRM tells whole seconds
    world.connect(triggers={"document": "invoice"})
    world.sync()

    offered = world.connector("GET", "/connection/potentials/won").json()
    another = ask(world, "won/apply", {"count": 3})
    nothing = invoices(world)
    confirmed = ask(world, "won/apply", {"count": 2})

    assert offered["count"] == 2
    assert (another.status, another.json()["code"], another.json()["details"]) == (409, "another_number", {"count": 2})
    assert nothing == []
    assert confirmed.status == 202
    assert sorted(row["reference_number"] for row in invoices(world)) == ["One", "Two"]
    assert world.connector("GET", "/connection/potentials/won").json()["count"] == 0


@pytest.mark.requirement("G8")
def test_changes_made_while_disabled_are_listed_and_applied_only_when_asked(world: World, acme):
    for service in ("crm", "invoice", "connector"):
        world.control(service, "PUT", f"/{world.id}/clock", {"freeze": True})
    world.connector("POST", "/connection/disable")
    later(world, 60)
    potential = world.add_potential("Big", acme, "Closed Won")
    later(world, 60)
    world.connector("POST", "/connection/reactivate")
    world.sync()
    world.settle()
    nothing = invoices(world)
    listed = world.connector("GET", "/connection/potentials?standing=while_disabled").json()["potentials"]
    (run,) = world.connector("GET", "/connection/runs?kind=trigger").json()["runs"]
    told = [op["reason"] for op in world.ops(run["id"])]

    ask(world, f"{potential}/apply")

    assert nothing == []
    (said,) = told
    assert re.fullmatch(r"changed while the integration was disabled \(.+ UTC\); not applied unasked", said)
    assert [(row["potential_name"], row["offer"]) for row in listed] == [("Big", "apply")]
    assert [row["reference_number"] for row in invoices(world)] == ["Big"]


@pytest.mark.requirement("G8")
def test_of_each_time_that_it_was_disabled_the_changes_are_listed_with_that_time(world: World, acme):
    for service in ("crm", "invoice", "connector"):
        world.control(service, "PUT", f"/{world.id}/clock", {"now": "2027-03-01T09:00:00+00:00"})
        world.control(service, "PUT", f"/{world.id}/clock", {"freeze": True})
    for name in ("First", "Second"):
        world.connector("POST", "/connection/disable")
        later(world, 60)
        world.add_potential(name, acme, "Closed Won")
        later(world, 60)
        world.connector("POST", "/connection/reactivate")
        later(world, 3600)
    world.sync()
    world.settle()

    listed = world.connector("GET", "/connection/potentials?standing=while_disabled").json()["potentials"]

    assert invoices(world) == []
    assert {row["potential_name"]: row["reason"] for row in listed} == {
        "First": "changed while the integration was disabled (2027-03-01 09:00 to 2027-03-01 09:02 UTC);"
        " not applied unasked",
        "Second": "changed while the integration was disabled (2027-03-01 10:02 to 2027-03-01 10:04 UTC);"
        " not applied unasked",
    }


@pytest.mark.requirement("G8")
def test_what_was_changed_while_disabled_voids_nothing_unasked(world: World, acme):
    potential = world.add_potential("Big", acme, "Closed Won")
    world.settle()
    for service in ("crm", "invoice", "connector"):
        world.control(service, "PUT", f"/{world.id}/clock", {"freeze": True})
    later(world, 60)
    world.connector("POST", "/connection/disable")
    later(world, 60)
    world.change("Deals", potential, Stage="Closed Lost")
    later(world, 60)
    world.connector("POST", "/connection/reactivate")
    world.sync()
    world.settle()
    kept = [row["status"] for row in invoices(world)]

    ask(world, f"{potential}/apply")

    assert kept == ["draft"]
    assert [row["status"] for row in invoices(world)] == ["void"]


@pytest.mark.requirement("G8")
def test_changes_made_while_paused_are_caught_up(world: World, acme):
    world.connector("POST", "/connection/pause")
    world.add_potential("Big", acme, "Closed Won")
    world.settle()

    assert [row["reference_number"] for row in invoices(world)] == ["Big"]


@pytest.mark.requirement("S5", "C15")
def test_a_trigger_that_failed_is_retried_from_the_history(world: World, acme):
    contact_id = world.customers()["Acme"]["contact_id"]
    world.invoice.mark_contact(contact_id, "inactive")
    for name in ("One", "Two"):
        world.add_potential(name, acme, "Closed Won")
    world.settle()
    (run,) = world.connector("GET", "/connection/runs?kind=trigger").json()["runs"]
    failed = {op["record_name"]: op["id"] for op in world.ops(run["id"], outcome="failed")}
    world.invoice.mark_contact(contact_id, "active")

    one = world.connector("POST", f"/connection/runs/{run['id']}/retry", {"ops": [failed["One"]]})
    world.settle()
    first = [row["reference_number"] for row in invoices(world)]
    world.connector("POST", f"/connection/runs/{run['id']}/retry", {})
    world.settle()
    again = world.connector("POST", f"/connection/runs/{run['id']}/retry", {})

    assert set(failed) == {"One", "Two"}
    assert (one.status, first) == (202, ["One"])
    assert sorted(row["reference_number"] for row in invoices(world)) == ["One", "Two"]
    assert (again.status, again.json()["code"]) == (409, "nothing_failed")


@pytest.mark.requirement("G8")
def test_where_no_trigger_is_set_nothing_can_be_asked(world: World):
    world.add_account("Acme")
    world.connect()

    answer = ask(world, "won/apply", {"count": 1})

    assert (answer.status, answer.json()["code"]) == (409, "trigger_off")


def later(world: World, seconds: int) -> None:
    for service in ("crm", "invoice", "connector"):
        world.control(service, "PUT", f"/{world.id}/clock", {"advance_seconds": seconds})
