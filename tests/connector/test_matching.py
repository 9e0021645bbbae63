"""What makes two records duplicates: their name, or by a setting their email or SKU (guide: Step 3)."""

from typing import Any

import pytest

from connector.sync.reading import cursors
from tests.connector.test_contacts_module import add_contact, contacts
from tests.connector.test_reading_changes import pass_time, reason, ways
from tests.support.world import World

BY_EMAIL: dict[str, Any] = {"module": "contacts", "match_by": "email"}
BY_SKU: dict[str, Any] = {"match_by": "sku"}
OFF = {"enabled": False}


def add_customer(world: World, name: str, email: str = "") -> str:
    person = {"last_name": name, "email": email, "is_primary_contact": True}
    return str(world.invoice.create_contact({"contact_name": name, "contact_persons": [person]})["contact_id"])


def add_item(world: World, name: str, sku: str = "", rate: int = 1) -> str:
    return str(world.invoice.create_item({"name": name, "sku": sku, "rate": rate})["item_id"])


def add_product(world: World, name: str, code: str | None = None, price: int = 1) -> str:
    return world.add("Products", Product_Name=name, Product_Code=code, Unit_Price=price)


def items(world: World) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in world.invoice.items()}


def products(world: World) -> dict[str, dict[str, Any]]:
    return {row["Product_Name"]: row for row in world.crm.iterate("Products", ["Product_Name", "Product_Code"])}


def settings(world: World, **change: Any) -> Any:
    return world.connector("PUT", "/connection/settings", change)


@pytest.mark.requirement("C3")
@pytest.mark.parametrize("extent", ["fetch", "both"])
def test_overwrite_by_email_takes_the_customer_of_that_email_whatever_his_name(world: World, extent):
    add_contact(world, "Ann", "Able", Email="ann@able.example")
    there = add_customer(world, "Able Ltd", "ANN@able.example")
    world.connect(contacts={**BY_EMAIL, "extent": extent, "duplicates": "overwrite"}, items=OFF)

    run = world.sync()

    assert {name: row["contact_id"] for name, row in world.customers().items()} == {"Ann Able": there}
    assert list(contacts(world)) == ["Ann Able"]
    (pair,) = world.connector("GET", f"/connection/runs/{run['run']['id']}/pairs").json()["pairs"]
    assert (pair["kind"], pair["reason"]) == ("link", "overwrites its duplicate (same email)")
    assert pair["target_name"] == "Able Ltd"


@pytest.mark.requirement("C3")
@pytest.mark.parametrize("extent", ["fetch", "both"])
def test_skip_by_email_keeps_the_customer_of_that_email(world: World, extent):
    add_contact(world, "Ann", "Able", Email="ann@able.example")
    add_customer(world, "Able Ltd", "ann@able.example")
    world.connect(contacts={**BY_EMAIL, "extent": extent, "duplicates": "skip"}, items=OFF)

    run = world.sync()

    assert list(world.customers()) == ["Able Ltd"]
    assert list(contacts(world)) == ["Ann Able"]
    (skip,) = [row for row in world.ops(run["run"]["id"]) if row["outcome"] == "skipped"]
    assert skip["reason"] == "duplicate of a record of Invoice (same email)"
    assert skip["target_name"] == "Able Ltd"


@pytest.mark.requirement("C3")
@pytest.mark.parametrize("email", ["", "other@able.example"], ids=["no email", "another email"])
def test_a_name_is_no_fallback_for_the_email_and_gets_the_free_number_in_invoice(world: World, email):
    add_contact(world, "Ann", "Able", Email=email or None)
    there = add_customer(world, "Ann Able", "" if not email else "ann@able.example")
    world.connect(contacts={**BY_EMAIL, "duplicates": "overwrite"}, items=OFF)

    world.sync()
    world.sync()

    assert {*world.customers()} == {"Ann Able", "Ann Able (2)"}
    assert world.customers()["Ann Able"]["contact_id"] == there
    assert world.customer("Ann Able")["zcrm_contact_id"] == ""


@pytest.mark.requirement("C3")
def test_the_number_of_a_taken_name_never_travels_back(world: World):
    ann = add_contact(world, "Ann", "Able", Email="ann@able.example")
    add_customer(world, "Ann Able", "other@able.example")
    world.connect(contacts={**BY_EMAIL, "extent": "both"}, items=OFF)

    world.sync()
    before = len(world.writes("crm")) + len(world.writes("invoice"))
    world.sync()

    assert {*world.customers()} == {"Ann Able", "Ann Able (2)"}
    assert world.customer("Ann Able (2)")["zcrm_contact_id"] == ann
    assert [row["Full_Name"] for row in world.crm.iterate("Contacts", ["Full_Name"])] == ["Ann Able", "Ann Able"]
    assert len(world.writes("crm")) + len(world.writes("invoice")) == before


@pytest.mark.requirement("C3")
def test_a_duplicate_that_takes_a_name_somebody_else_has_gets_the_free_number_too(world: World):
    add_contact(world, "Ann", "Able", Email="ann@able.example")
    there = add_customer(world, "Able Ltd", "ann@able.example")
    add_customer(world, "Ann Able")
    world.connect(contacts={**BY_EMAIL, "duplicates": "overwrite"}, items=OFF)

    run = world.sync()

    assert run["run"]["counts"]["failed"] == 0
    assert world.customers()["Ann Able (2)"]["contact_id"] == there


@pytest.mark.requirement("C3")
def test_a_clone_by_email_keeps_its_name_where_that_is_free(world: World):
    add_contact(world, "Ann", "Able", Email="ann@able.example")
    add_customer(world, "Able Ltd", "ann@able.example")
    world.connect(contacts={**BY_EMAIL, "duplicates": "clone"}, items=OFF)

    world.sync()
    world.sync()

    assert {*world.customers()} == {"Able Ltd", "Ann Able"}


@pytest.mark.requirement("C3", "C6")
@pytest.mark.parametrize("policy", ["skip", "overwrite"])
def test_a_customer_meets_its_duplicate_by_email_outside_the_view_too(world: World, policy):
    add_contact(world, "Zoe", "Zander", Email="zoe@zander.example")
    hidden = add_contact(world, "Ann", "Able", Email="ann@able.example")
    view = world.add_view(
        "Contacts", "Z", {"field": {"api_name": "Last_Name"}, "comparator": "equal", "value": "Zander"}
    )
    add_customer(world, "Able Ltd", "ann@able.example")
    contacts_ = {**BY_EMAIL, "extent": "both", "duplicates": policy, "contact_view": view}
    world.connect(contacts=contacts_, items=OFF)

    world.sync()

    assert len(contacts(world)) == 2
    is_linked = any(row["crm_id"] == hidden for row in world.connector("GET", "/connection/links").json()["links"])
    assert is_linked == (policy == "overwrite")


@pytest.mark.requirement("C4", "C3")
def test_all_of_one_email_become_one_record_on_either_side(world: World):
    for first in ("Ann", "Anna"):
        add_contact(world, first, "Able", Email="ann@able.example")
    for name in ("Able Ltd", "Able Inc"):
        add_customer(world, name, "ann@able.example")
    world.connect(contacts={**BY_EMAIL, "extent": "both", "duplicates": "overwrite"}, items=OFF)

    world.sync()

    assert list(contacts(world)) == ["Ann Able"]
    active = [name for name, row in world.customers().items() if row["status"] == "active"]
    assert active == ["Ann Able"]


@pytest.mark.requirement("C3", "I2")
@pytest.mark.parametrize("extent", ["fetch", "both"])
def test_items_are_matched_by_their_sku(world: World, extent):
    made = add_product(world, "Widget", "w-1", 5)
    there = add_item(world, "Old widget", "W-1", 3)
    world.connect(items={**BY_SKU, "extent": extent, "duplicates": "overwrite"})

    world.sync()

    rate, name = (5, "Widget") if extent == "fetch" else (3, "Old widget")
    (item,) = items(world).values()
    assert (item["item_id"], item["name"], item["rate"]) == (there, name, rate)
    whole = world.invoice.item(there)
    assert whole is not None
    assert whole["zcrm_product_id"] == made
    assert list(products(world)) == [name]


@pytest.mark.requirement("C3", "I2")
@pytest.mark.parametrize(("code", "sku"), [(None, ""), ("A", "B")], ids=["none", "different"])
def test_items_of_one_name_are_no_duplicates_by_sku(world: World, code, sku):
    add_product(world, "Widget", code)
    add_item(world, "Widget", sku)
    world.connect(items={**BY_SKU, "duplicates": "overwrite"})

    world.sync()

    assert {*items(world)} == {"Widget", "Widget (2)"}


@pytest.mark.requirement("C3", "W3")
@pytest.mark.parametrize("extent", ["fetch", "both"])
def test_a_record_fetched_singly_is_matched_by_the_same_key(world: World, extent):
    zoe = add_contact(world, "Zoe", "Zander")
    view = world.add_view(
        "Contacts", "Z", {"field": {"api_name": "Last_Name"}, "comparator": "equal", "value": "Zander"}
    )
    world.connect(contacts={**BY_EMAIL, "extent": extent, "duplicates": "overwrite", "contact_view": view}, items=OFF)
    world.sync()
    ann = add_contact(world, "Ann", "Able", Email="ann@able.example")
    there = add_customer(world, "Able Ltd", "Ann@Able.example")
    namesake = add_customer(world, "Zoe Zander (2)")

    answer = world.connector("POST", "/panel/fetch", {"crm_contact_id": ann})

    assert answer.status == 200, answer.body
    assert answer.json()["contact_id"] == there
    assert world.customers()["Ann Able"]["contact_id"] == there
    assert (zoe, namesake) != (ann, there)


@pytest.mark.requirement("C3")
def test_a_duplicate_that_was_left_alone_is_settled_once_its_twin_has_another_email(world: World, monkeypatch):
    monkeypatch.setattr(cursors, "IN_FULL_UP_TO", 0)
    add_customer(world, "Able Ltd", "ann@able.example")
    add_contact(world, "Ann", "Able", Email="ann@able.example")
    add_contact(world, "Zoe", "Zander", Email="zoe@zander.example")
    world.connect(contacts={**BY_EMAIL, "duplicates": "skip"}, items=OFF)
    for _ in range(3):
        world.sync()
        pass_time(world)
    assert ways(world.sync()) == {"customer": "changes"}
    (person,) = world.customer("Able Ltd")["contact_persons"]
    body = {"email": "ann@elsewhere.example", "contact_id": world.customers()["Able Ltd"]["contact_id"]}
    world.invoice.update_contact_person(person["contact_person_id"], body)

    run = world.sync()

    assert reason(run, "customer") == "a duplicate may be none any more"
    assert {*world.customers()} == {"Able Ltd", "Ann Able", "Zoe Zander"}


@pytest.mark.requirement("C3")
@pytest.mark.parametrize(
    ("contacts_", "items_", "field", "said"),
    [
        ({"module": "accounts", "match_by": "email"}, {}, "contacts.match_by", "Accounts have no email address"),
        (
            {**BY_EMAIL, "mapping": {"customer": [{"crm": "Full_Name", "invoice": "contact_name"}]}},
            {},
            "contacts.match_by",
            "no field of Zoho CRM is mapped onto email",
        ),
        ({}, {**BY_SKU, "duplicates": "clone"}, "items.match_by", "each SKU only once"),
    ],
    ids=["accounts", "not mapped", "clones of one SKU"],
)
def test_a_key_that_cannot_work_is_refused(world: World, contacts_, items_, field, said):
    world.connect()

    answer = settings(world, contacts=contacts_, items=items_)

    assert answer.status == 422, answer.body
    error = answer.json()["error"] if "error" in answer.json() else answer.json()
    assert error["field"] == field
    assert said in error["message"]


@pytest.mark.requirement("C3")
def test_a_key_whose_field_the_crm_no_longer_has_is_refused(world: World):
    mapping = [
        {"crm": "Full_Name", "invoice": "contact_name"},
        {"crm": "Work_Email", "invoice": "email"},
    ]
    answer = world.crm.call(
        "POST",
        "/crm/v8/settings/fields",
        params={"module": "Contacts"},
        json={"fields": [{"field_label": "Work Email", "data_type": "email", "length": 100}]},
    )
    (made,) = answer.json()["fields"]
    world.connect(contacts={"module": "contacts", "mapping": {"customer": mapping}})
    gone = world.crm.call("DELETE", f"/crm/v8/settings/fields/{made['details']['id']}", params={"module": "Contacts"})
    assert gone.status == 200, gone.body

    answer = settings(world, contacts={"match_by": "email"})

    assert answer.status == 422, answer.body
    assert "Zoho CRM has no field Work_Email in Contacts" in answer.body.decode()


@pytest.mark.requirement("C3", "S3")
def test_before_save_it_is_told_that_new_records_will_be_matched_otherwise(world: World):
    world.connect(contacts={"module": "contacts"})

    change = {"contacts": {"match_by": "email"}, "items": BY_SKU}
    effect = world.connector("POST", "/connection/settings/effect", change).json()

    assert effect["stops"] == []
    assert effect["starts"] == [
        "New records are matched by SKU, no longer by name (products as items); links stay.",
        "New records are matched by email, no longer by name (contacts of the CRM as customers); links stay.",
    ]
