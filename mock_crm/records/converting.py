"""Converting leads: what becomes an account, a contact and, when asked for, a potential (crm-api.md §4.8).

What is matched and overwritten is the vendor's; from memory are the fields that go where, that notes go with the
contact, and that mails about it are owed to nobody here (the CRM of this program sends none).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Blueprint, Response
from sqlalchemy import insert, select

from mock_crm import access, state
from mock_crm.access import needs
from mock_crm.database import db
from mock_crm.envelope import body, by_version, items, success
from mock_crm.errors import AlreadyConverted, CrmError
from mock_crm.metadata.catalog import Module
from mock_crm.metadata.related_lists import CONTACT_ROLES
from mock_crm.openapi.schemas import sent
from mock_crm.organization.people import User
from mock_crm.records import store, tagging
from mock_crm.records.convert_wish import Wish, read_wish
from mock_crm.records.drafts import Draft, read_draft, take_up
from mock_crm.records.model import CONVERTED, VALUES, record, record_lookup, record_relation
from mock_crm.records.refusals import ModuleNotSupported
from mock_crm.records.uniqueness import holders
from mock_crm.records.values import key_of
from mock_crm.records.writing import Stamp, write
from mock_crm.versions import V6
from simulator import wire
from simulator.openapi import documented

bp = Blueprint("converting", __name__)

#: Fields of a lead by what they become.
TO_ACCOUNT = {
    "Account_Name": "Company",
    "Phone": "Phone",
    "Fax": "Fax",
    "Website": "Website",
    "Industry": "Industry",
    "Rating": "Rating",
    "Employees": "No_of_Employees",
    "Annual_Revenue": "Annual_Revenue",
    "Billing_Street": "Street",
    "Billing_City": "City",
    "Billing_State": "State",
    "Billing_Code": "Zip_Code",
    "Billing_Country": "Country",
}
TO_CONTACT = {
    **{name: name for name in ("Salutation", "First_Name", "Last_Name", "Email", "Secondary_Email", "Phone", "Mobile")},
    **{name: name for name in ("Fax", "Lead_Source", "Skype_ID", "Twitter", "Email_Opt_Out", "Description")},
    "Title": "Designation",
    "Mailing_Street": "Street",
    "Mailing_City": "City",
    "Mailing_State": "State",
    "Mailing_Zip": "Zip_Code",
    "Mailing_Country": "Country",
}
PARTS = {"Accounts": "Converted_Account", "Contacts": "Converted_Contact", "Deals": "Converted_Deal"}


@dataclass
class _Lead:
    """The lead under conversion, and what came of it so far: ids by module."""

    row: Any
    values: dict[str, Any]
    wish: Wish
    owner: User
    stamp: Stamp
    made: dict[str, int]


@bp.post("/<module>/<record_id>/actions/convert")
@needs("modules.{module}.CREATE", permission="Edit")
@documented(body=sent("data", "ToConvert"), _200="Converted")
def convert_lead(module: Module, record_id: str) -> Response:
    if module.api_name != "Leads":
        raise ModuleNotSupported
    row = store.addressed(module, record_id)
    values = orjson.loads(row[VALUES])
    if values.get(CONVERTED):
        raise AlreadyConverted({"resource_path_index": 1})
    (given,) = items(body(), most=1)
    try:
        made = _convert(row, values, read_wish(given), Stamp.now(access.user()))
    except CrmError as error:
        return wire.reply({"data": [error.body()]}, error.status)
    return wire.reply({"data": [_outcome(made)]})


def _outcome(made: dict[str, int]) -> dict[str, Any]:
    """Plain ids in the older versions, an outcome like others in the newer ones; the switch is from memory."""
    naming = select(record.c.id, record.c.name).where(record.c.id.in_(made.values()))
    names = {row[0]: row[1] for row in db.session.execute(naming)}
    shown = {part: {"name": names[made[part]], "id": str(made[part])} if part in made else None for part in PARTS}
    new = success(shown, "The record has been converted successfully")
    return by_version(new, {part: one["id"] if one else None for part, one in shown.items()}, V6)


def _convert(row: Any, values: dict[str, Any], wish: Wish, stamp: Stamp) -> dict[str, int]:
    owner = wish.owner or state.people().users.get(row.owner) or stamp.user
    lead = _Lead(row, values, wish, owner, stamp, {})
    _to_account(lead)
    _to_contact(lead)
    if wish.deal is not None:
        _to_deal(lead, wish.deal)
    _take_along(lead)
    now = {PARTS[part]: number for part, number in lead.made.items()}
    _change("Leads", row, {CONVERTED: True, "Converted_Date_Time": stamp.time, **now}, stamp)
    return lead.made


def _to_account(lead: _Lead) -> None:
    """The account given, else the one of the company's name, else a new one; without a company there is none."""
    company = lead.values.get("Company")
    if lead.wish.account is not None:
        if lead.wish.overwrite and company:
            _change("Accounts", lead.wish.account, {"Account_Name": company}, lead.stamp)
        lead.made["Accounts"] = lead.wish.account.id
    elif company:
        held = _held("Accounts", "Account_Name", company)
        lead.made["Accounts"] = held if held is not None else _create("Accounts", _mapped(lead, TO_ACCOUNT), lead)


def _to_contact(lead: _Lead) -> None:
    """The contact given, else the one of the same email address, else a new one."""
    account = lead.made.get("Accounts")
    found = lead.wish.contact
    if found is None and (email := lead.values.get("Email")) is not None:
        held = _held("Contacts", "Email", email)
        found = store.rows_of(state.catalog().modules["Contacts"], [held]).get(held) if held is not None else None
    if found is None:
        tied = {"Account_Name": account} if account is not None else {}
        lead.made["Contacts"] = _create("Contacts", {**_mapped(lead, TO_CONTACT), **tied}, lead)
        return
    lead.made["Contacts"] = found.id
    theirs = orjson.loads(found[VALUES]).get("Account_Name")
    if account is not None and theirs != account and (theirs is None or lead.wish.overwrite):
        _change("Contacts", found, {"Account_Name": account}, lead.stamp)


def _to_deal(lead: _Lead, given: dict[str, Any]) -> None:
    module = state.catalog().modules["Deals"]
    access.require_module(module, "Create")
    draft = read_draft(module, 0, given)
    ties = {"Account_Name": lead.made.get("Accounts"), "Contact_Name": lead.made["Contacts"]}
    draft.changes.update({name: number for name, number in ties.items() if number is not None})
    if (source := lead.values.get("Lead_Source")) is not None:
        draft.changes.setdefault("Lead_Source", source)
    lead.made["Deals"] = _written(draft, lead)
    if lead.wish.contact_role is not None:
        extra = wire.dumps({"role": lead.wish.contact_role}).decode()
        tie = {"relation": CONTACT_ROLES, "parent": lead.made["Deals"], "child": lead.made["Contacts"], "extra": extra}
        db.session.execute(insert(record_relation).values(tie))


def _mapped(lead: _Lead, names: dict[str, str]) -> dict[str, Any]:
    return {theirs: lead.values[ours] for theirs, ours in names.items() if ours in lead.values}


def _held(module_name: str, field: str, value: str) -> int | None:
    key = (field, key_of(value))
    return holders(state.catalog().modules[module_name], [key]).get(key)


def _create(module_name: str, kept: dict[str, Any], lead: _Lead) -> int:
    module = state.catalog().modules[module_name]
    access.require_module(module, "Create")
    return _written(Draft(module, 0, dict(kept)), lead)


def _written(draft: Draft, lead: _Lead) -> int:
    draft.owner = draft.owner or lead.owner.id
    (outcome,) = write(draft.module, [draft], lead.stamp)
    if isinstance(outcome, CrmError):
        raise outcome
    return int(draft.record_id or 0)


def _change(module_name: str, row: Any, kept: dict[str, Any], stamp: Stamp) -> None:
    module = state.catalog().modules[module_name]
    access.require_module(module, "Edit")
    draft = Draft(module, 0, dict(kept))
    take_up(draft, row)
    (outcome,) = write(module, [draft], stamp)
    if isinstance(outcome, CrmError):
        raise outcome


def _take_along(lead: _Lead) -> None:
    """Notes go with the contact, attachments where the caller says; tags where he says, if the lead bears them."""
    to = lead.made.get(lead.wish.attachments_to) or lead.made["Contacts"]
    for module_name, target in (("Notes", lead.made["Contacts"]), ("Attachments", to)):
        beside = select(record_lookup.c.record).where(
            record_lookup.c.target == lead.row.id,
            record_lookup.c.module == module_name,
            record_lookup.c.field == "Parent_Id",
        )
        _move(module_name, db.session.execute(beside).scalars().all(), target, lead.stamp)
    for module_name, names in lead.wish.tags.items():
        if module_name in lead.made:
            module = state.catalog().modules[module_name]
            tags = tagging.named_tags(module, [{"name": name} for name in names], lead.stamp)
            tagging.add(module, [lead.made[module_name]], tags, False, lead.stamp)


def _move(module_name: str, numbers: Sequence[int], target: int, stamp: Stamp) -> None:
    module = state.catalog().modules[module_name]
    drafts = []
    for row in store.rows_of(module, numbers).values():
        draft = Draft(module, 0, {"Parent_Id": target})
        take_up(draft, row)
        drafts.append(draft)
    write(module, drafts, stamp)
