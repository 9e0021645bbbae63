"""The older doors of preferences and of what holds for each kind of document (invoice-api.md §8.5)."""

from typing import Any

from flask import Blueprint, Response

from mock_invoice.access import current_organization, needs
from mock_invoice.database import db
from mock_invoice.documents.numbering import series_of
from mock_invoice.documents.templates import STANDARD, check_template
from mock_invoice.envelope import success
from mock_invoice.errors import InvalidValue
from mock_invoice.fields import BodySchema, Choice, Flag, One, Text, Whole
from mock_invoice.openapi.words import TOLD, sent, told
from mock_invoice.parsing import json_body
from mock_invoice.settings.custom_fields import fields_of
from mock_invoice.settings.reminders import automatic_reminders
from mock_invoice.settings.stored import store, stored
from simulator.openapi import documented
from simulator.shapes import keyed

bp = Blueprint("preferences", __name__)

#: Preferences that are yes or no, as they are in a fresh organization. They are kept; nothing in the mock depends on
#: them.
SWITCHES: dict[str, bool] = {
    "convert_to_invoice": False,
    "attach_pdf_for_email": True,
    "notify_me_on_online_payment": False,
    "send_payment_receipt_acknowledgement": False,
    "auto_notify_recurring_invoice": False,
    "is_estimate_enabled": True,
    "is_project_enabled": False,
    "is_salesorder_enabled": True,
    "is_purchaseorder_enabled": False,
    "is_pricebooks_enabled": False,
    "is_show_powered_by": True,
    "snail_mail_include_payment_stub": False,
    "attach_expense_receipt_to_invoice": False,
    "attach_payment_receipt_with_acknowledgement": False,
}
#: How addresses are written on paper, and what may stand in these texts. [DESIGN]
ADDRESS_LINES = "%Address%\n%City%\n%State% %Zip%\n%Country%"
ADDRESS_FORMATS = {"organization_address_format": ADDRESS_LINES, "customer_address_format": ADDRESS_LINES}
ADDRESS_PLACEHOLDERS = {
    whose: [{"name": name, "value": f"%{name}%"} for name in ("Address", "City", "State", "Zip", "Country")]
    for whose in ("organization", "customer")
}
TERMS = ("invoice_terms", "estimate_terms", "creditnote_terms")
#: Address of the door → key of its answer. Sales orders have theirs by analogy.
SINGULAR = {
    "estimates": "estimate", "salesorders": "salesorder", "invoices": "invoice", "creditnotes": "creditnote",
}  # fmt: skip
DOCUMENT_FLAGS: dict[str, dict[str, bool]] = {
    "estimates": {"terms_to_invoice": False, "notes_to_invoice": False, "warn_estimate_to_invoice": False},
    "salesorders": {},
    "invoices": {
        "is_shipping_charge_required": True,
        "is_adjustment_required": True,
        "is_open_invoice_editable": True,
        "warn_convert_to_open": True,
        "warn_create_creditnotes": True,
        "attach_expense_receipt_to_invoice": False,
    },
    "creditnotes": {},
}
DOCUMENT_SETTINGS: dict[str, Any] = {
    "quantity_precision": 2,
    "discount_type": "entity_level",
    "is_discount_before_tax": True,
    "reference_text": "",
    "notes": "",
    "terms": "",
    "is_sales_person_required": False,
    "invoice_item_type": "",
    "discount_enabled": True,
    "default_template_id": STANDARD,
}
KEPT_TEXTS = ("reference_text", "notes", "terms", "invoice_item_type")


class TermsSchema(BodySchema):
    invoice_terms = Text(10_000)
    estimate_terms = Text(10_000)
    creditnote_terms = Text(10_000)


class PreferencesSchema(BodySchema):
    convert_to_invoice = Flag()
    attach_pdf_for_email = Flag()
    estimate_approval_status = Text(60)
    notify_me_on_online_payment = Flag()
    send_payment_receipt_acknowledgement = Flag()
    auto_notify_recurring_invoice = Flag()
    is_estimate_enabled = Flag()
    is_project_enabled = Flag()
    is_salesorder_enabled = Flag()
    is_purchaseorder_enabled = Flag()
    is_pricebooks_enabled = Flag()
    is_show_powered_by = Flag()
    snail_mail_include_payment_stub = Flag()
    attach_expense_receipt_to_invoice = Flag()
    attach_payment_receipt_with_acknowledgement = Flag()
    terms = One(TermsSchema)


class NumberingSchema(BodySchema):
    auto_generate = Flag()
    prefix_string = Text(20)
    next_number = Text(15)
    start_at = Whole(least=0)


class DocumentSettingsSchema(NumberingSchema):
    quantity_precision = Whole(most=6)
    discount_type = Choice(("entity_level", "item_level", "none"))
    is_discount_before_tax = Flag()
    is_sales_person_required = Flag()
    reference_text = Text(100)
    notes = Text(10_000)
    terms = Text(10_000)
    invoice_item_type = Text(20)
    discount_enabled = Flag()
    default_template_id = Text(30)
    terms_to_invoice = Flag()
    notes_to_invoice = Flag()
    warn_estimate_to_invoice = Flag()
    is_shipping_charge_required = Flag()
    is_adjustment_required = Flag()
    is_open_invoice_editable = Flag()
    warn_convert_to_open = Flag()
    warn_create_creditnotes = Flag()
    attach_expense_receipt_to_invoice = Flag()


class NotesSchema(BodySchema):
    notes = Text(10_000)
    terms = Text(10_000)


PREFERENCES, DOCUMENT, NOTES = PreferencesSchema(), DocumentSettingsSchema(), NotesSchema()
NUMBERING_KEYS = frozenset(NumberingSchema().fields)
SHOWN = keyed(TOLD, {f"{one}_settings": "DocumentSettings" for one in SINGULAR.values()})
SAVED = "Your preferences have been saved."


@bp.get("/settings/preferences")
@documented(
    _200=told(preferences="Preferences", customfields="PreferredFields", placeholders_address_format="Placeholders")
)
@needs("settings.READ")
def show_preferences() -> Response:
    organization_id = current_organization().id
    fields = {
        entity: [
            {"index": field.index, "label": field.label, "show_in_all_pdf": field.show_on_pdf}
            for field in fields_of(organization_id, entity)
            if not field.is_hidden
        ]
        for entity in ("invoice", "contact", "estimate")
    }
    return success(preferences=_preferences(), customfields=fields, placeholders_address_format=ADDRESS_PLACEHOLDERS)


@bp.put("/settings/preferences")
@documented(body=sent(PREFERENCES), _200=told(preferences="Preferences"))
@needs("settings.UPDATE", admin=True)
def save_preferences() -> Response:
    body = PREFERENCES.load(json_body())
    if "terms" in body:
        body["terms"] = {**_preferences()["terms"], **body["terms"]}
    store("preferences", body)
    return success(SAVED, preferences=_preferences())


def _preferences() -> dict[str, Any]:
    return {
        **SWITCHES,
        "estimate_approval_status": "",
        "auto_reminders": [_reminder(one) for one in automatic_reminders()],
        "terms": dict.fromkeys(TERMS, ""),
        "address_formats": ADDRESS_FORMATS,
        **stored("preferences"),
    }


def _reminder(shown: dict[str, Any]) -> dict[str, Any]:
    """An automatic reminder under the keys it has among the preferences."""
    renamed = {"autoreminder_id": "payment_reminder_id", "type": "notification_type"}
    return {renamed.get(key, key): value for key, value in shown.items()}


@bp.get("/settings/<any(estimates,salesorders,invoices,creditnotes):module>")
@documented(_200=SHOWN)
@needs("settings.READ")
def show_document_settings(module: str) -> Response:
    return success(**_shown(module))


@bp.put("/settings/<any(estimates,salesorders,invoices,creditnotes):module>")
@documented(body=sent(DOCUMENT), _200=SHOWN)
@needs("settings.UPDATE", admin=True)
def save_document_settings(module: str) -> Response:
    """Numbering is what documents follow; the rest is kept and shown."""
    body = DOCUMENT.load(json_body())
    if not NUMBERING_KEYS.isdisjoint(body):
        _renumber(module, body)
    known = {**DOCUMENT_SETTINGS, **DOCUMENT_FLAGS[module]}
    check_template(body.get("default_template_id", ""))
    kept = {key: value for key, value in body.items() if key in known and (value != "" or key in KEPT_TEXTS)}
    if kept:
        store(module, kept)
    db.session.flush()
    return success(SAVED, **_shown(module))


def _renumber(module: str, body: dict[str, Any]) -> None:
    """Where the numbers of a kind of document go on; a number that is taken by then is passed over."""
    series = series_of(module)
    series.has_own_numbers = True
    if "auto_generate" in body:
        series.auto_generate = body["auto_generate"]
    if "prefix_string" in body:
        series.prefix = body["prefix_string"]
    if text := body.get("next_number"):
        if not (text.isascii() and text.isdigit()) or not 0 < int(text) < 2**31:
            raise InvalidValue("next_number")
        series.next_number, series.width = int(text), len(text)
    elif body.get("start_at"):
        series.next_number = body["start_at"]


def _shown(module: str) -> dict[str, Any]:
    series = series_of(module)
    return {
        f"{SINGULAR[module]}_settings": {
            **DOCUMENT_SETTINGS,
            **DOCUMENT_FLAGS[module],
            **stored(module),
            "auto_generate": series.auto_generate,
            "prefix_string": series.prefix,
            "start_at": series.next_number,
            "next_number": f"{series.next_number:0{series.width}d}",
        }
    }


@bp.get("/settings/<any(estimates,salesorders,invoices,creditnotes):module>/notesandterms")
@documented(_200=told(notes_and_terms="NotesAndTerms"))
@needs("settings.READ")
def show_notes(module: str) -> Response:
    return success(notes_and_terms=_notes(module))


@bp.put("/settings/<any(estimates,salesorders,invoices,creditnotes):module>/notesandterms")
@documented(body=sent(NOTES), _200=told(notes_and_terms="NotesAndTerms"))
@needs("settings.UPDATE", admin=True)
def save_notes(module: str) -> Response:
    store(module, NOTES.load(json_body()))
    return success(SAVED, notes_and_terms=_notes(module))


def _notes(module: str) -> dict[str, str]:
    kept = stored(module)
    return {key: kept.get(key, "") for key in ("notes", "terms")}


@bp.get("/settings/openingbalances")
@documented(_200=told(opening_balance="OpeningBalance"))
@needs("settings.READ")
def show_opening_balances() -> Response:
    """There are no books, so nothing was in them before."""
    return success(opening_balance={"opening_balance_id": "", "date": "", "total": 0, "accounts": []})
