"""What a row of the table says of one operation: how to call it right, and how it answers right and wrong.

In addresses, bodies and expected values `$name` stands for an id of the world (`world.py`), `$made` for what the
right call made.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.support.answers import Answer, Excuse, Look

#: The id of nothing.
NOBODY = "5725767000009999999"


NO_INPUT = Excuse("takes neither body nor parameter")
NOTHING_MANDATORY = Excuse("nothing it takes is mandatory")
NO_ID = Excuse("names nothing that could be unknown")
EVERYBODY = Excuse("every profile may")
NO_TOKEN = Excuse("needs no token")


@dataclass(frozen=True)
class Call:
    """What is sent; what a case leaves out is as in the row's right call."""

    at: str | None = None
    body: Any = ...
    headers: Mapping[str, str] | None = None
    file: bytes | None = None
    form: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Case:
    """A call that goes wrong, and how."""

    call: Call
    answer: Answer


def gives(status: int, facts: Mapping[str, Any] | None = None) -> Answer:
    return Answer(status, facts or {})


def empty(status: int = 204, **call: Any) -> Case:
    """No content."""
    return Case(Call(**call), Answer(status, {"": None}))


def answers(status: int, facts: Mapping[str, Any], **call: Any) -> Case:
    """Whatever else is no refusal."""
    return Case(Call(**call), Answer(status, facts))


def looks(at: str, facts: Mapping[str, Any] | None = None, status: int = 200) -> Look:
    return Look(at, Answer(status, {"": None} if status == 204 else facts or {}))


def refused(code: str, details: Mapping[str, Any], status: int = 400) -> Answer:
    """The whole answer is one error (crm-api.md §8, "flat")."""
    return Answer(status, {"code": code, "details": details, "status": "error"})


def refused_in(key: str, code: str, details: Mapping[str, Any], status: int = 400) -> Answer:
    """The error is the outcome of the one thing that was sent (crm-api.md §8, "in data")."""
    place = f"{key}.0"
    return Answer(status, {f"{place}.code": code, f"{place}.details": details, f"{place}.status": "error"})


def flat(code: str, details: Mapping[str, Any], status: int = 400, **call: Any) -> Case:
    return Case(Call(**call), refused(code, details, status))


def told(key: str, code: str, details: Mapping[str, Any], status: int = 400, **call: Any) -> Case:
    return Case(Call(**call), refused_in(key, code, details, status))


def without(key: str) -> Case:
    """The body without its one key."""
    return flat("MANDATORY_NOT_FOUND", {"api_name": key, "json_path": f"$.{key}"}, body={})


def lacking(key: str, name: str, **call: Any) -> Case:
    """A thing without one of its keys."""
    return told(key, "MANDATORY_NOT_FOUND", {"api_name": name, "json_path": f"$.{key}[0].{name}"}, **call)


def wrong_type(key: str, name: str, kind: str, **call: Any) -> Case:
    """A thing with a value of another type."""
    details = {"expected_data_type": kind, "api_name": name, "json_path": f"$.{key}[0].{name}"}
    return told(key, "INVALID_DATA", details, **call)


@dataclass(frozen=True)
class Own:
    """For a caller of another world the call is right, about what that world has of its own."""

    status: int = 200
    facts: Mapping[str, Any] = field(default_factory=dict)


#: For a caller of another world what this one's ids name is unknown.
UNKNOWN = "as what is unknown"


@dataclass(frozen=True)
class Row:
    """One operation.

    Attributes:
        operation: method and path, as the document has them, without `/crm/v8`.
        at: an address of it in the world, with its query.
        works: what the right call gives; `then` is looked at afterwards.
        missing: without something mandatory.
        wrong: with something of a wrong type.
        unknown: about something that is not there.
        denied: the permission that a profile must have, or how the call is refused where it says more.
        elsewhere: the right call with a token of another world; the world itself never changes by it.
        more: permissions beyond the one that the route declares.
    """

    operation: str
    at: str
    works: Answer
    missing: Case | Excuse
    wrong: Case | Excuse
    unknown: Case | Excuse
    denied: str | Answer | Excuse
    elsewhere: Own | Case | Excuse | str = UNKNOWN
    then: tuple[Look, ...] | Look = ()
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    file: bytes | None = None
    form: Mapping[str, str] | None = None
    more: tuple[str, ...] = ()

    @property
    def method(self) -> str:
        return self.operation.split(" ")[0]

    @property
    def path(self) -> str:
        return self.operation.split(" ")[1]

    @property
    def right(self) -> Call:
        return Call(self.at, self.body, self.headers, self.file, self.form)

    @property
    def looks(self) -> tuple[Look, ...]:
        return (self.then,) if isinstance(self.then, Look) else self.then

    def call_of(self, case: Case) -> Call:
        """A case's call, filled up with what the right one has."""
        call, right = case.call, self.right
        return replace(
            right,
            at=right.at if call.at is None else call.at,
            body=right.body if call.body is ... else call.body,
            headers=right.headers if call.headers is None else call.headers,
            file=right.file if call.file is None else call.file,
            form=right.form if call.form is None else call.form,
        )
