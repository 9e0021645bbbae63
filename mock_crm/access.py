"""Who may call what: every route declares its scope and permission, and what declares nothing is refused."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import current_app, g, request

from mock_crm import state
from mock_crm.errors import AuthenticationFailure, InvalidModule, InvalidToken, InvalidUrl, NoPermission, ScopeMismatch
from mock_crm.limits import counting
from mock_crm.metadata.catalog import Field, Module
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
    _authenticate()
    counting.admit()
    if rule is None:
        raise NoPermission("undeclared route")
    module = _module_of_address()
    for scope in rule.scopes:
        require_scope(scope, module)
    if rule.permission is not None:
        require(module_permission(module.api_name, rule.permission) if module else rule.permission)


def require_scope(scope: str, module: Module | None = None) -> None:
    """For a scope that only the body of a request tells; the others stand in the route's rule.

    Raises:
        ScopeMismatch: when the token does not have it.
    """
    caller: accounts.Caller = g.caller
    if not caller.allows(_full(scope, module)):
        raise ScopeMismatch


def _full(scope: str, module: Module | None) -> str:
    filled = scope.replace("{module}", module.scope_name if module else "")
    return filled if filled.startswith("Zoho") else f"ZohoCRM.{filled}"


def _authenticate() -> None:
    try:
        caller = accounts.authenticate()
    except accounts.NoToken:
        raise AuthenticationFailure from None
    except accounts.InvalidToken:
        raise InvalidToken from None
    user = state.people().users.get(int(caller.user_id)) if caller.user_id.isdigit() else None
    if user is None or not user.is_active:
        raise InvalidToken
    g.caller, g.user = caller, user


def _module_of_address() -> Module | None:
    """The module named in the address replaces its name among the route's arguments."""
    values = request.view_args or {}
    if "module" not in values:
        return None
    named = values["module"]
    name = named.api_name if isinstance(named, Module) else named  # replaced already when a request is tried again
    module = state.catalog().module(name, {"resource_path_index": 0})
    if module.is_subform:  # rows are read and written with their records only
        raise InvalidModule({"resource_path_index": 0}, "The given module is not supported in API")
    values["module"] = module
    return module


def user() -> User:
    """The user this request acts for."""
    found: User = g.user
    return found


@contextmanager
def acting_as(somebody: User) -> Iterator[None]:
    """Outside requests: what the block does is done by this user."""
    g.user = somebody
    try:
        yield
    finally:
        g.pop("user")


def may(permission: str) -> bool:
    return user().profile.allows(permission)


def field_permission(field: Field) -> str:
    """What the caller's profile may do with a field: `read_write`, `read_only` or `hidden`; outside requests all."""
    caller: User | None = g.get("user")
    given: dict[str, str] | None = field.extra.get("profiles")
    if not given or caller is None:
        return "read_write"
    return given.get(str(caller.profile.id), "read_write")


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
