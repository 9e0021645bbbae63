"""One pair explained: how each field stands, and what the next sync would do and why (C11)."""

from typing import Any

import pytest

from connector.mapping import Values
from connector.sync.explain import field_state
from connector.sync.records import Pairing
from tests.support.world import World

pytestmark = pytest.mark.requirement("C11")


def pair(name: str = "Acme", **seen: Values) -> Pairing:
    return Pairing(1, "c1", "i1", name, "linked", "primary", {"phone": "1"}, "v", "", True, "view", 1, **seen)


@pytest.mark.parametrize(
    ("crm", "invoice", "state"),
    [
        ("1", "1", "same"),
        ("2", "1", "crm_newer"),
        ("1", "2", "invoice_newer"),
        ("2", "3", "conflict"),
        ("2", "2", "same"),
    ],
)
def test_a_field_stands_by_what_each_side_had_when_both_agreed_last(crm: str, invoice: str, state: str):
    found = field_state("Phone", "phone", {"phone": crm}, {"phone": invoice}, pair(), is_one_way=False)

    assert (found["state"], found["crm_last"], found["invoice_last"]) == (state, "1", "1")


def test_what_a_side_keeps_otherwise_than_agreed_is_no_edit():
    kept = pair(as_kept={"invoice": {"phone": "1.0"}})

    found = field_state("Phone", "phone", {"phone": "1"}, {"phone": "1.0"}, kept, is_one_way=False)

    assert found["state"] == "kept_otherwise"


@pytest.fixture
def both(world: World) -> World:
    world.account = world.add_account("Acme", Phone="111", Website="https://acme.example")  # type: ignore[attr-defined]
    world.connect(contacts={"module": "accounts", "extent": "both", "conflicts": "crm"})
    world.sync()
    return world


def explained(world: World, name: str = "Acme") -> dict[str, Any]:
    (link,) = world.connector("GET", f"/connection/links?q={name}").json()["links"]
    answer = world.connector("GET", f"/connection/links/{link['id']}")
    assert answer.status == 200, answer.body
    return dict(answer.json())


def states(found: dict[str, Any]) -> dict[str, str]:
    return {row["invoice_field"]: row["state"] for row in found["explanation"]["fields"] if row["state"] != "same"}


def change_in_invoice(world: World, **values: Any) -> None:
    world.invoice.update_contact(world.customers()["Acme"]["contact_id"], values)


def test_a_pair_that_agrees_is_left_alone(both: World):
    found = explained(both)

    assert states(found) == {}
    assert found["explanation"]["next"] == [
        {"kind": "none", "side": None, "reason": "nothing changed", "target_name": "", "conflicts": {}}
    ]
    assert [(act["kind"], act["outcome"]) for act in found["acts"]] == [("create", "added")]


def test_what_is_newer_on_one_side_goes_to_the_other_and_the_next_sync_does_just_that(both: World):
    both.change("Accounts", both.account, Phone="222")  # type: ignore[attr-defined]
    change_in_invoice(both, website="https://new.example")

    found = explained(both)
    run = both.sync()["run"]

    told = [(step["kind"], step["side"], step["reason"]) for step in found["explanation"]["next"]]
    done = [(op["kind"], op["side"]) for op in both.ops(run["id"])]
    assert states(found) == {"billing_address.phone": "crm_newer", "website": "invoice_newer"}
    assert told == [
        ("update", "invoice", "changed in CRM: billing_address.phone"),
        ("update", "crm", "changed in Invoice: website"),
    ]
    assert sorted(done) == sorted(step[:2] for step in told)


def test_a_conflict_says_whose_value_would_stand(both: World):
    both.change("Accounts", both.account, Website="https://crm.example")  # type: ignore[attr-defined]
    change_in_invoice(both, website="https://invoice.example")

    found = explained(both)

    (step,) = found["explanation"]["next"]
    values = {"crm": "https://crm.example", "invoice": "https://invoice.example"}
    assert states(found) == {"website": "conflict"}
    assert step["conflicts"] == {"website": {**values, "winner": "crm"}}


def test_under_fetch_from_crm_an_edit_of_invoice_is_seen_and_stays(world: World):
    world.add_account("Acme", Website="https://acme.example")
    world.connect(contacts={"module": "accounts", "extent": "fetch"})
    world.sync()
    change_in_invoice(world, website="https://new.example")

    found = explained(world)

    assert states(found) == {"website": "invoice_newer"}
    assert [step["kind"] for step in found["explanation"]["next"]] == ["none"]


def test_a_record_that_is_gone_from_the_crm_would_be_deleted(both: World):
    both.crm.delete_records("Accounts", [both.account])  # type: ignore[attr-defined]

    found = explained(both)

    assert (found["explanation"]["is_in_crm"], found["explanation"]["is_in_invoice"]) == (False, True)
    assert [(step["kind"], step["side"]) for step in found["explanation"]["next"]] == [("delete", "invoice")]


def test_a_record_that_is_gone_from_invoice_would_be_unlinked(both: World):
    both.invoice.delete_contact(both.customers()["Acme"]["contact_id"])

    found = explained(both)

    assert [(step["kind"], step["reason"]) for step in found["explanation"]["next"]] == [
        ("unlink", "deleted in Invoice")
    ]


def test_a_contact_person_is_explained_as_its_customer_is(world: World):
    account = world.add_account("Acme")
    world.add("Contacts", Last_Name="Doe", Phone="1", Account_Name={"id": account})
    world.connect(contacts={"module": "accounts_and_contacts", "extent": "both"})
    world.sync()
    (row,) = world.crm.call("GET", "/crm/v8/Contacts", params={"fields": "Last_Name"}).json()["data"]
    world.change("Contacts", str(row["id"]), Phone="2")

    found = explained(world, "Doe")

    assert states(found) == {"phone": "crm_newer"}
    assert [(step["kind"], step["side"]) for step in found["explanation"]["next"]] == [("update", "invoice")]


def test_explaining_writes_nothing(both: World):
    both.change("Accounts", both.account, Phone="222")  # type: ignore[attr-defined]
    before = [len(both.writes(service)) for service in ("crm", "invoice", "connector")]

    explained(both)

    assert [len(both.writes(service)) for service in ("crm", "invoice", "connector")] == before


def test_a_pair_that_was_deleted_says_that_no_sync_looks_at_it(both: World):
    both.add_account("Globex")
    both.crm.delete_records("Accounts", [both.account])  # type: ignore[attr-defined]
    both.sync()

    found = explained(both)

    assert found["explanation"] is None
    assert "deleted" in found["why_not"]


def test_a_pair_that_is_not_there_is_told(both: World):
    assert both.connector("GET", "/connection/links/9999").status == 404
