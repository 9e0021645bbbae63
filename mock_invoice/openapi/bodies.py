"""What the fields of bodies take, in words of JSON schema; apispec asks for each field of a schema.

Null stands for an unset value everywhere. That ids and numbers may come as texts too is said once for all, in the
document's introduction.
"""

from decimal import Decimal
from functools import singledispatch
from typing import Any

from marshmallow.fields import Field

from mock_invoice import fields
from mock_invoice.openapi.words import MAYBE_ID
from simulator.shapes import FLAG, NULL, NUMBER, TEXT, Shape, array_of, either, or_null

_EMAIL: Shape = {"type": "string", "format": "email"}
_PERCENT: Shape = {"type": "string", "pattern": r"^[0-9]{1,2}(\.[0-9]{1,2})?%$", "examples": ["10%"]}
_DATE: Shape = {"type": "string", "format": "date"}


@singledispatch
def words_of(field: Field[Any]) -> Shape | None:
    """The JSON schema of a field; None where apispec knows it, or the field says it of itself in its metadata."""
    return None


@words_of.register
def _(field: fields.Text) -> Shape:
    return or_null({"type": "string", "maxLength": field.limit})


@words_of.register
def _(field: fields.Choice) -> Shape:
    return {"type": ["string", "null"], "enum": [*sorted(field.words), "", None]}


@words_of.register
def _(field: fields.Amount) -> Shape:
    return or_null({**NUMBER, "minimum": _number(field.least), "maximum": _number(field.most)})


@words_of.register
def _(field: fields.Whole) -> Shape:
    return or_null({"type": "integer", "minimum": field.least, "maximum": field.most})


def _number(bound: Decimal) -> float:
    return int(bound) if bound == int(bound) else float(bound)


@words_of.register
def _(field: fields.Id) -> Shape:
    return or_null(MAYBE_ID)


@words_of.register
def _(field: fields.Flag) -> Shape:
    return or_null(FLAG)


@words_of.register
def _(field: fields.Day) -> Shape:
    return or_null(_DATE)


@words_of.register
def _(field: fields.Discount) -> Shape:
    return either({**NUMBER, "minimum": 0}, _PERCENT, NULL)


@words_of.register
def _(field: fields.Many) -> Shape:
    return {"anyOf": [{"type": "array", "items": field.schema, "maxItems": field.most}, NULL]}


@words_of.register
def _(field: fields.One) -> Shape:
    return {"anyOf": [field.schema, NULL]}


@words_of.register
def _(field: fields.Ids) -> Shape:
    return either(array_of(MAYBE_ID, 200), NULL)


@words_of.register
def _(field: fields.Emails) -> Shape:
    return either(array_of(_EMAIL, 50), NULL)


@words_of.register
def _(field: fields.RawList) -> Shape | None:
    """Values of custom fields, unless the field says what else it is."""
    return None if field.metadata else either(array_of("FieldValueToSend", 200), NULL)


#: A value of a custom field; the field is named in one of four ways (invoice-api.md §3.2).
FIELD_VALUE: Shape = {
    "type": "object",
    "description": "A value of a custom field, which is named by its id, its api_name, its label or its place.",
    "properties": {
        "customfield_id": MAYBE_ID,
        "api_name": TEXT,
        "label": TEXT,
        "index": {"type": "integer", "minimum": 1},
        "value": either(TEXT, NUMBER, FLAG, NULL),
    },
}
