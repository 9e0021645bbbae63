"""Who may call what (invoice-api.md §1.2): tokens, scopes, roles, and nothing open by omission."""

import pytest

from mock_invoice import PREFIXES
from tests.invoice.conftest import ADMIN, Invoice


def test_every_route_of_the_api_declares_what_it_needs(invoice: Invoice) -> None:
    names = {f"{name}." for name in PREFIXES}
    routes = [rule for rule in invoice.app.url_map.iter_rules() if rule.endpoint.startswith(tuple(names))]

    open_routes = [rule.rule for rule in routes if not hasattr(invoice.app.view_functions[rule.endpoint], "need")]

    assert len(routes) > 150
    assert open_routes == []


def test_every_route_is_under_every_prefix(invoice: Invoice) -> None:
    routes = {prefix: set() for prefix in PREFIXES.values()}
    for rule in invoice.app.url_map.iter_rules():
        for prefix, found in routes.items():
            if rule.rule.startswith(prefix):
                found.add((rule.rule.removeprefix(prefix), tuple(sorted(rule.methods or ()))))

    assert routes["/api/v3"] == routes["/invoice/v3"] == routes["/books/v3"]


def test_nothing_is_answered_without_a_token(invoice: Invoice) -> None:
    answers = {
        (rule.rule, method): invoice.raw(method, rule.rule.replace("<", "").replace(">", "")).status_code
        for rule in invoice.app.url_map.iter_rules()
        if rule.rule.startswith("/invoice/v3") and "any(" not in rule.rule
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    assert set(answers.values()) == {401}


def test_a_call_without_a_token_gets_14(invoice: Invoice) -> None:
    answer = invoice.raw("GET", "/invoice/v3/contacts")

    assert answer.status_code == 401
    assert answer.get_json()["code"] == 14


DEAD = {
    "garbage": "garbage",
    "never issued": "1000.{world}aaaaaaaaaaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
    "no such world": "1000.nowhere0aaaaaaaaaaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
}


@pytest.mark.parametrize("token", DEAD.values(), ids=DEAD.keys())
def test_a_dead_token_gets_57(invoice: Invoice, token: str) -> None:
    invoice.token = token.format(world=invoice.world)

    assert invoice.refused("GET", "/contacts") == (401, 57, "You are not authorized to perform this operation")


def test_an_expired_token_gets_57(invoice: Invoice) -> None:
    invoice.control("PUT", "/clock", {"advance_seconds": 3601})

    assert invoice.refused("GET", "/contacts")[:2] == (401, 57)


def test_a_token_of_another_world_sees_that_world_only(invoice: Invoice, new_world: object) -> None:
    invoice.add_contact("Acme")
    other: Invoice = new_world()  # type: ignore[operator]

    assert other.get("/contacts")["contacts"] == []
    with pytest.raises(AssertionError):
        other.get(f"/contacts/{invoice.get('/contacts')['contacts'][0]['contact_id']}")


def test_a_user_made_inactive_is_out_at_once(invoice: Invoice, staff: Invoice) -> None:
    invoice.post(f"/users/{staff.get('/users/me')['user']['user_id']}/inactive")

    assert staff.refused("GET", "/contacts")[:2] == (401, 57)


SCOPES = [
    ("ZohoInvoice.contacts.READ", "GET", "/contacts", True),
    ("ZohoInvoice.contacts.READ", "POST", "/contacts", False),
    ("ZohoInvoice.contacts.ALL", "POST", "/contacts", True),
    ("ZohoInvoice.contacts.UPDATE", "POST", "/contacts/1/inactive", False),
    ("ZohoInvoice.contacts.CREATE", "POST", "/contacts/1/inactive", True),
    ("ZohoBooks.contacts.READ", "GET", "/contacts", True),
    ("ZohoInvoice.settings.READ", "GET", "/items", True),
    ("ZohoInvoice.invoices.READ", "GET", "/estimates", False),
    ("ZohoInvoice.fullaccess.all", "GET", "/customerpayments", True),
    ("ZohoCRM.modules.ALL", "GET", "/contacts", False),
]


@pytest.mark.parametrize(("scopes", "method", "path", "is_covered"), SCOPES)
def test_a_call_needs_its_scope(invoice: Invoice, scopes: str, method: str, path: str, is_covered: bool) -> None:
    status, _ = invoice.as_(ADMIN, scopes).call(method, path, {"contact_name": "Acme"} if method == "POST" else None)

    assert (status != 401) is is_covered


ADMINISTRATORS_ONLY = [
    ("POST", "/users"),
    ("PUT", "/users/1"),
    ("POST", "/users/1/inactive"),
    ("POST", "/settings/customfields"),
    ("DELETE", "/settings/customfields/1"),
    ("POST", "/settings/taxes"),
    ("PUT", "/settings/currencies/1"),
    ("PUT", "/settings/invoices"),
    ("PUT", "/settings/integrations/zohocrm"),
    ("DELETE", "/settings/integrations/zohocrm"),
    ("PUT", "/organizations/10234695"),
    ("POST", "/organizations"),
]


@pytest.mark.parametrize(("method", "path"), ADMINISTRATORS_ONLY)
def test_only_administrators_change_settings(staff: Invoice, method: str, path: str) -> None:
    assert staff.refused(method, path, {})[:2] == (403, 90_403)


def test_the_staff_works_with_customers_and_documents(staff: Invoice) -> None:
    customer = staff.add_contact()["contact_id"]
    staff.add_item()

    document = staff.add_invoice(customer)

    assert document["created_by_name"] == "Ben Carter"
    assert staff.post(f"/invoices/{document['invoice_id']}/status/sent")["code"] == 0


def test_the_token_endpoint_and_introspection_know_the_people(invoice: Invoice) -> None:
    answer = invoice.raw("POST", "/oauth/v2/introspect", data={"token": invoice.token}).get_json()

    assert (answer["active"], answer["user"]["email"], answer["user"]["is_admin"]) == (True, ADMIN, True)


def test_the_sign_in_page_is_given_the_people_and_their_roles(invoice: Invoice) -> None:
    people = invoice.control("GET", "/people")["people"]

    assert [(one["name"], one["role"]) for one in people] == [
        ("Asha Rao", "admin"),
        ("Ben Carter", "staff"),
        ("Farid Khan", "staff"),
    ]
