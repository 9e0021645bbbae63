"""What a caller wants of a lead's conversion, read from the body (DOC7 *Convert Lead*; crm-api.md §4.8)."""

from dataclasses import dataclass
from typing import Any

from mock_crm import state
from mock_crm.envelope import id_of
from mock_crm.errors import InvalidData, InvalidId
from mock_crm.organization.people import User
from mock_crm.records import contact_roles, store

FLAGS = ("overwrite", "notify_lead_owner", "notify_new_entity_owner")
PARTS = ("Accounts", "Contacts", "Deals")
_PATH = "$.data[0]"


@dataclass(frozen=True)
class Wish:
    """Accounts and contacts are rows of records that are there; the potential is as it was sent."""

    overwrite: bool
    account: Any
    contact: Any
    deal: dict[str, Any] | None
    contact_role: int | None
    owner: User | None
    attachments_to: str
    tags: dict[str, list[str]]


def read_wish(given: Any) -> Wish:
    """
    Raises:
        InvalidData: naming what does not fit.
    """
    if not isinstance(given, dict):
        raise InvalidData({"expected_data_type": "jsonobject", "json_path": _PATH})
    for name in FLAGS:
        if given.get(name) is not None and not isinstance(given[name], bool):
            raise _wrong(name, expected_data_type="boolean")
    deal = given.get("Deals")
    if deal is not None and not isinstance(deal, dict):
        raise _wrong("Deals", expected_data_type="jsonobject")
    return Wish(
        overwrite=bool(given.get("overwrite")),
        account=_record(given, "Accounts"),
        contact=_record(given, "Contacts"),
        deal=deal,
        contact_role=_role(deal),
        owner=_owner(given),
        attachments_to=_attachments_to(given),
        tags=_tags(given.get("carry_over_tags")),
    )


def _wrong(name: str, **more: Any) -> InvalidData:
    return InvalidData({**more, "api_name": name, "json_path": f"{_PATH}.{name}"})


def _number(given: dict[str, Any], name: str) -> int | None:
    """An id alone in the older versions, `{"id"}` in the newer ones; both are taken everywhere."""
    value = given.get(name)
    if value is None or value == "":
        return None
    number = id_of(value.get("id") if isinstance(value, dict) else value)
    if number is None:
        raise _wrong(name, expected_data_type="bigint")
    return number


def _record(given: dict[str, Any], name: str) -> Any:
    number = _number(given, name)
    if number is None:
        return None
    row = store.rows_of(state.catalog().modules[name], [number]).get(number)
    if row is None:
        raise InvalidId({"api_name": name, "json_path": f"{_PATH}.{name}"})
    return row


def _owner(given: dict[str, Any]) -> User | None:
    number = _number(given, "assign_to")
    if number is None:
        return None
    user = state.people().users.get(number)
    if user is None or not user.is_active:
        raise InvalidId({"api_name": "assign_to", "json_path": f"{_PATH}.assign_to"})
    return user


def _role(deal: dict[str, Any] | None) -> int | None:
    """The contact's role in the potential."""
    given = (deal or {}).get("Contact_Role")
    if given is None:
        return None
    number = None if isinstance(given, dict) else id_of(given)
    return contact_roles.role_in({"id": given} if number is not None else given, f"{_PATH}.Deals")


def _attachments_to(given: dict[str, Any]) -> str:
    named = given.get("move_attachments_to")
    if named is None:
        return "Contacts"
    name = named.get("api_name") if isinstance(named, dict) else None
    if name not in PARTS:
        raise _wrong("move_attachments_to", supported_values=list(PARTS))
    return str(name)


def _tags(given: Any) -> dict[str, list[str]]:
    """Tags by module: names alone, or objects with a name."""
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise _wrong("carry_over_tags", expected_data_type="jsonobject")
    found: dict[str, list[str]] = {}
    for part, tags in given.items():
        if part not in PARTS or not isinstance(tags, list):
            raise _wrong("carry_over_tags")
        named = [tag.get("name") if isinstance(tag, dict) else tag for tag in tags]
        found[part] = [name for name in named if isinstance(name, str) and name.strip()]
        if len(found[part]) != len(named):
            raise _wrong("carry_over_tags")
    return found
