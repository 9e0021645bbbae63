"""Two states of a world are compared record by record."""

import pytest

from simulator.comparing import differences

pytestmark = pytest.mark.requirement("X3")

ACME = {"id": 1, "name": "Acme", "phone": "1", "version": 1}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {"1": ACME}, [("added", "Acme", ["id", "name", "phone"])]),
        ({"1": ACME}, {}, [("removed", "Acme", ["id", "name", "phone"])]),
        ({"1": ACME}, {"1": {**ACME, "phone": "2"}}, [("changed", "Acme", ["phone"])]),
        ({"1": ACME}, {"1": {**ACME, "version": 2}}, []),
        ({"1": ACME}, {"1": dict(ACME)}, []),
    ],
    ids=["added", "removed", "changed", "only the program's own", "the same"],
)
def test_a_record_is_told_with_the_fields_that_differ(before, after, expected):
    found = differences({"contact": before}, {"contact": after})

    assert [(row["what"], row["name"], [field["field"] for field in row["fields"]]) for row in found] == expected


def test_what_a_column_keeps_as_json_is_compared_field_by_field():
    before, after = ({"1": {"id": 1, "values": f'{{"Phone": "{phone}", "Fax": "7"}}'}} for phone in "12")

    (row,) = differences({"record": before}, {"record": after})

    assert row["fields"] == [{"field": "values.Phone", "before": "1", "after": "2"}]


def test_a_secret_that_differs_is_not_told():
    before, after = ({"1": {"id": 1, "refresh_token": token}} for token in ("first", "second"))

    (row,) = differences({"connection": before}, {"connection": after})

    assert row["fields"] == [{"field": "refresh_token", "before": "***", "after": "***"}]
