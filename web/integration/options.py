"""The options beside the steps: conflicts, deletions, duplicates, how often it syncs (C1, C4, C11, C12, S1)."""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from web.errors import Refused
from web.i18n import _
from web.integration.blueprint import bp
from web.integration.choices import CONFLICTS, DELETED_IN_INVOICE
from web.integration.saving import read, settle

SECTIONS = {"contacts": _("Contacts"), "items": _("Items")}
#: Settings that are one of a few, and those that are on or off.
CHOSEN = ("conflicts", "deleted_in_invoice")
SWITCHES = ("merge_duplicates", "include_lone_contacts")


@bp.get("/settings/options")
def settings_options() -> ResponseReturnValue:
    return _form(read())


@bp.post("/settings/options")
def settings_options_save() -> ResponseReturnValue:
    saved, changed = read(), _chosen()
    shown = {
        **{section: {**saved[section], **changed[section]} for section in SECTIONS},
        "auto_sync_minutes": changed["auto_sync_minutes"],
    }
    return settle(changed, lambda **more: _form(shown, **more))


def _chosen() -> dict[str, Any]:
    """What the form says; minutes that are no number go as they are, for the connector to refuse."""
    form = request.form
    minutes = form.get("auto_sync_minutes", "").strip()
    changed: dict[str, Any] = {
        section: {name: form[f"{section}-{name}"] for name in CHOSEN if f"{section}-{name}" in form}
        for section in SECTIONS
    }
    changed["contacts"] |= {name: name in form for name in SWITCHES}
    changed["auto_sync_minutes"] = int(minutes) if minutes.isdecimal() else minutes
    return changed


def _form(settings: dict[str, Any], effect: Any = None, error: Refused | None = None) -> str:
    return render_template(
        "integration/options.html",
        settings=settings,
        sections=SECTIONS,
        conflicts=CONFLICTS,
        deleted=DELETED_IN_INVOICE,
        effect=effect,
        error=error,
    )
