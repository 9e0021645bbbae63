"""Options of picklists as they come in: those of a new field, and what is changed in those of an old one.

From memory: a change names the options it means by id; those it does not name stay as they are. `_delete` takes an
option away, with `{"permanent": false}` only out of use. Records keep the actual value that they have.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, update

from mock_crm.database import db, insert_rows
from mock_crm.errors import DuplicateData, InvalidData, MandatoryNotFound
from mock_crm.metadata.catalog import Field, Option
from mock_crm.metadata.input import a_list, a_number, a_text, an_id, an_object, is_deleted, located, wrong
from mock_crm.metadata.model import OptionRow
from simulator import ids

MOST_OPTIONS = 200
LONGEST_VALUE = 120
LONGEST_COLOUR = 10


def new_values(given: Any, path: str) -> tuple[str, ...]:
    """The actual values of the options of a new field."""
    if given in (None, []):
        raise MandatoryNotFound(located("pick_list_values", path))
    if not isinstance(given, list) or len(given) > MOST_OPTIONS:
        raise wrong("pick_list_values", path, expected_data_type="jsonarray")
    values: list[str] = []
    for place, option in enumerate(given):
        value = option.get("actual_value", option.get("display_value")) if isinstance(option, dict) else None
        where = located("display_value", f"{path}.pick_list_values[{place}]")
        if not isinstance(value, str) or not 0 < len(value.strip()) <= LONGEST_VALUE or "\0" in value:
            raise InvalidData(where)
        if value.strip() in values:
            raise DuplicateData(where)
        values.append(value.strip())
    return tuple(values)


def change(field: Field, given: Any, path: str) -> list[Option]:
    """Makes the changes to a field's options; returns them as they are now, in order."""
    changes = a_list(given, "pick_list_values", path, MOST_OPTIONS)
    now = list(field.options)
    for place, item in enumerate(changes):
        where = f"{path}.pick_list_values[{place}]"
        asked = an_object(item, where)
        known = known_option(asked, now, where)
        spot = len(now)
        if known is not None:
            spot = now.index(known)
            now.remove(known)
        if known is None or not is_deleted(asked):
            put(now, _made(asked, known, now, where), spot, asked, where)
        elif isinstance(asked["_delete"], dict) and asked["_delete"].get("permanent") is False:
            now.append(replaced(known, is_used=False))
    if len(now) > MOST_OPTIONS:
        raise wrong("pick_list_values", path, maximum_length=MOST_OPTIONS)
    return store(field, now)


def known_option(asked: dict[str, Any], now: Sequence[Option], where: str) -> Option | None:
    """The option that a change means; None where it means a new one."""
    if asked.get("id") is None:
        if is_deleted(asked):
            raise MandatoryNotFound(located("id", where))
        return None
    number = an_id(asked["id"], where)
    found = next((option for option in now if option.id == number), None)
    if found is None:
        raise wrong("id", where, "the id given seems to be invalid")
    return found


def replaced(option: Option, **more: Any) -> Option:
    return Option(**{**option.__dict__, **more})


def _made(asked: dict[str, Any], known: Option | None, others: Sequence[Option], where: str) -> Option:
    """The option as asked for; its actual value never changes once it is there."""
    display = known.display_value if known else None
    if known is None or "display_value" in asked:
        display = a_text(asked.get("display_value"), "display_value", where, LONGEST_VALUE)
    assert display is not None
    actual = known.actual_value if known else a_text(asked.get("actual_value", display), "actual_value", where, 120)
    for other in others:
        if display.lower() == other.display_value.lower() or actual.lower() == other.actual_value.lower():
            raise DuplicateData({**located("display_value", where), "id": str(other.id)})
    colour = asked.get("colour_code", known.colour if known else None)
    if colour is not None and not (isinstance(colour, str) and len(colour) <= LONGEST_COLOUR and "\0" not in colour):
        raise wrong("colour_code", where)
    made = Option(known.id if known else ids.new_id(), display, actual, 0, None, None, colour)
    return replaced(made, probability=known.probability, forecast_type=known.forecast_type) if known else made


def put(now: list[Option], made: Option, spot: int, asked: dict[str, Any], where: str) -> None:
    """Puts an option at the place asked for, else at this spot."""
    if asked.get("sequence_number") is not None:
        spot = a_number(asked["sequence_number"], "sequence_number", where, 1, MOST_OPTIONS + 1) - 1
    now.insert(spot, made)


def store(field: Field, now: Sequence[Option]) -> list[Option]:
    """Writes a field's options as they should be: removed ones go, the rest is numbered anew."""
    kept = [replaced(option, sequence=sequence) for sequence, option in enumerate(now, start=1)]
    before = {option.id: option for option in field.options}
    gone = set(before) - {option.id for option in kept}
    if gone:
        db.session.execute(delete(OptionRow).where(OptionRow.id.in_(gone)))
    insert_rows(OptionRow, [_row(field, option) for option in kept if option.id not in before])
    for option in kept:
        if option.id in before and option != before[option.id]:
            row = _row(field, option)
            statement = update(OptionRow).where(OptionRow.id == option.id)
            statement = statement.values({**row, "version": OptionRow.version + 1})
            db.session.execute(statement.execution_options(synchronize_session=False))
    return kept


def _row(field: Field, option: Option) -> dict[str, Any]:
    return {"field_id": field.id, **option.__dict__}
