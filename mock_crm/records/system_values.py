"""The `$` fields of records: what is the same for all of them, and what depends on the record (crm-api.md §3.4, §9)."""

from typing import Any

from mock_crm import versions
from mock_crm.metadata.catalog import Module
from mock_crm.organization.people import People
from mock_crm.records.line_items import tax_amount
from mock_crm.records.model import CONVERTED
from mock_crm.records.showing import Show, shown_tax
from mock_crm.records.values import HEADER_TAX, shown_amount, shown_moment

#: Approvals, blueprints, reviews, locks and sharing are not emulated: a record is as one without any of them.
SYSTEM_VALUES: dict[str, Any] = {
    "$approved": True,
    "$approval": {"delegate": False, "approve": False, "reject": False, "resubmit": False},
    "$approval_state": "approved",
    "$editable": True,
    "$process_flow": False,
    "$review": None,
    "$review_process": {"approve": False, "reject": False, "resubmit": False},
    "$orchestration": False,
    "$pathfinder": False,
    "$in_merge": False,
    "$state": "save",
    "$field_states": None,
    "$zia_owner_assignment": "owner_recommendation_unavailable",
    "$locked_for_me": False,
    "$sharing_permission": "full_access",
}


def constant_values(people: People) -> dict[str, Any]:
    return {**SYSTEM_VALUES, "$currency_symbol": people.company.currency_symbol}


def varying_values(module: Module, people: People, whole: bool) -> dict[str, Show]:
    """What shows each `$` field that depends on the record, from its kept values."""
    shown: dict[str, Show] = {}
    if "Currency" in module.fields:
        symbols = {known.iso_code: known.symbol for known in people.company.currencies.values()}
        home = people.company.currency_symbol
        shown["$currency_symbol"] = lambda kept: symbols.get(kept.get("Currency"), home)
    if CONVERTED in module.fields:
        shown |= _of_leads(people)
    if whole and versions.current() >= versions.V3:
        rows = {field.api_name: False for field in module.row_fields if field.is_shown}
        shown["$has_more"] = lambda kept: rows
    if whole and module.line_items is not None:
        places = module.fields["Sub_Total"].decimal_place
        shown[HEADER_TAX] = lambda kept: _header_taxes(kept, places)
    return shown


def _header_taxes(kept: dict[str, Any], places: int | None) -> list[dict[str, Any]]:
    """The taxes of a document and what each comes to."""
    taxed = kept.get("Sub_Total", 0) - kept.get("Discount", 0)
    return [shown_tax(tax, shown_amount(tax_amount(tax, taxed), places)) for tax in kept.get(HEADER_TAX, ())]


def _of_leads(people: People) -> dict[str, Show]:
    """Whether a lead was converted, and into what; from v4 on a field says so. The detail's shape is from memory."""
    zone = people.company.zone

    def detail(kept: dict[str, Any]) -> dict[str, Any]:
        if not kept.get(CONVERTED):
            return {}
        names = {"account": "Converted_Account", "contact": "Converted_Contact", "deal": "Converted_Deal"}
        ids = {key: str(kept[name]) if name in kept else None for key, name in names.items()}
        return {"convert_date": shown_moment(kept["Converted_Date_Time"], zone), **ids}

    shown: dict[str, Show] = {"$editable": lambda kept: not kept.get(CONVERTED)}
    if versions.current() < versions.V4:
        shown |= {"$converted": lambda kept: bool(kept.get(CONVERTED)), "$converted_detail": detail}
    return shown
