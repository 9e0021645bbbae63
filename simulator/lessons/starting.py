"""Brings a world to the start of a lesson: back to its scenario, then what the lesson needs, by the public APIs."""

from collections.abc import Callable
from typing import Any

from simulator.clients.base import Refusal
from simulator.lessons.model import Lesson, Start
from simulator.lessons.sight import Access, IntegrationRefused
from simulator.scenarios.pages import page_names, page_of

NAME_FIELDS = {"Accounts": "Account_Name", "Products": "Product_Name", "Contacts": "Full_Name", "Deals": "Deal_Name"}


class CannotStart(Exception):
    """The lesson cannot be begun in this world; the message says why."""


#: What the integration is set to unless a lesson says otherwise, whatever the scenario left.
DEFAULTS: dict[str, dict[str, Any]] = {
    "contacts": {"module": "accounts", "extent": "fetch", "duplicates": "skip"},
    "items": {"enabled": True, "extent": "fetch", "duplicates": "skip"},
    "triggers": {"document": "none"},
}
CURRENCIES = "/crm/v8/org/currencies"
BASE = {"name": "US Dollar - USD", "iso_code": "USD", "symbol": "$", "exchange_rate": "1.0"}


def refusal(lesson: Lesson, scenario: str) -> str | None:
    """Why the lesson is not for worlds of a scenario: their integration does not take what it sets."""
    if not lesson.needs or scenario not in page_names():
        return None
    refused = page_of(scenario).refuses
    settings = refused.get("settings", {})
    is_refused = any(settings.get(section, {}).items() & values.items() for section, values in lesson.needs.items())
    return str(refused["says"]) if is_refused else None


def begin(access: Access, start: Start, wait: Callable[[], None]) -> int:
    """Puts the world back and makes what the lesson begins with; the newest run of the integration, 0 without one.

    Args:
        wait: lets what was begun come to its end.

    Raises:
        CannotStart: the company of this world does not take it.
    """
    access.hub.reset(access.world)
    access.hub.clear_faults(access.world)
    try:
        _add_currencies(access, start.currencies)
        _make_records(access, start)
        if start.settings is not None:
            _connect(access)
            settings = {name: {**values, **start.settings.get(name, {})} for name, values in DEFAULTS.items()}
            access.connector("PUT", "/connection/settings", settings)
        if start.syncs:
            access.connector("POST", "/connection/runs", {"kind": "instant"})
            wait()
    except (IntegrationRefused, Refusal) as refused:
        raise CannotStart(f"This lesson cannot be begun in this world: {refused}") from refused
    for service, rule in start.faults.items():
        access.hub.call(service, "POST", f"/worlds/{access.world}/faults", rule)
    return _newest_run(access)


def _newest_run(access: Access) -> int:
    if access.connector("GET", "/connection")["connection"] is None:
        return 0
    runs = access.connector("GET", "/connection/runs?per_page=1")["runs"]
    return int(runs[0]["id"]) if runs else 0


def _add_currencies(access: Access, currencies: list[dict[str, str]]) -> None:
    if not currencies:
        return
    try:
        there = access.crm.call("GET", CURRENCIES).json()["currencies"]
    except Refusal:  # the company has but one so far
        access.crm.call("POST", f"{CURRENCIES}/actions/enable", json={"base_currency": BASE})
        there = []
    codes = [one["iso_code"] for one in there]
    if missing := [one for one in currencies if one["iso_code"] not in codes]:
        access.crm.call("POST", CURRENCIES, json={"currencies": missing})


def _connect(access: Access) -> None:
    key = access.crm.call("POST", "/crm/v8/settings/zsc_key").json()["zsc_key"]["key"]
    is_there = access.connector("GET", "/connection")["connection"]
    method, path = ("PUT", "/connection/credentials") if is_there else ("POST", "/connection")
    access.connector(method, path, {"email": access.email, "zsc_key": key})


def _make_records(access: Access, start: Start) -> None:
    for module, fields in start.fields.items():
        access.crm.call("POST", "/crm/v8/settings/fields", params={"module": module}, json={"fields": fields})
    made: dict[str, str] = {}
    for module, records in start.crm.items():
        outcomes = access.crm.create_records(module, [_resolved(record, made) for record in records])
        for record, outcome in zip(records, outcomes, strict=True):
            if outcome["code"] != "SUCCESS":
                raise CannotStart(f"This lesson cannot be begun in this world: {outcome['message']} ({record})")
            made[str(record.get(NAME_FIELDS[module], ""))] = str(outcome["details"]["id"])
    for customer in start.customers:
        access.invoice.create_contact(customer)
    for item in start.items:
        access.invoice.create_item(item)


def _resolved(record: dict[str, Any], made: dict[str, str]) -> dict[str, Any]:
    return {
        name: {"id": made[value["name"]]} if isinstance(value, dict) and "name" in value else value
        for name, value in record.items()
    }
