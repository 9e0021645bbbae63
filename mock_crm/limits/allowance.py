"""What an organization may call, by its edition (crm-api.md §7.5), where its world has limits at all."""

from dataclasses import dataclass

from mock_crm.organization.people import People
from simulator import switches

#: Edition: credits for all, for each user, at most, and calls at the same time.
EDITIONS: dict[str, tuple[int, int, int, int]] = {
    "free": (5_000, 0, 5_000, 5),
    "standard": (50_000, 250, 100_000, 10),
    "professional": (50_000, 500, 1_000_000, 15),
    "enterprise": (50_000, 1_000, 2_000_000, 20),
    "ultimate": (50_000, 2_000, 2_000_000, 25),
}
HEAVY_AT_ONCE = 10

LIMITS, EDITION = switches.on_off("api_limits"), switches.one_of("edition", EDITIONS, "enterprise")
#: In place of what the edition gives: nobody wants to make thousands of calls to see what happens then.
CREDITS, AT_ONCE = switches.whole_number("api_credits"), switches.whole_number("api_concurrency", 1_000)
SWITCHES = (LIMITS, EDITION, CREDITS, AT_ONCE)


@dataclass(frozen=True)
class Allowance:
    """The limits of an organization; `is_limited` says whether anybody looks at them."""

    edition: str
    is_limited: bool
    credits: int
    at_once: int
    heavy_at_once: int


def load_allowance(people: People) -> Allowance:
    """Read with the metadata and people, under their stamp: a request costs nothing for it."""
    edition = switches.read(EDITION.name)
    base, for_each, most, at_once = EDITIONS[edition]
    users = sum(user.is_active for user in people.users.values())
    given = switches.read(AT_ONCE.name) or at_once
    return Allowance(
        edition=edition,
        is_limited=switches.read(LIMITS.name),
        credits=switches.read(CREDITS.name) or min(base + for_each * users, most),
        at_once=given,
        heavy_at_once=min(HEAVY_AT_ONCE, given),
    )
