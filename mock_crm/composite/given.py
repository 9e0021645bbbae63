"""What a composite request holds: its sub-requests, checked, in the order in which they can be carried out."""

import re
from dataclasses import dataclass, field
from typing import Any

from mock_crm.composite.errors import Conflict, InvalidReference, LoopingFound, located
from mock_crm.composite.references import references_in
from mock_crm.errors import CrmError, DuplicateData, InvalidData, MandatoryNotFound

KEY = "__composite_requests"
MOST = 5
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
URI = re.compile(r"/crm(/.*)?/v[0-9]+([.][0-9]+)?/.+")
NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_]*")
#: Who calls is who calls the composite request.
RESTRICTED_HEADERS = ("authorization", "x-crm-org")


@dataclass
class SubRequest:
    """One call of several. `refers_to` names the others whose answers it uses, with a reference to each."""

    place: int
    name: str
    method: str
    uri: str
    params: dict[str, Any]
    headers: dict[str, Any]
    body: Any
    refers_to: dict[str, str] = field(default_factory=dict)
    error: CrmError | None = None


def flag(given: dict[str, Any], name: str) -> bool | None:
    value = given.get(name)
    if value is not None and not isinstance(value, bool):
        raise InvalidData({"expected_data_type": "boolean", **located(name, f"$.{name}")})
    return value


def check_flags(given: dict[str, Any]) -> bool:
    """Whether all is rolled back when one fails. They are carried out one after the other, whatever else is wished.

    Raises:
        Conflict: when they are to be rolled back and at the same time carried out at once.
    """
    rolls_back = flag(given, "rollback_on_fail") is True
    for name in ("concurrent_execution", "parallel_execution"):
        if flag(given, name) is True and rolls_back:
            raise Conflict("rollback_on_fail", name)
    return rolls_back


def sub_requests(given: dict[str, Any]) -> list[SubRequest]:
    """The sub-requests as they came in.

    Raises:
        CrmError: when one is not what it must be; then none is carried out.
    """
    found = given.get(KEY)
    if found in (None, []):
        raise MandatoryNotFound(located(KEY, f"$.{KEY}"))
    if not isinstance(found, list):
        raise InvalidData({"expected_data_type": "jsonarray", **located(KEY, f"$.{KEY}")})
    if len(found) > MOST:
        raise InvalidData({"maximum_length": MOST, **located(KEY, f"$.{KEY}")})
    subs = [_sub_request(item, place) for place, item in enumerate(found)]
    for sub in subs:
        same = [other.place for other in subs if other.name == sub.name]
        if len(same) > 1:
            path = f"$.{KEY}[{sub.place}].sub_request_id"
            raise DuplicateData({**located("sub_request_id", path), "sub_request_indexes": same})
    return subs


def _sub_request(given: Any, place: int) -> SubRequest:
    path = f"$.{KEY}[{place}]"
    if not isinstance(given, dict):
        raise InvalidData({"expected_data_type": "jsonobject", "json_path": path})
    for name in ("uri", "method"):
        if given.get(name) in (None, ""):
            raise MandatoryNotFound(located(name, f"{path}.{name}"))
    name = _matching(given.get("sub_request_id"), NAME, "sub_request_id", path) or f"#{place}"
    uri = _matching(given["uri"], URI, "uri", path)
    method = given["method"].upper() if isinstance(given["method"], str) else ""
    if method not in METHODS:
        raise InvalidData({**located("method", f"{path}.method"), "supported_values": list(METHODS)})
    headers = _object(given, "headers", path)
    restricted = [header for header in headers if header.lower() in RESTRICTED_HEADERS]
    if restricted:
        raise InvalidData({**located("headers", f"{path}.headers"), "restricted_headers": restricted})
    body = given.get("body")
    if body is not None and not isinstance(body, dict):
        raise InvalidData({"expected_data_type": "jsonobject", **located("body", f"{path}.body")})
    sub = SubRequest(place, name, method, str(uri), _object(given, "params", path), headers, body)
    sub.refers_to = dict(references_in([sub.uri, sub.params, sub.headers, sub.body]))
    return sub


def _matching(value: Any, pattern: re.Pattern[str], name: str, path: str) -> str | None:
    """A text of a certain form; a number counts as its digits."""
    if value is None:
        return None
    text = str(value) if type(value) is int else value
    if not isinstance(text, str) or not pattern.fullmatch(text):
        raise InvalidData({**located(name, f"{path}.{name}"), "regex": pattern.pattern})
    return text


def _object(given: dict[str, Any], name: str, path: str) -> dict[str, Any]:
    value = given.get(name)
    if value is not None and not isinstance(value, dict):
        raise InvalidData({"expected_data_type": "jsonobject", **located(name, f"{path}.{name}")})
    return value or {}


def in_order(subs: list[SubRequest]) -> list[SubRequest]:
    """The sub-requests so that each comes after those it refers to; who refers to none that is there has an error.

    Raises:
        LoopingFound: when some wait for each other.
    """
    there = {sub.name for sub in subs}
    for sub in subs:
        unknown = [text for name, text in sub.refers_to.items() if name not in there]
        if unknown:
            sub.error = InvalidReference({"json_path": f"$.{KEY}[{sub.place}]", "reference": unknown[0]})
    ordered: list[SubRequest] = []
    left = list(subs)
    while left:
        done = {sub.name for sub in ordered}
        following = next((sub for sub in left if sub.error or done.issuperset(sub.refers_to)), None)
        if following is None:
            raise LoopingFound({sub.name: [name for name in sub.refers_to if name not in done] for sub in left})
        ordered.append(following)
        left.remove(following)
    return ordered
