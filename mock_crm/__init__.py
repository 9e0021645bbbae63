"""The mock of Zoho CRM: records of any module, driven by metadata, behind the vendor's API v2 to v8."""

from flask import Blueprint, Flask, Response
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed, RequestEntityTooLarge

from mock_crm import access, apis, errors, features, state, versions
from mock_crm.bulk import read_routes, upload, write_routes
from mock_crm.bulk.worker import Worker
from mock_crm.composite import routes as composite
from mock_crm.database import db
from mock_crm.fault_answers import VENDOR_ERRORS
from mock_crm.limits import counting
from mock_crm.limits.allowance import SWITCHES
from mock_crm.metadata import (
    custom_modules,
    field_changing,
    field_creating,
    layout_routes,
    module_routes,
    pipeline_routes,
    views,
)
from mock_crm.metadata import routes as metadata
from mock_crm.notifications import owed
from mock_crm.notifications import routes as notifications
from mock_crm.notifications.due import due_events
from mock_crm.openapi import VERSIONS, book_of
from mock_crm.organization import company, currencies, exchange, profiles, roles, user_search, users, zsc_routes
from mock_crm.organization.directory import CrmDirectory
from mock_crm.records import (
    attachments,
    cloning,
    contact_roles,
    converting,
    mass_routes,
    merge_routes,
    note_routes,
    photos,
    recycle_routes,
    related_routes,
    search_routes,
    tag_routes,
    uploads,
)
from mock_crm.records import routes as records
from mock_crm.records.coql import routes as coql
from mock_crm.scenario import load_scenario
from simulator import accounts, openapi, switches, wire
from simulator.app import create_service
from simulator.config import Config

#: Records and everything else made in a world are numbered from here; standard modules have ids below.
ID_BASE = 5_725_767_000_000_100_000

BLUEPRINTS = (
    users.bp,
    user_search.bp,
    company.bp,
    currencies.bp,
    profiles.bp,
    roles.bp,
    zsc_routes.bp,
    module_routes.bp,
    custom_modules.bp,
    metadata.bp,
    field_creating.bp,
    field_changing.bp,
    layout_routes.bp,
    pipeline_routes.bp,
    views.bp,
    notifications.bp,
    converting.bp,
    upload.bp,
    composite.bp,
    features.bp,
    apis.bp,
    search_routes.bp,
    coql.bp,
    recycle_routes.bp,
    tag_routes.bp,
    cloning.bp,
    merge_routes.bp,
    mass_routes.bp,
    contact_roles.bp,
    note_routes.bp,
    attachments.bp,
    photos.bp,
    related_routes.bp,
    records.bp,
)


def create_app(config: Config | None = None) -> Flask:
    """The CRM as a WSGI application."""
    config = config or Config.from_environment("crm")
    app = create_service(__name__, config, db=db, seed=load_scenario, id_base=ID_BASE)
    app.config["MAX_CONTENT_LENGTH"] = max(app.config["MAX_CONTENT_LENGTH"], uploads.LARGEST_UPLOAD)
    app.url_map.merge_slashes = False  # never redirect: the official SDK follows none (crm-api.md §10)
    accounts.mount(app, CrmDirectory())
    app.extensions["due_events"].append(due_events)
    app.extensions["vendor_errors"].extend(VENDOR_ERRORS)
    app.before_request(state.forget)
    _add_limits(app)
    switches.offer(app, versions.ACCEPTED_FAILURES)
    app.register_blueprint(exchange.bp)
    app.register_blueprint(_versioned("crm", "/crm/<version>", *BLUEPRINTS))
    app.register_blueprint(_versioned("bulk", "/crm/bulk/<version>", read_routes.bp, write_routes.bp))
    openapi.mount(app, book_of, VERSIONS)
    app.register_error_handler(errors.CrmError, _refuse)
    app.register_error_handler(HTTPException, _refuse_http)
    _add_bulk_worker(app, config)
    return app


def _versioned(name: str, prefix: str, *blueprints: Blueprint) -> Blueprint:
    """Routes of the vendor's API, for every version, behind one guard."""
    versioned = Blueprint(name, __name__, url_prefix=prefix)
    versioned.url_value_preprocessor(access.read_version)
    versioned.before_request(access.guard)
    versioned.after_request(owed.post)
    versioned.after_request(counting.tell)
    for blueprint in blueprints:
        versioned.register_blueprint(blueprint)
    return versioned


def _add_limits(app: Flask) -> None:
    app.extensions["api_usage"] = counting.Usage()
    app.teardown_appcontext(counting.release)
    switches.offer(app, *SWITCHES, changed=state.changed)


def _add_bulk_worker(app: Flask, config: Config) -> None:
    worker = Worker(app)
    app.extensions["bulk_worker"] = worker
    app.extensions["busy_reasons"].append(worker.busy)
    if config.background:
        worker.start()


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
