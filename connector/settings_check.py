"""What settings are refused, each with the field that is in the way (requirements C3, C8, G6)."""

from typing import Any

from connector.errors import SettingsRefused
from connector.fields import CRM_MODULE, FITTING, INVOICE_FIELDS, REQUIRED_IN_CRM, kind_of
from connector.settings import US_EDITION, Document, Duplicates, Entity, Extent, MatchBy, Module, kinds, mapping_of

TWICE_BOTH_WAYS = "{} is mapped twice; with Sync both ways each CRM field stands on one line of the mapping."
REQUIRED_BOTH_WAYS = "{} is required in Zoho CRM; with Sync both ways it must be mapped."
NO_EMAIL = "Accounts have no email address; match them by name, or choose the module Contacts."
NO_CLONE = "Zoho Invoice takes each SKU only once, so items of one SKU cannot be cloned; choose Overwrite or Skip."
NOT_MAPPED = "Records are to be matched by {0}, but no field of Zoho CRM is mapped onto {0}."


def check(settings: dict[str, Any], edition: str, crm_fields: dict[str, dict[str, str]]) -> None:
    """Refuses what does not fit.

    Args:
        crm_fields: data type by api_name of each CRM field, for each entity whose mapping is to be checked.

    Raises:
        SettingsRefused: with the field that is in the way.
    """
    _check_both_ways(settings["contacts"])
    _check_match_by(settings["contacts"], settings["items"])
    if settings["triggers"]["document"] != Document.NONE and edition == "us":
        raise SettingsRefused(US_EDITION, field="triggers.document")
    for entity, types in crm_fields.items():
        _check_mapping(entity, settings["contacts"]["mapping"][entity], types)


def _check_both_ways(contacts: dict[str, Any]) -> None:
    if contacts["extent"] != Extent.BOTH:
        return
    for kind in kinds(contacts):
        crm = [pair.crm for pair in mapping_of(contacts, kind)]
        field = f"contacts.mapping.{kind}"
        if twice := next((name for name in crm if crm.count(name) > 1), None):
            raise SettingsRefused(TWICE_BOTH_WAYS.format(twice), field=field)
        if REQUIRED_IN_CRM[kind] not in crm:
            raise SettingsRefused(REQUIRED_BOTH_WAYS.format(REQUIRED_IN_CRM[kind]), field=field)


def _check_match_by(contacts: dict[str, Any], items: dict[str, Any]) -> None:
    if contacts.get("match_by") == MatchBy.EMAIL and contacts["module"] != Module.CONTACTS:
        raise SettingsRefused(NO_EMAIL, field="contacts.match_by")
    if items.get("match_by") == MatchBy.SKU and items["duplicates"] == Duplicates.CLONE:
        raise SettingsRefused(NO_CLONE, field="items.match_by")


def check_key(entity: Entity, crm_fields: dict[str, str]) -> None:
    """Refuses to match by a field that is not mapped, or that the CRM does not have (requirement C3).

    Args:
        crm_fields: data type by api_name of each field of its module.
    """
    field = f"{'items' if entity.name == 'product' else 'contacts'}.match_by"
    if entity.match_by is MatchBy.NAME:
        return
    mapped = next((pair.crm for pair in entity.mapping if pair.invoice == entity.match_by), None)
    if mapped is None:
        raise SettingsRefused(NOT_MAPPED.format(entity.match_by), field=field)
    if mapped not in crm_fields:
        raise SettingsRefused(f"Zoho CRM has no field {mapped} in {entity.module}.", field=field)


def _check_mapping(entity: str, rows: list[dict[str, str]], types: dict[str, str]) -> None:
    field = f"contacts.mapping.{entity}"
    known = {invoice_field.name: invoice_field for invoice_field in INVOICE_FIELDS[entity]}
    seen: set[str] = set()
    for row in rows:
        crm, invoice = row["crm"], row["invoice"]
        if crm not in types:
            raise SettingsRefused(f"Zoho CRM has no field {crm} in {CRM_MODULE[entity]}.", field=field)
        if invoice not in known and not invoice.startswith("cf_"):
            raise SettingsRefused(f"Zoho Invoice has no field {invoice}.", field=field)
        if invoice in seen:
            raise SettingsRefused(f"{invoice} is mapped twice; each Invoice field takes one CRM field.", field=field)
        if kind_of(entity, invoice) not in FITTING.get(types[crm], frozenset()):
            raise SettingsRefused(
                f"{crm} is of type {types[crm]} and cannot be mapped onto {invoice} ({kind_of(entity, invoice)}).",
                field=field,
            )
        seen.add(invoice)
    for name, invoice_field in known.items():
        if invoice_field.is_required and name not in seen:
            raise SettingsRefused(f"{invoice_field.label} is required in Zoho Invoice and must be mapped.", field=field)
