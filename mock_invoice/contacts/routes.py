"""The doors of contacts (invoice-api.md §3.1)."""

from typing import Any

from flask import Blueprint, Response

from mock_invoice import tables
from mock_invoice.access import needs
from mock_invoice.contacts.history import note
from mock_invoice.contacts.listing import CONTACTS
from mock_invoice.contacts.model import Contact
from mock_invoice.contacts.render import contact_detail, new_contact_detail
from mock_invoice.contacts.rules import THING, create_contact, delete_contact, update_contact
from mock_invoice.contacts.schema import CONTACT
from mock_invoice.database import db
from mock_invoice.envelope import created, success
from mock_invoice.find import find
from mock_invoice.lists import answer_list
from mock_invoice.openapi.parameters import UPSERTED, of_list
from mock_invoice.openapi.words import DONE, also_as_file, page, sent, told
from mock_invoice.parsing import json_body, offers
from mock_invoice.upsert import holder_by_header
from simulator.openapi import documented

bp = Blueprint("contacts", __name__)


@bp.get("/contacts")
@offers(*tables.FORMATS)
@documented(*of_list(CONTACTS), _200=also_as_file(page("contacts", "ContactRow", "ListContext")))
@needs("contacts.READ")
def list_contacts() -> Response:
    return answer_list(CONTACTS)


@bp.get("/contacts/<contact_id>")
@documented(_200=told(contact="Contact"))
@needs("contacts.READ")
def get_contact(contact_id: str) -> Response:
    return success(contact=contact_detail(contact_id))


@bp.post("/contacts")
@documented(body=sent(CONTACT, "contact_name"), _201=told(contact="Contact"))
@needs("contacts.CREATE")
def add_contact() -> Response:
    return _create(json_body())


@bp.put("/contacts/<contact_id>")
@documented(body=sent(CONTACT), _200=told(contact="Contact"))
@needs("contacts.UPDATE")
def save_contact(contact_id: str) -> Response:
    return _update(contact_id, json_body())


@bp.put("/contacts")
@documented(*UPSERTED, body=sent(CONTACT), _200=told(contact="Contact"), _201=told(contact="Contact"))
@needs("contacts.UPDATE")
def upsert_contact() -> Response:
    body = json_body()
    holder_id = holder_by_header("contact", body, THING)
    return _create(body) if holder_id is None else _update(holder_id, body)


def _create(body: dict[str, Any]) -> Response:
    contact, custom_fields = create_contact(CONTACT.load(body))
    detail = new_contact_detail(contact, custom_fields)
    return created("The contact has been added.", "contacts", contact.id, contact=detail)


def _update(contact_id: str | int, body: dict[str, Any]) -> Response:
    contact = find(Contact, contact_id, THING)
    update_contact(contact, CONTACT.load(body))
    return success("Contact information has been saved.", contact=contact_detail(contact.id))


@bp.delete("/contacts/<contact_id>")
@documented(_200=DONE)
@needs("contacts.DELETE")
def remove_contact(contact_id: str) -> Response:
    contact = find(Contact, contact_id, THING)
    delete_contact(contact)
    return success(f"The {contact.contact_type} has been deleted.")


@bp.post("/contacts/<contact_id>/active")
@documented(_200=DONE)
@needs("contacts.CREATE")
def mark_active(contact_id: str) -> Response:
    return _mark(contact_id, "active")


@bp.post("/contacts/<contact_id>/inactive")
@documented(_200=DONE)
@needs("contacts.CREATE")
def mark_inactive(contact_id: str) -> Response:
    return _mark(contact_id, "inactive")


def _mark(contact_id: str, status: str) -> Response:
    contact = find(Contact, contact_id, THING)
    if contact.status != status:
        contact.status = status
        note(contact, f"Contact marked as {status}")
        contact.touch()
    return success(f"The contact has been marked as {status}.")


@bp.post("/contacts/<contact_id>/paymentreminder/enable")
@documented(_200=DONE)
@needs("contacts.CREATE")
def enable_reminders(contact_id: str) -> Response:
    _remind(contact_id, True)
    return success("All reminders associated with this contact have been enabled.")


@bp.post("/contacts/<contact_id>/paymentreminder/disable")
@documented(_200=DONE)
@needs("contacts.CREATE")
def disable_reminders(contact_id: str) -> Response:
    _remind(contact_id, False)
    return success("All reminders associated with this contact have been stopped.")


def _remind(contact_id: str, wanted: bool) -> None:
    contact = find(Contact, contact_id, THING)
    contact.payment_reminder_enabled = wanted
    db.session.flush()
