"""What is owed is held, let go, sent again, sent twice and put in another order."""

import pytest

from tests.unit.test_outbox import Receiver, deliver, notify
from tests.unit.test_outbox import receiver as receiver
from tests.unit.toy import Toy

pytestmark = pytest.mark.requirement("X5")


def calls(toy: Toy) -> list[dict]:
    return toy.control("GET", "/outbox").get_json()["calls"]


def hold(toy: Toy, is_on: bool) -> None:
    assert toy.control("PUT", "/outbox", {"hold": is_on}).status_code == 200


def act(toy: Toy, number: int, what: str) -> int:
    return toy.control("POST", f"/outbox/{number}/{what}").status_code


def taken(receiver: Receiver) -> list[str]:
    return [name for _queue, name in receiver.taken]


def test_what_was_delivered_is_listed_with_its_attempts(toy, receiver):
    notify(toy, receiver, "first", "a")
    deliver(toy)

    (call,) = calls(toy)

    assert (call["state"], call["attempts"], call["last_error"]) == ("delivered", 1, None)
    assert '"first"' in call["body"]


def test_what_is_held_waits_and_leaves_the_world_at_rest(toy, receiver):
    hold(toy, True)
    notify(toy, receiver, "first", "a")

    delivered = deliver(toy)

    assert (delivered, taken(receiver)) == (0, [])
    assert toy.control("POST", "/rest", {}).status_code == 200


def test_what_was_held_goes_in_its_order_once_it_may(toy, receiver):
    hold(toy, True)
    for name in ("first", "second"):
        notify(toy, receiver, name, "a")

    hold(toy, False)
    deliver(toy)
    notify(toy, receiver, "third", "a")
    deliver(toy)

    assert taken(receiver) == ["first", "second", "third"]


def test_calls_that_are_held_change_places(toy, receiver):
    hold(toy, True)
    for name in ("first", "second"):
        notify(toy, receiver, name, "a")
    newest = calls(toy)[0]

    act(toy, newest["id"], "earlier")
    hold(toy, False)
    deliver(toy)

    assert taken(receiver) == ["second", "first"]


@pytest.mark.parametrize(("what", "times"), [("resend", 2), ("duplicate", 2)])
def test_a_call_that_was_taken_goes_out_once_more(toy, receiver, what, times):
    notify(toy, receiver, "first", "a")
    deliver(toy)

    act(toy, calls(toy)[0]["id"], what)
    deliver(toy)

    assert taken(receiver) == ["first"] * times
    assert len(calls(toy)) == (1 if what == "resend" else 2)


def test_one_call_is_held_and_sent_by_hand(toy, receiver):
    notify(toy, receiver, "first", "a")
    (call,) = calls(toy)
    act(toy, call["id"], "hold")
    held = deliver(toy)

    act(toy, call["id"], "resend")
    deliver(toy)

    assert (held, taken(receiver)) == (0, ["first"])


def test_what_cannot_be_done_to_a_call_is_refused(toy, receiver):
    notify(toy, receiver, "first", "a")
    (only,) = calls(toy)
    first_of_all = act(toy, only["id"], "earlier")
    deliver(toy)

    statuses = [act(toy, only["id"], what) for what in ("hold", "earlier", "burn")]

    assert [first_of_all, *statuses] == [409, 409, 409, 400]
    assert act(toy, 999, "resend") == 404
    assert toy.control("PUT", "/outbox", {}).status_code == 400
    assert toy.control("GET", "/outbox?limit=many").status_code == 400
