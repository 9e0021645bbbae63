"""Each route against each profile: NO_PERMISSION exactly where the route asks for what the profile does not tick.

What a profile ticks is read from its page, what a route asks for from the rule it declares; a route that declares
none has no place in the matrix and fails it (requirement P5).
"""

from typing import Any

import pytest
from flask import Flask

from mock_crm.access import Rule
from tests.crm.api import ADMIN, SALES, STANDARD, SUPPORT
from tests.crm.endpoints.rows import EVERYBODY, NO_TOKEN, Row
from tests.crm.endpoints.table import ROWS
from tests.crm.endpoints.world import IDLE, Place
from tests.crm.test_access import GUARDED_ELSEWHERE

PEOPLE = {
    "Administrator": ADMIN,
    "Standard": STANDARD,
    "Sales": SALES,
    "Marketing": "dmitri.petrov@zylker.example",
    "Support": SUPPORT,
    "Idle": IDLE,
}
ACTS = ("View", "Create", "Edit", "Delete")
GUARDED = [row for row in ROWS if row.denied is not NO_TOKEN]
each_guarded = pytest.mark.parametrize("row", GUARDED, ids=[row.operation.replace("/", "_") for row in GUARDED])


@pytest.fixture(scope="session")
def ticked(furnished: Place) -> dict[str, set[str]]:
    """The boxes of each profile."""
    crm = furnished.crm
    found = {}
    for name in PEOPLE:
        (profile,) = crm.get(f"/settings/profiles/{crm.profile(name)}").body["profiles"]
        found[name] = {box["name"] for box in profile["permissions_details"] if box["enabled"]}
    return found


@pytest.fixture(scope="session")
def categories(furnished: Place) -> dict[str, str]:
    """What permissions call each module, by its api name (crm-api.md §5.7)."""
    crm = furnished.crm
    (profile,) = crm.get(f"/settings/profiles/{crm.profile('Standard')}").body["profiles"]
    (section,) = (one for one in profile["sections"] if one["name"] == "module")
    return {category["module"]: category["name"] for category in section["categories"]}


def _rule(app: Flask, row: Row) -> Rule:
    address = row.at.split("?")[0].replace("$", "")
    full = f"/crm/v8{address}".replace("/crm/v8/bulk/", "/crm/bulk/v8/")
    endpoint, _ = app.url_map.bind("crm.test").match(full, method=row.method)
    found = getattr(app.view_functions[endpoint], "rule", None)
    assert isinstance(found, Rule), f"{row.operation} declares no rule"
    return found


def _declared(app: Flask, row: Row, categories: dict[str, str]) -> str | None:
    """The permission that the row's route declares, for the module in its address."""
    declared = _rule(app, row).permission
    if declared in ACTS:
        return f"Crm_Implied_{declared}_{categories[row.at.split('/')[1].split('?')[0]]}"
    return declared


def _needs(app: Flask, row: Row, categories: dict[str, str]) -> list[str]:
    """The permissions that a call of the row needs in all."""
    declared = _declared(app, row, categories)
    return [*row.more] if declared is None else [declared, *row.more]


def test_no_route_is_without_a_rule(crm_app: Flask) -> None:
    """Whatever the table has rows for: the whole URL map."""
    ruled = {rule.rule for rule in crm_app.url_map.iter_rules() if _has_rule(crm_app, rule.endpoint)}
    others = {rule.rule for rule in crm_app.url_map.iter_rules()} - ruled

    assert [rule for rule in sorted(others) if not rule.startswith(GUARDED_ELSEWHERE)] == []


def _has_rule(app: Flask, endpoint: str) -> bool:
    return isinstance(getattr(app.view_functions[endpoint], "rule", None), Rule)


def test_profiles_differ_in_what_they_may(ticked: dict[str, set[str]]) -> None:
    assert ticked["Idle"] == set()
    assert ticked["Support"] < ticked["Standard"] < ticked["Administrator"]
    assert ticked["Marketing"] - ticked["Sales"] == set()
    assert {"Crm_Implied_Create_Potentials", "Crm_Implied_View_Quotes"} <= ticked["Sales"] - ticked["Marketing"]


@pytest.mark.requirement("P5")
@pytest.mark.parametrize("profile", PEOPLE)
@each_guarded
def test_a_profile_is_refused_exactly_what_it_does_not_tick(
    crm_app: Flask, here: Place, ticked: dict[str, set[str]], categories: dict[str, str], row: Row, profile: str
) -> None:
    lacking = [name for name in _needs(crm_app, row, categories) if name not in ticked[profile]]

    status, body = here.send(row.method, row.right, here.token_of(PEOPLE[profile]), here.names)

    refusals = list(_refusals(body))
    assert bool(refusals) == bool(lacking), (lacking, status, body)
    for details in refusals:
        assert set(details["permissions"]) <= set(lacking)
    if lacking and _declared(crm_app, row, categories) in lacking:  # what is asked for later may be told in an outcome
        assert (status, body["code"]) == (403, "NO_PERMISSION")


def _refusals(body: Any) -> Any:
    """Details of each NO_PERMISSION in an answer, whatever it is wrapped in."""
    if isinstance(body, dict):
        if body.get("code") == "NO_PERMISSION":
            yield body["details"]
        for one in body.values():
            yield from _refusals(one)
    elif isinstance(body, list):
        for one in body:
            yield from _refusals(one)


def test_what_every_profile_may_asks_for_nothing(crm_app: Flask, categories: dict[str, str]) -> None:
    asking = [row.operation for row in GUARDED if row.denied is EVERYBODY and _needs(crm_app, row, categories)]

    assert asking == []


@each_guarded
def test_without_a_token_nobody_gets_in(here: Place, row: Row) -> None:
    status, body = here.send(row.method, row.right, "", here.names)

    assert (status, body["code"], body["details"]) == (401, "AUTHENTICATION_FAILURE", {})


@each_guarded
def test_a_token_without_the_scope_does_not_do(here: Place, row: Row) -> None:
    status, body = here.send(row.method, row.right, here.scopeless, here.names)

    assert (status, body["code"], body["details"]) == (401, "OAUTH_SCOPE_MISMATCH", {})
