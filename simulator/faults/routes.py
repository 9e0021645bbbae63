"""The doors of faults, under the control routes: `/_sim/worlds/<w>/faults`."""

from flask import Blueprint, Response, current_app

from simulator import wire
from simulator.bodies import load
from simulator.faults.rules import Fault, Faults, FaultSchema, SwitchSchema
from simulator.worlds import WorldError

bp = Blueprint("faults", __name__, url_prefix="/<world>/faults")


def faults_of(world: str) -> Faults:
    """The rules of this service, once the world is known to be there."""
    current_app.extensions["worlds"].get(world)
    found: Faults = current_app.extensions["faults"]
    return found


def _find(world: str, fault_id: str) -> Fault:
    if found := faults_of(world).find(world, fault_id):
        return found
    raise WorldError(f"There is no fault {fault_id!r} in this world.", 404)


@bp.get("")
def list_faults(world: str) -> Response:
    return wire.reply({"faults": [fault.shown() for fault in faults_of(world).all(world)]})


@bp.post("")
def add_fault(world: str) -> Response:
    return wire.reply(faults_of(world).add(world, load(FaultSchema)).shown(), 201)


@bp.delete("")
def clear_faults(world: str) -> Response:
    faults_of(world).clear(world)
    return Response(status=204)


@bp.get("/<fault_id>")
def show_fault(world: str, fault_id: str) -> Response:
    return wire.reply(_find(world, fault_id).shown())


@bp.patch("/<fault_id>")
def switch_fault(world: str, fault_id: str) -> Response:
    """Off and on again: a rule that is off neither hits nor counts."""
    fault = _find(world, fault_id)
    fault.enabled = load(SwitchSchema)["enabled"]
    return wire.reply(fault.shown())


@bp.delete("/<fault_id>")
def remove_fault(world: str, fault_id: str) -> Response:
    faults_of(world).remove(world, _find(world, fault_id).id)
    return Response(status=204)
