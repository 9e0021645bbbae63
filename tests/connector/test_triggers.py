"""Entity triggers: a potential won or lost makes or voids an invoice (guide: Entity Triggers, Probability)."""

from decimal import Decimal
from typing import Any

import pytest

from tests.support.world import World


@pytest.fixture
def acme(world: World) -> str:
    """An account that is linked, with the invoice trigger on."""
    account = world.add_account("Acme")
    world.connect(triggers={"document": "invoice"})
    world.sync()
    return account


def invoices(world: World) -> list[dict[str, Any]]:
    return list(world.invoice.invoices())


def trigger_run(world: World) -> dict[str, Any]:
    (run,) = world.connector("GET", "/connection/runs?kind=trigger").json()["runs"]
    return world.run(run["id"])


@pytest.mark.requirement("G1", "G4", "G7", "G9")
def test_a_won_potential_makes_a_draft_invoice_linked_to_it_and_its_customer(world: World, acme):
    potential = world.add_potential("Big Deal", acme, "Closed Won", Decimal("1054.50"))
    world.settle()

    (row,) = invoices(world)
    invoice = world.invoice.invoice(row["invoice_id"])
    assert (row["status"], row["total"], row["customer_name"]) == ("draft", Decimal("1054.5"), "Acme")
    assert (row["zcrm_potential_id"], row["reference_number"]) == (potential, "Big Deal")
    (line,) = invoice["line_items"]
    assert (line["name"], line["quantity"], invoice["tax_total"]) == ("Big Deal", 1, 0)


@pytest.mark.requirement("G9")
def test_the_line_is_the_item_of_the_potentials_product(world: World, acme):
    product = world.add("Products", Product_Name="Desk", Unit_Price=Decimal("5"), Product_Active=True)
    world.sync()

    world.add_potential("Big Deal", acme, "Closed Won", Product_Name={"id": product})
    world.settle()

    (row,) = invoices(world)
    (line,) = world.invoice.invoice(row["invoice_id"])["line_items"]
    assert (line["name"], line["rate"]) == ("Desk", 100)


@pytest.mark.requirement("G4")
def test_won_then_lost_then_won_again_is_one_invoice(world: World, acme):
    potential = world.add_potential("Big Deal", acme, "Closed Won")
    world.settle()
    (made,) = invoices(world)

    world.change("Deals", potential, Stage="Closed Lost")
    world.settle()
    (voided,) = invoices(world)
    world.change("Deals", potential, Stage="Closed Won")
    world.settle()
    (reopened,) = invoices(world)

    assert [row["status"] for row in (made, voided, reopened)] == ["draft", "void", "draft"]
    assert made["invoice_id"] == voided["invoice_id"] == reopened["invoice_id"]


@pytest.mark.requirement("G5")
def test_once_marked_sent_changes_of_the_potential_no_longer_touch_the_invoice_and_history_says_so(world: World, acme):
    potential = world.add_potential("Big Deal", acme, "Closed Won")
    world.settle()
    (made,) = invoices(world)
    world.invoice.mark_invoice(made["invoice_id"], "sent")

    world.change("Deals", potential, Stage="Closed Lost")
    world.settle()

    (row,) = invoices(world)
    assert row["status"] == "sent"
    (told,) = world.ops(trigger_run(world)["run"]["id"], outcome="skipped")
    assert "marked sent" in told["reason"]


@pytest.mark.requirement("G4")
def test_an_invoice_voided_by_a_person_is_left_alone(world: World, acme):
    potential = world.add_potential("Big Deal", acme, "Closed Won")
    world.settle()
    (made,) = invoices(world)
    world.invoice.mark_invoice(made["invoice_id"], "void")

    world.change("Deals", potential, Amount=Decimal("200"))
    world.settle()

    (row,) = invoices(world)
    assert (row["status"], row["total"]) == ("void", 100)
    (told,) = world.ops(trigger_run(world)["run"]["id"], outcome="skipped")
    assert "voided by a person" in told["reason"]


@pytest.mark.requirement("G9")
def test_a_draft_follows_the_amount_and_name_of_its_potential(world: World, acme):
    potential = world.add_potential("Big Deal", acme, "Closed Won")
    world.settle()

    world.change("Deals", potential, Amount=Decimal("250.25"), Deal_Name="Bigger Deal")
    world.settle()

    (row,) = invoices(world)
    assert (row["total"], row["reference_number"]) == (Decimal("250.25"), "Bigger Deal")


@pytest.mark.requirement("G3", "G9")
def test_a_draft_follows_its_potential_to_a_customer_who_is_fetched_first(world: World, acme):
    potential = world.add_potential("Big Deal", acme, "Closed Won")
    world.settle()

    world.change("Deals", potential, Account_Name={"id": world.add_account("Zylker")})
    world.settle()

    (row,) = invoices(world)
    assert (row["customer_name"], row["zcrm_potential_id"]) == ("Zylker", potential)


@pytest.mark.requirement("C12", "G9")
def test_a_draft_does_not_take_up_a_customer_again_who_was_deleted_in_invoice(world: World, acme):
    zylker = world.add_account("Zylker")
    world.sync()
    potential = world.add_potential("Big Deal", acme, "Closed Won")
    world.settle()
    world.invoice.delete_contact(world.customers()["Zylker"]["contact_id"])
    world.sync()

    world.change("Deals", potential, Account_Name={"id": zylker})
    world.settle()

    (row,) = invoices(world)
    assert row["customer_name"] == "Acme"
    assert "Zylker" not in world.customers()


@pytest.mark.requirement("G3")
def test_without_an_account_nothing_is_made_and_the_history_says_why(world: World, acme):
    world.add_potential("Lone Deal", None, "Closed Won")
    world.settle()

    assert invoices(world) == []
    (told,) = world.ops(trigger_run(world)["run"]["id"])
    assert "no account" in told["reason"]


@pytest.mark.requirement("G3")
def test_a_customer_not_yet_in_invoice_is_fetched_first(world: World, acme):
    zylker = world.add_account("Zylker")

    world.add_potential("Big Deal", zylker, "Closed Won")
    world.settle()

    (row,) = invoices(world)
    assert row["customer_name"] == "Zylker"


@pytest.mark.requirement("G7")
def test_a_notice_delivered_twice_makes_one_invoice(world: World, acme):
    potential = world.add_potential("Big Deal", acme, "Closed Won")
    world.settle()

    world.notify([potential])
    world.notify([potential])
    world.settle()

    assert len(invoices(world)) == 1


@pytest.mark.requirement("G7")
def test_a_lost_notice_is_made_up_for_by_the_next_sync(world: World, acme):
    world.lose_notices()
    world.add_potential("Big Deal", acme, "Closed Won")
    world.settle()
    missed = invoices(world)

    world.sync()

    assert missed == []
    assert len(invoices(world)) == 1


@pytest.mark.requirement("G7")
def test_a_notice_with_a_wrong_token_is_not_taken(world: World, acme):
    potential = world.add_potential("Big Deal", acme, "Closed Won")

    assert world.notify([potential], token="wrong").status == 404


@pytest.mark.requirement("G8")
def test_potentials_won_before_the_trigger_was_set_are_not_invoiced_unasked(world: World):
    account = world.add_account("Acme")
    world.connect()
    world.sync()
    potential = world.add_potential("Old Deal", account, "Closed Won")
    for service in world.apps:
        world.control(service, "PUT", f"/{world.id}/clock", {"advance_seconds": 3600})

    world.configure(triggers={"document": "invoice"})
    world.sync()
    world.notify([potential])
    world.settle()

    assert invoices(world) == []


@pytest.mark.requirement("G10")
def test_the_channel_is_renewed_on_the_simulated_clock_and_missed_changes_are_caught_up(world: World, acme):
    for service in world.apps:
        world.control(service, "PUT", f"/{world.id}/clock", {"advance_seconds": 30 * 86_400})
    world.add_potential("Missed Deal", acme, "Closed Won")
    world.settle()
    world.add_potential("Next Deal", acme, "Closed Won")
    world.settle()

    assert sorted(row["reference_number"] for row in invoices(world)) == ["Missed Deal", "Next Deal"]


@pytest.mark.requirement("G2")
def test_an_explicit_probability_wins_over_the_stage(world: World, acme):
    world.add_potential("Sure Deal", acme, "Qualification", Probability=100)
    world.settle()

    assert len(invoices(world)) == 1


@pytest.mark.requirement("D1", "D2")
def test_the_dashboard_shows_what_was_invoiced_and_how_potentials_stand(world: World, acme):
    world.add_potential("Won", acme, "Closed Won", Decimal("100"))
    world.add_potential("Lost", acme, "Closed Lost", Decimal("50"))
    world.add_potential("Open", acme, "Qualification", Decimal("30"))
    world.settle()

    shown = world.connector("GET", "/connection/dashboard").json()

    assert (shown["invoiced"]["total"], shown["receivables"]["total"]) == (100, 0)
    assert shown["triggers"] == {"created": 1, "nothing_to_void": 1, "not_due": 1}
    assert shown["won_not_invoiced"] == {"count": 0, "amount": 0}
    assert {row["stage"]: (row["count"], row["amount"]) for row in shown["pipeline"]}["Closed Won"] == (1, 100)
    (linked,) = shown["linked"]
    assert (linked["potential_name"], linked["document_status"], linked["total"]) == ("Won", "draft", 100)
