"""Cells of a CSV file read as the values that a client would send for their fields."""

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from mock_crm import state
from mock_crm.bulk.date_formats import pattern_of
from mock_crm.bulk.write_given import Mapping
from mock_crm.metadata.catalog import SCALED_TYPES, Field

LONGEST_NUMBER = 40
TRUE, FALSE = ("true", "1", "yes"), ("false", "0", "no")


def value_of(known: Field, mapping: Mapping, text: str) -> Any:
    """The value of a cell. What does not read as the field's type stays text, and is refused as the API refuses it."""
    text = text.strip()
    if known.data_type == "boolean":
        lowered = text.lower()
        return True if lowered in TRUE else False if lowered in FALSE else text
    if known.data_type == "integer" or known.data_type in SCALED_TYPES:
        return _number(text)
    if known.data_type == "multiselectpicklist":
        return [part.strip() for part in text.split(";") if part.strip()]
    if known.data_type in ("lookup", "layout"):
        return {"id": text}
    if known.data_type in ("ownerlookup", "userlookup"):
        return {"id": _user(text) if mapping.find_by == "email" else text}
    if mapping.format is not None:
        return _dated(known, text, mapping.format)
    return text


def _number(text: str) -> Any:
    """A number as JSON would have it, never a float."""
    if len(text) > LONGEST_NUMBER:
        return text
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite():
        return text
    return int(number) if re.fullmatch(r"[+-]?[0-9]+", text) else number


def _user(email: str) -> str:
    user = state.people().by_email(email)
    return str(user.id) if user is not None else ""


def _dated(known: Field, text: str, written: str) -> Any:
    """A date written in the mapping's format; any other is refused, even one that the API itself would take."""
    try:
        moment = datetime.strptime(text, pattern_of(written)).replace(tzinfo=state.people().company.zone)
    except ValueError:
        return [text]
    return moment.date().isoformat() if known.data_type == "date" else moment.isoformat(timespec="seconds")
