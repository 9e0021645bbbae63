"""Rules of faults: which calls each hits, how often and how long, and what may be asked for."""

import random
import re
import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from simulator.faults.kinds import KINDS
from simulator.faults.vendor import VendorError

#: The largest count or seed of a rule.
MOST = 2**31 - 1
LONGEST_SECONDS = 86_400
METHODS = ("", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@dataclass
class Fault:
    """A rule: which requests, what happens to them, and how often."""

    id: str
    kind: str
    path: str = ""
    route: str = ""
    method: str = ""
    when: Literal["before", "after", "middle"] = "before"
    milliseconds: int = 0
    pieces: int | None = None
    status: int = 500
    code: str = ""
    body: str = ""
    html: bool = False
    form: Literal["cut", "spoiled"] = "cut"
    retry_after: int | None = None
    times: int | None = None
    skip: int = 0
    nth: int | None = None
    every: int | None = None
    seconds: float | None = None
    probability: float = 1.0
    seed: int = 0
    enabled: bool = True
    hits: int = 0
    seen: int = 0
    chance: random.Random = field(default_factory=random.Random, repr=False)
    made: float = field(default_factory=time.monotonic, repr=False)

    def meets(self, method: str, path: str) -> bool:
        """Whether this request is hit; counts it."""
        if not self.enabled or self.has_ended() or not self._names(method, path):
            return False
        self.seen += 1
        if not self._is_its_turn() or self.chance.random() >= self.probability:
            return False
        self.hits += 1
        return True

    def has_ended(self) -> bool:
        return self.seconds is not None and time.monotonic() - self.made >= self.seconds

    def _names(self, method: str, path: str) -> bool:
        if self.method and method != self.method:
            return False
        if self.route and not re.search(pattern_of(self.route), path):
            return False
        return not self.path or re.search(self.path, path) is not None

    def _is_its_turn(self) -> bool:
        """After those skipped, while some are left: the nth, each nth, or any."""
        number = self.seen - self.skip
        if number <= 0 or (self.times is not None and self.hits >= self.times):
            return False
        if self.nth is not None and number != self.nth:
            return False
        return self.every is None or number % self.every == 0

    def shown(self) -> dict[str, Any]:
        values = asdict(self)
        for own in ("chance", "made"):
            values.pop(own)
        left = None if self.seconds is None else max(0.0, self.seconds - (time.monotonic() - self.made))
        return {**values, "seconds_left": left if left is None else round(left, 2)}


def pattern_of(route: str) -> str:
    """The end of a path, in which `{anything}` stands for one part: `/contacts/{id}`."""
    parts = re.split(r"(\{[^{}/]*\})", route)
    return "".join("[^/]+" if part.startswith("{") else re.escape(part) for part in parts) + "$"


class FaultSchema(Schema):
    """What `POST /_sim/worlds/<w>/faults` takes."""

    kind = fields.String(required=True, validate=validate.OneOf(tuple(KINDS)))
    path = fields.String(validate=validate.Length(max=500))
    route = fields.String(validate=validate.Regexp("^/", error="A route begins with /."))
    method = fields.String(validate=validate.OneOf(METHODS))
    when = fields.String(validate=validate.OneOf(("before", "after", "middle")))
    milliseconds = fields.Integer(validate=validate.Range(0))
    pieces = fields.Integer(allow_none=True, validate=validate.Range(1, 10_000))
    status = fields.Integer(validate=validate.Range(200, 599))
    code = fields.String(validate=validate.Length(max=80))
    body = fields.String(validate=validate.Length(max=10_000))
    html = fields.Boolean()
    form = fields.String(validate=validate.OneOf(("cut", "spoiled")))
    retry_after = fields.Integer(allow_none=True, validate=validate.Range(0, 3_600))
    times = fields.Integer(allow_none=True, validate=validate.Range(1, MOST))
    skip = fields.Integer(validate=validate.Range(0, MOST))
    nth = fields.Integer(allow_none=True, validate=validate.Range(1, MOST))
    every = fields.Integer(allow_none=True, validate=validate.Range(1, MOST))
    seconds = fields.Float(allow_none=True, validate=validate.Range(0, LONGEST_SECONDS, min_inclusive=False))
    probability = fields.Float(validate=validate.Range(0, 1))
    seed = fields.Integer(validate=validate.Range(0, MOST))
    enabled = fields.Boolean()

    @validates_schema
    def path_is_a_pattern(self, values: dict[str, Any], **_: Any) -> None:
        try:
            re.compile(values.get("path", ""))
        except re.error as error:
            raise ValidationError(f"not a pattern: {error}", "path") from None

    @validates_schema
    def fits_its_kind(self, values: dict[str, Any], **_: Any) -> None:
        kind = KINDS[values["kind"]]
        if values.get("when", kind.moments[0]) not in kind.moments:
            raise ValidationError(f"{values['kind']} happens {' or '.join(kind.moments)}.", "when")
        if values.get("milliseconds", 0) > kind.longest:
            raise ValidationError(f"{values['kind']} lasts {kind.longest} milliseconds at most.", "milliseconds")
        if values.get("status", 500) < 400 and not (values.get("html") and values["status"] == 200):
            raise ValidationError("400 to 599; 200 only with html.", "status")


class SwitchSchema(Schema):
    """What `PATCH /_sim/worlds/<w>/faults/<id>` takes."""

    enabled = fields.Boolean(required=True)


class Faults:
    """The rules of one service, by world. They live in memory: a restart clears them."""

    def __init__(self, errors: Sequence[VendorError] = ()) -> None:
        self.errors = errors
        self._rules: dict[str, list[Fault]] = {}
        self._lock = threading.Lock()

    def add(self, world_id: str, values: dict[str, Any]) -> Fault:
        """A new rule.

        Raises:
            ValidationError: when it asks for an error code that this product does not have.
        """
        known = [error.code for error in self.errors]
        if (code := values.get("code")) and code not in known:
            raise ValidationError({"code": [f"The codes of this product are {', '.join(known) or 'none'}."]})
        kind = KINDS[values["kind"]]
        given = {"when": kind.moments[0], "milliseconds": kind.usual, **values}
        fault = Fault(id=secrets.token_hex(4), **given)
        fault.chance = random.Random(fault.seed)
        with self._lock:
            self._rules.setdefault(world_id, []).append(fault)
        return fault

    def all(self, world_id: str) -> list[Fault]:
        return list(self._rules.get(world_id, ()))

    def find(self, world_id: str, fault_id: str) -> Fault | None:
        return next((fault for fault in self.all(world_id) if fault.id == fault_id), None)

    def remove(self, world_id: str, fault_id: str) -> None:
        with self._lock:
            left = [fault for fault in self._rules.pop(world_id, ()) if fault.id != fault_id]
            if left:
                self._rules[world_id] = left

    def are_none(self) -> bool:
        return not self._rules

    def clear(self, world_id: str) -> None:
        with self._lock:
            self._rules.pop(world_id, None)

    def hitting(self, world_id: str | None, method: str, path: str) -> list[Fault]:
        if world_id is None or world_id not in self._rules:
            return []
        with self._lock:
            return [fault for fault in self._rules.get(world_id, ()) if fault.meets(method, path)]
