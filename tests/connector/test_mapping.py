"""Field mapping: canonical values, bodies for Invoice, the name that makes duplicates."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector import mapping
from connector.fields import DEFAULT_MAPPING, INVOICE_FIELDS, Pair


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (None, "text", ""),
        ("  Oslo ", "text", "Oslo"),
        ("e\u0301", "text", "\u00e9"),
        ("a\r\nb", "text", "a\nb"),
        ({"id": "1", "name": "Acme"}, "text", "Acme"),
        (["A", "B"], "text", "A, B"),
        (Decimal("1.50"), "text", "1.50"),
        (Decimal("1.50"), "number", Decimal("1.5")),
        ("", "number", Decimal(0)),
        (100, "number", Decimal(100)),
        (None, "flag", False),
    ],
)
def test_values_are_compared_in_one_space(value, kind, expected):
    assert mapping.canonical(value, kind) == expected


def test_paths_become_a_body_of_the_invoice_api():
    body = mapping.to_body(
        {"contact_name": "Acme", "billing_address.city": "Oslo", "cf_region": "North", "is_active": True}
    )

    assert body == {
        "contact_name": "Acme",
        "billing_address": {"city": "Oslo"},
        "custom_fields": [{"api_name": "cf_region", "value": "North"}],
    }


def test_what_was_written_reads_back_as_the_same_values():
    record = {"Account_Name": "Acme", "Billing_City": "Oslo", "Description": None, "Phone": "1"}
    values = mapping.from_crm("account", DEFAULT_MAPPING["account"], record)

    assert mapping.from_invoice("account", DEFAULT_MAPPING["account"], mapping.to_body(values)) == values


@pytest.mark.requirement("C3")
@given(name=st.text(min_size=1, max_size=20), number=st.integers(2, 99))
def test_the_suffix_of_a_clone_never_travels_back(name, number):
    values = {"contact_name": name}
    suffix = f" ({number})"

    there = mapping.with_suffix("account", values, suffix)

    assert mapping.without_suffix("account", there, suffix) == values


def test_default_mappings_name_fields_that_exist_and_cover_what_is_required():
    for entity, pairs in DEFAULT_MAPPING.items():
        known = {field.name for field in INVOICE_FIELDS[entity]}
        required = {field.name for field in INVOICE_FIELDS[entity] if field.is_required}

        assert {pair.invoice for pair in pairs} <= known
        assert required <= {pair.invoice for pair in pairs}


def test_a_changed_mapping_has_another_version():
    assert mapping.version_of([Pair("Phone", "notes")]) != mapping.version_of([Pair("Fax", "notes")])
