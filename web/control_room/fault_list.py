"""Faults one picks from a list (reliability.md §4): where, for which calls, and what the caller meets."""

from typing import Any, NamedTuple

from web.i18n import _


class Ready(NamedTuple):
    """A fault that is ready to be switched on."""

    title: str
    text: str
    service: str
    rule: dict[str, Any]


READY: dict[str, Ready] = {
    "lost-answer": Ready(
        _("A lost answer"),
        _("Invoice makes the next contact, but its answer never arrives: a second try must not make another one."),
        "invoice",
        {"kind": "cut", "when": "after", "method": "POST", "route": "/contacts", "times": 1},
    ),
    "busy-crm": Ready(
        _("A CRM that is busy"),
        _("Every third read of the CRM is answered with 429 and a wait of 5 seconds."),
        "crm",
        {"kind": "rate_limit", "retry_after": 5, "method": "GET", "path": "^/crm/", "every": 3},
    ),
    "invoice-down": Ready(
        _("Invoice is down"),
        _("Each call of Invoice's API is answered with 503 before anything is done."),
        "invoice",
        {"kind": "status", "status": 503, "path": "/v3/"},
    ),
    "crm-down": Ready(
        _("The CRM is down"),
        _("Each call of the CRM's API is answered with 503 before anything is done."),
        "crm",
        {"kind": "status", "status": 503, "path": "^/crm/"},
    ),
    "slow-invoice": Ready(
        _("A slow Invoice"),
        _("Each call of Invoice's API takes a second longer."),
        "invoice",
        {"kind": "latency", "milliseconds": 1_000, "path": "/v3/"},
    ),
    "web-page": Ready(
        _("A web page in place of JSON"),
        _("Each tenth call of Invoice's API is answered with an error page, as by a gateway that stands before it."),
        "invoice",
        {"kind": "status", "status": 502, "html": True, "path": "/v3/", "every": 10},
    ),
    "half-json": Ready(
        _("Half an answer"),
        _("One of ten answers of the CRM ends in the middle of its JSON, the same ones again for the same seed."),
        "crm",
        {"kind": "malformed", "path": "^/crm/", "probability": 0.1, "seed": 1},
    ),
    "no-notices": Ready(
        _("Notices are lost"),
        _("The connector takes no change notice of the CRM: potentials won or lost are found by the next sync."),
        "connector",
        {"kind": "status", "status": 503, "method": "POST", "path": "^/notifications/"},
    ),
}
