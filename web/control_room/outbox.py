"""Notices the CRM owes to whoever watches it, and the mails of the company. Nothing leaves the simulator."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from web import session
from web.control_room.blueprint import acted, bp, hub
from web.i18n import _
from web.invoice.api import get as invoice_get

#: Act -> (label, what was done). `earlier` and `hold` only before the call has gone out.
ACTS = {
    "resend": (_("Send now"), _("It goes out now.")),
    "duplicate": (_("Duplicate"), _("A copy of it goes out.")),
    "hold": (_("Hold"), _("It is held.")),
    "earlier": (_("Earlier"), _("It has changed places with the one before it.")),
}
OWED = ("pending", "held")
#: How many mails of each sender are listed.
MAILS = 50


@bp.get("/outbox")
def outbox() -> ResponseReturnValue:
    found = hub().outbox(session.world())
    return render_template(
        "control_room/outbox.html",
        calls=[
            {**call, "acts": _acts(call, found["calls"][place + 1 :]), "path": _path(call["url"])}
            for place, call in enumerate(found["calls"])
        ],
        is_holding=found["hold"],
        acts=ACTS,
    )


@bp.post("/outbox/hold")
def outbox_hold() -> ResponseReturnValue:
    is_on = request.form.get("hold") == "on"
    done = _("Notices wait until you let them go.") if is_on else _("All notices may go.")
    return acted(lambda: hub().hold_outbox(session.world(), is_on), done, "outbox")


@bp.post("/outbox/<int:number>/<any(resend, duplicate, hold, earlier):act>")
def outbox_act(number: int, act: str) -> ResponseReturnValue:
    return acted(lambda: hub().act_on_call(session.world(), number, act), ACTS[act][1], "outbox")


@bp.get("/mails")
def mails() -> ResponseReturnValue:
    """The mails of Invoice and of the integration together, for whoever may read them there."""
    found: list[dict[str, Any]] = []
    if session.person().may_enter("invoice"):
        found = [*_of_integration(), *_of_invoice()]
    return render_template(
        "control_room/mails.html", mails=sorted(found, key=lambda mail: str(mail["sent_at"]), reverse=True)
    )


def _acts(call: dict[str, Any], older: list[dict[str, Any]]) -> list[str]:
    """What can be done to a call: one that is held already, or is the first of its queue, has less."""
    if call["state"] not in OWED:
        return ["resend", "duplicate"]
    is_first = not any(one["queue"] == call["queue"] and one["state"] in OWED for one in older)
    unfit = {"hold": call["state"] == "held", "earlier": is_first}
    return [act for act in ACTS if not unfit.get(act)]


def _path(url: str) -> str:
    """Where a notice goes, without the address of the machine."""
    return "/" + url.split("://", 1)[-1].partition("/")[2]


def _of_integration() -> list[dict[str, Any]]:
    if "connector" not in hub().keepers:
        return []
    return [
        {**mail, "by": _("Integration"), "href": url_for("integration.mails_record", mail_id=mail["id"])}
        for mail in session.connector().get("/connection/mails", per_page=MAILS)["mails"]
    ]


def _of_invoice() -> list[dict[str, Any]]:
    return [
        {
            "subject": mail["subject"],
            "to": ", ".join(mail["to_mail_ids"]),
            "sent_at": mail["sent_time"],
            "by": _("Zoho Invoice"),
            "href": url_for("invoice.outbox_mail", mail_id=mail["mail_id"]),
        }
        for mail in invoice_get("/settings/sentmails", page=1, per_page=MAILS)["sent_mails"]
    ]
