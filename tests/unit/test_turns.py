"""Turns: requests of a service run one after the other, and none of them is held up by one that only waits."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

import pytest

from simulator import turns
from simulator.turns import TurnMiddleware

LONG = 5.0


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A turn is waited for as long as it takes, so that no slow machine makes a difference."""
    monkeypatch.setattr(turns, "PATIENCE_SECONDS", LONG)


class Running:
    """Calls under way, and how many there were at most."""

    def __init__(self) -> None:
        self.now = self.most = 0
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self.now -= 1


def call_at_once(count: int, application: Callable[..., Any]) -> None:
    threads = [threading.Thread(target=application, args=({}, lambda *_: None)) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG * 2)
        assert not thread.is_alive()


def test_requests_run_one_after_the_other():
    running = Running()

    def work(environ: Any, start_response: Any) -> list[bytes]:
        with running:
            time.sleep(0.002)
        return [b""]

    call_at_once(8, TurnMiddleware(work))

    assert running.most == 1


def test_a_turn_that_goes_round_is_waited_for_longer_than_one_that_is_kept(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(turns, "PATIENCE_SECONDS", 0.2)
    running = Running()

    def work(environ: Any, start_response: Any) -> list[bytes]:
        with running:
            time.sleep(0.04)
        return [b""]

    call_at_once(12, TurnMiddleware(work))

    assert running.most == 1


def test_all_who_wait_are_answered_by_one_thread_and_each_hears_his_own_answer():
    is_full, threads, answers = threading.Event(), set[int](), dict[int, list[bytes]]()

    def work(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        if environ["number"] == 0:
            assert is_full.wait(LONG)
        else:
            threads.add(threading.get_ident())
        return [str(environ["number"]).encode()]

    application = TurnMiddleware(work)

    def call(number: int) -> None:
        answers[number] = list(application({"number": number}, None))

    callers = [threading.Thread(target=call, args=(number,)) for number in range(8)]
    for caller in callers:
        caller.start()
        time.sleep(0.01)
    is_full.set()
    for caller in callers:
        caller.join(LONG)

    assert answers == {number: [str(number).encode()] for number in range(8)}
    assert len(threads) == 1


def test_who_waited_sees_what_his_own_thread_had_set():
    name: ContextVar[str] = ContextVar("name", default="nobody")
    first_came, seen = threading.Event(), []

    def work(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        if environ["is_first"]:
            first_came.set()
            time.sleep(0.05)
        else:
            seen.append((name.get(), threading.get_ident()))
        return [b""]

    application = TurnMiddleware(work)
    first = threading.Thread(target=application, args=({"is_first": True}, None))
    first.start()
    first_came.wait(LONG)
    name.set("Asha")
    application({"is_first": False}, None)
    first.join(LONG)

    ((who, thread),) = seen
    assert who == "Asha"
    assert thread != threading.get_ident()


def test_who_waited_hears_of_a_failure_himself():
    first_came = threading.Event()

    def work(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        if environ["is_first"]:
            first_came.set()
            time.sleep(0.05)
            return [b""]
        raise ValueError("on purpose")

    application = TurnMiddleware(work)
    first = threading.Thread(target=application, args=({"is_first": True}, None))
    first.start()
    first_came.wait(LONG)

    with pytest.raises(ValueError, match="on purpose"):
        application({"is_first": False}, None)
    first.join(LONG)
    assert list(application({"is_first": True}, None)) == [b""]


def test_a_child_of_a_fork_has_a_runner_of_its_own():
    def work(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        time.sleep(0.002)
        return [b""]

    application = TurnMiddleware(work)
    call_at_once(4, application)  # the parent has its runner now

    child = os.fork()
    if not child:
        begun = time.monotonic()
        call_at_once(4, application)
        os._exit(int(time.monotonic() - begun > LONG / 2))

    assert os.waitpid(child, 0)[1] == 0


def test_who_waits_for_something_else_lets_the_next_one_in():
    others_came = threading.Barrier(8, timeout=LONG)

    def wait_for_the_others(environ: Any, start_response: Any) -> list[bytes]:
        with turns.aside():
            others_came.wait()
        return [b""]

    call_at_once(8, TurnMiddleware(wait_for_the_others))

    assert not others_came.broken


def test_after_waiting_aside_it_is_one_at_a_time_again():
    running, others_came = Running(), threading.Barrier(4, timeout=LONG)

    def work(environ: Any, start_response: Any) -> list[bytes]:
        with turns.aside():
            others_came.wait()
        with running:
            time.sleep(0.002)
        return [b""]

    call_at_once(4, TurnMiddleware(work))

    assert running.most == 1


def test_a_long_query_holds_up_nobody(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(turns, "PATIENCE_SECONDS", 0.01)
    second_came = threading.Event()

    def work(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        if environ["is_first"]:
            assert second_came.wait(LONG)
        second_came.set()
        return [b""]

    application = TurnMiddleware(work)
    first = threading.Thread(target=application, args=({"is_first": True}, None))
    first.start()
    application({"is_first": False}, lambda *_: None)
    first.join(LONG)

    assert not first.is_alive()


def test_a_turn_is_given_back_when_the_application_fails():
    def work(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        if environ["fails"]:
            raise ValueError("on purpose")
        return iter([b"done"])

    application = TurnMiddleware(work)
    with pytest.raises(ValueError, match="on purpose"):
        application({"fails": True}, None)

    begun = time.monotonic()
    assert list(application({"fails": False}, None)) == [b"done"]
    assert time.monotonic() - begun < LONG


def test_one_service_calls_another_in_the_same_thread_without_holding_its_own_turn():
    def outer(environ: Any, start_response: Any) -> list[bytes]:
        with turns.aside():
            return list(inner(environ, start_response))

    def innermost(environ: Any, start_response: Any) -> list[bytes]:
        return [b"answer"]

    inner, application = TurnMiddleware(innermost), TurnMiddleware(outer)

    for _ in range(3):
        assert list(application({}, None)) == [b"answer"]


def test_aside_outside_any_request_does_nothing():
    with turns.aside():
        pass
