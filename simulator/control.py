"""Control routes under /_sim, the same in every service: health, worlds, clock, faults, journal."""

from dataclasses import asdict
from hmac import compare_digest
from typing import Any

from flask import Blueprint, Response, current_app, request
from marshmallow import Schema, ValidationError, fields, validate

from simulator import clock, comparing, journal, outbox, outbox_routes, settings, switches, wire
from simulator.accounts import issue_access_token
from simulator.accounts.routes import password_fits
from simulator.accounts.scopes import ALL_SCOPES
from simulator.bodies import load
from simulator.faults import routes as fault_routes
from simulator.worlds import WorldError, Worlds

bp = Blueprint("control", __name__, url_prefix="/_sim/worlds")
bp.register_blueprint(fault_routes.bp)
bp.register_blueprint(outbox_routes.bp)

JOURNAL_LIMIT = 10_000
#: Of what people call a world; its id is what programs call it.
LONGEST_NAME = 60


class NotAdmitted(Exception):
    """A shared simulator is controlled only with its admin token."""


class CredentialsSchema(Schema):
    client_id = fields.String(required=True, validate=validate.Length(10, 80))
    client_secret = fields.String(required=True, validate=validate.Length(10, 80))
    refresh_token = fields.String(required=True, validate=validate.Length(10, 120))


class WorldSchema(Schema):
    id = fields.String(required=True)
    scenario = fields.String(load_default="demo")
    name = fields.String(load_default="", validate=validate.Length(max=LONGEST_NAME))
    credentials = fields.Nested(CredentialsSchema, load_default=None, allow_none=True)


class NameSchema(Schema):
    name = fields.String(required=True, validate=validate.Length(max=LONGEST_NAME))


class PrepareSchema(Schema):
    kind = fields.String(required=True, validate=validate.OneOf(("reset", "restore", "snapshot")))
    name = fields.String(load_default=None, allow_none=True)


class ProgressSchema(Schema):
    """The lesson under way, since when and after which run, and the steps done by lesson."""

    lesson = fields.String(load_default="", validate=validate.Length(max=60))
    since = fields.String(load_default="", validate=validate.Length(max=40))
    run = fields.Integer(load_default=0)
    steps = fields.Dict(
        keys=fields.String(validate=validate.Length(max=60)), values=fields.Integer(), load_default=dict
    )


class TicketSchema(Schema):
    ticket = fields.String(required=True)


class SignInSchema(Schema):
    email = fields.String(required=True)
    password = fields.String(load_default=None, allow_none=True)


def worlds() -> Worlds:
    found: Worlds = current_app.extensions["worlds"]
    return found


@bp.before_request
def admit() -> None:
    config = current_app.extensions["config"]
    if config.shared and request.path != "/_sim/health":
        given = request.headers.get("X-Admin-Token", "")
        if not config.admin_token or not compare_digest(given.encode(), config.admin_token.encode()):
            raise NotAdmitted


@bp.errorhandler(NotAdmitted)
def not_admitted(_: NotAdmitted) -> Response:
    return wire.reply({"message": "This simulator is shared: say its admin token in X-Admin-Token."}, 401)


@bp.errorhandler(WorldError)
def world_error(error: WorldError) -> Response:
    return wire.reply({"message": str(error)}, error.status)


@bp.errorhandler(clock.ClockError)
def clock_error(error: clock.ClockError) -> Response:
    return wire.reply({"message": str(error)}, 400)


@bp.errorhandler(ValidationError)
def bad_body(error: ValidationError) -> Response:
    return wire.reply({"message": "The body does not fit.", "errors": error.messages}, 400)


@bp.get("")
def list_worlds() -> Response:
    rows = []
    for world_id in worlds().ids():
        with worlds().transaction(world_id, reads_only=True):
            rows.append(
                {
                    "id": world_id,
                    "name": settings.read("name", ""),
                    "scenario": settings.read("scenario"),
                    "created_at": settings.read("created_at"),
                    "epoch": settings.read("epoch"),
                }
            )
    return wire.reply({"worlds": rows})


@bp.post("")
def create_world() -> Response:
    body = load(WorldSchema)
    worlds().create(body["id"], body["scenario"], body["credentials"], body["name"].strip())
    return wire.reply({"id": body["id"], "scenario": body["scenario"], "name": body["name"].strip()}, 201)


@bp.patch("/<world>")
def name_world(world: str) -> Response:
    """What people call the world; a reset or restore leaves it."""
    name = load(NameSchema)["name"].strip()
    with worlds().transaction(world):
        settings.write("name", name)
    return wire.reply({"id": world, "name": name})


@bp.delete("/<world>")
def delete_world(world: str) -> Response:
    worlds().delete(world)
    current_app.extensions["faults"].clear(world)
    current_app.extensions["read_journal"].forget(world)
    return Response(status=204)


@bp.post("/<world>/prepare")
def prepare(world: str) -> Response:
    body = load(PrepareSchema)
    return wire.reply({"ticket": worlds().prepare(world, body["kind"], body["name"])})


@bp.post("/<world>/swap")
def swap(world: str) -> Response:
    worlds().swap(_ticket_of(world))
    return Response(status=204)


@bp.post("/<world>/discard")
def discard(world: str) -> Response:
    worlds().discard(_ticket_of(world))
    return Response(status=204)


def _ticket_of(world: str) -> str:
    ticket: str = load(TicketSchema)["ticket"]
    if not ticket.startswith(f"{world}-"):
        raise WorldError("The ticket is another world's.", 404)
    return ticket


@bp.get("/<world>/snapshots")
def list_snapshots(world: str) -> Response:
    return wire.reply({"snapshots": [{"name": name} for name in worlds().snapshots(world)]})


@bp.get("/<world>/snapshots/<name>/differences")
def compare_snapshots(world: str, name: str) -> Response:
    """What differs in this service between a snapshot and another one (`with`), or the world as it is."""
    before, after = worlds().rows(world, name), worlds().rows(world, request.args.get("with"))
    return wire.reply({"differences": comparing.differences(before, after)})


@bp.post("/<world>/rest")
def rest(world: str) -> Response:
    """Whether nothing is under way in this service; the caller asks again until it is so or his time is up."""
    with worlds().transaction(world, reads_only=True):
        reasons = [f"{outbox.waiting()} notifications wait"] if outbox.waiting() else []
        reasons += [reason for ask in current_app.extensions["busy_reasons"] if (reason := ask())]
    return wire.reply({"at_rest": not reasons, "message": "; ".join(reasons)}, 409 if reasons else 200)


@bp.get("/<world>/clock")
def show_clock(world: str) -> Response:
    with worlds().transaction(world, reads_only=True):
        return wire.reply(clock.show())


@bp.put("/<world>/clock")
def move_clock(world: str) -> Response:
    try:
        change = wire.loads(request.get_data())
    except ValueError:
        change = None
    if not isinstance(change, dict):
        raise clock.ClockError(f"The body is a JSON object. {clock.KNOWN}")
    with worlds().transaction(world):
        clock.move(change)
    for act in current_app.extensions["clock_moved"]:
        act(world)
    with worlds().transaction(world, reads_only=True):
        return wire.reply(clock.show())


@bp.get("/<world>/due")
def show_due(world: str) -> Response:
    """What falls due in this service up to a moment (`until`), and what has fallen due and is not done yet."""
    with worlds().transaction(world, reads_only=True):
        until, skew = clock.until(request.args.get("until")), clock.skew()
        events = [event for ask in current_app.extensions["due_events"] for event in ask(until)]
    return wire.reply({"due": [event.shown(skew) for event in sorted(events, key=lambda event: event.at)]})


@bp.errorhandler(switches.SwitchError)
def switch_error(error: switches.SwitchError) -> Response:
    return wire.reply({"message": str(error)}, 400)


@bp.get("/<world>/settings")
def show_settings(world: str) -> Response:
    with worlds().transaction(world, reads_only=True):
        return wire.reply({"settings": switches.shown()})


@bp.put("/<world>/settings")
def change_settings(world: str) -> Response:
    """Changes the settings named in the body, e.g. the vendor's limits on or off; a reset puts them back."""
    try:
        change = wire.loads(request.get_data())
    except ValueError:
        change = None
    with worlds().transaction(world):
        switches.move(change)
    return show_settings(world)


@bp.get("/<world>/progress")
def show_progress(world: str) -> Response:
    """How far the world's trainee has come in the lessons; resets and restores leave it as it is."""
    with worlds().transaction(world, reads_only=True):
        return wire.reply({"progress": settings.read("progress", {})})


@bp.put("/<world>/progress")
def note_progress(world: str) -> Response:
    progress = load(ProgressSchema)
    with worlds().transaction(world):
        settings.write("progress", progress)
    return wire.reply({"progress": progress})


@bp.get("/<world>/journal")
def show_journal(world: str) -> Response:
    """The newest calls first: `writes=1` for those that wrote; `method path status trace text` narrow them down."""
    try:
        limit = min(int(request.args.get("limit", 100)), JOURNAL_LIMIT)
    except ValueError:
        raise WorldError("limit is a whole number.") from None
    with worlds().transaction(world, reads_only=True):
        entries = journal.written_entries(JOURNAL_LIMIT)
    reads = current_app.extensions["read_journal"]
    if request.args.get("writes") != "1":
        entries = sorted([*entries, *reads.entries(world, JOURNAL_LIMIT)], key=lambda entry: entry.at, reverse=True)
    found = journal.search(entries, request.args.to_dict())[:limit]
    return wire.reply({"entries": [entry._asdict() for entry in found], "dropped": reads.dropped})


@bp.get("/<world>/people")
def list_people(world: str) -> Response:
    with worlds().transaction(world, reads_only=True):
        return wire.reply({"people": _directory().described()})


@bp.post("/<world>/sign-in")
def sign_in(world: str) -> Response:
    """A token for a person of the world: on loopback by picking him, else with the password."""
    body = load(SignInSchema)
    with worlds().transaction(world):
        user = _directory().find_user(body["email"])
        if user is None or not user.is_active or not password_fits(body["password"]):
            return wire.reply({"message": "This person cannot sign in here."}, 403)
        token = issue_access_token(user.id, ALL_SCOPES, "web")
    return wire.reply({"access_token": token, "expires_in": 3600, "user": asdict(user)})


@bp.get("/<world>/credentials")
def show_credentials(world: str) -> Response:
    with worlds().transaction(world, reads_only=True):
        company = {"organization_id": _directory().organization_id(), "time_zone": _directory().time_zone()}
        return wire.reply({**settings.read("credentials", {}), **company})


def _directory() -> Any:
    found = current_app.extensions.get("directory")
    if found is None:
        raise WorldError("This service has no people of its own.", 404)
    return found
