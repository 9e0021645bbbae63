"""The answer of a list is kept for whoever asks again, and nobody is ever given an old one."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.invoice.conftest import ADMIN, STAFF, Invoice
from tests.support.databases import files_only

LISTS = ("contacts", "items", "estimates", "invoices", "customerpayments")


def names(invoice: Invoice, **headers: str) -> list[str]:
    return [row["contact_name"] for row in invoice.ok("GET", "/contacts", **headers)["contacts"]]


@files_only
def test_a_list_is_not_read_again_before_something_changes(invoice: Invoice) -> None:
    invoice.add_contact("Acme")
    assert names(invoice) == ["Acme"]

    file = invoice.app.extensions["worlds"]._storage.live(invoice.world)
    with closing(sqlite3.connect(file, isolation_level=None)) as stranger:
        stranger.execute("UPDATE contact SET contact_name = 'Behind our back'")

    assert names(invoice) == ["Acme"]
    invoice.add_item("Desk")
    assert names(invoice) == ["Behind our back"]


def test_a_list_shows_each_write_at_once(invoice: Invoice) -> None:
    assert names(invoice) == []

    contact_id = invoice.add_contact("Acme")["contact_id"]
    assert names(invoice) == ["Acme"]
    invoice.put(f"/contacts/{contact_id}", {"contact_name": "Bolt"})
    assert names(invoice) == ["Bolt"]
    invoice.refused("PUT", f"/contacts/{contact_id}", {"contact_name": "x" * 500})
    assert names(invoice) == ["Bolt"]
    invoice.delete(f"/contacts/{contact_id}")
    assert names(invoice) == []


def test_a_list_shows_what_a_job_made(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    today = invoice.control("GET", "/clock")["now"][:10]
    invoice.post("/recurringinvoices", {
        "customer_id": customer, "recurrence_name": "Care", "recurrence_frequency": "days", "repeat_every": 1,
        "start_date": today, "line_items": [{"name": "Care", "rate": 10, "quantity": 1}],
    })  # fmt: skip
    before = len(invoice.get("/invoices")["invoices"])

    invoice.pass_days(2)

    assert len(invoice.get("/invoices")["invoices"]) == before + 2


def test_a_list_follows_the_calendar_though_nobody_writes(invoice: Invoice) -> None:
    tomorrow = datetime.now(ZoneInfo("America/Los_Angeles")).date() + timedelta(days=1)
    midnight = datetime.combine(tomorrow, time(), ZoneInfo("America/Los_Angeles"))
    with time_machine.travel(midnight - timedelta(minutes=9)) as traveller:
        asha = invoice.as_(ADMIN)
        made = asha.add_invoice(asha.add_contact()["contact_id"])
        asha.post(f"/invoices/{made['invoice_id']}/status/sent")
        before = asha.get("/invoices")["invoices"][0]["status"]
        traveller.shift(timedelta(minutes=18))
        after = asha.get("/invoices")["invoices"][0]["status"]

    assert (before, after) == ("sent", "overdue")


def test_each_organization_has_its_own_list(invoice: Invoice) -> None:
    other = invoice.post("/organizations", {"name": "Other"})["organization"]["organization_id"]
    of_other = {"X_com_zoho_invoice_organizationid": other}
    invoice.add_contact("Acme")

    assert names(invoice) == ["Acme"]
    assert names(invoice, **of_other) == []
    assert names(invoice) == ["Acme"]


def test_twin_worlds_have_their_own_lists(new_world: Callable[..., Invoice]) -> None:
    one, twin = new_world(), new_world()
    one.add_contact("Acme")
    twin.add_contact("Bolt")

    assert (names(one), names(twin), names(one)) == (["Acme"], ["Bolt"], ["Acme"])


@pytest.mark.parametrize("kind", ["reset", "restore"])
def test_a_world_that_was_put_back_shows_its_own_list(invoice: Invoice, kind: str) -> None:
    worlds = invoice.app.extensions["worlds"]
    worlds.swap(worlds.prepare(invoice.world, "snapshot", "before"))
    lives = []

    for name in ("Acme", "Bolt"):
        invoice.add_contact(name)
        lives.append(names(invoice))
        worlds.swap(worlds.prepare(invoice.world, kind, "before" if kind == "restore" else None))
        lives.append(names(invoice))

    assert lives == [["Acme"], [], ["Bolt"], []]


def test_who_may_not_see_a_list_is_not_given_what_was_kept_for_another(invoice: Invoice) -> None:
    invoice.add_contact("Acme")
    assert names(invoice) == names(invoice.as_(STAFF)) == ["Acme"]

    assert invoice.as_(STAFF, "ZohoInvoice.items.READ").refused("GET", "/contacts")[:2] == (401, 57)
    assert invoice.refused("GET", "/contacts?per_page=0")[:2] == (400, 2)


class Company:
    """A world in which acts happen; most of them are for the record made first or last."""

    def __init__(self, invoice: Invoice) -> None:
        self.invoice, self.worlds = invoice, invoice.app.extensions["worlds"]
        self.organizations = [""]
        self.home = ""
        self.count = 0
        self.keep()

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """What is refused is as good as anything: it changes nothing."""
        return self.invoice.call(method, path, body, X_com_zoho_invoice_organizationid=self.home)[1]

    def some(self, kind: str) -> Any:
        return next(iter(self.call("GET", f"/{kind}")[kind]), {})

    def add(self) -> None:
        self.count += 1
        self.call("POST", "/contacts", {"contact_name": f"Company {self.count}"})
        self.call("POST", "/items", {"name": f"Item {self.count}", "rate": self.count})

    def bill(self) -> None:
        lines = [{"name": "Work", "rate": 10, "quantity": self.count + 1}]
        body = {"customer_id": self.some("contacts").get("contact_id"), "line_items": lines}
        self.call("POST", "/invoices?send=true", body)
        self.call("POST", "/estimates", body)

    def edit(self) -> None:
        self.count += 1
        self.call("PUT", f"/contacts/{self.some('contacts').get('contact_id')}", {"company_name": f"Was {self.count}"})

    def delete(self) -> None:
        self.call("DELETE", f"/contacts/{self.some('contacts').get('contact_id')}")
        self.call("DELETE", f"/items/{self.some('items').get('item_id')}")

    def void(self) -> None:
        self.call("POST", f"/invoices/{self.some('invoices').get('invoice_id')}/status/void")

    def pay(self) -> None:
        self.call("POST", "/customerpayments", {"customer_id": self.some("contacts").get("contact_id"), "amount": 5})

    def wait(self) -> None:
        self.invoice.pass_days(3)

    def keep(self) -> None:
        self.worlds.swap(self.worlds.prepare(self.invoice.world, "snapshot", "kept"))

    def restore(self) -> None:
        self.put_back("restore", "kept")

    def reset(self) -> None:
        self.put_back("reset", None)

    def put_back(self, kind: str, name: str | None) -> None:
        self.worlds.swap(self.worlds.prepare(self.invoice.world, kind, name))
        self.home = ""  # the other organizations may be gone

    def found(self) -> None:
        made = self.call("POST", "/organizations", {"name": "Another", "time_zone": "Asia/Kolkata"})
        if "organization" in made:
            self.organizations.append(made["organization"]["organization_id"])

    def move(self) -> None:
        """Into another organization, if it is still there."""
        self.organizations.append(self.organizations.pop(0))
        self.home = self.organizations[0]
        if self.call("GET", "/contacts")["code"]:
            self.home = ""

    def hand_over(self) -> None:
        self.invoice, self.home = self.invoice.as_(STAFF if self.invoice.email == ADMIN else ADMIN), ""


ACTS = (
    "add", "bill", "edit", "delete", "void", "pay", "wait", "keep", "restore", "reset", "found", "move", "hand_over",
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from(ACTS), min_size=3, max_size=14))
def test_whatever_happens_a_list_is_what_it_is_without_memory(
    new_world: Callable[..., Invoice], acts: list[str]
) -> None:
    company = Company(new_world())
    for act in ("add", "bill", *acts):
        for kind in LISTS:
            company.call("GET", f"/{kind}")  # so that there is something to be kept
        getattr(company, act)()
        for number, kind in enumerate(LISTS):
            kept = company.call("GET", f"/{kind}")
            company.count += 1
            assert kept == company.call("GET", f"/{kind}?never_asked={company.count}.{number}"), act
