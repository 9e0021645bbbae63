"""Each operation: works, lacks something, has something of a wrong type, names something unknown, meets a status that
refuses it, is called from another organization of the same world, and from another world.

A refused call leaves the world as it was, whatever it was refused for, and so does a GET.
"""

from typing import Any

import pytest

from simulator.accounts.scopes import ALL_SCOPES
from tests.invoice.conftest import ADMIN
from tests.invoice.endpoints.rows import (
    NO_ORGANIZATION,
    NOT_OF_ORGANIZATION,
    UNKNOWN,
    Call,
    Own,
    Row,
    cases,
    refusal,
)
from tests.invoice.endpoints.table import OPEN, ROWS
from tests.invoice.endpoints.world import Place
from tests.support.answers import Answer, differences


def each(case: str = "works") -> Any:
    """The rows that have a case."""
    rows = [row for row in ROWS if case == "works" or cases(getattr(row, case))]
    return pytest.mark.parametrize("row", rows, ids=[row.name for row in rows])


guarded = pytest.mark.parametrize(
    "row", [row for row in ROWS if row not in OPEN], ids=[row.name for row in ROWS if row not in OPEN]
)


@each()
def test_an_operation_works(row: Row, here: Place) -> None:
    status, body, location = here.send(row.method, row.right, here.names)

    names = here.names | {"made": location.rpartition("/")[2]}
    assert differences(row.works, status, body, names) == [], body
    assert (status == 201) is location.startswith("/api/v3/")
    for look in row.looks:
        found, shown, _ = here.send("GET", Call(look.at), names)
        assert differences(look.answer, found, shown, names) == [], (look.at, shown)
    if row.method == "GET" or status >= 400:
        assert here.kept.is_untouched


@each("missing")
def test_it_says_what_is_missing(row: Row, here: Place) -> None:
    _is_refused(row, "missing", here)


@each("wrong")
def test_it_says_what_is_of_a_wrong_type(row: Row, here: Place) -> None:
    _is_refused(row, "wrong", here)


@each("unknown")
def test_it_says_what_is_not_there(row: Row, here: Place) -> None:
    _is_refused(row, "unknown", here)


@each("status")
def test_it_says_which_status_refuses_it(row: Row, here: Place) -> None:
    _is_refused(row, "status", here)


def _is_refused(row: Row, kind: str, here: Place) -> None:
    for case in cases(getattr(row, kind)):
        call = case.change(row.right)

        status, body, _ = here.send(row.method, call, here.names)

        assert differences(case.answer, status, body, here.names) == [], (call, body)
    assert here.kept.is_untouched


@guarded
def test_in_another_organization_of_the_same_world_its_records_are_unknown(row: Row, here: Place) -> None:
    status, body, _ = here.send(row.method, row.right, here.names, organization=here.names["second"])

    assert differences(_elsewhere(row), status, body, here.names) == [], body
    if not isinstance(row.elsewhere, Own):
        assert here.kept.is_untouched


@guarded
def test_an_organization_that_the_caller_is_not_of_is_closed_to_him(row: Row, here: Place) -> None:
    status, body, _ = here.send(row.method, row.right, here.names, organization=NO_ORGANIZATION)

    words = f"This user is not associated with the CompanyID/CompanyName:{NO_ORGANIZATION}."
    assert differences(refusal(400, NOT_OF_ORGANIZATION, words), status, body, here.names) == [], body
    assert here.kept.is_untouched


@guarded
def test_a_token_of_another_world_reaches_nothing_of_this_one(row: Row, here: Place, there: Place) -> None:
    there.kept.note_call(row.method)

    status, body, _ = here.send(row.method, row.right, here.names, token=there.token_of(ADMIN, ALL_SCOPES))

    assert differences(_elsewhere(row), status, body, here.names) == [], body
    assert here.kept.is_untouched
    if not isinstance(row.elsewhere, Own):
        assert there.kept.is_untouched


def _elsewhere(row: Row) -> Answer:
    if row.elsewhere == UNKNOWN:
        found = cases(row.unknown)
        assert found, "what could be unknown here?"
        return found[0].answer
    if isinstance(row.elsewhere, Own):
        return Answer(row.elsewhere.status, row.elsewhere.facts)
    assert isinstance(row.elsewhere, Answer)
    return row.elsewhere
