"""The organization (crm-api.md §5.10). Its details are changed in no public call."""

from typing import Any

from flask import Blueprint, Response
from sqlalchemy import select

from mock_crm import state
from mock_crm.access import needs
from mock_crm.database import db
from mock_crm.openapi.schemas import listed
from mock_crm.organization.model import Currency, Organization
from mock_crm.organization.user_writing import LICENSED_USERS
from mock_crm.records.values import shown_moment
from simulator import wire
from simulator.openapi import documented

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
@documented(_200=listed("org", "Organization"))
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
        "employee_count": str(len(people.present)),
        "license_details": {
            "paid": True,
            "paid_type": state.current().allowance.edition,
            "paid_expiry": None,
            "users_license_purchased": LICENSED_USERS,
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
