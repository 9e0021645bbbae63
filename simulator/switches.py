"""Switches of a world: behaviour of the vendors that is off unless a world wants it, such as their limits."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app

from simulator import settings


class SwitchError(Exception):
    """A switch was asked for that is none, or put to a position it does not have; the message is for the caller."""


@dataclass(frozen=True)
class Switch:
    """One setting of a world that anybody may change through the control routes.

    Attributes:
        positions: what it can be, in a few words for the caller.
        fits: whether it can be that.
    """

    name: str
    default: Any
    positions: str
    fits: Callable[[Any], bool]


def on_off(name: str) -> Switch:
    """A switch that is off at first."""
    return Switch(name, False, "true or false", lambda value: isinstance(value, bool))


def one_of(name: str, choices: Iterable[str], default: str) -> Switch:
    known = tuple(choices)
    return Switch(name, default, f"one of {', '.join(known)}", lambda value: value in known)


def whole_number(name: str, most: int = 10**9) -> Switch:
    """A number, or nothing for the vendor's own."""
    return Switch(name, None, f"a whole number from 1 to {most}, or null", lambda value: _is_whole(value, most))


def _is_whole(value: Any, most: int) -> bool:
    return value is None or (type(value) is int and 1 <= value <= most)


def offer(app: Flask, *offered: Switch, changed: Callable[[], None] | None = None) -> None:
    """Gives the worlds of a service these switches.

    Args:
        changed: runs in the transaction that has moved any switch of the service.
    """
    app.extensions.setdefault("switches", {}).update({switch.name: switch for switch in offered})
    app.extensions.setdefault("switched", []).extend([changed] if changed else [])


def read(name: str) -> Any:
    """Where a switch of the world in context stands."""
    return settings.read(name, _known()[name].default)


def shown() -> dict[str, Any]:
    """Where all switches of the world in context stand."""
    return {name: read(name) for name in _known()}


def move(change: Any) -> None:
    """Moves some switches of the world in context, in the transaction under way.

    Raises:
        SwitchError: when one of them cannot be moved so; then none is.
    """
    known = _known()
    if not isinstance(change, dict) or not change:
        raise SwitchError(f"The body is a JSON object with some of {', '.join(known) or 'nothing'}.")
    for name, value in change.items():
        if name not in known:
            raise SwitchError(f"There is no setting {name!r}; there is {', '.join(known) or 'none'}.")
        if not known[name].fits(value):
            raise SwitchError(f"{name} is {known[name].positions}.")
    for name, value in change.items():
        settings.write(name, value)
    for changed in current_app.extensions.get("switched", ()):
        changed()


def _known() -> dict[str, Switch]:
    found: dict[str, Switch] = current_app.extensions.get("switches", {})
    return found
