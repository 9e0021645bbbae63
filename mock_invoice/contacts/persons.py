"""The people of a contact: exactly one of them is the primary one, and no email stands twice (invoice-api.md §3.4)."""

from typing import Any

from mock_invoice.contacts.model import Contact, ContactPerson
from mock_invoice.errors import InvalidValue, MissingValue, NotFound, PersonExists
from mock_invoice.find import refuse_taken_crm_id
from simulator import clock, ids

NAMED_BY = ("first_name", "last_name", "email")


def replace_persons(contact: Contact, given: list[dict[str, Any]]) -> None:
    """Entries with an id change that person, others are added, persons that are not named go (§3.4)."""
    present = {person.id: person for person in contact.persons}
    kept: list[ContactPerson] = []
    for entry in given:
        if (person_id := entry.get("contact_person_id")) is None:
            kept.append(_fill(_new_person(contact), entry))
        elif person_id in present:
            kept.append(_fill(present[person_id], entry))
        else:
            raise NotFound("Contact person")
    if len({id(person) for person in kept}) < len(kept):
        raise InvalidValue("contact_persons")
    contact.persons[:] = kept
    settle(contact, next((kept[place] for place, entry in enumerate(given) if entry.get("is_primary_contact")), None))


def add_person(contact: Contact, entry: dict[str, Any]) -> ContactPerson:
    person = _fill(_new_person(contact), entry)
    contact.persons.append(person)
    settle(contact, person if entry.get("is_primary_contact") else None)
    return person


def change_person(person: ContactPerson, entry: dict[str, Any]) -> None:
    _fill(person, entry)
    settle(person.contact, person if entry.get("is_primary_contact") else None)


def remove_person(person: ContactPerson) -> None:
    contact = person.contact
    contact.persons.remove(person)
    settle(contact, None)


def settle(contact: Contact, chosen: ContactPerson | None) -> None:
    """Makes `chosen` the primary person; else he stays who he was, else it is the first one.

    Raises:
        PersonExists: an email stands twice among the people.
    """
    primary = chosen or next((one for one in contact.persons if one.is_primary_contact), None)
    primary = primary or next(iter(contact.persons), None)
    for person in contact.persons:
        person.is_primary_contact = person is primary
    emails: set[str] = set()
    for person in contact.persons:
        if (email := person.email.lower()) and email in emails:
            raise PersonExists(person.email)
        emails.add(email)
    contact.mirror_primary()
    contact.note_portal()


def _new_person(contact: Contact) -> ContactPerson:
    texts = ("salutation", "first_name", "last_name", "email", "phone", "mobile", "designation", "department")
    person = ContactPerson(id=ids.new_id(), organization_id=contact.organization_id, created_time=clock.now())
    for key in (*texts, "skype", "fax", "zcrm_contact_id"):
        setattr(person, key, "")
    person.is_primary_contact = person.is_added_in_portal = False
    return person


def _fill(person: ContactPerson, entry: dict[str, Any]) -> ContactPerson:
    """The documentation asks for a first name; a person of whom only the last name or the email is known is taken
    as well [DESIGN], for the CRM has such people."""
    if "zcrm_contact_id" in entry:
        refuse_taken_crm_id(ContactPerson.zcrm_contact_id, entry["zcrm_contact_id"], person.id)
    for key, value in entry.items():
        if key not in ("contact_person_id", "contact_id", "is_primary_contact", "enable_portal"):
            setattr(person, key, value)
    if "enable_portal" in entry:
        let_in(person, entry["enable_portal"])
    if not any(getattr(person, key) for key in NAMED_BY):
        raise MissingValue("first_name")
    return person


def let_in(person: ContactPerson, wanted: bool = True) -> None:
    """Lets a person into the customer portal, or no longer. The portal itself is not emulated, only who is in it.

    Raises:
        MissingValue: he has no email to sign in with. [DESIGN]
    """
    if wanted and not person.email:
        raise MissingValue("email")
    person.is_added_in_portal = wanted
