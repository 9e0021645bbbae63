"""Setup, Customization, Modules and Fields: the layout editor, where custom fields are made (requirement C7)."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.crm.blueprint import API, bp, outcome
from web.crm.forms import told
from web.crm.modules import MODULES
from web.errors import NotAllowed, NotFound, Refused
from web.i18n import _
from web.session import crm

MODULES_HERE = "any(accounts, contacts, potentials, products, leads)"
#: The kinds of field that can be put onto a layout, in the order of the palette.
TYPES = (
    ("text", _("Single line")),
    ("textarea", _("Multi-line")),
    ("boolean", _("Checkbox")),
    ("picklist", _("Pick list")),
    ("integer", _("Number")),
    ("double", _("Decimal")),
    ("currency", _("Currency")),
    ("percent", _("Percent")),
    ("date", _("Date")),
    ("email", _("Email")),
    ("phone", _("Phone")),
    ("website", _("URL")),
)


#: Kinds that a layout has and that are not put onto it by hand.
OTHERS = {
    "bigint": _("Long number"),
    "datetime": _("Date/Time"),
    "multiselectpicklist": _("Multi-select"),
    "lookup": _("Lookup"),
    "ownerlookup": _("User"),
    "userlookup": _("User"),
    "autonumber": _("Auto-number"),
    "formula": _("Formula"),
    "subform": _("Subform"),
}


CUSTOM_MODULES = f"{API}/settings/custom_modules"
SWITCHED = {
    "on": _("Custom modules are on. Transactions of Zoho Invoice can be linked to potentials."),
    "off": _("Custom modules are off. No transaction of Zoho Invoice can be linked to a potential until they are on."),
}


@bp.get("/setup")
def setup() -> ResponseReturnValue:
    return render_template("crm/setup.html")


@bp.get("/setup/modules-and-fields")
def setup_modules() -> ResponseReturnValue:
    return render_template(
        "crm/setup_modules.html",
        modules=[one for one in MODULES.values() if one.is_editable],
        has_custom_modules=crm().get(CUSTOM_MODULES)["custom_modules"]["enabled"],
    )


@bp.post("/setup/modules-and-fields/custom-modules/<any(on, off):state>")
def setup_modules_custom(state: str) -> ResponseReturnValue:
    """The switch of custom modules, which Link Potential of Zoho Invoice depends on (L1)."""
    crm().put(CUSTOM_MODULES, {"custom_modules": {"enabled": state == "on"}})
    flash(SWITCHED[state], "good")
    return redirect(url_for("crm.setup_modules"), 303)


@bp.get(f"/setup/modules-and-fields/<{MODULES_HERE}:key>")
def setup_modules_layout(key: str) -> ResponseReturnValue:
    """The layout of a module; `add` and `section` say which field was dragged where, to be labelled and saved."""
    added = {"section": request.args.get("section", ""), "data_type": request.args.get("add", "")}
    return _layout(key, {**added, "label": "", "options": "", "error": ""})


@bp.post(f"/setup/modules-and-fields/<{MODULES_HERE}:key>")
def setup_modules_save(key: str) -> ResponseReturnValue:
    """Save Layout: the new field is made and stands at the end of its section."""
    added = {name: request.form.get(name, "").strip() for name in ("section", "data_type", "label", "options")}
    field: dict[str, Any] = {"field_label": added["label"], "data_type": added["data_type"]}
    if added["data_type"] == "picklist":
        values = [line.strip() for line in added["options"].splitlines() if line.strip()]
        field["pick_list_values"] = [{"display_value": value, "actual_value": value} for value in values]
    try:
        _change(key, {"id": added["section"], "fields": [field]})
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        return _layout(key, {**added, "error": told(refused.code, refused.message, refused.details)}), 422
    flash(_("The layout is saved. %(label)s stands on the form of each record now.", label=added["label"]), "good")
    return redirect(url_for("crm.setup_modules_layout", key=key), 303)


@bp.post(f"/setup/modules-and-fields/<{MODULES_HERE}:key>/remove")
def setup_modules_remove(key: str) -> ResponseReturnValue:
    """Takes a custom field off the layout; it keeps its values, and is unused."""
    section, field = request.form.get("section", ""), request.form.get("field", "")
    _change(key, {"id": section, "fields": [{"id": field, "_delete": {"permanent": False}}]})
    flash(_("The field was taken off the layout. It keeps its values."), "good")
    return redirect(url_for("crm.setup_modules_layout", key=key), 303)


def _change(key: str, section: dict[str, Any]) -> None:
    module = MODULES[key].api_name
    path = f"{API}/settings/layouts/{_layout_of(key)['id']}"
    answer = crm().call("PATCH", path, {"module": module}, {"layouts": [{"sections": [section]}]})
    outcome({"data": (answer or {}).get("layouts")})


def _layout_of(key: str) -> dict[str, Any]:
    found: dict[str, Any] = crm().get(f"{API}/settings/layouts", module=MODULES[key].api_name)["layouts"][0]
    return found


def _layout(key: str, added: dict[str, str]) -> str:
    sections = _layout_of(key)["sections"]
    known = dict(TYPES)
    if added["data_type"] not in known or added["section"] not in [str(one["id"]) for one in sections]:
        added = {**added, "section": "", "data_type": ""}
    return render_template(
        "crm/setup_layout.html",
        module=MODULES[key],
        sections=sections,
        types=TYPES,
        known={**OTHERS, **known},
        added=added,
    )
