"""What contacts are in potentials: the roles themselves, and who has which (crm-api.md §4.9)."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response
from sqlalchemy import delete, func, insert, select, update

from mock_crm import access, state
from mock_crm.access import needs
from mock_crm.database import db
from mock_crm.envelope import MOST_WRITTEN, Outcome, body, id_of, ids_param, items, nothing, outcomes, success
from mock_crm.errors import CrmError, DuplicateData, InvalidData, MandatoryNotFound, RequiredParamMissing
from mock_crm.openapi.parameters import IDS_NEEDED
from mock_crm.openapi.schemas import listed, sent, told
from mock_crm.records.acts_model import contact_role
from mock_crm.records.refusals import LowerLimitReached
from mock_crm.records.values import key_of
from simulator import ids, wire
from simulator.openapi import documented

bp = Blueprint("contact_roles", __name__)

LONGEST_NAME = 120
#: The vendor's own roles (from memory).
STANDARD = (
    "Developer/Evaluator",
    "Decision Maker",
    "Purchasing",
    "Executive Sponsor",
    "Engineering Lead",
    "Economic Decision Maker",
    "Product Management",
)


def seed() -> None:
    """Writes the vendor's own roles into a fresh world."""
    numbers = ids.new_ids(len(STANDARD))
    rows = [
        {"id": number, "name": name, "key": key_of(name), "sequence": place, "version": 1}
        for place, (number, name) in enumerate(zip(numbers, STANDARD, strict=True), start=1)
    ]
    db.session.execute(insert(contact_role), rows)


def roles() -> dict[int, Any]:
    """All roles by id, in order."""
    order = (contact_role.c.sequence, contact_role.c.id)
    return {row.id: row for row in db.session.execute(select(contact_role).order_by(*order))}


def named(row: Any) -> dict[str, str]:
    return {"name": row.name, "id": str(row.id)}


def role_in(given: Any, path: str) -> int:
    """The role that a tie is given, by id or by name.

    Raises:
        MandatoryNotFound, InvalidData: when it is absent or no role.
    """
    located = {"api_name": "Contact_Role", "json_path": f"{path}.Contact_Role"}
    if given is None:
        raise MandatoryNotFound(located)
    if isinstance(given, str):
        given = {"name": given}
    if not isinstance(given, dict):
        raise InvalidData({"expected_data_type": "jsonobject", **located})
    number, known = id_of(given.get("id")), roles()
    if number is None and isinstance(given.get("name"), str):
        number = next((row.id for row in known.values() if row.key == key_of(given["name"])), None)
    if number not in known:
        raise InvalidData(located)
    return int(number or 0)


@bp.get("/Contacts/roles")
@needs("modules.contacts.READ")
@documented(_200=listed("contact_roles", "ContactRole"))
def list_roles() -> Response:
    return wire.reply({"contact_roles": [_shown(row) for row in roles().values()]})


@bp.get("/Contacts/roles/<role_id>")
@needs("modules.contacts.READ")
@documented(_200=listed("contact_roles", "ContactRole"), _204=None)
def show_role(role_id: str) -> Response:
    row = roles().get(id_of(role_id) or 0)
    return wire.reply({"contact_roles": [_shown(row)]}) if row is not None else nothing()


def _shown(row: Any) -> dict[str, Any]:
    return {**named(row), "sequence_number": row.sequence}


@bp.post("/Contacts/roles")
@needs("modules.contacts.CREATE")
@documented(told("contact_roles"), body=sent("contact_roles", "ContactRoleToWrite", MOST_WRITTEN))
def create_roles() -> Response:
    access.require_module(state.catalog().modules["Contacts"], "Edit")
    given = items(body(), "contact_roles")
    return outcomes([_written(None, one, place) for place, one in enumerate(given)], "contact_roles")


@bp.put("/Contacts/roles")
@needs("modules.contacts.UPDATE")
@documented(told("contact_roles"), body=sent("contact_roles", "ContactRoleToWrite", MOST_WRITTEN))
def change_roles() -> Response:
    access.require_module(state.catalog().modules["Contacts"], "Edit")
    results: list[Outcome] = []
    for place, one in enumerate(items(body(), "contact_roles")):
        if isinstance(one, dict) and one.get("id") is None:
            results.append(MandatoryNotFound({"api_name": "id", "json_path": f"$.contact_roles[{place}].id"}))
        else:
            results.append(_written(id_of(one["id"]) or 0 if isinstance(one, dict) else 0, one, place))
    return outcomes(results, "contact_roles")


@bp.put("/Contacts/roles/<role_id>")
@needs("modules.contacts.UPDATE")
@documented(told("contact_roles"), body=sent("contact_roles", "ContactRoleToWrite"))
def change_role(role_id: str) -> Response:
    access.require_module(state.catalog().modules["Contacts"], "Edit")
    (given,) = items(body(), "contact_roles", 1)
    return outcomes([_written(id_of(role_id) or 0, given, 0)], "contact_roles")


def _written(number: int | None, given: Any, place: int) -> Outcome:
    """A new role, or a change of the one with this number."""
    try:
        values = _values(number, given, f"$.contact_roles[{place}]")
    except CrmError as error:
        return error
    if number is None:
        number = ids.new_id()
        last = db.session.execute(select(func.max(contact_role.c.sequence))).scalar() or 0
        db.session.execute(insert(contact_role).values({"sequence": last + 1, **values, "id": number, "version": 1}))
        return success({"id": str(number)}, "record added")
    changed = {**values, "version": contact_role.c.version + 1}
    db.session.execute(update(contact_role).where(contact_role.c.id == number).values(changed))
    return success({"id": str(number)}, "record updated")


def _values(number: int | None, given: Any, path: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise InvalidData({"expected_data_type": "jsonobject", "json_path": path})
    known = roles()
    if number is not None and number not in known:
        raise InvalidData({"api_name": "id", "json_path": f"{path}.id"}, "the id given seems to be invalid")
    name, sequence = given.get("name"), given.get("sequence_number")
    values: dict[str, Any] = {}
    if name is None and number is None:
        raise MandatoryNotFound({"api_name": "name", "json_path": f"{path}.name"})
    if name is not None:
        located = {"api_name": "name", "json_path": f"{path}.name"}
        if not isinstance(name, str) or not name.strip() or len(name) > LONGEST_NAME or "\0" in name:
            raise InvalidData({"expected_data_type": "text", "maximum_length": LONGEST_NAME, **located})
        if any(row.key == key_of(name) and row.id != number for row in known.values()):
            raise DuplicateData(located)
        values |= {"name": name.strip(), "key": key_of(name)}
    if sequence is not None:
        if isinstance(sequence, bool) or not isinstance(sequence, int) or not 0 < sequence < 2**31:
            located = {"api_name": "sequence_number", "json_path": f"{path}.sequence_number"}
            raise InvalidData({"expected_data_type": "integer", **located})
        values["sequence"] = sequence
    return values


@bp.delete("/Contacts/roles")
@needs("modules.contacts.DELETE")
@documented(IDS_NEEDED, told("contact_roles"))
def delete_roles() -> Response:
    access.require_module(state.catalog().modules["Contacts"], "Edit")
    numbers = ids_param()
    if not numbers:
        raise RequiredParamMissing({"param_name": "ids"})
    return outcomes(_removed(numbers), "contact_roles")


@bp.delete("/Contacts/roles/<role_id>")
@needs("modules.contacts.DELETE")
@documented(told("contact_roles"))
def delete_role(role_id: str) -> Response:
    access.require_module(state.catalog().modules["Contacts"], "Edit")
    return outcomes(_removed([id_of(role_id) or 0]), "contact_roles")


def _removed(numbers: Sequence[int]) -> list[Outcome]:
    """One role always stays. From memory: contacts that had a deleted role keep their tie without any."""
    results: list[Outcome] = []
    left = set(roles())
    for number in numbers:
        if number not in left:
            results.append(InvalidData({"id": str(number)}))
        elif len(left) == 1:
            results.append(LowerLimitReached({"limit": 1, "id": str(number)}))
        else:
            left.discard(number)
            db.session.execute(delete(contact_role).where(contact_role.c.id == number))
            results.append(success({"id": str(number)}, "Contact role deleted successfully."))
    return results
