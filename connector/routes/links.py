"""The linked records and how fresh they are, and the connector's outbox (requirements S5, S9)."""

from typing import Any

from flask import current_app
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate
from sqlalchemy import select

from connector import connections, freshness, history
from connector.database import db
from connector.errors import Conflicting, NotFound
from connector.explaining import explained
from connector.mail import shown_mail
from connector.models import Link, Mail
from connector.routes.access import app, caller
from connector.routes.runs import PageSchema
from connector.sync.single import merge_now
from simulator import context

bp = Blueprint("links", __name__, url_prefix="/connection", description="Linked records, and mails about them")

STATES = ("linked", "detached", "merged", "tombstone")


class LinksSchema(PageSchema):
    entity = fields.String(load_default=None, validate=validate.OneOf(("account", "contact", "customer", "product")))
    state = fields.String(load_default=None, validate=validate.OneOf(STATES))
    crm_id = fields.String(load_default=None)
    invoice_id = fields.String(load_default=None)
    q = fields.String(load_default=None)


class MergedSchema(Schema):
    contact_id = fields.String(metadata={"description": "The customer that stays."})


@bp.get("/links")
@bp.arguments(LinksSchema, location="query")
def list_links(wanted: dict[str, Any]) -> Any:
    """The linked records by name, each with when either side was last seen to be as both agreed."""
    connection = connections.required()
    statement = select(Link).where(Link.connection_id == connection.id).order_by(Link.name, Link.id)
    for name in ("entity", "state", "crm_id", "invoice_id"):
        if wanted[name]:
            statement = statement.where(getattr(Link, name) == wanted[name])
    if wanted["q"]:
        statement = statement.where(Link.name.icontains(wanted["q"], autoescape=True))
    rows, page_context = history.page_of(statement, wanted["page"], wanted["per_page"])
    links = freshness.shown_links(connection.id, rows)
    return current_app.json.response({"links": links, "page_context": page_context})


@bp.get("/links/<int:link_id>")
def explain_link(link_id: int) -> Any:
    """One pair: both sides now and when they agreed last, each mapped field, the acts that touched it, and what the
    next sync would do and why (requirement C11)."""
    return current_app.json.response(explained(link_id))


@bp.post("/links/<int:link_id>/merge")
@bp.response(200, MergedSchema)
def merge_customers(link_id: int) -> Any:
    """Merges the customer of an account that was merged in the CRM into the survivor's (requirement C14)."""
    connection = connections.required()
    link = db.session.get(Link, link_id)
    if link is None or link.connection_id != connection.id:
        raise NotFound(f"There is no link {link_id}.")
    if link.state != "merged":
        raise Conflicting("not_merged", "The account of this link was not merged in Zoho CRM.")
    if connection.state not in ("active", "paused"):
        raise Conflicting(connection.state, "The integration is switched off.")
    connection_id, who = connection.id, caller()["name"]
    db.session.rollback()
    survivor = merge_now(app(), context.current_world().id, connection_id, link_id, who)
    if survivor is None:
        raise Conflicting("not_done", "The customers were not merged; the history says why.")
    return {"contact_id": survivor}


@bp.get("/mails")
@bp.arguments(PageSchema, location="query")
def list_mails(wanted: dict[str, Any]) -> Any:
    """The connector's outbox, newest first; nothing leaves the simulator."""
    connection = connections.required()
    statement = select(Mail).where(Mail.connection_id == connection.id).order_by(Mail.id.desc())
    rows, page_context = history.page_of(statement, wanted["page"], wanted["per_page"])
    return current_app.json.response({"mails": [shown_mail(row) for row in rows], "page_context": page_context})


@bp.get("/mails/<int:mail_id>")
def show_mail(mail_id: int) -> Any:
    """One mail with its text."""
    mail = db.session.get(Mail, mail_id)
    if mail is None or mail.connection_id != connections.required().id:
        raise NotFound(f"There is no mail {mail_id}.")
    return current_app.json.response({"mail": shown_mail(mail, whole=True)})
