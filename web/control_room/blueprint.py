"""The blueprint of the control room, and what its pages share: they steer by the hub and tell what it refuses."""

from collections.abc import Callable
from typing import Any, cast

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from simulator.hub import Hub, HubError
from web import session
from web.i18n import _

bp = Blueprint("control_room", __name__, url_prefix="/control-room", template_folder="templates")


def hub() -> Hub:
    return cast(Hub, current_app.extensions["hub"])


@bp.errorhandler(HubError)
def hub_failed(error: HubError) -> tuple[str, int]:
    """A page cannot be shown; what cannot be done is told by `acted`."""
    title = _("Not found") if error.status == 404 else _("The simulator could not do this")
    return render_template("errors/message.html", title=title, text=str(error)), error.status or 503


def acted(act: Callable[[], Any], done: str, endpoint: str, **where: Any) -> ResponseReturnValue:
    """Does something and tells on the page one goes to whether it was done."""
    try:
        act()
        flash(done, "good")
    except HubError as error:
        flash(str(error), "bad")
    return redirect(url_for(f"control_room.{endpoint}", **where), 303)


def replaced(world: str, act: Callable[[], Any]) -> Callable[[], Any]:
    """The act after which a world is another one: who lives there is asked anew."""

    def done() -> None:
        act()
        session.sessions().forget(world)

    return done


def steered(world: str) -> str:
    """A world the person may steer: in a shared simulator only the one he is signed in to.

    Raises:
        Forbidden: when it is another one's.
    """
    if session.sessions().config.shared and world != session.world():
        abort(403, _("In a shared simulator each steers the world he is signed in to."))
    return world
