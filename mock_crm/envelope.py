"""Bodies in and out: reading a body or a parameter, the arrays of outcomes, the paging object (crm-api.md §3)."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from flask import Response, request

from mock_crm import versions
from mock_crm.errors import (
    BodyTooLarge,
    CrmError,
    InvalidData,
    LimitExceeded,
    MandatoryNotFound,
    UnparsableInput,
)
from simulator import switches, wire

LARGEST_PAGE = 200
MOST_WRITTEN = 100
LARGEST_ID = 2**63 - 1
#: Of a JSON body; uploads may be larger.
LARGEST_BODY = 16 * 1024 * 1024
_DIGITS = re.compile(r"[0-9]{1,19}")
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")

Outcome = dict[str, Any] | CrmError


def body() -> dict[str, Any]:
    """The request's JSON object, whatever its Content-Type: the official SDK sends none (crm-api.md §1.1).

    Raises:
        InvalidData: when it is no JSON object, or too large.
    """
    raw = request.get_data(cache=True)
    if len(raw) > LARGEST_BODY:
        raise BodyTooLarge
    try:
        given = wire.loads(raw)
        if _SURROGATE.search(raw):
            wire.dumps(given)  # half a surrogate pair is JSON by the letter, but no text that could be kept
    except (ValueError, TypeError):
        raise InvalidData({"expected_data_type": "jsonobject"}, "body") from None
    if not isinstance(given, dict):
        raise InvalidData({"expected_data_type": "jsonobject"}, "body")
    return given


def items(given: dict[str, Any], key: str = "data", most: int = MOST_WRITTEN) -> list[Any]:
    """The array of objects of a write.

    Raises:
        MandatoryNotFound, InvalidData, LimitExceeded: when it is absent, no array, or too long.
    """
    found = given.get(key)
    if found is None or found == []:
        raise MandatoryNotFound({"api_name": key, "json_path": f"$.{key}"})
    if not isinstance(found, list):
        raise InvalidData({"expected_data_type": "jsonarray", "api_name": key, "json_path": f"$.{key}"})
    if len(found) > most:
        raise LimitExceeded({"limit": most, "api_name": key, "json_path": f"$.{key}"})
    return found


def outcomes(results: Sequence[Outcome], key: str = "data", done: int = 200) -> Response:
    """One object for each thing asked for, in order: all done, 207 when mixed, 400 when all failed (§3.1).

    Version 2 is said to have answered 202 for failures; it does so where the world's switch says so, since most of
    its clients look into the array and not at the status.
    """
    failed = sum(isinstance(result, CrmError) for result in results)
    status = done if not failed else 400 if failed == len(results) else 207
    if len(results) == 1 and isinstance(results[0], CrmError):
        status = results[0].status
    if status in (207, 400) and versions.current() < versions.V2_1 and switches.read(versions.ACCEPTED_FAILURES.name):
        status = 202
    return wire.reply({key: [_object(result) for result in results]}, status)


def _object(result: Outcome) -> dict[str, Any]:
    return result.body() if isinstance(result, CrmError) else result


def success(details: dict[str, Any], message: str, **more: Any) -> dict[str, Any]:
    return {"code": "SUCCESS", "details": details, "message": message, "status": "success", **more}


def nothing(status: int = 204) -> Response:
    """No content or not modified: an empty body without a Content-Type (crm-api.md §1.9)."""
    response = Response(status=status)
    del response.headers["Content-Type"]
    return response


def id_of(value: Any) -> int | None:
    """An id as clients send it, an integer or a string of digits; None when it is neither (never through float)."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if 0 < value <= LARGEST_ID else None
    if isinstance(value, str) and _DIGITS.fullmatch(value) and int(value) <= LARGEST_ID:
        return int(value)
    return None


def ids_param(name: str = "ids", most: int = MOST_WRITTEN) -> list[int]:
    """A comma list of ids, without repeats, in order.

    Raises:
        UnparsableInput: for anything else where something is deleted (crm-api.md §8).
        InvalidData, LimitExceeded: for anything else.
    """
    parts = [part.strip() for part in request.args.get(name, "").split(",") if part.strip()]
    if len(parts) > most:
        raise LimitExceeded({"limit": most, "param_name": name})
    found = [id_of(part) for part in parts]
    if None in found and request.method == "DELETE":
        raise UnparsableInput
    if None in found:
        raise InvalidData({"param_name": name}, "the id given seems to be invalid")
    return list(dict.fromkeys(number for number in found if number is not None))


def number_param(name: str, default: int, most: int | None = None) -> int:
    """A positive whole number; what is beyond `most` counts as `most`.

    Raises:
        InvalidData: for anything else.
    """
    text = request.args.get(name, "")
    if not text:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) == 0:
        raise InvalidData({"param_name": name})
    return min(int(text), most) if most is not None else int(text)


def choice_param(name: str, choices: Iterable[str], default: str) -> str:
    """One of a few words, in any case."""
    given = request.args.get(name, "")
    if not given:
        return default
    for choice in choices:
        if given.lower() == choice.lower():
            return choice
    raise InvalidData({"param_name": name})


def moment_header(name: str) -> int | None:
    """`If-Modified-Since` and its like: ISO 8601, not an HTTP date (crm-api.md §1); seconds since 1970."""
    text = request.headers.get(name, "").strip()
    if not text:
        return None
    seconds = seconds_of(text)
    if seconds is None:
        raise InvalidData({"header_name": name}, f"the {name} header is not a valid date and time")
    return seconds


def seconds_of(text: str) -> int | None:
    """An ISO moment in whole seconds since 1970; without an offset it is UTC. None when it is none."""
    try:
        moment = datetime.fromisoformat(text.strip().replace(" ", "+"))
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        return int(moment.timestamp())
    except (OverflowError, ValueError):
        return None


def metadata_info(count: int, **more: Any) -> dict[str, Any]:
    """The paging object of lists that always come whole."""
    return {"per_page": LARGEST_PAGE, "count": count, "page": 1, "more_records": False, **more}


def by_version(new: Any, old: Any, since: versions.Version) -> Any:
    """`new` from a version on, before that `old`."""
    return new if versions.current() >= since else old
