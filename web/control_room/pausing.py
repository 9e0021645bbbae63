"""Pause points: where a sync of this world stops until somebody lets it go on."""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from simulator.hub import HubError
from web import session
from web.control_room.blueprint import acted, bp, hub
from web.errors import NotConnected
from web.i18n import _

SERVICE = "connector"
#: Value of the switch -> (label, what happens).
POINTS = {
    "off": (_("Nowhere"), _("A sync runs from its start to its end.")),
    "after_read": (
        _("After read"),
        _("Both sides are read and the plan stands; nothing is written. What you change now meets the plan."),
    ),
    "before_send": (
        _("Before send"),
        _("The first records are marked as sent, but no call has gone out: as if the connector had died there."),
    ),
}


@bp.get("/pause")
def pause() -> ResponseReturnValue:
    if SERVICE not in hub().keepers:
        raise HubError(_("The integration of the simulator does not run here, so there is nothing to pause."), 404)
    return render_template(
        "control_room/pause.html",
        chosen=hub().settings(session.world(), SERVICE)["pause_sync"],
        points=POINTS,
        run=_waiting(),
    )


@bp.post("/pause")
def pause_save() -> ResponseReturnValue:
    point = request.form.get("point", "")
    done = _("Saved. It counts for what a sync does from now on.")
    return acted(lambda: hub().change_settings(session.world(), SERVICE, pause_sync=point), done, "pause")


def _waiting() -> dict[str, Any] | None:
    """The sync that waits at a pause point, for whoever may see the integration."""
    if not session.person().may_enter(SERVICE):
        return None
    try:
        runs = session.connector().get("/connection/runs", per_page=10)["runs"]
    except NotConnected:
        return None
    return next((run for run in runs if run["paused_at"]), None)
