"""Another Invoice organization with the same Zoho CRM, and back (guide: Disable Integration; requirement K7)."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.errors import NotAllowed, Refused
from web.i18n import _
from web.integration.blueprint import bp, connection
from web.session import connector


@bp.get("/settings/organization")
def settings_organization() -> ResponseReturnValue:
    return _form()


@bp.post("/settings/organization")
def settings_organization_save() -> ResponseReturnValue:
    try:
        body = {"organization_id": request.form.get("organization_id", "")}
        found = connector().post("/connection/switch", body)["connection"]
    except NotAllowed:
        raise
    except Refused as error:
        return _form(error), 422
    flash(
        _(
            "%(name)s is connected. Links and settings of the former organization are kept.",
            name=found["organization_name"],
        ),
        "good",
    )
    return redirect(url_for("integration.settings"), 303)


def organizations() -> list[dict[str, Any]]:
    """The organizations of Zoho Invoice that can be connected."""
    return list(connector().get("/connection/organizations")["organizations"])


def _form(error: Refused | None = None) -> str:
    return render_template(
        "integration/organization.html", connection=connection(), organizations=organizations(), error=error
    )
