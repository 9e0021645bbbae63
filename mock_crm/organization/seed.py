"""Writes the company of a fresh world: organization, currency, roles, profiles and the people of the scenario."""

from typing import Any

from sqlalchemy import update

from mock_crm import state
from mock_crm.database import db, insert_rows
from mock_crm.metadata import multi_currency
from mock_crm.organization import model
from mock_crm.organization.permissions import PERMISSIONS, STANDARD_PROFILES
from simulator import clock, ids

CEO = "CEO"
MANAGER = "Manager"

DEFAULT_COMPANY: dict[str, Any] = {
    "company_name": "Zylker",
    "primary_email": "asha.rao@zylker.example",
    "time_zone": "America/Los_Angeles",
    "country": "United States",
    "country_code": "US",
}


def seed_organization(company: dict[str, Any], people: list[dict[str, str]]) -> None:
    """The company with its home currency, standard roles and profiles, and its users.

    Args:
        company: what differs from the default company, in the names of `GET /org`.
        people: `first_name last_name email profile` and, if not Manager, `role` of each user.
    """
    now = int(clock.now().timestamp())
    org_id = ids.new_id()
    known = {key: company[key] for key in DEFAULT_COMPANY if key in company}
    organization = {**DEFAULT_COMPANY, **known, "id": org_id, "zgid": short_number(org_id), "created_time": now}
    insert_rows(model.Organization, [{**organization, "multi_currency": False}])
    currency = _currency(company.get("iso_code", "USD"))
    insert_rows(model.Currency, [{**currency, "id": ids.new_id(), "created_time": now}])
    ceo, manager = ids.new_ids(2)
    insert_rows(model.Role, [{"id": ceo, "name": CEO, "reporting_to": None}])
    insert_rows(model.Role, [{"id": manager, "name": MANAGER, "reporting_to": ceo}])
    profiles = _seed_profiles()
    roles = {CEO: ceo, MANAGER: manager}
    insert_rows(model.User, [_user(person, profiles, roles, now) for person in people])


def seed_currencies(given: list[dict[str, str]]) -> None:
    """Makes the company one of several currencies; the home currency stays its base.

    Args:
        given: `iso_code exchange_rate` of each other currency.
    """
    db.session.execute(update(model.Organization).values(multi_currency=True))
    now = int(clock.now().timestamp())
    others = [{**_currency(one["iso_code"]), "is_base": False, "exchange_rate": one["exchange_rate"]} for one in given]
    insert_rows(model.Currency, [{**other, "id": ids.new_id(), "created_time": now} for other in others])
    state.changed()
    multi_currency.add_everywhere()


def short_number(number: int) -> str:
    """The nine digits by which the accounts server knows an organization or a user."""
    return f"8{str(number)[-8:]}"


SYMBOLS = {
    "USD": ("US Dollar - USD", "$", 2),
    "EUR": ("Euro - EUR", "€", 2),
    "GBP": ("British Pound - GBP", "£", 2),
    "INR": ("Indian Rupee - INR", "₹", 2),
    "JPY": ("Japanese Yen - JPY", "¥", 0),
    "CHF": ("Swiss Franc - CHF", "CHF", 2),
}


def _currency(code: str) -> dict[str, Any]:
    name, symbol, places = SYMBOLS.get(code, (code, code, 2))
    return {
        "iso_code": code,
        "name": name,
        "symbol": symbol,
        "decimal_places": places,
        "is_base": True,
        "is_active": True,
        "exchange_rate": "1.000000000",
    }


def _seed_profiles() -> dict[str, int]:
    made: dict[str, int] = {}
    for name, description, is_custom, allows in STANDARD_PROFILES:
        made[name] = ids.new_id()
        profile = {"id": made[name], "name": name, "description": description, "is_custom": is_custom}
        insert_rows(model.Profile, [profile])
        insert_rows(
            model.ProfilePermission,
            [
                {"id": number, "profile_id": made[name], "name": box.name, "enabled": allows(box)}
                for box, number in zip(PERMISSIONS, ids.new_ids(len(PERMISSIONS)), strict=True)
            ],
        )
    return made


def _user(person: dict[str, str], profiles: dict[str, int], roles: dict[str, int], now: int) -> dict[str, Any]:
    number = ids.new_id()
    return {
        "id": number,
        "zuid": short_number(number),
        "first_name": person.get("first_name", ""),
        "last_name": person["last_name"],
        "email": person["email"],
        "profile_id": profiles[person["profile"]],
        "role_id": roles[person.get("role", MANAGER)],
        "is_active": True,
        "created_time": now,
        "modified_time": now,
    }
