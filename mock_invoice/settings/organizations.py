"""The doors of organizations (invoice-api.md §8.1), and how one is founded."""

from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from flask import Blueprint, Response
from sqlalchemy import func, select

from mock_invoice.access import current_user, needs
from mock_invoice.database import db
from mock_invoice.documents.numbering import begin_series
from mock_invoice.envelope import created, day_text, success
from mock_invoice.errors import InvalidValue, MissingValue, NotOfOrganization, RoleRefused
from mock_invoice.fields import BodySchema, Choice, One, Text
from mock_invoice.limits import PLAN as PLAN_SWITCH
from mock_invoice.openapi.words import sent, told
from mock_invoice.parsing import json_body
from mock_invoice.settings.currencies import add_standard_currency
from mock_invoice.settings.organization_model import DETAILS, EDITIONS, Organization
from mock_invoice.settings.payment_terms import begin_terms
from mock_invoice.settings.user_model import User
from simulator import clock, ids, switches
from simulator.openapi import documented
from simulator.shapes import array_of

bp = Blueprint("organizations", __name__)

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
FIRST_ORGANIZATION = 10_234_695
#: Facts of plan and account that old clients index without a guard (§13).
PLAN: dict[str, Any] = {
    "version": "prod",
    "plan_type": 0,
    "plan_period": "",
    "tax_group_enabled": False,
    "currency_format": "###,##0.00",
}


ADDRESS_KEYS = ("street_address1", "street_address2", "city", "state", "country", "zip")


class OrganizationAddressSchema(BodySchema):
    street_address1 = Text(255)
    street_address2 = Text(255)
    city = Text(100)
    state = Text(100)
    country = Text(100)
    zip = Text(50)


class OrganizationSchema(BodySchema):
    name = Text(100)
    contact_name = Text(100)
    email = Text(100)
    time_zone = Text(60)
    currency_code = Text(3)
    fiscal_year_start_month = Choice(MONTHS)
    language_code = Text(10)
    country = Text(60)
    country_code = Text(10)
    edition = Choice(EDITIONS)
    phone = Text(50)
    fax = Text(50)
    website = Text(200)
    portal_name = Text(100)
    date_format = Text(30)
    field_separator = Text(1)
    industry_type = Text(100)
    industry_size = Text(50)
    company_id_label = Text(50)
    company_id_value = Text(50)
    tax_id_label = Text(50)
    tax_id_value = Text(50)
    org_address = Text(500)
    remit_to_address = Text(500)
    tax_basis = Choice(("accrual", "cash"))
    address = One(OrganizationAddressSchema)


ORGANIZATION = OrganizationSchema()


def found_organization(body: dict[str, Any]) -> Organization:
    """A new organization with its base currency and number series, and nobody in it yet."""
    if not body.get("name"):
        raise MissingValue("name")
    last = db.session.scalar(select(func.max(Organization.id)))
    organization_id = FIRST_ORGANIZATION if last is None else last + 1
    currency = add_standard_currency(organization_id, body.get("currency_code") or "USD")
    db.session.flush()
    organization = Organization(
        id=organization_id,
        is_default_org=last is None,
        account_created_date=clock.today(),
        currency=currency,
        time_zone="America/Los_Angeles",
    )
    _apply(organization, body)
    db.session.add(organization)
    db.session.flush()
    begin_series(organization.id)
    begin_terms(organization.id)
    return organization


def _apply(organization: Organization, body: dict[str, Any]) -> None:
    zone = body.get("time_zone")
    if zone and zone not in available_timezones():
        raise InvalidValue("time_zone")
    for key in ORGANIZATION.fields.keys() - {"currency_code", "address"} - DETAILS.keys():
        if body.get(key) or (key in ("phone", "fax", "website", "portal_name") and key in body):
            setattr(organization, key, body[key])
    organization.details = {**(organization.details or {}), **{key: body[key] for key in DETAILS if key in body}}
    organization.address = {**(organization.address or {}), **body.get("address", {})}


def organization_row(organization: Organization) -> dict[str, Any]:
    currency = organization.currency
    return {
        **PLAN,
        "plan_name": switches.read(PLAN_SWITCH.name).upper(),
        "organization_id": str(organization.id),
        "name": organization.name,
        "contact_name": organization.contact_name,
        "email": organization.email,
        "edition": organization.edition,
        "is_default_org": organization.is_default_org,
        "language_code": organization.language_code,
        "fiscal_year_start_month": organization.fiscal_year_start_month,
        "account_created_date": day_text(organization.account_created_date),
        "account_created_date_formatted": organization.account_created_date.strftime("%d %b %Y"),
        "time_zone": organization.time_zone,
        "time_zone_formatted": clock.now().astimezone(ZoneInfo(organization.time_zone)).strftime("(GMT%z)"),
        "is_org_active": organization.is_org_active,
        "country": organization.country,
        "country_code": (organization.details or {}).get("country_code", ""),
        "phone": organization.phone,
        "fax": organization.fax,
        "website": organization.website,
        "portal_name": organization.portal_name,
        "date_format": organization.date_format,
        "address": {key: organization.address.get(key, "") for key in ADDRESS_KEYS},
        "currency_id": str(currency.id),
        "currency_code": currency.currency_code,
        "currency_symbol": currency.currency_symbol,
        "price_precision": currency.price_precision,
    }


def organization_detail(organization: Organization, role: str) -> dict[str, Any]:
    """One organization, as a user with this role sees it."""
    return {
        **organization_row(organization),
        **DETAILS,
        **organization.details,
        "user_role": role,
        "custom_fields": [],
        "is_new_customer_custom_fields": True,
        "is_portal_enabled": bool(organization.portal_name),
    }


def _mine() -> list[Organization]:
    """The organizations that the caller is a user of."""
    statement = (
        select(Organization)
        .join(User, User.organization_id == Organization.id)
        .where(User.email == current_user().email, User.status == "active")
        .order_by(Organization.id)
    )
    return list(db.session.scalars(statement))


def _one_of_mine(organization_id: str) -> Organization:
    for organization in _mine():
        if str(organization.id) == organization_id:
            return organization
    raise NotOfOrganization(organization_id)


def _own_user(organization: Organization) -> User:
    """The caller, in this organization of his."""
    statement = select(User).where(User.organization_id == organization.id, User.email == current_user().email)
    return db.session.scalars(statement).one()


@bp.get("/organizations")
@documented(_200=told(organizations=array_of("OrganizationRow")))
@needs("settings.READ")
def list_organizations() -> Response:
    return success(organizations=[organization_row(one) for one in _mine()])


@bp.get("/organizations/<organization_id>")
@documented(_200=told(organization="Organization"))
@needs("settings.READ")
def get_organization(organization_id: str) -> Response:
    organization = _one_of_mine(organization_id)
    return success(organization=organization_detail(organization, _own_user(organization).user_role))


@bp.post("/organizations")
@documented(body=sent(ORGANIZATION, "name"), _201=told(organization="Organization"))
@needs("settings.CREATE", admin=True)
def add_organization() -> Response:
    """The founder is its first administrator."""
    founder = current_user()
    organization = found_organization(ORGANIZATION.load(json_body()))
    db.session.add(
        User(
            id=ids.new_id(),
            organization_id=organization.id,
            name=founder.name,
            email=founder.email,
            user_role="admin",
            status="active",
        )
    )
    message = "The organization has been created."
    return created(message, "organizations", organization.id, organization=organization_detail(organization, "admin"))


@bp.put("/organizations/<organization_id>")
@documented(body=sent(ORGANIZATION), _200=told(organization="Organization"))
@needs("settings.UPDATE", admin=True)
def save_organization(organization_id: str) -> Response:
    """The base currency stays as it is: documents stand on it."""
    organization = _one_of_mine(organization_id)
    own = _own_user(organization)
    if not own.is_admin:
        raise RoleRefused
    _apply(organization, ORGANIZATION.load(json_body()))
    db.session.flush()
    return success(
        "Organization information has been saved.", organization=organization_detail(organization, own.user_role)
    )
