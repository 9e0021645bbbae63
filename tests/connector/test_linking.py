"""Potential linking (guide: Potential Linking)."""

from decimal import Decimal
from typing import Any

import pytest

from tests.support.doors import STANDARD, Person, customer_id, line, make, refused, switch_custom_modules, take_down
from tests.support.world import ADMIN, World

KINDS = ["estimates", "salesorders", "invoices"]


@pytest.fixture
def acme(world: World) -> str:
    account = world.add_account("Acme")
    world.connect()
    world.sync()
    return account


@pytest.fixture
def clerk(world: World) -> Person:
    return Person(world, "invoice", STANDARD)


@pytest.fixture
def deal(world: World, acme: str) -> str:
    return world.add_potential("Big Deal", acme, "Qualification", Decimal("500"))


def place(kind: str, document: dict[str, Any]) -> str:
    id_key = f"{kind.removesuffix('s')}_id"
    return f"/linking/{kind}/{document[id_key]}"


@pytest.mark.requirement("L1")
def test_the_option_says_what_is_missing(world, acme, clerk, simulator):
    ready = clerk.get("/linking")
    switch_custom_modules(world, False)
    without_modules = clerk.get("/linking")
    world.connector("POST", "/connection/disable")
    disabled = clerk.get("/linking")
    unconnected = Person(simulator.new_world(), "invoice", ADMIN).get("/linking")

    assert ready == {"available": True, "missing": []}
    codes = [[one["code"] for one in told["missing"]] for told in (without_modules, disabled, unconnected)]
    assert codes == [["custom_modules_off"], ["disabled"], ["not_connected"]]
    assert not any(told["available"] for told in (without_modules, disabled, unconnected))


@pytest.mark.requirement("L1")
def test_without_custom_modules_nothing_is_listed_or_linked(world, acme, clerk, deal):
    document = make(world, "invoices", customer_id(world))
    switch_custom_modules(world, False)

    listed = clerk("GET", f"/linking/potentials?customer_id={customer_id(world)}")
    linked = clerk("PUT", place("invoices", document), {"potential_id": deal})

    assert refused(listed) == refused(linked) == (409, "custom_modules_off")
    assert world.invoice.invoice(document["invoice_id"])["zcrm_potential_id"] == ""


@pytest.mark.requirement("L2")
@pytest.mark.parametrize("kind", KINDS)
def test_a_customers_potentials_are_listed_and_the_chosen_one_is_on_the_document(world, acme, clerk, deal, kind):
    world.add_potential("Another's", world.add_account("Other"), "Qualification")
    document = make(world, kind, customer_id(world))

    listed = clerk.get(f"/linking/potentials?customer_id={customer_id(world)}")
    linked = clerk("PUT", place(kind, document), {"potential_id": deal}).json()

    assert [(row["name"], row["amount"]) for row in listed["potentials"]] == [("Big Deal", 500)]
    assert linked["potential"] == listed["potentials"][0]
    assert (linked["state"], linked["by_trigger"], linked["can_dissociate"]) == ("linked", False, True)
    entity = kind.removesuffix("s")
    stored = world.invoice.one(f"/{kind}/{document[f'{entity}_id']}", entity)
    assert (stored["zcrm_potential_id"], stored["zcrm_potential_name"]) == (deal, "Big Deal")
    assert clerk.get(place(kind, document)) == linked


@pytest.mark.requirement("L2")
def test_potentials_are_listed_page_by_page_and_found_by_name(world, acme, clerk):
    for name in ("Roof", "Garden", "Roof renewal"):
        world.add_potential(name, acme, "Qualification", Closing_Date="2026-05-05")
    asked = f"/linking/potentials?customer_id={customer_id(world)}"

    pages = [clerk.get(f"{asked}&per_page=2&page={page}") for page in (1, 2)]
    roofs = clerk.get(f"{asked}&q=roof")

    assert [[row["name"] for row in page["potentials"]] for page in pages] == [["Roof renewal", "Garden"], ["Roof"]]
    assert [page["page_context"]["has_more_page"] for page in pages] == [True, False]
    assert {row["name"] for row in roofs["potentials"]} == {"Roof", "Roof renewal"}


@pytest.mark.requirement("L3", "L4")
def test_a_potential_is_linked_with_many_documents_and_its_page_in_the_crm_shows_them(world, acme, clerk, deal):
    customer = customer_id(world)
    for kind in ("estimates", "estimates", "invoices"):
        assert clerk("PUT", place(kind, make(world, kind, customer)), {"potential_id": deal}).status == 200

    shown = Person(world, "crm", ADMIN).get(f"/section/potentials/{deal}")

    assert [len(shown[kind]["rows"]) for kind in KINDS] == [2, 0, 1]


@pytest.mark.requirement("L2")
def test_a_potential_of_another_customer_is_refused(world, acme, clerk):
    others = world.add_potential("Another's", world.add_account("Other"), "Qualification")
    document = make(world, "invoices", customer_id(world))

    assert refused(clerk("PUT", place("invoices", document), {"potential_id": others})) == (409, "another_customer")
    assert clerk.get(place("invoices", document))["potential"] is None


@pytest.mark.requirement("L5")
def test_a_potential_is_dissociated(world, acme, clerk, deal):
    document = make(world, "estimates", customer_id(world))
    clerk("PUT", place("estimates", document), {"potential_id": deal})

    answer = clerk("DELETE", place("estimates", document))
    again = clerk("DELETE", place("estimates", document))

    assert (answer.status, answer.json()["potential"]) == (200, None)
    assert world.invoice.one(f"/estimates/{document['estimate_id']}", "estimate")["zcrm_potential_id"] == ""
    assert refused(again) == (409, "not_linked")


@pytest.fixture
def made_by_trigger(world: World, acme: str) -> dict[str, Any]:
    """The invoice that the trigger made of a won potential."""
    world.configure(triggers={"document": "invoice"})
    world.add_potential("Won Deal", acme, "Closed Won")
    world.settle()
    (row,) = world.invoice.invoices()
    return dict(row)


@pytest.mark.requirement("L5")
def test_a_link_made_by_a_trigger_cannot_be_dissociated_nor_replaced_and_the_refusal_says_so(
    world, acme, clerk, deal, made_by_trigger
):
    shown = clerk.get(place("invoices", made_by_trigger))
    dissociated = clerk("DELETE", place("invoices", made_by_trigger))
    replaced = clerk("PUT", place("invoices", made_by_trigger), {"potential_id": deal})

    assert (shown["by_trigger"], shown["can_dissociate"]) == (True, False)
    assert refused(dissociated) == refused(replaced) == (409, "linked_by_trigger")
    assert dissociated.json()["message"] == "Potentials previously linked using triggers cannot be dissociated."
    assert clerk.get(place("invoices", made_by_trigger)) == shown


@pytest.mark.requirement("L5")
def test_an_estimate_made_by_a_trigger_keeps_its_potential_too(world, acme, clerk):
    world.configure(triggers={"document": "estimate"})
    world.add_potential("New Deal", acme, "Qualification")
    world.settle()
    (estimate,) = world.invoice.iterate("/estimates", "estimates")

    assert refused(clerk("DELETE", place("estimates", estimate))) == (409, "linked_by_trigger")


@pytest.mark.requirement("L5", "G9")
def test_a_draft_that_follows_its_potential_to_another_customer_stays_linked_with_it(
    world, acme, clerk, made_by_trigger
):
    zylker = world.add_account("Zylker")
    clerk("POST", "/panel/fetch", {"account_id": zylker})

    world.change("Deals", made_by_trigger["zcrm_potential_id"], Account_Name={"id": zylker})
    world.settle()

    shown = clerk.get(place("invoices", made_by_trigger))
    assert shown["customer_id"] == customer_id(world, "Zylker")
    assert (shown["potential"]["name"], shown["by_trigger"]) == ("Won Deal", True)


@pytest.mark.requirement("L6")
def test_deleting_a_linked_potential_leaves_the_document_shows_it_and_frees_the_link(world, acme, clerk, deal):
    document = make(world, "invoices", customer_id(world))
    clerk("PUT", place("invoices", document), {"potential_id": deal})
    world.crm.delete_records("Deals", [deal])
    another = world.add_potential("Another Deal", acme, "Qualification")

    shown = clerk.get(place("invoices", document))
    linked = clerk("PUT", place("invoices", document), {"potential_id": another}).json()

    assert (shown["state"], shown["potential"]) == (
        "potential deleted",
        {"potential_id": deal, "name": "Big Deal"},
    )
    assert (linked["state"], linked["potential"]["name"]) == ("linked", "Another Deal")
    assert world.invoice.invoice(document["invoice_id"])["status"] == "draft"


@pytest.mark.requirement("L6", "L5")
def test_even_a_link_made_by_a_trigger_is_free_once_its_potential_is_deleted(world, clerk, made_by_trigger):
    world.crm.delete_records("Deals", [made_by_trigger["zcrm_potential_id"]])
    world.settle()

    shown = clerk.get(place("invoices", made_by_trigger))
    freed = clerk("DELETE", place("invoices", made_by_trigger))

    assert (shown["state"], shown["can_dissociate"]) == ("potential deleted", True)
    assert freed.status == 200
    assert world.invoice.invoice(made_by_trigger["invoice_id"])["zcrm_potential_id"] == ""


@pytest.mark.requirement("L6")
def test_another_customer_for_a_linked_document_asks_and_then_drops_the_link(world, acme, clerk, deal):
    other = world.invoice.create_contact({"contact_name": "Other"})["contact_id"]
    document = make(world, "invoices", customer_id(world))
    clerk("PUT", place("invoices", document), {"potential_id": deal})
    where = f"{place('invoices', document)}/customer"

    asked = clerk("PUT", where, {"customer_id": other})
    untouched = world.invoice.invoice(document["invoice_id"])
    changed = clerk("PUT", where, {"customer_id": other, "drop_link": True})

    assert refused(asked) == (409, "link_would_be_dropped")
    assert "Big Deal" in asked.json()["message"]
    assert (untouched["customer_id"], untouched["zcrm_potential_id"]) == (customer_id(world), deal)
    assert (changed.json()["customer_id"], changed.json()["potential"]) == (other, None)
    stored = world.invoice.invoice(document["invoice_id"])
    assert (stored["customer_name"], stored["zcrm_potential_id"]) == ("Other", "")


@pytest.mark.requirement("L6")
def test_another_customer_for_a_document_without_a_link_needs_no_asking(world, acme, clerk):
    other = world.invoice.create_contact({"contact_name": "Other"})["contact_id"]
    document = make(world, "estimates", customer_id(world))

    changed = clerk("PUT", f"{place('estimates', document)}/customer", {"customer_id": other})

    assert (changed.status, changed.json()["customer_id"]) == (200, other)


@pytest.mark.requirement("L6")
def test_converting_estimate_to_sales_order_to_invoice_carries_the_link_along(world, acme, clerk, deal):
    customer = customer_id(world)
    estimate = make(world, "estimates", customer)
    clerk("PUT", place("estimates", estimate), {"potential_id": deal})
    world.invoice.ask("POST", f"/estimates/{estimate['estimate_id']}/status/sent")

    order = make(world, "salesorders", customer, estimate_id=estimate["estimate_id"])
    world.invoice.ask("POST", f"/salesorders/{order['salesorder_id']}/status/open")
    lines = [{**line(), "salesorder_item_id": order["line_items"][0]["line_item_id"]}]
    invoice = make(world, "invoices", customer, salesorder_id=order["salesorder_id"], line_items=lines)

    for kind, document in (("salesorders", order), ("invoices", invoice)):
        shown = clerk.get(place(kind, document))
        assert (shown["potential"]["potential_id"], shown["can_dissociate"]) == (deal, True), kind


@pytest.mark.requirement("L2")
def test_a_void_invoice_is_not_linked_and_invoice_says_why(world, acme, clerk, deal):
    document = make(world, "invoices", customer_id(world))
    world.invoice.mark_invoice(document["invoice_id"], "void")

    answer = clerk("PUT", place("invoices", document), {"potential_id": deal})

    assert refused(answer) == (400, "refused_by_invoice")
    assert "void" in answer.json()["message"]


UNKNOWN = "410000000000999999"


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/linking/potentials", None, 422),
        ("GET", f"/linking/potentials?customer_id={UNKNOWN}", None, 404),
        ("GET", "/linking/potentials?customer_id=abc", None, 404),
        ("GET", f"/linking/invoices/{UNKNOWN}", None, 404),
        ("GET", "/linking/invoices/abc", None, 404),
        ("GET", f"/linking/bills/{UNKNOWN}", None, 404),
        ("PUT", f"/linking/estimates/{UNKNOWN}", {"potential_id": "1"}, 404),
        ("PUT", "$document", {"potential_id": "5725767000000999999"}, 404),
        ("PUT", "$document", {"potential_id": "abc"}, 404),
        ("PUT", "$document", {}, 422),
        ("PUT", "$document", {"potential_id": 5}, 422),
        ("DELETE", f"/linking/salesorders/{UNKNOWN}", None, 404),
        ("PUT", "$document/customer", {"customer_id": UNKNOWN}, 404),
        ("PUT", "$document/customer", {"customer_id": "abc"}, 404),
        ("PUT", "$document/customer", {}, 422),
    ],
)
def test_what_is_not_there_or_does_not_fit_is_said_so(world, acme, clerk, method, path, body, status):
    document = place("invoices", make(world, "invoices", customer_id(world)))

    assert refused(clerk(method, path.replace("$document", document), body))[0] == status


@pytest.mark.parametrize(
    ("method", "rest", "body"),
    [
        ("GET", "potentials?customer_id=$customer", None),
        ("GET", "$document", None),
        ("PUT", "$document", {"potential_id": "$deal"}),
        ("DELETE", "$document", None),
        ("PUT", "$document/customer", {"customer_id": "$other"}),
    ],
)
def test_linking_wants_a_person_of_this_invoice_a_working_integration_and_both_products(
    world, simulator, acme, clerk, deal, method, rest, body
):
    other = world.invoice.create_contact({"contact_name": "Other"})["contact_id"]
    document = make(world, "invoices", customer_id(world), zcrm_potential_id=deal, zcrm_potential_name="Big Deal")
    words = {"$customer": customer_id(world), "$document": f"invoices/{document['invoice_id']}"}
    path = "/linking/" + rest.replace("$customer", words["$customer"]).replace("$document", words["$document"])
    body = body and {name: {"$deal": deal, "$other": other}[value] for name, value in body.items()}
    stranger = Person(simulator.new_world(), "invoice", ADMIN)

    assert refused(Person(world, "crm", ADMIN)(method, path, body)) == (401, "not_signed_in")
    assert refused(stranger(method, path, body)) == (409, "not_connected")
    take_down(world, "invoice", "/invoice/")
    assert refused(clerk(method, path, body)) == (424, "peer_unavailable")
    world.control("invoice", "DELETE", f"/{world.id}/faults")
    world.connector("POST", "/connection/disable")
    assert refused(clerk(method, path, body)) == (409, "disabled")
    assert world.invoice.invoice(document["invoice_id"])["zcrm_potential_id"] == deal
