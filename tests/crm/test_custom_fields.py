"""Fields that a company adds itself (crm-api.md §5.2)."""

from typing import Any

import pytest

from tests.crm.api import STANDARD, Crm


def create(crm: Crm, *fields: Any, module: str = "Accounts", **more: Any) -> Any:
    return crm.post(f"/settings/fields?module={module}", {"fields": list(fields)}, **more)


CHECKBOX = {"field_label": "Zoho Invoice", "data_type": "boolean"}


@pytest.mark.requirement("C7")
def test_a_checkbox_can_be_added_ticked_and_asked_for_in_a_view(crm: Crm):
    assert create(crm, CHECKBOX).outcome["message"] == "field created"
    crm.add("Accounts", Account_Name="Ticked", Zoho_Invoice=True)
    crm.add("Accounts", Account_Name="Not ticked")

    criteria = {"field": {"api_name": "Zoho_Invoice"}, "comparator": "equal", "value": True}
    view = crm.post(
        "/settings/custom_views?module=Accounts", {"custom_views": [{"name": "For Invoice", "criteria": criteria}]}
    ).details["id"]

    path = f"/Accounts?fields=Account_Name,Zoho_Invoice&cvid={view}"
    (record,) = crm.get(path).body["data"]
    assert (record["Account_Name"], record["Zoho_Invoice"]) == ("Ticked", True)


@pytest.mark.requirement("C7")
def test_a_new_field_is_in_the_metadata_and_on_the_layout(crm: Crm):
    number = create(crm, CHECKBOX).details["id"]

    (field,) = crm.get(f"/settings/fields/{number}?module=Accounts").body["fields"]
    (layout,) = crm.get("/settings/layouts?module=Accounts").body["layouts"]

    assert (field["api_name"], field["field_label"], field["custom_field"]) == ("Zoho_Invoice", "Zoho Invoice", True)
    assert layout["sections"][0]["fields"][-1]["api_name"] == "Zoho_Invoice"


def test_fields_of_many_types_keep_their_values(crm: Crm):
    answer = [
        create(
            crm,
            {"field_label": "Region", "data_type": "picklist", "pick_list_values": [{"display_value": "East"}]},
            {"field_label": "Code", "data_type": "text", "length": 5},
            {"field_label": "Partner", "data_type": "lookup", "lookup": {"module": {"api_name": "Contacts"}}},
            {"field_label": "Budget", "data_type": "currency"},
            {"field_label": "Since", "data_type": "datetime"},
        ),
        create(crm, {"field_label": "Share", "data_type": "percent"}, {"field_label": "Seats", "data_type": "integer"}),
    ]
    assert [one.status for one in answer] == [201, 201]
    partner = crm.add("Contacts", Last_Name="Doe")
    values = {
        "Region": "East",
        "Code": "ABCDE",
        "Partner": {"id": partner},
        "Budget": 10.25,
        "Since": "2026-01-02T03:04:05+00:00",
        "Share": 12.5,
        "Seats": 3,
    }

    record = crm.record("Accounts", crm.add("Accounts", Account_Name="A", **values))

    assert record["Partner"] == {"name": "Doe", "id": partner}
    assert record["Since"] == "2026-01-01T19:04:05-08:00"
    assert [str(record[name]) for name in ("Budget", "Share", "Seats")] == ["10.25", "12.5", "3"]
    assert crm.create("Accounts", {"Account_Name": "B", "Code": "ABCDEF"}).details["maximum_length"] == 5


def test_a_unique_field_refuses_a_value_that_is_taken(crm: Crm):
    create(crm, {"field_label": "Code", "data_type": "text", "unique": {"case_sensitive": False}})
    holder = crm.add("Accounts", Account_Name="A", Code="x1")

    answer = crm.create("Accounts", {"Account_Name": "B", "Code": "X1"})
    upserted = crm.post(
        "/Accounts/upsert",
        {"data": [{"Account_Name": "C", "Code": "x1"}], "duplicate_check_fields": ["Code"]},
    )

    assert (answer.code, answer.details["id"]) == ("DUPLICATE_DATA", holder)
    assert (upserted.outcome["action"], upserted.details["id"]) == ("update", holder)


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Zoho Invoice", "Zoho_Invoice"),
        ("  Two  spaces ", "Two_spaces"),
        ("Größe (cm)", "Gre_cm"),
        ("2nd", "Field_2nd"),
        ("日本", "Field"),
        ("Account-Name", "AccountName"),
        ("account_name!", "account_name1"),
    ],
)
def test_the_api_name_follows_from_the_label(crm: Crm, label: str, name: str):
    number = create(crm, {"field_label": label, "data_type": "text"}).details["id"]

    assert crm.get(f"/settings/fields/{number}?module=Accounts").body["fields"][0]["api_name"] == name


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"data_type": "text"}, "MANDATORY_NOT_FOUND", "field_label"),
        ({"field_label": "X"}, "MANDATORY_NOT_FOUND", "data_type"),
        ({"field_label": 5, "data_type": "text"}, "INVALID_DATA", "field_label"),
        ({"field_label": "x" * 51, "data_type": "text"}, "INVALID_DATA", "field_label"),
        ({"field_label": "account name", "data_type": "text"}, "DUPLICATE_DATA", "field_label"),
        ({"field_label": "X", "data_type": "formula"}, "INVALID_DATA", "data_type"),
        ({"field_label": "X", "data_type": "text", "length": 256}, "INVALID_DATA", "length"),
        ({"field_label": "X", "data_type": "picklist"}, "MANDATORY_NOT_FOUND", "pick_list_values"),
        ({"field_label": "X", "data_type": "picklist", "pick_list_values": "a"}, "INVALID_DATA", "pick_list_values"),
        ({"field_label": "X", "data_type": "lookup"}, "MANDATORY_NOT_FOUND", "lookup.module"),
        ({"field_label": "X", "data_type": "lookup", "lookup": {"module": "Nope"}}, "INVALID_DATA", "lookup.module"),
        ({"field_label": "X", "data_type": "boolean", "unique": {"a": 1}}, "INVALID_DATA", "unique"),
    ],
)
def test_a_field_that_makes_no_sense_is_refused(crm: Crm, given: dict[str, Any], code: str, path: str):
    answer = create(crm, given)

    assert (answer.status, answer.code, answer.details["json_path"]) == (400, code, f"$.fields[0].{path}")


def test_two_unique_fields_are_the_limit_and_the_hidden_one_does_not_count(crm: Crm):
    unique = [
        {"field_label": f"U{number}", "data_type": "text", "unique": {"case_sensitive": False}} for number in range(3)
    ]

    answer = create(crm, *unique)

    assert [outcome["code"] for outcome in answer.outcomes] == ["SUCCESS", "SUCCESS", "LIMIT_EXCEEDED"]


def test_at_most_five_fields_are_created_at_once_by_administrators_from_v6_on(crm: Crm):
    assert create(crm, *[CHECKBOX] * 6).code == "LIMIT_EXCEEDED"
    assert create(crm.as_(STANDARD), CHECKBOX).code == "NO_PERMISSION"
    assert create(crm, CHECKBOX, version="v5").code == "INVALID_REQUEST_METHOD"
    assert create(crm, CHECKBOX, version="v6").status == 201
    assert crm.post("/settings/fields", {"fields": [CHECKBOX]}).details == {"param_name": "module"}
