"""Zoho Invoice, as far as its API shows it: organizations, contacts, items, documents, payments."""

import structlog
from flask import Blueprint, Flask, Response
from marshmallow import ValidationError
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed, NotFound

from mock_invoice import access, authtokens, errors, parsing, reports, scenario, throttle
from mock_invoice.contacts import action_routes, person_routes
from mock_invoice.contacts import routes as contact_routes
from mock_invoice.credit_notes import routes as credit_note_routes
from mock_invoice.database import db
from mock_invoice.directory import InvoiceDirectory
from mock_invoice.documents import mail, preview
from mock_invoice.due import due_events
from mock_invoice.estimates import routes as estimate_routes
from mock_invoice.fault_answers import VENDOR_ERRORS
from mock_invoice.invoices import routes as invoice_routes
from mock_invoice.invoices import settling_routes
from mock_invoice.items import picture_routes
from mock_invoice.items import routes as item_routes
from mock_invoice.openapi import VERSIONS, book_of
from mock_invoice.payments import refund_routes
from mock_invoice.payments import routes as payment_routes
from mock_invoice.recurring_invoices import making
from mock_invoice.recurring_invoices import routes as recurring_routes
from mock_invoice.sales_orders import routes as order_routes
from mock_invoice.settings import (
    currencies,
    custom_field_routes,
    exchange_rates,
    exemptions,
    integrations,
    organizations,
    payment_terms,
    preferences,
    reminders,
    sub_statuses,
    tax_groups,
    taxes,
    units,
    users,
)
from mock_invoice.upsert import try_again
from simulator import accounts, openapi, wire
from simulator.app import create_service
from simulator.config import Config

log = structlog.get_logger()

#: The same handlers under the older and the newer addresses of Invoice and Books (invoice-api.md §1.1).
PREFIXES = {"api": "/api/v3", "invoice": "/invoice/v3", "books": "/books/v3"}
#: Ids of a fresh world: an organization's prefix and six digits.
FIRST_ID = 410_000_000_000_081_001

RESOURCES = (
    organizations.bp, users.bp, currencies.bp, taxes.bp, custom_field_routes.bp, preferences.bp, integrations.bp,
    payment_terms.bp, reminders.bp, exchange_rates.bp, tax_groups.bp, exemptions.bp, units.bp, sub_statuses.bp,
    contact_routes.bp, person_routes.bp, action_routes.bp, item_routes.bp, picture_routes.bp,
    estimate_routes.bp, order_routes.bp, invoice_routes.bp, settling_routes.bp, recurring_routes.bp,
    credit_note_routes.bp, payment_routes.bp, refund_routes.bp, mail.bp, preview.bp,
    reports.bp,
)  # fmt: skip


def create_app(config: Config | None = None) -> Flask:
    """The service; settings come from the environment unless given."""
    config = config or Config.from_environment("invoice")
    app = create_service(__name__, config, db=db, seed=scenario.load_scenario, id_base=FIRST_ID)
    app.url_map.merge_slashes = False
    accounts.mount(app, InvoiceDirectory())
    worlds = app.extensions["worlds"]
    app.extensions["due_events"].append(due_events)
    app.extensions["clock_moved"].append(lambda world_id: making.make_due(worlds, world_id))
    if config.background:
        making.start_ticking(worlds)
    app.extensions["vendor_errors"].extend(VENDOR_ERRORS)
    app.register_blueprint(authtokens.bp)
    throttle.install(app)
    openapi.mount(app, book_of, VERSIONS)
    for name, prefix in PREFIXES.items():
        app.register_blueprint(_api(name), url_prefix=prefix)
    _add_error_handlers(app)
    return app


def _api(name: str) -> Blueprint:
    """All resources under one prefix. Each route is open only to whom `access.admit` lets in."""
    api = Blueprint(name, __name__)
    for resource in RESOURCES:
        api.register_blueprint(resource)
    api.before_request(access.admit)
    api.before_request(throttle.spend)
    api.before_request(parsing.refuse_other_formats)
    api.after_request(throttle.show_budget)
    return api


def _add_error_handlers(app: Flask) -> None:
    app.register_error_handler(errors.ApiError, refuse)
    app.register_error_handler(ValidationError, refuse_body)
    app.register_error_handler(IntegrityError, run_again)
    app.register_error_handler(NotFound, lambda _: refuse(errors.InvalidUrl()))
    app.register_error_handler(MethodNotAllowed, lambda _: refuse(errors.MethodRefused()))
    app.register_error_handler(InternalServerError, lambda _: refuse(errors.InternalError()))
    app.register_error_handler(HTTPException, refuse_request)


def refuse(error: errors.ApiError) -> Response:
    return wire.reply({"code": error.code, "message": error.message}, error.status)


def refuse_body(error: ValidationError) -> Response:
    """What the schemas' own checks found; the fields of ours raise the vendor's errors themselves."""
    name = next(iter(error.messages_dict), "JSONString")
    return refuse(errors.InvalidValue("JSONString" if name == "_schema" else str(name)))


def run_again(error: IntegrityError) -> Response:
    """Rules are checked before a row is written, so a unique index can only have found a rival who was faster."""
    if "unique" not in str(error.orig).lower():
        raise error
    log.info("a rival was faster", reason=str(error.orig))
    raise try_again(error)


def refuse_request(error: HTTPException) -> Response:
    status = error.code or 400
    refusal = errors.RequestRefused(error.description or error.name)
    return wire.reply({"code": refusal.code, "message": refusal.message}, status)
