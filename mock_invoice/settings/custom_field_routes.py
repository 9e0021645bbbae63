"""The doors of custom field definitions. Ours: the vendor has no public API for them (invoice-api.md §8.5)."""

import re
from typing import Any

from flask import Blueprint, Response, request

from mock_invoice.access import current_organization, needs
from mock_invoice.database import db
from mock_invoice.envelope import created, success
from mock_invoice.errors import InvalidValue, MissingValue, NameTaken, TooManyCustomFields
from mock_invoice.fields import BodySchema, Choice, Flag, RawList, Text, plain_text
from mock_invoice.find import find
from mock_invoice.openapi.words import DONE, sent, told
from mock_invoice.parsing import json_body
from mock_invoice.settings.custom_field_model import CustomField
from mock_invoice.settings.custom_fields import (
    DATA_TYPES,
    ENTITIES,
    FIELD_LIMIT,
    fields_of,
    new_field,
)
from mock_invoice.state import FieldFacts
from simulator.openapi import Parameter, documented
from simulator.shapes import array_of, choice

bp = Blueprint("custom_fields", __name__)

API_NAME = re.compile(r"cf_[a-z0-9_]{1,97}")
OPTION_LIMIT = 100


MODULE = Parameter("module", "Only the fields of this kind of record.", choice(*ENTITIES))


class CustomFieldSchema(BodySchema):
    module = Choice(ENTITIES)
    label = Text(100)
    api_name = Text(100)
    data_type = Choice(DATA_TYPES)
    options = RawList(metadata={"type": "array", "items": {"type": "string"}})
    is_unique = Flag()
    is_hidden = Flag()
    show_on_pdf = Flag()


CUSTOM_FIELD = CustomFieldSchema()


def field_row(field: CustomField | FieldFacts) -> dict[str, Any]:
    return {
        "customfield_id": str(field.id),
        "field_id": str(field.id),
        "module": field.entity,
        "label": field.label,
        "api_name": field.api_name,
        "data_type": field.data_type,
        "index": field.index,
        "options": field.options,
        "is_unique": field.is_unique,
        "is_hidden": field.is_hidden,
        "show_on_pdf": field.show_on_pdf,
        "show_in_all_pdf": field.show_on_pdf,
        "is_active": True,
    }


@bp.get("/settings/customfields")
@documented(MODULE, _200=told(customfields=array_of("CustomField")))
@needs("settings.READ")
def list_fields() -> Response:
    """All fields, or those of `?module=`; hidden ones too, marked so."""
    module = request.args.get("module") or request.args.get("entity")
    if module and module not in ENTITIES:
        raise InvalidValue("module")
    organization_id = current_organization().id
    wanted = (module,) if module else ENTITIES
    found = [field_row(field) for entity in wanted for field in fields_of(organization_id, entity)]
    return success(customfields=found)


@bp.get("/settings/customfields/<field_id>")
@documented(_200=told(customfield="CustomField"))
@needs("settings.READ")
def get_field(field_id: str) -> Response:
    return success(customfield=field_row(find(CustomField, field_id, "Custom field")))


@bp.post("/settings/customfields")
@documented(
    body=sent(CUSTOM_FIELD, "module", "label"),
    _200=told(customfield="CustomField"),
    _201=told(customfield="CustomField"),
)
@needs("settings.CREATE", admin=True)
def add_field() -> Response:
    """Adds a field. One of the same api_name is answered as it is, so that a connector may ask each time."""
    body = CUSTOM_FIELD.load(json_body())
    if not body.get("module"):
        raise MissingValue("module")
    if not body.get("label"):
        raise MissingValue("label")
    organization_id = current_organization().id
    present = fields_of(organization_id, body["module"])
    api_name = body.get("api_name") or _api_name_of(body["label"])
    if not API_NAME.fullmatch(api_name):
        raise InvalidValue("api_name")
    for field in present:
        if field.api_name == api_name:
            return success(customfield=field_row(field))
    _refuse_taken_label(present, body["label"])
    _refuse_eleventh(present, body)
    facts = {key: body.get(key, False) for key in ("is_unique", "is_hidden", "show_on_pdf")}
    facts["data_type"] = body.get("data_type") or "text"
    facts["options"] = _options(body)
    field = new_field(organization_id, body["module"], label=body["label"], api_name=api_name, **facts)
    message = "The custom field has been added."
    return created(message, "settings/customfields", field.id, customfield=field_row(field))


def _api_name_of(label: str) -> str:
    return "cf_" + (re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_") or "field")[:90]


def _refuse_taken_label(present: Any, label: str, own_id: int | None = None) -> None:
    if any(field.label == label and field.id != own_id for field in present):
        raise NameTaken("custom field", label)


def _refuse_eleventh(present: Any, body: dict[str, Any]) -> None:
    """Ten at most (C9); fields that integrations hide from people do not count."""
    if not body.get("is_hidden") and sum(not field.is_hidden for field in present) >= FIELD_LIMIT:
        raise TooManyCustomFields(FIELD_LIMIT)


def _options(body: dict[str, Any]) -> list[str]:
    options = [plain_text(one, "options") for one in body.get("options") or []]
    if len(options) > OPTION_LIMIT or (body.get("data_type") == "dropdown" and not options):
        raise InvalidValue("options")
    return options


@bp.put("/settings/customfields/<field_id>")
@documented(body=sent(CUSTOM_FIELD), _200=told(customfield="CustomField"))
@needs("settings.UPDATE", admin=True)
def save_field(field_id: str) -> Response:
    """Label, options and whether it is printed; name, type and uniqueness are what values stand on."""
    field = find(CustomField, field_id, "Custom field")
    body = CUSTOM_FIELD.load(json_body())
    if label := body.get("label"):
        _refuse_taken_label(fields_of(field.organization_id, field.entity), label, field.id)
        field.label = label
    if body.get("options"):
        field.options = _options(body)
    if "show_on_pdf" in body:
        field.show_on_pdf = body["show_on_pdf"]
    db.session.flush()
    return success("The custom field has been saved.", customfield=field_row(field))


@bp.delete("/settings/customfields/<field_id>")
@documented(_200=DONE)
@needs("settings.DELETE", admin=True)
def remove_field(field_id: str) -> Response:
    """Deletes a field with the values in it."""
    db.session.delete(find(CustomField, field_id, "Custom field"))
    return success("The custom field has been deleted.")
