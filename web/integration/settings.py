"""Settings of the integration: the overview, and items (guide: Settings, Sync items)."""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from web.errors import Refused
from web.i18n import _
from web.integration.blueprint import bp, connection
from web.integration.choices import (
    CONFLICTS,
    CONTACTS_MATCHED_BY,
    DELETED_IN_INVOICE,
    DUPLICATES,
    ITEM_EXTENTS,
    ITEMS_MATCHED_BY,
    MODULES,
    TRIGGER_STAGES,
    TRIGGERS,
    labels,
)
from web.integration.mapping import entities_of
from web.integration.running import states
from web.integration.saving import read, settle
from web.session import connector


@bp.get("/settings")
def settings() -> ResponseReturnValue:
    found = connection()
    if not found:
        return render_template("integration/not_connected.html", title=_("Settings"))
    saved = read()
    return render_template(
        "integration/settings.html",
        connection=found,
        settings=saved,
        modules=labels(MODULES),
        extents=labels(ITEM_EXTENTS),
        duplicates=labels(DUPLICATES),
        matched_by=labels((*CONTACTS_MATCHED_BY, *ITEMS_MATCHED_BY)),
        triggers=labels(TRIGGERS),
        stages=_stages(saved["triggers"]),
        conflicts=labels(CONFLICTS),
        deleted=labels(DELETED_IN_INVOICE),
        while_disabled=_while_disabled(found, saved["triggers"]),
        mapped=sum(len(saved["contacts"]["mapping"].get(entity, ())) for entity in entities_of(saved["contacts"])),
        views=_chosen_views(saved["contacts"]),
        **states(found),
    )


@bp.get("/settings/items")
def settings_items() -> ResponseReturnValue:
    return _items_form(read()["items"])


@bp.post("/settings/items")
def settings_items_save() -> ResponseReturnValue:
    items = {
        "enabled": "enabled" in request.form,
        "extent": request.form.get("extent", ""),
        "duplicates": request.form.get("duplicates", ""),
        "match_by": request.form.get("match_by", "name"),
    }
    return settle({"items": items}, lambda **more: _items_form({**read()["items"], **items}, **more))


def _items_form(items: dict[str, Any], effect: Any = None, error: Refused | None = None) -> str:
    return render_template(
        "integration/items.html",
        items=items,
        extents=ITEM_EXTENTS,
        duplicates=DUPLICATES,
        matched_by=ITEMS_MATCHED_BY,
        field_labels=_field_labels(),
        effect=effect,
        error=error,
    )


def _field_labels() -> dict[str, dict[str, str]]:
    fields = connector().get("/connection/fields", entity="product")
    return {
        "crm": {one["api_name"]: one["label"] for one in fields["crm"]},
        "invoice": {one["name"]: one["label"] for one in fields["invoice"]},
    }


def _chosen_views(contacts: dict[str, Any]) -> list[str]:
    """The names of the views chosen. None when the CRM cannot be asked: the page stands without them."""
    modules = (("account_view", "Accounts"), ("contact_view", "Contacts"))
    try:
        return [
            str(view["name"])
            for key, module in modules
            if contacts.get(key)
            for view in connector().get("/connection/views", module=module)["views"]
            if str(view["id"]) == str(contacts[key])
        ]
    except Refused:
        return []


def _stages(triggers: dict[str, Any]) -> list[dict[str, str]]:
    """When the estimate trigger acts, in words."""
    chosen = triggers.get("estimate") or {}
    if triggers["document"] != "estimate":
        return []
    return [
        {
            "label": label,
            "value": dict(words).get(chosen[act]) or _("Stage: %(stage)s", stage=chosen[act].partition(":")[2]),
        }
        for act, (label, words) in TRIGGER_STAGES.items()
    ]


def _while_disabled(found: dict[str, Any], triggers: dict[str, Any]) -> int:
    """How many potentials were changed while the integration was off: they wait for somebody to apply them (G8)."""
    if triggers["document"] == "none" or found["state"] not in ("active", "paused"):
        return 0
    answer = connector().get("/connection/potentials", standing="while_disabled", per_page=1)
    return int(answer["page_context"].get("total") or 0)
