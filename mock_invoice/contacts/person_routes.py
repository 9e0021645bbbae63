"""The doors of contact persons and of further addresses (invoice-api.md §3.1)."""

from flask import Blueprint, Response

from mock_invoice.access import needs
from mock_invoice.contacts.model import Address, Contact, ContactPerson
from mock_invoice.contacts.persons import add_person, change_person, remove_person, settle
from mock_invoice.contacts.render import address_detail, full_address, person_detail
from mock_invoice.contacts.rules import THING, find_person, merged_address
from mock_invoice.contacts.schema import ADDRESS, PERSON
from mock_invoice.database import db
from mock_invoice.envelope import created, success
from mock_invoice.errors import InvalidValue, MissingValue, NotFound
from mock_invoice.find import find
from mock_invoice.lists import paging
from mock_invoice.openapi.parameters import PAGED
from mock_invoice.openapi.words import DONE, page, sent, told
from mock_invoice.parsing import json_body
from simulator import ids
from simulator.openapi import documented
from simulator.shapes import array_of

bp = Blueprint("contact_persons", __name__)


@bp.get("/contacts/<contact_id>/contactpersons")
@documented(*PAGED, _200=page("contact_persons", "ContactPerson"))
@needs("contacts.READ")
def list_persons(contact_id: str) -> Response:
    contact = find(Contact, contact_id, THING)
    page, per_page = paging()
    start = (page - 1) * per_page
    shown = contact.persons[start : start + per_page]
    context = {
        "page": page,
        "per_page": per_page,
        "has_more_page": len(contact.persons) > start + per_page,
        "sort_column": "contact_person_id",
        "sort_order": "A",
    }
    return success(contact_persons=[person_detail(one) for one in shown], page_context=context)


@bp.get("/contacts/<contact_id>/contactpersons/<person_id>")
@documented(_200=told(contact_person="ContactPerson"))
@needs("contacts.READ")
def get_person(contact_id: str, person_id: str) -> Response:
    contact, person = find(Contact, contact_id, THING), find_person(person_id)
    if person.contact_id != contact.id:
        raise NotFound("Contact person")
    return success(contact_person=person_detail(person))


@bp.get("/contacts/contactpersons/<person_id>")
@documented(_200=told(contact_person="ContactPerson"))
@needs("contacts.READ")
def get_person_alone(person_id: str) -> Response:
    """The old wrapper does not name the contact. [CLI]"""
    return success(contact_person=person_detail(find_person(person_id)))


@bp.post("/contacts/contactpersons")
@documented(body=sent(PERSON, "contact_id"), _201=told(contact_person="ContactPerson"))
@needs("contacts.CREATE")
def create_person() -> Response:
    body = PERSON.load(json_body())
    if body.get("contact_id") is None:
        raise MissingValue("contact_id")
    contact = find(Contact, body["contact_id"], THING)
    person = add_person(contact, body)
    contact.touch()
    db.session.flush()
    detail = person_detail(person)
    message = "The contactperson has been Created"
    return created(message, "contacts/contactpersons", person.id, contact_person=detail)


@bp.put("/contacts/contactpersons/<person_id>")
@documented(body=sent(PERSON), _200=told(contact_person="ContactPerson"))
@needs("contacts.UPDATE")
def update_person(person_id: str) -> Response:
    person = find_person(person_id)
    body = PERSON.load(json_body())
    if body.get("contact_id") not in (None, person.contact_id):
        raise InvalidValue("contact_id")
    change_person(person, body)
    person.contact.touch()
    db.session.flush()
    return success("The contactperson details has been updated.", contact_person=person_detail(person))


@bp.delete("/contacts/contactpersons/<person_id>")
@documented(_200=DONE)
@needs("contacts.DELETE")
def delete_person(person_id: str) -> Response:
    person = find_person(person_id)
    person.contact.touch()
    remove_person(person)
    return success("The contact person has been deleted.")


@bp.post("/contacts/contactpersons/<person_id>/primary")
@documented(_200=DONE)
@needs("contacts.CREATE")
def make_primary(person_id: str) -> Response:
    person: ContactPerson = find_person(person_id)
    settle(person.contact, person)
    person.contact.touch()
    return success("This contact person has been marked as your primary contact person.")


@bp.get("/contacts/<contact_id>/address")
@documented(_200=told(addresses=array_of("Address")))
@needs("contacts.READ")
def list_addresses(contact_id: str) -> Response:
    contact = find(Contact, contact_id, THING)
    own = [full_address(contact.billing_address), full_address(contact.shipping_address)]
    return success(addresses=[*own, *(address_detail(one) for one in contact.addresses)])


@bp.post("/contacts/<contact_id>/address")
@documented(body=sent(ADDRESS), _201=told(address_info="Address"))
@needs("contacts.CREATE")
def create_address(contact_id: str) -> Response:
    contact = find(Contact, contact_id, THING)
    address = Address(id=ids.new_id(), parts=ADDRESS.load(json_body()))
    contact.addresses.append(address)
    contact.touch()
    db.session.flush()
    path = f"contacts/{contact.id}/address"
    return created("The address has been created.", path, address.id, address_info=address_detail(address))


@bp.put("/contacts/<contact_id>/address/<address_id>")
@documented(body=sent(ADDRESS), _200=told(address_info="Address"))
@needs("contacts.UPDATE")
def update_address(contact_id: str, address_id: str) -> Response:
    """Also for the billing and shipping address, whose ids work here too (§3.1)."""
    contact = find(Contact, contact_id, THING)
    given = ADDRESS.load(json_body())
    contact.touch()
    for key in ("billing_address", "shipping_address"):
        if getattr(contact, key).get("address_id") == address_id:
            setattr(contact, key, merged_address(getattr(contact, key), given))
            contact.note_addresses()
            return success("The address has been updated.", address_info=full_address(getattr(contact, key)))
    address = _further_address(contact, address_id)
    address.parts = {**address.parts, **given}
    return success("The address has been updated.", address_info=address_detail(address))


@bp.delete("/contacts/<contact_id>/address/<address_id>")
@documented(_200=DONE)
@needs("contacts.DELETE")
def delete_address(contact_id: str, address_id: str) -> Response:
    contact = find(Contact, contact_id, THING)
    contact.addresses.remove(_further_address(contact, address_id))
    contact.touch()
    return success("The address has been deleted.")


def _further_address(contact: Contact, address_id: str) -> Address:
    for address in contact.addresses:
        if str(address.id) == address_id:
            return address
    raise NotFound("Address")
