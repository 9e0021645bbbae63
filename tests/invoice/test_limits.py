"""The vendor's limits on calls, which a world has only when it wants them (invoice-api.md §1.6)."""

from typing import Any

import pytest

from tests.invoice.conftest import Invoice

A_DAY_TEXT = "The API call for this organization has exceeded the maximum call rate limit of 1,000"


def limit(invoice: Invoice, **settings: Any) -> None:
    invoice.control("PUT", "/settings", {"api_limits": True, **settings})


def answer_of(invoice: Invoice, path: str = "/contacts") -> Any:
    return invoice.raw("GET", f"/invoice/v3{path}", headers={"Authorization": f"Zoho-oauthtoken {invoice.token}"})


def test_no_call_is_refused_unless_the_world_has_limits(invoice: Invoice) -> None:
    for _ in range(110):
        answer = answer_of(invoice, "/users/me")

    assert answer.status_code == 200
    assert int(answer.headers["x-rate-limit-limit"]) == 1_000_000
    shown = invoice.raw("GET", f"/_sim/worlds/{invoice.world}/settings").get_json()["settings"]
    assert shown["api_limits"] is False


def test_the_last_call_of_the_day_is_followed_by_45(invoice: Invoice) -> None:
    limit(invoice)
    day = _today(invoice)
    invoice.app.extensions["call_counter"]._days[invoice.world, 10234695] = (day, 999)

    last = answer_of(invoice)
    refused = answer_of(invoice)

    assert (last.status_code, last.headers["x-rate-limit-remaining"]) == (200, "0")
    assert refused.status_code == 429
    assert refused.get_json() == {"code": 45, "message": A_DAY_TEXT}
    assert refused.headers["x-rate-limit-limit"] == "1000"
    assert 0 < int(refused.headers["x-rate-limit-reset"]) <= 86_400


def _today(invoice: Invoice) -> str:
    from simulator import clock

    with invoice.app.extensions["worlds"].transaction(invoice.world, reads_only=True):
        return clock.today("America/Los_Angeles").isoformat()


def test_the_plan_says_how_many_calls_a_day_there_are(invoice: Invoice) -> None:
    limit(invoice, plan="premium")
    assert answer_of(invoice).headers["x-rate-limit-limit"] == "10000"

    limit(invoice, api_calls_a_day=3)
    assert answer_of(invoice).headers["x-rate-limit-limit"] == "3"


def test_more_calls_than_a_minute_allows_are_told_to_wait(invoice: Invoice) -> None:
    limit(invoice, api_calls_a_minute=2)
    invoice.control("PUT", "/clock", {"freeze": True})

    statuses = [answer_of(invoice).status_code for _ in range(2)]
    refused = answer_of(invoice)

    assert statuses == [200, 200]
    assert (refused.status_code, refused.get_json()["code"]) == (429, 44)
    assert int(refused.headers["Retry-After"]) == 60
    invoice.control("PUT", "/clock", {"advance_seconds": 60})
    assert answer_of(invoice).status_code == 200


def test_calls_at_the_same_time_are_limited_by_the_plan(invoice: Invoice) -> None:
    limit(invoice)
    counter = invoice.app.extensions["call_counter"]
    for _ in range(5):
        assert counter.begin((invoice.world, 10234695), 5)

    refused = answer_of(invoice)

    assert (refused.status_code, refused.get_json()["code"]) == (429, 1070)
    counter.end((invoice.world, 10234695))
    assert [answer_of(invoice).status_code for _ in range(3)] == [200, 200, 200]


def test_another_organization_has_calls_of_its_own(invoice: Invoice) -> None:
    other = invoice.post("/organizations", {"name": "Other"})["organization"]["organization_id"]
    limit(invoice, api_calls_a_minute=1)
    invoice.control("PUT", "/clock", {"freeze": True})

    first = answer_of(invoice).status_code

    assert (first, answer_of(invoice).status_code) == (200, 429)
    assert answer_of(invoice, f"/contacts?organization_id={other}").status_code == 200


@pytest.mark.parametrize("change", [{"plan": "gold"}, {"api_limits": "yes"}, {"api_calls_a_minute": 0}])
def test_a_setting_that_makes_no_sense_is_refused(invoice: Invoice, change: Any) -> None:
    answer = invoice.raw("PUT", f"/_sim/worlds/{invoice.world}/settings", json=change)

    assert answer.status_code == 400
