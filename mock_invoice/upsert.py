"""Writing by a unique custom field: X-Unique-Identifier-Key, -Value and X-Upsert (invoice-api.md §3.1).

The value is what makes a create safe to repeat: two requests with the same key and value never make two records.
"""

from typing import Any

from flask import request
from sqlalchemy.orm.exc import StaleDataError

from mock_invoice.access import current_organization
from mock_invoice.errors import InvalidValue, NotFound
from mock_invoice.settings.custom_field_model import VALUE_LIMIT
from mock_invoice.settings.custom_fields import fields_of, holder_of
from mock_invoice.state import FieldFacts

KEY, VALUE, UPSERT = "X-Unique-Identifier-Key", "X-Unique-Identifier-Value", "X-Upsert"


def holder_by_header(entity: str, body: dict[str, Any], thing: str) -> int | None:
    """The record that the headers name, or None when one is to be made; the body then carries the value.

    Raises:
        InvalidValue: no such unique field, or no value.
        NotFound: there is no such record, and X-Upsert does not allow to make it.
    """
    field = _unique_field(entity, request.headers.get(KEY, ""))
    value = request.headers.get(VALUE, "").strip()
    if not value or len(value) > VALUE_LIMIT or not value.isprintable():
        raise InvalidValue(VALUE)
    holder_id = holder_of(field, value)
    if holder_id is not None:
        return holder_id
    if request.headers.get(UPSERT, "").lower() != "true":
        raise NotFound(thing)
    given = body.get("custom_fields")
    if given is not None and not isinstance(given, list):
        raise InvalidValue("custom_fields")
    others = [one for one in given or [] if not _names(field, one)]
    body["custom_fields"] = [*others, {"customfield_id": str(field.id), "value": value}]
    return None


def _unique_field(entity: str, api_name: str) -> FieldFacts:
    for field in fields_of(current_organization().id, entity):
        if field.api_name == api_name and field.is_unique:
            return field
    raise InvalidValue(KEY)


def _names(field: FieldFacts, entry: Any) -> bool:
    """Whether an entry of the body is about the key's field, whose value the header has said already."""
    return isinstance(entry, dict) and (
        entry.get("api_name") == field.api_name or str(entry.get("customfield_id")) == str(field.id)
    )


def try_again(reason: Exception) -> StaleDataError:
    """What to raise when an index found a rival's row that was not there a moment ago: the chassis runs the request
    again, and the second time it sees the row and updates it or refuses in words."""
    return StaleDataError(str(reason))
