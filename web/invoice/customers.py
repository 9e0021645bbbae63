"""The customer of a document: chosen among Invoice's contacts, or fetched by Search in Zoho CRM (W2)."""

from typing import Any

from flask import flash, request

from web.errors import Refused, ServiceUnreachable
from web.i18n import _
from web.invoice.api import get
from web.invoice.draft import Draft, with_customer
from web.session import connector

FOUND = 20
#: What may stand open below the customer, by `?show=`.
PICKERS = ("customers", "crm", "potentials")


def asked() -> str:
    """Which picker the address asks for; none is the usual."""
    wanted = request.args.get("show", "")
    return wanted if wanted in PICKERS else ""


def chosen(draft: Draft) -> Draft:
    """The draft with the customer that a button of a picker names; one of Zoho CRM is fetched first."""
    if wanted := request.args.get("customer"):
        return with_customer(draft, wanted)
    for name in ("account_id", "crm_contact_id"):
        if wanted := request.args.get(name):
            picked = connector().post("/panel/fetch", {name: wanted})
            flash(_("%(name)s has been fetched from Zoho CRM.", name=picked["contact_name"]), "good")
            return with_customer(draft, picked["contact_id"], picked.get("contact_person_id") or "")
    return draft


def shown(draft: Draft, picker: str) -> dict[str, Any]:
    """The customer, and what the open picker found."""
    customer = get(f"/contacts/{draft.customer_id}")["contact"] if draft.customer_id else None
    words = {name: str(request.values.get(name, "")).strip() for name in ("customer_q", "crm_q")}
    return {
        "customer": customer,
        "words": words,
        "found": _contacts(words["customer_q"]) if picker == "customers" else None,
        "crm": _in_crm(words["crm_q"]) if picker == "crm" else None,
    }


def _contacts(q: str) -> list[dict[str, Any]]:
    answer = get("/contacts", filter_by="Status.Active", search_text=q, sort_column="contact_name", per_page=FOUND)
    return list(answer["contacts"])


def _in_crm(q: str) -> dict[str, Any]:
    """What Search in Zoho CRM found: accounts with their contacts, or contacts; or why it cannot look."""
    if not q:
        return {"problem": None, "is_asked": False}
    try:
        return {**connector().get("/panel/search", q=q), "problem": None, "is_asked": True}
    except ServiceUnreachable as error:
        return {"problem": _("%(product)s does not answer.", product=error.product), "is_asked": True}
    except Refused as error:
        return {"problem": error.message, "is_asked": True}
