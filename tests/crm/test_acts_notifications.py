"""What channels hear of acts on records: one call for each API call, module and operation."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.crm.api import SALES, Crm
from tests.crm.test_notifications import owed, watch

Act = Callable[[Crm, list[str]], Any]


def told(crm: Crm, accounts: list[str], act: Act, *events: str) -> list[tuple[str, str, list[str]]]:
    watch(crm, *(events or ("Accounts.all",)))
    answer = act(crm, accounts)
    assert answer.status < 300, answer.body
    return [(body["module"], body["operation"], body["ids"]) for body in owed(crm)]


@pytest.fixture
def accounts(crm: Crm) -> list[str]:
    return [crm.add("Accounts", Account_Name=name, Phone="1") for name in ("A", "B", "C")]


@pytest.mark.parametrize(
    ("act", "operation", "places"),
    [
        (lambda c, a: c.post("/Accounts/actions/mass_update", {"data": [{"Fax": "9"}], "ids": a}), "update", (0, 1, 2)),
        (lambda c, a: c.post("/Accounts/actions/mass_delete", {"ids": a[:2]}), "delete", (0, 1)),
        (lambda c, a: c.delete(f"/Accounts?ids={a[0]},{a[1]}"), "delete", (0, 1)),
        (lambda c, a: c.post("/Accounts/actions/add_tags", {"tags": [{"name": "X"}], "ids": a}), "update", (0, 1, 2)),
        (
            lambda c, a: c.post("/Accounts/actions/change_owner", {"ids": a, "owner": {"id": c.user(SALES)}}),
            "update",
            (0, 1, 2),
        ),
    ],
)
def test_acts_on_many_records_are_told_once(
    crm: Crm, accounts: list[str], act: Act, operation: str, places: tuple[int, ...]
):
    assert told(crm, accounts, act) == [("Accounts", operation, [accounts[place] for place in places])]


def test_a_clone_is_told_as_an_insert(crm: Crm, accounts: list[str]):
    ((module, operation, ids),) = told(crm, accounts, lambda c, a: c.post(f"/Accounts/{a[0]}/actions/clone"))

    assert (module, operation) == ("Accounts", "insert")
    assert ids[0] not in accounts


def test_a_restored_record_is_told_as_an_insert(crm: Crm, accounts: list[str]):
    crm.delete(f"/Accounts/{accounts[0]}")

    heard = told(crm, accounts, lambda c, a: c.post(f"/settings/recycle_bin/{a[0]}/actions/restore"))

    assert heard == [("Accounts", "insert", [accounts[0]])]


def test_a_merge_tells_of_children_master_and_what_moved(crm: Crm, accounts: list[str]):
    contact = crm.add("Contacts", Last_Name="Doe", Account_Name={"id": accounts[1]})
    fields = [{"id": accounts[1], "_fields": [{"api_name": "Account_Name"}]}]

    heard = told(
        crm,
        accounts,
        lambda c, a: c.post(f"/Accounts/{a[0]}/actions/merge", {"merge": [{"data": fields}]}),
        "Accounts.all",
        "Contacts.all",
    )

    assert sorted(heard) == [
        ("Accounts", "delete", [accounts[1]]),
        ("Accounts", "update", [accounts[0]]),
        ("Contacts", "update", [contact]),
    ]


def test_a_note_is_told_as_a_record_of_its_module(crm: Crm, accounts: list[str]):
    note = {"data": [{"Note_Content": "called"}]}

    heard = told(crm, accounts, lambda c, a: c.post(f"/Accounts/{a[0]}/Notes", note), "Notes.all", "Accounts.all")

    assert [(module, operation) for module, operation, _ in heard] == [("Notes", "insert")]


def test_a_link_by_lookup_is_told_as_a_change_of_who_names(crm: Crm, accounts: list[str]):
    contact = crm.add("Contacts", Last_Name="Doe")

    heard = told(
        crm,
        accounts,
        lambda c, a: c.put(f"/Accounts/{a[0]}/Contacts/{contact}", {"data": [{}]}),
        "Contacts.all",
    )

    assert heard == [("Contacts", "update", [contact])]


def test_channels_hear_of_a_write_whatever_it_says_of_automations(crm: Crm, accounts: list[str]):
    body = {"data": [{"Phone": "2"}], "trigger": []}

    assert told(crm, accounts, lambda c, a: c.put(f"/Accounts/{a[0]}", body)) == [("Accounts", "update", [accounts[0]])]


def test_a_refused_act_is_told_to_nobody(crm: Crm, accounts: list[str]):
    watch(crm, "Accounts.all")

    crm.post(f"/Accounts/{accounts[0]}/actions/merge", {"merge": [{"data": [{"id": "5", "_fields": []}]}]})
    crm.post("/Accounts/actions/mass_update", {"data": [{"Nope": 1}], "ids": accounts})

    assert owed(crm) == []
