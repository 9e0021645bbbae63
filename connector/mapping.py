"""Field mapping between the two products: pure, field by field, with no look-ups (invoice-api.md §10.3).

A pair's *canonical* values are what both sides are compared in, so that formatting is never a change: text is trimmed
and composed, empty is "", numbers are exact, a missing flag is false.
"""

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from connector.fields import NAME_FIELD, PERSON_FIELDS, TAKES_BACK, Kind, Pair, kind_of

Values = Mapping[str, Any]


def canonical(value: Any, kind: Kind) -> Any:
    """A value in the space both sides are compared in.

    Raises:
        ValueError: when the value cannot be read as its kind.
    """
    if kind == "flag":
        return bool(value)
    if kind == "number":
        return _number(value)
    if isinstance(value, Mapping):  # a lookup: its name stands for it
        value = value.get("name")
    if isinstance(value, list):
        value = ", ".join(str(part) for part in value)
    if value is None:
        return ""
    if isinstance(value, Decimal):
        value = format(value, "f")
    return unicodedata.normalize("NFC", str(value)).replace("\r\n", "\n").strip()


def _number(value: Any) -> Decimal:
    if value is None or value == "":
        return Decimal(0)
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f"{value!r} is not a number") from None
    return number.normalize() + 0


def from_crm(entity: str, mapping: Iterable[Pair], record: Mapping[str, Any]) -> Values:
    """A CRM record as canonical values by Invoice field."""
    return {pair.invoice: canonical(record.get(pair.crm), kind_of(entity, pair.invoice)) for pair in mapping}


def from_invoice(entity: str, mapping: Iterable[Pair], record: Mapping[str, Any]) -> Values:
    """The mapped fields of an Invoice record as canonical values."""
    if entity == "customer":
        record = _with_primary_person(record)
    return {pair.invoice: canonical(value_at(record, pair.invoice), kind_of(entity, pair.invoice)) for pair in mapping}


def person_facts(record: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a customer's primary person."""
    persons = record.get("contact_persons") or ()
    primary: Mapping[str, Any] = next((person for person in persons if person.get("is_primary_contact")), {})
    return {name: primary.get(name, "") for name in PERSON_FIELDS}


def _with_primary_person(record: Mapping[str, Any]) -> dict[str, Any]:
    """A customer with the facts of his primary person; where there is no last name the customer's stands in (C2)."""
    facts = person_facts(record)
    return {**record, **facts, "last_name": facts["last_name"] or record.get("contact_name", "")}


def value_at(record: Mapping[str, Any], path: str) -> Any:
    """A field of an Invoice record as the API tells it."""
    if path == "is_active":
        return record.get("status") == "active"
    if path.startswith("cf_"):
        rows = record.get("custom_fields") or []
        return next((row.get("value") for row in rows if row.get("api_name") == path), None)
    value: Any = record
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def to_body(values: Mapping[str, Any]) -> dict[str, Any]:
    """Canonical values as a body of the Invoice API. The active state is no field there: it has doors of its own."""
    body: dict[str, Any] = {}
    for path, value in values.items():
        if path == "is_active":
            continue
        if path.startswith("cf_"):
            body.setdefault("custom_fields", []).append({"api_name": path, "value": value})
            continue
        *parents, last = path.split(".")
        place = body
        for parent in parents:
            place = place.setdefault(parent, {})
        place[last] = value
    return body


def to_crm(mapping: Iterable[Pair], values: Mapping[str, Any]) -> dict[str, Any]:
    """Canonical values as a record of the CRM API; an empty text clears its field."""
    return {
        pair.crm: values[pair.invoice] if values[pair.invoice] != "" else None
        for pair in mapping
        if pair.invoice in values
    }


def one_way(entity: str, mapping: Iterable[Pair], crm_types: Mapping[str, str]) -> frozenset[str]:
    """The mapped Invoice fields whose values cannot travel back: the CRM's type would not take what Invoice has.

    Args:
        crm_types: the data type of each CRM field that can be written.
    """
    return frozenset(
        pair.invoice for pair in mapping if crm_types.get(pair.crm) not in TAKES_BACK[kind_of(entity, pair.invoice)]
    )


def with_suffix(entity: str, values: Values, suffix: str) -> Values:
    """The values of a clone: its name carries the link's suffix, e.g. ` (2)` (requirement C3)."""
    if not suffix:
        return values
    return {**values, NAME_FIELD[entity]: f"{values[NAME_FIELD[entity]]}{suffix}"}


def without_suffix(entity: str, values: Values, suffix: str) -> Values:
    """The values of a clone as its original has them: the suffix never travels back."""
    field = NAME_FIELD[entity]
    if not suffix or field not in values:
        return values
    return {**values, field: str(values[field]).removesuffix(suffix)}


def name_key(name: str) -> str:
    """What makes two names the same: case and surrounding space do not count (requirement C3)."""
    return " ".join(unicodedata.normalize("NFC", name).split()).casefold()


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> Values:
    """The fields of `after` whose value is not what `before` has."""
    return {name: value for name, value in after.items() if name not in before or before[name] != value}


def version_of(mapping: Iterable[Pair]) -> str:
    """A short print of a mapping; a link whose baseline was made by another one is compared anew."""
    return hashlib.sha256(repr([(pair.crm, pair.invoice) for pair in mapping]).encode()).hexdigest()[:16]
