"""What each type of field takes and how it refuses the rest (crm-api.md §3.3, §4.3)."""

from decimal import Decimal
from typing import Any

import pytest

from tests.crm.api import Crm

LONG = "x" * 300


@pytest.mark.parametrize(
    ("module", "field", "value", "details"),
    [
        ("Accounts", "Account_Site", 5, {"expected_data_type": "text"}),
        ("Accounts", "Account_Site", True, {"expected_data_type": "text"}),
        ("Accounts", "Account_Site", ["a"], {"expected_data_type": "text"}),
        ("Accounts", "Account_Site", "nul\0", {"expected_data_type": "text"}),
        ("Accounts", "Account_Site", LONG, {"maximum_length": 80}),
        ("Accounts", "Employees", "5", {"expected_data_type": "integer"}),
        ("Accounts", "Employees", 5.5, {"expected_data_type": "integer"}),
        ("Accounts", "Employees", True, {"expected_data_type": "integer"}),
        ("Accounts", "Employees", 10**9, {"maximum_length": 9}),
        ("Accounts", "Account_Number", "12x", {"expected_data_type": "bigint"}),
        ("Accounts", "Account_Number", "1" * 19, {"maximum_length": 18}),
        ("Accounts", "Annual_Revenue", "5", {"expected_data_type": "double"}),
        ("Accounts", "Annual_Revenue", {"a": 1}, {"expected_data_type": "double"}),
        ("Accounts", "Annual_Revenue", 10**16, {"maximum_length": 16}),
        ("Accounts", "Phone", "call me!", {"expected_data_type": "phone"}),
        ("Accounts", "Industry", 5, {"expected_data_type": "picklist"}),
        ("Contacts", "Email", "nobody", {"expected_data_type": "email"}),
        ("Contacts", "Email", "a@b", {"expected_data_type": "email"}),
        ("Contacts", "Email_Opt_Out", "true", {"expected_data_type": "boolean"}),
        ("Contacts", "Email_Opt_Out", 1, {"expected_data_type": "boolean"}),
        ("Contacts", "Date_of_Birth", "24.12.2020", {"expected_data_type": "date"}),
        ("Contacts", "Date_of_Birth", "2021-02-30", {"expected_data_type": "date"}),
        ("Contacts", "Account_Name", "Acme", {"expected_data_type": "jsonobject"}),
        ("Contacts", "Account_Name", [1], {"expected_data_type": "jsonobject"}),
        ("Products", "Tax", "VAT", {"expected_data_type": "jsonarray"}),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_name_and_kind(still: Crm, module, field, value, details):
    mandatory = {"Accounts": "Account_Name", "Contacts": "Last_Name", "Products": "Product_Name"}[module]

    answer = still.create(module, {mandatory: "X", field: value})

    assert (answer.status, answer.code) == (400, "INVALID_DATA")
    assert answer.details == {**details, "api_name": field, "json_path": f"$.data[0].{field}"}


def test_the_id_of_a_lookup_must_be_a_number(crm: Crm):
    answer = crm.create("Contacts", {"Last_Name": "X", "Account_Name": {"id": "acme"}})

    assert answer.details == {
        "expected_data_type": "bigint",
        "api_name": "id",
        "json_path": "$.data[0].Account_Name.id",
    }


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (b"0.1", "0.1"),
        (b"1234567890123.45", "1234567890123.45"),
        (b"19.999", "20"),
        (b"19.995", "20"),
        (b"-0.005", "-0.01"),
        (b"1e2", "100"),
        (b"0", "0"),
    ],
)
def test_amounts_are_exact_and_rounded_half_up_to_cents(still: Crm, sent: bytes, kept: str):
    answer = still.post("/Accounts", b'{"data":[{"Account_Name":"A","Annual_Revenue":' + sent + b"}]}")

    assert Decimal(still.record("Accounts", answer.details["id"])["Annual_Revenue"]) == Decimal(kept)


@pytest.mark.parametrize("value", [None, "", "   ", "-None-"])
def test_empty_values_clear_a_picklist(still: Crm, value: Any):
    assert still.record("Accounts", still.add("Accounts", Account_Name="A", Industry=value))["Industry"] is None


def test_ordinary_picklists_take_values_they_do_not_know(crm: Crm):
    account = crm.add("Accounts", Account_Name="A", Industry="Space mining")

    assert crm.record("Accounts", account)["Industry"] == "Space mining"


def test_booleans_are_never_null(crm: Crm):
    assert crm.record("Contacts", crm.add("Contacts", Last_Name="A"))["Email_Opt_Out"] is False


def test_several_choices_are_kept_in_order(crm: Crm):
    product = crm.add("Products", Product_Name="A", Tax=["VAT", "Sales Tax"])

    assert crm.record("Products", product)["Tax"] == ["VAT", "Sales Tax"]


def test_times_carry_the_companys_offset_and_no_fraction(crm: Crm):
    modified = crm.record("Accounts", crm.add("Accounts", Account_Name="A"))["Modified_Time"]

    assert len(modified) == len("2026-01-01T00:00:00-08:00")
    assert modified[19:] in ("-08:00", "-07:00")
