"""Potential linking on a document: Link Potential below the customer's name, and Dissociate (guide; L1 to L6)."""

from dataclasses import replace
from typing import Any

from flask import flash, request

from web.errors import NoEntry, Refused, ServiceUnreachable
from web.i18n import _
from web.invoice.draft import Draft
from web.invoice.kinds import Kind
from web.session import connector

Record = dict[str, Any]

#: What the connector calls a link whose potential is gone.
DELETED = "potential deleted"


def chosen(draft: Draft) -> Draft:
    """The draft with the potential that a button names, or without one."""
    if request.args.get("do") == "dissociate":
        return replace(draft, potential_id="", potential_name="")
    if wanted := request.args.get("potential"):
        return replace(draft, potential_id=wanted, potential_name=request.form.get(f"potential-{wanted}", ""))
    return draft


def shown(kind: Kind, document: Record | None, draft: Draft, picker: str) -> dict[str, Any]:
    """The potentials to choose from when they are asked for, and whether the one there is may be dissociated."""
    is_saved = bool(document and draft.potential_id and document.get("zcrm_potential_id") == draft.potential_id)
    found: dict[str, Any] = {"potentials": None, "link": None}
    try:
        if picker == "potentials":
            q = request.form.get("potential_q", "").strip()
            found["potentials"] = {**_listed(draft.customer_id, q), "q": q}
        if document and is_saved:
            found["link"] = connector().get(f"/linking/{kind.key}/{kind.id_of(document)}")
    except ServiceUnreachable as error:
        found["potentials"] = {"problem": _("%(product)s does not answer.", product=error.product)}
    except Refused as error:
        found["potentials"] = {"problem": error.message}
    if picker != "potentials":
        found["potentials"] = None
    return found


def is_deleted(kind: Kind, document: Record) -> bool:
    """Whether the potential it is linked with is gone in Zoho CRM (L6); it is not while nobody can tell."""
    if not document.get("zcrm_potential_id"):
        return False
    try:
        state = connector().get(f"/linking/{kind.key}/{kind.id_of(document)}")["state"]
    except (NoEntry, Refused, ServiceUnreachable):
        return False
    return bool(state == DELETED)


def _listed(customer_id: str, q: str) -> Record:
    ready = connector().get("/linking")
    if not ready["available"]:
        return {"problem": " ".join(one["message"] for one in ready["missing"]), "potentials": []}
    return dict(connector().get("/linking/potentials", customer_id=customer_id, q=q))


def let_go(kind: Kind, document: Record | None, draft: Draft) -> None:
    """Before a document is saved: what it is linked with goes, when the form says so.

    Raises:
        Refused: a trigger made the link (L5).
    """
    if document is None or not document.get("zcrm_potential_id"):
        return
    address = f"/linking/{kind.key}/{kind.id_of(document)}"
    if draft.customer_id != document["customer_id"]:
        connector().put(f"{address}/customer", {"customer_id": draft.customer_id, "drop_link": True})
    elif not draft.potential_id:
        connector().delete(address)


def link(kind: Kind, saved: Record, draft: Draft) -> None:
    """After it is saved: the potential that was chosen. The document stands whatever becomes of the link."""
    if not draft.potential_id or saved.get("zcrm_potential_id") == draft.potential_id:
        return
    try:
        connector().put(f"/linking/{kind.key}/{kind.id_of(saved)}", {"potential_id": draft.potential_id})
        flash(_("Linked with potential %(name)s.", name=draft.potential_name), "good")
    except ServiceUnreachable as error:
        flash(_("The potential was not linked: %(product)s does not answer.", product=error.product), "bad")
    except Refused as error:
        flash(_("The potential was not linked: %(why)s", why=error.message), "bad")
