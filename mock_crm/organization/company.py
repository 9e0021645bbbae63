"""The organization and its currencies (crm-api.md §5.10, §5.11)."""

from typing import Any

from flask import Blueprint, Response
from sqlalchemy import select

from mock_crm import state
from mock_crm.access import needs
from mock_crm.database import db
from mock_crm.envelope import id_of, nothing
from mock_crm.organization.model import Currency, Organization
from mock_crm.records.values import shown_moment
from simulator import wire

bp = Blueprint("company", __name__)

EMPTY_KEYS = (
    "photo_id",
    "phone",
    "mobile",
    "fax",
    "website",
    "street",
    "city",
    "state",
    "zip",
    "description",
    "alias",
    "zia_portal_id",
)


@bp.get("/org")
@needs("org.READ")
def show_organization() -> Response:
    row: Any = db.session.execute(select(Organization.__table__)).one()
    people = state.people()
    base: Any = db.session.execute(select(Currency.__table__).where(Currency.is_base)).one()
    shown = {
        "id": str(row.id),
        "zgid": row.zgid,
        "company_name": row.company_name,
        "primary_email": row.primary_email,
        "primary_zuid": people.administrator().zuid,
        "domain_name": f"org{row.zgid}",
        "currency": base.name,
        "iso_code": base.iso_code,
        "currency_symbol": base.symbol,
        "currency_locale": "en_US",
        "mc_status": row.multi_currency,
        "time_zone": row.time_zone,
        "country": row.country,
        "country_code": row.country_code,
        "created_time": shown_moment(row.created_time, people.company.zone),
        "type": "production",
        "employee_count": str(len(people.users)),
        "license_details": {
            "paid": True,
            "paid_type": "enterprise",
            "paid_expiry": None,
            "users_license_purchased": 10,
            "trial_type": None,
            "trial_expiry": None,
        },
        "privacy_settings": False,
        "translation_enabled": False,
        "gapps_enabled": False,
        "hipaa_compliance_enabled": False,
        "deletable_org_account": False,
        "hierarchy_preferences": {"type": "Role_Hierarchy"},
        "lite_users_enabled": False,
        **dict.fromkeys(EMPTY_KEYS),
    }
    return wire.reply({"org": [shown]})


@bp.get("/org/currencies")
@needs("settings.currencies.READ")
def list_currencies() -> Response:
    rows = db.session.execute(select(Currency.__table__).order_by(Currency.id)).all()
    return wire.reply({"currencies": [_shown(row) for row in rows]})


@bp.get("/org/currencies/<currency_id>")
@needs("settings.currencies.READ")
def show_currency(currency_id: str) -> Response:
    row = db.session.execute(select(Currency.__table__).where(Currency.id == (id_of(currency_id) or 0))).first()
    return wire.reply({"currencies": [_shown(row)]}) if row is not None else nothing()


def _shown(row: Any) -> dict[str, Any]:
    """Exchange rate and decimal places really are strings (crm-api.md §5.11)."""
    people = state.people()
    created = shown_moment(row.created_time, people.company.zone)
    author = people.administrator().named()
    return {
        "id": str(row.id),
        "name": row.name,
        "iso_code": row.iso_code,
        "symbol": row.symbol,
        "is_base": row.is_base,
        "is_active": row.is_active,
        "exchange_rate": row.exchange_rate,
        "prefix_symbol": True,
        "format": {
            "decimal_separator": "Period",
            "thousand_separator": "Comma",
            "decimal_places": str(row.decimal_places),
        },
        "created_time": created,
        "modified_time": created,
        "created_by": author,
        "modified_by": author,
    }
