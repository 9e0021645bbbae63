"""Applies faults around an application: outside its transactions and its turns, so that none is held meanwhile."""

import io
from collections.abc import Callable, Iterable
from typing import Any

from simulator.faults import kinds
from simulator.faults.kinds import Answer
from simulator.faults.rules import Fault, Faults

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


class FaultMiddleware:
    """Applies the faults of a request's world around the application."""

    def __init__(self, application: Application, faults: Faults, world_of: Callable[[Environ], str | None]) -> None:
        self._application = application
        self._faults = faults
        self._world_of = world_of

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith("/_sim") or self._faults.are_none():
            return self._application(environ, start_response)
        world_id = self._world_of(_with_body_kept(environ))
        hitting = self._faults.hitting(world_id, environ["REQUEST_METHOD"], environ["PATH_INFO"])
        before = [fault for fault in hitting if fault.when == "before"]
        kinds.wait(before)
        if instead := self._spoilt(before, environ, None):
            return _send(instead, start_response)
        if not (after := [fault for fault in hitting if fault.when != "before"]):
            return self._application(environ, start_response)
        real = self._answered(environ)
        kinds.wait(after)
        return _send(self._spoilt(after, environ, real) or real, start_response)

    def _spoilt(self, faults: list[Fault], environ: Environ, real: Answer | None) -> Answer | None:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        return kinds.spoilt(faults, method, path, self._faults.errors, real)

    def _answered(self, environ: Environ) -> Answer:
        """Lets the application do its work to the end: what comes later holds nothing of it."""
        started: list[tuple[Any, ...]] = []
        answer = self._application(environ, lambda *args: started.append(args))
        try:
            body = b"".join(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()
        return Answer(started[0][0], started[0][1], body)


def _send(answer: Answer, start_response: StartResponse) -> Iterable[bytes]:
    start_response(answer.status, answer.headers)
    return [answer.body] if answer.sent is None else answer.sent


def _with_body_kept(environ: Environ) -> Environ:
    """The environment with a body that can be read here and again by the application; a copy to look at."""
    stream, length = environ["wsgi.input"], int(environ.get("CONTENT_LENGTH") or 0)
    if not length and environ.get("wsgi.input_terminated"):
        body = stream.read()  # none, or sent in chunks: the server marks the end; granian takes no negative length
    else:
        body = stream.read(length)
    environ["wsgi.input"] = io.BytesIO(body)
    return {**environ, "wsgi.input": io.BytesIO(body)}
