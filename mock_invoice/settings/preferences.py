"""The older doors of preferences and numbering (invoice-api.md §8.5)."""

from typing import Any

from flask import Blueprint, Response

from mock_invoice.access import current_organization, needs
from mock_invoice.database import db
from mock_invoice.documents.numbering import series_of
from mock_invoice.envelope import success
from mock_invoice.errors import InvalidValue
from mock_invoice.fields import BodySchema, Flag, Text, Whole
from mock_invoice.parsing import json_body
from mock_invoice.settings.custom_fields import fields_of

bp = Blueprint("preferences", __name__)

#: What the vendor keeps here and nothing in the mock depends on.
PREFERENCES: dict[str, Any] = {
    "convert_to_invoice": False,
    "attach_pdf_for_email": True,
    "estimate_approval_status": "",
    "notify_me_on_online_payment": False,
    "send_payment_receipt_acknowledgement": False,
    "auto_notify_recurring_invoice": False,
    "is_estimate_enabled": True,
    "is_project_enabled": False,
    "is_salesorder_enabled": False,
    "auto_reminders": [],
    "terms": {"invoice_terms": "", "estimate_terms": "", "creditnote_terms": ""},
    "address_formats": {},
}
DOCUMENT_SETTINGS: dict[str, Any] = {
    "quantity_precision": 2,
    "discount_type": "entity_level",
    "is_discount_before_tax": True,
    "reference_text": "",
    "notes": "",
    "terms": "",
    "is_sales_person_required": False,
}


class NumberingSchema(BodySchema):
    auto_generate = Flag()
    prefix_string = Text(20)
    next_number = Text(15)
    start_at = Whole(least=0)


NUMBERING = NumberingSchema()


@bp.get("/settings/preferences")
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
    return success(preferences=PREFERENCES, customfields=fields, placeholders_address_format={})


@bp.get("/settings/<any(invoices,estimates):module>")
@needs("settings.READ")
def show_numbering(module: str) -> Response:
    return success(**_shown(module))


@bp.put("/settings/<any(invoices,estimates):module>")
@needs("settings.UPDATE", admin=True)
def save_numbering(module: str) -> Response:
    """Where the numbers of a kind of document go on; a number that is taken by then is passed over."""
    series = series_of(module)
    body = NUMBERING.load(json_body())
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
    db.session.flush()
    return success("Your preferences have been saved.", **_shown(module))


def _shown(module: str) -> dict[str, Any]:
    series = series_of(module)
    return {
        f"{module[:-1]}_settings": {
            **DOCUMENT_SETTINGS,
            "auto_generate": series.auto_generate,
            "prefix_string": series.prefix,
            "start_at": series.next_number,
            "next_number": f"{series.next_number:0{series.width}d}",
        }
    }
