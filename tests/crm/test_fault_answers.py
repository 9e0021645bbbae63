"""Faults at the CRM answer in the CRM's words (crm-api.md §7.5, §8)."""

from typing import Any

import pytest

from mock_crm.limits.counting import DAY
from tests.crm.api import Crm

pytestmark = pytest.mark.requirement("X5")


def fault(crm: Crm, **rule: Any) -> None:
    answer = crm.client.post(f"/_sim/worlds/{crm.world}/faults", json={"times": 1, **rule})
    assert answer.status_code == 201, answer.text


def test_a_rate_limit_is_the_crms_own_with_its_headers(crm: Crm):
    fault(crm, kind="rate_limit", retry_after=7)

    answer = crm.get("/org")

    assert answer.status == 429
    assert answer.body == {
        "code": "TOO_MANY_REQUESTS",
        "details": {"limit": 5_000, "window": DAY, "retry_after": 7},
        "message": "You have exceeded the number of requests allowed",
        "status": "error",
    }
    assert answer.headers["Retry-After"] == answer.headers["X-RATELIMIT-RESET"] == "7"
    assert answer.headers["X-API-CREDITS-REMAINING"] == answer.headers["X-RATELIMIT-REMAINING"] == "0"
    assert answer.headers["X-RATELIMIT-LIMIT"] == "5000"


def test_the_other_rate_limit_is_chosen_by_its_code(crm: Crm):
    fault(crm, kind="rate_limit", code="RATE_LIMIT_EXCEEDED")

    answer = crm.get("/org")

    assert (answer.status, answer.body["code"], answer.body["details"]) == (429, "RATE_LIMIT_EXCEEDED", {})
    assert answer.headers["Retry-After"] == "60"


@pytest.mark.parametrize(
    ("rule", "status", "code", "message"),
    [
        ({"status": 500}, 500, "INTERNAL_ERROR", "Internal Server Error"),
        ({"status": 502}, 502, "SERVICE_UNAVAILABLE", "Service Unavailable"),
        ({"status": 503}, 503, "SERVICE_UNAVAILABLE", "Service Unavailable"),
        ({"status": 504}, 504, "INTERNAL_ERROR", "Internal Server Error"),
        ({"status": 401}, 401, "INVALID_TOKEN", "invalid oauth token"),
        ({"code": "OAUTH_SCOPE_MISMATCH"}, 401, "OAUTH_SCOPE_MISMATCH", "invalid oauth scope to access this URL"),
        ({"status": 404}, 404, "INVALID_URL_PATTERN", "Please check if the URL trying to access is a correct one"),
        ({"status": 400}, 400, "INVALID_DATA", "invalid data"),
        ({"code": "INVALID_REQUEST_METHOD"}, 400, "INVALID_REQUEST_METHOD", None),
    ],
    ids=str,
)
def test_a_status_without_a_body_has_the_crms_error(crm: Crm, rule: Any, status: int, code: str, message: Any):
    fault(crm, kind="status", **rule)

    answer = crm.get("/org")

    assert (answer.status, answer.body["code"], answer.body["status"]) == (status, code, "error")
    assert answer.body["details"] == {}
    assert message in (None, answer.body["message"])


def test_a_lost_permission_is_named(crm: Crm):
    fault(crm, kind="status", status=403, method="GET")

    answer = crm.get("/Accounts?fields=id")

    assert (answer.status, answer.body["code"]) == (403, "NO_PERMISSION")
    assert answer.body["details"] == {"permissions": ["Crm_Implied_View_Accounts"]}
    assert answer.body["message"] == "permission denied"


def test_an_error_the_crm_does_not_have_is_refused_and_those_it_has_are_named(crm: Crm):
    answer = crm.client.post(f"/_sim/worlds/{crm.world}/faults", json={"kind": "status", "code": "44"})

    assert answer.status_code == 400
    assert "INVALID_TOKEN" in answer.get_json()["errors"]["code"][0]
