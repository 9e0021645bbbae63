"""Values of fields: how they come in, how they are kept, how they go out (crm-api.md §3.3).

Kept forms are plain JSON that SQL can compare exactly: amounts as whole units of the field's last decimal place,
moments as seconds since 1970, references as ids, everything else as on the wire. Empty values are not kept.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from mock_crm.envelope import id_of, seconds_of
from mock_crm.metadata.catalog import ROW_TYPES, Field
from simulator import wire

LARGEST_DIGITS = 16
LONGEST_TAX = 120
MOST_TAXES = 20
#: The taxes of a whole quote, order or invoice; no field of the metadata, but read, kept and shown like one.
HEADER_TAX = "$line_tax"
#: Percentages of taxes are kept in thousandths.
TAX_SCALE = 1_000
_EMAIL = re.compile(r"[^@\s\"(),:;<>\[\]\\]+@[^@\s\"(),:;<>\[\]\\]+\.[^@\s\"(),:;<>\[\]\\.]+")
_PHONE = re.compile(r"[0-9A-Za-z+()./,;#*: \-]+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class Unfit(Exception):
    """A value does not fit its field; the details are those of INVALID_DATA."""

    def __init__(self, **details: Any) -> None:
        super().__init__(details)
        self.details = details


@dataclass(frozen=True)
class ByName:
    """A reference that was given by the name of its target."""

    name: str


def taken(field: Field, given: Any) -> Any:
    """The kept form of what a client sent; None clears the field.

    Raises:
        Unfit: when it is of the wrong type, too long or out of range.
    """
    if given is None or given == "":
        return None
    return _TAKERS[field.data_type](field, given)


def _text(field: Field, given: Any) -> str | None:
    if not isinstance(given, str) or "\0" in given:
        raise Unfit(expected_data_type=field.data_type)
    if len(given) > field.length:
        raise Unfit(maximum_length=field.length)
    return given if given.strip() else None


def _email(field: Field, given: Any) -> str | None:
    text = _text(field, given)
    if text is None:
        return None
    if not _EMAIL.fullmatch(text.strip()):
        raise Unfit(expected_data_type="email")
    return text.strip()


def _phone(field: Field, given: Any) -> str | None:
    """From memory: the vendor checks telephone numbers by a pattern; which signs it lets through is approximate."""
    text = _text(field, given)
    if text is not None and not _PHONE.fullmatch(text):
        raise Unfit(expected_data_type="phone")
    return text


def _picklist(field: Field, given: Any) -> str | None:
    text = _text(field, given)
    if text is None or text == "-None-":
        return None
    return field.actual_by_spelling.get(text, text)


def _choices(field: Field, given: Any) -> list[str] | None:
    if not isinstance(given, list):
        raise Unfit(expected_data_type="jsonarray")
    return [text for item in given if (text := _picklist(field, item)) is not None] or None


def _integer(field: Field, given: Any) -> int:
    number = _whole(given)
    if number is None:
        raise Unfit(expected_data_type="integer")
    if abs(number) >= 10**field.length:
        raise Unfit(maximum_length=field.length)
    return number


def _whole(given: Any) -> int | None:
    if isinstance(given, bool):
        return None
    if isinstance(given, int):
        return given
    if isinstance(given, Decimal) and given.adjusted() < LARGEST_DIGITS and given == given.to_integral_value():
        return int(given)
    return None


def _bigint(field: Field, given: Any) -> int:
    """A string of digits on the wire (crm-api.md §3.3)."""
    text = str(given) if isinstance(given, int) and not isinstance(given, bool) else given
    if not isinstance(text, str) or not re.fullmatch(r"-?[0-9]+", text):
        raise Unfit(expected_data_type="bigint")
    if len(text.lstrip("-")) > min(field.length, 18):
        raise Unfit(maximum_length=min(field.length, 18))
    return int(text)


def _scaled(field: Field, given: Any) -> int:
    """An amount, rounded half up to the field's decimal places."""
    if isinstance(given, bool) or not isinstance(given, int | Decimal):
        raise Unfit(expected_data_type="double")
    number = Decimal(given)
    if number.adjusted() >= LARGEST_DIGITS - (field.decimal_place or 0):
        raise Unfit(maximum_length=field.length)
    return int((number * field.scale).to_integral_value(ROUND_HALF_UP))


def _boolean(field: Field, given: Any) -> bool | None:
    if not isinstance(given, bool):
        raise Unfit(expected_data_type="boolean")
    return given or None


def _date(field: Field, given: Any) -> str:
    try:
        if not isinstance(given, str) or not _DATE.fullmatch(given):
            raise ValueError
        return date.fromisoformat(given).isoformat()
    except ValueError:
        raise Unfit(expected_data_type="date") from None


def _moment(field: Field, given: Any) -> int:
    seconds = seconds_of(given) if isinstance(given, str) and "T" in given else None
    if seconds is None or not 0 <= seconds < 2**40:
        raise Unfit(expected_data_type="datetime")
    return seconds


def _reference(field: Field, given: Any) -> int | ByName:
    """`{"id"}`, or the plain id as older clients send it; some lookups take `{"name"}` too (crm-api.md §3.3)."""
    if isinstance(given, dict):
        if given.get("id") is None and isinstance(given.get("name"), str) and given["name"].strip():
            return ByName(given["name"].strip())
        number = id_of(given.get("id"))
    else:
        number = id_of(given)
    if number is None:
        raise Unfit(expected_data_type="jsonobject") if not isinstance(given, dict) else Unfit(of_id=True)
    return number


def taxes(field: Field | None, given: Any) -> list[dict[str, Any]] | None:
    """Taxes of a line or a document: name and percentage, kept in thousandths of a percent."""
    if not isinstance(given, list):
        raise Unfit(expected_data_type="jsonarray")
    taken_up: list[dict[str, Any]] = []
    for tax in given:
        if not isinstance(tax, dict):
            raise Unfit(expected_data_type="jsonobject")
        name, percentage = tax.get("name"), tax.get("percentage")
        if not isinstance(name, str) or not name.strip() or len(name) > LONGEST_TAX:
            raise Unfit(expected_data_type="text")
        if isinstance(percentage, bool) or not isinstance(percentage, int | Decimal) or not 0 <= percentage <= 100:
            raise Unfit(expected_data_type="double")
        units = int((Decimal(percentage) * TAX_SCALE).to_integral_value(ROUND_HALF_UP))
        taken_up.append({"name": name.strip(), "percentage": units})
    if len(taken_up) > MOST_TAXES:
        raise Unfit(maximum_length=MOST_TAXES)
    return taken_up or None


_TAKERS: dict[str, Callable[[Field, Any], Any]] = {
    "text": _text,
    "textarea": _text,
    "website": _text,
    "autonumber": _text,
    "profileimage": _text,
    "email": _email,
    "phone": _phone,
    "picklist": _picklist,
    "multiselectpicklist": _choices,
    "integer": _integer,
    "bigint": _bigint,
    "double": _scaled,
    "currency": _scaled,
    "percent": _scaled,
    "boolean": _boolean,
    "date": _date,
    "datetime": _moment,
    "lookup": _reference,
    "ownerlookup": _reference,
    "userlookup": _reference,
    "layout": _reference,
    "line_tax": taxes,
}

#: Every data type whose values the record store keeps. Formulas and roll-up summaries are none of them: both want an
#: expression language of their own, so that creating such a field is refused.
DATA_TYPES = frozenset(_TAKERS) | ROW_TYPES


def default_of(field: Field) -> Any:
    """The kept form a new record has when the client says nothing about the field."""
    default = field.extra.get("default")
    if default is None and field.api_name == "Pipeline" and field.options:
        return field.options[0].actual_value
    return default


def amount_of(field: Field, units: int) -> Decimal:
    return Decimal(units) / field.scale


def shown_amount(units: int, decimal_place: int | None) -> orjson.Fragment:
    """An amount with its own digits and no trailing zeros, written without ever being a float."""
    if not decimal_place:
        return orjson.Fragment(str(units))
    return _shown_amount(units, decimal_place)


@lru_cache(maxsize=16_384)
def _shown_amount(units: int, decimal_place: int) -> orjson.Fragment:
    return orjson.Fragment(wire.plain(Decimal(units).scaleb(-decimal_place)))


@lru_cache(maxsize=65_536)
def shown_moment(seconds: int, zone: ZoneInfo) -> str:
    """`yyyy-MM-ddTHH:mm:ss±HH:mm` with the company's offset and no fraction (crm-api.md §3.3)."""
    return datetime.fromtimestamp(seconds, zone).isoformat()


def key_of(value: Any) -> str:
    """What two values must share to count as equal: case and surrounding space do not matter."""
    return str(value).strip().lower()[:255]
