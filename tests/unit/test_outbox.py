"""Durable delivery: in order, each queue for itself, again and again until taken, and only what was committed."""

import threading
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
from tests.unit.toy import OTHER, WORLD, Toy, in_threads, live, toy_app


@dataclass
class Receiver:
    """A program that takes notifications, refuses those of some queues, or hangs over them until it is let go."""

    url: str = ""
    refusing: set[str] = field(default_factory=set)
    hanging: set[str] = field(default_factory=set)
    taken: list[tuple[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    under_way: list[str] = field(default_factory=list)
    together: set[str] = field(default_factory=set)
    let_go: threading.Event = field(default_factory=threading.Event)

    def take(self, queue: str) -> tuple[str, int]:
        if queue in self.under_way:
            self.together.add(queue)
        self.under_way.append(queue)
        try:
            return self._take(queue)
        finally:
            self.under_way.remove(queue)

    def _take(self, queue: str) -> tuple[str, int]:
        self.asked.append(queue)
        if queue in self.hanging:
            self.let_go.wait(5)
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
        found.let_go.set()


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


@pytest.fixture
def running(tmp_path) -> Iterator[Toy]:
    """A world of an application whose threads run."""
    toy = Toy.made(toy_app(tmp_path, background=True))
    yield toy
    sender = toy.app.extensions["sender"]
    sender._stopping = True
    sender.wake(WORLD)


def test_a_receiver_who_hangs_holds_up_neither_other_queues_nor_other_worlds(running, receiver):
    other = Toy.made(running.app, OTHER)
    sender = running.app.extensions["sender"]
    receiver.hanging = {"a"}
    notify(running, receiver, "first", "a")
    sender.wake(WORLD)
    _wait_for(lambda: receiver.under_way == ["a"])

    notify(running, receiver, "second", "a", "b")
    notify(other, receiver, "elsewhere", "c")
    sender.wake(WORLD)
    sender.wake(OTHER)

    _wait_for(lambda: set(receiver.taken) == {("b", "second"), ("c", "elsewhere")})
    assert receiver.asked.count("a") == 1
    receiver.let_go.set()
    _wait_for(lambda: [name for queue, name in receiver.taken if queue == "a"] == ["first", "second"])


def test_the_hanging_receivers_of_one_world_leave_hands_for_the_others(running, receiver):
    other = Toy.made(running.app, OTHER)
    sender = running.app.extensions["sender"]
    names = [f"q{number}" for number in range(outbox.HANDS + 4)]
    receiver.hanging = set(names)
    notify(running, receiver, "stuck", *names)
    sender.wake(WORLD)
    _wait_for(lambda: len(receiver.under_way) == outbox.HANDS_A_WORLD)

    notify(other, receiver, "free", "z")
    sender.wake(OTHER)

    _wait_for(lambda: receiver.taken == [("z", "free")])
    assert len(receiver.under_way) == outbox.HANDS_A_WORLD
    receiver.let_go.set()
    _wait_for(lambda: len(receiver.taken) == len(names) + 1)


def test_a_queue_keeps_its_order_and_is_never_sent_by_two_at_once(running, receiver):
    sender = running.app.extensions["sender"]
    for number in range(30):
        notify(running, receiver, f"{number:02}", "a", "b", "c")
        sender.wake(WORLD)

    in_threads(4, lambda number: deliver(running))

    _wait_for(lambda: len(receiver.taken) == 90)
    assert receiver.together == set()
    for queue in "abc":
        assert [name for found, name in receiver.taken if found == queue] == [f"{number:02}" for number in range(30)]


def test_what_was_under_way_at_a_reset_marks_no_other_call_as_delivered(toy, receiver):
    notify(toy, receiver, "old", "a")
    sender = toy.app.extensions["sender"]

    def send(row):
        toy.put("reset")
        notify(toy, receiver, "new", "a")
        return None

    sender._send, sent = send, sender._send
    sender._send_head(WORLD, "a")
    sender._send = sent

    assert [(row.id, row.state) for row in rows(toy)] == [(1, "pending")]


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
