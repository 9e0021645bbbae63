"""The estimate trigger: made, accepted and declined by the stages of the potential (guide: Entity Triggers)."""

from decimal import Decimal
from typing import Any, get_args

import pytest

from connector.triggers.estimate_rules import ESTIMATE_RULES, Due, Estimate, state_of_estimate
from tests.support.world import World

ESTIMATE = {"document": "estimate"}


@pytest.fixture
def acme(world: World) -> str:
    """An account that is linked, with the estimate trigger on."""
    account = world.add_account("Acme")
    world.connect(triggers=ESTIMATE)
    world.sync()
    return account


def estimates(world: World) -> list[dict[str, Any]]:
    return list(world.invoice.iterate("/estimates", "estimates"))


def told(world: World) -> list[str]:
    """What the history says of triggers."""
    (run,) = world.connector("GET", "/connection/runs?kind=trigger").json()["runs"]
    return [op["reason"] for op in world.ops(run["id"])]


def move(world: World, potential: str, stage: str) -> str:
    """The potential gets to a stage; the status of the only estimate afterwards."""
    world.change("Deals", potential, Stage=stage)
    world.settle()
    (row,) = estimates(world)
    return str(row["status"])


def test_every_case_has_a_rule():
    assert set(ESTIMATE_RULES) == {(due, state) for due in get_args(Due) for state in get_args(Estimate)}


@pytest.mark.requirement("G5")
@pytest.mark.parametrize(
    ("status", "by_trigger", "state"),
    [
        (None, None, "deleted"),
        ("draft", None, "draft"),
        ("sent", None, "sent"),
        ("expired", None, "sent"),
        ("accepted", "accepted", "accepted_by_trigger"),
        ("accepted", None, "answered_by_person"),
        ("declined", "accepted", "answered_by_person"),
        ("declined", "declined", "declined_by_trigger"),
        ("invoiced", "accepted", "invoiced"),
    ],
)
def test_an_answer_is_a_persons_unless_the_trigger_gave_it(status, by_trigger, state):
    assert state_of_estimate(status, by_trigger) == state


@pytest.mark.requirement("G1", "G9")
def test_a_new_potential_makes_a_draft_estimate_linked_to_it(world: World, acme):
    potential = world.add_potential("Big Deal", acme, "Qualification", Decimal("1054.50"))
    world.settle()

    (row,) = estimates(world)
    assert (row["status"], row["total"], row["customer_name"]) == ("draft", Decimal("1054.5"), "Acme")
    assert (row["zcrm_potential_id"], row["reference_number"]) == (potential, "Big Deal")
    assert list(world.invoice.invoices()) == []


@pytest.mark.requirement("G1")
def test_it_is_accepted_when_won_and_declined_when_lost_marked_sent_first(world: World, acme):
    potential = world.add_potential("Big Deal", acme, "Qualification")
    world.settle()

    won = move(world, potential, "Closed Won")
    lost = move(world, potential, "Closed Lost")
    again = move(world, potential, "Closed Won")

    assert (won, lost, again) == ("accepted", "declined", "accepted")


@pytest.mark.requirement("G1")
def test_a_potential_that_is_won_at_once_has_its_estimate_made_and_accepted(world: World, acme):
    world.add_potential("Big Deal", acme, "Closed Won")
    world.settle()

    assert [row["status"] for row in estimates(world)] == ["accepted"]


@pytest.mark.requirement("G1")
def test_each_act_has_a_stage_of_its_own(world: World, acme):
    stages = {"create": "stage:Needs Analysis", "accept": "stage:Negotiation/Review", "decline": "lost"}
    world.configure(triggers={"estimate": stages})

    potential = world.add_potential("Big Deal", acme, "Qualification")
    world.settle()
    before = estimates(world)
    made = move(world, potential, "Needs Analysis")
    accepted = move(world, potential, "Negotiation/Review")

    assert (before, made, accepted) == ([], "draft", "accepted")


@pytest.mark.requirement("G1")
@pytest.mark.parametrize(
    ("stages", "field"),
    [
        ({"create": "stage:No such"}, "triggers.estimate.create"),
        ({"accept": "lost"}, "triggers.estimate.accept"),
        ({"decline": "created"}, "triggers.estimate.decline"),
    ],
    ids=["unknown stage", "accepted when lost", "declined when created"],
)
def test_stages_that_make_no_sense_are_refused(world: World, acme, stages: dict[str, str], field: str):
    answer = world.connector("PUT", "/connection/settings", {"triggers": {"estimate": stages}})

    assert (answer.status, answer.json()["field"]) == (422, field)


@pytest.mark.requirement("G1")
def test_one_stage_is_changed_and_the_others_stay(world: World, acme):
    world.configure(triggers={"estimate": {"accept": "stage:Negotiation/Review"}})

    settings = world.connector("GET", "/connection/settings").json()["settings"]
    assert settings["triggers"]["estimate"] == {
        "create": "created",
        "accept": "stage:Negotiation/Review",
        "decline": "lost",
    }


@pytest.mark.requirement("G9")
def test_a_draft_estimate_follows_the_amount_and_name_of_its_potential(world: World, acme):
    potential = world.add_potential("Big Deal", acme, "Qualification")
    world.settle()

    world.change("Deals", potential, Amount=Decimal("250"), Deal_Name="Bigger Deal")
    world.settle()

    (row,) = estimates(world)
    assert (row["status"], row["total"], row["reference_number"]) == ("draft", 250, "Bigger Deal")


@pytest.mark.requirement("G5")
@pytest.mark.parametrize("answer", ["accepted", "declined"])
def test_an_estimate_that_a_person_answered_is_let_go_and_history_says_so(world: World, acme, answer: str):
    potential = world.add_potential("Big Deal", acme, "Qualification")
    world.settle()
    (row,) = estimates(world)
    for status in ("sent", answer):
        world.invoice.mark_document("estimates", row["estimate_id"], status)

    status = move(world, potential, "Closed Lost" if answer == "accepted" else "Closed Won")

    assert status == answer
    assert "by a person" in told(world)[-1]


@pytest.mark.requirement("G5")
def test_an_estimate_that_a_person_converted_is_let_go(world: World, acme):
    potential = world.add_potential("Big Deal", acme, "Closed Won")
    world.settle()
    (row,) = estimates(world)
    body = {"customer_id": row["customer_id"], "invoiced_estimate_id": row["estimate_id"]}
    world.invoice.ask("POST", "/invoices", json=body)

    status = move(world, potential, "Closed Lost")

    assert status == "invoiced"
    assert "converted by a person" in told(world)[-1]


@pytest.mark.requirement("G3")
def test_an_estimate_needs_an_account_and_its_customer_is_fetched_first(world: World, acme):
    zylker = world.add_account("Zylker")
    world.add_potential("Alone", None, "Qualification")
    world.add_potential("Big Deal", zylker, "Qualification")
    world.settle()

    assert [row["customer_name"] for row in estimates(world)] == ["Zylker"]
    assert "the potential has no account; give it one in Zoho CRM" in told(world)


@pytest.mark.requirement("G3")
def test_a_potential_won_later_has_its_customer_fetched_then(world: World):
    world.add_account("Anchor")
    world.connect(triggers={"document": "invoice"})
    world.sync()
    potential = world.add_potential("Big Deal", world.add_account("Late"), "Qualification")
    world.settle()

    world.change("Deals", potential, Stage="Closed Won")
    world.settle()

    assert [row["customer_name"] for row in world.invoice.invoices()] == ["Late"]


@pytest.mark.requirement("G7")
def test_a_notice_delivered_twice_makes_one_estimate(world: World, acme):
    potential = world.add_potential("Big Deal", acme, "Qualification")
    world.settle()

    world.notify([potential])
    world.notify([potential, potential])
    world.settle()

    assert len(estimates(world)) == 1


@pytest.mark.requirement("G1", "G8")
def test_with_none_nothing_is_made(world: World, acme):
    world.configure(triggers={"document": "none"})

    world.add_potential("Big Deal", acme, "Closed Won")
    world.settle()

    assert estimates(world) == list(world.invoice.invoices()) == []


@pytest.mark.requirement("G1")
def test_another_trigger_leaves_the_documents_of_the_former_one(world: World, acme):
    potential = world.add_potential("Big Deal", acme, "Qualification")
    world.settle()

    world.configure(triggers={"document": "invoice"})
    status = move(world, potential, "Closed Won")

    assert status == "draft"
    assert list(world.invoice.invoices()) == []


@pytest.mark.requirement("G6")
def test_in_the_us_edition_triggers_are_off_with_the_reason(world: World):
    organization = world.invoice.organizations()[0]["organization_id"]
    world.invoice.ask("PUT", f"/organizations/{organization}", json={"edition": "us"})
    world.connect()

    answer = world.connector("PUT", "/connection/settings", {"triggers": ESTIMATE})
    shown = world.connector("GET", "/connection/settings").json()["settings"]["triggers"]

    reason = "Entity triggers do not work in organizations of the U.S. edition."
    assert (answer.status, answer.json()["message"]) == (422, reason)
    assert (shown["available"], shown["unavailable_reason"]) == (False, reason)
