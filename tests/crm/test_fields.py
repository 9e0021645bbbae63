"""Fields changed and deleted, and what becomes of their values (crm-api.md §5.2)."""

from typing import Any

import pytest

from tests.crm.api import SALES, STANDARD, Crm

PATH = "/settings/fields"


def create(crm: Crm, *fields: Any, module: str = "Accounts") -> list[str]:
    answer = crm.post(f"{PATH}?module={module}", {"fields": list(fields)})
    assert answer.status == 201, answer.body
    return [outcome["details"]["id"] for outcome in answer.outcomes]


def field(crm: Crm, name: str, module: str = "Accounts", **more: Any) -> dict[str, Any]:
    (found,) = crm.get(f"{PATH}/{name}?module={module}", **more).body["fields"]
    return dict(found)


def change(crm: Crm, name: str, module: str = "Accounts", **values: Any) -> Any:
    return crm.patch(f"{PATH}/{name}?module={module}", {"fields": [values]})


def values_of(crm: Crm, name: str, module: str = "Accounts") -> list[tuple[str, str]]:
    return [(o["display_value"], o["actual_value"]) for o in field(crm, name, module)["pick_list_values"]]


REGION = {
    "field_label": "Region",
    "data_type": "picklist",
    "pick_list_values": [{"display_value": "East", "colour_code": "#fff"}, {"display_value": "West"}],
}
CODE = {"field_label": "Code", "data_type": "text"}


def test_every_type_of_field_has_its_own_properties(crm: Crm):
    create(
        crm,
        {"field_label": "Small", "data_type": "textarea", "textarea": {"type": "small"}},
        {"field_label": "Rich", "data_type": "textarea", "length": 50000},
        {"field_label": "Rate", "data_type": "double", "decimal_place": 4},
        {"field_label": "Fee", "data_type": "currency", "currency": {"rounding_option": "round_up", "precision": 1}},
        {
            "field_label": "No",
            "data_type": "autonumber",
            "auto_number": {"prefix": "A-", "suffix": "", "start_number": 7},
        },
    )
    create(
        crm,
        {"field_label": "Partner", "data_type": "lookup", "lookup": {"module": {"api_name": "Contacts"}}},
        {"field_label": "Reviewer", "data_type": "userlookup"},
        {"field_label": "Friends", "data_type": "multiselectlookup", "multiselectlookup": {"module": "Contacts"}},
        {"field_label": "Tip", "data_type": "date", "tooltip": {"name": "static_text", "value": "When?"}},
    )

    assert (field(crm, "Small")["length"], field(crm, "Rich")["textarea"]) == (2000, {"type": "rich_text"})
    assert field(crm, "Rate")["decimal_place"] == 4
    assert field(crm, "Fee")["currency"] == {"rounding_option": "round_up", "precision": 1}
    assert field(crm, "No")["auto_number"] == {"prefix": "A-", "suffix": "", "start_number": 7}
    assert field(crm, "Friends")["multiselectlookup"]["connected_module"] == "Contacts"
    assert field(crm, "Tip")["tooltip"] == {"name": "static_text", "value": "When?"}
    account = crm.record("Accounts", crm.add("Accounts", Account_Name="A", Rate=1.23456, Reviewer=crm.user(SALES)))
    assert (account["No"], str(account["Rate"]), account["Reviewer"]["name"]) == ("A-7", "1.2346", "Carla Gomez")


def test_a_custom_lookup_is_a_related_list_of_its_target(crm: Crm):
    lookup = {"module": {"api_name": "Contacts"}, "display_label": "Partner of"}
    create(crm, {"field_label": "Partner", "data_type": "lookup", "lookup": lookup})
    contact = crm.add("Contacts", Last_Name="Doe")
    crm.add("Accounts", Account_Name="Acme", Partner={"id": contact})

    entry = crm.get("/settings/related_lists?module=Contacts").body["related_lists"][-1]

    assert (entry["api_name"], entry["display_label"], entry["module"]["api_name"]) == (
        "Partner_of",
        "Partner of",
        "Accounts",
    )
    path = "/" + entry["href"].replace("{ENTITYID}", contact)
    assert crm.names(f"{path}?fields=Account_Name", "Account_Name") == ["Acme"]
    assert field(crm, "Partner")["lookup"]["display_label"] == "Partner of"


def test_label_length_and_tooltip_are_changed(crm: Crm):
    create(crm, {**CODE, "length": 5})

    answer = change(crm, "Code", field_label="Key", length=8, tooltip={"name": "static_text", "value": "Say it"})

    assert (answer.status, answer.outcome["message"]) == (200, "field updated")
    shown = field(crm, "Code")
    assert (shown["field_label"], shown["length"], shown["tooltip"]["value"]) == ("Key", 8, "Say it")
    assert crm.create("Accounts", {"Account_Name": "A", "Code": "12345678"}).status == 201


def test_several_fields_are_changed_at_once_and_one_that_fails_changes_nothing(crm: Crm):
    first, second = create(crm, CODE, REGION)

    body = [
        {"id": first, "field_label": "Key"},
        {"id": second, "field_label": "Zone", "pick_list_values": 5},
        {"id": 1},
    ]
    answer = crm.patch(f"{PATH}?module=Accounts", {"fields": body})

    assert (answer.status, [o["code"] for o in answer.outcomes]) == (207, ["SUCCESS", "INVALID_DATA", "INVALID_DATA"])
    assert (field(crm, "Code")["field_label"], field(crm, "Region")["field_label"]) == ("Key", "Region")


def test_options_are_renamed_added_moved_and_removed(crm: Crm):
    create(crm, REGION)
    crm.add("Accounts", Account_Name="A", Region="West")
    east, west = (option["id"] for option in field(crm, "Region")["pick_list_values"])

    change(
        crm,
        "Region",
        pick_list_values=[{"display_value": "North", "sequence_number": 1}, {"id": west, "display_value": "Far West"}],
    )
    assert values_of(crm, "Region") == [("North", "North"), ("East", "East"), ("Far West", "West")]

    change(
        crm, "Region", pick_list_values=[{"id": east, "_delete": None}, {"id": west, "_delete": {"permanent": False}}]
    )
    assert [(o["display_value"], o["type"]) for o in field(crm, "Region")["pick_list_values"]] == [
        ("North", "used"),
        ("Far West", "unused"),
    ]
    assert crm.names("/Accounts?fields=Region", "Region") == ["West"]


@pytest.mark.parametrize(
    ("options", "code", "path"),
    [
        ("x", "INVALID_DATA", "pick_list_values"),
        ([5], "INVALID_DATA", "pick_list_values[0]"),
        ([{}], "MANDATORY_NOT_FOUND", "pick_list_values[0].display_value"),
        ([{"display_value": "east"}], "DUPLICATE_DATA", "pick_list_values[0].display_value"),
        ([{"id": "5", "display_value": "X"}], "INVALID_DATA", "pick_list_values[0].id"),
        ([{"_delete": None}], "MANDATORY_NOT_FOUND", "pick_list_values[0].id"),
        ([{"display_value": "X", "sequence_number": "1"}], "INVALID_DATA", "pick_list_values[0].sequence_number"),
    ],
)
def test_options_that_make_no_sense_are_refused(crm: Crm, options: Any, code: str, path: str):
    create(crm, REGION)

    answer = change(crm, "Region", pick_list_values=options)

    assert (answer.status, answer.code) == (400, code)
    assert f"$.fields[0].{path}" == answer.details["json_path"]
    assert values_of(crm, "Region") == [("East", "East"), ("West", "West")]


def test_uniqueness_is_switched_on_only_where_no_two_records_share_a_value(crm: Crm):
    create(crm, CODE)
    crm.add("Accounts", Account_Name="A", Code="x")
    twin = crm.add("Accounts", Account_Name="B", Code="X")

    refused = change(crm, "Code", unique={"case_sensitive": False})
    assert (refused.code, refused.details["json_path"]) == ("DUPLICATE_DATA", "$.fields[0].unique")

    crm.put(f"/Accounts/{twin}", {"data": [{"Code": "y"}]})
    assert change(crm, "Code", unique={"case_sensitive": False}).status == 200
    assert field(crm, "Code")["unique"] == {"casesensitive": "false", "case_sensitive": False}
    assert crm.create("Accounts", {"Account_Name": "C", "Code": "Y"}).code == "DUPLICATE_DATA"

    assert change(crm, "Code", unique={"case_sensitive": False, "_disable": True}).status == 200
    assert crm.create("Accounts", {"Account_Name": "C", "Code": "Y"}).status == 201


def test_an_email_field_that_is_unique_no_more_is_still_found(crm: Crm):
    create(crm, {"field_label": "Mail", "data_type": "email", "unique": {"case_sensitive": False}})
    crm.add("Accounts", Account_Name="A", Mail="a@b.example")

    change(crm, "Mail", unique=False)
    crm.add("Accounts", Account_Name="B", Mail="a@b.example")

    assert crm.names("/Accounts/search?email=a@b.example&fields=Account_Name", "Account_Name") == ["B", "A"]


def test_a_deleted_field_takes_its_values_with_it(crm: Crm):
    create(crm, {**CODE, "unique": {"case_sensitive": False}})
    account = crm.add("Accounts", Account_Name="A", Code="x")
    view = {"name": "V", "fields": ["Account_Name", "Code"], "sort_by": "Code"}
    number = crm.post("/settings/custom_views?module=Accounts", {"custom_views": [view]}).details["id"]

    answer = crm.delete(f"{PATH}/Code?module=Accounts")

    assert (answer.status, answer.outcome["message"]) == (200, "field deleted")
    assert crm.get(f"{PATH}/Code?module=Accounts").status == 204
    assert "Code" not in crm.record("Accounts", account)
    (shown,) = crm.get(f"/settings/custom_views/{number}?module=Accounts").body["custom_views"]
    assert ([f["api_name"] for f in shown["fields"]], shown["sort_by"]) == (["Account_Name"], None)
    assert crm.get(f"/Accounts?fields=id&cvid={number}").status == 200
    (layout,) = crm.get("/settings/layouts?module=Accounts").body["layouts"]
    assert "Code" not in [f["api_name"] for s in layout["sections"] for f in s["fields"]]
    create(crm, CODE)
    assert crm.record("Accounts", account)["Code"] is None


def test_a_deleted_lookup_leaves_no_link_behind(crm: Crm):
    create(crm, {"field_label": "Partner", "data_type": "lookup", "lookup": {"module": "Contacts"}})
    contact = crm.add("Contacts", Last_Name="Doe")
    crm.add("Accounts", Account_Name="A", Partner=contact)

    crm.delete(f"{PATH}/Partner?module=Accounts")
    create(crm, {"field_label": "Partner", "data_type": "lookup", "lookup": {"module": "Contacts"}})

    entry = crm.get("/settings/related_lists?module=Contacts").body["related_lists"][-1]
    assert crm.get("/" + entry["href"].replace("{ENTITYID}", contact) + "?fields=id").status == 204


def test_a_field_that_criteria_name_is_not_deleted(crm: Crm):
    create(crm, CODE)
    criteria = {"comparator": "equal", "field": {"api_name": "Code"}, "value": "x"}
    body = {"custom_views": [{"name": "V", "criteria": {"group_operator": "and", "group": [criteria, criteria]}}]}
    crm.post("/settings/custom_views?module=Accounts", body)

    answer = crm.delete(f"{PATH}/Code?module=Accounts")

    assert (answer.status, answer.code, answer.details) == (400, "NOT_ALLOWED", {"resource_path_index": 2})


@pytest.mark.parametrize(
    ("name", "values", "code", "path"),
    [
        ("Code", {"data_type": "date"}, "INVALID_DATA", "data_type"),
        ("Code", {"field_label": "Phone"}, "DUPLICATE_DATA", "field_label"),
        ("Code", {"field_label": ""}, "MANDATORY_NOT_FOUND", "field_label"),
        ("Code", {"length": 500}, "INVALID_DATA", "length"),
        ("Code", {"pick_list_values": []}, "INVALID_DATA", "pick_list_values"),
        ("Code", {"unique": 5}, "INVALID_DATA", "unique"),
        ("Code", {"unique": {"case_sensitive": True}}, "NOT_SUPPORTED", "unique.case_sensitive"),
        ("Code", {"tooltip": {"name": "x", "value": "y"}}, "INVALID_DATA", "tooltip.name"),
        ("Code", {"profiles": [{"id": "1", "permission_type": "hidden"}]}, "INVALID_DATA", "profiles[0].id"),
        ("Phone", {"length": 20}, "NOT_ALLOWED", "length"),
        ("Created_Time", {"unique": True}, "INVALID_DATA", "unique"),
        ("Owner", {"unique": True}, "INVALID_DATA", "unique"),
    ],
)
def test_a_change_of_a_field_that_makes_no_sense_is_refused(
    crm: Crm, name: str, values: dict[str, Any], code: str, path: str
):
    create(crm, CODE)

    answer = change(crm, name, **values)

    assert (answer.status, answer.code, answer.details["json_path"]) == (400, code, f"$.fields[0].{path}")


def test_fields_are_changed_and_deleted_by_who_may_customize(crm: Crm):
    create(crm, CODE)

    assert change(crm.as_(STANDARD), "Code", field_label="X").code == "NO_PERMISSION"
    assert crm.as_(STANDARD).delete(f"{PATH}/Code?module=Accounts").code == "NO_PERMISSION"
    assert crm.delete(f"{PATH}/Phone?module=Accounts").code == "NOT_ALLOWED"
    assert crm.delete(f"{PATH}/Nope?module=Accounts").details == {"resource_path_index": 2}
    assert crm.delete(f"{PATH}/Code").code == "REQUIRED_PARAM_MISSING"
    assert crm.delete(f"{PATH}/Code?module=Nope").code == "INVALID_MODULE"
    assert crm.delete(f"{PATH}/Code?module=Accounts", version="v5").code == "INVALID_REQUEST_METHOD"


def test_a_field_of_one_world_is_unknown_in_another(crm: Crm, still: Crm):
    (number,) = create(crm, CODE)

    assert still.get(f"{PATH}/{number}?module=Accounts").status == 204


def test_the_oldest_version_knows_nothing_of_probabilities(still: Crm):
    assert "probability" not in field(still, "Stage", "Deals", version="v2")["pick_list_values"][0]
    assert field(still, "Account_Name", "Contacts", version="v2")["data_type"] == "lookup"
    assert field(still, "Account_Name", "Contacts", version="v2")["lookup"]["module"] == "Accounts"


def test_one_automatic_number_a_module(crm: Crm):
    counted = {"data_type": "autonumber", "auto_number": {"start_number": "1"}}
    create(crm, {"field_label": "One", **counted})

    answer = crm.post(f"{PATH}?module=Accounts", {"fields": [{"field_label": "Two", **counted}]})

    assert (answer.code, answer.details["limit"]) == ("LIMIT_EXCEEDED", 1)
    missing = {"field_label": "Three", "data_type": "autonumber"}
    refused = crm.post(f"{PATH}?module=Contacts", {"fields": [missing]})
    assert (refused.code, refused.details["dependee"]["api_name"]) == ("DEPENDENT_FIELD_MISSING", "data_type")


@pytest.mark.requirement("P1")
def test_a_field_may_be_read_only_or_hidden_for_a_profile(crm: Crm):
    create(crm, CODE, {"field_label": "Secret", "data_type": "text"})
    sales = crm.profile("Sales")
    change(crm, "Code", profiles=[{"id": sales, "permission_type": "read_only"}])
    change(crm, "Secret", profiles=[{"id": sales, "permission_type": "hidden"}])
    account = crm.add("Accounts", Account_Name="A", Code="x", Secret="y")

    seller = crm.as_(SALES)
    seller.put(f"/Accounts/{account}", {"data": [{"Code": "changed", "Secret": "changed"}]})

    assert (crm.record("Accounts", account)["Code"], crm.record("Accounts", account)["Secret"]) == ("x", "y")
    seen = seller.record("Accounts", account)
    assert (seen["Code"], "Secret" in seen) == ("x", False)
    assert "Secret" not in [f["api_name"] for f in seller.get(f"{PATH}?module=Accounts").body["fields"]]
    shown = next(p for p in field(crm, "Code")["profiles"] if p["name"] == "Sales")
    assert shown["permission_type"] == "read_only"
