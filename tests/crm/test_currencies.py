"""Several currencies: enabled, added, changed (crm-api.md §5.11)."""

from typing import Any

import pytest

from tests.crm.api import SALES, Crm

PATH = "/org/currencies"
BASE = {"name": "US Dollar - USD", "iso_code": "USD", "symbol": "$", "exchange_rate": "1.000000000"}
EURO = {"name": "Euro - EUR", "iso_code": "EUR", "symbol": "€", "exchange_rate": "0.900000000"}


def enable(crm: Crm, **more: Any) -> Any:
    return crm.post(f"{PATH}/actions/enable", {"base_currency": {**BASE, **more}})


def add(crm: Crm, **more: Any) -> Any:
    return crm.post(PATH, {"currencies": [{**EURO, **more}]})


def listed(crm: Crm) -> dict[str, Any]:
    return {currency["iso_code"]: currency for currency in crm.get(PATH).body["currencies"]}


def options(crm: Crm, module: str = "Deals") -> list[str]:
    (field,) = crm.get(f"/settings/fields/Currency?module={module}").body["fields"]
    return [option["actual_value"] for option in field["pick_list_values"] if option["type"] == "used"]


def test_without_several_currencies_there_is_none_to_ask_for(crm: Crm):
    for path in (PATH, f"{PATH}/123"):
        assert (crm.get(path).status, crm.get(path).code) == (403, "CURRENCIES_NOT_ENABLED")
    assert add(crm).code == "FEATURE_NOT_ENABLED"
    assert crm.put(PATH, {"currencies": [{"id": "5"}]}).code == "FEATURE_NOT_ENABLED"
    assert crm.put(f"{PATH}/actions/enable", {"base_currency": BASE}).body["base_currency"]["code"] == (
        "FEATURE_NOT_ENABLED"
    )
    assert crm.get("/org").body["org"][0]["mc_status"] is False


def test_enabling_makes_a_base_currency_and_fields(crm: Crm):
    answer = enable(crm)

    assert (answer.status, answer.body["base_currency"]["code"]) == (200, "SUCCESS")
    (org,) = crm.get("/org").body["org"]
    assert (org["mc_status"], org["iso_code"]) == (True, "USD")
    currency = listed(crm)["USD"]
    assert (currency["is_base"], currency["exchange_rate"], currency["modified_by"]["name"]) == (
        True,
        "1.000000000",
        "Asha Rao",
    )
    assert crm.get(f"{PATH}/{currency['id']}").body["currencies"] == [currency]
    assert crm.get(f"{PATH}/123").status == 204
    assert options(crm) == ["USD"]
    assert crm.get("/settings/fields/Exchange_Rate?module=Accounts").body["fields"][0]["decimal_place"] == 9
    again = enable(crm)
    assert (again.status, again.body["base_currency"]["code"]) == (400, "ALREADY_ENABLED")


def test_another_base_currency_can_be_chosen_when_enabling(crm: Crm):
    enable(crm, name="Euro - EUR", iso_code="EUR", symbol="€")

    assert list(listed(crm)) == ["EUR"]
    assert crm.get("/org").body["org"][0]["iso_code"] == "EUR"


def test_a_currency_is_added_changed_and_taken_out_of_use(crm: Crm):
    enable(crm)
    answer = add(crm, format={"decimal_separator": "Comma", "thousand_separator": "Period", "decimal_places": "2"})

    assert (answer.status, answer.outcome["message"]) == (200, "The currency created successfully.")
    euro = listed(crm)["EUR"]
    assert (euro["exchange_rate"], euro["is_base"], euro["is_active"]) == ("0.900000000", False, True)
    assert euro["format"] == {"decimal_separator": "Comma", "thousand_separator": "Period", "decimal_places": "2"}
    assert options(crm) == ["USD", "EUR"]

    crm.put(PATH, {"currencies": [{"id": euro["id"], "exchange_rate": "0.95"}]})
    crm.put(f"{PATH}/{euro['id']}", {"currencies": [{"is_active": False}]})

    euro = listed(crm)["EUR"]
    assert (euro["exchange_rate"], euro["is_active"]) == ("0.950000000", False)
    assert options(crm) == ["USD"]


def test_a_record_is_in_a_currency_of_the_company(crm: Crm):
    enable(crm)
    add(crm)

    home = crm.record("Deals", crm.add("Deals", Deal_Name="A", Stage="Qualification"))
    other = crm.record("Deals", crm.add("Deals", Deal_Name="B", Stage="Qualification", Currency="EUR"))

    assert (home["Currency"], str(home["Exchange_Rate"])) == ("USD", "1")
    assert (other["Currency"], str(other["Exchange_Rate"])) == ("EUR", "0.9")
    refused = crm.create("Deals", {"Deal_Name": "C", "Stage": "Qualification", "Currency": "XXX"})
    assert refused.code == "INVALID_DATA"


def test_a_custom_module_gains_the_fields_with_its_first_amount(crm: Crm):
    enable(crm)
    module = {"plural_label": "Projects", "singular_label": "Project", "profiles": [{"id": crm.profile("Sales")}]}
    crm.post("/settings/modules", {"modules": [module]})
    assert crm.get("/settings/fields/Currency?module=Projects").status == 204

    crm.post("/settings/fields?module=Projects", {"fields": [{"field_label": "Budget", "data_type": "currency"}]})

    assert options(crm, "Projects") == ["USD"]


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"iso_code": None}, "MANDATORY_NOT_FOUND", "iso_code"),
        ({"iso_code": 5}, "INVALID_DATA", "iso_code"),
        ({"iso_code": "euro"}, "INVALID_DATA", "iso_code"),
        ({"iso_code": "USD"}, "DUPLICATE_DATA", "iso_code"),
        ({"name": None}, "MANDATORY_NOT_FOUND", "name"),
        ({"symbol": ""}, "INVALID_DATA", "symbol"),
        ({"exchange_rate": None}, "MANDATORY_NOT_FOUND", "exchange_rate"),
        ({"exchange_rate": 0.9}, "INVALID_DATA", "exchange_rate"),
        ({"exchange_rate": "-1"}, "INVALID_DATA", "exchange_rate"),
        ({"exchange_rate": "0.1234567891"}, "INVALID_DATA", "exchange_rate"),
        ({"exchange_rate": "NaN"}, "INVALID_DATA", "exchange_rate"),
        ({"is_active": "yes"}, "INVALID_DATA", "is_active"),
        ({"format": {"decimal_separator": "Dot"}}, "INVALID_DATA", "format.decimal_separator"),
        ({"format": {"decimal_places": 2}}, "INVALID_DATA", "format.decimal_places"),
        ({"format": {"decimal_separator": "Comma"}}, "NOT_ALLOWED", "format.decimal_places"),
    ],
)
def test_a_currency_that_makes_no_sense_is_refused(crm: Crm, given: dict[str, Any], code: str, path: str):
    enable(crm)

    answer = add(crm, **given)

    assert (answer.status, answer.code, answer.details["json_path"]) == (400, code, f"$.currencies[0].{path}")
    assert list(listed(crm)) == ["USD"]


def test_the_base_currency_stays_what_it_is(crm: Crm):
    enable(crm)
    base = listed(crm)["USD"]["id"]

    assert crm.put(f"{PATH}/{base}", {"currencies": [{"is_active": False}]}).code == "NOT_ALLOWED"
    assert crm.put(f"{PATH}/{base}", {"currencies": [{"iso_code": "EUR"}]}).code == "INVALID_DATA"
    changed = crm.put(f"{PATH}/actions/enable", {"base_currency": {"symbol": "US$", "exchange_rate": "3"}})
    assert changed.body["base_currency"]["message"] == "The currency updated successfully."
    assert (listed(crm)["USD"]["symbol"], listed(crm)["USD"]["exchange_rate"]) == ("US$", "1.000000000")


def test_currencies_are_managed_by_administrators(crm: Crm, still: Crm):
    enable(crm)

    for method, path in (("POST", PATH), ("PUT", PATH), ("PUT", f"{PATH}/1"), ("POST", f"{PATH}/actions/enable")):
        answer = crm.as_(SALES).call(method, path, {"currencies": [{}]})
        assert answer.body["details"] == {"permissions": ["Crm_Implied_Manage_Currencies"]}
    assert crm.put(f"{PATH}/123", {"currencies": [{}]}).details == {"resource_path_index": 2}
    assert crm.post(f"{PATH}/actions/enable", {}).code == "MANDATORY_NOT_FOUND"
    assert still.get("/org").body["org"][0]["mc_status"] is False
