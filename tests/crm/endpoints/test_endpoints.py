"""Each operation: works, lacks something, has something of a wrong type, names something unknown, is called by
somebody who may not, and by somebody of another world.

A refused call leaves the world as it was, whatever it was refused for.
"""

from typing import Any

import pytest

from tests.crm.endpoints.rows import UNKNOWN, Call, Case, Own, Row, refused
from tests.crm.endpoints.table import ROWS
from tests.crm.endpoints.world import IDLE, Place, outcome_id
from tests.support.answers import Answer, Excuse, differences


def each(case: str = "works") -> Any:
    """The rows that have a case."""
    rows = [row for row in ROWS if not isinstance(getattr(row, case), Excuse)]
    return pytest.mark.parametrize("row", rows, ids=[row.operation.replace("/", "_") for row in rows])


@each()
def test_an_operation_works(row: Row, here: Place) -> None:
    status, body = here.send(row.method, row.right, here.crm.token, here.names)

    names = here.names | {"made": outcome_id(body) or ""}
    assert differences(row.works, status, body, names) == [], body
    for look in row.looks:
        status, shown = here.send("GET", Call(look.at, None), here.crm.token, names)
        assert differences(look.answer, status, shown, names) == [], (look.at, shown)


@each("missing")
def test_it_says_what_is_missing(row: Row, here: Place) -> None:
    assert isinstance(row.missing, Case)
    _is_refused(row, row.missing, here)


@each("wrong")
def test_it_says_what_is_of_a_wrong_type(row: Row, here: Place) -> None:
    assert isinstance(row.wrong, Case)
    _is_refused(row, row.wrong, here)


@each("unknown")
def test_it_says_what_is_not_there(row: Row, here: Place) -> None:
    assert isinstance(row.unknown, Case)
    _is_refused(row, row.unknown, here)


def _is_refused(row: Row, case: Case, here: Place) -> None:
    status, body = here.send(row.method, row.call_of(case), here.crm.token, here.names)

    assert differences(case.answer, status, body, here.names) == [], body
    assert here.changes == {}


@pytest.mark.requirement("P5")
@each("denied")
def test_who_may_not_is_told_what_he_lacks(row: Row, here: Place) -> None:
    status, body = here.send(row.method, row.right, here.token_of(IDLE), here.names)

    assert differences(_denial(row.denied), status, body, here.names) == [], body
    assert here.changes == {}


def _denial(denied: Any) -> Answer:
    return refused("NO_PERMISSION", {"permissions": [denied]}, 403) if isinstance(denied, str) else denied


@each("elsewhere")
def test_a_token_of_another_world_reaches_nothing_of_this_one(row: Row, here: Place, there: Place) -> None:
    status, body = there.send(row.method, row.right, there.crm.token, here.names)

    assert differences(_elsewhere(row), status, body, here.names) == [], body
    assert here.changes == {}
    if not isinstance(row.elsewhere, Own):
        assert there.changes == {}


def _elsewhere(row: Row) -> Answer:
    """As what is unknown is answered, only the code and the status, since the id is another one."""
    if row.elsewhere == UNKNOWN:
        assert isinstance(row.unknown, Case), "what could be unknown here?"
        facts = {place: value for place, value in row.unknown.answer.facts.items() if not place.endswith("details")}
        return Answer(row.unknown.answer.status, facts)
    if isinstance(row.elsewhere, Own):
        return Answer(row.elsewhere.status, row.elsewhere.facts)
    assert isinstance(row.elsewhere, Case)
    return row.elsewhere.answer
