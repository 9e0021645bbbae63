"""Zoho CRM beside a customer of Invoice: the side panel (W1) and Fetch this contact from Zoho CRM (W3)."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.errors import NotFound, Refused, ServiceUnreachable
from web.htmx import is_htmx
from web.i18n import _
from web.invoice.api import bp, get, post
from web.session import connector, person

#: The field that says which record of Zoho CRM a contact came from, and what that is there.
CAME_FROM = (("zcrm_account_id", "account"), ("zcrm_contact_id", "contact"))


@bp.get("/contacts/<key:record_id>/crm")
def contacts_crm(record_id: str) -> ResponseReturnValue:
    """The panel's own page; a document's page takes the panel alone."""
    known = {"panel": _panel(record_id), "may_enter": person().may_enter("crm")}
    if is_htmx(request):
        return render_template("invoice/_crm_panel.html", **known)
    contact = get(f"/contacts/{record_id}")["contact"]
    return render_template("invoice/crm_page.html", contact=contact, **known)


def _panel(record_id: str) -> dict[str, Any]:
    """What the integration found; a panel beside other work tells in itself why it has nothing."""
    try:
        return dict(connector().get(f"/panel/contacts/{record_id}"))
    except NotFound:
        raise
    except ServiceUnreachable as error:
        return {"problem": _("%(product)s does not answer.", product=error.product)}
    except Refused as error:
        return {"problem": error.message}


@bp.post("/contacts/<key:record_id>/fetch")
def contacts_fetch(record_id: str) -> ResponseReturnValue:
    """Fetch this contact from Zoho CRM: this one only, and Invoice alone is written."""
    contact = get(f"/contacts/{record_id}")["contact"]
    came_from = next(((kind, contact[field]) for field, kind in CAME_FROM if contact.get(field)), None)
    if came_from is None:
        flash(_("This contact did not come from Zoho CRM."), "bad")
    else:
        try:
            post(f"/crm/{came_from[0]}/{came_from[1]}/import")
            flash(_("%(name)s has been fetched from Zoho CRM.", name=contact["contact_name"]), "good")
        except Refused as error:
            flash(error.message, "bad")
    return redirect(url_for("invoice.contacts_record", record_id=record_id), 303)
