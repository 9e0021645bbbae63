"""Potentials: stages, probability, expected revenue, and adding stages (crm-api.md §4.3, §5.4; requirement G2)."""

from typing import Any

import pytest

from tests.crm.api import STANDARD, Crm


def potential(crm: Crm, **values: Any) -> str:
    return crm.add("Deals", **{"Deal_Name": "Big", "Stage": "Qualification", **values})


def shown(crm: Crm, record_id: str) -> tuple[Any, ...]:
    record = crm.record("Deals", record_id)
    return record["Stage"], record["Probability"], record["Expected_Revenue"]


@pytest.mark.requirement("G2")
@pytest.mark.parametrize(
    ("stage", "probability"),
    [
        ("Qualification", 10),
        ("Needs Analysis", 20),
        ("Value Proposition", 40),
        ("Id. Decision Makers", 60),
        ("Proposal/Price Quote", 75),
        ("Negotiation/Review", 90),
        ("Closed Won", 100),
        ("Closed Lost", 0),
        ("Closed Lost to Competition", 0),
    ],
)
def test_a_stage_sets_the_probability_and_the_expected_revenue(crm: Crm, stage: str, probability: int):
    made = potential(crm, Stage=stage, Amount=1000)

    assert shown(crm, made) == (stage, probability, 10 * probability)


@pytest.mark.requirement("G2")
def test_an_explicit_probability_in_the_same_write_wins(crm: Crm):
    made = potential(crm, Stage="Closed Won", Probability=55, Amount=200)

    assert shown(crm, made) == ("Closed Won", 55, 110)


@pytest.mark.requirement("G2")
def test_moving_to_another_stage_sets_the_probability_anew(crm: Crm):
    made = potential(crm, Probability=55, Amount=100)

    crm.put(f"/Deals/{made}", {"data": [{"Stage": "Closed Won"}]})

    assert shown(crm, made) == ("Closed Won", 100, 100)


def test_naming_the_same_stage_again_keeps_the_probability(crm: Crm):
    made = potential(crm, Probability=55, Amount=100)

    crm.put(f"/Deals/{made}", {"data": [{"Stage": "Qualification", "Amount": 200}]})

    assert shown(crm, made) == ("Qualification", 55, 110)


def test_the_expected_revenue_follows_and_cannot_be_set(crm: Crm):
    made = potential(crm, Amount=0.05, Probability=50, Expected_Revenue=999)
    assert str(shown(crm, made)[2]) == "0.03"

    crm.put(f"/Deals/{made}", {"data": [{"Amount": None}]})
    assert shown(crm, made)[2] is None


def test_a_stage_can_be_named_as_it_is_shown(crm: Crm):
    made = potential(crm, Stage="Identify Decision Makers")

    assert shown(crm, made)[:2] == ("Id. Decision Makers", 60)


def test_a_stage_outside_the_pipeline_is_refused(crm: Crm):
    answer = crm.create("Deals", {"Deal_Name": "Big", "Stage": "Prospecting"})

    assert (answer.status, answer.code) == (400, "INVALID_DATA")
    assert answer.outcome["message"] == "Pipeline doesn't contain the Stage"
    assert answer.details == {"api_name": "Stage", "json_path": "$.data[0].Stage"}


@pytest.mark.parametrize("probability", [-1, 101, 999])
def test_a_probability_out_of_range_is_refused(crm: Crm, probability: int):
    answer = crm.create("Deals", {"Deal_Name": "Big", "Stage": "Qualification", "Probability": probability})

    assert (answer.code, answer.outcome["message"]) == ("INVALID_DATA", "Given Probability is not valid")


def test_name_and_stage_are_mandatory(crm: Crm):
    answer = crm.create("Deals", {"Amount": 1})

    assert [error["details"]["api_name"] for error in answer.details["errors"]] == ["Deal_Name", "Stage"]


def test_a_potential_has_a_product_of_its_own(crm: Crm):
    desk = crm.add("Products", Product_Name="Desk")

    assert crm.record("Deals", potential(crm, Product_Name={"id": desk}))["Product_Name"]["name"] == "Desk"
    (field,) = crm.get("/settings/fields/Product_Name?module=Deals").body["fields"]
    assert (field["custom_field"], field["lookup"]["module"]["api_name"]) == (True, "Products")


def layout_id(crm: Crm) -> str:
    return str(crm.get("/settings/layouts?module=Deals").body["layouts"][0]["id"])


def test_the_pipeline_lists_its_stages_in_order(crm: Crm):
    (pipeline,) = crm.get(f"/settings/pipeline?layout_id={layout_id(crm)}").body["pipeline"]

    assert pipeline["default"] is True
    assert [stage["sequence_number"] for stage in pipeline["maps"]] == list(range(1, 10))
    won = next(stage for stage in pipeline["maps"] if stage["actual_value"] == "Closed Won")
    assert (won["forecast_type"], won["forecast_category"]["name"]) == ("Closed Won", "Closed")


@pytest.mark.parametrize(
    ("query", "code", "details"),
    [
        ("", "REQUIRED_PARAM_MISSING", {"param": "layout_id"}),
        ("?layout_id=1", "INVALID_DATA", {"param_name": "layout_id"}),
        ("?layout_id=x", "INVALID_DATA", {"param_name": "layout_id"}),
    ],
)
def test_a_pipeline_is_asked_for_by_its_layout(crm: Crm, query: str, code: str, details: dict[str, str]):
    answer = crm.get(f"/settings/pipeline{query}")

    assert (answer.status, answer.code, answer.details) == (400, code, details)


def stages(crm: Crm, *given: Any) -> Any:
    return crm.post("/settings/pipeline/stages", {"stages": list(given)})


@pytest.mark.requirement("G2", "X9")
def test_an_added_stage_is_good_for_potentials_at_once(crm: Crm):
    answer = stages(crm, {"display_value": "Engaging", "probability": 45, "forecast_type": "Open"})

    assert (answer.status, answer.outcome["message"]) == (201, "stage added")
    assert shown(crm, potential(crm, Stage="Engaging", Amount=100)) == ("Engaging", 45, 45)
    (field,) = crm.get("/settings/fields/Stage?module=Deals").body["fields"]
    assert field["pick_list_values"][-1]["probability"] == 45
    view = crm.view("Deals", "Open Potentials")
    assert crm.names(f"/Deals?fields=Stage&cvid={view}", "Stage") == ["Engaging"]


@pytest.mark.requirement("G2")
@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"display_value": "X", "probability": 0}, "INVALID_DATA", "probability"),
        ({"display_value": "X", "probability": 100}, "INVALID_DATA", "probability"),
        ({"display_value": "X", "probability": 50, "forecast_type": "Closed Won"}, "INVALID_DATA", "probability"),
        ({"display_value": "X", "probability": "50"}, "INVALID_DATA", "probability"),
        ({"display_value": "X", "probability": True}, "INVALID_DATA", "probability"),
        ({"display_value": "X"}, "INVALID_DATA", "probability"),
        ({"display_value": "X", "probability": 5, "forecast_type": "Maybe"}, "INVALID_DATA", "forecast_type"),
        ({"probability": 5}, "MANDATORY_NOT_FOUND", "display_value"),
        ({"display_value": 5, "probability": 5}, "INVALID_DATA", "display_value"),
        ({"display_value": "closed won", "probability": 5}, "DUPLICATE_DATA", "display_value"),
        ({"display_value": "Id. Decision Makers", "probability": 5}, "DUPLICATE_DATA", "display_value"),
    ],
)
def test_a_stage_that_makes_no_sense_is_refused(crm: Crm, given: dict[str, Any], code: str, field: str):
    answer = stages(crm, given)

    assert (answer.status, answer.code, answer.details["api_name"]) == (400, code, field)


def test_the_same_stage_twice_in_a_call_is_added_once(crm: Crm):
    answer = stages(crm, *[{"display_value": name, "probability": 5} for name in ("X", "x", "Y")])

    assert answer.status == 207
    assert [outcome["code"] for outcome in answer.outcomes] == ["SUCCESS", "DUPLICATE_DATA", "SUCCESS"]


def test_only_administrators_add_stages(crm: Crm):
    assert stages(crm.as_(STANDARD), {"display_value": "X", "probability": 5}).code == "NO_PERMISSION"
