"""Zoho CRM beside a transaction of Invoice (guide: Working with Zoho CRM contacts in Zoho Invoice)."""

from decimal import Decimal
from typing import Any

import pytest

from tests.support.doors import STANDARD, Person, customer_id, refused, take_down
from tests.support.world import ADMIN, World


@pytest.fixture
def acme(world: World) -> str:
    account = world.add_account("Acme", Phone="111", Billing_City="Rome")
    world.connect()
    world.sync()
    return account


@pytest.fixture
def clerk(world: World) -> Person:
    """A user of Invoice who is no administrator."""
    return Person(world, "invoice", STANDARD)


@pytest.mark.requirement("W1")
def test_the_panel_shows_account_information_and_potentials_of_a_customer_that_came_from_the_crm(world, acme, clerk):
    small = world.add_potential("Small", acme, "Qualification", Decimal("10.5"), Closing_Date="2026-01-31")
    world.add_potential("Big", acme, "Closed Won", Decimal("99"), Closing_Date="2026-12-31")
    world.add_potential("Another's", world.add_account("Other"), "Qualification")

    shown = clerk.get(f"/panel/contacts/{customer_id(world)}")

    assert (shown["module"], shown["record"]["id"], shown["record"]["name"]) == ("Accounts", acme, "Acme")
    told = {row["label"]: row["value"] for row in shown["record"]["fields"]}
    assert {"Phone": "111", "Billing City": "Rome", "Account Owner": "Asha Rao"}.items() <= told.items()
    assert [row["name"] for row in shown["potentials"]] == ["Big", "Small"]
    assert shown["potentials"][1] == {
        "potential_id": small,
        "name": "Small",
        "stage": "Qualification",
        "amount": Decimal("10.5"),
        "closing_date": "2026-01-31",
    }


@pytest.mark.requirement("W1")
def test_the_panel_of_a_customer_that_is_not_from_the_crm_says_so(world, acme, clerk):
    made = world.invoice.create_contact({"contact_name": "Walk-in"})

    shown = clerk.get(f"/panel/contacts/{made['contact_id']}")

    assert (shown["record"], shown["potentials"]) == (None, [])
    assert shown["problem"] == "This customer is not linked with a record of Zoho CRM."


@pytest.mark.requirement("W1")
def test_the_panel_says_that_the_account_was_deleted(world, acme, clerk):
    world.crm.delete_records("Accounts", [acme])

    shown = clerk.get(f"/panel/contacts/{customer_id(world)}")

    assert (shown["record"], shown["problem"]) == (None, "The account of this customer was deleted in Zoho CRM.")


@pytest.mark.requirement("W2")
def test_the_search_finds_accounts_by_name_and_lists_all_contacts_under_them(world, acme, clerk):
    works = world.add_account("The Acme Works")
    world.add_account("Zylker")
    ada = world.add(
        "Contacts", First_Name="Ada", Last_Name="Lovelace", Email="ada@acme.example", Account_Name=_id(acme)
    )
    world.add("Contacts", Last_Name="Acme", Account_Name=None)

    found = clerk.get("/panel/search?q=acme")

    assert [(row["name"], row["account_id"]) for row in found["accounts"]] == [
        ("Acme", acme),
        ("The Acme Works", works),
    ]
    assert [row["contact_id"] for row in found["accounts"]] == [customer_id(world), None]
    (person,) = found["accounts"][0]["contacts"]
    assert (person["crm_contact_id"], person["name"], person["email"]) == (ada, "Ada Lovelace", "ada@acme.example")
    assert (found["accounts"][1]["contacts"], found["contacts"], found["module"]) == ([], [], "Accounts")


def _id(record: str) -> dict[str, str]:
    return {"id": record}


@pytest.mark.requirement("W2")
@pytest.mark.parametrize("q", ["O'Brien", "50%", "a\\b", '"', "')", "Acmé", " "])
def test_the_search_takes_any_text(world, acme, clerk, q):
    world.add_account(f"The {q} company")

    answer = clerk("GET", f"/panel/search?q={_quoted(q)}")

    assert answer.status == 200, answer.body
    assert [row["name"] for row in answer.json()["accounts"]] == ([f"The {q} company"] if q.strip() else [])


def _quoted(q: str) -> str:
    from urllib.parse import quote

    return quote(q)


@pytest.mark.requirement("W2")
def test_picking_an_account_fetches_it_at_once_and_answers_the_customer(world, acme, clerk):
    zylker = world.add_account("Zylker")

    picked = clerk("POST", "/panel/fetch", {"account_id": zylker})

    assert picked.status == 200
    assert picked.json() == {
        "contact_id": customer_id(world, "Zylker"),
        "contact_name": "Zylker",
        "contact_person_id": None,
    }


@pytest.mark.requirement("W2")
def test_picking_a_contact_in_the_module_accounts_fetches_its_account(world, acme, clerk):
    ada = world.add("Contacts", Last_Name="Lovelace", Account_Name=_id(world.add_account("Zylker")))

    picked = clerk("POST", "/panel/fetch", {"crm_contact_id": ada}).json()

    assert (picked["contact_id"], picked["contact_person_id"]) == (customer_id(world, "Zylker"), None)


@pytest.mark.requirement("W2")
def test_picking_a_contact_in_the_third_mode_fetches_its_account_and_the_person_too(world, clerk):
    world.connect(contacts={"module": "accounts_and_contacts"})
    ada = world.add("Contacts", Last_Name="Lovelace", Account_Name=_id(world.add_account("Zylker")))

    picked = clerk("POST", "/panel/fetch", {"crm_contact_id": ada}).json()
    (account,) = clerk.get("/panel/search?q=zylker")["accounts"]

    (person,) = world.customer("Zylker")["contact_persons"]
    assert person["last_name"] == "Lovelace"
    assert picked["contact_person_id"] == person["contact_person_id"]
    assert (picked["contact_id"], picked["contact_name"]) == (customer_id(world, "Zylker"), "Zylker")
    assert account["contacts"][0]["contact_person_id"] == person["contact_person_id"]


@pytest.fixture
def ada(world: World) -> str:
    """A contact of the CRM, in Contacts mode."""
    world.connect(contacts={"module": "contacts"})
    return world.add("Contacts", First_Name="Ada", Last_Name="Lovelace", Title="Countess")


@pytest.mark.requirement("W2")
@pytest.mark.parametrize("q", ["ada", "lovelace", "Lovelace Ada", "ad love"])
def test_in_contacts_mode_contacts_are_found_by_first_and_last_name(world, ada, clerk, q):
    world.add("Contacts", First_Name="Ada", Last_Name="Yonath")
    world.add("Contacts", First_Name="Grace", Last_Name="Lovelace")
    world.add_account("Ada Lovelace Works")

    found = clerk.get(f"/panel/search?q={_quoted(q)}")

    names = {row["name"] for row in found["contacts"]}
    expected = {"ada": {"Ada Lovelace", "Ada Yonath"}, "lovelace": {"Ada Lovelace", "Grace Lovelace"}}
    assert (found["module"], found["accounts"]) == ("Contacts", [])
    assert names == expected.get(q, {"Ada Lovelace"})


@pytest.mark.requirement("W1", "W2")
def test_in_contacts_mode_the_contact_picked_is_the_customer_and_the_panel_shows_it(world, ada, clerk):
    deal = world.add("Deals", Deal_Name="Big Deal", Stage="Qualification", Contact_Name=_id(ada))

    picked = clerk("POST", "/panel/fetch", {"crm_contact_id": ada}).json()
    shown = clerk.get(f"/panel/contacts/{picked['contact_id']}")

    assert (picked["contact_name"], picked["contact_person_id"]) == ("Ada Lovelace", None)
    assert (shown["module"], shown["record"]["name"]) == ("Contacts", "Ada Lovelace")
    assert {"field": "Title", "label": "Title", "value": "Countess"} in shown["record"]["fields"]
    assert [row["potential_id"] for row in shown["potentials"]] == [deal]
    assert clerk.get("/panel/search?q=ada")["contacts"][0]["contact_id"] == picked["contact_id"]


@pytest.mark.requirement("W2")
def test_in_contacts_mode_an_account_is_nothing_to_fetch(world, ada, clerk):
    answer = clerk("POST", "/panel/fetch", {"account_id": world.add_account("Zylker")})

    assert refused(answer) == (404, "not_found")
    assert "Contacts are synced with Zoho Invoice, not accounts" in answer.json()["message"]


@pytest.mark.requirement("W2")
def test_picking_a_contact_without_an_account_says_what_is_missing(world, acme, clerk):
    lone = world.add("Contacts", Last_Name="Alone")

    answer = clerk("POST", "/panel/fetch", {"crm_contact_id": lone})

    assert refused(answer) == (404, "not_found")
    assert "has no account" in answer.json()["message"]


@pytest.mark.requirement("W2")
def test_a_twin_that_stands_in_the_way_is_named(world, acme, clerk):
    world.invoice.create_contact({"contact_name": "Zylker"})
    zylker = world.add_account("Zylker")

    answer = clerk("POST", "/panel/fetch", {"account_id": zylker})

    assert refused(answer) == (409, "not_fetched")


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/panel/contacts/410000000000999999", None, 404),
        ("GET", "/panel/contacts/abc", None, 404),
        ("GET", "/panel/search", None, 422),
        ("GET", f"/panel/search?q={'a' * 101}", None, 422),
        ("POST", "/panel/fetch", {"account_id": "5725767000000999999"}, 404),
        ("POST", "/panel/fetch", {"crm_contact_id": "abc"}, 404),
        ("POST", "/panel/fetch", {}, 422),
        ("POST", "/panel/fetch", {"account_id": "1", "crm_contact_id": "2"}, 422),
        ("POST", "/panel/fetch", {"account_id": 5}, 422),
    ],
)
def test_what_is_not_there_or_does_not_fit_is_said_so(world, acme, clerk, method, path, body, status):
    assert refused(clerk(method, path, body))[0] == status


CALLS: list[tuple[str, str, Any]] = [
    ("GET", "/panel/contacts/$customer", None),
    ("GET", "/panel/search?q=acme", None),
    ("POST", "/panel/fetch", {"account_id": "$acme"}),
]


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
def test_the_panel_wants_a_person_of_this_invoice_and_a_working_integration(
    world, simulator, acme, clerk, method, path, body
):
    path = path.replace("$customer", customer_id(world))
    body = body and {"account_id": acme}
    other = Person(simulator.new_world(), "invoice", ADMIN)

    assert refused(Person(world, "crm", ADMIN)(method, path, body)) == (401, "not_signed_in")
    assert refused(other(method, path, body)) == (409, "not_connected")
    take_down(world, "crm")
    down = clerk(method, path, body)
    world.control("crm", "DELETE", f"/{world.id}/faults")
    world.connector("POST", "/connection/disable")
    assert refused(clerk(method, path, body)) == (409, "disabled")
    assert refused(down) == (424, "peer_unavailable")
    assert down.json()["message"].startswith("Zoho CRM does not answer")


def test_who_is_not_of_the_connected_organization_gets_nothing_of_it(world, acme):
    made = world.invoice.ask("POST", "/organizations", json={"name": "Second", "currency_code": "EUR"})
    second = made["organization"]["organization_id"]
    user = {"name": "Olga", "email": "olga@second.example", "user_role": "staff"}
    world.invoice.call("POST", f"/invoice/v3/users?organization_id={second}", json=user)
    olga = Person(world, "invoice", "olga@second.example")

    answers = [
        olga("GET", f"/panel/contacts/{customer_id(world)}"),
        olga("POST", "/panel/fetch", {"account_id": world.add_account("Zylker")}),
    ]

    assert [refused(answer) for answer in answers] == [(400, "refused_by_invoice")] * 2
    assert "Zylker" not in world.customers()


@pytest.mark.requirement("W1", "S3")
def test_a_customer_of_another_module_is_no_customer_of_the_present_one(world, acme, clerk):
    world.configure(contacts={"module": "contacts"})

    shown = clerk.get(f"/panel/contacts/{customer_id(world)}")

    assert (shown["record"], shown["problem"]) == (None, "This customer is not linked with a record of Zoho CRM.")
