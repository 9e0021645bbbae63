"""Records by the thousand, made by a seeded generator: a scenario's file may say how many in place of listing them."""

import random
from collections.abc import Callable, Iterator
from typing import Any

#: Marks a file that is made: `{"generated": "accounts", "count": 10000, "seed": 7}`.
MARK = "generated"

_FIRST = (
    *("Alder", "Amber", "Birch", "Bright", "Cedar", "Cobalt", "Copper", "Crest"),
    *("Dale", "Ember", "Falcon", "Fern", "Granite", "Harbor", "Iron", "Juniper"),
)
_SECOND = (
    *("bridge", "brook", "field", "ford", "gate", "grove", "haven", "hill", "land"),
    *("light", "mark", "mere", "point", "ridge", "stone", "view", "water", "wood"),
)
_TRADES = (
    *("Clinics", "Foods", "Freight", "Glass", "Homes", "Labs", "Metals"),
    *("Motors", "Optics", "Paper", "Power", "Systems", "Textiles", "Tools"),
)
_CITIES = (("Austin", "TX"), ("Boston", "MA"), ("Denver", "CO"), ("Fresno", "CA"), ("Memphis", "TN"), ("Toledo", "OH"))
#: Of a hundred accounts one is the administrator's, so that the view *My Accounts* is a small part of them.
_OWNERS = (*("ben.carter@zylker.example",) * 50, *("carla.gomez@zylker.example",) * 49, "asha.rao@zylker.example")
_INDUSTRIES = ("Manufacturing", "Technology", "Transportation", "Wholesale")


class UnknownGenerator(ValueError):
    """A file asks for a kind of records that nothing makes."""


def is_generated(content: Any) -> bool:
    return isinstance(content, dict) and MARK in content


def made_of(content: dict[str, Any]) -> list[dict[str, Any]]:
    """The records a file asks for; the same ones each time.

    Raises:
        UnknownGenerator: nothing makes such records.
    """
    make = _MAKERS.get(content[MARK])
    if make is None:
        raise UnknownGenerator(f"nothing generates {content[MARK]!r}; there is {', '.join(_MAKERS)}")
    return list(make(random.Random(content["seed"]), content["count"]))


def _accounts(chance: random.Random, count: int) -> Iterator[dict[str, Any]]:
    for number in range(1, count + 1):
        city, state = chance.choice(_CITIES)
        name = f"{chance.choice(_FIRST)}{chance.choice(_SECOND)} {chance.choice(_TRADES)}"
        yield {
            "Account_Name": f"{name} {number:05d}",
            "Industry": chance.choice(_INDUSTRIES),
            "Phone": f"+1 555 {chance.randrange(10**7):07d}",
            "Website": f"https://company{number}.example",
            "Billing_Street": f"{chance.randrange(1, 999)} {chance.choice(_FIRST)} Street",
            "Billing_City": city,
            "Billing_State": state,
            "Billing_Country": "United States",
            "Owner": {"email": _OWNERS[number % 100]},
            "Created_Time": f"@-{chance.randrange(30, 900)}d10:00",
        }


_MAKERS: dict[str, Callable[[random.Random, int], Iterator[dict[str, Any]]]] = {"accounts": _accounts}
