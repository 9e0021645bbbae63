"""Whatever comes in, the answer is an error of the vendor's and never a failure of ours."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.crm.api import Crm

WRITES = [
    ("POST", "/Accounts"),
    ("PUT", "/Accounts"),
    ("PUT", "/Accounts/1"),
    ("POST", "/Accounts/upsert"),
    ("POST", "/actions/watch"),
    ("PUT", "/actions/watch"),
    ("PATCH", "/actions/watch"),
    ("POST", "/settings/custom_views?module=Accounts"),
    ("PUT", "/settings/custom_views?module=Accounts"),
    ("POST", "/settings/pipeline/stages"),
    ("PUT", "/users"),
    ("POST", "/users"),
    ("POST", "/settings/modules"),
    ("PUT", "/settings/modules"),
    ("POST", "/settings/fields?module=Accounts"),
    ("PATCH", "/settings/fields?module=Accounts"),
    ("POST", "/settings/roles"),
    ("PUT", "/settings/roles"),
    ("POST", "/org/currencies"),
    ("PUT", "/org/currencies"),
]
BODIES: list[bytes] = [
    b"",
    b"{",
    b"null",
    b"[]",
    b"5",
    b'"data"',
    b"{}",
    b"\xff\xfe",
    b'{"data": NaN}',
    b'{"data":' + b"[" * 5000 + b"]" * 5000 + b"}",
    b'{"data":' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"}",
    b'{"data":[' + b"9" * 5000 + b"]}",
]


@pytest.mark.parametrize(("method", "path"), WRITES)
@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_a_body_that_is_no_object_with_its_array_is_refused(still: Crm, method: str, path: str, body: bytes):
    answer = still.call(method, path, body)

    assert answer.status == 400
    assert answer.code in ("INVALID_DATA", "MANDATORY_NOT_FOUND")


def test_a_broken_body_is_told_in_the_vendors_words(still: Crm):
    answer = still.post("/Accounts", b"{")

    assert answer.body == {
        "code": "INVALID_DATA",
        "details": {"expected_data_type": "jsonobject"},
        "message": "body",
        "status": "error",
    }


@pytest.mark.parametrize(("method", "path"), WRITES)
@pytest.mark.parametrize("given", [None, {}, "x", 5, True, [None], ["x"], [5], [[]], [{}]])
def test_arrays_and_their_items_are_looked_at(still: Crm, method: str, path: str, given: Any):
    keys = ("data", "watch", "custom_views", "stages", "users", "modules", "fields", "roles", "currencies")
    answer = still.call(method, path, dict.fromkeys(keys, given))

    assert answer.status == 400


def test_a_body_beyond_all_measure_is_refused(still: Crm):
    answer = still.post("/Accounts", b'{"data":"' + b"x" * (17 * 1024 * 1024) + b'"}')

    assert (answer.status, answer.code) == (413, "INVALID_DATA")


@pytest.mark.parametrize(
    "raw", [rb'{"data":[{"Account_Name":"\ud800"}]}', rb'{"data":[{"Account_Name":"a","x\udfff":1}]}']
)
def test_half_a_character_is_refused(still: Crm, raw: bytes):
    assert (still.post("/Accounts", raw).status, still.post("/Accounts", raw).code) == (400, "INVALID_DATA")


@pytest.mark.parametrize("number", [b"1e400", b"-1e400", b"1e99999", b"1e-99999", b"9" * 400, b"0." + b"9" * 400])
def test_numbers_beyond_all_measure_are_refused_or_rounded(still: Crm, number: bytes):
    answer = still.post("/Accounts", b'{"data":[{"Account_Name":"A","Annual_Revenue":' + number + b',"Employees":5}]}')

    assert answer.status in (201, 400)


@pytest.mark.parametrize(
    "path", ["/Accounts/{}", "/settings/profiles/{}", "/users/{}", "/settings/layouts/{}?module=Deals"]
)
@pytest.mark.parametrize("number", ["x", "0", "-1", "1.5", "9" * 19, "9" * 40, "١٢٣", "%00"])
def test_ids_that_are_none_are_refused_or_not_found(still: Crm, path: str, number: str):
    assert still.get(path.format(number)).status in (204, 400, 404)


VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**20), 10**20),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=20),
        st.sampled_from(["", "-None-", "2026-01-01", "a@b.example", "Qualification"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["id", "name", "email", "x"]), inner, max_size=3)
    ),
    max_leaves=5,
)
NAMES = {
    "Accounts": [
        "Account_Name",
        "Phone",
        "Employees",
        "Annual_Revenue",
        "Parent_Account",
        "Owner",
        "Industry",
        "Website",
    ],
    "Contacts": ["Last_Name", "Email", "Email_Opt_Out", "Date_of_Birth", "Account_Name", "Reporting_To", "id"],
    "Deals": [
        "Deal_Name",
        "Stage",
        "Amount",
        "Probability",
        "Closing_Date",
        "Contact_Name",
        "Product_Name",
        "Pipeline",
    ],
    "Products": ["Product_Name", "Unit_Price", "Qty_in_Stock", "Product_Active", "Tax", "Handler", "Tag"],
}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_record_is_written_or_refused_and_what_is_written_can_be_read(still: Crm, data: st.DataObject):
    module = data.draw(st.sampled_from(sorted(NAMES)))
    records = data.draw(
        st.lists(st.dictionaries(st.sampled_from(NAMES[module]), VALUES, max_size=6), min_size=1, max_size=3)
    )
    path = data.draw(st.sampled_from([f"/{module}", f"/{module}/upsert"]))

    answer = still.post(path, {"data": records})

    assert answer.status in (200, 201, 207, 400)
    assert len(answer.outcomes) == len(records)
    for outcome in answer.outcomes:
        if outcome["code"] == "SUCCESS":
            still.record(module, outcome["details"]["id"])
