"""Mapping fields (guide: Step 5): a CRM field for each Invoice field, only of types that fit, required ones first."""

from typing import Any

from werkzeug.datastructures import MultiDict

from web.errors import Refused
from web.i18n import _
from web.session import connector

TITLES = {
    "account": (_("Accounts"), _("Zoho Invoice contact")),
    "contact": (_("Contacts"), _("Zoho Invoice contact person")),
    "customer": (_("Contacts"), _("Zoho Invoice contact")),
}
#: Invoice type -> CRM types that fit; a type that is not here takes any of them as text.
FITTING = {
    "email": {"email"},
    "number": {"integer", "double", "currency", "percent", "bigint", "decimal"},
    "decimal": {"integer", "double", "currency", "percent", "bigint", "decimal"},
    "amount": {"integer", "double", "currency", "percent", "bigint", "decimal"},
    "date": {"date", "datetime"},
    "boolean": {"boolean"},
    "check_box": {"boolean"},
    "flag": {"boolean"},
    "phone": {"phone"},
    "url": {"website"},
}
NOT_AS_TEXT = {"boolean", "subform", "jsonarray", "ownerlookup", "profileimage", "layout"}


def entities_of(contacts: dict[str, Any]) -> tuple[str, ...]:
    """The CRM entities whose fields are mapped in a module, and contacts without an account where they are included."""
    chosen = {"accounts": ("account",), "contacts": ("customer",)}.get(str(contacts.get("module")))
    if chosen:
        return chosen
    return ("account", "contact", "customer") if contacts.get("include_lone_contacts") else ("account", "contact")


def tables(draft: dict[str, Any]) -> list[dict[str, Any]]:
    """One table an entity: a row an Invoice field with the CRM fields that fit; the mapped and required ones apart."""
    module = str(draft.get("module"))
    made = []
    for entity in entities_of(draft):
        fields = connector().get("/connection/fields", entity=entity, module=module)
        chosen = {pair["invoice"]: pair["crm"] for pair in (draft.get("mapping") or {}).get(entity, [])}
        rows = [_row(field, fields["crm"], chosen.get(field["name"], "")) for field in fields["invoice"]]
        title = TITLES[entity]
        made.append(
            {
                "entity": entity,
                "crm_title": title[0],
                "invoice_title": title[1],
                "first": [row for row in rows if row["chosen"] or row["is_required"]],
                "others": [row for row in rows if not row["chosen"] and not row["is_required"]],
            }
        )
    return made


def _row(field: dict[str, Any], crm_fields: list[dict[str, Any]], chosen: str) -> dict[str, Any]:
    fitting = [one for one in crm_fields if fits(one["data_type"], field["data_type"])]
    return {
        "name": field["name"],
        "label": field["label"],
        "is_required": bool(field.get("is_required")),
        "chosen": chosen,
        "options": [("", _("Not mapped")), *((one["api_name"], one["label"]) for one in fitting)],
    }


def fits(crm_type: str, invoice_type: str) -> bool:
    """Whether a CRM field can be mapped onto an Invoice field (the connector decides; this only offers)."""
    if invoice_type in FITTING:
        return crm_type in FITTING[invoice_type]
    return crm_type not in NOT_AS_TEXT


def from_form(form: MultiDict[str, str], kept: dict[str, Any]) -> dict[str, list[dict[str, str]]]:
    """The mapping a form says, by entity; entities it does not show stay as they were."""
    said: dict[str, list[dict[str, str]]] = {}
    for name, crm_field in form.items():
        kind, dot, invoice_field = name.partition(":")
        if dot and kind in ("account", "contact", "customer"):
            pairs = said.setdefault(kind, [])
            if crm_field:
                pairs.append({"crm": crm_field, "invoice": invoice_field})
    return {**kept, **said}


def unmapped_required(draft: dict[str, Any]) -> str | None:
    """Names the required Invoice fields that nothing is mapped onto."""
    missing = [
        row["label"] for table in tables(draft) for row in table["first"] if row["is_required"] and not row["chosen"]
    ]
    return _("Map a field onto %(names)s: Zoho Invoice requires it.", names=", ".join(missing)) if missing else None


def previews(draft: dict[str, Any]) -> list[dict[str, Any]]:
    """One real record of each entity through the mapping; a refusal stands where its preview would."""
    made = []
    labels = {row["name"]: row["label"] for table in tables(draft) for row in table["first"] + table["others"]}
    for entity in entities_of(draft):
        body = {"entity": entity, "mapping": (draft.get("mapping") or {}).get(entity, [])}
        try:
            made.append({"entity": entity, "labels": labels, **connector().post("/connection/mapping/preview", body)})
        except Refused as error:
            made.append({"entity": entity, "error": error.message})
    return made
