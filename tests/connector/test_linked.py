"""Linked potentials on the dashboard (requirement D1)."""

from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest

from tests.support.doors import STANDARD, Person, customer_id, make, refused, take_down
from tests.support.world import ADMIN, World


@pytest.fixture
def acme(world: World) -> str:
    account = world.add_account("Acme")
    world.connect()
    world.sync()
    return account


@pytest.fixture
def clerk(world: World) -> Person:
    return Person(world, "invoice", STANDARD)


def linked(world: World, kind: str, potential: str, **values: Any) -> dict[str, Any]:
    """A document that names a potential, made in Invoice itself."""
    return make(world, kind, customer_id(world), zcrm_potential_id=potential, zcrm_potential_name="Named", **values)


def look_anew(clerk: Person) -> bool:
    answer = clerk("POST", "/connection/linked/refresh")
    assert answer.status == 200, answer.body
    return bool(answer.json()["complete"])


def names(clerk: Person, query: str) -> list[str]:
    return [row["name"] for row in clerk.get(f"/connection/linked?{query}")["potentials"]]


def invoice_of(clerk: Person, name: str) -> dict[str, Any]:
    found = clerk.get(f"/connection/linked?q={name}")["potentials"]
    (document,) = found[0]["documents"]
    return dict(document)


@pytest.mark.requirement("D1")
def test_linked_potentials_stand_by_stage_with_their_documents_amounts_and_statuses(world, acme, clerk):
    roof = world.add_potential("Roof", acme, "Negotiation/Review", Decimal("500"))
    garden = world.add_potential("Garden", acme, "Closed Won", Decimal("300.25"))
    world.add_potential("Unlinked", acme, "Closed Won", Decimal("7"))
    estimate = linked(world, "estimates", roof)
    world.invoice.ask("POST", f"/estimates/{estimate['estimate_id']}/status/sent")
    linked(world, "invoices", garden)
    make(world, "invoices", customer_id(world))

    assert look_anew(clerk)
    figures, listed = clerk.get("/connection/linked/figures"), clerk.get("/connection/linked")

    one = {"currency_code": "USD", "count": 1, "total": 100}
    assert figures["stages"] == [
        {
            "stage": "Closed Won",
            "probability": 100,
            "count": 1,
            "amount": Decimal("300.25"),
            "documents": [{**one, "kind": "invoices", "status": "draft", "balance": 100}],
        },
        {
            "stage": "Negotiation/Review",
            "probability": 90,
            "count": 1,
            "amount": 500,
            "documents": [{**one, "kind": "estimates", "status": "sent", "balance": 0}],
        },
    ]
    assert [(row["name"], row["customer_name"]) for row in listed["potentials"]] == [
        ("Garden", "Acme"),
        ("Roof", "Acme"),
    ]
    for stage in figures["stages"]:
        (counted,) = stage["documents"]
        of = f"documents={counted['kind']}&status={counted['status']}&currency_code={counted['currency_code']}"
        assert names(clerk, f"stage={quote(stage['stage'])}&{of}") == [
            {90: "Roof", 100: "Garden"}[stage["probability"]]
        ]
    assert names(clerk, "documents=invoices&status=paid") == []
    (shown,) = listed["potentials"][1]["documents"]
    assert (shown["number"], shown["date"]) == (estimate["estimate_number"], estimate["date"])
    assert listed["page_context"]["total"] == 2


@pytest.mark.requirement("D1")
def test_won_but_not_invoiced_and_invoiced_but_not_paid(world, acme, clerk):
    won = world.add_potential("Won", acme, "Closed Won", Decimal("80"))
    linked(world, "estimates", won)
    voided = world.add_potential("Voided", acme, "Closed Won", Decimal("20"))
    world.invoice.mark_invoice(linked(world, "invoices", voided)["invoice_id"], "void")
    owed = world.add_potential("Owed", acme, "Closed Won")
    open_invoice = linked(world, "invoices", owed)
    world.invoice.mark_invoice(open_invoice["invoice_id"], "sent")
    paid = world.add_potential("Paid", acme, "Closed Won")
    _pay(world, linked(world, "invoices", paid))

    look_anew(clerk)
    figures = clerk.get("/connection/linked/figures")
    names = {
        standing: [row["name"] for row in clerk.get(f"/connection/linked?standing={standing}")["potentials"]]
        for standing in ("won_not_invoiced", "invoiced_not_paid")
    }

    assert figures["won_not_invoiced"] == {"count": 2, "amount": 100}
    assert names == {"won_not_invoiced": ["Voided", "Won"], "invoiced_not_paid": ["Owed"]}
    assert figures["invoiced_not_paid"]["count"] == 1
    assert figures["invoiced_not_paid"]["documents"] == [
        {"currency_code": "USD", "count": 1, "total": 100, "balance": 100}
    ]


def _pay(world: World, invoice: dict[str, Any]) -> None:
    world.invoice.mark_invoice(invoice["invoice_id"], "sent")
    applied = [{"invoice_id": invoice["invoice_id"], "amount_applied": 100}]
    body = {"customer_id": customer_id(world), "payment_mode": "cash", "amount": 100, "invoices": applied}
    world.invoice.ask("POST", "/customerpayments", json={**body, "date": invoice["date"]})


@pytest.mark.requirement("D1")
def test_it_follows_what_happens_in_both_products(world, acme, clerk):
    deal = world.add_potential("Deal", acme, "Qualification", Decimal("10"))
    first, second = linked(world, "invoices", deal), linked(world, "invoices", deal)
    look_anew(clerk)

    world.change("Deals", deal, Stage="Closed Won", Amount=Decimal("12"))
    world.invoice.mark_invoice(first["invoice_id"], "sent")
    world.invoice.ask("DELETE", f"/invoices/{second['invoice_id']}")
    third = linked(world, "estimates", deal)
    look_anew(clerk)

    (shown,) = clerk.get("/connection/linked")["potentials"]
    assert (shown["stage"], shown["amount"]) == ("Closed Won", 12)
    assert [(row["document_id"], row["status"]) for row in shown["documents"]] == [
        (third["estimate_id"], "draft"),
        (first["invoice_id"], "sent"),
    ]


@pytest.mark.requirement("D1", "L6")
def test_a_dropped_link_goes_and_a_deleted_potential_is_shown_as_deleted(world, acme, clerk):
    deal, other = (world.add_potential(name, acme, "Closed Won", Decimal("10")) for name in ("Deal", "Other"))
    document = linked(world, "invoices", deal)
    linked(world, "invoices", other)
    look_anew(clerk)

    world.invoice.update_invoice(document["invoice_id"], {"zcrm_potential_id": "", "zcrm_potential_name": ""})
    world.crm.delete_records("Deals", [other])
    look_anew(clerk)

    (shown,) = clerk.get("/connection/linked")["potentials"]
    assert (shown["name"], shown["state"], len(shown["documents"])) == ("Other", "potential deleted", 1)
    figures = clerk.get("/connection/linked/figures")
    assert (figures["stages"], figures["deleted"]) == ([], {"count": 1, "amount": 10})


@pytest.mark.requirement("D1", "X4")
def test_an_invoice_that_falls_overdue_by_time_alone_is_seen(world, acme, clerk):
    deal = world.add_potential("Deal", acme, "Closed Won")
    world.invoice.mark_invoice(linked(world, "invoices", deal)["invoice_id"], "sent")
    look_anew(clerk)
    before = invoice_of(clerk, "Deal")["status"]

    for service in world.apps:
        world.control(service, "PUT", f"/{world.id}/clock", {"advance_seconds": 90 * 86_400})
    look_anew(Person(world, "invoice", STANDARD))

    assert (before, invoice_of(Person(world, "invoice", STANDARD), "Deal")["status"]) == ("sent", "overdue")


@pytest.mark.requirement("D1")
def test_once_looked_at_it_is_read_anew_by_itself_now_and_then(world, acme, clerk):
    deal = world.add_potential("Deal", acme, "Qualification")
    linked(world, "invoices", deal)
    world.settle()
    never_asked = clerk.get("/connection/linked")["potentials"]
    look_anew(clerk)
    linked(world, "estimates", deal)
    world.settle()
    too_soon = clerk.get("/connection/linked")["potentials"][0]["documents"]

    for service in world.apps:
        world.control(service, "PUT", f"/{world.id}/clock", {"advance_seconds": 31 * 60})
    world.settle()

    assert (never_asked, len(too_soon)) == ([], 1)
    assert len(clerk.get("/connection/linked")["potentials"][0]["documents"]) == 2


@pytest.mark.requirement("D1")
def test_a_first_look_at_more_than_one_refresh_reads_goes_on_where_it_stopped(world, acme, clerk, monkeypatch):
    deal = world.add_potential("Deal", acme, "Qualification")
    for _ in range(5):
        linked(world, "invoices", deal)
        for service in world.apps:
            world.control(service, "PUT", f"/{world.id}/clock", {"advance_seconds": 5})
    monkeypatch.setattr("simulator.clients.invoice.PAGE", 2)
    monkeypatch.setattr("connector.linked.refresh.PAGES", 1)

    steps = [look_anew(clerk)]
    while not steps[-1] and len(steps) < 10:
        steps.append(look_anew(clerk))

    assert (steps[0], steps[-1]) == (False, True)
    assert len(clerk.get("/connection/linked")["potentials"][0]["documents"]) == 5


@pytest.mark.requirement("D1")
def test_what_was_linked_by_hand_is_there_at_once(world, acme, clerk):
    deal = world.add_potential("Deal", acme, "Qualification")
    document = make(world, "invoices", customer_id(world))

    clerk("PUT", f"/linking/invoices/{document['invoice_id']}", {"potential_id": deal})
    there = clerk.get("/connection/linked")["potentials"]
    clerk("DELETE", f"/linking/invoices/{document['invoice_id']}")

    assert [row["name"] for row in there] == ["Deal"]
    assert clerk.get("/connection/linked")["potentials"] == []


@pytest.mark.requirement("D1")
def test_the_pipeline_of_all_potentials_is_one_query_at_the_crm(world, acme, clerk):
    world.add_potential("A", acme, "Qualification", Decimal("10.5"))
    world.add_potential("B", acme, "Qualification", Decimal("1"))
    world.add_potential("C", acme, "Closed Won", Decimal("7"))

    shown = clerk.get("/connection/linked/pipeline")
    take_down(world, "crm")
    without = clerk.get("/connection/linked/pipeline")

    rows = {row["stage"]: (row["count"], row["amount"]) for row in shown["pipeline"]}
    assert rows == {"Qualification": (2, Decimal("11.5")), "Closed Won": (1, 7)}
    assert without["pipeline"] is None
    assert without["problem"].startswith("Zoho CRM does not answer")


@pytest.mark.parametrize("service", ["crm", "invoice"])
def test_a_product_that_does_not_answer_leaves_what_was_seen(world, acme, clerk, service):
    deal = world.add_potential("Deal", acme, "Qualification")
    linked(world, "invoices", deal)
    look_anew(clerk)
    before = clerk.get("/connection/linked")

    take_down(world, service, "/crm/|/invoice/")
    answer = clerk("POST", "/connection/linked/refresh")

    assert refused(answer) == (424, "peer_unavailable")
    assert clerk.get("/connection/linked") == before


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/connection/linked"),
        ("GET", "/connection/linked/figures"),
        ("GET", "/connection/linked/pipeline"),
        ("POST", "/connection/linked/refresh"),
    ],
)
def test_who_asks_is_a_user_of_this_invoice(world, simulator, acme, method, path):
    other = Person(simulator.new_world(), "invoice", ADMIN)

    assert refused(Person(world, "crm", ADMIN)(method, path)) == (401, "not_signed_in")
    assert refused(other(method, path)) == (409, "not_connected")
    assert refused(Person(world, "invoice", ADMIN)("GET", "/connection/linked?standing=x")) == (422, "bad_request")


def test_a_disabled_integration_reads_nothing_anew_and_shows_what_it_has(world, acme, clerk):
    linked(world, "invoices", world.add_potential("Deal", acme, "Qualification"))
    look_anew(clerk)
    world.connector("POST", "/connection/disable")

    assert refused(clerk("POST", "/connection/linked/refresh")) == (409, "disabled")
    assert len(clerk.get("/connection/linked")["potentials"]) == 1
