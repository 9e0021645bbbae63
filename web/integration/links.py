"""The linked records with their freshness, and the merges that are offered for them (requirements S5, C12, C14)."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.errors import NotAllowed, Refused
from web.i18n import _
from web.integration.blueprint import ENTITIES, bp, one_of, page_number, say
from web.integration.history import pages_of
from web.session import connector

STATES = (
    (_("All"), None),
    (_("Linked"), "linked"),
    (_("Detached"), "detached"),
    (_("Merged in Zoho CRM"), "merged"),
    (_("Deleted"), "tombstone"),
)
KINDS = (
    (_("All modules"), None),
    (_("Accounts"), "account"),
    (_("Contacts of accounts"), "contact"),
    (_("Contacts"), "customer"),
    (_("Items"), "product"),
)


@bp.get("/links")
def links() -> ResponseReturnValue:
    page = page_number()
    wanted = {
        "entity": one_of(request.args.get("entity"), tuple(ENTITIES)),
        "state": one_of(request.args.get("state"), tuple(str(value) for _label, value in STATES[1:])),
        "q": request.args.get("q"),
    }
    answer = connector().get("/connection/links", page=page, **wanted)
    return render_template(
        "integration/links.html",
        links=[{**link, "pages": pages_of(link)} for link in answer["links"]],
        context=answer["page_context"],
        page=page,
        wanted=wanted,
        states=STATES,
        kinds=KINDS,
    )


@bp.post("/links/<key:link_id>/merge")
def links_merge(link_id: str) -> ResponseReturnValue:
    """Merges the customer of an account that was merged in the CRM into the survivor's."""
    try:
        survivor = connector().post(f"/connection/links/{link_id}/merge")["contact_id"]
        stays = url_for("invoice.contacts_record", record_id=survivor)
        told = {"text": _("The customers are merged."), "href": stays, "link": _("Open the one that stays")}
        flash(told, "good")  # type: ignore[arg-type]  # a toast may be a text with a link
    except NotAllowed:
        raise
    except Refused as error:
        say(error)
    return redirect(url_for("integration.links", state=request.form.get("state") or None), 303)
