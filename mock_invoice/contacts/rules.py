"""What holds for contacts: unique names, one primary person, one CRM record each (invoice-api.md §3.4)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, select

from mock_invoice import standing
from mock_invoice.access import current_organization, current_user
from mock_invoice.contacts.history import forget, note
from mock_invoice.contacts.model import ADDRESS_KEYS, Contact, ContactPerson
from mock_invoice.contacts.persons import let_in, replace_persons
from mock_invoice.database import db, fresh, insert_new
from mock_invoice.documents.mail_templates import chosen_template
from mock_invoice.documents.templates import check_template
from mock_invoice.errors import ContactExists, ContactInUse, MissingValue, NotAccessible, NotFound
from mock_invoice.find import find, find_or_none, refuse_taken_crm_id
from mock_invoice.settings.currency_model import Currency
from mock_invoice.settings.custom_fields import Shown, drop_values, first_values, save_values
from mock_invoice.settings.exemption_model import TaxExemption
from mock_invoice.settings.tax_model import Tax
from simulator import clock, ids
from simulator.database import connection
from simulator.prepared import Prepared

THING = "Contact"
DUE_ON_RECEIPT = "Due on Receipt"
#: Keys of a body that are columns of the same name and need no rule of their own.
PLAIN_KEYS = (
    "company_name", "customer_sub_type", "website", "language_code", "contact_number", "notes", "facebook", "twitter",
    "payment_terms", "payment_terms_label", "is_taxable", "track_1099", "owner_id", "crm_owner_id", "credit_limit",
    "gst_treatment", "gst_no", "place_of_contact",
)  # fmt: skip
CRM_KEYS = ("zcrm_account_id", "zcrm_contact_id")
#: What holds of a new contact until his body says more, beside the defaults of his columns.
UNSAID: dict[str, Any] = {
    "contact_type": "customer", "contact_name": "", "payment_terms": 0, "payment_terms_label": "",
    "zcrm_account_id": "", "zcrm_contact_id": "", "credit_limit": Decimal(0), "portal_status": "disabled",
}  # fmt: skip


def create_contact(body: dict[str, Any]) -> tuple[Contact, Shown]:
    """A new contact from a loaded body.

    Raises:
        MissingValue, ContactExists, CrmLinkTaken, …: as §3.4 says.
    """
    organization, user, moment = current_organization(), current_user(), clock.now()
    contact_id, billing_id, shipping_id = ids.new_ids(3)
    contact = fresh(
        Contact, id=contact_id, organization_id=organization.id, currency_id=organization.currency_id,
        created_time=moment, last_modified_time=moment, created_by_id=user.id, created_by_name=user.name,
        billing_address={"address_id": str(billing_id)}, shipping_address={"address_id": str(shipping_id)},
        persons=[], addresses=[], **{**UNSAID, **_plain(body)},
    )  # fmt: skip
    _apply_rules(contact, {"billing_address": {}, "shipping_address": {}, "contact_name": "", **body})
    contact.payment_terms_label = contact.payment_terms_label or terms_label(contact.payment_terms)
    for person in contact.persons:
        person.contact_id = contact.id
    insert_new(contact, *contact.persons)
    return contact, first_values(contact, "contact", body.get("custom_fields"))


def update_contact(contact: Contact, body: dict[str, Any]) -> None:
    """Changes what the body names; people are replaced as a whole list (§3.4)."""
    for key, value in _plain(body).items():
        setattr(contact, key, value)
    _apply_rules(contact, body)
    note(contact, "Contact details updated")
    contact.touch()
    db.session.flush()
    save_values(contact, "contact", body.get("custom_fields"))


def _plain(body: dict[str, Any]) -> dict[str, Any]:
    """What a body says that needs no rule; an empty kind of customer is none."""
    return {key: body[key] for key in PLAIN_KEYS if key in body and (body[key] != "" or key != "customer_sub_type")}


def _apply_rules(contact: Contact, body: dict[str, Any]) -> None:
    if "contact_name" in body or body.get("contact_type"):
        _rename(contact, body.get("contact_name", contact.contact_name), body.get("contact_type"))
    for key in CRM_KEYS:
        if key in body:
            refuse_taken_crm_id(getattr(Contact, key), body[key], contact.id)
            setattr(contact, key, body[key])
    if body.get("currency_id"):
        contact.currency_id = find(Currency, body["currency_id"], "Currency").id
    if "tax_id" in body:
        contact.tax_id = find(Tax, body["tax_id"], "Tax").id if body["tax_id"] else None
    if "tax_exemption_id" in body:
        wanted = body["tax_exemption_id"]
        contact.tax_exemption_id = find(TaxExemption, wanted, "Tax exemption").id if wanted else None
    if "default_templates" in body:
        for key, template_id in body["default_templates"].items():
            (chosen_template if "_email_" in key else check_template)(template_id)
        contact.default_templates = {**(contact.default_templates or {}), **body["default_templates"]}
    _take_addresses(contact, body)
    if "contact_persons" in body:
        replace_persons(contact, body["contact_persons"])
    if "is_portal_enabled" in body:
        open_portal(contact, body["is_portal_enabled"])


_NAMESAKE = Prepared(
    select(Contact.id).where(
        Contact.organization_id == bindparam("of_organization"),
        Contact.contact_type == bindparam("kind"),
        Contact.contact_name == bindparam("name"),
        Contact.id != bindparam("own_id"),
    )
)


def _rename(contact: Contact, name: str, contact_type: str | None) -> None:
    """Names are unique per kind of contact [MEM], written exactly alike [DESIGN: whether the vendor minds the case is
    not known; the guide's merging of duplicates needs records that differ in it]."""
    if not name:
        raise MissingValue("contact_name")
    contact_type = contact_type or contact.contact_type
    names = {"of_organization": contact.organization_id, "kind": contact_type, "name": name, "own_id": contact.id}
    if _NAMESAKE.rows(connection(), **names):
        raise ContactExists(contact_type, name)
    contact.contact_name, contact.contact_type = name, contact_type


def _take_addresses(contact: Contact, body: dict[str, Any]) -> None:
    for key in ("billing_address", "shipping_address"):
        if key in body:
            setattr(contact, key, merged_address(getattr(contact, key), body[key]))
    contact.note_addresses()


def merged_address(present: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """An address with the parts that were given changed; it keeps its id."""
    merged = {**dict.fromkeys(ADDRESS_KEYS, ""), **present, **given}
    merged["address_id"] = merged["address_id"] or str(ids.new_id())
    return merged


def terms_label(days: int) -> str:
    """What the vendor calls so many days; the negative ones mean ends of months. [MEM]"""
    named = {0: DUE_ON_RECEIPT, -1: "Due end of the month", -2: "Due end of next month", -3: "Due end of month after"}
    return named.get(days, f"Net {days}")


def open_portal(contact: Contact, wanted: bool, persons: Sequence[ContactPerson] = ()) -> None:
    """Opens the portal to some people of a contact, to the primary one unless they are named; or closes it to all."""
    primary = [one for one in contact.persons if one.is_primary_contact]
    for person in (persons or primary) if wanted else contact.persons:
        let_in(person, wanted)
    contact.note_portal()


def usable_customer(customer_id: int | None) -> Contact:
    """The customer of a new transaction.

    Raises:
        MissingValue, NotFound: none, or an unknown one.
        NotAccessible: an inactive one (C15).
    """
    if customer_id is None:
        raise MissingValue("customer_id")
    contact = find_or_none(Contact, customer_id)
    if contact is None:
        raise NotFound("Customer")
    if not contact.is_active:
        raise NotAccessible("Customer")
    return contact


def has_transactions(contact_id: int) -> bool:
    return standing.any_of((table.customer_id for table in standing.transactions()), contact_id)


def delete_contact(contact: Contact) -> None:
    """Deletes a contact that nothing stands on.

    Raises:
        ContactInUse: it has transactions; it can be made inactive instead.
    """
    if has_transactions(contact.id):
        raise ContactInUse(contact.contact_name)
    drop_values(contact.id)
    forget(contact)
    db.session.delete(contact)


def find_person(person_id: str) -> ContactPerson:
    return find(ContactPerson, person_id, "Contact person")
