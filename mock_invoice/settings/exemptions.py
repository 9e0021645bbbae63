"""Tax exemptions and tax authorities (invoice-api.md §8.3). They are kept and shown; nothing is reckoned from them."""

from typing import Any

from flask import Blueprint, Response
from sqlalchemy import exists, select

from mock_invoice.access import current_organization, needs
from mock_invoice.contacts.model import Contact
from mock_invoice.database import db
from mock_invoice.envelope import created, success
from mock_invoice.errors import InUse, MissingValue, NameTaken
from mock_invoice.fields import BodySchema, Choice, Text
from mock_invoice.find import find
from mock_invoice.items.model import Item
from mock_invoice.lists import paging
from mock_invoice.openapi.parameters import PAGED
from mock_invoice.openapi.words import DONE, page, sent, told
from mock_invoice.parsing import json_body
from mock_invoice.settings.exemption_model import TYPES, TaxAuthority, TaxExemption
from mock_invoice.settings.tax_model import Tax
from mock_invoice.standing import any_of
from simulator import ids
from simulator.openapi import documented

bp = Blueprint("exemptions", __name__)


class ExemptionSchema(BodySchema):
    tax_exemption_code = Text(50)
    description = Text(500)
    type = Choice(TYPES)


class AuthoritySchema(BodySchema):
    tax_authority_name = Text(100)
    description = Text(500)
    registration_number_label = Text(100)


EXEMPTION, AUTHORITY = ExemptionSchema(), AuthoritySchema()


def _shown(row: Any, id_key: str, schema: BodySchema) -> dict[str, Any]:
    return {id_key: str(row.id), **{key: getattr(row, key) for key in schema.fields}}


def exemption_row(row: TaxExemption) -> dict[str, Any]:
    return {**_shown(row, "tax_exemption_id", EXEMPTION), "type_formatted": row.type.title()}


def authority_row(row: TaxAuthority) -> dict[str, Any]:
    return _shown(row, "tax_authority_id", AUTHORITY)


def _listed(table: Any, name: Any) -> tuple[list[Any], dict[str, Any]]:
    page, per_page = paging()
    statement = select(table).where(table.organization_id == current_organization().id).order_by(name, table.id)
    rows = list(db.session.scalars(statement.limit(per_page + 1).offset((page - 1) * per_page)))
    context = {
        "page": page,
        "per_page": per_page,
        "has_more_page": len(rows) > per_page,
        "sort_column": name.key,
        "sort_order": "A",
    }
    return rows[:per_page], context


def _save(row: Any, name: str, what: str, body: dict[str, Any]) -> None:
    """Writes what the body names; the name is required and unique."""
    table = type(row)
    wanted = body.get(name, getattr(row, name))
    if not wanted:
        raise MissingValue(name)
    with db.session.no_autoflush:
        taken = exists().where(
            table.organization_id == row.organization_id, getattr(table, name) == wanted, table.id != row.id
        )
        if db.session.scalar(select(taken)):
            raise NameTaken(what, wanted)
    for key, value in body.items():
        if value or key not in (name, "type"):
            setattr(row, key, value)
    db.session.add(row)
    db.session.flush()


@bp.get("/settings/taxexemptions")
@documented(*PAGED, _200=page("tax_exemptions", "TaxExemption"))
@needs("settings.READ")
def list_exemptions() -> Response:
    rows, context = _listed(TaxExemption, TaxExemption.tax_exemption_code)
    return success(tax_exemptions=[exemption_row(one) for one in rows], page_context=context)


@bp.get("/settings/taxexemptions/<exemption_id>")
@documented(_200=told(tax_exemption="TaxExemption"))
@needs("settings.READ")
def get_exemption(exemption_id: str) -> Response:
    return success(tax_exemption=exemption_row(find(TaxExemption, exemption_id, "Tax exemption")))


@bp.post("/settings/taxexemptions")
@documented(body=sent(EXEMPTION, "tax_exemption_code", "type"), _201=told(tax_exemption="TaxExemption"))
@needs("settings.CREATE", admin=True)
def add_exemption() -> Response:
    body = EXEMPTION.load(json_body())
    if not body.get("type"):
        raise MissingValue("type")
    row = TaxExemption(
        id=ids.new_id(), organization_id=current_organization().id, tax_exemption_code="", description="", type=""
    )
    _save(row, "tax_exemption_code", "tax exemption", body)
    message = "The tax exemption has been added."
    return created(message, "settings/taxexemptions", row.id, tax_exemption=exemption_row(row))


@bp.put("/settings/taxexemptions/<exemption_id>")
@documented(body=sent(EXEMPTION), _200=told(tax_exemption="TaxExemption"))
@needs("settings.UPDATE", admin=True)
def save_exemption(exemption_id: str) -> Response:
    row = find(TaxExemption, exemption_id, "Tax exemption")
    _save(row, "tax_exemption_code", "tax exemption", EXEMPTION.load(json_body()))
    return success("The tax exemption has been updated.", tax_exemption=exemption_row(row))


@bp.delete("/settings/taxexemptions/<exemption_id>")
@documented(_200=DONE)
@needs("settings.DELETE", admin=True)
def remove_exemption(exemption_id: str) -> Response:
    row = find(TaxExemption, exemption_id, "Tax exemption")
    if is_used(row):
        raise InUse(f"{row.tax_exemption_code} cannot be deleted, as it is in use.")
    db.session.delete(row)
    return success("The record has been deleted.")


def is_used(row: TaxExemption) -> bool:
    """Whether a customer or an item names it."""
    return any_of((Contact.tax_exemption_id, Item.tax_exemption_id), row.id)


@bp.get("/settings/taxauthorities")
@documented(*PAGED, _200=page("tax_authorities", "TaxAuthority"))
@needs("settings.READ")
def list_authorities() -> Response:
    rows, context = _listed(TaxAuthority, TaxAuthority.tax_authority_name)
    return success(tax_authorities=[authority_row(one) for one in rows], page_context=context)


@bp.get("/settings/taxauthorities/<authority_id>")
@documented(_200=told(tax_authority="TaxAuthority"))
@needs("settings.READ")
def get_authority(authority_id: str) -> Response:
    return success(tax_authority=authority_row(find(TaxAuthority, authority_id, "Tax authority")))


@bp.post("/settings/taxauthorities")
@documented(body=sent(AUTHORITY, "tax_authority_name"), _201=told(tax_authority="TaxAuthority"))
@needs("settings.CREATE", admin=True)
def add_authority() -> Response:
    row = TaxAuthority(id=ids.new_id(), organization_id=current_organization().id, tax_authority_name="")
    row.description = row.registration_number_label = ""
    _save(row, "tax_authority_name", "tax authority", AUTHORITY.load(json_body()))
    message = "The tax authority has been added."
    return created(message, "settings/taxauthorities", row.id, tax_authority=authority_row(row))


@bp.put("/settings/taxauthorities/<authority_id>")
@documented(body=sent(AUTHORITY), _200=told(tax_authority="TaxAuthority"))
@needs("settings.UPDATE", admin=True)
def save_authority(authority_id: str) -> Response:
    row = find(TaxAuthority, authority_id, "Tax authority")
    _save(row, "tax_authority_name", "tax authority", AUTHORITY.load(json_body()))
    return success("The tax authority has been updated.", tax_authority=authority_row(row))


@bp.delete("/settings/taxauthorities/<authority_id>")
@documented(_200=DONE)
@needs("settings.DELETE", admin=True)
def remove_authority(authority_id: str) -> Response:
    row = find(TaxAuthority, authority_id, "Tax authority")
    if any_of((Tax.tax_authority_id,), row.id):
        raise InUse(f"{row.tax_authority_name} cannot be deleted, as it is in use.")
    db.session.delete(row)
    return success("The record has been deleted.")
