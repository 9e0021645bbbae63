"""Error answers in a product's own words. The simulator knows none: each product puts its own into
`app.extensions["vendor_errors"]`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.client import responses
from typing import Any, NamedTuple

from simulator import wire


class Hit(NamedTuple):
    """What an error answer may speak of: the call that is hit, and how long its caller shall wait."""

    method: str
    path: str
    wait: int


def no_headers(hit: Hit) -> dict[str, str]:
    return {}


@dataclass(frozen=True)
class VendorError:
    """One error of a product. The first of a status is what a rule without a code answers with."""

    code: str
    status: int
    body: Callable[[Hit], dict[str, Any]]
    headers: Callable[[Hit], dict[str, str]] = no_headers


def plain(status: int) -> VendorError:
    """The error of a service that has no words of its own."""
    return VendorError("", status, lambda _: {"message": phrase(status)})


def phrase(status: int) -> str:
    return responses.get(status, "Error")


def chosen(errors: Iterable[VendorError], status: int, code: str) -> VendorError:
    """The error with this code; else the first with this status, else the first of its class (400 or 500)."""
    known = list(errors)
    if code:
        return next(error for error in known if error.code == code)
    for wanted in (status, status // 100 * 100):
        if found := next((error for error in known if error.status == wanted), None):
            return found
    return plain(status)


def written(error: VendorError, hit: Hit) -> tuple[dict[str, str], bytes]:
    """Headers and body."""
    headers = {"Content-Type": "application/json;charset=UTF-8", **error.headers(hit)}
    return headers, wire.dumps(error.body(hit))
