"""How a CRM value is written: lookups as links, money with its currency, dates in words."""

from dataclasses import dataclass
from typing import Any

from flask import g, url_for

from web import formats
from web.crm.modules import DATES, KEYS, LOOKUPS, MODULES, MONEY, PERCENT, label_of
from web.errors import Refused
from web.i18n import _
from web.session import crm

SYSTEM_FIELDS = {
    "Created_By",
    "Modified_By",
    "Created_Time",
    "Modified_Time",
    "Last_Activity_Time",
    "Change_Log_Time__s",
    "Record_Status__s",
    "Locked__s",
    "Record_Image",
    "Layout",
    "Tag",
    "id",
}
ADDRESSES = (
    "Billing_",
    "Shipping_",
    "Mailing_",
    "Other_Street",
    "Other_City",
    "Other_State",
    "Other_Zip",
    "Other_Country",
)


@dataclass(frozen=True)
class Shown:
    """A field of a record, ready for the page."""

    name: str
    label: str
    value: Any
    href: str | None = None
    is_wide: bool = False

    @property
    def is_number(self) -> bool:
        return self.name in MONEY or self.name in PERCENT


def currency() -> str | None:
    """The organization's currency; amounts stand without one while it cannot be read."""
    if "crm_currency" not in g:
        try:
            answer = crm().get("/crm/v8/org")
            g.crm_currency = answer["org"][0].get("iso_code") if answer else None
        except Refused:
            g.crm_currency = None
    return g.crm_currency  # type: ignore[no-any-return]


def shown(record: dict[str, Any], field: str, meta: dict[str, Any] | None = None) -> Shown:
    """A field with its label and its value as people read it."""
    meta = meta or {}
    value = record.get(field)
    kind = str(meta.get("data_type", ""))
    # The API says Deal where the screens say Potential.
    label = str(meta.get("display_label") or meta.get("field_label") or label_of(field)).replace("Deal ", "Potential ")
    return Shown(
        name=field,
        label=label,
        value=_text(field, value, kind, record),
        href=_target(field, value, meta),
        is_wide=kind == "textarea" or field == "Description",
    )


def _text(field: str, value: Any, kind: str, record: dict[str, Any]) -> Any:
    if value is None or value == "" or value == []:
        return formats.EMPTY
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, dict):
        return value.get("name") or value.get("id") or formats.EMPTY
    if isinstance(value, list):
        return ", ".join(str(one.get("name", one) if isinstance(one, dict) else one) for one in value)
    if kind == "currency" or field in MONEY:
        return formats.money(value, record.get("Currency") or currency())
    if kind == "percent" or field in PERCENT:
        return f"{formats.number(value)} %"
    if kind == "datetime":
        return formats.time(value)
    if kind == "date" or field in DATES:
        return formats.day(value)
    if kind in ("integer", "double"):
        return formats.number(value)
    return value


def _target(field: str, value: Any, meta: dict[str, Any]) -> str | None:
    """Where a lookup leads, when the workspace has a page for it."""
    if not isinstance(value, dict) or not value.get("id"):
        return None
    module = (meta.get("lookup") or {}).get("module") or {}
    name = module.get("api_name") if isinstance(module, dict) else module
    key = KEYS.get(str(name or LOOKUPS.get(field)))
    return url_for(f"crm.{key}_record", record_id=value["id"]) if key in MODULES else None


def sections(record: dict[str, Any], fields: list[dict[str, Any]], title: str) -> list[tuple[str, list[Shown]]]:
    """A record's fields in the groups of the vendor's page; system fields stand last."""
    groups: dict[str, list[Shown]] = {title: [], _("Address"): [], _("Description"): [], _("System"): []}
    for meta in fields:
        name = meta["api_name"]
        if name in ("id", "Tag", "Layout", "Record_Image") or meta.get("visible") is False:
            continue
        groups[_group(name, title)].append(shown(record, name, meta))
    return [(heading, members) for heading, members in groups.items() if members]


def _group(name: str, title: str) -> str:
    if name in SYSTEM_FIELDS:
        return _("System")
    if name.startswith(ADDRESSES):
        return _("Address")
    return _("Description") if name == "Description" else title
