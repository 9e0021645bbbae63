"""Durable delivery: in order, each queue for itself, again and again until taken, and only what was committed."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise

import pytest
from flask import Flask, request
from sqlalchemy import select

from simulator import clock, outbox
from simulator.database import session
from tests.unit.toy import OTHER, WORLD, Toy, live, toy_app


@dataclass
class Receiver:
    """A program that takes notifications, or refuses those of some queues."""

    url: str = ""
    refusing: set[str] = field(default_factory=set)
    taken: list[tuple[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def take(self, queue: str) -> tuple[str, int]:
        self.asked.append(queue)
        if queue in self.refusing:
            return "busy", 503
        self.taken.append((queue, request.get_json()["name"]))
        return "", 204


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()
    app = Flask(__name__)
    app.post("/<queue>")(found.take)
    with live(app) as found.url:
        yield found


def notify(toy: Toy, receiver: Receiver, name: str, *queues: str, **more) -> int:
    return toy.add(name, notify=[f"{receiver.url}/{queue}" for queue in queues], **more).status_code


def deliver(toy: Toy) -> int:
    return toy.app.extensions["sender"].deliver(toy.world)


def rows(toy: Toy) -> list:
    with toy.worlds.transaction(toy.world, reads_only=True):
        return session().execute(select(outbox.outbox).order_by(outbox.outbox.c.id)).all()


def make_due(toy: Toy) -> None:
    with toy.worlds.transaction(toy.world):
        session().execute(outbox.outbox.update().values(next_at=clock.real_now().isoformat()))


def test_what_is_owed_is_delivered_in_order(toy, receiver):
    for name in ("first", "second", "third"):
        notify(toy, receiver, name, "a")

    assert deliver(toy) == 3

    assert receiver.taken == [("a", "first"), ("a", "second"), ("a", "third")]
    assert deliver(toy) == 0
    assert [row.state for row in rows(toy)] == ["delivered"] * 3


def test_nothing_is_sent_before_the_commit_or_after_a_rollback(toy, receiver):
    toy.app.testing = False
    notify(toy, receiver, "refused", "a", status=409)
    notify(toy, receiver, "broken", "a", fail="exception")

    assert deliver(toy) == 0
    assert (receiver.asked, rows(toy)) == ([], [])


def test_a_failing_queue_holds_up_only_itself(toy, receiver):
    receiver.refusing = {"a"}
    notify(toy, receiver, "one", "a", "b")
    notify(toy, receiver, "two", "a", "b")

    assert deliver(toy) == 2

    assert receiver.taken == [("b", "one"), ("b", "two")]
    assert receiver.asked.count("a") == 1
    receiver.refusing = set()
    make_due(toy)
    assert deliver(toy) == 2
    assert receiver.taken[2:] == [("a", "one"), ("a", "two")]


def test_a_failure_is_tried_again_later_each_time(toy, receiver):
    receiver.refusing = {"a"}
    notify(toy, receiver, "one", "a")
    waits = []
    for _ in range(4):
        before = clock.real_now()
        deliver(toy)
        waits.append(clock.datetime.fromisoformat(rows(toy)[0].next_at) - before)
        assert deliver(toy) == 0
        make_due(toy)

    assert receiver.asked == ["a"] * 4
    assert all(later > sooner for sooner, later in pairwise(waits))
    assert timedelta(milliseconds=400) < waits[0] < waits[-1] < timedelta(seconds=31)
    assert (rows(toy)[0].attempts, rows(toy)[0].last_error) == (4, f"{receiver.url} answered HTTP 503")


def test_what_is_never_taken_is_given_up_and_lets_the_next_through(toy, receiver, monkeypatch):
    monkeypatch.setattr(outbox, "LAST_ATTEMPT", 3)
    receiver.refusing = {"a"}
    notify(toy, receiver, "never", "a")
    notify(toy, receiver, "next", "a")
    for _ in range(3):
        deliver(toy)
        make_due(toy)
    receiver.refusing = set()

    assert deliver(toy) == 1
    assert [row.state for row in rows(toy)] == ["given_up", "delivered"]
    assert receiver.taken == [("a", "next")]


@pytest.mark.parametrize(
    "url",
    [
        "http://evil.example/a",
        "ftp://127.0.0.1/a",
        "http://[/a",
        "http://user@127.0.0.1/a",
        "/a",
        "http://127.0.0.1:1/a",
    ],
)
def test_an_address_that_cannot_be_called_is_a_failure_like_any_other(toy, receiver, url):
    toy.add("one", notify=[url])
    notify(toy, receiver, "two", "b")

    assert deliver(toy) == 1
    assert [(row.state, bool(row.last_error)) for row in rows(toy)] == [("pending", True), ("delivered", False)]


def test_a_redirect_is_not_followed_and_not_taken_for_delivery(toy, receiver):
    app = Flask(__name__)
    app.post("/<queue>")(lambda queue: ("", 302, {"Location": f"{receiver.url}/a"}))
    with live(app) as url:
        toy.add("one", notify=[f"{url}/a"])

        assert deliver(toy) == 0

    assert receiver.asked == []
    assert rows(toy)[0].last_error == "the receiver answered HTTP 302"


def test_what_is_owed_survives_the_process(tmp_path, receiver):
    notify(Toy.made(toy_app(tmp_path)), receiver, "owed", "a")

    again = toy_app(tmp_path, background=True)

    _wait_for(lambda: receiver.taken == [("a", "owed")])
    again.extensions["sender"]._stopping = True
    again.extensions["sender"].wake(WORLD)


def test_the_thread_delivers_when_it_is_woken_and_outlives_a_world_that_goes(tmp_path, receiver):
    app = toy_app(tmp_path, background=True)
    toy, other = Toy.made(app), Toy.made(app, OTHER)
    sender = app.extensions["sender"]
    sender.wake("gone0001")
    toy.control("DELETE", "")
    sender.wake(WORLD)

    notify(other, receiver, "one", "a")
    sender.wake(OTHER)
    _wait_for(lambda: receiver.taken == [("a", "one")])
    notify(other, receiver, "two", "a")
    sender.wake(OTHER)

    _wait_for(lambda: receiver.taken == [("a", "one"), ("a", "two")])
    sender._stopping = True
    sender.wake(OTHER)


def _wait_for(truth) -> None:
    deadline = time.monotonic() + 5
    while not truth():
        assert time.monotonic() < deadline, "it did not happen in 5 s"
        time.sleep(0.01)


def test_a_world_is_at_rest_when_nothing_is_owed(toy, receiver):
    assert toy.control("POST", "/rest", {}).status_code == 200
    notify(toy, receiver, "one", "a", "b")

    answer = toy.control("POST", "/rest", {})
    deliver(toy)

    assert (answer.status_code, answer.get_json()) == (409, {"at_rest": False, "message": "2 notifications wait"})
    assert toy.control("POST", "/rest", {}).status_code == 200


def test_a_reset_forgets_what_was_owed(toy, receiver):
    notify(toy, receiver, "one", "a")

    toy.put("reset")

    assert deliver(toy) == 0
    assert receiver.asked == []
