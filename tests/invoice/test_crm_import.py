"""The import hook: the API twin of "Fetch this contact from Zoho CRM" (invoice-api.md §8.7)."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, request

from simulator import wire
from tests.invoice.conftest import URLS, Invoice
from tests.support.transport import WsgiAdapter

HOOK = {"hook_url": f"{URLS['connector']}/hooks/w/import/", "secret": "s3cret"}


class Connector:
    """Stands in for the connector: remembers what it is asked and answers as told."""

    def __init__(self, answer: Callable[[], tuple[int, Any]]) -> None:
        self.answer: Callable[[], tuple[int, Any]] = answer
        self.asked: list[tuple[str, str, str]] = []
        self.app = Flask("connector")
        self.app.add_url_rule("/<path:path>", view_func=self.hook, methods=["POST"])

    def hook(self, path: str) -> tuple[bytes, int]:
        status, body = self.answer()
        self.asked.append((request.method, request.path, request.headers["Authorization"]))
        return body if isinstance(body, bytes) else wire.dumps(body), status


def connector(invoice: Invoice, answer: Callable[[], tuple[int, Any]]) -> Connector:
    stand_in = Connector(answer)
    invoice.app.extensions["outbound"].mount(URLS["connector"], WsgiAdapter(stand_in.app))
    invoice.put("/settings/integrations/zohocrm", HOOK)
    return stand_in


@pytest.mark.requirement("W3")
@pytest.mark.parametrize(("kind", "key"), [("account", "contact_id"), ("contact", "contact_id"), ("item", "item_id")])
def test_an_import_asks_the_connector_and_passes_its_answer_on(invoice: Invoice, kind: str, key: str) -> None:
    stand_in = connector(invoice, lambda: (200, {key: "4100001"}))

    answer = invoice.post(f"/crm/{kind}/5725767000000/import")

    assert answer == {"code": 0, "message": "success", "data": {key: "4100001"}}
    assert stand_in.asked == [("POST", f"/hooks/w/import/{kind}/5725767000000", "s3cret")]


@pytest.mark.requirement("W3")
def test_no_transaction_is_open_while_the_connector_works(invoice: Invoice) -> None:
    """The connector writes the contact into Invoice before it answers; a lock held here would never let it."""
    other = invoice.as_(invoice.email)
    connector(invoice, lambda: (200, {"contact_id": other.add_contact("Fetched")["contact_id"]}))

    contact_id = invoice.post("/crm/account/1/import")["data"]["contact_id"]

    assert invoice.contact(contact_id)["contact_name"] == "Fetched"


@pytest.mark.requirement("W3")
def test_without_a_connector_an_import_is_refused_in_plain_words(invoice: Invoice) -> None:
    assert invoice.refused("POST", "/crm/account/1/import") == (
        400,
        90_010,
        "This organization is not connected to Zoho CRM, so nothing can be imported from there.",
    )


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (404, {"message": "There is no such account."}, "There is no such account."),
        (409, {}, "HTTP 409"),
        (200, b"<html>", "does not answer"),
        (200, [1], "cannot be used"),
        (200, {}, "cannot be used"),
        (200, {"contact_id": ""}, "cannot be used"),
        (200, {"data": [1]}, "cannot be used"),
        (200, {"data": {"contact_id": True}}, "cannot be used"),
        (200, {"item_id": "4100001"}, "cannot be used"),
        (302, {}, "HTTP 302"),
        (503, {}, "does not answer"),
    ],
)
def test_what_the_connector_refuses_is_passed_on(invoice: Invoice, status: int, body: Any, words: str) -> None:
    connector(invoice, lambda: (status, body))

    refusal = invoice.refused("POST", "/crm/account/1/import")

    assert refusal[:2] == (400, 90_011)
    assert words in refusal[2]


def test_the_hook_is_set_shown_without_its_secret_and_removed(invoice: Invoice) -> None:
    saved = invoice.put("/settings/integrations/zohocrm", HOOK)["zohocrm"]
    shown = invoice.get("/settings/integrations/zohocrm")["zohocrm"]

    assert saved == shown == {"is_connected": True, "hook_url": HOOK["hook_url"].rstrip("/")}
    invoice.delete("/settings/integrations/zohocrm")
    assert invoice.get("/settings/integrations/zohocrm")["zohocrm"]["is_connected"] is False
    assert invoice.delete("/settings/integrations/zohocrm")["code"] == 0


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"hook_url": "http://x"},
        {"hook_url": "ftp://x", "secret": "s"},
        {"hook_url": "http://a:b@x/", "secret": "s"},
        {"hook_url": "x", "secret": "s"},
    ],
)
def test_a_hook_that_is_no_web_address_is_refused(invoice: Invoice, body: Any) -> None:
    assert invoice.refused("PUT", "/settings/integrations/zohocrm", body)[0] == 400


@pytest.mark.parametrize("record_id", ["a b", "..", "%2e%2e", "x" * 40])
def test_an_id_that_is_none_is_not_passed_on(invoice: Invoice, record_id: str) -> None:
    stand_in = connector(invoice, lambda: (200, {}))

    status, _, _ = invoice.refused("POST", f"/crm/account/{record_id}/import")

    assert status in (400, 404)
    assert stand_in.asked == []


@pytest.mark.requirement("W3")
def test_vendors_are_not_imported(invoice: Invoice) -> None:
    assert invoice.refused("POST", "/crm/vendor/1/import")[:2] == (400, 90_010)
    stand_in = connector(invoice, lambda: (200, {"contact_id": "1"}))

    refusal = invoice.refused("POST", "/crm/vendor/1/import")

    assert refusal == (400, 90_011, "Vendors are not synchronized with Zoho CRM.")
    assert stand_in.asked == []


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("/crm/account/1/import", "ZohoInvoice.settings.ALL"),
        ("/crm/contact/1/import", "ZohoInvoice.contacts.READ"),
        ("/crm/item/1/import", "ZohoInvoice.contacts.ALL"),
    ],
)
def test_an_import_needs_its_scope(invoice: Invoice, path: str, scope: str) -> None:
    stand_in = connector(invoice, lambda: (200, {"contact_id": "1", "item_id": "1"}))

    assert invoice.as_(invoice.email, scope).refused("POST", path)[:2] == (401, 57)
    assert stand_in.asked == []


def test_the_hook_of_one_organization_is_not_another_ones(invoice: Invoice) -> None:
    stand_in = connector(invoice, lambda: (200, {"contact_id": "1"}))
    other = invoice.post("/organizations", {"name": "Other"})["organization"]["organization_id"]

    assert invoice.refused("POST", f"/crm/account/1/import?organization_id={other}")[:2] == (400, 90_010)
    assert stand_in.asked == []


def test_only_administrators_connect(staff: Invoice) -> None:
    for method in ("PUT", "DELETE"):
        assert staff.refused(method, "/settings/integrations/zohocrm", HOOK)[:2] == (403, 90_403)


@pytest.mark.parametrize("prefix", ["/api/v3", "/invoice/v3", "/books/v3"])
def test_imports_are_asked_for_under_every_prefix(invoice: Invoice, prefix: str) -> None:
    connector(invoice, lambda: (200, {"contact_id": 4100001}))
    headers = {"Authorization": f"Zoho-oauthtoken {invoice.token}"}

    answer = invoice.raw("POST", f"{prefix}/crm/account/1/import/", headers=headers)

    assert answer.get_json()["data"] == {"contact_id": "4100001"}
