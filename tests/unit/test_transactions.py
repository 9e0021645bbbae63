"""One request is one transaction: kept whole when the answer is a success, undone whole otherwise."""

import pytest
from sqlalchemy import event
from structlog.testing import capture_logs

from tests.unit.toy import ID_BASE, toy_client


def stored(toy) -> list[str]:
    return [name for (name,) in toy.stored("SELECT name FROM thing ORDER BY id")]


def test_a_success_is_durable_when_it_is_answered(toy):
    assert toy.add("Acme").status_code == 201

    assert stored(toy) == ["seed", "Acme"]
    assert toy.app.extensions["done"] == ["Acme"]


def test_an_exception_leaves_nothing(toy):
    answer = toy_client(toy).post("/things", json={"name": "Acme", "fail": "exception"}, headers=toy.headers)

    assert answer.status_code == 500
    assert stored(toy) == ["seed"]
    assert toy.app.extensions["done"] == []
    assert int(toy.add("next").get_json()["id"]) == ID_BASE + 1


@pytest.mark.parametrize("status", [400, 404, 409, 422, 500])
def test_a_refusal_leaves_nothing(toy, status):
    assert toy.add("Acme", status=status).status_code == status

    assert stored(toy) == ["seed"]
    assert toy.app.extensions["done"] == []


def test_a_commit_that_fails_leaves_nothing_and_says_so(toy):
    session = toy.app.extensions["sqlalchemy"].session

    @event.listens_for(session, "before_commit")
    def fail(_) -> None:
        raise OSError("disk full")

    answer = toy_client(toy).post("/things", json={"name": "Acme"}, headers=toy.headers)
    event.remove(session, "before_commit", fail)

    assert answer.status_code == 500
    assert stored(toy) == ["seed"]
    assert toy.app.extensions["done"] == []
    assert toy.add("after it").status_code == 201


def test_what_fails_after_the_commit_is_logged_and_the_write_still_answered_as_done(toy):
    toy.app.extensions["done"] = None  # the act after the commit cannot append to it

    with capture_logs() as logged:
        answer = toy.add("Acme")

    assert answer.status_code == 201
    assert stored(toy) == ["seed", "Acme"]
    assert [line["event"] for line in logged] == ["an act after the commit failed"]


def test_a_stale_version_is_tried_again_and_takes_effect_once(toy):
    toy.stale_commits(2)

    answer = toy.call("POST", "/count")

    assert answer.status_code == 200
    assert answer.get_json()["amount"] == 2.5
    assert len(toy.journal("writes=1&path=/count")) == 1


def test_what_follows_a_commit_is_done_once_however_often_it_was_tried(toy):
    toy.stale_commits(2)

    toy.call("POST", "/count")

    assert toy.app.extensions["done"] == ["counted"]


def test_a_version_that_stays_stale_is_given_up_after_20_tries(toy, monkeypatch):
    monkeypatch.setattr("simulator.app.STALE_WAIT", 0)
    toy.stale_commits(1000)

    answer = toy_client(toy).post("/count", headers=toy.headers)

    assert answer.status_code == 500
    assert toy.call("GET", "/things").get_json()["things"][0]["amount"] == 1.5
