"""Fixtures of the Invoice tests: the service in one process, and a fresh world for each test."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from mock_invoice import create_app
from simulator import wire
from simulator.accounts import issue_access_token
from simulator.accounts.scopes import ALL_SCOPES
from simulator.config import Config
from tests.support.databases import database_of, drop_database_of

URLS = {name: f"http://{name}.test" for name in ("web", "crm", "invoice", "connector")}
ADMIN, STAFF = "asha.rao@zylker.example", "ben.carter@zylker.example"


class Invoice:
    """A caller of the API in one world: calls by path, and verbs for what a test needs to be there."""

    def __init__(self, app: Flask, world: str, email: str, scopes: str = ALL_SCOPES) -> None:
        self.app, self.world, self.email = app, world, email
        with app.extensions["worlds"].transaction(world):
            user = app.extensions["directory"].find_user(email)
            self.token = issue_access_token(user.id, scopes, "tests")

    def as_(self, email: str, scopes: str = ALL_SCOPES) -> "Invoice":
        return Invoice(self.app, self.world, email, scopes)

    def raw(self, method: str, path: str, **how: Any) -> Any:
        """A call without anything added."""
        return self.app.test_client().open(path, method=method, **how)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """The HTTP status and the parsed body."""
        sent = {"Authorization": f"Zoho-oauthtoken {self.token}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        data = None if body is None else json.dumps(body, default=str)
        answer = self.raw(method, f"/invoice/v3{path}", data=data, headers=sent, content_type="application/json")
        return answer.status_code, wire.loads(answer.data)

    def ok(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        status, answer = self.call(method, path, body, **headers)
        assert status in (200, 201), answer
        assert answer["code"] == 0, answer
        return answer

    def refused(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, int, str]:
        """HTTP status, code and message of a refusal, whose body is checked to be the vendor's."""
        status, answer = self.call(method, path, body, **headers)
        assert status >= 400, answer
        assert set(answer) == {"code", "message"}
        assert isinstance(answer["code"], int)
        assert answer["message"]
        return status, answer["code"], answer["message"]

    def get(self, path: str) -> Any:
        return self.ok("GET", path)

    def post(self, path: str, body: Any = None) -> Any:
        return self.ok("POST", path, body)

    def put(self, path: str, body: Any = None) -> Any:
        return self.ok("PUT", path, body)

    def delete(self, path: str) -> Any:
        return self.ok("DELETE", path)

    def control(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.raw(method, f"/_sim/worlds/{self.world}{path}", json=body)
        assert answer.status_code < 300, answer.data
        return answer.get_json()

    def pass_days(self, days: int) -> None:
        """Days go by; the caller gets a fresh token, as the old one would have expired."""
        self.control("PUT", "/clock", {"advance_seconds": days * 86_400})
        self.token = self.as_(self.email).token

    def add_contact(self, name: str = "Acme", **more: Any) -> Any:
        return self.post("/contacts", {"contact_name": name, **more})["contact"]

    def add_item(self, name: str = "Desk", rate: Any = 100, **more: Any) -> Any:
        return self.post("/items", {"name": name, "rate": rate, **more})["item"]

    def add_invoice(self, customer_id: str, rate: Any = 100, **more: Any) -> Any:
        body = {"customer_id": customer_id, "line_items": [{"name": "Work", "rate": rate, "quantity": 1}], **more}
        return self.post("/invoices", body)["invoice"]

    def add_estimate(self, customer_id: str, rate: Any = 100, **more: Any) -> Any:
        body = {"customer_id": customer_id, "line_items": [{"name": "Work", "rate": rate, "quantity": 1}], **more}
        return self.post("/estimates", body)["estimate"]

    def pay(self, customer_id: str, amount: Any, invoice_id: str | None = None, **more: Any) -> Any:
        applied = [{"invoice_id": invoice_id, "amount_applied": amount}] if invoice_id else []
        body = {"customer_id": customer_id, "amount": amount, "invoices": applied, **more}
        return self.post("/customerpayments", body)["payment"]

    def invoice(self, invoice_id: str) -> Any:
        return self.get(f"/invoices/{invoice_id}")["invoice"]

    def estimate(self, estimate_id: str) -> Any:
        return self.get(f"/estimates/{estimate_id}")["estimate"]

    def contact(self, contact_id: str) -> Any:
        return self.get(f"/contacts/{contact_id}")["contact"]


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("invoice")
    database = database_of(folder)
    made = create_app(Config(name="invoice", data_dir=folder, urls=URLS, background=False, database_url=database))
    made.testing = True  # an error of ours shows itself instead of becoming the vendor's 500
    yield made
    drop_database_of(folder)


@pytest.fixture(scope="session")
def new_world(app: Flask) -> Callable[..., Invoice]:
    made: list[str] = []

    def make(scenario: str = "empty") -> Invoice:
        made.append(f"inv{len(made):05d}")
        app.extensions["worlds"].create(made[-1], scenario)
        return Invoice(app, made[-1], ADMIN)

    return make


@pytest.fixture
def invoice(new_world: Callable[..., Invoice]) -> Iterator[Invoice]:
    """The administrator's calls in a fresh world: an organization, its people, and no records."""
    made = new_world()
    yield made
    made.app.extensions["worlds"].delete(made.world)


@pytest.fixture
def staff(invoice: Invoice) -> Invoice:
    """The calls of a member of the staff in the same world."""
    return invoice.as_(STAFF)


@pytest.fixture(scope="session")
def demo(new_world: Callable[..., Invoice]) -> Invoice:
    """The lived-in company; tests only read it."""
    return new_world("demo")
