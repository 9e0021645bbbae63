"""The doors of taxes (invoice-api.md §8.3)."""

from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import exists, select

from mock_invoice import standing
from mock_invoice.access import current_organization, needs
from mock_invoice.contacts.model import Contact
from mock_invoice.database import db
from mock_invoice.envelope import created, id_text, success
from mock_invoice.errors import InUse, InvalidValue, MissingValue, NameTaken, NotFound
from mock_invoice.fields import Amount, BodySchema, Choice, Flag, Id, Text
from mock_invoice.find import find
from mock_invoice.items.model import Item
from mock_invoice.lists import paging
from mock_invoice.openapi.parameters import PAGED, TAXES_FILTER
from mock_invoice.openapi.words import DONE, page, sent, told
from mock_invoice.parsing import json_body
from mock_invoice.settings.exemption_model import TaxAuthority
from mock_invoice.settings.tax_model import COMPOUND, Tax, percentage_of
from mock_invoice.settings.tax_model import TAX as TAX_TYPE
from simulator import ids
from simulator.openapi import documented

bp = Blueprint("taxes", __name__)


class TaxSchema(BodySchema):
    tax_name = Text(100)
    tax_percentage = Amount(most=100)
    tax_type = Choice((TAX_TYPE, COMPOUND))
    tax_authority_id = Id()
    is_value_added = Flag()


TAX = TaxSchema()


def create_tax(body: dict[str, Any]) -> Tax:
    """A new tax; name and percentage are required."""
    for key in ("tax_name", "tax_percentage"):
        if body.get(key) in (None, ""):
            raise MissingValue(key)
    tax = Tax(id=ids.new_id(), organization_id=current_organization().id, tax_type="tax")
    _apply(tax, body)
    db.session.add(tax)
    db.session.flush()
    return tax


def _apply(tax: Tax, body: dict[str, Any]) -> None:
    """A change of percentage leaves documents alone: their lines keep the one they were written with."""
    if name := body.get("tax_name"):
        rename(tax, name)
    for key in ("tax_percentage", "is_value_added"):
        if key in body:
            setattr(tax, key, body[key])
    tax.tax_type = body.get("tax_type") or tax.tax_type
    if "tax_authority_id" in body:
        wanted = body["tax_authority_id"]
        tax.tax_authority_id = find(TaxAuthority, wanted, "Tax authority").id if wanted else None


def rename(tax: Tax, name: str) -> None:
    """Taxes and groups of them have their names together.

    Raises:
        NameTaken: another one is called so.
    """
    with db.session.no_autoflush:
        taken = exists().where(Tax.organization_id == tax.organization_id, Tax.tax_name == name, Tax.id != tax.id)
        if db.session.scalar(select(taken)):
            raise NameTaken("tax", name)
    tax.tax_name = name


def tax_row(tax: Tax) -> dict[str, Any]:
    return {
        "tax_id": str(tax.id),
        "tax_name": tax.tax_name,
        "tax_percentage": tax.tax_percentage,
        "tax_type": tax.tax_type,
        "is_default_tax": tax.is_default_tax,
        "is_value_added": tax.is_value_added,
        "is_editable": True,
        "is_inactive": not tax.is_active,
        "tax_authority_id": id_text(tax.tax_authority_id),
        "tax_specific_type": "",
    }


@bp.get("/settings/taxes")
@documented(*PAGED, TAXES_FILTER, _200=page("taxes", "Tax"))
@needs("settings.READ")
def list_taxes() -> Response:
    page, per_page = paging()
    wanted = request.args.get("filter_by") or "Taxes.Active"
    if wanted not in ("Taxes.Active", "Taxes.All"):
        raise InvalidValue("filter_by")
    statement = select(Tax).where(Tax.organization_id == current_organization().id).order_by(Tax.tax_name, Tax.id)
    if wanted == "Taxes.Active":
        statement = statement.where(Tax.is_active)
    rows = db.session.scalars(statement.limit(per_page + 1).offset((page - 1) * per_page)).all()
    context = {
        "page": page,
        "per_page": per_page,
        "has_more_page": len(rows) > per_page,
        "report_name": "Taxes",
        "applied_filter": wanted,
        "sort_column": "tax_name",
        "sort_order": "A",
        "as_of_date": "",
        "to_date": "",
    }
    return success(taxes=[tax_row(one) for one in rows[:per_page]], page_context=context)


@bp.get("/settings/taxes/<tax_id>")
@documented(_200=told(tax="Tax"))
@needs("settings.READ")
def get_tax(tax_id: str) -> Response:
    return success(tax=tax_row(find(Tax, tax_id, "Tax")))


@bp.post("/settings/taxes")
@documented(body=sent(TAX, "tax_name", "tax_percentage"), _201=told(tax="Tax"))
@needs("settings.CREATE", admin=True)
def add_tax() -> Response:
    tax = create_tax(TAX.load(json_body()))
    return created("The tax has been added.", "settings/taxes", tax.id, tax=tax_row(tax))


@bp.put("/settings/taxes/<tax_id>")
@documented(body=sent(TAX), _200=told(tax="Tax"))
@needs("settings.UPDATE", admin=True)
def save_tax(tax_id: str) -> Response:
    tax = _single(tax_id)
    _apply(tax, TAX.load(json_body()))
    for group in _groups_with(tax):
        group.tax_percentage = percentage_of(group.members)
    db.session.flush()
    return success("Tax information has been saved.", tax=tax_row(tax))


@bp.delete("/settings/taxes/<tax_id>")
@documented(_200=DONE)
@needs("settings.DELETE", admin=True)
def remove_tax(tax_id: str) -> Response:
    tax = _single(tax_id)
    if _groups_with(tax):
        raise InUse(f"{tax.tax_name} cannot be deleted, as it is in a tax group.")
    delete_tax(tax)
    return success("The record has been deleted.")


def _single(tax_id: str) -> Tax:
    """A tax that is no group: groups have doors of their own."""
    tax = find(Tax, tax_id, "Tax")
    if tax.is_group:
        raise NotFound("Tax")
    return tax


def _groups_with(tax: Tax) -> list[Tax]:
    return list(db.session.scalars(select(Tax).where(Tax.parts.any(Tax.id == tax.id))))


def delete_tax(tax: Tax) -> None:
    """Deletes a tax or a group that nothing stands on.

    Raises:
        InUse: an item, a customer or a line of a document has it.
    """
    users = (Item, Contact, *standing.lines())
    if standing.any_of((one.tax_id for one in users), tax.id):
        raise InUse(f"{tax.tax_name} cannot be deleted, as it is in use.")
    db.session.delete(tax)
