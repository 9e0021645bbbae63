"""Connecting to Zoho CRM: email address and ZSC key (guide: Generating ZSC key, Disable Integration)."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.errors import NotAllowed, Refused
from web.i18n import _
from web.integration.blueprint import bp, connection, say
from web.integration.organization import organizations
from web.session import connector

#: The states of a connection in which one may connect anew, also another organization.
UNJOINED = ("disabled", "reconnect_needed")


@bp.get("/connect")
def settings_connect() -> ResponseReturnValue:
    found = connection()
    if found and found["state"] not in UNJOINED:
        return redirect(url_for("integration.settings"), 303)
    return _form("connect")


@bp.post("/connect")
def settings_connect_save() -> ResponseReturnValue:
    try:
        connector().post("/connection", _given() | {"organization_id": request.form.get("organization_id") or None})
    except NotAllowed:
        raise
    except Refused as error:
        return _form("connect", error), 422
    if (connection() or {}).get("is_configured"):
        flash(_("Zoho Invoice and Zoho CRM are connected again. Settings and links are as they were."), "good")
        return redirect(url_for("integration.settings"), 303)
    flash(_("Zoho Invoice and Zoho CRM are connected. Now choose what is synced."), "good")
    return redirect(url_for("integration.settings_contacts"), 303)


@bp.get("/credentials")
def settings_credentials() -> ResponseReturnValue:
    return _form("credentials")


@bp.post("/credentials")
def settings_credentials_save() -> ResponseReturnValue:
    try:
        connector().put("/connection/credentials", _given())
    except NotAllowed:
        raise
    except Refused as error:
        return _form("credentials", error), 422
    flash(_("The credentials have been updated. Settings and links are as they were."), "good")
    return redirect(url_for("integration.settings"), 303)


@bp.post("/disable")
def disable() -> ResponseReturnValue:
    return _switch("disable", _("The integration is disabled. Settings and links are kept."))


@bp.post("/reactivate")
def reactivate() -> ResponseReturnValue:
    return _switch("reactivate", _("The integration is active again."))


def _switch(act: str, done: str) -> ResponseReturnValue:
    try:
        connector().post(f"/connection/{act}")
        flash(done, "good")
    except NotAllowed:
        raise
    except Refused as error:
        say(error)
    return redirect(url_for("integration.settings"), 303)


def _given() -> dict[str, str]:
    return {name: request.form.get(name, "").strip() for name in ("email", "zsc_key")}


def _form(kind: str, error: Refused | None = None) -> str:
    # The key is never sent back into the page; it has to be pasted again.
    return render_template(
        "integration/connect.html",
        kind=kind,
        email=request.form.get("email", ""),
        organizations=organizations() if kind == "connect" else [],
        organization_id=request.form.get("organization_id", ""),
        error=error,
    )
