"""The chassis of a service: a Flask application whose requests are transactions in a world, journaled and breakable."""

import random
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from functools import lru_cache
from typing import Any

import structlog
from flask import Flask, Request, Response, current_app, g, request
from flask.sessions import NullSession, SessionInterface
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.http import http_date
from werkzeug.routing import MapAdapter

from simulator import clock, context, control, journal, turns, wire
from simulator.accounts.caller import token_in
from simulator.accounts.tokens import world_of_token
from simulator.bare import BareService, furnished
from simulator.config import Config
from simulator.context import reads_only as reads_only
from simulator.database import common_metadata, end_readings
from simulator.entry import Entry
from simulator.faults import FaultMiddleware, Faults, VendorError
from simulator.incoming import Incoming
from simulator.journal import ReadJournal
from simulator.outbox import Sender
from simulator.storage import open_storage
from simulator.turns import TurnMiddleware
from simulator.worlds import Seed, UnknownWorld, Worlds

log = structlog.get_logger()

STALE_ATTEMPTS = 20
#: Seconds: the most that is waited after the first attempt; a little more after each.
STALE_WAIT = 0.02
#: Parameters of the accounts server that carry a world, in the order in which they are asked.
WORLD_PARAMETERS = ("client_id", "refresh_token", "code", "token", "authtoken")
#: The CRM's exchange of a ZSC key carries its secret in a JSON body, never in the address.
ZSC_EXCHANGE = "/oauth/v2/zsc"
LARGEST_EXCHANGE = 4_096


class NoCookies(SessionInterface):
    """APIs keep nothing in cookies: none is read, and none is looked for."""

    def open_session(self, app: Flask, request: Request) -> NullSession:
        return self.make_null_session(app)


class Service(BareService):
    """A Flask application whose requests run inside their world, in one transaction each."""

    session_interface = NoCookies()

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """As Flask's own, which looks at the host of each request twice: no service trusts one more than another."""
        if request is None:
            return super().create_url_adapter(None)
        environ = request.environ
        return MapAdapter(
            self.url_map,
            environ.get("HTTP_HOST") or environ["SERVER_NAME"],
            script_name=environ.get("SCRIPT_NAME") or "/",
            subdomain="",
            url_scheme=environ["wsgi.url_scheme"],
            path_info=environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace"),
            default_method=environ["REQUEST_METHOD"],
            query_args=environ.get("QUERY_STRING", ""),
        )

    def full_dispatch_request(self) -> Response:
        """Enters the world of the request; a write that met a newer version is tried again."""
        g.started = time.perf_counter()
        try:
            request.get_data(cache=True)  # before any form is parsed from it, for the journal and for odd bodies
        except HTTPException as error:
            return self.finalize_request(self.handle_user_exception(error))
        world_id = self.world_of(request)
        worlds: Worlds | None = self.extensions.get("worlds")
        try:
            world = worlds.get(world_id) if worlds is not None and world_id else None
        except UnknownWorld:
            world = None
        g.world = world
        with context.entered(world, reads_only=self._reads_only()), clock.held():
            for attempt in range(1, STALE_ATTEMPTS + 1):
                g.after_commit = []
                try:
                    return super().full_dispatch_request()
                except StaleDataError:
                    self.extensions["sqlalchemy"].session.rollback()
                    if attempt == STALE_ATTEMPTS:
                        raise
                    with turns.aside():
                        time.sleep(random.uniform(0, STALE_WAIT * attempt))
        raise AssertionError("unreachable")

    def handle_exception(self, error: Exception) -> Response:
        """A failure nobody foresaw is answered, undone and journaled in the world it happened in."""
        with (
            context.entered(g.get("world"), reads_only=self._reads_only()),
            context.traced(request.headers.get("traceparent")),
        ):
            return super().handle_exception(error)

    def world_of(self, incoming: Request) -> str | None:
        """The world a request belongs to, by its token, its OAuth parameters or a world in our own paths."""
        if incoming.path.startswith("/_sim/"):
            return None  # control routes enter the world they name themselves
        parts = incoming.path.split("/")
        if len(parts) > 2 and parts[1] in self.extensions["world_paths"]:
            return parts[2]
        if token := token_in(incoming.headers.get("Authorization", "")):
            return world_of_token(token)
        values: Iterable[str | None]
        if incoming.path.rstrip("/") == ZSC_EXCHANGE:
            values = (_zsc_key_in_body(incoming),)
        elif incoming.path.startswith("/oauth/"):
            values = (incoming.values.get(name) for name in WORLD_PARAMETERS)
        else:
            values = (incoming.args.get("authtoken"), *self._form_tokens(incoming))
        return next((world for value in values if value and (world := world_of_token(value))), None)

    def _form_tokens(self, incoming: Request) -> tuple[str | None, ...]:
        is_form = incoming.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data")
        return (incoming.form.get("authtoken"),) if is_form else ()

    def _reads_only(self) -> bool:
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return True
        view = self.view_functions.get(request.endpoint or "")
        return getattr(view, "reads_only", False)


def _zsc_key_in_body(incoming: Request) -> str | None:
    body = incoming.get_data(cache=True)
    try:
        given = wire.loads(body) if len(body) <= LARGEST_EXCHANGE else None
    except ValueError:
        return None
    key = given.get("zsc_key") if isinstance(given, dict) else None
    return key.strip() if isinstance(key, str) else None


def after_commit(act: Callable[[], None]) -> None:
    """Runs `act` once the transaction of this request is durable; not at all if it is rolled back."""
    g.after_commit.append(act)


def create_service(
    import_name: str,
    config: Config,
    *,
    db: SQLAlchemy,
    seed: Seed | None = None,
    id_base: int = 1_000_000_000_000_000_000,
    world_paths: tuple[str, ...] = (),
) -> Service:
    """An application with everything the four services have in common; the product adds routes and error handlers.

    Args:
        db: the product's database.
        seed: loads a scenario's folder into a fresh world (the world is in context, the caller commits).
        id_base: where the ids of a fresh world begin.
        world_paths: first path parts after which our own addresses carry the world, e.g. `hooks`.
    """
    app = furnished(Service(import_name, static_folder=None), config)
    vendor_errors: list[VendorError] = []
    faults = Faults(vendor_errors)
    app.extensions.update(vendor_errors=vendor_errors, world_made=[], busy_reasons=[], due_events=[], clock_moved=[])
    app.extensions.update(can_be_held=False, world_paths=frozenset(world_paths), faults=faults)
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"  # never opened: the session finds its engine by the world
    app.teardown_appcontext(end_readings)  # the last to be added are the first to run
    db.init_app(app)
    _add_worlds(app, config, db, seed, id_base)
    app.register_blueprint(control.bp)
    app.after_request(_conclude)

    def world_of(environ: dict[str, Any]) -> str | None:
        with closing(Incoming(environ)) as incoming:
            return app.world_of(incoming)

    in_turn = TurnMiddleware(app.wsgi_app)  # a fault that sleeps does so outside its turn
    app.wsgi_app = FaultMiddleware(in_turn, faults, world_of)  # type: ignore[method-assign]
    return app


def _add_worlds(app: Service, config: Config, db: SQLAlchemy, seed: Seed | None, id_base: int) -> None:
    metadatas = (common_metadata, db.metadata)
    storage = open_storage(config, metadatas)
    worlds = Worlds(app, storage, metadatas, seed, id_base)
    sender = Sender(worlds, app.extensions["outbound"])
    app.extensions.update(worlds=worlds, sender=sender, read_journal=ReadJournal(storage.reads(), config.journal_limit))
    if config.background:
        sender.start()


def _conclude(response: Response) -> Response:
    """Ends the request's transaction: committed with its journal entry when the answer is a success, else undone."""
    world = g.get("world")
    if world is None or not context.has_world() or request.path.startswith("/_sim/"):
        return response
    if response.status_code < 400:
        # The world's: who reads what was changed since goes by the server's time.
        response.headers["Date"] = _http_date(int(clock.now().timestamp()))
    limit = current_app.extensions["config"].journal_limit
    if context.is_reading() or response.status_code >= 400:  # undone by the end of the request, which ends the session
        if limit:
            current_app.extensions["read_journal"].add(world.id, _entry(response, raw=True))
        return response
    if limit:
        journal.record_write(_entry(response, raw=False), limit)
    current_app.extensions["sqlalchemy"].session.commit()
    for act in g.after_commit:
        _do_after_commit(act)
    return response


@lru_cache
def _http_date(second: int) -> str:
    return http_date(second)


def _do_after_commit(act: Callable[[], None]) -> None:
    """The write is durable: whatever fails now must not be answered as a failed write, but it must be seen."""
    try:
        act()
    except Exception:
        log.exception("an act after the commit failed", path=request.path)


def _caller() -> str:
    """Which program called: one of ours by its own name, another one by its client or by what it calls itself."""
    agent = request.headers.get("User-Agent", "")[:80]
    return agent if agent.startswith("simulator-") else g.get("caller_name") or agent


def _entry(response: Response, *, raw: bool) -> Entry:
    """The journal's entry of this request; `raw` leaves cutting and masking to the journal's own thread."""
    is_file = response.direct_passthrough or (response.is_streamed and response.status_code < 400)
    incoming: Request = request._get_current_object()  # type: ignore[attr-defined]
    asked, answered = incoming.get_data(cache=True), b"(a file)" if is_file else response.get_data()
    if raw:  # one byte more than is kept, so that the cut is seen
        shown: tuple[str | bytes, str | bytes] = (
            asked[: journal.BODY_LIMIT + 1],
            answered[: journal.answer_limit(response.status_code) + 1],
        )
    else:
        shown = (journal.body_text(asked), journal.body_text(answered))
    return Entry(
        at=clock.real_now().isoformat(),
        trace=context.trace_parent(),
        caller=_caller(),
        method=incoming.method,
        path=incoming.path,
        query=journal.masked(incoming.query_string.decode("utf-8", "replace")),
        status=response.status_code,
        milliseconds=round((time.perf_counter() - g.started) * 1000, 2),
        request=shown[0],
        response=shown[1],
    )
