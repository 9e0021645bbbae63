"""Overwrite merges what the vendor's APIs do not: products of the CRM, items and contact persons of Invoice (C4)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.connector.test_merging import quiet
from tests.connector.test_persons_both_ways import add_contact
from tests.support.dying import counted_writes, killed_after_write
from tests.support.hub_in_process import PutBack
from tests.support.world import Simulator, World

pytestmark = pytest.mark.requirement("C4", "I2")

OFF = {"enabled": False}
THIRD = {"module": "accounts_and_contacts", "duplicates": "overwrite"}


def products(world: World) -> dict[str, Any]:
    rows = world.crm.iterate("Products", ["Product_Name", "Description"])
    return {row["Product_Name"]: row["Description"] for row in rows}


def items(world: World) -> dict[str, str]:
    return {row["name"]: row["status"] for row in world.invoice.items()}


def people(world: World) -> dict[str, str]:
    (customer,) = (world.invoice.contact(row["contact_id"]) or {} for row in world.invoice.contacts())
    return {one["last_name"]: one["email"] for one in customer["contact_persons"]}


def document(world: World, path: str, key: str) -> dict[str, Any]:
    (row,) = world.invoice.iterate(f"/{path}", path)
    found: dict[str, Any] = world.invoice.one(f"/{path}/{row[f'{key}_id']}", key) or {}
    return found


def undo_first(world: World) -> None:
    runs = world.connector("GET", "/connection/runs").json()["runs"]
    run_id = min(run["id"] for run in runs)
    answer = world.connector("POST", f"/connection/runs/{run_id}/undo", {"preview": False})
    assert answer.status in (200, 202), answer.body
    world.settle()


# products


def twin_products(world: World) -> None:
    world.add("Products", Product_Name="Desk", Unit_Price=5)
    second = world.add("Products", Product_Name="DESK", Unit_Price=5, Description="Oak")
    account = world.add_account("Acme")
    world.add_potential("Big Deal", account, "Qualification", Product_Name={"id": second})
    world.connect(contacts={"extent": "both"}, items={"extent": "both", "duplicates": "overwrite"})


def product_of_the_deal(world: World) -> str | None:
    (deal,) = world.crm.iterate("Deals", ["Product_Name"])
    return str(deal["Product_Name"]["name"]) if deal["Product_Name"] else None


def test_twins_among_products_become_one_whose_potentials_are_those_of_both(world: World):
    twin_products(world)

    run = world.sync()["run"]

    (merge,) = [row for row in world.ops(run["id"]) if row["kind"] == "merge"]
    assert (merge["side"], merge["outcome"], merge["record_name"]) == ("crm", "deleted", "DESK")
    assert (list(products(world)), product_of_the_deal(world)) == (["Desk"], "Desk")
    assert items(world) == {"Desk": "active"}
    assert quiet(world)
    assert products(world) == {"Desk": "Oak"}


def test_under_fetch_from_crm_twins_among_products_feed_one_item(world: World):
    for _ in range(2):
        world.add("Products", Product_Name="Desk", Unit_Price=5)
    world.connect(items={"extent": "fetch", "duplicates": "overwrite"})
    before = world.writes("crm")

    world.sync()

    assert (len(list(world.crm.iterate("Products", ["id"]))), items(world)) == (2, {"Desk": "active"})
    assert world.writes("crm") == before


# items


def twin_items(world: World, extent: str = "both") -> dict[str, str]:
    world.add("Products", Product_Name="Desk", Unit_Price=5)
    made = {name: world.invoice.create_item({"name": name, "rate": 5})["item_id"] for name in ("Desk", "DESK")}
    world.add_account("Acme")
    customer = world.invoice.create_contact({"contact_name": "Cash"})["contact_id"]
    body = {"customer_id": customer, "line_items": [{"item_id": made["DESK"], "rate": 7}]}
    world.invoice.ask("POST", "/invoices", json=body)
    world.connect(contacts={"extent": "both"}, items={"extent": extent, "duplicates": "overwrite"})
    return made


@pytest.mark.parametrize("extent", ["fetch", "both"])
def test_of_twins_among_items_one_becomes_inactive_and_lines_stay_as_they_are(world: World, extent: str):
    made = twin_items(world, extent)

    run = world.sync()["run"]

    (merge,) = [row for row in world.ops(run["id"]) if row["kind"] == "merge"]
    assert (merge["side"], merge["outcome"], merge["record_name"]) == ("invoice", "deleted", "DESK")
    assert items(world) == {"Desk": "active", "DESK": "inactive"}
    (line,) = document(world, "invoices", "invoice")["line_items"]
    assert (line["item_id"], line["name"], int(line["rate"])) == (made["DESK"], "DESK", 7)
    assert list(products(world)) == ["Desk"]
    assert quiet(world)


def test_an_item_that_a_recurring_invoice_makes_invoices_with_stays(world: World):
    made = twin_items(world)
    body = {
        "recurrence_name": "Rent",
        "customer_id": next(world.invoice.contacts(contact_name="Cash"))["contact_id"],
        "recurrence_frequency": "months",
        "start_date": "2099-01-01",
        "line_items": [{"item_id": made["DESK"]}],
    }
    world.invoice.ask("POST", "/recurringinvoices", json=body)

    run = world.sync()["run"]

    (merge,) = [row for row in world.ops(run["id"]) if row["kind"] == "merge"]
    assert (merge["outcome"], "'Rent'" in merge["reason"]) == ("skipped", True)
    assert items(world) == {"Desk": "active", "DESK": "active"}
    assert quiet(world)


# contact persons


def twin_persons(world: World, extent: str = "both", emails: tuple[str, str] = ("", "able@acme.example")) -> None:
    """One customer with two persons of one name; an invoice names the second one, who is the primary person."""
    acme = world.add_account("Acme")
    add_contact(world, acme, "Able", Email=emails[0] or None)
    persons = [{"last_name": name, "email": email} for name, email in zip(("Able", "ABLE"), emails, strict=True)]
    persons[1]["is_primary_contact"] = True  # type: ignore[assignment]
    customer = world.invoice.create_contact({"contact_name": "Acme", "contact_persons": persons})
    names = [one["contact_person_id"] for one in customer["contact_persons"] if one["last_name"] == "ABLE"]
    body = {"customer_id": customer["contact_id"], "contact_persons": names, "line_items": [{"name": "x", "rate": 5}]}
    world.invoice.ask("POST", "/invoices", json=body)
    world.connect(contacts={**THIRD, "extent": extent}, items=OFF)


def named(world: World) -> list[str]:
    """The last names of those whom the invoice names."""
    invoice = document(world, "invoices", "invoice")
    persons = (world.invoice.contact_person(one) for one in invoice["contact_persons"])
    return [one["last_name"] if one else "nobody" for one in persons]


@pytest.mark.parametrize("extent", ["fetch", "both"])
def test_twins_among_contact_persons_become_one_and_documents_name_him(world: World, extent: str):
    twin_persons(world, extent)

    run = world.sync()["run"]

    (merge,) = [row for row in world.ops(run["id"]) if row["kind"] == "merge"]
    assert (merge["side"], merge["outcome"], merge["record_name"]) == ("invoice", "deleted", "ABLE")
    assert (list(people(world)), named(world)) == (["Able"], ["Able"])
    assert quiet(world)


def test_a_person_who_is_merged_gives_the_other_the_email_he_lacks(world: World):
    twin_persons(world)
    (contact,) = world.crm.iterate("Contacts", ["id"])
    world.crm.delete_records("Contacts", [str(contact["id"])])

    world.sync()

    assert people(world) == {"Able": "able@acme.example"}
    assert quiet(world)
    assert [row["Email"] for row in world.crm.iterate("Contacts", ["Email"])] == ["able@acme.example"]


def test_persons_with_an_email_address_each_stay_two(world: World):
    twin_persons(world, emails=("a@acme.example", "b@acme.example"))

    run = world.sync()["run"]

    assert people(world) == {"Able": "a@acme.example", "ABLE": "b@acme.example"}
    assert {row["outcome"] for row in world.ops(run["id"]) if row["kind"] == "merge"} <= {"skipped"}
    assert quiet(world)


# undo, kills and lost answers


@dataclass(frozen=True)
class Story:
    """Twins of one kind, and what shows of them.

    Attributes:
        tell: makes them and connects.
        shown: what tells whether they are one or two.
    """

    tell: Callable[[World], object]
    shown: Callable[[World], Any]


STORIES = {
    "products": Story(twin_products, lambda world: (products(world), product_of_the_deal(world))),
    "items": Story(twin_items, items),
    "persons": Story(twin_persons, lambda world: (people(world), named(world))),
}


@pytest.mark.requirement("S6", "S7")
@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_a_merge_in_steps_is_previewed_and_undone(world: World, story: Story):
    story.tell(world)
    before = story.shown(world)

    preview = world.connector("POST", "/connection/runs", {"kind": "dry"}).json()["run"]
    world.settle()
    planned = [row["kind"] for row in world.ops(preview["id"])]
    world.connector("POST", f"/connection/runs/{preview['id']}/confirm")
    world.settle()
    merged = story.shown(world)
    undo_first(world)

    assert "merge" in planned
    assert merged != before
    assert story.shown(world) == before


@pytest.mark.requirement("S7")
@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_a_merge_killed_after_any_of_its_steps_ends_as_if_it_had_not_been_and_is_undone(
    simulator: Simulator, world: World, story: Story
):
    story.tell(world)
    before = story.shown(world)
    begin = PutBack(world)
    with counted_writes() as writes:
        world.sync()
    expected = story.shown(world)
    for write in sorted(writes):
        begin.again()

        assert killed_after_write(simulator, write, world.sync)
        world.settle()
        ended = story.shown(world)
        undo_first(world)

        assert (ended, story.shown(world)) == (expected, before), f"killed after {write}"


@pytest.mark.requirement("S7")
@pytest.mark.parametrize(
    ("story", "service", "method", "path"),
    [
        ("products", "crm", "PUT", "/Products"),
        ("products", "crm", "PUT", "/Deals"),
        ("products", "crm", "DELETE", "/Products"),
        ("items", "invoice", "POST", "/inactive"),
        ("persons", "invoice", "PUT", "/invoices/"),
        ("persons", "invoice", "DELETE", "/contactpersons/"),
    ],
)
def test_a_step_whose_answer_is_lost_is_done_once_and_undone(
    world: World, story: str, service: str, method: str, path: str
):
    STORIES[story].tell(world)
    before = STORIES[story].shown(world)
    fault = {"kind": "status", "status": 502, "when": "after", "path": path, "method": method, "times": 1}
    assert world.control(service, "POST", f"/{world.id}/faults", fault).status == 201

    world.sync()
    is_merged = STORIES[story].shown(world) != before
    undo_first(world)

    assert is_merged
    assert STORIES[story].shown(world) == before
