"""Turns: how many requests of a service run Python at the same time.

Python runs one thread at a time anyway. Sixteen that all want to run hand the interpreter to each other at each
query, which costs more than the queries do (measured: 2.4 ms of CPU a request at eight connections, 0.9 ms in turns).
So a request waits for its turn, and gives it back while it waits for something else (`aside`).
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

#: Nobody waits longer for one who keeps the turn: that is a long query, which lets other threads run by itself.
PATIENCE_SECONDS = 0.02


class Turn:
    """What one request has at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._given = 0

    def take(self) -> bool:
        """Waits as long as the turn goes round, for where many wait and patience ended before their turn came, all
        would run at once and be slower still. False when somebody keeps it."""
        while True:
            given = self._given
            if self._lock.acquire(timeout=PATIENCE_SECONDS):
                return True
            if self._given == given:
                return False

    def give(self) -> None:
        self._given += 1
        self._lock.release()


_held: ContextVar[Turn | None] = ContextVar("turn", default=None)


class TurnMiddleware:
    """Lets one request after the other into the application."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._turn = Turn()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not self._turn.take():
            return self._application(environ, start_response)
        held = _held.set(self._turn)
        try:
            return self._application(environ, start_response)
        finally:
            if (turn := _held.get()) is not None:
                turn.give()
            _held.reset(held)


@contextmanager
def aside() -> Iterator[None]:
    """Within the block others may run: the code waits for an answer from elsewhere, or for a lock."""
    turn = _held.get()
    if turn is None:
        yield
        return
    turn.give()
    _held.set(None)
    try:
        yield
    finally:
        _held.set(turn if turn.take() else None)
