"""The world's clock: forward by a length of time or to the next event, stopped, and what happened on the way (X4)."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from simulator.due import Due
from simulator.hub import HubError
from web import session
from web.control_room.blueprint import acted, bp, hub
from web.i18n import _, ngettext

UNITS = {
    "minutes": (_("minutes"), 60),
    "hours": (_("hours"), 3_600),
    "days": (_("days"), 86_400),
    "weeks": (_("weeks"), 604_800),
}
#: The steps one takes most: (label, number, unit).
STEPS = ((_("+1 hour"), 1, "hours"), (_("+1 day"), 1, "days"), (_("+1 week"), 1, "weeks"))
#: Events one goes to: (label, kind).
EVENTS = (
    (_("To the next auto sync"), "auto_sync"),
    (_("To the next due date"), "invoice_due"),
    (_("To the next recurring invoice"), "recurring_invoice"),
)
#: How far ahead the page looks, and how much of that it lists.
AHEAD_SECONDS = 30 * 86_400
LISTED = 12
#: More than this of a way is counted, not listed.
TOLD = 200


@bp.get("/clock")
def clock() -> ResponseReturnValue:
    coming = hub().coming(session.world(), AHEAD_SECONDS)
    way = _ways().get(session.world())
    return render_template(
        "control_room/clock.html",
        clock=hub().clock(session.world()),
        coming=coming[:LISTED],
        more=len(coming) - LISTED,
        next_of=_firsts(coming),
        way=way,
        steps=STEPS,
        events=EVENTS,
        units=UNITS,
        told=TOLD,
    )


@bp.post("/clock/advance")
def clock_advance() -> ResponseReturnValue:
    number = request.form.get("number", type=int)
    unit = UNITS.get(request.form.get("unit", ""))
    if number is None or number < 1 or unit is None:
        flash(_("Say a whole number of minutes, hours, days or weeks."), "bad")
        return redirect(url_for("control_room.clock"), 303)
    return _travel(lambda: hub().advance(session.world(), number * unit[1]))


@bp.post("/clock/next")
def clock_next() -> ResponseReturnValue:
    kind = request.form.get("kind", "")
    return _travel(lambda: hub().advance_to(session.world(), kind))


@bp.post("/clock/freeze")
def clock_freeze() -> ResponseReturnValue:
    return acted(lambda: hub().freeze(session.world()), _("The time stands still."), "clock")


@bp.post("/clock/run")
def clock_run() -> ResponseReturnValue:
    return acted(lambda: hub().unfreeze(session.world()), _("The time runs on from where it stood."), "clock")


def _travel(go: Any) -> ResponseReturnValue:
    try:
        happened = go()
    except HubError as error:
        flash(str(error), "bad")
    else:
        _ways()[session.world()] = happened
        count = sum(row["count"] for row in happened)
        flash(ngettext("%(num)s event on the way.", "%(num)s events on the way.", count), "good")
    return redirect(url_for("control_room.clock"), 303)


def _ways() -> dict[str, list[dict[str, Any]]]:
    """What happened on the last way of each world's clock: told once more on a reload, forgotten by a restart."""
    found: dict[str, list[dict[str, Any]]] = current_app.extensions.setdefault("clock_ways", {})
    return found


def _firsts(coming: list[Due]) -> dict[str, Due]:
    """The next event of each kind."""
    return {event.kind: event for event in reversed(coming)}
