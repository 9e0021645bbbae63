"""Faults on demand: latency, an error status or a cut connection, for chosen routes, before or after the work is done.

A WSGI middleware outside the application, so that a fault after the work is a fault after the commit.
"""

import io
import random
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

#: The largest count or seed of a rule.
MOST = 2**31 - 1

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


class ConnectionCut(Exception):
    """Raised in the middle of an answer, so that the server drops the connection."""


@dataclass
class Fault:
    """A rule: which requests, what happens to them, and how often."""

    id: str
    kind: Literal["latency", "status", "cut"]
    path: str = ""
    method: str = ""
    when: Literal["before", "after"] = "before"
    milliseconds: int = 0
    status: int = 500
    body: str = ""
    retry_after: int | None = None
    times: int | None = None
    skip: int = 0
    probability: float = 1.0
    seed: int = 0
    hits: int = 0
    seen: int = 0
    chance: random.Random = field(default_factory=random.Random, repr=False)

    def meets(self, environ: Environ) -> bool:
        """Whether this request is hit; counts it."""
        if self.method and environ["REQUEST_METHOD"] != self.method.upper():
            return False
        if self.path and not re.search(self.path, environ["PATH_INFO"]):
            return False
        self.seen += 1
        if self.seen <= self.skip or (self.times is not None and self.hits >= self.times):
            return False
        if self.chance.random() >= self.probability:
            return False
        self.hits += 1
        return True

    def shown(self) -> dict[str, Any]:
        values = asdict(self)
        values.pop("chance")
        return values


class FaultSchema(Schema):
    """What `POST /_sim/worlds/<w>/faults` takes."""

    kind = fields.String(required=True, validate=validate.OneOf(("latency", "status", "cut")))
    path = fields.String()
    method = fields.String(validate=validate.OneOf(("", "GET", "POST", "PUT", "PATCH", "DELETE")))
    when = fields.String(validate=validate.OneOf(("before", "after")))
    milliseconds = fields.Integer(validate=validate.Range(0, 60_000))
    status = fields.Integer(validate=validate.Range(400, 599))
    body = fields.String(validate=validate.Length(max=10_000))
    retry_after = fields.Integer(allow_none=True, validate=validate.Range(0, 3_600))
    times = fields.Integer(allow_none=True, validate=validate.Range(1, MOST))
    skip = fields.Integer(validate=validate.Range(0, MOST))
    probability = fields.Float(validate=validate.Range(0, 1))
    seed = fields.Integer(validate=validate.Range(0, MOST))

    @validates_schema
    def path_is_a_pattern(self, values: dict[str, Any], **_: Any) -> None:
        try:
            re.compile(values.get("path", ""))
        except re.error as error:
            raise ValidationError(f"not a pattern: {error}", "path") from None


class Faults:
    """The rules of one service, by world. They live in memory: a restart clears them."""

    def __init__(self) -> None:
        self._rules: dict[str, list[Fault]] = {}
        self._lock = threading.Lock()

    def add(self, world_id: str, values: dict[str, Any]) -> Fault:
        fault = Fault(id=secrets.token_hex(4), **values)
        fault.chance = random.Random(fault.seed)
        with self._lock:
            self._rules.setdefault(world_id, []).append(fault)
        return fault

    def all(self, world_id: str) -> list[Fault]:
        return list(self._rules.get(world_id, ()))

    def are_none(self) -> bool:
        return not self._rules

    def clear(self, world_id: str) -> None:
        with self._lock:
            self._rules.pop(world_id, None)

    def hitting(self, world_id: str | None, environ: Environ) -> list[Fault]:
        if world_id is None or world_id not in self._rules:
            return []
        with self._lock:
            return [fault for fault in self._rules.get(world_id, ()) if fault.meets(environ)]


class FaultMiddleware:
    """Applies the faults of a request's world around the application."""

    def __init__(self, application: Application, faults: Faults, world_of: Callable[[Environ], str | None]) -> None:
        self._application = application
        self._faults = faults
        self._world_of = world_of

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith("/_sim"):
            return self._application(environ, start_response)
        if self._faults.are_none():
            return self._application(environ, start_response)
        hitting = self._faults.hitting(self._world_of(_with_body_kept(environ)), environ)
        before = [fault for fault in hitting if fault.when == "before"]
        for fault in before:
            time.sleep(fault.milliseconds / 1000)
        if stopping := _first_stopping(before):
            return _answer(stopping, start_response)
        if not (after := [fault for fault in hitting if fault.when == "after"]):
            return self._application(environ, start_response)
        return self._answered_late(environ, start_response, after)

    def _answered_late(self, environ: Environ, start_response: StartResponse, after: list[Fault]) -> Iterable[bytes]:
        """Lets the application do its work, then spoils the answer."""
        started: list[tuple[Any, ...]] = []
        answer = self._application(environ, lambda *args: started.append(args))
        try:
            body = b"".join(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()
        for fault in after:
            time.sleep(fault.milliseconds / 1000)
        if stopping := _first_stopping(after):
            return _answer(stopping, start_response)
        start_response(*started[0])
        return [body]


def _with_body_kept(environ: Environ) -> Environ:
    """The environment with a body that can be read here and again by the application; a copy to look at."""
    stream, length = environ["wsgi.input"], int(environ.get("CONTENT_LENGTH") or 0)
    if not length and environ.get("wsgi.input_terminated"):
        body = stream.read()  # none, or sent in chunks: the server marks the end; granian takes no negative length
    else:
        body = stream.read(length)
    environ["wsgi.input"] = io.BytesIO(body)
    return {**environ, "wsgi.input": io.BytesIO(body)}


def _first_stopping(faults: list[Fault]) -> Fault | None:
    return next((fault for fault in faults if fault.kind != "latency"), None)


def _answer(fault: Fault, start_response: StartResponse) -> Iterable[bytes]:
    if fault.kind == "cut":
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", "4096")])
        return _cut_off()
    headers = [("Content-Type", "application/json" if fault.body.startswith("{") else "text/html")]
    if fault.retry_after is not None:
        headers.append(("Retry-After", str(fault.retry_after)))
    start_response(f"{fault.status} Fault", headers)
    return [fault.body.encode()]


def _cut_off() -> Iterator[bytes]:
    yield b'{"'
    raise ConnectionCut
