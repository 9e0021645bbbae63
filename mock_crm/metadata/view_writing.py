"""What may come in for a view, checked and put into its row (crm-api.md §5.5)."""

from typing import Any

from sqlalchemy import func, select

from mock_crm import state
from mock_crm.database import db
from mock_crm.envelope import id_of
from mock_crm.errors import DependentFieldMissing, DuplicateData, InvalidData, MandatoryNotFound
from mock_crm.metadata.catalog import Module
from mock_crm.metadata.model import ViewRow
from mock_crm.metadata.standard_views import COLUMNS
from mock_crm.organization.people import User
from mock_crm.records import view_criteria
from mock_crm.records.asked import Asker
from simulator import clock, wire

PATH = "$.custom_views[0]"
ACCESS_TYPES = ("only_to_me", "public", "shared")
LONGEST_NAME = 50
MOST_FIELDS = 50
SHARED_TYPES = ("users", "roles", "profiles")


def fill_in(view: ViewRow, given: Any, module: Module, user: User) -> None:
    """Takes what was given into the row; what was not given stays.

    Raises:
        CrmError: naming the first thing that does not fit.
    """
    if not isinstance(given, dict):
        raise InvalidData({"expected_data_type": "jsonobject", "json_path": PATH})
    if "name" in given or view.name is None:
        view.name = _name(given.get("name"), view, module)
    if "access_type" in given:
        view.access_type = _one_of("access_type", given["access_type"], ACCESS_TYPES)
    if "shared_to" in given:
        view.shared_to = wire.dumps(_shares(given["shared_to"])).decode()
    if view.access_type == "shared" and (view.shared_to or "[]") == "[]":
        raise DependentFieldMissing(PATH, "shared_to", "access_type")
    if "locked" in given:
        if not isinstance(given["locked"], bool):
            raise _wrong("locked", expected_data_type="boolean")
        view.is_locked = given["locked"]
    if "fields" in given or view.fields is None:
        view.fields = wire.dumps(_fields(given.get("fields"), module)).decode()
    if "criteria" in given:
        view.criteria = _criteria(given["criteria"], module, user)
    _sort(view, given, module)
    view.modified_by = user.id
    view.modified_time = int(clock.now().timestamp())


def sort_in(view: ViewRow, given: Any, module: Module, user: User) -> None:
    """Takes what a view is sorted by into the row, and nothing else."""
    if not isinstance(given, dict):
        raise InvalidData({"expected_data_type": "jsonobject", "json_path": PATH})
    if "sort_by" not in given:
        raise MandatoryNotFound({"api_name": "sort_by", "json_path": f"{PATH}.sort_by"})
    _sort(view, given, module)
    if view.created_by is not None:
        view.modified_by = user.id
        view.modified_time = int(clock.now().timestamp())


def _sort(view: ViewRow, given: dict[str, Any], module: Module) -> None:
    if "sort_by" in given:
        view.sort_by = _sort_by(given["sort_by"], module)
    if "sort_order" in given:
        order = given["sort_order"]
        view.sort_order = None if order is None else _one_of("sort_order", order, ("asc", "desc"))


def _wrong(name: str, **more: Any) -> InvalidData:
    return InvalidData({"api_name": name, "json_path": f"{PATH}.{name}", **more})


def _name(given: Any, view: ViewRow, module: Module) -> str:
    if given is None or (isinstance(given, str) and not given.strip()):
        raise MandatoryNotFound({"api_name": "name", "json_path": f"{PATH}.name"})
    if not isinstance(given, str) or "\0" in given:
        raise _wrong("name", expected_data_type="text")
    name = given.strip()
    if len(name) > LONGEST_NAME:
        raise _wrong("name", maximum_length=LONGEST_NAME)
    with db.session.no_autoflush:
        same = select(ViewRow.id).where(ViewRow.module == module.api_name, func.lower(ViewRow.name) == name.lower())
        taken = db.session.execute(same).scalars().first()
    if taken is not None and taken != view.id:
        raise DuplicateData({"api_name": "name", "json_path": f"{PATH}.name"})
    return name


def _one_of(name: str, given: Any, choices: tuple[str, ...]) -> str:
    if given not in choices:
        raise _wrong(name, supported_values=list(choices))
    return str(given)


def _shares(given: Any) -> list[dict[str, Any]]:
    if given is None:
        return []
    if not isinstance(given, list) or len(given) > 100:
        raise _wrong("shared_to", expected_data_type="jsonarray")
    people = state.people()
    known: dict[str, Any] = {
        "users": {user.id for user in people.present},
        "roles": people.roles,
        "profiles": people.profiles,
    }
    shares = []
    for place, share in enumerate(given):
        number = id_of(share.get("id")) if isinstance(share, dict) else None
        if number is None or share.get("type") not in SHARED_TYPES:
            raise _wrong("shared_to", supported_values=list(SHARED_TYPES))
        if number not in known[share["type"]]:
            raise InvalidData({"api_name": "id", "json_path": f"{PATH}.shared_to[{place}].id"})
        below = share["type"] == "roles" and share.get("subordinates") is True
        shares.append({"type": share["type"], "id": str(number), "subordinates": below})
    return shares


def _fields(given: Any, module: Module) -> list[str]:
    if given is None:
        return list(COLUMNS.get(module.api_name, (module.name_field, "Owner")))
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_FIELDS:
        raise _wrong("fields", expected_data_type="jsonarray")
    names = [item.get("api_name") if isinstance(item, dict) else item for item in given]
    for place, name in enumerate(names):
        if not isinstance(name, str) or name not in module.fields:
            raise InvalidData({"api_name": "api_name", "json_path": f"{PATH}.fields[{place}].api_name"})
    return list(dict.fromkeys(str(name) for name in names))


def _criteria(given: Any, module: Module, user: User) -> str | None:
    """Kept as given once it is known to be readable: its placeholders mean another thing each day."""
    if given is None:
        return None
    view_criteria.read(given, module, Asker.of(user))
    return wire.dumps(_essence(given)).decode()


def _essence(given: dict[str, Any]) -> dict[str, Any]:
    if "group" in given:
        members = [_essence(member) for member in given["group"]]
        return {"group_operator": str(given["group_operator"]), "group": members}
    named = given["field"]
    name = named["api_name"] if isinstance(named, dict) else named
    return {"comparator": given["comparator"], "field": {"api_name": name}, "value": given.get("value")}


def _sort_by(given: Any, module: Module) -> str | None:
    if given is None:
        return None
    name = given.get("api_name") if isinstance(given, dict) else given
    if not isinstance(name, str) or name not in module.fields:
        raise InvalidData({"api_name": "api_name", "json_path": f"{PATH}.sort_by.api_name"})
    return name
