"""The doors of the outbox, under the control routes: `/_sim/worlds/<w>/outbox`."""

from flask import Blueprint, Response, current_app, request
from marshmallow import Schema, fields

from simulator import outbox_acts, settings, wire
from simulator.bodies import load
from simulator.outbox import HOLDING, Sender
from simulator.worlds import WorldError, Worlds

bp = Blueprint("outbox", __name__, url_prefix="/<world>/outbox")

MOST = 1_000


class HoldSchema(Schema):
    hold = fields.Boolean(required=True)


def _worlds() -> Worlds:
    found: Worlds = current_app.extensions["worlds"]
    return found


def _wake(world: str) -> None:
    sender: Sender = current_app.extensions["sender"]
    sender.wake(world)


@bp.get("")
def show_outbox(world: str) -> Response:
    """The newest calls this service owes or has owed to others (`limit`), and whether new ones are held."""
    limit = request.args.get("limit", "100")
    if not limit.isdecimal():
        raise WorldError("limit is a whole number.")
    with _worlds().transaction(world, reads_only=True):
        calls = outbox_acts.listed(min(int(limit), MOST))
        return wire.reply({"calls": calls, "hold": settings.read(HOLDING, False)})


@bp.put("")
def hold_outbox(world: str) -> Response:
    """`{"hold": true}`: what is owed waits until it is let go, and is no reason to be busy."""
    hold = load(HoldSchema)["hold"]
    with _worlds().transaction(world):
        outbox_acts.hold_all(hold)
    _wake(world)
    return wire.reply({"hold": hold})


@bp.post("/<int:number>/<what>")
def act_on_call(world: str, number: int, what: str) -> Response:
    """`resend`, `duplicate`, `hold`, or `earlier`: changes places with the call before it in its queue."""
    if what not in outbox_acts.ACTS:
        raise WorldError(f"A call is asked for one of {', '.join(outbox_acts.ACTS)}.")
    with _worlds().transaction(world):
        outbox_acts.act(number, what)
    _wake(world)
    return Response(status=204)
