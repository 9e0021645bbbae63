"""The version in the path: v2, v2.1, v3 … v8, compared as numbers (crm-api.md §0, §9)."""

from flask import g, has_request_context

from simulator import switches

Version = tuple[int, int]

V2: Version = (2, 0)
V2_1: Version = (2, 1)
V3: Version = (3, 0)
V4: Version = (4, 0)
V5: Version = (5, 0)
V6: Version = (6, 0)
V7: Version = (7, 0)
V8: Version = (8, 0)

SERVED: dict[str, Version] = {
    "v2": V2,
    "v2.1": V2_1,
    "v3": V3,
    "v4": V4,
    "v5": V5,
    "v6": V6,
    "v7": V7,
    "v8": V8,
}

#: Version 2 is remembered to answer failures of writes with 202, alone or among others (crm-api.md §3.1, §9 [M]).
ACCEPTED_FAILURES = switches.on_off("v2_failures_as_202")


def current() -> Version:
    """The version of this request; outside requests (a scenario being loaded) the newest."""
    if has_request_context():
        version: Version = g.get("version", V8)
        return version
    return V8
