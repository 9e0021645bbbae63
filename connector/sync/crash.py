"""Named boundaries at which a test kills the process (reliability.md §2.9). A no-op unless armed by the environment."""

import os
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

CRASH_POINTS = (
    "lease-taken",
    "run-row",
    "settings-frozen",
    "token-ready",
    "page-requested",
    "page-received",
    "page-staged",
    "cursor-candidate",
    "record-picked",
    "duplicate-looked-up",
    "decided",
    "intent-stored",
    "before-send",
    "sent-no-reply",
    "reply-read",
    "outcome-stored",
    "child-before-link",
    "child-linked",
    "delete-found",
    "delete-applied",
    "trigger-decided",
    "trigger-written",
    "counters-stored",
    "cursor-stored",
    "run-closed",
    "lease-released",
    "notice-received",
    "notice-queued",
)

_armed: dict[str, int] = {}
#: How often each point was passed, while somebody counts.
_passed: Counter[str] | None = None


def arm(text: str) -> None:
    """Arms points from text such as `intent-stored:3` (the third time), several with commas.

    Raises:
        ValueError: for a name that is no point.
    """
    _armed.clear()
    for part in filter(None, text.split(",")):
        name, _, count = part.partition(":")
        if name not in CRASH_POINTS:
            raise ValueError(f"there is no crash point {name!r}")
        _armed[name] = int(count or 1)


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """Within the block each point passed is counted: what a test can kill, and how often."""
    global _passed
    found: Counter[str] = Counter()
    _passed = found
    try:
        yield found
    finally:
        _passed = None


def crash_point(name: str) -> None:
    """Kills this process here, without any clean-up, when a test has armed the point and its count is reached."""
    if _passed is not None:
        _passed[name] += 1
    if name not in _armed:
        return
    _armed[name] -= 1
    if _armed[name] <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
