"""Units that items are counted in (invoice-api.md §8.5). A unit that an item brings along is added to them. [DESIGN]"""

from typing import Any

from flask import Blueprint, Response
from sqlalchemy import exists, select

from mock_invoice import state
from mock_invoice.access import current_organization, needs
from mock_invoice.database import db
from mock_invoice.envelope import created, success
from mock_invoice.errors import InUse, MissingValue, NameTaken
from mock_invoice.fields import BodySchema, Text
from mock_invoice.find import find
from mock_invoice.openapi.words import DONE, sent, told
from mock_invoice.parsing import json_body
from mock_invoice.settings.unit_model import Unit
from simulator import ids
from simulator.openapi import documented
from simulator.shapes import array_of

bp = Blueprint("units", __name__)


class UnitSchema(BodySchema):
    unit = Text(50)


UNIT = UnitSchema()


def unit_ids() -> dict[str, str]:
    """The organization's units with their ids."""
    return state.current().unit_ids[current_organization().id]


def settle_unit(name: str) -> None:
    """Sees to it that the unit of an item is one of the organization's."""
    if name and name not in unit_ids():
        _add(name)


def _add(name: str) -> Unit:
    unit = Unit(id=ids.new_id(), organization_id=current_organization().id, unit=name)
    db.session.add(unit)
    db.session.flush()
    return unit


def unit_row(unit: Unit) -> dict[str, Any]:
    return {"unit_id": str(unit.id), "unit": unit.unit}


@bp.get("/settings/units")
@documented(_200=told(units=array_of("Unit")))
@needs("settings.READ")
def list_units() -> Response:
    statement = select(Unit).where(Unit.organization_id == current_organization().id).order_by(Unit.unit, Unit.id)
    return success(units=[unit_row(one) for one in db.session.scalars(statement)])


@bp.post("/settings/units")
@documented(body=sent(UNIT, "unit"), _201=told(unit="Unit"))
@needs("settings.CREATE", admin=True)
def add_unit() -> Response:
    name = UNIT.load(json_body()).get("unit", "")
    if not name:
        raise MissingValue("unit")
    if name in unit_ids():
        raise NameTaken("unit", name)
    unit = _add(name)
    return created("The unit has been added.", "settings/units", unit.id, unit=unit_row(unit))


@bp.delete("/settings/units/<unit_id>")
@documented(_200=DONE)
@needs("settings.DELETE", admin=True)
def remove_unit(unit_id: str) -> Response:
    unit = find(Unit, unit_id, "Unit")
    items: Any = db.metadata.tables["item"]
    used = exists().where(items.c.organization_id == unit.organization_id, items.c.unit == unit.unit)
    if db.session.scalar(select(used)):
        raise InUse(f"{unit.unit} cannot be deleted, as items are counted in it.")
    db.session.delete(unit)
    return success("The record has been deleted.")
