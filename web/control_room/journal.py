"""The journal: every call between all parts, as a list, and as a sequence by trace (X6)."""

import shlex
from datetime import datetime, timedelta
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from web import session
from web.control_room.blueprint import bp, hub
from web.control_room.cost import last_sync
from web.exports import file_of
from web.i18n import _

PER_PAGE = 50
#: The most a file of the journal holds, of each service.
IN_A_FILE = 2_000
#: No more calls of a trace than these are drawn and shown with their bodies.
DRAWN = 60
FILTERS = ("method", "status", "path", "text", "trace")
COLUMNS = ("at", "service", "caller", "method", "path", "query", "status", "milliseconds", "trace")
#: Part -> its name; in the order in which a sequence shows them.
PARTS = {
    "client": _("A client"),
    "web": _("Screens"),
    "connector": _("Integration"),
    "crm": _("Zoho CRM"),
    "invoice": _("Zoho Invoice"),
}


@bp.get("/journal")
def journal() -> ResponseReturnValue:
    page = max(request.args.get("page", 1, type=int), 1)
    found = _search(page * PER_PAGE + 1)
    shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
    return render_template(
        "control_room/journal.html",
        entries=[{**entry, "trace_id": trace_id(entry), "from": part_of(entry)} for entry in shown],
        page=page,
        has_more=len(found) > page * PER_PAGE,
        services={name: PARTS[name] for name in hub().keepers},
        parts=PARTS,
        sync=last_sync(),
        wanted={name: request.args.get(name, "") for name in ("service", *FILTERS)},
    )


@bp.get("/journal.<any(csv, json):ext>")
def journal_file(ext: str) -> ResponseReturnValue:
    return file_of("journal", ext, COLUMNS, _search(IN_A_FILE))


@bp.get("/journal/traces/<key:trace>")
def journal_trace(trace: str) -> ResponseReturnValue:
    """All calls that one act has caused, in the order in which they began."""
    entries = sorted(hub().journal(session.world(), {"trace": trace, "limit": str(IN_A_FILE)}), key=_begin)
    calls = [{**entry, "from": part_of(entry), "curl": curl_of(entry)} for entry in entries[:DRAWN]]
    used = {part for call in calls for part in (call["from"], call["service"])}
    return render_template(
        "control_room/trace.html",
        trace=trace,
        calls=calls,
        count=len(entries),
        parts=PARTS,
        lanes=[part for part in PARTS if part in used],
    )


def _search(limit: int) -> list[dict[str, Any]]:
    """The newest calls that fit what the address asks for."""
    query = {name: request.args[name].strip() for name in FILTERS if request.args.get(name, "").strip()}
    service = request.args.get("service")
    found = hub().journal(session.world(), {**query, "limit": str(limit)})
    return [entry for entry in found if not service or entry["service"] == service][:limit]


def trace_id(entry: dict[str, Any]) -> str:
    return str(entry["trace"]).split("-")[1]


def part_of(entry: dict[str, Any]) -> str:
    """Which part of the simulator has called; whoever is none of them is a client."""
    name = str(entry["caller"]).removeprefix("simulator-")
    return name if name in PARTS else "client"


def _begin(entry: dict[str, Any]) -> tuple[str, float]:
    """An entry is written when its call ends: of nested calls the outer one began before the inner."""
    end = datetime.fromisoformat(entry["at"])
    return (end - timedelta(milliseconds=float(entry["milliseconds"]))).isoformat(), -float(entry["milliseconds"])


def curl_of(entry: dict[str, Any]) -> str:
    """The call as a command; what is masked in the journal is masked there too."""
    address = hub().urls[entry["service"]] + entry["path"] + (f"?{entry['query']}" if entry["query"] else "")
    parts = ["curl", "-s", "-X", entry["method"], shlex.quote(address), "-H", '"Authorization: Zoho-oauthtoken $TOKEN"']
    if entry["request"]:
        parts += ["-H", shlex.quote(f"Content-Type: {content_type(entry['request'])}")]
        parts += ["--data-raw", shlex.quote(entry["request"])]
    return " ".join(parts)


def content_type(body: str) -> str:
    """The journal keeps no headers; bodies of these APIs are JSON or forms."""
    return "application/json" if body.lstrip()[:1] in ("{", "[") else "application/x-www-form-urlencoded"
