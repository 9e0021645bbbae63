"""Reading what comes in for settings: one key of an object at a time, refused in the vendor's words with its place."""

from collections.abc import Iterable
from typing import Any

from mock_crm import state
from mock_crm.database import db
from mock_crm.envelope import Outcome, id_of
from mock_crm.errors import CrmError, InvalidData, MandatoryNotFound


def located(name: str, path: str) -> dict[str, Any]:
    return {"api_name": name, "json_path": f"{path}.{name}"}


def wrong(name: str, path: str, message: str | None = None, **more: Any) -> InvalidData:
    return InvalidData({**more, **located(name, path)}, message)


def an_object(given: Any, path: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise InvalidData({"expected_data_type": "jsonobject", "json_path": path})
    return given


def a_list(given: Any, name: str, path: str, most: int) -> list[Any]:
    if not isinstance(given, list):
        raise wrong(name, path, expected_data_type="jsonarray")
    if len(given) > most:
        raise wrong(name, path, maximum_length=most)
    return given


def a_text(given: Any, name: str, path: str, longest: int, *, may_be_empty: bool = False) -> str:
    """A text without the space around it.

    Raises:
        MandatoryNotFound, InvalidData: when it is absent or empty; when it is no text, or too long.
    """
    if not may_be_empty and (given is None or (isinstance(given, str) and not given.strip())):
        raise MandatoryNotFound(located(name, path))
    if given is None:
        return ""
    if not isinstance(given, str) or "\0" in given:
        raise wrong(name, path, expected_data_type="text")
    text = given.strip()
    if len(text) > longest:
        raise wrong(name, path, maximum_length=longest)
    return text


def a_flag(given: Any, name: str, path: str) -> bool:
    if not isinstance(given, bool):
        raise wrong(name, path, expected_data_type="boolean")
    return given


def a_number(given: Any, name: str, path: str, least: int, most: int) -> int:
    if isinstance(given, bool) or not isinstance(given, int):
        raise wrong(name, path, expected_data_type="integer")
    if not least <= given <= most:
        raise wrong(name, path, range={"from": least, "to": most})
    return given


def one_of(given: Any, name: str, path: str, choices: Iterable[str]) -> str:
    supported = list(choices)
    if not isinstance(given, str) or given not in supported:
        raise wrong(name, path, supported_values=supported)
    return given


def an_id(given: Any, path: str) -> int:
    """The `id` of an object.

    Raises:
        MandatoryNotFound, InvalidData: when it is absent; when it is none.
    """
    if given is None:
        raise MandatoryNotFound(located("id", path))
    number = id_of(given)
    if number is None:
        raise wrong("id", path, expected_data_type="bigint")
    return number


def is_deleted(given: dict[str, Any]) -> bool:
    """Whether an object is marked to be removed: `_delete` is null, true or an object (`{"permanent": …}`)."""
    return "_delete" in given and given["_delete"] is not False


def outcome(act: Any, *given: Any) -> Outcome:
    """What an act came to: its success, or the refusal as one outcome among others. A refused act leaves nothing."""
    try:
        with db.session.begin_nested():
            done: Outcome = act(*given)
        return done
    except CrmError as error:
        state.forget()
        return error
