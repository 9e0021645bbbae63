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

from flask import g
from sqlalchemy import ForeignKey, Index, String, Text, bindparam, delete, insert, select, text
from sqlalchemy.orm import Mapped, mapped_column

from mock_invoice.database import Base, Json, Key, db
from mock_invoice.envelope import shown_day
from mock_invoice.errors import InvalidValue, TooLong, ValueTaken
from mock_invoice.fields import id_of, plain_text
from mock_invoice.parsing import day_of
from simulator import ids, money, wire

ENTITIES = ("contact", "item", "estimate", "salesorder", "invoice", "creditnote", "customer_payment")
FIELD_LIMIT = 10
VALUE_LIMIT = 500
NUMBER_TYPES = ("number", "decimal", "amount")
DATA_TYPES = ("text", "multiline", *NUMBER_TYPES, "date", "check_box", "dropdown", "email", "url", "phone")


#: Values as a record shows them.
Shown = list[dict[str, Any]]


class CustomField(Base):
    """The definition of a field that an organization added to a kind of record."""

    __table_args__ = (Index("uq_custom_field_name", "organization_id", "entity", "api_name", unique=True),)

    organization_id: Mapped[int] = mapped_column(Key, ForeignKey("organization.id"))
    entity: Mapped[str] = mapped_column(String(20))
    label: Mapped[str] = mapped_column(String(100))
    api_name: Mapped[str] = mapped_column(String(100))
    data_type: Mapped[str] = mapped_column(String(20), default="text")
    index: Mapped[int] = mapped_column("position")
    options: Mapped[list[str]] = mapped_column(Json)
    is_unique: Mapped[bool] = mapped_column(default=False)
    is_hidden: Mapped[bool] = mapped_column(default=False)
    show_on_pdf: Mapped[bool] = mapped_column(default=False)


class CustomFieldValue(db.Model):  # type: ignore[name-defined]
    """One record's value in one field.

    Rows are replaced, never changed in place, and only together with their holder, whose version is checked. A value
    of a unique field stands in `unique_key` too, where an index lets it in once.
    """

    __table_args__ = (
        Index(
            "uq_custom_field_value",
            "field_id",
            "unique_key",
            unique=True,
            sqlite_where=text("unique_key IS NOT NULL"),
            postgresql_where=text("unique_key IS NOT NULL"),
        ),
        Index("ix_custom_field_value", "field_id", "value"),
    )

    holder_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    field_id: Mapped[int] = mapped_column(Key, ForeignKey("custom_field.id", ondelete="CASCADE"), primary_key=True)
    entity: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(Text)
    unique_key: Mapped[str | None] = mapped_column(String(VALUE_LIMIT))


_FIELDS = (
    select(CustomField)
    .where(CustomField.organization_id == bindparam("organization_id"), CustomField.entity == bindparam("entity"))
    .order_by(CustomField.index, CustomField.id)
)
_value_table = CustomFieldValue.__table__
_HOLDER = select(_value_table.c.holder_id).where(
    _value_table.c.field_id == bindparam("field_id"), _value_table.c.unique_key == bindparam("unique_key")
)
_VALUES = select(_value_table.c.holder_id, _value_table.c.field_id, _value_table.c.value).where(
    _value_table.c.holder_id.in_(bindparam("holder_ids", expanding=True))
)
_FIELDS_BY_ID = (
    select(CustomField)
    .where(CustomField.id.in_(bindparam("field_ids", expanding=True)))
    .order_by(CustomField.index, CustomField.id)
)


def fields_of(organization_id: int, entity: str) -> Sequence[CustomField]:
    """The fields of a kind of record, in their order; asked for once a request."""
    known: dict[tuple[int, str], Sequence[CustomField]] = g.custom_fields
    if (organization_id, entity) not in known:
        names = {"organization_id": organization_id, "entity": entity}
        known[organization_id, entity] = db.session.scalars(_FIELDS, names).all()
    return known[organization_id, entity]


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


def _read_all(organization_id: int, entity: str, given: list[Any]) -> dict[CustomField, str]:
    """What a body gives, by field, in the fields' order."""
    if not given:
        return {}
    known = fields_of(organization_id, entity)
    values = {field: _read(field, entry) for entry in given for field in [_named(known, entry)]}
    return {field: values[field] for field in known if field in values}


def _insert(entity: str, holder_id: int, values: dict[CustomField, str]) -> None:
    rows = [_row(field, entity, holder_id, value) for field, value in values.items() if value]
    if rows:
        db.session.execute(insert(_value_table), rows)


def _row(field: CustomField, entity: str, holder_id: int, value: str) -> dict[str, Any]:
    if field.is_unique and (other := holder_of(field, value)) not in (None, holder_id):
        raise ValueTaken(field.label, value, other or 0)
    unique_key = value if field.is_unique else None
    return {"holder_id": holder_id, "field_id": field.id, "entity": entity, "value": value, "unique_key": unique_key}


def _named(known: Sequence[CustomField], entry: Any) -> CustomField:
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


def _read(field: CustomField, entry: dict[str, Any]) -> str:
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


def _number(field: CustomField, value: str) -> str:
    try:
        number = money.amount(value)
    except ValueError:
        raise InvalidValue(field.label) from None
    if field.data_type == "number" and number != int(number):
        raise InvalidValue(field.label)
    return wire.plain(number)


def holder_of(field: CustomField, value: str) -> int | None:
    """The record that has this value of a unique field."""
    return db.session.scalar(_HOLDER, {"field_id": field.id, "unique_key": value})


def drop_values(holder_id: int) -> None:
    """Forgets the values of a record that is being deleted."""
    db.session.execute(delete(CustomFieldValue).where(CustomFieldValue.holder_id == holder_id))


def values_of(holder_ids: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """The values of some records as documents show them, by record (§8.5)."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    wanted = list(holder_ids)
    rows = db.session.execute(_VALUES, {"holder_ids": wanted}).all() if wanted else []
    if not rows:
        return found
    fields = db.session.scalars(_FIELDS_BY_ID, {"field_ids": list({row.field_id for row in rows})}).all()
    facts = {field.id: (place, field, _facts(field)) for place, field in enumerate(fields)}
    for holder_id, field_id, value in sorted(rows, key=lambda row: facts[row.field_id][0]):
        _, field, shown = facts[field_id]
        found[holder_id].append(_shown(field, shown, value))
    return found


def _shown(field: CustomField, facts: dict[str, Any], value: str) -> dict[str, Any]:
    return {**facts, "value": _typed(field, value), "value_formatted": _formatted(field, value)}


def _facts(field: CustomField) -> dict[str, Any]:
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


def _formatted(field: CustomField, value: str) -> str:
    return shown_day(date.fromisoformat(value)) if field.data_type == "date" else value


def _typed(field: CustomField, value: str) -> Any:
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
    g.custom_fields = {}
    return field
