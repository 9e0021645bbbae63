"""JSON in and out with exact numbers: what comes in with a point is a Decimal, what goes out keeps its digits."""

import json
from decimal import Decimal
from typing import Any

import orjson
from flask import Response
from flask.json.provider import JSONProvider

#: Past this many places a number is no amount but an attack: written plainly it would fill the memory.
LARGEST_EXPONENT = 400


def loads(text: bytes | str) -> Any:
    """Parses JSON; numbers with a point or exponent, and whole ones beyond 64 bits, become Decimal.

    Raises:
        ValueError: when the text is not JSON (NaN and Infinity are not JSON), not UTF-8, or holds half a
            surrogate pair, which no database can keep.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8-sig")
    if "\\ud" in text or "\\uD" in text:
        orjson.loads(text)  # refuses halves of pairs, which the standard library lets through
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise ValueError("JSON is nested too deeply") from None


def dumps(value: Any) -> bytes:
    """Writes JSON; a Decimal is written with its own digits and without trailing zeros."""
    return orjson.dumps(value, default=_encode, option=orjson.OPT_NON_STR_KEYS)


class WireJson(JSONProvider):
    """Flask's own JSON in and out, by the rules of this module."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return dumps(obj).decode()

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return loads(s)


def reply(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON response with the content type both vendors send."""
    return written(dumps(value), status, headers)


def written(body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """The same of what is JSON already."""
    return Response(body, status, headers, content_type="application/json;charset=UTF-8")


def _encode(value: Any) -> Any:
    if isinstance(value, Decimal):
        return orjson.Fragment(plain(value))
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def plain(value: Decimal) -> str:
    """The shortest plain form of a number: 100.00 is written 100, 199.90 is written 199.9."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text if text not in ("-0", "") else "0"


def _exact(text: str) -> Decimal:
    number = Decimal(text)
    if abs(number.adjusted()) > LARGEST_EXPONENT:
        raise ValueError(f"{text} is out of range")
    return number


def _whole(text: str) -> int | Decimal:
    number = int(text)
    return number if -(2**63) <= number < 2**63 else _exact(text)


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(parse_float=_exact, parse_int=_whole, parse_constant=_refuse_constant)
