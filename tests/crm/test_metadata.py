"""Modules, fields, layouts and related lists, as the versions show them (crm-api.md §5.1 to §5.6, §9)."""

import pytest

from tests.crm.api import SUPPORT, Crm

PAGES = ("Leads", "Accounts", "Contacts", "Deals", "Products", "Quotes", "Sales_Orders", "Invoices")
MODULES = (*PAGES, "Notes", "Attachments")
SUBFORMS = ("Quoted_Items", "Ordered_Items", "Invoiced_Items")
#: Keys without which a common client fails (crm-api.md §3.3).
NEEDED = {
    "json_type",
    "length",
    "api_name",
    "data_type",
    "decimal_place",
    "system_mandatory",
    "display_label",
    "pick_list_values",
}
JSON_TYPES = {"string", "integer", "double", "boolean", "jsonarray", "jsonobject"}


def test_the_modules_are_listed_with_what_the_caller_may_do(still: Crm):
    modules = {m["api_name"]: m for m in still.as_(SUPPORT).get("/settings/modules").body["modules"]}

    assert list(modules) == list(MODULES)
    hidden = still.get("/settings/modules?status=system_hidden").body["modules"]
    assert [(m["api_name"], m["generated_type"]) for m in hidden] == [(name, "subform") for name in SUBFORMS]
    assert modules["Deals"]["viewable"] is False
    assert (modules["Accounts"]["viewable"], modules["Accounts"]["deletable"]) == (True, False)
    assert modules["Deals"]["id"].endswith("2181")


def test_the_visibility_of_a_module_is_a_boolean_first_and_a_status_later(still: Crm):
    old = still.get("/settings/modules", version="v4").body["modules"][0]
    new = still.get("/settings/modules", version="v5").body["modules"][0]

    assert (old["visible"], "status" in old) == (True, False)
    assert (new["status"], "visible" in new) == ("visible", False)


@pytest.mark.parametrize("name", ["Deals", "potentials", "5725767000000002181"])
def test_a_module_is_found_by_its_names_and_its_id(still: Crm, name: str):
    (module,) = still.get(f"/settings/modules/{name}").body["modules"]

    assert (module["api_name"], module["display_field"]["api_name"]) == ("Deals", "Deal_Name")
    assert len(module["fields"]) > 20


def test_an_unknown_module_is_refused_everywhere(still: Crm):
    for path in (
        "/settings/modules/Nope",
        "/settings/fields?module=Nope",
        "/Nope?fields=id",
        "/Nope/1",
        "/Nope/search",
    ):
        assert (still.get(path).status, still.get(path).code) == (400, "INVALID_MODULE")
    assert still.get("/Nope?fields=id").details == {"resource_path_index": 0}


@pytest.mark.parametrize("module", MODULES)
def test_every_field_has_the_keys_that_clients_need(still: Crm, module: str):
    for field in still.get(f"/settings/fields?module={module}").body["fields"]:
        assert field.keys() >= NEEDED
        assert field["json_type"] in JSON_TYPES
        assert field["id"].isdigit()


@pytest.mark.parametrize("module", MODULES)
def test_no_module_has_more_fields_than_a_list_may_name(still: Crm, module: str):
    fields = still.get(f"/settings/fields?module={module}&type=all").body["fields"]

    assert len(fields) <= 50


def test_the_mandatory_fields_are_the_systems_own(still: Crm):
    mandatory = {
        module: [
            f["api_name"]
            for f in still.get(f"/settings/fields?module={module}").body["fields"]
            if f["system_mandatory"]
        ]
        for module in MODULES
    }

    assert mandatory == {
        "Leads": ["Last_Name"],
        "Quotes": ["Subject", "Quoted_Items"],
        "Sales_Orders": ["Subject", "Ordered_Items"],
        "Invoices": ["Subject", "Invoiced_Items"],
        "Notes": ["Note_Content", "Parent_Id"],
        "Attachments": ["File_Name", "Parent_Id"],
        "Accounts": ["Account_Name"],
        "Contacts": ["Last_Name"],
        "Deals": ["Deal_Name", "Stage"],
        "Products": ["Product_Name"],
    }


@pytest.mark.parametrize("version", ["v2", "v2.1", "v3", "v8"])
def test_lookups_name_a_module_whose_fields_can_be_read(still: Crm, version: str):
    for module in MODULES:
        for field in still.get(f"/settings/fields?module={module}", version=version).body["fields"]:
            if field["data_type"] == "lookup":
                target = field["lookup"]["module"]
                name = target if version.startswith("v2") else target["api_name"]
                if name == "se_module":  # whatever module: the official client knows the word
                    continue
                assert still.get(f"/settings/fields?module={name}", version=version).status == 200


def test_the_id_is_a_field_from_v4_on(still: Crm):
    def names(version: str) -> list[str]:
        return [f["api_name"] for f in still.get("/settings/fields?module=Accounts", version=version).body["fields"]]

    assert "id" not in names("v3")
    assert "id" in names("v4")


def test_stages_say_what_they_mean_for_the_forecast(still: Crm):
    (field,) = still.get("/settings/fields/Stage?module=Deals").body["fields"]
    (old,) = still.get("/settings/fields/Stage?module=Deals", version="v2.1").body["fields"]

    won = next(option for option in field["pick_list_values"] if option["actual_value"] == "Closed Won")
    assert (won["probability"], won["forecast_type"], won["forecast_category"]["name"]) == (100, "Closed Won", "Closed")
    assert isinstance(old["pick_list_values"][0]["forecast_category"], int)


def test_a_field_is_found_by_name_and_id(still: Crm):
    (field,) = still.get("/settings/fields/Phone?module=Accounts").body["fields"]

    assert still.get(f"/settings/fields/{field['id']}?module=Accounts").body["fields"] == [field]
    assert still.get("/settings/fields/Nope?module=Accounts").status == 204


@pytest.mark.parametrize(
    ("path", "details"),
    [
        ("/settings/fields", {"param_name": "module"}),
        ("/settings/fields/Phone", {"param_name": "module"}),
        ("/settings/layouts", {"param": "module"}),
        ("/settings/related_lists", {"param_name": "module"}),
    ],
)
def test_settings_of_a_module_must_name_it(still: Crm, path: str, details: dict[str, str]):
    answer = still.get(path)

    assert (answer.status, answer.code, answer.details) == (400, "REQUIRED_PARAM_MISSING", details)


@pytest.mark.parametrize("version", ["v2", "v2.1"])
def test_old_versions_name_the_display_field_in_text_and_have_a_number_for_a_layouts_status(still: Crm, version: str):
    (module,) = still.get("/settings/modules/Deals", version=version).body["modules"]
    (layout,) = still.get("/settings/layouts?module=Deals", version=version).body["layouts"]

    assert (module["display_field"], layout["status"]) == ("Deal_Name", 0)


@pytest.mark.parametrize("module", PAGES)
def test_a_layout_places_fields_in_sections(still: Crm, module: str):
    (layout,) = still.get(f"/settings/layouts?module={module}").body["layouts"]

    assert (layout["name"], layout["status"]) == ("Standard", "active")
    placed = [field["api_name"] for section in layout["sections"] for field in section["fields"]]
    assert len(placed) == len(set(placed)) > 5
    required = {f["api_name"] for s in layout["sections"] for f in s["fields"] if f["required"]}
    mandatory = {
        f["api_name"] for f in still.get(f"/settings/fields?module={module}").body["fields"] if f["system_mandatory"]
    }
    assert required == mandatory
    assert still.get(f"/settings/layouts/{layout['id']}?module={module}").body["layouts"] == [layout]
    assert still.get(f"/settings/layouts/123?module={module}").status == 204
    assert still.get(f"/settings/layouts/x?module={module}").code == "INVALID_DATA"


def test_related_lists_lead_to_routes_that_answer(still: Crm):
    account = still.add("Accounts", Account_Name="Acme")
    lists = still.get("/settings/related_lists?module=Accounts").body["related_lists"]
    old = still.get("/settings/related_lists?module=Accounts", version="v2").body["related_lists"]

    assert [entry["api_name"] for entry in lists] == [
        "Contacts",
        "Deals",
        "Child_Accounts",
        "Quotes",
        "SalesOrders",
        "Invoices",
        "Products",
        "Notes",
        "Attachments",
    ]
    for entry in lists:
        assert isinstance(entry["sequence_number"], str)
        assert still.get("/" + entry["href"].replace("{ENTITYID}", account) + "?fields=id").status == 204
    assert (lists[0]["module"]["api_name"], old[0]["module"]) == ("Contacts", "Contacts")
