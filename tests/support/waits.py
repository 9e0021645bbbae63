"""How long the connector waits before it tries again, made short: the waits are tested where they are decided."""

from collections.abc import Callable
from typing import Any

from connector.sync import sending
from connector.triggers import serving, work
from simulator import http
from simulator.faults import kinds

_SHORT: tuple[tuple[Any, str, float], ...] = (
    (http, "WAIT_CAP_SECONDS", 0.005),
    (sending, "WAIT_SECONDS", 0.0),
    (work, "RETRY_SECONDS", 0),
    (serving, "PUT_OFF_SECONDS", 0.0),
    (kinds, "SENDING_SECONDS", 0.0),
)


def shorten_waits(set_to: Callable[[Any, str, float], None] = setattr) -> None:
    """Shortens them all; `set_to` may be what puts them back after a test."""
    for module, name, seconds in _SHORT:
        set_to(module, name, seconds)
