"""Who may call what: every route declares its scope and permission, and what declares nothing is refused."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import current_app, g, request

from mock_crm import state
from mock_crm.errors import AuthenticationFailure, InvalidToken, InvalidUrl, NoPermission, ScopeMismatch
from mock_crm.metadata.catalog import Module
from mock_crm.organization.people import User
from mock_crm.organization.permissions import ACTS, module_permission
from mock_crm.versions import SERVED
from simulator import accounts

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Rule:
    """What a route needs.

    Attributes:
        scopes: all of them, without the leading `ZohoCRM.` unless they name another service; `{module}` is filled in.
        permission: an act (View, Create, Edit, Delete) on the module in the address, or a permission's full name;
            None where every user of the CRM may.
    """

    scopes: tuple[str, ...]
    permission: str | None


def needs(*scopes: str, permission: str | None = None) -> Callable[[F], F]:
    """Declares what a route needs; see `Rule`."""

    def mark(view: F) -> F:
        view.rule = Rule(scopes, permission)  # type: ignore[attr-defined]
        return view

    return mark


def open_to_all(reason: str) -> Callable[[F], F]:
    """Declares that a route needs no token, and why."""

    def mark(view: F) -> F:
        view.open_because = reason  # type: ignore[attr-defined]
        return view

    return mark


def read_version(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Takes the version out of the address: one router serves them all (crm-api.md §0)."""
    if values is not None and "version" in values:
        g.version_name = values.pop("version")


def guard() -> None:
    """Before each route of the CRM: version, token, scope and permission; a module in the address is looked up.

    Raises:
        CrmError: for whatever is missing.
    """
    version = SERVED.get(g.get("version_name", ""))
    if version is None:
        raise InvalidUrl
    g.version = version
    view = current_app.view_functions[request.endpoint or ""]
    rule: Rule | None = getattr(view, "rule", None)
    caller = _authenticated()
    if rule is None:
        raise NoPermission("undeclared route")
    module = _module_of_address()
    for scope in rule.scopes:
        if not caller.allows(_full(scope, module)):
            raise ScopeMismatch
    if rule.permission is not None:
        require(module_permission(module.api_name, rule.permission) if module else rule.permission)


def _full(scope: str, module: Module | None) -> str:
    filled = scope.replace("{module}", module.scope_name if module else "")
    return filled if filled.startswith("Zoho") else f"ZohoCRM.{filled}"


def _authenticated() -> accounts.Caller:
    try:
        caller = accounts.authenticate()
    except accounts.NoToken:
        raise AuthenticationFailure from None
    except accounts.InvalidToken:
        raise InvalidToken from None
    user = state.people().users.get(int(caller.user_id)) if caller.user_id.isdigit() else None
    if user is None or not user.is_active:
        raise InvalidToken
    g.user = user
    return caller


def _module_of_address() -> Module | None:
    """The module named in the address replaces its name among the route's arguments."""
    values = request.view_args or {}
    if "module" not in values:
        return None
    module = state.catalog().module(values["module"], {"resource_path_index": 0})
    values["module"] = module
    return module


def user() -> User:
    """The user this request acts for."""
    found: User = g.user
    return found


def may(permission: str) -> bool:
    return user().profile.allows(permission)


def require(permission: str) -> None:
    """
    Raises:
        NoPermission: when the user's profile lacks the permission.
    """
    if not may(permission):
        raise NoPermission(permission)


def require_module(module: Module, act: str) -> None:
    """As `require`, for an act on a module's records."""
    assert act in ACTS
    require(module_permission(module.api_name, act))
