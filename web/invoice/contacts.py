"""Contacts and their persons: made, edited, set active or inactive, deleted."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from web.i18n import _
from web.invoice.api import bp, delete, get, post, put
from web.invoice.custom_fields import custom_body, custom_section, custom_values
from web.invoice.inputs import Input, Option, Section, showing
from web.invoice.saving import act, save_form, show_form

SIDE = "invoice.contacts"
PERSON = (
    Input("salutation", _("Salutation")),
    Input("first_name", _("First name")),
    Input("last_name", _("Last name")),
    Input("email", _("Email"), "email"),
    Input("phone", _("Phone"), "tel"),
    Input("mobile", _("Mobile"), "tel"),
    Input("designation", _("Designation")),
    Input("department", _("Department")),
)
ADDRESS = (
    ("attention", _("Attention")),
    ("address", _("Street")),
    ("street2", _("Street, second line")),
    ("city", _("City")),
    ("state", _("State")),
    ("zip", _("ZIP code")),
    ("country", _("Country")),
    ("phone", _("Phone")),
)


@bp.get("/contacts/new")
def contacts_new() -> ResponseReturnValue:
    return show_form(_("New contact"), _crumbs(), _new_sections(), side=SIDE)


@bp.post("/contacts/new")
def contacts_create() -> ResponseReturnValue:
    def send(body: dict[str, Any]) -> dict[str, Any]:
        person = {key: value for key, value in body.pop("person").items() if value}
        people = [{**person, "is_primary_contact": True}] if person else []
        return post("/contacts", {**_wire(body), "contact_persons": people})

    def then(answer: dict[str, Any]) -> str:
        return _at(answer["contact"]["contact_id"])

    return save_form(_("New contact"), _crumbs(), _new_sections(), side=SIDE, send=send, then=then)


@bp.get("/contacts/<key:record_id>/edit")
def contacts_edit(record_id: str) -> ResponseReturnValue:
    contact = get(f"/contacts/{record_id}")["contact"]
    values = {**contact, "custom": custom_values(contact)}
    values["terms"] = _terms_value(contact)
    return show_form(_title(contact), _crumbs(contact), showing(_sections(contact), values), side=SIDE)


@bp.post("/contacts/<key:record_id>/edit")
def contacts_update(record_id: str) -> ResponseReturnValue:
    contact = get(f"/contacts/{record_id}")["contact"]

    def send(body: dict[str, Any]) -> dict[str, Any]:
        return put(f"/contacts/{record_id}", _wire(body))

    return save_form(
        _title(contact), _crumbs(contact), _sections(contact), side=SIDE, send=send, then=lambda _answer: _at(record_id)
    )


@bp.post("/contacts/<key:record_id>/<any(active, inactive):status>")
def contacts_status(record_id: str, status: str) -> ResponseReturnValue:
    return act(lambda: post(f"/contacts/{record_id}/{status}"), _at(record_id))


@bp.post("/contacts/<key:record_id>/delete")
def contacts_delete(record_id: str) -> ResponseReturnValue:
    return act(lambda: delete(f"/contacts/{record_id}"), url_for(SIDE), otherwise=_at(record_id))


# Contact persons


@bp.get("/contacts/<key:record_id>/persons/new")
def contacts_person_new(record_id: str) -> ResponseReturnValue:
    contact = get(f"/contacts/{record_id}")["contact"]
    return show_form(_("New contact person"), _crumbs(contact), _person_sections(), side=SIDE)


@bp.post("/contacts/<key:record_id>/persons/new")
def contacts_person_create(record_id: str) -> ResponseReturnValue:
    contact = get(f"/contacts/{record_id}")["contact"]
    return save_form(
        _("New contact person"),
        _crumbs(contact),
        _person_sections(),
        side=SIDE,
        send=lambda body: post("/contacts/contactpersons", {**body, "contact_id": record_id}),
        then=lambda _answer: _at(record_id),
    )


@bp.get("/contacts/<key:record_id>/persons/<key:person_id>/edit")
def contacts_person_edit(record_id: str, person_id: str) -> ResponseReturnValue:
    contact = get(f"/contacts/{record_id}")["contact"]
    person = get(f"/contacts/{record_id}/contactpersons/{person_id}")["contact_person"]
    return show_form(_("Edit contact person"), _crumbs(contact), showing(_person_sections(), person), side=SIDE)


@bp.post("/contacts/<key:record_id>/persons/<key:person_id>/edit")
def contacts_person_update(record_id: str, person_id: str) -> ResponseReturnValue:
    contact = get(f"/contacts/{record_id}")["contact"]
    return save_form(
        _("Edit contact person"),
        _crumbs(contact),
        _person_sections(),
        side=SIDE,
        send=lambda body: put(f"/contacts/contactpersons/{person_id}", {**body, "contact_id": record_id}),
        then=lambda _answer: _at(record_id),
    )


@bp.post("/contacts/<key:record_id>/persons/<key:person_id>/primary")
def contacts_person_primary(record_id: str, person_id: str) -> ResponseReturnValue:
    return act(lambda: post(f"/contacts/contactpersons/{person_id}/primary"), _at(record_id))


@bp.post("/contacts/<key:record_id>/persons/<key:person_id>/delete")
def contacts_person_delete(record_id: str, person_id: str) -> ResponseReturnValue:
    return act(lambda: delete(f"/contacts/contactpersons/{person_id}"), _at(record_id))


# The forms


def _new_sections() -> list[Section]:
    within = [Input(f"person.{one.name}", one.label, one.kind) for one in PERSON]
    first, *others = _sections()
    return [first, Section(_("Primary contact person"), within), *others]


def _sections(contact: Mapping[str, Any] | None = None) -> list[Section]:
    """A contact's form. The currency of one with transactions stays, and so does not stand on it."""
    details = [
        Input("contact_name", _("Display name"), is_required=True),
        Input("company_name", _("Company name")),
        Input("website", _("Website")),
    ]
    if not (contact and contact.get("has_transaction")):
        details.append(Input("currency_id", _("Currency"), "select", _currencies()))
    details += [Input("terms", _("Payment terms"), "select", _terms()), Input("notes", _("Notes"), "area")]
    return [
        Section(_("Details"), details),
        Section(_("Billing address"), [Input(f"billing_address.{name}", label) for name, label in ADDRESS]),
        Section(_("Shipping address"), [Input(f"shipping_address.{name}", label) for name, label in ADDRESS]),
        *custom_section("contact"),
    ]


def _person_sections() -> list[Section]:
    return [Section(_("Contact person"), PERSON)]


def _currencies() -> list[Option]:
    return [(one["currency_id"], one["currency_name_formatted"]) for one in get("/settings/currencies")["currencies"]]


def _terms() -> list[Option]:
    found = get("/settings/paymentterms")["payment_terms"]
    return [(f"{one['payment_terms']}|{one['payment_terms_label']}", one["payment_terms_label"]) for one in found]


def _terms_value(contact: Mapping[str, Any]) -> str:
    return f"{contact['payment_terms']}|{contact['payment_terms_label']}" if contact.get("payment_terms_label") else ""


def _wire(body: dict[str, Any]) -> dict[str, Any]:
    """What was entered as the API takes it."""
    days, _sign, label = str(body.pop("terms", "")).partition("|")
    custom = custom_body(body.pop("custom", {}))
    terms = {"payment_terms": days, "payment_terms_label": label} if label else {}
    currency = {"currency_id": body.pop("currency_id")} if body.get("currency_id") else {}
    body.pop("currency_id", None)
    return {**body, **currency, **terms, **custom}


def _title(contact: Mapping[str, Any]) -> str:
    return _("Edit %(name)s", name=contact["contact_name"])


def _crumbs(contact: Mapping[str, Any] | None = None) -> list[tuple[str, str]]:
    first = [(_("Contacts"), url_for(SIDE))]
    return [*first, (contact["contact_name"], _at(contact["contact_id"]))] if contact else first


def _at(record_id: str) -> str:
    return url_for("invoice.contacts_record", record_id=record_id)
