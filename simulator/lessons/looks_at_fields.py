"""Looks at what was set up: fields, views, the mapping and currencies."""

from simulator.lessons.looks import Record
from simulator.lessons.model import Look
from simulator.lessons.sight import Sight


def field_in_crm(module: str, label: str, data_type: str) -> Look:
    def look(sight: Sight) -> str | None:
        found = sight.crm_field(module, label)
        if found is None:
            return f"Zoho CRM has no field “{label}” of {module} yet."
        is_so = found["data_type"] == data_type
        return None if is_so else f"The field “{label}” of {module} is of another type than the one asked for."

    return look


def view_by(module: str, label: str) -> Look:
    """A view of the module asks whether a checkbox is ticked."""
    return lambda sight: (
        None if _views_by(sight, module, label) else f"No view of {module} has the criterion that {label} is true yet."
    )


def view_chosen(module: str, label: str) -> Look:
    """The sync takes such a view."""

    def look(sight: Sight) -> str | None:
        chosen = (sight.settings().get("contacts") or {}).get("account_view")
        views = _views_by(sight, module, label)
        if any(str(view["id"]) == str(chosen) for view in views):
            return None
        return f"The sync does not take the view “{views[0]['name']}” yet." if views else "That view is gone."

    return look


def _views_by(sight: Sight, module: str, label: str) -> list[Record]:
    field = sight.crm_field(module, label)
    return [view for view in sight.crm_views(module) if field and _asks_for(view.get("criteria"), field["api_name"])]


def _asks_for(criteria: Record | None, field: str) -> bool:
    if not criteria:
        return False
    if "group" in criteria:
        return any(_asks_for(one, field) for one in criteria["group"])
    return (criteria["field"]["api_name"], criteria["comparator"], criteria["value"]) in (
        (field, "equal", True),
        (field, "equal", "true"),
    )


def own_field(label: str) -> Look:
    """Contacts of Invoice have a custom field."""

    def look(sight: Sight) -> str | None:
        is_there = any(one["label"] == label for one in sight.own_fields())
        return None if is_there else f"Contacts in Zoho Invoice have no custom field “{label}” yet."

    return look


def mapped(entity: str, crm_field: str, label: str) -> Look:
    """A field of the CRM is mapped to a custom field of Invoice."""

    def look(sight: Sight) -> str | None:
        pairs = (sight.settings().get("contacts") or {}).get("mapping", {}).get(entity, [])
        names = [one["api_name"] for one in sight.own_fields() if one["label"] == label]
        is_so = any(pair["crm"] == crm_field and pair["invoice"] in names for pair in pairs)
        return None if is_so else f"Nothing of Zoho CRM is mapped to the custom field “{label}” yet."

    return look


def currency(code: str) -> Look:
    return lambda sight: None if code in sight.currencies() else f"Zoho Invoice has no currency {code} yet."
