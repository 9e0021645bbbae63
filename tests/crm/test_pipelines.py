"""Pipelines and the stages in them (crm-api.md §5.4)."""

from typing import Any

import pytest

from tests.crm.api import STANDARD, Crm

PATH = "/settings/pipeline"


def layout(crm: Crm) -> str:
    return str(crm.get("/settings/layouts?module=Deals").body["layouts"][0]["id"])


def pipelines(crm: Crm, **more: Any) -> dict[str, Any]:
    found = crm.get(f"{PATH}?layout_id={layout(crm)}", **more).body["pipeline"]
    return {pipeline["display_value"]: pipeline for pipeline in found}


def stages(crm: Crm) -> dict[str, str]:
    (field,) = crm.get("/settings/fields/Stage?module=Deals").body["fields"]
    return {option["display_value"]: option["id"] for option in field["pick_list_values"] if option["type"] == "used"}


def names(pipeline: dict[str, Any]) -> list[str]:
    return [stage["display_value"] for stage in pipeline["maps"]]


def write(crm: Crm, method: str, given: Any, path: str = PATH) -> Any:
    return crm.call(method, f"{path}?layout_id={layout(crm)}", {"pipeline": [given]})


def maps(crm: Crm, *wanted: str) -> list[dict[str, Any]]:
    known = stages(crm)
    return [{"id": known[name], "sequence_number": place} for place, name in enumerate(wanted, start=1)]


def make(crm: Crm, name: str = "Short", **more: Any) -> str:
    chosen = maps(crm, "Qualification", "Closed Won", "Closed Lost")
    answer = write(crm, "POST", {"display_value": name, "maps": chosen, **more})
    assert (answer.status, answer.outcome["message"]) == (201, "Pipeline created successfully"), answer.body
    return str(answer.details["id"])


STANDARD_NAME = "Standard (Standard)"


def test_a_pipeline_has_stages_in_its_own_order(crm: Crm):
    number = make(crm)

    shown = pipelines(crm)
    assert names(shown["Short"]) == ["Qualification", "Closed Won", "Closed Lost"]
    assert (shown["Short"]["default"], shown[STANDARD_NAME]["default"]) == (False, True)
    assert crm.get(f"{PATH}/{number}?layout_id={layout(crm)}").body["pipeline"] == [shown["Short"]]
    assert crm.get(f"{PATH}/123?layout_id={layout(crm)}").status == 204


def test_a_potential_can_only_be_in_stages_of_its_pipeline(crm: Crm):
    make(crm)

    deal = {"Deal_Name": "A", "Pipeline": "Short"}
    assert crm.create("Deals", {**deal, "Stage": "Qualification"}).status == 201
    refused = crm.create("Deals", {**deal, "Stage": "Needs Analysis"})
    assert refused.outcome["message"] == "Pipeline doesn't contain the Stage"
    assert crm.create("Deals", {**deal, "Pipeline": "Nope", "Stage": "Qualification"}).code == "INVALID_DATA"


def test_a_pipeline_is_renamed_and_its_stages_changed(crm: Crm):
    number = make(crm)
    known = stages(crm)

    answer = write(
        crm,
        "PATCH",
        {
            "id": number,
            "display_value": "Quick",
            "maps": [
                {"id": known["Needs Analysis"], "sequence_number": 1},
                {"id": known["Qualification"], "_delete": None},
            ],
        },
    )

    assert (answer.status, answer.outcome["message"]) == (200, "Pipeline updated")
    assert names(pipelines(crm)["Quick"]) == ["Needs Analysis", "Closed Won", "Closed Lost"]
    whole = {"display_value": "Quick", "maps": maps(crm, "Closed Lost", "Closed Won")}
    assert write(crm, "PUT", whole, f"{PATH}/{number}").status == 200
    assert names(pipelines(crm)["Quick"]) == ["Closed Lost", "Closed Won"]


def test_the_default_pipeline_is_the_one_of_new_potentials(crm: Crm):
    make(crm, default=True)

    shown = pipelines(crm)
    assert [name for name, pipeline in shown.items() if pipeline["default"]] == ["Short"]
    deal = crm.record("Deals", crm.add("Deals", Deal_Name="A", Stage="Qualification"))
    assert deal["Pipeline"] == "Short"


def test_a_new_stage_comes_into_the_default_pipeline_only(crm: Crm):
    make(crm)

    crm.post(f"{PATH}/stages", {"stages": [{"display_value": "Demo", "probability": 50}]})

    assert names(pipelines(crm)[STANDARD_NAME])[-1] == "Demo"
    assert "Demo" not in names(pipelines(crm)["Short"])


def test_potentials_are_transferred_when_their_pipeline_goes(crm: Crm):
    source, known = make(crm), stages(crm)
    deal = crm.add("Deals", Deal_Name="A", Pipeline="Short", Stage="Closed Won")
    target = pipelines(crm)[STANDARD_NAME]["id"]
    assert write(crm, "PATCH", {"id": source, "_delete": {"permanent": None}}).code == "CANNOT_DELETE"

    moves = [{"from": known["Closed Won"], "to": known["Negotiation/Review"]}]
    body = {"transfer_pipeline": [{"pipeline": {"from": source, "to": target}, "stages": moves}]}
    answer = crm.post(f"{PATH}/actions/transfer?layout_id={layout(crm)}", body)

    assert (answer.status, answer.outcome["message"]) == (200, "transfer pipeline scheduled successfully")
    record = crm.record("Deals", deal)
    assert (record["Pipeline"], record["Stage"], record["Probability"]) == (STANDARD_NAME, "Negotiation/Review", 90)
    assert list(pipelines(crm)) == [STANDARD_NAME]


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"pipeline": {"from": "1", "to": "2"}, "stages": []}, "INVALID_DATA", "pipeline[0].from"),
        ({"pipeline": {"from": "SHORT", "to": "2"}, "stages": []}, "INVALID_DATA", "pipeline[0].to"),
        ({"pipeline": {"from": "SHORT", "to": "SHORT"}, "stages": []}, "INVALID_DATA", "pipeline[0].to"),
        ({"pipeline": {"from": "SHORT", "to": "DEFAULT"}}, "MANDATORY_NOT_FOUND", "stages"),
        ({"pipeline": {"from": "SHORT", "to": "DEFAULT"}, "stages": [{}]}, "INVALID_DATA", "stages[0].from"),
        ({"pipeline": {"from": "SHORT", "to": "DEFAULT"}, "stages": [{"from": "WON"}]}, "INVALID_DATA", "stages[0].to"),
        (
            {"pipeline": {"from": "SHORT", "to": "DEFAULT"}, "stages": [{"from": "WON", "to": "WON"}] * 2},
            "ALREADY_USED",
            "stages[1].from",
        ),
    ],
)
def test_a_transfer_that_makes_no_sense_is_refused(crm: Crm, given: Any, code: str, path: str):
    known = {"SHORT": make(crm), "DEFAULT": pipelines(crm)[STANDARD_NAME]["id"], "WON": stages(crm)["Closed Won"]}

    def named(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: named(inner) for key, inner in value.items()}
        return [named(inner) for inner in value] if isinstance(value, list) else known.get(value, value)

    body = {"transfer_pipeline": [named(given)]}
    answer = crm.post(f"{PATH}/actions/transfer?layout_id={layout(crm)}", body)

    assert (answer.status, answer.code) == (400, code)
    assert answer.details["json_path"] == f"$.transfer_pipeline[0].{path}"


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"maps": []}, "MANDATORY_NOT_FOUND", "display_value"),
        ({"display_value": 5}, "INVALID_DATA", "display_value"),
        ({"display_value": "standard (standard)", "maps": []}, "DUPLICATE_DATA", "display_value"),
        ({"display_value": "X"}, "MANDATORY_NOT_FOUND", "maps"),
        ({"display_value": "X", "maps": [{}]}, "MANDATORY_NOT_FOUND", "maps[0].id"),
        ({"display_value": "X", "maps": [{"id": "5"}]}, "INVALID_DATA", "maps[0].id"),
        ({"display_value": "X", "maps": "x"}, "INVALID_DATA", "maps"),
    ],
)
def test_a_pipeline_that_makes_no_sense_is_refused(crm: Crm, given: Any, code: str, path: str):
    answer = write(crm, "POST", given)

    assert (answer.status, answer.code, answer.details["json_path"]) == (400, code, f"$.pipeline[0].{path}")


def test_a_pipeline_keeps_a_stage_and_the_default_stays(crm: Crm):
    default = pipelines(crm)[STANDARD_NAME]
    gone = [{"id": stage["id"], "_delete": None} for stage in default["maps"]]

    assert write(crm, "PATCH", {"id": default["id"], "maps": gone}).code == "CANNOT_DELETE"
    assert write(crm, "PATCH", {"id": default["id"], "_delete": None}).code == "CANNOT_DELETE"
    assert write(crm, "PATCH", {"id": "5", "display_value": "X"}).details["json_path"] == "$.pipeline[0].id"
    assert write(crm, "POST", {"display_value": "X", "maps": []}).outcome["message"] == "No mapping found "


def test_a_stage_with_potentials_stays_in_their_pipeline(crm: Crm):
    crm.add("Deals", Deal_Name="A", Stage="Qualification")
    number = pipelines(crm)[STANDARD_NAME]["id"]

    answer = write(crm, "PATCH", {"id": number, "maps": [{"id": stages(crm)["Qualification"], "_delete": None}]})

    assert answer.code == "CANNOT_DELETE"


def test_pipelines_are_made_by_who_may_customize_for_a_layout(crm: Crm):
    assert crm.post(PATH, {"pipeline": [{}]}).details == {"param": "layout_id"}
    assert crm.post(f"{PATH}?layout_id=5", {"pipeline": [{}]}).details == {"param_name": "layout_id"}
    path = f"{PATH}?layout_id={layout(crm)}"
    assert crm.as_(STANDARD).post(path, {"pipeline": [{}]}).code == "NO_PERMISSION"
    assert crm.post(path, {"pipeline": [{}, {}]}).details["maximum_length"] == 1


def test_the_forecast_category_is_a_number_before_v7(still: Crm):
    new = pipelines(still)[STANDARD_NAME]["maps"][0]
    old = pipelines(still, version="v6")[STANDARD_NAME]["maps"][0]

    assert (new["forecast_category"]["name"], isinstance(old["forecast_category"], int)) == ("Pipeline", True)
    assert "probability" not in new


def change_stages(crm: Crm, *options: Any) -> Any:
    body = {"fields": [{"pick_list_values": list(options)}]}
    return crm.patch("/settings/fields/Stage?module=Deals", body)


def test_stages_are_added_renamed_moved_and_reweighed_through_their_field(crm: Crm):
    known = stages(crm)

    answer = change_stages(
        crm,
        {"display_value": "Demo", "probability": 30, "forecast_type": "Open", "sequence_number": 1},
        {"id": known["Qualification"], "display_value": "Qualified", "probability": 15},
        {"id": known["Needs Analysis"], "_delete": None},
    )

    assert answer.status == 200, answer.body
    assert list(stages(crm))[:3] == ["Demo", "Qualified", "Value Proposition"]
    deal = crm.record("Deals", crm.add("Deals", Deal_Name="A", Stage="Qualified"))
    assert (deal["Stage"], deal["Probability"]) == ("Qualification", 15)
    assert crm.record("Deals", crm.add("Deals", Deal_Name="B", Stage="Demo"))["Probability"] == 30
    assert "Needs Analysis" not in names(pipelines(crm)[STANDARD_NAME])


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"display_value": "X"}, "INVALID_DATA", "probability"),
        ({"display_value": "X", "probability": 100}, "INVALID_DATA", "probability"),
        ({"display_value": "X", "probability": 50, "forecast_type": "Lost"}, "INVALID_DATA", "forecast_type"),
        (
            {"display_value": "X", "probability": 50, "forecast_category": {"name": "Nope"}},
            "INVALID_DATA",
            "forecast_category",
        ),
        ({"display_value": "closed won", "probability": 50}, "DUPLICATE_DATA", "display_value"),
        ({"probability": 50}, "MANDATORY_NOT_FOUND", "display_value"),
        ({"id": "5"}, "INVALID_DATA", "id"),
    ],
)
def test_a_stage_that_makes_no_sense_is_refused(crm: Crm, given: Any, code: str, path: str):
    answer = change_stages(crm, given)

    assert (answer.status, answer.code) == (400, code)
    assert answer.details["json_path"] == f"$.fields[0].pick_list_values[0].{path}"


def test_a_stage_goes_with_its_potentials_transferred(crm: Crm):
    known = stages(crm)
    deal = crm.add("Deals", Deal_Name="A", Stage="Needs Analysis")
    stage = known["Needs Analysis"]

    assert change_stages(crm, {"id": stage, "_delete": None}).code == "CANNOT_DELETE"
    assert crm.delete(f"{PATH}/stages/{stage}").code == "CANNOT_DELETE"
    assert crm.delete(f"{PATH}/stages/{stage}?transfer_to={stage}").details == {"param_name": "transfer_to"}
    assert crm.delete(f"{PATH}/stages/{stage}?transfer_to={known['Closed Lost']}").status == 200

    assert "Needs Analysis" not in stages(crm)
    assert (crm.record("Deals", deal)["Stage"], crm.record("Deals", deal)["Probability"]) == ("Closed Lost", 0)
    assert crm.delete(f"{PATH}/stages/123").details == {"resource_path_index": 3}
    assert crm.as_(STANDARD).delete(f"{PATH}/stages/{known['Qualification']}").code == "NO_PERMISSION"


def test_there_is_always_a_stage_that_is_won(crm: Crm):
    won = stages(crm)["Closed Won"]

    assert change_stages(crm, {"id": won, "_delete": None}).code == "CANNOT_DELETE"
    assert crm.delete(f"{PATH}/stages/{won}?transfer_to={stages(crm)['Qualification']}").code == "CANNOT_DELETE"
    turned = change_stages(crm, {"id": won, "forecast_type": "Open", "probability": 50})
    assert turned.details["json_path"] == "$.fields[0].pick_list_values"


def test_a_pipeline_of_one_world_stays_in_it(crm: Crm, still: Crm):
    make(crm)

    assert list(pipelines(still)) == [STANDARD_NAME]
