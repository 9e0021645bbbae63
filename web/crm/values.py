"""How a CRM value is written: lookups as links, money with its currency, dates in words."""

from dataclasses import dataclass
from typing import Any

from flask import g, url_for

from web import formats
from web.crm.modules import DATES, KEYS, LOOKUPS, MODULES, MONEY, PERCENT, label_of
from web.errors import Refused
from web.i18n import _
from web.session import crm

#: What the CRM notes of every record.
NOTED = ("Created_By", "Created_Time", "Modified_By", "Modified_Time", "Last_Activity_Time")
TIMES = ("Created_Time", "Modified_Time", "Last_Activity_Time")


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
    label = _potential(str(meta.get("display_label") or meta.get("field_label") or label_of(field)))
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


def _potential(label: str) -> str:
    """The API says Deal where the screens say Potential."""
    return label.replace("Deal ", "Potential ")


def _target(field: str, value: Any, meta: dict[str, Any]) -> str | None:
    """Where a lookup leads, when the workspace has a page for it."""
    if not isinstance(value, dict) or not value.get("id"):
        return None
    module = (meta.get("lookup") or {}).get("module") or {}
    name = module.get("api_name") if isinstance(module, dict) else module
    key = KEYS.get(str(name or LOOKUPS.get(field)))
    return url_for(f"crm.{key}_record", record_id=value["id"]) if key in MODULES else None


def sections(record: dict[str, Any], layout: dict[str, Any]) -> list[tuple[str, list[Shown]]]:
    """A record's fields in the sections of its layout; what the CRM notes of it stands last."""
    found = []
    for section in layout["sections"]:
        fields = [shown(record, one["api_name"], one) for one in section["fields"] if _is_shown(one)]
        found.append((_potential(section["display_label"]), fields))
    kinds = {name: "datetime" if name in TIMES else "" for name in NOTED if name in record}
    noted = [shown(record, name, {"data_type": kind}) for name, kind in kinds.items()]
    return [*((title, fields) for title, fields in found if fields), (_("System"), noted)]


def _is_shown(field: dict[str, Any]) -> bool:
    return field["data_type"] != "subform" and bool(field.get("view_type", {}).get("view", True))


def lines(record: dict[str, Any], layout: dict[str, Any]) -> list[dict[str, Any]]:
    """The line items of a quote or an invoice of the CRM, their amounts in its currency."""
    fields = [one for section in layout["sections"] for one in section["fields"]]
    subforms = [one["api_name"] for one in fields if one["data_type"] == "subform"]
    in_currency = record.get("Currency") or currency()
    return [
        {
            "product": (line.get("Product_Name") or {}).get("name") or formats.EMPTY,
            "quantity": formats.number(line.get("Quantity")),
            **{name: formats.money(line.get(field), in_currency) for name, field in LINE_AMOUNTS.items()},
        }
        for name in subforms
        for line in record.get(name) or ()
    ]


#: What a line shows in money, by its field at the CRM.
LINE_AMOUNTS = {"price": "List_Price", "discount": "Discount", "tax": "Tax", "total": "Net_Total"}
