"""The mock of Zoho CRM: records of any module, driven by metadata, behind the vendor's API v2 to v8."""

from flask import Blueprint, Flask, Response
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed, RequestEntityTooLarge

from mock_crm import access, errors, state
from mock_crm.database import db
from mock_crm.metadata import field_creating, pipeline_routes, views
from mock_crm.metadata import routes as metadata
from mock_crm.notifications import routes as notifications
from mock_crm.organization import company, exchange, profiles, users, zsc_routes
from mock_crm.organization.directory import CrmDirectory
from mock_crm.records import routes as records
from mock_crm.records import search_routes
from mock_crm.scenario import load_scenario
from simulator import accounts, wire
from simulator.app import create_service
from simulator.config import Config

#: Records and everything else made in a world are numbered from here; standard modules have ids below.
ID_BASE = 5_725_767_000_000_100_000

BLUEPRINTS = (
    users.bp,
    company.bp,
    profiles.bp,
    zsc_routes.bp,
    metadata.bp,
    field_creating.bp,
    pipeline_routes.bp,
    views.bp,
    notifications.bp,
    search_routes.bp,
    records.bp,
)


def create_app(config: Config | None = None) -> Flask:
    """The CRM as a WSGI application."""
    config = config or Config.from_environment("crm")
    app = create_service(__name__, config, db=db, seed=load_scenario, id_base=ID_BASE)
    app.url_map.merge_slashes = False  # never redirect: the official SDK follows none (crm-api.md §10)
    accounts.mount(app, CrmDirectory())
    app.before_request(state.forget)
    app.register_blueprint(exchange.bp)
    app.register_blueprint(_versioned())
    app.register_error_handler(errors.CrmError, _refuse)
    app.register_error_handler(HTTPException, _refuse_http)
    return app


def _versioned() -> Blueprint:
    """All routes of the vendor's API, for every version, behind one guard."""
    versioned = Blueprint("crm", __name__, url_prefix="/crm/<version>")
    versioned.url_value_preprocessor(access.read_version)
    versioned.before_request(access.guard)
    for blueprint in BLUEPRINTS:
        versioned.register_blueprint(blueprint)
    return versioned


def _refuse(error: errors.CrmError) -> Response:
    return wire.reply(error.body(), error.status)


def _refuse_http(error: HTTPException) -> Response:
    """What the framework refuses, in the vendor's words: a wrong method is 400, an unknown address 404 (§8)."""
    if isinstance(error, MethodNotAllowed):
        return _refuse(errors.InvalidMethod())
    if isinstance(error, RequestEntityTooLarge):
        return _refuse(errors.BodyTooLarge())
    if isinstance(error, InternalServerError):
        return _refuse(errors.InternalError())
    if error.code == 404:
        return _refuse(errors.InvalidUrl())
    return _refuse(errors.UnparsableInput())
