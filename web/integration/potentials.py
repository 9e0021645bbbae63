"""The potentials triggers have looked at: how each stands, and what is offered about it (requirements D1, G8, G11)."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.errors import NotAllowed, Refused
from web.i18n import _
from web.integration.blueprint import bp, page_number, say
from web.invoice.api import organization
from web.session import connector

#: (label, value of `standing`)
STANDINGS = (
    (_("All"), None),
    (_("Won, not invoiced"), "won_not_invoiced"),
    (_("Invoiced"), "invoiced"),
    (_("Changed while disabled"), "while_disabled"),
    (_("Won before the trigger"), "won_before"),
)
#: What is asked of a trigger -> what is told then.
ASKED = {
    "create_again": _("The document is created again."),
    "apply": _("The trigger is applied to the potential."),
}


@bp.get("/potentials")
def potentials() -> ResponseReturnValue:
    page = page_number()
    standing, stage, q = (request.args.get(name) for name in ("standing", "stage", "q"))
    wanted = wanted_of({"standing": standing, "stage": stage, "q": q})
    answer = connector().get("/connection/potentials", page=page, **wanted)
    return render_template(
        "integration/potentials.html",
        potentials=answer["potentials"],
        context=answer.get("page_context") or {},
        page=page,
        q=q,
        standing=standing,
        stage=stage,
        currency=organization().get("currency_code"),
        standings=STANDINGS,
    )


def wanted_of(asked: dict[str, Any]) -> dict[str, Any]:
    """What the connector is asked for: won and not invoiced are two conditions there."""
    if asked.get("standing") != "won_not_invoiced":
        return asked
    return {**asked, "standing": None, "outcome": "won", "without_document": 1}


@bp.post("/potentials/<key:potential_id>/<any(create_again, apply):act>")
def potentials_ask(potential_id: str, act: str) -> ResponseReturnValue:
    """Create again what was deleted by hand; apply what was not done unasked."""
    try:
        connector().post(f"/connection/potentials/{potential_id}/{act}")
        flash(ASKED[act], "good")
    except NotAllowed:
        raise
    except Refused as error:
        say(error)
    return redirect(url_for("integration.potentials", standing=request.form.get("standing") or None), 303)
