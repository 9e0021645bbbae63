"""What a table of calls expects of their answers, and a world that is brought back to what it was after each call.

In addresses, bodies and expected values `$name` stands for something of the world, such as an id.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from string import Template
from typing import Any

from simulator.worlds import SURVIVING_TABLES, Worlds


@dataclass(frozen=True)
class Has:
    """Fits a list with this in it."""

    value: Any


@dataclass(frozen=True)
class Lacks:
    """Fits a list without this in it."""

    value: Any


@dataclass(frozen=True)
class Fits:
    """Fits what the rule says yes to."""

    rule: Callable[[Any], bool]


@dataclass(frozen=True)
class Excuse:
    """Why a case cannot be; a test looks whether it is true."""

    why: str


@dataclass(frozen=True)
class Answer:
    """What must come back: the status, and facts of the body by their place (`data.0.id`, `data.*.id`)."""

    status: int
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Look:
    """A GET afterwards, and what it must show."""

    at: str
    answer: Answer


def named(given: Any, names: Mapping[str, str]) -> Any:
    """The same with names replaced by what they stand for, at any depth."""
    if isinstance(given, str):
        return Template(given).safe_substitute(names)
    if isinstance(given, Mapping):
        return {named(key, names): named(one, names) for key, one in given.items()}
    if isinstance(given, list | tuple):
        return [named(one, names) for one in given]
    if isinstance(given, Has | Lacks):
        return type(given)(named(given.value, names))
    return given


def differences(wanted: Answer, status: int, body: Any, names: Mapping[str, str]) -> list[str]:
    """What of an answer is not as it must be, in words."""
    found = [] if status == wanted.status else [f"status {status}, not {wanted.status}"]
    for place, value in wanted.facts.items():
        expected, there = named(value, names), at_place(body, place)
        if not _fits(there, expected):
            found.append(f"{place or 'body'} is {there!r}, not {expected!r}")
    return found


def _fits(there: Any, expected: Any) -> bool:
    if isinstance(expected, Has):
        return isinstance(there, list) and expected.value in there
    if isinstance(expected, Lacks):
        return isinstance(there, list) and expected.value not in there
    if isinstance(expected, Fits):
        return expected.rule(there)
    return bool(there == expected) and isinstance(there, bool) == isinstance(expected, bool)


def at_place(body: Any, place: str) -> Any:
    """What stands at a place like `data.0.id`; `*` is all members of a list."""
    parts = place.split(".") if place else []
    for number, part in enumerate(parts):
        if part == "*":
            rest = ".".join(parts[number + 1 :])
            return [at_place(one, rest) for one in body] if isinstance(body, list) else None
        if isinstance(body, list):
            body = body[int(part)] if part.lstrip("-").isdigit() and -len(body) <= int(part) < len(body) else None
        else:
            body = body.get(part) if isinstance(body, dict) else None
    return body


class Kept:
    """A world as it was when this was made."""

    def __init__(self, worlds: Worlds, world: str, db: Any) -> None:
        self._worlds, self._world, self._db = worlds, world, db
        names = [table.name for table in db.metadata.sorted_tables if table.name not in SURVIVING_TABLES]
        self._statements = [f'SELECT * FROM "{name}"' for name in names]
        worlds.swap(worlds.prepare(world, "snapshot", "kept"))
        self._as_it_was = self._fingerprint()
        self._is_called = False

    def note_call(self, method: str) -> None:
        """Says that somebody is about to call: what reads changes nothing."""
        self._is_called = self._is_called or method != "GET"

    def bring_back(self) -> None:
        """Makes the world what it was, when something may have been done in it."""
        if self._is_called:
            self._worlds.swap(self._worlds.prepare(self._world, "restore", "kept"))
        self._is_called = False

    @property
    def is_untouched(self) -> bool:
        """Whether the world is as it was; then there is nothing to bring back."""
        is_same = self._fingerprint() == self._as_it_was
        self._is_called = self._is_called and not is_same
        return is_same

    def _fingerprint(self) -> str:
        """What there is in the world, but for the evidence of calls and who may call."""
        seen = hashlib.sha256()
        with self._worlds.transaction(self._world, reads_only=True):
            cursor = self._db.session.connection().connection.cursor()  # past SQLAlchemy: this runs thousands of times
            for statement in self._statements:
                cursor.execute(statement)
                seen.update(f"{statement}{sorted(map(repr, cursor.fetchall()))}".encode())
        return seen.hexdigest()
