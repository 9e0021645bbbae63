"""What a row of the table says of one operation: how to call it right, and how it answers right and wrong.

In addresses, bodies and expected values `$name` stands for something of the world (`world.py`), `$made` for the id of
what the right call made. Codes and messages are those of invoice-api.md §9.2; 9xxxx is the mock's own range.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from tests.support.answers import Answer, Excuse, Look

#: The id of nothing.
NOBODY = "410000000009999999"
#: An organization that nobody is a user of.
NO_ORGANIZATION = "99999999"

#: Where tokens come from: these addresses are the same for every product.
UNPREFIXED = ("/oauth/", "/apiauthtoken/")

NO_INPUT = Excuse("takes neither body nor parameter")
NOTHING_MANDATORY = Excuse("nothing it takes is mandatory")
NO_ID = Excuse("names nothing that could be unknown")
NO_STATUS = Excuse("is about nothing that has a status")
ANY_STATUS = Excuse("is allowed in every status")

INVALID, MISSING, UNKNOWN_ID, MALFORMED, NOT_OF_ORGANIZATION = 2, 4, 1002, 1038, 6041
STATUS_REFUSED, PAYMENT_REFUSED, IN_USE, ROLE_REFUSED = 90_001, 90_003, 90_004, 90_403
NOT_CONNECTED, NOT_AVAILABLE = 90_010, 90_015


File = tuple[str, bytes] | tuple[str, bytes, str]


@dataclass(frozen=True)
class Call:
    """What is sent. `file` is the name of a part, its bytes, and their media type unless it is a picture."""

    at: str
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    file: File | None = None
    form: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Case:
    """What is changed in the right call so that it goes wrong, and how it does."""

    change: Callable[[Call], Call]
    answer: Answer


Cases = Case | tuple[Case, ...] | Excuse


@dataclass(frozen=True)
class Own:
    """For a caller of another organization or world the call is right, about what there is of its own there."""

    status: int = 200
    facts: Mapping[str, Any] = field(default_factory=dict)


#: For those callers what this organization's ids name is unknown.
UNKNOWN = "as what is unknown"


@dataclass(frozen=True)
class Row:
    """One operation; one that has words in its path (`/status/{action}`) has a row for each.

    Attributes:
        operation: method and path, as the document has them, without the prefix.
        at: an address of it in the world, with its query.
        works: what the right call gives; `then` is looked at afterwards.
        missing: without something mandatory.
        wrong: with something of a wrong type.
        unknown: about something that is not there.
        status: about something whose status refuses it.
        elsewhere: the right call in another organization, and with a token of another world.
    """

    operation: str
    at: str
    works: Answer
    missing: Cases
    wrong: Cases
    unknown: Cases
    status: Cases = NO_STATUS
    elsewhere: Own | Answer | str = UNKNOWN
    then: tuple[Look, ...] | Look = ()
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    file: File | None = None
    form: Mapping[str, str] | None = None

    @property
    def method(self) -> str:
        return self.operation.split(" ")[0]

    @property
    def path(self) -> str:
        return self.operation.split(" ")[1]

    @property
    def name(self) -> str:
        """Of the row, for the tests' ids: the method and the address, with its words and without its ids."""
        return f"{self.method} {self.at.split('?')[0]}".replace("/", "_").replace("$", "")

    @property
    def right(self) -> Call:
        return Call(self.at, self.body, self.headers, self.file, self.form)

    @property
    def looks(self) -> tuple[Look, ...]:
        return (self.then,) if isinstance(self.then, Look) else self.then


def cases(found: Cases) -> Sequence[Case]:
    if isinstance(found, Excuse):
        return ()
    return (found,) if isinstance(found, Case) else found


# How a call goes right


def gives(facts: Mapping[str, Any] | None = None, message: str = "success") -> Answer:
    return Answer(200, {"code": 0, "message": message, **(facts or {})})


def says(message: str, facts: Mapping[str, Any] | None = None) -> Answer:
    """Done; the vendor says so in these words."""
    return gives(facts, message)


def makes(message: str, facts: Mapping[str, Any] | None = None) -> Answer:
    return Answer(201, {"code": 0, "message": message, **(facts or {})})


def looks(at: str, facts: Mapping[str, Any]) -> Look:
    return Look(at, Answer(200, facts))


def gone(at: str, thing: str) -> Look:
    return Look(at, refusal(404, UNKNOWN_ID, f"{thing} does not exist."))


# How a call goes wrong


def refusal(status: int, code: int, message: str) -> Answer:
    """A refusal's whole body: code and message, no more keys (§2.1)."""
    return Answer(status, {"": {"code": code, "message": message}})


def but(answer: Answer, **change: Any) -> Case:
    """The right call with this part of it replaced."""
    return Case(lambda right: replace(right, **change), answer)


def without(key: str, said: str = "") -> Case:
    """The right body without a key of it (`line_items.0.rate` is one within)."""
    return Case(lambda right: replace(right, body=_dropped(right.body, key)), _missing(said or key.split(".")[-1]))


def without_parameter(name: str, code: int = INVALID) -> Case:
    answer = refusal(400, code, f"Invalid value passed for {name}")
    return Case(lambda right: replace(right, at=_queried(right.at, name, None)), answer)


def bad(key: str, value: Any = "x", said: str = "") -> Case:
    """The right body with a key of a wrong type."""
    return Case(lambda right: replace(right, body=_set(right.body, key, value)), _invalid(said or key.split(".")[-1]))


def bad_parameter(name: str, value: str = "x") -> Case:
    return Case(lambda right: replace(right, at=_queried(right.at, name, value)), _invalid(name))


def absent(*things: str) -> tuple[Case, ...]:
    """Each id of the path in turn names nothing, or is none."""
    return tuple(_absent(place, thing, one) for place, thing in enumerate(things) for one in (NOBODY, "x"))


def _absent(place: int, thing: str, one: str) -> Case:
    return Case(lambda right: replace(right, at=_with_id(right.at, place, one)), _unknown(thing))


def nowhere(key: str, thing: str) -> Case:
    """An id of the body names nothing."""
    return Case(lambda right: replace(right, body=_set(right.body, key, NOBODY)), _unknown(thing))


def nothing(name: str, thing: str) -> Case:
    """An id of the query names nothing."""
    return Case(lambda right: replace(right, at=_queried(right.at, name, NOBODY)), _unknown(thing))


def about(old: str, new: str, answer: Answer) -> Case:
    """The right call about another thing of the world."""
    return Case(lambda right: replace(right, at=right.at.replace(old, new)), answer)


def in_status(message: str, right: str, *statuses: str, code: int = STATUS_REFUSED) -> tuple[Case, ...]:
    """The right call, which is about `$draft_invoice` or so, about one in another status. `{}` is that status."""
    kind = right.rpartition("_")[2]
    return tuple(
        about(f"${right}", f"${one}_{kind}", refusal(400, code, message.format(one.replace("_", " "))))
        for one in statuses
    )


def _missing(name: str) -> Answer:
    return refusal(400, MISSING, f"Invalid value passed for {name}")


def _invalid(name: str) -> Answer:
    return refusal(400, INVALID, f"Invalid value passed for {name}")


def _unknown(thing: str) -> Answer:
    return refusal(404, UNKNOWN_ID, f"{thing} does not exist.")


def _within(body: Any, key: str) -> tuple[Any, Any, str | int]:
    """A copy of the body, what in it has the key, and the key there."""
    copy = deepcopy(body)
    *way, last = key.split(".")
    place = copy
    for part in way:
        place = place[int(part)] if part.isdigit() else place[part]
    return copy, place, int(last) if last.isdigit() else last


def _dropped(body: Any, key: str) -> Any:
    copy, place, last = _within(body, key)
    del place[last]
    return copy


def _set(body: Any, key: str, value: Any) -> Any:
    copy, place, last = _within(body or {}, key)
    place[last] = value
    return copy


def _queried(at: str, name: str, value: str | None) -> str:
    path, _, query = at.partition("?")
    pairs = {**dict(parse_qsl(query, keep_blank_values=True)), name: value}
    left = {key: one for key, one in pairs.items() if one is not None}
    return f"{path}?{urlencode(left, safe='$,')}" if left else path


def _with_id(at: str, place: int, one: str) -> str:
    """The address with one of the names in its path replaced."""
    path, mark, query = at.partition("?")
    found = list(re.finditer(r"\$\w+", path))[place]
    return f"{path[: found.start()]}{one}{path[found.end() :]}{mark}{query}"


#: A body that is no object.
NO_OBJECT = but(refusal(400, INVALID, "Invalid value passed for JSONString"), body=["x"])
#: A list's page that is no number.
BAD_PAGE = bad_parameter("page")
