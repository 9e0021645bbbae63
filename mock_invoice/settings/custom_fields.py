"""Custom fields of contacts, items, documents and payments, and the values that records have in them.

The vendor documents no API for their definitions, so the routes for those are ours (settings/custom_field_routes.py);
values travel in `custom_fields` as the vendor writes them (invoice-api.md §3.2, §8.5). A contact may have at most ten
fields; hidden ones, made by an integration, are not among the ten.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, delete, insert, select

from mock_invoice import state
from mock_invoice.access import current_organization
from mock_invoice.database import AboutRecords, db
from mock_invoice.envelope import shown_day
from mock_invoice.errors import InvalidValue, TooLong, ValueTaken
from mock_invoice.fields import id_of, plain_text
from mock_invoice.parsing import day_of
from mock_invoice.settings.custom_field_model import VALUE_LIMIT, CustomField, CustomFieldValue
from mock_invoice.state import FieldFacts
from simulator import ids, money, wire

ENTITIES = ("contact", "item", "estimate", "salesorder", "invoice", "creditnote", "customer_payment")
FIELD_LIMIT = 10
NUMBER_TYPES = ("number", "decimal", "amount")
DATA_TYPES = ("text", "multiline", *NUMBER_TYPES, "date", "check_box", "dropdown", "email", "url", "phone")


#: Values as a record shows them.
Shown = list[dict[str, Any]]
#: Values as they are stored: record, field, text.
ValueRows = tuple[tuple[int, int, str], ...]


_value_table = CustomFieldValue.__table__
_HOLDER = select(_value_table.c.holder_id).where(
    _value_table.c.field_id == bindparam("field_id"), _value_table.c.unique_key == bindparam("unique_key")
)
_VALUES = AboutRecords(
    lambda among: select(_value_table.c.holder_id, _value_table.c.field_id, _value_table.c.value).where(
        among(_value_table.c.holder_id)
    )
)


def fields_of(organization_id: int, entity: str) -> Sequence[FieldFacts]:
    """The fields of a kind of record, in their order."""
    return state.current().fields_of(organization_id, entity)


def save_values(holder: Any, entity: str, given: list[Any] | None) -> None:
    """Stores the values a body gives; fields it does not name keep theirs, an empty value removes one.

    Raises:
        InvalidValue: an unknown field or a value that does not fit its type.
        ValueTaken: another record has this value of a unique field.
    """
    if not given:
        return
    values = _read_all(holder.organization_id, entity, given)
    db.session.execute(
        delete(CustomFieldValue).where(
            CustomFieldValue.holder_id == holder.id, CustomFieldValue.field_id.in_([field.id for field in values])
        )
    )
    _insert(entity, holder.id, values)


def first_values(holder: Any, entity: str, given: list[Any] | None) -> list[dict[str, Any]]:
    """Stores the values of a new record, which has none yet, and shows them."""
    values = _read_all(holder.organization_id, entity, given or [])
    _insert(entity, holder.id, values)
    return [_shown(field, _facts(field), value) for field, value in values.items() if value]


def _read_all(organization_id: int, entity: str, given: list[Any]) -> dict[FieldFacts, str]:
    """What a body gives, by field, in the fields' order."""
    if not given:
        return {}
    known = fields_of(organization_id, entity)
    values = {field: _read(field, entry) for entry in given for field in [_named(known, entry)]}
    return {field: values[field] for field in known if field in values}


def _insert(entity: str, holder_id: int, values: dict[FieldFacts, str]) -> None:
    rows = [_row(field, entity, holder_id, value) for field, value in values.items() if value]
    if rows:
        db.session.execute(insert(_value_table), rows)


def _row(field: FieldFacts, entity: str, holder_id: int, value: str) -> dict[str, Any]:
    if field.is_unique and (other := holder_of(field, value)) not in (None, holder_id):
        raise ValueTaken(field.label, value, other or 0)
    unique_key = value if field.is_unique else None
    return {"holder_id": holder_id, "field_id": field.id, "entity": entity, "value": value, "unique_key": unique_key}


def _named(known: Sequence[FieldFacts], entry: Any) -> FieldFacts:
    """The field that an entry of a body means: by id, api_name, label or, the oldest form, index (§3.2)."""
    if not isinstance(entry, dict):
        raise InvalidValue("custom_fields")
    for field in known:
        if "customfield_id" in entry:
            is_meant = id_of(entry["customfield_id"], "customfield_id") == field.id
        elif "api_name" in entry:
            is_meant = entry["api_name"] == field.api_name
        elif "label" in entry:
            is_meant = entry["label"] == field.label
        else:
            is_meant = not field.is_hidden and str(entry.get("index")) == str(field.index)
        if is_meant:
            return field
    raise InvalidValue("custom_fields")


def _read(field: FieldFacts, entry: dict[str, Any]) -> str:
    """An entry's value as it is stored: text, by the rules of the field's type."""
    value = entry.get("value", "")
    if value is None or value == "":
        return ""
    if field.data_type == "check_box":
        if value not in (True, False, "true", "false"):
            raise InvalidValue(field.label)
        return "true" if value in (True, "true") else "false"
    text_value = plain_text(value, field.label)
    if len(text_value) > VALUE_LIMIT:
        raise TooLong(field.label, VALUE_LIMIT)
    if field.data_type in NUMBER_TYPES:
        return _number(field, text_value)
    if field.data_type == "date":
        return day_of(text_value, field.label).isoformat()
    if field.data_type == "dropdown" and text_value not in field.options:
        raise InvalidValue(field.label)
    return text_value


def _number(field: FieldFacts, value: str) -> str:
    try:
        number = money.amount(value)
    except ValueError:
        raise InvalidValue(field.label) from None
    if field.data_type == "number" and number != int(number):
        raise InvalidValue(field.label)
    return wire.plain(number)


def holder_of(field: FieldFacts, value: str) -> int | None:
    """The record that has this value of a unique field."""
    return db.session.scalar(_HOLDER, {"field_id": field.id, "unique_key": value})


def drop_values(holder_id: int) -> None:
    """Forgets the values of a record that is being deleted."""
    db.session.execute(delete(CustomFieldValue).where(CustomFieldValue.holder_id == holder_id))


def values_of(entity: str, holder_ids: Iterable[int]) -> dict[int, Shown]:
    """The values of some records of a kind as documents show them, by record (§8.5)."""
    return shown_values(entity, value_rows(entity, holder_ids))


def value_rows(entity: str, holder_ids: Iterable[int]) -> ValueRows:
    """The same as it is stored."""
    return tuple(_VALUES.rows(holder_ids)) if fields_of(current_organization().id, entity) else ()


def shown_values(entity: str, rows: ValueRows) -> dict[int, Shown]:
    found: dict[int, Shown] = defaultdict(list)
    if not rows:
        return found
    fields = fields_of(current_organization().id, entity)
    facts = {field.id: (place, field, _facts(field)) for place, field in enumerate(fields)}
    for holder_id, field_id, value in sorted(rows, key=lambda row: facts[row[1]][0]):
        _, field, shown = facts[field_id]
        found[holder_id].append(_shown(field, shown, value))
    return found


def _shown(field: FieldFacts, facts: dict[str, Any], value: str) -> dict[str, Any]:
    return {**facts, "value": _typed(field, value), "value_formatted": _formatted(field, value)}


def _facts(field: FieldFacts) -> dict[str, Any]:
    """What a value shows of its field, the same for all values of a page."""
    return {
        "customfield_id": str(field.id),
        "field_id": str(field.id),
        "api_name": field.api_name,
        "placeholder": field.api_name,
        "label": field.label,
        "index": field.index,
        "data_type": field.data_type,
        "is_active": True,
        "is_hidden": field.is_hidden,
        "show_on_pdf": field.show_on_pdf,
        "show_in_all_pdf": field.show_on_pdf,
        "search_entity": field.entity,
    }


def _formatted(field: FieldFacts, value: str) -> str:
    return shown_day(date.fromisoformat(value)) if field.data_type == "date" else value


def _typed(field: FieldFacts, value: str) -> Any:
    if field.data_type == "check_box":
        return value == "true"
    return Decimal(value) if field.data_type in NUMBER_TYPES else value


def as_hash(shown: list[dict[str, Any]]) -> dict[str, Any]:
    """`custom_field_hash`: each field twice, as people read it and as it is stored. [MEM] for the content."""
    pairs: dict[str, Any] = {}
    for one in shown:
        pairs[one["api_name"]] = one["value_formatted"]
        pairs[f"{one['api_name']}_unformatted"] = one["value"]
    return pairs


def new_field(organization_id: int, entity: str, **facts: Any) -> CustomField:
    """Adds a field at the first free place of the ten, or at place 0 when it is hidden."""
    taken = {field.index for field in fields_of(organization_id, entity)}
    index = 0 if facts.get("is_hidden") else next(place for place in range(1, 10_000) if place not in taken)
    field = CustomField(id=ids.new_id(), organization_id=organization_id, entity=entity, index=index, **facts)
    db.session.add(field)
    db.session.flush()
    return field
