"""Limits on calls: credits of a day and calls at the same time, off unless a world wants them (crm-api.md §7.5)."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from mock_crm.limits.allowance import EDITIONS
from mock_crm.limits.counting import HEADER
from simulator import wire
from tests.crm.api import SALES, Answer, Crm
from tests.crm.test_composite import run, sub


def limit(crm: Crm, **settings: Any) -> dict[str, Any]:
    body = wire.dumps({"api_limits": True, **settings})
    answer = crm.client.put(f"/_sim/worlds/{crm.world}/settings", data=body)
    assert answer.status_code == 200, answer.data
    return dict(wire.loads(answer.data)["settings"])


def left(answer: Answer) -> int | None:
    found = answer.headers.get(HEADER)
    return None if found is None else int(found)


@contextmanager
def under_way(crm: Crm, count: int, kind: str = "", client: str = "web") -> Iterator[None]:
    """As if so many calls of the application were under way."""
    usage = crm.app.extensions["api_usage"]
    for _ in range(count):
        assert usage.begin((crm.world, f"{client}{kind}"), 1_000)
    try:
        yield
    finally:
        for _ in range(count):
            usage.end((crm.world, f"{client}{kind}"))


def test_nothing_is_limited_unless_the_world_wants_it(crm: Crm):
    limit(crm, api_limits=False, api_credits=1, api_concurrency=1)

    with under_way(crm, 5):
        answers = [crm.get("/org") for _ in range(5)]

    assert [(answer.status, left(answer)) for answer in answers] == [(200, None)] * 5


def test_the_credits_left_are_told_once_half_of_them_are_spent(crm: Crm):
    limit(crm, api_credits=4)

    assert [left(crm.get("/org")) for _ in range(4)] == [None, 2, 1, 0]


def test_who_has_spent_his_credits_is_refused_until_they_come_back(crm: Crm):
    limit(crm, api_credits=2)
    crm.get("/org")
    crm.advance(hours=1)
    crm = crm.as_("asha.rao@zylker.example")
    crm.get("/org")

    refused = crm.get("/org")

    assert (refused.status, refused.code) == (429, "TOO_MANY_REQUESTS")
    assert refused.details.keys() == {"limit", "window", "retry_after"}
    assert (refused.details["limit"], refused.details["window"]) == (2, 86_400)
    assert 22 * 3_600 < refused.details["retry_after"] <= 23 * 3_600
    crm.advance(hours=23)
    crm = crm.as_("asha.rao@zylker.example")
    assert crm.get("/org").status == 200
    assert crm.get("/org").status == 429


@pytest.mark.parametrize(
    ("call", "credits"),
    [
        (lambda crm: crm.get("/Accounts?fields=id"), 1),
        (lambda crm: crm.create("Accounts", *[{"Account_Name": f"A{n}"} for n in range(10)]), 1),
        (lambda crm: crm.create("Accounts", *[{"Account_Name": f"A{n}"} for n in range(11)]), 2),
        (lambda crm: crm.put("/Accounts", {"data": [{"id": "1"}] * 100}), 10),
        (lambda crm: crm.post("/Accounts/upsert", {"data": [{"Account_Name": f"A{n}"} for n in range(25)]}), 3),
        (lambda crm: crm.create("Accounts"), 1),
        (lambda crm: crm.post("/Accounts", b"{"), 1),
        (lambda crm: run(crm, sub("GET", "/org"), sub("GET", "/users")), 3),
    ],
    ids=["a list", "ten records", "eleven", "a hundred", "an upsert of 25", "none", "no JSON", "composite"],
)
def test_calls_cost_what_they_do(crm: Crm, call: Callable[[Crm], Answer], credits: int):
    limit(crm, api_credits=24)
    for _ in range(12):
        crm.get("/org")

    call(crm)

    assert left(crm.get("/org")) == 12 - credits - 1


def test_credits_are_the_organizations_and_limits_the_worlds_own(crm: Crm, new_world: Any):
    limit(crm, api_credits=2)

    assert [crm.get("/org").status, crm.as_(SALES).get("/org").status] == [200, 200]
    assert [crm.get("/org").status, crm.as_(SALES).get("/org").status] == [429, 429]
    assert new_world().get("/org").status == 200


def test_too_many_calls_at_the_same_time_are_refused(crm: Crm):
    limit(crm, api_concurrency=3)

    with under_way(crm, 3):
        refused = crm.get("/org")
        other = crm.with_scopes("ZohoCRM.org.ALL").get("/org")  # another application

    assert (refused.status, refused.code, refused.details) == (429, "TOO_MANY_REQUESTS", {"limit": 3})
    assert other.status == 200
    assert crm.get("/org").status == 200


def test_calls_that_are_over_are_no_longer_counted(crm: Crm):
    limit(crm, api_concurrency=1)

    statuses = [crm.get("/org").status, crm.get("/Accounts/1").status, crm.get("/a/b/c/d/e").status]
    statuses += [run(crm, sub("GET", "/org")).status, crm.post("/Accounts", b"{").status, crm.get("/org").status]

    assert statuses == [200, 400, 404, 200, 400, 200]
    assert not [key for key in crm.app.extensions["api_usage"]._running if key[0] == crm.world]


def test_heavy_calls_have_a_limit_of_their_own(crm: Crm):
    limit(crm)
    many = [{"Account_Name": f"A{n}"} for n in range(11)]

    with under_way(crm, 10, " heavy"):
        search, write = crm.get("/Accounts/search?word=ab"), crm.create("Accounts", *many)
        usual = [crm.get("/org").status, crm.create("Accounts", *many[:10]).status]

    assert (search.status, search.code, search.details) == (429, "RATE_LIMIT_EXCEEDED", {})
    assert write.code == "RATE_LIMIT_EXCEEDED"
    assert usual == [200, 201]
    assert crm.create("Accounts", many[10]).status == 201


def test_calls_in_threads_are_counted_together(crm: Crm):
    limit(crm, api_credits=30)
    clients = [crm.as_(SALES) for _ in range(8)]
    statuses: list[int] = []

    def call(client: Crm) -> None:
        statuses.extend(client.get("/org").status for _ in range(5))

    threads = [threading.Thread(target=call, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [200] * 30 + [429] * 10


@pytest.mark.parametrize("edition", list(EDITIONS))
def test_the_edition_gives_the_limits(crm: Crm, edition: str):
    limit(crm, edition=edition)
    base, for_each, most, at_once = EDITIONS[edition]
    users = sum(user["status"] == "active" for user in crm.get("/users").body["users"])

    with under_way(crm, at_once):
        assert crm.get("/org").details == {"limit": at_once}
    assert crm.get("/org").body["org"][0]["license_details"]["paid_type"] == edition
    crm.app.extensions["api_usage"]._spent[crm.world].append((10**9, 0))  # a minute far ahead counts for nothing
    assert left(crm.get("/org")) is None
    spent = min(base + for_each * users, most)
    usage = crm.app.extensions["api_usage"]
    minute = usage._spent[crm.world][-1][0]
    usage._spent[crm.world].append((minute, spent))
    assert crm.get("/org").details["limit"] == spent


@pytest.mark.parametrize(
    "change",
    [{"edition": "gold"}, {"api_credits": 0}, {"api_credits": "5"}, {"api_credits": True}, {"api_concurrency": 1_001}],
    ids=str,
)
def test_a_setting_is_what_it_can_be(still: Crm, change: dict[str, Any]):
    answer = still.client.put(f"/_sim/worlds/{still.world}/settings", data=wire.dumps(change))

    assert answer.status_code == 400


def test_all_settings_are_shown(crm: Crm):
    answer = crm.client.get(f"/_sim/worlds/{crm.world}/settings")

    assert wire.loads(answer.data)["settings"] == {
        "token_limits": False,
        "api_limits": False,
        "edition": "enterprise",
        "api_credits": None,
        "api_concurrency": None,
        "v2_failures_as_202": False,
    }
