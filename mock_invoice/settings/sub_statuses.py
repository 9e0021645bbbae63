"""Sub-statuses of sales orders: `Packed` below `open` (invoice-api.md §7.1).

The vendor makes them on screens that have no API, so that these doors are ours, and the keys are [MEM].
"""

import re
from typing import Any

from flask import Blueprint, Response
from sqlalchemy import exists, select

from mock_invoice.access import current_organization, needs
from mock_invoice.database import db
from mock_invoice.documents.status import ORDER_STATUSES
from mock_invoice.envelope import created, success
from mock_invoice.errors import InUse, InvalidValue, MissingValue, NameTaken
from mock_invoice.fields import BodySchema, Choice, Text
from mock_invoice.find import find
from mock_invoice.openapi.words import DONE, sent, told
from mock_invoice.parsing import json_body
from mock_invoice.settings.sub_status_model import SubStatus
from simulator import ids
from simulator.openapi import documented
from simulator.shapes import array_of

bp = Blueprint("sub_statuses", __name__)


class SubStatusSchema(BodySchema):
    display_name = Text(50)
    parent_status = Choice(ORDER_STATUSES)


SUB_STATUS = SubStatusSchema()


def code_of(name: str) -> str:
    """`cs_packed` of `Packed`: the code by which an order is moved there."""
    return f"cs_{re.sub(r'[^a-z0-9]+', '_', name.lower()).strip('_')}"


def sub_status_named(code: str) -> SubStatus:
    """The organization's sub-status of this code.

    Raises:
        InvalidValue: there is none.
    """
    found = _coded(code)
    if found is None:
        raise InvalidValue("status_code")
    return found


def _coded(code: str) -> SubStatus | None:
    return db.session.scalar(_all().where(SubStatus.status_code == code))


def _all() -> Any:
    return select(SubStatus).where(SubStatus.organization_id == current_organization().id)


def sub_status_row(one: SubStatus) -> dict[str, Any]:
    return {
        "status_id": str(one.id),
        "status_code": one.status_code,
        "parent_status": one.parent_status,
        "display_name": one.display_name,
    }


def sub_status_rows() -> list[dict[str, Any]]:
    """Those of the organization, in the order in which they were made."""
    return [sub_status_row(one) for one in db.session.scalars(_all().order_by(SubStatus.id))]


@bp.get("/settings/substatuses")
@documented(_200=told(sub_statuses=array_of("SubStatus")))
@needs("settings.READ")
def list_sub_statuses() -> Response:
    """Ours."""
    return success(sub_statuses=sub_status_rows())


@bp.post("/settings/substatuses")
@documented(body=sent(SUB_STATUS, "display_name", "parent_status"), _201=told(sub_status="SubStatus"))
@needs("settings.CREATE", admin=True)
def add_sub_status() -> Response:
    """Ours."""
    body = SUB_STATUS.load(json_body())
    for key in ("display_name", "parent_status"):
        if not body.get(key):
            raise MissingValue(key)
    code = code_of(body["display_name"])
    if code == code_of(""):
        raise InvalidValue("display_name")
    if _coded(code) is not None:
        raise NameTaken("sub-status", body["display_name"])
    one = SubStatus(id=ids.new_id(), organization_id=current_organization().id, status_code=code, **body)
    db.session.add(one)
    db.session.flush()
    return created("The sub-status has been added.", "settings/substatuses", one.id, sub_status=sub_status_row(one))


@bp.delete("/settings/substatuses/<sub_status_id>")
@documented(_200=DONE)
@needs("settings.DELETE", admin=True)
def remove_sub_status(sub_status_id: str) -> Response:
    """Ours."""
    one = find(SubStatus, sub_status_id, "Sub-status")
    orders: Any = db.metadata.tables["sales_order"]
    if db.session.scalar(select(exists().where(orders.c.sub_status_id == one.id))):
        raise InUse(f"{one.display_name} cannot be deleted, as sales orders have it.")
    db.session.delete(one)
    return success("The record has been deleted.")
