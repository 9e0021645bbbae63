"""Linked potentials with their estimates, sales orders and invoices: figures by stage, and the list (D1)."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.errors import NotAllowed, Refused
from web.htmx import is_htmx
from web.i18n import _
from web.integration import figures
from web.integration.blueprint import bp, one_of, page_number, say
from web.invoice.api import organization
from web.session import connector

#: (label, value of `standing`)
STANDINGS = (
    (_("All"), None),
    (_("Won, not invoiced"), "won_not_invoiced"),
    (_("Invoiced, not paid"), "invoiced_not_paid"),
    (_("Potential deleted"), "deleted"),
)
#: Kind of document -> its title and the page of one.
DOCUMENTS = {
    "estimates": (_("Estimates"), "invoice.estimates_record"),
    "salesorders": (_("Sales orders"), "invoice.salesorders_record"),
    "invoices": (_("Invoices"), "invoice.invoices_record"),
}


@bp.get("/linked")
def linked() -> ResponseReturnValue:
    page = page_number()
    wanted = {
        "standing": one_of(request.args.get("standing"), tuple(str(value) for _label, value in STANDINGS[1:])),
        "documents": one_of(request.args.get("documents"), tuple(DOCUMENTS)),
        **{name: request.args.get(name) for name in ("stage", "status", "currency_code", "q")},
    }
    answer = connector().get("/connection/linked", page=page, **wanted)
    return render_template(
        "integration/linked.html",
        potentials=answer["potentials"],
        as_of=answer["as_of"],
        context=answer["page_context"],
        page=page,
        wanted=wanted,
        standings=STANDINGS,
        documents=DOCUMENTS,
        currency=organization().get("currency_code"),
    )


@bp.post("/linked/refresh")
def linked_refresh() -> ResponseReturnValue:
    """Reads anew what changed in either product; the fragment asks again while there is more to read."""
    is_complete = True
    try:
        is_complete = connector().post("/connection/linked/refresh")["complete"]
    except NotAllowed:
        raise
    except Refused as error:
        if not is_htmx(request):
            say(error)
    if is_htmx(request):
        currency = organization().get("currency_code")
        return render_template("integration/_linked.html", currency=currency, **shown(figures.linked(), is_complete))
    return redirect(url_for("integration.dashboard"), 303)


def shown(found: dict[str, Any], is_fresh: bool) -> dict[str, Any]:
    """What the fragment of the figures shows; while it is not fresh it asks for a refresh by itself."""
    stages = [{**stage, "documents_by_kind": _by_kind(stage["documents"])} for stage in found["stages"]]
    return {"linked": {**found, "stages": stages}, "is_fresh": is_fresh, "documents": DOCUMENTS}


def _by_kind(documents: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    return {kind: [one for one in documents if one["kind"] == kind] for kind in DOCUMENTS}
