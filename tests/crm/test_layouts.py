"""The layout editor's doors: sections and fields made, moved, required, taken off (crm-api.md §5.3)."""

from typing import Any

import pytest

from tests.crm.api import STANDARD, Crm

PATH = "/settings/layouts"


def layout(crm: Crm, module: str = "Accounts") -> dict[str, Any]:
    (found,) = crm.get(f"{PATH}?module={module}").body["layouts"]
    return dict(found)


def section(crm: Crm, label: str, module: str = "Accounts") -> dict[str, Any]:
    return next(one for one in layout(crm, module)["sections"] if one["display_label"] == label)


def labels(crm: Crm, module: str = "Accounts") -> list[str]:
    return [one["display_label"] for one in layout(crm, module)["sections"]]


def placed(crm: Crm, label: str, module: str = "Accounts") -> list[str]:
    return [field["api_name"] for field in section(crm, label, module)["fields"]]


def field_id(crm: Crm, name: str, module: str = "Accounts") -> str:
    return str(crm.get(f"/settings/fields/{name}?module={module}").body["fields"][0]["id"])


def save(crm: Crm, *sections: Any, module: str = "Accounts", **more: Any) -> Any:
    body = {"layouts": [{"sections": list(sections), **more} if sections else more]}
    return crm.patch(f"{PATH}/{layout(crm, module)['id']}?module={module}", body)


ADDRESS = "Address Information"
DESCRIPTION = "Description Information"


@pytest.mark.requirement("C7")
def test_a_checkbox_dragged_onto_a_section_is_a_field_that_can_be_ticked(crm: Crm):
    where = section(crm, ADDRESS)["id"]
    checkbox = {"field_label": "Zoho Invoice", "data_type": "boolean", "sequence_number": 1}

    answer = save(crm, {"id": where, "fields": [checkbox]})

    assert (answer.status, answer.outcome["message"]) == (200, "layout updated")
    assert placed(crm, ADDRESS)[0] == "Zoho_Invoice"
    assert crm.record("Accounts", crm.add("Accounts", Account_Name="A", Zoho_Invoice=True))["Zoho_Invoice"] is True
    assert layout(crm)["modified_by"]["name"] == "Asha Rao"


def test_a_section_is_added_renamed_moved_and_removed(crm: Crm):
    save(crm, {"display_label": "Finance", "name": "Finance", "sequence_number": 2, "column_count": 1})
    assert labels(crm) == ["Account Information", "Finance", ADDRESS, DESCRIPTION]
    made = section(crm, "Finance")
    assert (made["column_count"], made["generated_type"], made["fields"]) == (1, "custom", [])

    save(crm, {"id": made["id"], "display_label": "Money", "sequence_number": 1, "tab_traversal": "top_to_bottom"})
    assert labels(crm)[0] == "Money"

    save(crm, {"id": made["id"], "_delete": {"permanent": True}})
    assert labels(crm) == ["Account Information", ADDRESS, DESCRIPTION]


def test_fields_of_a_removed_section_are_unused(crm: Crm):
    save(crm, {"id": section(crm, DESCRIPTION)["id"], "_delete": {"permanent": True}})

    unused = [f["api_name"] for f in crm.get("/settings/fields?module=Accounts&type=unused").body["fields"]]
    assert unused == ["Description"]


def test_a_field_moves_to_another_section_and_within_one(crm: Crm):
    phone = field_id(crm, "Phone")

    save(crm, {"id": section(crm, ADDRESS)["id"], "fields": [{"id": phone, "sequence_number": 2}]})
    assert placed(crm, ADDRESS)[:3] == ["Billing_Street", "Phone", "Billing_City"]
    assert "Phone" not in placed(crm, "Account Information")

    save(crm, {"id": section(crm, ADDRESS)["id"], "fields": [{"id": phone, "sequence_number": 1}]})
    assert placed(crm, ADDRESS)[0] == "Phone"


@pytest.mark.requirement("G2")
def test_a_field_taken_off_the_layout_keeps_its_values_and_comes_back(crm: Crm):
    deal = crm.add("Deals", Deal_Name="Big", Stage="Qualification")
    label = next(one for one in labels(crm, "Deals") if "Probability" in placed(crm, one, "Deals"))
    where, number = section(crm, label, "Deals")["id"], field_id(crm, "Probability", "Deals")

    save(crm, {"id": where, "fields": [{"id": number, "_delete": {"permanent": False}}]}, module="Deals")
    assert "Probability" not in placed(crm, label, "Deals")
    assert "Probability" not in crm.record("Deals", deal)
    assert crm.get(f"/settings/fields/{number}?module=Deals").body["fields"][0]["type"] == "unused"
    assert "Probability" not in [f["api_name"] for f in crm.get("/settings/fields?module=Deals").body["fields"]]

    save(crm, {"id": where, "fields": [{"id": number}]}, module="Deals")
    assert placed(crm, label, "Deals")[-1] == "Probability"
    assert crm.record("Deals", deal)["Probability"] == 10


def test_a_custom_field_can_be_taken_off_for_good(crm: Crm):
    where = section(crm, ADDRESS)["id"]
    save(crm, {"id": where, "fields": [{"field_label": "Code", "data_type": "text"}]})

    save(crm, {"id": where, "fields": [{"id": field_id(crm, "Code"), "_delete": {"permanent": True}}]})

    assert crm.get("/settings/fields/Code?module=Accounts").status == 204


def test_a_required_field_is_asked_of_new_records(crm: Crm):
    where, phone = section(crm, "Account Information")["id"], field_id(crm, "Phone")
    before = crm.add("Accounts", Account_Name="Old")

    save(crm, {"id": where, "fields": [{"id": phone, "required": True}]})

    assert next(f for f in section(crm, "Account Information")["fields"] if f["id"] == phone)["required"] is True
    refused = crm.create("Accounts", {"Account_Name": "New"})
    assert (refused.code, refused.details["api_name"]) == ("MANDATORY_NOT_FOUND", "Phone")
    assert crm.put(f"/Accounts/{before}", {"data": [{"Website": "a.example"}]}).status == 200
    save(crm, {"id": where, "fields": [{"id": phone, "required": False}]})
    assert crm.create("Accounts", {"Account_Name": "New"}).status == 201


def test_profiles_and_the_business_card_of_a_layout(crm: Crm):
    sales = crm.profile("Sales")

    save(crm, show_business_card=False, profiles=[{"id": sales, "_delete": True}])

    assert layout(crm)["show_business_card"] is False
    assert "Sales" not in [profile["name"] for profile in layout(crm)["profiles"]]
    save(crm, profiles=[{"id": sales}])
    assert "Sales" in [profile["name"] for profile in layout(crm)["profiles"]]


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"name": "Other"}, "NOT_ALLOWED", "name"),
        ({"sections": 5}, "INVALID_DATA", "sections"),
        ({"sections": [{}] * 6}, "INVALID_DATA", "sections"),
        ({"sections": [5]}, "INVALID_DATA", "sections[0]"),
        ({"sections": [{"id": "5"}]}, "INVALID_DATA", "sections[0].id"),
        ({"sections": [{"display_label": ""}]}, "MANDATORY_NOT_FOUND", "sections[0].display_label"),
        ({"sections": [{"display_label": "address information"}]}, "DUPLICATE_DATA", "sections[0].display_label"),
        ({"sections": [{"display_label": "X", "column_count": 3}]}, "INVALID_DATA", "sections[0].column_count"),
        ({"sections": [{"display_label": "X", "tab_traversal": 2}]}, "INVALID_DATA", "sections[0].tab_traversal"),
        ({"sections": [{"display_label": "X", "fields": [{"id": "5"}]}]}, "INVALID_DATA", "sections[0].fields[0].id"),
        (
            {"sections": [{"display_label": "X", "fields": [{"field_label": "Y", "data_type": "formula"}]}]},
            "INVALID_DATA",
            "sections[0].fields[0].data_type",
        ),
        ({"sections": [{"_delete": {"permanent": True}}]}, "DEPENDENT_FIELD_MISSING", "sections[0].api_name"),
        ({"show_business_card": "yes"}, "INVALID_DATA", "show_business_card"),
        ({"profiles": [{"id": "5"}]}, "INVALID_DATA", "profiles[0].id"),
    ],
)
def test_a_change_of_a_layout_that_makes_no_sense_is_refused(crm: Crm, given: dict[str, Any], code: str, path: str):
    before = labels(crm)

    answer = save(crm, **given)

    assert (answer.status, answer.code, answer.details["json_path"]) == (400, code, f"$.layouts[0].{path}")
    assert labels(crm) == before


def test_sections_and_fields_must_be_named(crm: Crm):
    unnamed = save(crm, {})
    nothing = save(crm, {"id": section(crm, ADDRESS)["id"], "fields": [{}]})

    assert [f["api_name"] for f in unnamed.details["expected_fields"]] == ["id", "display_label"]
    assert [f["api_name"] for f in nothing.details["expected_fields"]] == ["id", "field_label"]


def test_five_fields_a_call_and_all_or_nothing(crm: Crm):
    new = [{"field_label": f"F{number}", "data_type": "text"} for number in range(6)]

    assert save(crm, {"id": section(crm, ADDRESS)["id"], "fields": new}).code == "LIMIT_EXCEEDED"
    assert save(crm, {"id": section(crm, ADDRESS)["id"], "fields": [new[0], {"id": "5"}]}).status == 400
    assert crm.get("/settings/fields/F0?module=Accounts").status == 204


def test_what_the_system_needs_stays_on_the_layout(crm: Crm):
    main, name = section(crm, "Account Information")["id"], field_id(crm, "Account_Name")

    for change in (
        {"id": main, "_delete": {"permanent": True}},
        {"id": main, "fields": [{"id": name, "_delete": {"permanent": False}}]},
        {"id": main, "fields": [{"id": name, "required": False}]},
    ):
        assert save(crm, change).code == "NOT_ALLOWED"


def test_layouts_are_edited_by_who_may_customize(crm: Crm):
    number = layout(crm)["id"]
    body = {"layouts": [{"show_business_card": False}]}

    assert crm.as_(STANDARD).patch(f"{PATH}/{number}?module=Accounts", body).code == "NO_PERMISSION"
    assert crm.patch(f"{PATH}/{number}", body).details == {"param_name": "module"}
    assert crm.patch(f"{PATH}/123?module=Accounts", body).code == "INVALID_DATA"
    assert crm.patch(f"{PATH}/{number}?module=Contacts", body).code == "INVALID_DATA"
    assert crm.delete(f"{PATH}/{number}?module=Accounts").details == {"param_name": "transfer_to"}
    assert crm.delete(f"{PATH}/{number}?module=Accounts&transfer_to=1").code == "NOT_ALLOWED"
    assert crm.put(f"{PATH}/{number}?module=Accounts", body).status == 200


def test_a_layout_of_one_world_stays_in_it(crm: Crm, still: Crm):
    save(crm, {"display_label": "Finance"})

    assert "Finance" not in labels(still)
