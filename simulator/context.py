"""Which world the running code is in, and whether it may write. Set by the chassis; everything else only asks."""

import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from simulator.worlds import World


F = TypeVar("F", bound=Callable[..., Any])


class NoWorldInContext(Exception):
    """Code that needs a world's data ran outside any world; a bug of ours, never the caller's fault."""


_TRACE_PARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")

_world: ContextVar["World | None"] = ContextVar("world", default=None)
_reading: ContextVar[bool] = ContextVar("reading", default=False)
_kept: ContextVar[dict[str, Any] | None] = ContextVar("kept", default=None)


def current_world() -> "World":
    """The world in context.

    Raises:
        NoWorldInContext: when there is none.
    """
    world = _world.get()
    if world is None:
        raise NoWorldInContext("no world in context")
    return world


def kept() -> dict[str, Any]:
    """What the running code has found out and needs again before it leaves the world (one request, one block).

    Raises:
        NoWorldInContext: when it is in none.
    """
    found = _kept.get()
    if found is None:
        raise NoWorldInContext("no world in context")
    return found


def has_world() -> bool:
    return _world.get() is not None


def is_reading() -> bool:
    """Whether the running code may only read (a GET or HEAD request)."""
    return _reading.get()


def reads_only(view: F) -> F:
    """Marks a POST route that writes nothing (introspect, a query): it takes no write lock."""
    cast(Any, view).reads_only = True
    return view


@contextmanager
def entered(world: "World | None", reads_only: bool = False) -> Iterator[None]:
    """Runs a block inside a world; the contexts nest."""
    world_token = _world.set(world)
    reading_token = _reading.set(reads_only)
    kept_token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(kept_token)
        _reading.reset(reading_token)
        _world.reset(world_token)


_trace: ContextVar[str | None] = ContextVar("trace", default=None)
_chance = random.Random()


def trace_parent() -> str:
    """The W3C traceparent to pass on: the one that came in, else a fresh one."""
    # No secret: a generator that asks the system once is enough, and a call of the system for each request is not free.
    return _trace.get() or f"00-{_chance.getrandbits(128):032x}-{_chance.getrandbits(64):016x}-01"


@contextmanager
def traced(parent: str | None) -> Iterator[str]:
    """Within the block all outgoing calls carry this trace (or a fresh one, where none came in)."""
    value = parent if parent and _TRACE_PARENT.fullmatch(parent) else None
    token = _trace.set(value or trace_parent())
    try:
        yield trace_parent()
    finally:
        _trace.reset(token)
