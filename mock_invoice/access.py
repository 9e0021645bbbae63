"""Who may do what: each route names its scope and the role it needs; one that names none is closed (§1.2, §1.3)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from flask import current_app, g, request
from sqlalchemy import bindparam, select

from mock_invoice.database import db
from mock_invoice.errors import NotAuthenticated, NotAuthorized, NotOfOrganization, RoleRefused
from mock_invoice.settings.organization_model import Organization
from mock_invoice.settings.user_model import User
from simulator import accounts

ORGANIZATION_HEADER = "X-com-zoho-invoice-organizationid"
#: A token of either product is good for the same calls (§1.1: the same organization under both).
SCOPE_PREFIXES = ("ZohoInvoice", "ZohoBooks")

F = TypeVar("F", bound=Callable[..., Any])

#: Statements of every request are built once: building one costs as much as running it.
_HOME = (
    select(User, Organization)
    .join(Organization, Organization.id == User.organization_id)
    .where(User.id == bindparam("user_id"), User.status == "active")
)


@dataclass(frozen=True)
class Need:
    """What a route asks of its caller."""

    scope: str
    is_admin_only: bool = False


def needs(scope: str, *, admin: bool = False) -> Callable[[F], F]:
    """Declares a route's scope, e.g. `contacts.READ`, and whether only administrators may call it."""

    def declare(view: F) -> F:
        cast(Any, view).need = Need(scope, admin)
        return view

    return declare


def admit() -> None:
    """Runs before each route of the API: authenticates, finds the organization, checks scope and role."""
    need: Need | None = getattr(current_app.view_functions[cast(str, request.endpoint)], "need", None)
    try:
        caller = accounts.authenticate()
    except accounts.NoToken:
        raise NotAuthenticated from None
    except accounts.InvalidToken:
        raise NotAuthorized from None
    if need is None or not any(caller.allows(f"{prefix}.{need.scope}") for prefix in SCOPE_PREFIXES):
        raise NotAuthorized
    user, organization = _home_of(int(caller.user_id))
    if (wanted := organization_wanted()) and wanted != str(organization.id):
        user, organization = _other_organization(user.email, wanted)
    enter(organization, user)
    if need.is_admin_only and user.user_role != "admin":
        raise RoleRefused


def enter(organization: Organization, user: User) -> None:
    """Sets the organization and user that the running code works for."""
    g.organization, g.user = organization, user
    g.custom_fields, g.unit_ids, g.term_ids = {}, None, None


def current_organization() -> Organization:
    return cast(Organization, g.organization)


def current_user() -> User:
    return cast(User, g.user)


def organization_wanted() -> str:
    """The organization a call names, in the query or in Invoice's header; none means the user's own (§1.3)."""
    return request.args.get("organization_id") or request.headers.get(ORGANIZATION_HEADER, "")


def _home_of(user_id: int) -> tuple[User, Organization]:
    found = db.session.execute(_HOME, {"user_id": user_id}).first()
    if found is None:
        raise NotAuthorized
    return found[0], found[1]


def _other_organization(email: str, wanted: str) -> tuple[User, Organization]:
    """The person's user in another organization: the same email makes him the same person."""
    if not (wanted.isascii() and wanted.isdigit()) or len(wanted) > 18:
        raise NotOfOrganization(wanted)
    found = db.session.execute(
        select(User, Organization)
        .join(Organization, Organization.id == User.organization_id)
        .where(Organization.id == int(wanted), User.email == email, User.status == "active")
    ).first()
    if found is None:
        raise NotOfOrganization(wanted)
    return found[0], found[1]
