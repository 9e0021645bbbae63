"""Who may do what: each route names its scope and the role it needs; one that names none is closed (§1.2, §1.3)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from flask import current_app, request

from mock_invoice import state
from mock_invoice.errors import NotAuthenticated, NotAuthorized, NotOfOrganization, RoleRefused
from mock_invoice.state import CurrencyFacts, OrganizationFacts, UserFacts
from simulator import accounts, context

ORGANIZATION_HEADER = "X-com-zoho-invoice-organizationid"
#: A token of either product is good for the same calls (§1.1: the same organization under both).
SCOPE_PREFIXES = ("ZohoInvoice", "ZohoBooks")

F = TypeVar("F", bound=Callable[..., Any])


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
    state.forget()
    user = _active(state.current().users.get(int(caller.user_id)))
    if user is None:
        raise NotAuthorized
    if (wanted := organization_wanted()) and wanted != str(user.organization_id):
        user = _elsewhere(user, wanted)
    enter(user.id)
    if need.is_admin_only and not user.is_admin:
        raise RoleRefused


def enter(user_id: int) -> None:
    """Sets the user that the running code works for, and with him the organization."""
    organization_id = state.current().users[user_id].organization_id
    context.kept().update(user_id=user_id, organization_id=organization_id)


def current_organization() -> OrganizationFacts:
    return state.current().organizations[context.kept()["organization_id"]]


def base_currency() -> CurrencyFacts:
    """The currency of the organization."""
    return state.current().currencies[current_organization().currency_id]


def current_user() -> UserFacts:
    return state.current().users[context.kept()["user_id"]]


def organization_wanted() -> str:
    """The organization a call names, in the query or in Invoice's header; none means the user's own (§1.3)."""
    return request.args.get("organization_id") or request.headers.get(ORGANIZATION_HEADER, "")


def _active(user: UserFacts | None) -> UserFacts | None:
    return user if user is not None and user.status == "active" else None


def _elsewhere(user: UserFacts, wanted: str) -> UserFacts:
    """The person's user in another organization."""
    is_id = wanted.isascii() and wanted.isdigit() and len(wanted) <= 18
    found = _active(state.current().user_in(int(wanted), user.email)) if is_id else None
    if found is None:
        raise NotOfOrganization(wanted)
    return found
