"""Modules as the versions show them, and modules that a company makes itself (crm-api.md §5.1)."""

from typing import Any

import pytest

from tests.crm.api import SALES, STANDARD, Crm

PATH = "/settings/modules"


def make(crm: Crm, **module: Any) -> Any:
    given = {"plural_label": "Projects", "singular_label": "Project", "profiles": [{"id": crm.profile("Sales")}]}
    return crm.post(PATH, {"modules": [{**given, **module}]})


def test_a_custom_module_comes_with_all_that_its_records_need(crm: Crm):
    answer = make(crm)

    assert (answer.status, answer.outcome["message"]) == (201, "module created successfully")
    (module,) = crm.get(f"{PATH}/Projects").body["modules"]
    assert (module["api_name"], module["module_name"]) == ("Projects", "CustomModule1")
    assert (module["generated_type"], module["display_field"]["api_name"]) == ("custom", "Name")
    assert module["modified_by"]["name"] == "Asha Rao"
    assert [layout["name"] for layout in module["layouts"]] == ["Standard"]
    assert crm.view("Projects", "All Projects")
    record = crm.record("Projects", crm.add("Projects", Name="Apollo"))
    assert (record["Name"], record["Owner"]["name"]) == ("Apollo", "Asha Rao")
    assert crm.create("Projects", {"Email": "a@b.example"}).code == "MANDATORY_NOT_FOUND"
    assert crm.names("/Projects/search?word=apollo", "Name") == ["Apollo"]


@pytest.mark.requirement("P5")
def test_a_custom_module_belongs_to_the_profiles_it_was_given_to(crm: Crm):
    make(crm)

    assert crm.as_(SALES).create("Projects", {"Name": "A"}).status == 201
    assert crm.as_(STANDARD).create("Projects", {"Name": "A"}).code == "NO_PERMISSION"
    boxes = crm.get(f"/settings/profiles/{crm.profile('Standard')}").body["profiles"][0]["permissions_details"]
    box = next(box for box in boxes if box["name"] == "Crm_Implied_View_Projects")
    assert (box["enabled"], box["module"], box["customizable"]) == (False, "Projects", True)


def test_custom_modules_share_one_scope(crm: Crm):
    make(crm)

    assert crm.with_scopes("ZohoCRM.modules.custom.READ").get("/Projects?fields=id").status == 204
    assert crm.with_scopes("ZohoCRM.modules.projects.READ").get("/Projects?fields=id").code == "OAUTH_SCOPE_MISMATCH"


def test_the_name_of_a_record_can_be_counted(crm: Crm):
    number = {"prefix": "M", "suffix": "H", "start_number": "21"}
    make(crm, display_field={"field_label": "No.", "data_type": "autonumber", "auto_number": number})

    names = [crm.record("Projects", crm.add("Projects", Email="a@b.example"))["Name"] for _ in range(2)]

    assert names == ["M21H", "M22H"]


def test_labels_and_profiles_of_a_module_are_changed(crm: Crm):
    make(crm)
    profiles = [{"id": crm.profile("Standard")}, {"id": crm.profile("Sales"), "_delete": True}]

    answer = crm.put(f"{PATH}/Projects", {"modules": [{"plural_label": "Jobs", "profiles": profiles}]})

    assert (answer.status, answer.outcome["message"]) == (200, "module updated successfully")
    (module,) = crm.get(f"{PATH}/Projects").body["modules"]
    assert (module["plural_label"], module["singular_label"], module["api_name"]) == ("Jobs", "Project", "Projects")
    assert {profile["name"] for profile in module["profiles"]} == {"Administrator", "Standard"}
    assert crm.as_(SALES).get("/Projects?fields=id").code == "NO_PERMISSION"


def test_several_modules_are_changed_at_once(crm: Crm):
    number = make(crm).details["id"]

    answer = crm.put(PATH, {"modules": [{"id": number, "singular_label": "Job"}, {"id": "123"}, {}]})

    assert [outcome["code"] for outcome in answer.outcomes] == ["SUCCESS", "INVALID_DATA", "MANDATORY_NOT_FOUND"]
    assert (answer.status, answer.outcomes[1]["details"]["json_path"]) == (207, "$.modules[1].id")


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"plural_label": None}, "MANDATORY_NOT_FOUND", "plural_label"),
        ({"singular_label": 5}, "INVALID_DATA", "singular_label"),
        ({"plural_label": "x" * 26}, "INVALID_DATA", "plural_label"),
        ({"plural_label": "Pro&jects"}, "INVALID_DATA", "plural_label"),
        ({"plural_label": "accounts"}, "DUPLICATE_DATA", "plural_label"),
        ({"profiles": None}, "MANDATORY_NOT_FOUND", "profiles"),
        ({"profiles": []}, "MINIMUM_DATA_NOT_FOUND", "profiles"),
        ({"profiles": [{"id": "5"}]}, "INVALID_DATA", "profiles[0].id"),
        ({"profiles": [{}]}, "MANDATORY_NOT_FOUND", "profiles[0].id"),
        ({"api_name": None}, "INVALID_DATA", "api_name"),
        ({"api_name": "a b"}, "INVALID_DATA", "api_name"),
        ({"api_name": "a__b"}, "INVALID_DATA", "api_name"),
        ({"api_name": "deals"}, "DUPLICATE_DATA", "api_name"),
        ({"api_name": "potentials"}, "DUPLICATE_DATA", "api_name"),
        ({"api_name": "settings"}, "RESERVED_KEYWORD_NOT_ALLOWED", "api_name"),
        ({"access_type": "team_based"}, "NOT_SUPPORTED", "access_type"),
        ({"display_field": {"data_type": "text"}}, "MANDATORY_NOT_FOUND", "display_field.field_label"),
        ({"display_field": {"field_label": "N", "data_type": "date"}}, "INVALID_DATA", "display_field.data_type"),
        (
            {"display_field": {"field_label": "N", "data_type": "autonumber"}},
            "DEPENDENT_FIELD_MISSING",
            "display_field.auto_number",
        ),
    ],
)
def test_a_module_that_makes_no_sense_is_refused(crm: Crm, given: dict[str, Any], code: str, path: str):
    answer = make(crm, **given)

    assert (answer.status, answer.code, answer.details["json_path"]) == (400, code, f"$.modules[0].{path}")
    assert crm.get(f"{PATH}/Projects").code == "INVALID_MODULE"


@pytest.mark.parametrize(
    ("module", "given", "code", "path"),
    [
        ("Projects", {"api_name": "Other"}, "NOT_ALLOWED", "api_name"),
        ("Projects", {"access_type": "team_based"}, "NOT_ALLOWED", "access_type"),
        ("Projects", {"singular_label": "a-b"}, "INVALID_DATA", "singular_label"),
        ("Projects", {"plural_label": ""}, "MANDATORY_NOT_FOUND", "plural_label"),
        ("Projects", {"singular_label": "Deal"}, "DUPLICATE_DATA", "singular_label"),
        ("Projects", {"profiles": []}, "MINIMUM_DATA_NOT_FOUND", "profiles"),
        ("Accounts", {"profiles": [{"id": "1"}]}, "NOT_ALLOWED", "profiles"),
    ],
)
def test_a_change_of_a_module_that_makes_no_sense_is_refused(
    crm: Crm, module: str, given: dict[str, Any], code: str, path: str
):
    make(crm)

    answer = crm.put(f"{PATH}/{module}", {"modules": [given]})

    assert (answer.status, answer.code, answer.details["json_path"]) == (400, code, f"$.modules[0].{path}")


def test_modules_are_made_by_who_may_customize_from_v6_on_and_never_deleted(crm: Crm):
    assert crm.as_(STANDARD).post(PATH, {"modules": [{}]}).code == "NO_PERMISSION"
    old = crm.post(PATH, {"modules": [{}]}, version="v5")
    assert (old.code, old.details) == ("API_NOT_SUPPORTED", {"supported_version": 6})
    assert crm.put(f"{PATH}/Nope", {"modules": [{}]}).details == {"resource_path_index": 2}
    assert crm.delete(f"{PATH}/Accounts").code == "INVALID_REQUEST_METHOD"


def test_a_module_of_one_world_is_unknown_in_another(crm: Crm, still: Crm):
    make(crm)

    assert crm.get("/Projects?fields=id").status == 204
    assert still.get("/Projects?fields=id").code == "INVALID_MODULE"


@pytest.mark.parametrize(
    ("version", "key", "value"),
    [("v2", None, None), ("v2.1", "visible", True), ("v4", "visible", True), ("v5", "status", "visible")],
)
def test_visibility_has_another_shape_in_each_generation(still: Crm, version: str, key: str | None, value: Any):
    module = still.get(PATH, version=version).body["modules"][0]

    assert {name: module.get(name) for name in ("visible", "status") if name in module} == ({key: value} if key else {})
    assert ("sub_menu_available" in module) is (version == "v5")


def test_modules_are_asked_for_by_status_from_v5_on(still: Crm):
    hidden = [m["api_name"] for m in still.get(f"{PATH}?status=system_hidden").body["modules"]]
    both = still.get(f"{PATH}?status=visible,system_hidden").body["modules"]

    assert "Quoted_Items" in hidden
    assert "Accounts" not in hidden
    assert len(both) > len(hidden)
    assert still.get(f"{PATH}?status=user_hidden").status == 204
    assert still.get(f"{PATH}?status=visible,nope").details["index"] == 1


def test_modules_changed_since_a_moment(crm: Crm):
    assert crm.get(PATH, If_Modified_Since="2001-01-01T00:00:00Z").status == 304
    make(crm)

    changed = crm.get(PATH, If_Modified_Since="2001-01-01T00:00:00Z").body["modules"]
    assert [module["api_name"] for module in changed] == ["Projects"]
    assert crm.get(f"{PATH}/Projects", If_Modified_Since="2001-01-01T00:00:00Z").status == 200
    assert crm.get(f"{PATH}/Accounts", If_Modified_Since="2001-01-01T00:00:00Z").status == 304
    assert crm.get(PATH, If_Modified_Since="yesterday").code == "INVALID_DATA"


@pytest.mark.requirement("L1")
def test_with_custom_modules_switched_off_none_is_made_and_those_there_stay(crm: Crm):
    make(crm)
    crm.call("PUT", "/settings/custom_modules", {"custom_modules": {"enabled": False}})

    refused = crm.post(PATH, {"modules": [{"plural_label": "Ships", "singular_label": "Ship", "profiles": []}]})

    assert (refused.status, refused.code) == (400, "FEATURE_NOT_ENABLED")
    assert crm.get(f"{PATH}/Projects").status == 200
    assert crm.get("/settings/custom_modules").body == {"custom_modules": {"enabled": False}}
