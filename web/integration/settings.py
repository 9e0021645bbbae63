"""Settings of the integration: the overview, items and triggers (guide: Sync items, Entity Triggers, Settings)."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.errors import NotAllowed, Refused
from web.i18n import _
from web.integration.blueprint import bp, connection
from web.integration.choices import DUPLICATES, ITEM_EXTENTS, MODULES, TRIGGERS, labels
from web.integration.mapping import entities_of
from web.integration.running import states
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
        triggers=labels(TRIGGERS),
        mapped=sum(
            len(saved["contacts"]["mapping"].get(entity, ())) for entity in entities_of(saved["contacts"]["module"])
        ),
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
    }
    try:
        save({"items": items})
    except NotAllowed:
        raise
    except Refused as error:
        return _items_form({**read()["items"], **items}, error), 422
    return redirect(url_for("integration.settings"), 303)


@bp.get("/settings/triggers")
def settings_triggers() -> ResponseReturnValue:
    return _triggers_form(read()["triggers"])


@bp.post("/settings/triggers")
def settings_triggers_save() -> ResponseReturnValue:
    document = request.form.get("document", "")
    try:
        save({"triggers": {"document": document}})
    except NotAllowed:
        raise
    except Refused as error:
        return _triggers_form({**read()["triggers"], "document": document}, error), 422
    return redirect(url_for("integration.settings"), 303)


def read() -> dict[str, Any]:
    """The settings as they are saved."""
    return dict(connector().get("/connection/settings")["settings"])


def save(changed: dict[str, Any]) -> None:
    """Saves a section and tells what the connector remarks on it."""
    answer = connector().put("/connection/settings", changed)
    flash(_("Saved. It applies from the next sync on."), "good")
    for notice in answer.get("notices") or []:
        flash(notice, "attention")


def _items_form(items: dict[str, Any], error: Refused | None = None) -> str:
    return render_template(
        "integration/items.html",
        items=items,
        extents=ITEM_EXTENTS,
        duplicates=DUPLICATES,
        field_labels=_field_labels(),
        error=error,
    )


def _triggers_form(triggers: dict[str, Any], error: Refused | None = None) -> str:
    return render_template(
        "integration/triggers.html",
        triggers=triggers,
        choices=TRIGGERS,
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
