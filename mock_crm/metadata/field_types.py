"""Types of custom fields and what belongs to each: lengths, decimal places, own properties (crm-api.md §5.2).

Formulas, roll-up summaries, subforms of one's own and consents are not emulated; creating such a field is refused as an
unknown type.
"""

from dataclasses import dataclass
from typing import Any

from mock_crm.errors import DependentFieldMissing, InvalidData, MandatoryNotFound, NotSupported
from mock_crm.metadata.input import a_flag, a_number, a_text, an_object, located, one_of, wrong
from mock_crm.records.values import DATA_TYPES


@dataclass(frozen=True)
class FieldType:
    """What the vendor says of a type: usual and greatest length, decimal places at first and at most."""

    usual: int
    most: int
    scale: int | None = None
    most_scale: int = 0
    can_be_unique: bool = False


TYPES = {
    "text": FieldType(255, 255, can_be_unique=True),
    "textarea": FieldType(2000, 50000),
    "email": FieldType(100, 100, can_be_unique=True),
    "phone": FieldType(30, 30, can_be_unique=True),
    "website": FieldType(450, 450),
    "picklist": FieldType(120, 120),
    "multiselectpicklist": FieldType(120, 120),
    "integer": FieldType(9, 9, can_be_unique=True),
    "bigint": FieldType(18, 18, can_be_unique=True),
    "currency": FieldType(16, 16, 2, 9),
    "double": FieldType(16, 18, 2, 9),
    "percent": FieldType(5, 5, 2, 2),
    "boolean": FieldType(5, 5),
    "date": FieldType(20, 20),
    "datetime": FieldType(120, 120),
    "lookup": FieldType(120, 120),
    "userlookup": FieldType(120, 120),
    "multiselectlookup": FieldType(0, 120),
    "multiuserlookup": FieldType(0, 120),
    "autonumber": FieldType(120, 120),
    "fileupload": FieldType(255, 255),
    "imageupload": FieldType(255, 255),
}
assert TYPES.keys() <= DATA_TYPES
#: The three kinds of text areas with their lengths.
TEXTAREAS = {"small": 2000, "large": 32000, "rich_text": 50000}
ROUNDINGS = ("normal", "round_off", "round_up", "round_down")
PERMISSIONS = ("read_write", "read_only", "hidden")
LONGEST_TOOLTIP = 255
LONGEST_AFFIX = 25
MOST_PROFILES = 50


def length(given: Any, kind: str, path: str) -> int:
    """The length asked for, or the usual one."""
    known = TYPES[kind]
    if given is None:
        return known.usual
    if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= known.most:
        raise wrong("length", path, maximum_length=known.most)
    return given


def scale(given: Any, kind: str, path: str) -> int | None:
    """Decimal places, for the types that have any."""
    known = TYPES[kind]
    if given is None or known.scale is None:
        return known.scale
    return a_number(given, "decimal_place", path, 0, known.most_scale)


def is_unique(given: Any, kind: str, path: str) -> bool:
    """Whether `unique` asks for uniqueness: an object or a boolean; `_disable` ends it.

    Comparing values letter by letter is not emulated: values that differ in case only count as equal.
    """
    if given in (None, False, {}):
        return False
    if not (given is True or isinstance(given, dict)) or kind not in TYPES or not TYPES[kind].can_be_unique:
        raise wrong("unique", path)
    if given is True:
        return True
    if "_disable" in given and given["_disable"] is not False:
        return False
    if given.get("case_sensitive") is True or given.get("casesensitive") in (True, "true"):
        raise NotSupported(located("case_sensitive", f"{path}.unique"))
    return True


def properties(given: dict[str, Any], kind: str, path: str, profiles: dict[int, Any]) -> dict[str, Any]:
    """What a field has beside the columns all fields have, for its `extra`; keys that were not given are absent."""
    found: dict[str, Any] = {}
    if "tooltip" in given:
        found["tooltip"] = _tooltip(given["tooltip"], path)
    if "profiles" in given:
        found["profiles"] = _profiles(given["profiles"], path, profiles)
    if kind == "textarea" and "textarea" in given:
        found["textarea"] = _textarea(given["textarea"], path)
    if kind == "currency" and "currency" in given:
        found["currency"] = _currency(given["currency"], path)
    if kind == "autonumber":
        found["auto_number"] = auto_number(given.get("auto_number"), path)
    if "picklist" in kind and "pick_list_values_sorted_lexically" in given:
        name = "pick_list_values_sorted_lexically"
        found["sorted"] = a_flag(given[name], name, path)
    return found


def _tooltip(given: Any, path: str) -> dict[str, str] | None:
    if given is None:
        return None
    tooltip = an_object(given, f"{path}.tooltip")
    name = one_of(tooltip.get("name", "static_text"), "name", f"{path}.tooltip", ("static_text", "info_icon"))
    return {"name": name, "value": a_text(tooltip.get("value"), "value", f"{path}.tooltip", LONGEST_TOOLTIP)}


def _profiles(given: Any, path: str, known: dict[int, Any]) -> dict[str, str]:
    """Which profiles may not write or see the field; the rest may do both."""
    from_list = {}
    if not isinstance(given, list) or len(given) > MOST_PROFILES:
        raise wrong("profiles", path, expected_data_type="jsonarray")
    for place, item in enumerate(given):
        where = f"{path}.profiles[{place}]"
        profile = an_object(item, where)
        number = str(profile.get("id", ""))
        if not number.isdecimal() or int(number) not in known:
            raise wrong("id", where)
        from_list[number] = one_of(profile.get("permission_type"), "permission_type", where, PERMISSIONS)
    return from_list


def _textarea(given: Any, path: str) -> dict[str, str]:
    kind = an_object(given, f"{path}.textarea").get("type")
    return {"type": one_of(kind, "type", f"{path}.textarea", TEXTAREAS)}


def _currency(given: Any, path: str) -> dict[str, Any]:
    """How amounts are rounded and shown; kept and given back, while amounts are always rounded half up."""
    where = f"{path}.currency"
    currency = an_object(given, where)
    rounding = one_of(currency.get("rounding_option", "normal"), "rounding_option", where, ROUNDINGS)
    precision = currency.get("precision", 2)
    if isinstance(precision, str) and precision.isdecimal():
        precision = int(precision)
    return {"rounding_option": rounding, "precision": a_number(precision, "precision", where, 0, 9)}


def auto_number(given: Any, path: str) -> dict[str, Any]:
    """Prefix, suffix and first number of an automatic number."""
    where = f"{path}.auto_number"
    if given is None:
        raise DependentFieldMissing(path, "auto_number", "data_type", "autonumber data is not found")
    asked = an_object(given, where)
    start = asked.get("start_number")
    if start is None:
        raise MandatoryNotFound(located("start_number", where))
    digits = str(start)
    if isinstance(start, bool) or not digits.isdecimal() or not digits.isascii() or len(digits) > 16:
        raise InvalidData({"expected_data_type": "bigint", **located("start_number", where)})
    return {
        "prefix": a_text(asked.get("prefix"), "prefix", where, LONGEST_AFFIX, may_be_empty=True),
        "suffix": a_text(asked.get("suffix"), "suffix", where, LONGEST_AFFIX, may_be_empty=True),
        "start_number": int(digits),
    }
