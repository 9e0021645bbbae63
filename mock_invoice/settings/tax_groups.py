"""The doors of tax groups (invoice-api.md §8.3)."""

from typing import Any

from flask import Blueprint, Response
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from mock_invoice.access import current_organization, needs
from mock_invoice.database import db
from mock_invoice.envelope import created, success
from mock_invoice.errors import InvalidValue, MissingValue, NotFound
from mock_invoice.fields import BodySchema, Text, Value, id_of
from mock_invoice.find import find
from mock_invoice.lists import paging
from mock_invoice.openapi.parameters import PAGED
from mock_invoice.openapi.words import DONE, page, sent, told
from mock_invoice.parsing import json_body
from mock_invoice.settings.tax_model import GROUP, Tax, percentage_of
from mock_invoice.settings.taxes import delete_tax, rename, tax_row
from simulator import ids
from simulator.openapi import documented

bp = Blueprint("tax_groups", __name__)

THING = "Tax group"
MOST_MEMBERS = 10


class TaxIds(Value):
    """Ids separated by commas, as the vendor sends them, or a list of them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[int]:
        parts = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
        if not isinstance(parts, list):
            raise InvalidValue(self.label)
        found = [id_of(one, self.label) for one in parts]
        return [one for one in found if one is not None]


class GroupSchema(BodySchema):
    tax_group_name = Text(100)
    taxes = TaxIds(metadata={"type": "string", "description": "Ids of taxes, separated by commas."})


TAX_GROUP = GroupSchema()


def create_group(body: dict[str, Any]) -> Tax:
    """A new group; name and members are required."""
    group = Tax(id=ids.new_id(), organization_id=current_organization().id, tax_type=GROUP, tax_name="")
    _apply(group, {"tax_group_name": "", "taxes": None, **body})
    db.session.add(group)
    db.session.flush()
    return group


def _apply(group: Tax, body: dict[str, Any]) -> None:
    """Documents keep the group as it was when their lines were written."""
    if "taxes" in body:
        wanted = body["taxes"]
        if not wanted:
            raise MissingValue("taxes")
        if len(set(wanted)) < len(wanted) or len(wanted) > MOST_MEMBERS:
            raise InvalidValue("taxes")
        members = [find(Tax, one, "Tax") for one in wanted]
        if any(member.is_group for member in members):
            raise InvalidValue("taxes")
        group.parts = members
        group.tax_percentage = percentage_of(members)
    if "tax_group_name" in body:
        if not body["tax_group_name"]:
            raise MissingValue("tax_group_name")
        rename(group, body["tax_group_name"])


def group_row(group: Tax) -> dict[str, Any]:
    return {
        "tax_group_id": str(group.id),
        "tax_group_name": group.tax_name,
        "tax_group_percentage": group.tax_percentage,
        "taxes": [tax_row(one) for one in group.members],
    }


def _find(group_id: str) -> Tax:
    group = find(Tax, group_id, THING)
    if not group.is_group:
        raise NotFound(THING)
    return group


@bp.get("/settings/taxgroups")
@documented(*PAGED, _200=page("tax_groups", "TaxGroup"))
@needs("settings.READ")
def list_groups() -> Response:
    """By name; the vendor lists groups among the taxes too. [MEM] for the key."""
    number, size = paging()
    groups = select(Tax).where(Tax.organization_id == current_organization().id, Tax.tax_type == GROUP)
    groups = groups.options(selectinload(Tax.parts)).order_by(Tax.tax_name, Tax.id)
    rows = db.session.scalars(groups.limit(size + 1).offset((number - 1) * size)).unique().all()
    context = {
        "page": number,
        "per_page": size,
        "has_more_page": len(rows) > size,
        "report_name": "Tax Groups",
        "sort_column": "tax_group_name",
        "sort_order": "A",
    }
    return success(tax_groups=[group_row(one) for one in rows[:size]], page_context=context)


@bp.get("/settings/taxgroups/<group_id>")
@documented(_200=told(tax_group="TaxGroup"))
@needs("settings.READ")
def get_group(group_id: str) -> Response:
    return success(tax_group=group_row(_find(group_id)))


@bp.post("/settings/taxgroups")
@documented(body=sent(TAX_GROUP, "tax_group_name", "taxes"), _201=told(tax_group="TaxGroup"))
@needs("settings.CREATE", admin=True)
def add_group() -> Response:
    group = create_group(TAX_GROUP.load(json_body()))
    message = "The tax group has been added."
    return created(message, "settings/taxgroups", group.id, tax_group=group_row(group))


@bp.put("/settings/taxgroups/<group_id>")
@documented(body=sent(TAX_GROUP), _200=told(tax_group="TaxGroup"))
@needs("settings.UPDATE", admin=True)
def save_group(group_id: str) -> Response:
    group = _find(group_id)
    _apply(group, TAX_GROUP.load(json_body()))
    db.session.flush()
    return success("Tax group information has been saved.", tax_group=group_row(group))


@bp.delete("/settings/taxgroups/<group_id>")
@documented(_200=DONE)
@needs("settings.DELETE", admin=True)
def remove_group(group_id: str) -> Response:
    delete_tax(_find(group_id))
    return success("The tax group has been deleted.")
