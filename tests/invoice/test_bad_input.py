"""Nothing a caller sends is answered with 500, and nothing refused leaves a trace."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mock_invoice import errors
from tests.invoice.conftest import Invoice

BODIES = {
    "cut": b'{"contact_name": "Ac',
    "two objects": b"{}{}",
    "NaN": b'{"contact_name": NaN}',
    "infinity": b'{"credit_limit": -Infinity}',
    "not UTF-8": b'{"contact_name": "\xff\xfe"}',
    "half a character": b'{"contact_name": "\\ud800"}',
    "deep": b'{"contact_persons":' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "a long number": b'{"payment_terms": ' + b"9" * 6_000 + b"}",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
@pytest.mark.parametrize(("method", "path"), [("POST", "/contacts"), ("POST", "/invoices"), ("POST", "/items")])
def test_a_body_that_is_no_json_is_named_so(invoice: Invoice, method: str, path: str, body: bytes) -> None:
    headers = {"Authorization": f"Zoho-oauthtoken {invoice.token}"}

    answer = invoice.raw(method, f"/invoice/v3{path}", data=body, headers=headers)

    assert (answer.status_code, answer.get_json()) == (400, {"code": 1038, "message": "JSON is not well formed"})


@pytest.mark.parametrize("body", [[], "text", 5, True], ids=["list", "text", "number", "truth"])
def test_json_that_is_no_object_is_named_so(invoice: Invoice, body: Any) -> None:
    assert invoice.refused("POST", "/contacts", body) == (400, 2, "Invalid value passed for JSONString")


def test_a_body_that_is_too_large_is_refused(invoice: Invoice) -> None:
    headers = {"Authorization": f"Zoho-oauthtoken {invoice.token}"}

    answer = invoice.raw("POST", "/invoice/v3/contacts", data=b" " * (17 * 1024 * 1024), headers=headers)

    assert answer.status_code == 413
    assert answer.get_json()["code"] == 90_400


junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**25), 10**25)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.sampled_from(
        ["10%", "-5", "1e999", "NaN", "", "2026-01-01", "0000-00-00", "\u0000", "٣", "410000000000081001"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KEYS = {
    "/contacts": ["contact_name", "contact_type", "billing_address", "contact_persons", "currency_id", "tax_id",
                  "payment_terms", "custom_fields", "zcrm_account_id", "is_taxable"],
    "/items": ["name", "rate", "sku", "tax_id", "product_type", "zcrm_product_id", "custom_fields"],
    "/invoices": ["customer_id", "line_items", "date", "due_date", "discount", "adjustment", "exchange_rate",
                  "currency_id", "payment_terms", "invoiced_estimate_id", "contact_persons", "send", "custom_fields"],
    "/estimates": ["customer_id", "line_items", "date", "expiry_date", "discount_type", "shipping_charge"],
    "/customerpayments": ["customer_id", "amount", "date", "payment_mode", "invoices", "exchange_rate"],
    "/settings/customfields": ["module", "label", "api_name", "data_type", "options", "is_unique"],
    "/settings/taxes": ["tax_name", "tax_percentage", "tax_type"],
    "/settings/currencies": ["currency_code", "exchange_rate", "price_precision"],
    "/users": ["name", "email", "user_role"],
}  # fmt: skip


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_junk_in_any_field_is_answered_and_never_with_500(invoice: Invoice, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(KEYS)))
    names = data.draw(st.lists(st.sampled_from(KEYS[path]), unique=True))
    body = {name: data.draw(junk) for name in names}
    if "customer_id" in KEYS[path] and data.draw(st.booleans()):
        customers = invoice.get("/contacts?contact_name=Acme")["contacts"] or [invoice.add_contact("Acme")]
        body["customer_id"] = customers[0]["contact_id"]
        body["line_items"] = [{"name": "x", **{key: data.draw(junk) for key in ("rate", "quantity", "discount")}}]

    status, answer = invoice.call("POST", path, body)

    assert status in (200, 201, 400, 404), (body, answer)
    assert isinstance(answer["code"], int)


WORDS = ["page", "per_page", "sort_column", "sort_order", "filter_by", "status", "search_text", "last_modified_time"]
WORDS += ["contact_name", "contact_name_contains", "date", "date_start", "total_less_than", "customer_id", "item_id"]
WORDS += ["invoice_ids", "response_option", "zcrm_potential_id", "rate", "custom_field", "item_name_contains"]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["contacts", "items", "estimates", "invoices", "customerpayments", "users"]),
    st.dictionaries(st.sampled_from(WORDS), st.text(max_size=20) | st.integers().map(str), max_size=3),
)
def test_junk_in_any_parameter_is_answered_and_never_with_500(
    demo: Invoice, kind: str, parameters: dict[str, str]
) -> None:
    headers = {"Authorization": f"Zoho-oauthtoken {demo.token}"}
    encodable = {name: text.encode("utf-8", "replace").decode() for name, text in parameters.items()}

    answer = demo.raw("GET", f"/invoice/v3/{kind}", headers=headers, query_string=encodable)

    assert answer.status_code in (200, 400), (encodable, answer.data)


def test_a_refused_write_leaves_nothing_behind(invoice: Invoice) -> None:
    before = {kind: invoice.get(f"/{kind}")[kind] for kind in ("contacts", "items", "invoices")}
    person = {"first_name": "Jo", "email": "jo@a.test"}

    invoice.refused("POST", "/contacts", {"contact_name": "A", "contact_persons": [person, person]})
    invoice.refused("POST", "/contacts", {"contact_name": "A", "custom_fields": [{"label": "No"}]})
    invoice.refused("POST", "/items", {"name": "A", "rate": 1, "custom_fields": [{"label": "No"}]})

    assert {kind: invoice.get(f"/{kind}")[kind] for kind in before} == before


def test_each_error_says_whether_its_code_was_seen_at_the_vendor() -> None:
    known = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, errors.ApiError)]
    table = {kind: (kind.code, kind.status, kind.verified) for kind in known if kind is not errors.ApiError}
    told_from_memory = {4, 5, 1001}

    assert len(table) > 25
    for kind, (code, status, verified) in table.items():
        assert verified != (code in errors.RESERVED or code in told_from_memory), kind
        assert 400 <= status <= 500


def test_our_own_codes_are_used_once_each() -> None:
    codes = [
        value.code
        for value in vars(errors).values()
        if isinstance(value, type) and issubclass(value, errors.ApiError) and value is not errors.ApiError
        if value.code in errors.RESERVED
    ]

    assert len(codes) == len(set(codes))


def test_a_failure_of_ours_is_answered_in_the_vendors_envelope(
    invoice: Invoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(invoice.app.view_functions, "invoice.users.get_me", _broken(invoice))
    monkeypatch.setattr(invoice.app, "testing", False)

    assert invoice.refused("GET", "/users/me") == (500, 1000, "Internal error")


def _broken(invoice: Invoice) -> Any:
    def view() -> None:
        raise RuntimeError("a bug")

    view.need = invoice.app.view_functions["invoice.users.get_me"].need  # type: ignore[attr-defined]
    return view


def test_the_wire_form_of_a_refusal_is_code_and_message_only(invoice: Invoice) -> None:
    headers = {"Authorization": f"Zoho-oauthtoken {invoice.token}"}

    answer = invoice.raw("GET", "/invoice/v3/contacts/1", headers=headers)

    assert json.loads(answer.data) == {"code": 1002, "message": "Contact does not exist."}
