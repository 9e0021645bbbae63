"""Each route against each role, and against tokens with and without its scope (invoice-api.md §1.2, §8.4).

Who may do what is said here once more, by path and method, independent of what the routes declare; a route that
declares nothing fails. Tim's role, timesheetstaff, may what the staff may: what it may not is told by no source.
"""

from typing import Any

import pytest
from flask import Flask

from mock_invoice import PREFIXES
from mock_invoice.access import Need
from mock_invoice.openapi import PREFIX
from tests.invoice.conftest import ADMIN
from tests.invoice.endpoints.rows import ROLE_REFUSED, Row, refusal
from tests.invoice.endpoints.table import OPEN, ROWS
from tests.invoice.endpoints.world import ROLES, Place
from tests.support.answers import differences

GUARDED = [row for row in ROWS if row not in OPEN]
each_guarded = pytest.mark.parametrize("row", GUARDED, ids=[row.name for row in GUARDED])

#: Only administrators change these; everybody of the organization reads them.
OF_ADMINISTRATORS = ("/settings", "/users", "/organizations")
VERBS = {"GET": "READ", "POST": "CREATE", "PUT": "UPDATE", "DELETE": "DELETE"}
#: First part of the path → the module of its scope; singular ones are the doors of custom fields.
MODULES = {
    "contacts": "contacts",
    **dict.fromkeys(("items", "item", "itemdetails", "organizations", "users", "settings"), "settings"),
    **dict.fromkeys(("estimates", "estimate"), "estimates"),
    **dict.fromkeys(("salesorders", "salesorder"), "salesorders"),
    **dict.fromkeys(("invoices", "invoice", "recurringinvoices", "reports", "share"), "invoices"),
    **dict.fromkeys(("creditnotes", "creditnote"), "creditnotes"),
    **dict.fromkeys(("customerpayments", "customerpayment"), "customerpayments"),
}
EVERY_SCOPE = {f"{module}.{verb}" for module in MODULES.values() for verb in VERBS.values()}
NOT_AUTHORIZED = refusal(401, 57, "You are not authorized to perform this operation")
NOT_AUTHENTICATED = refusal(
    401,
    14,
    "The request could not be authenticated as the authentication value you entered is invalid. "
    "Enter a valid authentication value and try again.",
)
NO_PERMISSION = refusal(
    403, ROLE_REFUSED, "Your role does not permit this operation. Ask an administrator of the organization."
)


def is_for_administrators(row: Row) -> bool:
    return row.method != "GET" and row.path.startswith(OF_ADMINISTRATORS)


def scope_of(row: Row) -> str:
    _, first, *rest = row.path.split("/")
    module = ("settings" if rest[0] == "item" else "contacts") if first == "crm" else MODULES[first]
    return f"{module}.{VERBS[row.method]}"


def tokens_scope(scopes: set[str]) -> str:
    return " ".join(f"ZohoInvoice.{scope}" for scope in sorted(scopes))


def test_no_route_is_without_a_need(app: Flask) -> None:
    """Whatever the table has rows for: the whole URL map."""
    names = tuple(f"{name}." for name in PREFIXES)
    routes = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith(names)]
    without = [one.rule for one in routes if not isinstance(getattr(_view(app, one), "need", None), Need)]

    assert len(routes) >= 3 * len({row.operation for row in GUARDED})
    assert without == []


def _view(app: Flask, rule: Any) -> Any:
    return app.view_functions[rule.endpoint]


@each_guarded
def test_a_route_declares_what_the_rule_says(app: Flask, row: Row) -> None:
    address = f"{PREFIX}{row.at.split('?')[0].replace('$', '')}"
    endpoint, _ = app.url_map.bind("invoice.test").match(address, method=row.method)

    assert app.view_functions[endpoint].need == Need(scope_of(row), is_for_administrators(row))  # type: ignore[attr-defined]


@each_guarded
def test_who_lacks_something_is_refused(row: Row, here: Place) -> None:
    """A token, its scope, the role of an administrator where that is needed."""
    every = tokens_scope(EVERY_SCOPE)
    lacking = {"a token": ("", NOT_AUTHENTICATED)}
    lacking["its scope"] = here.token_of(ADMIN, tokens_scope(EVERY_SCOPE - {scope_of(row)})), NOT_AUTHORIZED
    if is_for_administrators(row):
        lacking |= {role: (here.token_of(ROLES[role], every), NO_PERMISSION) for role in ROLES if role != "admin"}

    for what, (token, answer) in lacking.items():
        status, body, _ = here.send(row.method, row.right, here.names, token=token)

        assert differences(answer, status, body, here.names) == [], what
    assert here.kept.is_untouched


@each_guarded
def test_whoever_has_what_it_needs_is_let_in(row: Row, here: Place) -> None:
    """With a token of this scope alone: an administrator where one is needed, else each of the others."""
    for role in ["admin"] if is_for_administrators(row) else [role for role in ROLES if role != "admin"]:
        token = here.token_of(ROLES[role], tokens_scope({scope_of(row)}))

        status, body, _ = here.send(row.method, row.right, here.names, token=token)

        assert status == row.works.status, (role, body)
        here.kept.bring_back()
