"""Potentials as a board by stage."""

import re

import pytest

from tests.support.visitor import Visitor
from tests.support.world import World


def column(page: str, stage: str) -> str:
    found = re.search(rf'data-stage="{re.escape(stage)}".*?</section>', page, re.DOTALL)
    assert found is not None
    return found[0]


@pytest.mark.requirement("G2")
def test_each_stage_is_a_column_with_its_count_its_sum_and_its_probability(world: World, asha: Visitor):
    account = world.add_account("Acme")
    world.add_potential("One", account, "Negotiation/Review", 1200)
    world.add_potential("Two", account, "Negotiation/Review", 300)
    world.add_potential("Won one", account, "Closed Won", 50)

    page = asha.get("/crm/potentials/board").text

    review = column(page, "Negotiation/Review")
    assert "2 potentials" in review
    assert "$1,500.00" in review
    assert "90&nbsp;%" in review
    assert "Won one" in column(page, "Closed Won")
    assert "0 potentials" in column(page, "Qualification")


def test_a_card_is_moved_by_its_menu_and_one_stays_at_the_board(world: World, asha: Visitor):
    potential = world.add_potential("Big Deal", None, "Qualification")

    answer = asha.post(f"/crm/potentials/{potential}/stage", stage="Closed Won", back="board", name="Big Deal")

    page = asha.get(answer.location).text
    assert "Big Deal moved to Closed Won." in page
    assert "Big Deal" in column(page, "Closed Won")


def test_a_full_column_leads_to_the_list_of_its_stage(world: World, asha: Visitor):
    world.crm.create_records("Deals", [{"Deal_Name": f"Deal {n}", "Stage": "Qualification"} for n in range(25)])

    page = column(asha.get("/crm/potentials/board").text, "Qualification")

    assert page.count('class="card"') == 20
    assert "Show all 25" in page


def test_few_and_many_potentials_of_a_stage_each_stand_in_its_column(world: World, asha: Visitor):
    world.crm.create_records("Deals", [{"Deal_Name": f"Deal {n}", "Stage": "Qualification"} for n in range(21)])
    for stage in ("Needs Analysis", "Closed Won", "Closed Lost"):
        world.add_potential(f"In {stage}", None, stage)

    page = asha.get("/crm/potentials/board").text
    read = world.control("crm", "GET", f"/{world.id}/journal?path=/coql&limit=100").json()["entries"]

    assert "Deal 20" in column(page, "Qualification")
    for stage in ("Needs Analysis", "Closed Won", "Closed Lost"):
        assert f"In {stage}" in column(page, stage)
        assert column(page, stage).count('class="card"') == 1
    assert len(read) == 3  # the sums, the stages with few potentials together, the one with many
