"""What the OpenAPI document says of the doors for people at work is what they answer."""

from typing import Any

import pytest

from tests.support.doors import Person, line
from tests.support.world import ADMIN, World

Document = dict[str, Any]


@pytest.fixture
def told(world: World) -> Document:
    found: Document = world.apps["connector"].test_client().get("/openapi.json").get_json()
    return found


def resolved(told: Document, schema: Any) -> Any:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return told["components"]["schemas"][name]
    options = [one for one in schema.get("anyOf", schema.get("allOf", ())) if one.get("type") != "null"]
    return resolved(told, options[0]) if options else schema


def unsaid(told: Document, schema: Any, value: Any, place: str = "") -> list[str]:
    """Keys that are answered and not said."""
    schema = resolved(told, schema)
    if isinstance(value, list):
        return [one for item in value for one in unsaid(told, schema.get("items", {}), item, place)]
    if not isinstance(value, dict) or "properties" not in schema:
        return []
    properties = schema["properties"]
    found = [f"{place}.{key}" for key in value if key not in properties]
    for key in value.keys() & properties.keys():
        found += unsaid(told, properties[key], value[key], f"{place}.{key}")
    return found


def answer_schema(told: Document, path: str, method: str, status: int) -> Any:
    return told["paths"][path][method.lower()]["responses"][str(status)]["content"]["application/json"]["schema"]


def test_every_key_that_is_answered_is_said(world: World, told: Document):
    account = world.add_account("Acme")
    world.connect()
    world.sync()
    ada = world.add("Contacts", Last_Name="Lovelace", Account_Name={"id": account})
    deal = world.add_potential("Deal", account, "Closed Won")
    seller, clerk = Person(world, "crm", ADMIN), Person(world, "invoice", ADMIN)
    customer = world.customers()["Acme"]["contact_id"]
    new = {"line_items": [line()], "send": True, "mail": {"to_mail_ids": ["ada@acme.example"]}}
    made = seller("POST", f"/section/accounts/{account}/invoices", new).json()["invoice"]["invoice_id"]
    section, document = "/section/{module}/{record_id}", "/linking/{kind}/{document_id}"
    record, invoice = f"/section/accounts/{account}", f"/section/accounts/{account}/invoices/{made}"
    calls = [
        (seller, "GET", record, section, None),
        (seller, "GET", f"/section/contacts/{ada}", section, None),
        (seller, "GET", f"{record}/summary", f"{section}/summary", None),
        (seller, "GET", f"{record}/invoices", f"{section}/{{kind}}", None),
        (seller, "POST", f"{record}/estimates", f"{section}/{{kind}}", new),
        (seller, "GET", invoice, f"{section}/{{kind}}/{{document_id}}", None),
        (seller, "PUT", invoice, f"{section}/{{kind}}/{{document_id}}", {"notes": "x"}),
        (seller, "GET", f"{invoice}/email", f"{section}/{{kind}}/{{document_id}}/email", None),
        (seller, "POST", f"{invoice}/email", f"{section}/{{kind}}/{{document_id}}/email", new["mail"]),
        (clerk, "GET", f"/panel/contacts/{customer}", "/panel/contacts/{contact_id}", None),
        (clerk, "GET", "/panel/search?q=acme", "/panel/search", None),
        (clerk, "POST", "/panel/fetch", "/panel/fetch", {"account_id": account}),
        (clerk, "GET", "/linking", "/linking", None),
        (clerk, "GET", f"/linking/potentials?customer_id={customer}", "/linking/potentials", None),
        (clerk, "PUT", f"/linking/invoices/{made}", document, {"potential_id": deal}),
        (clerk, "GET", f"/linking/invoices/{made}", document, None),
        (clerk, "POST", "/connection/linked/refresh", "/connection/linked/refresh", None),
        (clerk, "GET", "/connection/linked", "/connection/linked", None),
        (clerk, "GET", "/connection/linked/figures", "/connection/linked/figures", None),
        (clerk, "GET", "/connection/linked/pipeline", "/connection/linked/pipeline", None),
        (clerk, "GET", "/connection/history", "/connection/history", None),
        (clerk, "GET", "/connection/history/records", "/connection/history/records", None),
        (clerk, "GET", "/connection/apps", "/connection/apps", None),
        (clerk, "DELETE", f"/linking/invoices/{made}", document, None),
    ]

    for person, method, address, path, body in calls:
        answer = person(method, address, body)
        assert answer.status < 300, (method, address, answer.body)
        assert unsaid(told, answer_schema(told, path, method, answer.status), answer.json()) == [], (method, address)
