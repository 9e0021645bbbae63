"""Replay: a call of the journal is sent once more, by whoever is signed in."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from simulator import context
from simulator.hub import HubError
from web import session
from web.control_room.blueprint import bp, hub
from web.control_room.journal import content_type
from web.errors import ServiceUnreachable
from web.i18n import _

#: How the journal marks what it has not kept whole.
MASKED, CUT, FILE = "***", "… (cut after ", 'name="'


@bp.post("/journal/traces/<key:trace>/replay")
def journal_replay(trace: str) -> ResponseReturnValue:
    """Sends it with one's own token; the answer stands in the journal, under a trace of its own."""
    entry = _find(trace, request.form.get("service", ""), request.form.get("at", ""))
    if problem := _cannot_be_sent(entry):
        flash(problem, "bad")
        return redirect(url_for("control_room.journal_trace", trace=trace), 303)
    body = entry["request"].encode() or None
    address = entry["path"] + (f"?{entry['query']}" if entry["query"] else "")
    door = {"crm": session.crm, "invoice": session.invoice, "connector": session.connector}[entry["service"]]
    try:
        answer = door().answer_to(entry["method"], address, body, content_type(entry["request"]))
    except ServiceUnreachable as error:
        flash(_("Sent again, without an answer: %(reason)s.", reason=error.reason), "bad")
        return redirect(url_for("control_room.journal_trace", trace=trace), 303)
    flash(_("Sent again; the answer is %(status)s.", status=answer.status), "good" if answer.status < 400 else "bad")
    return redirect(url_for("control_room.journal_trace", trace=context.trace_parent().split("-")[1]), 303)


def _find(trace: str, service: str, at: str) -> dict[str, Any]:
    found = hub().journal(session.world(), {"trace": trace, "limit": "2000"})
    for entry in found:
        if entry["service"] == service and entry["at"] == at:
            return entry
    raise HubError(_("This call is not in the journal any more."), 404)


def _cannot_be_sent(entry: dict[str, Any]) -> str:
    """Why a call cannot be sent as it was; nothing where it can."""
    if MASKED in entry["request"] or MASKED in entry["query"]:
        return _("This call carried a secret, which the journal does not keep; it cannot be sent again.")
    if CUT in entry["request"] or (FILE in entry["request"] and "Content-Disposition" in entry["request"]):
        return _("The journal has not kept this call's body as a whole; it cannot be sent again.")
    if entry["path"].startswith("/oauth/"):
        return _("Tokens are asked for by whoever uses them; this call is not sent again.")
    return ""
