"""Setup, Users and Control: users, and the profiles that say what they may do (requirements P1, P2)."""

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.crm.blueprint import API, bp, outcome
from web.errors import NotAllowed, NotFound, Refused
from web.i18n import _
from web.session import crm

ACTS = (("View", _("View")), ("Create", _("Create")), ("Edit", _("Edit")), ("Delete", _("Delete")))
#: Modules by their name in permissions.
MODULES = (
    ("Leads", _("Leads")),
    ("Accounts", _("Accounts")),
    ("Contacts", _("Contacts")),
    ("Potentials", _("Potentials")),
    ("Products", _("Products")),
    ("Quotes", _("Quotes")),
    ("SalesOrders", _("Sales orders")),
    ("Invoices", _("Invoices")),
)
INVOICE_ACTS = (("Create_Edit", _("Create and Edit")), ("View", _("View")), ("Email", _("Email")))
DOCUMENTS = (("Estimates", _("Estimate")), ("Sales_Orders", _("Sales Order")), ("Invoices", _("Invoice")))
SUMMARY = "Crm_Implied_Zoho_Invoice_Receivables_Payables_Summary"
STATES = (("active", _("Active")), ("inactive", _("Inactive")))


@dataclass(frozen=True)
class Box:
    """A box of a profile's page; None where there is none of this kind."""

    name: str
    label: str
    is_ticked: bool


@bp.get("/setup/users")
def setup_users() -> ResponseReturnValue:
    users = crm().get(f"{API}/users", type="AllUsers")["users"]
    return render_template("crm/setup_users.html", users=users, profiles=_profiles(), states=STATES)


@bp.post("/setup/users/<key:user_id>")
def setup_users_save(user_id: str) -> ResponseReturnValue:
    """Another profile or status of a user."""
    found = crm().get(f"{API}/users/{user_id}")
    if not found:
        abort(404)
    user, changed = found["users"][0], dict[str, Any]()
    profile, status = request.form.get("profile", ""), request.form.get("status", "")
    if profile != str(user["profile"]["id"]):
        changed["profile"] = {"id": profile}
    if status != user["status"]:
        changed["status"] = status
    try:
        if changed:
            outcome({"data": crm().put(f"{API}/users/{user_id}", {"users": [changed]})["users"]})
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        flash(refused.message, "bad")
    else:
        flash(_("Saved."), "good")
    return redirect(url_for("crm.setup_users"), 303)


@bp.get("/setup/security-control/profiles")
def setup_profiles() -> ResponseReturnValue:
    return render_template("crm/setup_profiles.html", profiles=_profiles())


@bp.get("/setup/security-control/profiles/<key:profile_id>")
def setup_profiles_edit(profile_id: str) -> ResponseReturnValue:
    return _page(_profile(profile_id))


@bp.post("/setup/security-control/profiles/<key:profile_id>")
def setup_profiles_save(profile_id: str) -> ResponseReturnValue:
    """Ticks and unticks boxes; only those of this page, and only what changed."""
    profile = _profile(profile_id)
    ticked = set(request.form.getlist("box"))
    changed = [
        {"id": box["id"], "enabled": box["name"] in ticked}
        for box in profile["permissions_details"]
        if box["name"] in _names() and box["enabled"] != (box["name"] in ticked)
    ]
    if changed:
        body = {"profiles": [{"permissions_details": changed}]}
        try:
            outcome({"data": crm().put(f"{API}/settings/profiles/{profile_id}", body)["profiles"]})
        except (NotAllowed, NotFound):
            raise
        except Refused as refused:
            return _page(profile, refused.message), 422
    flash(_("Saved. It applies to every user with the profile %(name)s at once.", name=profile["name"]), "good")
    return redirect(url_for("crm.setup_profiles"), 303)


def _profiles() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = crm().get(f"{API}/settings/profiles")["profiles"]
    return found


def _profile(profile_id: str) -> dict[str, Any]:
    answer = crm().get(f"{API}/settings/profiles/{profile_id}")
    if not answer:
        abort(404)
    found: dict[str, Any] = answer["profiles"][0]
    return found


def _names() -> set[str]:
    """All boxes of the page."""
    modules = {f"Crm_Implied_{act}_{module}" for module, _label in MODULES for act, _word in ACTS}
    documents = {f"Crm_Implied_Zoho_Invoice_{act}_{one}" for one, _label in DOCUMENTS for act, _word in INVOICE_ACTS}
    return modules | documents | {SUMMARY}


def _page(profile: dict[str, Any], problem: str = "") -> str:
    ticked = {box["name"]: bool(box["enabled"]) for box in profile["permissions_details"]}

    def box(name: str, label: str) -> Box | None:
        return Box(name, label, ticked[name]) if name in ticked else None

    modules = [
        (label, [box(f"Crm_Implied_{act}_{module}", f"{word}: {label}") for act, word in ACTS])
        for module, label in MODULES
    ]
    documents = [
        (label, [box(f"Crm_Implied_Zoho_Invoice_{act}_{one}", f"{word}: {label}") for act, word in INVOICE_ACTS])
        for one, label in DOCUMENTS
    ]
    return render_template(
        "crm/setup_profile.html",
        profile=profile,
        modules=modules,
        acts=[word for _act, word in ACTS],
        documents=documents,
        invoice_acts=[word for _act, word in INVOICE_ACTS],
        summary=box(SUMMARY, _("Receivables and Payables Summary")),
        problem=problem,
    )
