"""What an organization may call, by its plan (invoice-api.md §1.6), where its world has limits at all."""

from dataclasses import dataclass

from simulator import switches

#: Plan: calls a day, and calls at the same time. The ends of the range are told by third parties, the rest is [MEM].
PLANS: dict[str, tuple[int, int]] = {
    "free": (1_000, 5),
    "standard": (2_000, 10),
    "professional": (5_000, 10),
    "premium": (10_000, 10),
}
CALLS_A_MINUTE = 100
#: What a world without limits shows: clients stop by themselves when they see that little is left.
UNLIMITED_CALLS = 1_000_000

LIMITS, PLAN = switches.on_off("api_limits"), switches.one_of("plan", PLANS, "free")
#: In place of what the plan gives: nobody wants to make thousands of calls to see what happens then.
A_DAY, A_MINUTE = switches.whole_number("api_calls_a_day"), switches.whole_number("api_calls_a_minute")
AT_ONCE = switches.whole_number("api_concurrency", 1_000)
SWITCHES = (LIMITS, PLAN, A_DAY, A_MINUTE, AT_ONCE)


@dataclass(frozen=True)
class Allowance:
    """The limits of each organization of a world; `is_limited` says whether anybody looks at them."""

    is_limited: bool
    a_day: int
    a_minute: int
    at_once: int


NO_LIMITS = Allowance(False, UNLIMITED_CALLS, 0, 0)


def allowance() -> Allowance:
    """What the world in context allows."""
    if not switches.read(LIMITS.name):
        return NO_LIMITS
    a_day, at_once = PLANS[switches.read(PLAN.name)]
    return Allowance(
        is_limited=True,
        a_day=switches.read(A_DAY.name) or a_day,
        a_minute=switches.read(A_MINUTE.name) or CALLS_A_MINUTE,
        at_once=switches.read(AT_ONCE.name) or at_once,
    )
