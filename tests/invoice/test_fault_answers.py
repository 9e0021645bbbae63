"""Faults at Invoice answer in Invoice's words (invoice-api.md §1.6, §9)."""

from typing import Any

import pytest

from tests.invoice.conftest import Invoice

pytestmark = pytest.mark.requirement("X5")

A_DAY_TEXT = "The API call for this organization has exceeded the maximum call rate limit of 1,000"
BLOCKED = "For security reasons you have been blocked for some time"


def hit(invoice: Invoice, **rule: Any) -> Any:
    invoice.control("POST", "/faults", {"times": 1, **rule})
    return invoice.raw("GET", "/invoice/v3/contacts", headers={"Authorization": f"Zoho-oauthtoken {invoice.token}"})


@pytest.mark.parametrize(
    ("rule", "status", "code", "begins"),
    [
        ({}, 429, 44, BLOCKED),
        ({"code": "44"}, 429, 44, BLOCKED),
        ({"code": "45"}, 429, 45, A_DAY_TEXT),
        ({"code": "1070"}, 429, 1070, "The maximum number of in process requests"),
        ({"code": "43"}, 200, "43", BLOCKED),
    ],
    ids=str,
)
def test_a_rate_limit_is_invoices_own_with_its_headers(
    invoice: Invoice, rule: Any, status: int, code: Any, begins: str
):
    answer = hit(invoice, kind="rate_limit", retry_after=11, **rule)

    body = answer.get_json()
    assert (answer.status_code, body["code"]) == (status, code)
    assert set(body) == {"code", "message"}
    assert body["message"].startswith(begins)
    assert answer.headers["Retry-After"] == "11"
    shown = {name: answer.headers[f"x-rate-limit-{name}"] for name in ("limit", "remaining", "reset")}
    assert shown == {"limit": "1000", "remaining": "0", "reset": "11"}


@pytest.mark.parametrize(
    ("rule", "status", "code", "message"),
    [
        ({"status": 500}, 500, 1000, "Internal error"),
        ({"status": 503}, 503, 1000, "Internal error"),
        ({"status": 401}, 401, 57, "You are not authorized to perform this operation"),
        ({"code": "14"}, 401, 14, None),
        ({"status": 404}, 404, 1002, "Resource does not exist."),
        ({"code": "5"}, 404, 5, "Invalid URL Passed"),
        ({"status": 400}, 400, 2, "Invalid value passed for JSONString"),
        ({"code": "1038"}, 400, 1038, "JSON is not well formed"),
        ({"status": 403}, 403, 90_403, None),
    ],
    ids=str,
)
def test_a_status_without_a_body_has_invoices_error(invoice: Invoice, rule: Any, status: int, code: int, message: Any):
    answer = hit(invoice, kind="status", **rule)

    body = answer.get_json()
    assert (answer.status_code, body["code"]) == (status, code)
    assert set(body) == {"code", "message"}
    assert body["message"]
    assert message in (None, body["message"])
