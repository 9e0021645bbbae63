"""Pages of a list whose JSON is kept for whoever asks again: nobody ever sees one that is out of date."""

from typing import Any

import pytest

from mock_crm.records import present
from tests.crm.api import SALES, STANDARD, Crm

ACCOUNTS = "/Accounts?fields=Account_Name,Owner,Modified_Time"


@pytest.fixture(autouse=True)
def none_kept() -> None:
    present._written.cache_clear()


def first(crm: Crm, path: str = ACCOUNTS) -> dict[str, Any]:
    answer = crm.get(path)
    assert answer.status == 200, answer.body
    return dict(answer.body["data"][0])


def test_a_page_that_is_asked_for_again_is_not_written_again(crm: Crm):
    crm.add("Accounts", Account_Name="Acme")

    pages = [crm.get(ACCOUNTS).body["data"] for _ in range(3)]

    assert pages[0] == pages[1] == pages[2]
    assert (present._written.cache_info().misses, present._written.cache_info().hits) == (1, 2)


def test_a_changed_record_is_seen_at_once(crm: Crm):
    account = crm.add("Accounts", Account_Name="Acme")
    assert first(crm)["Account_Name"] == "Acme"

    crm.put(f"/Accounts/{account}", {"data": [{"Account_Name": "Acme Industrial"}]})

    assert first(crm)["Account_Name"] == "Acme Industrial"


def test_another_name_of_a_person_is_seen_at_once(crm: Crm):
    crm.add("Accounts", Account_Name="Acme", Owner={"id": crm.user(STANDARD)})
    assert first(crm)["Owner"]["name"] == "Ben Carter"

    crm.put(f"/users/{crm.user(STANDARD)}", {"users": [{"last_name": "Carterson"}]})

    assert first(crm)["Owner"]["name"] == "Ben Carterson"


def test_another_name_of_a_record_is_seen_where_it_is_named(crm: Crm):
    account = crm.add("Accounts", Account_Name="Acme")
    crm.add("Contacts", Last_Name="Smith", Account_Name={"id": account})
    contacts = "/Contacts?fields=Last_Name,Account_Name"
    assert first(crm, contacts)["Account_Name"]["name"] == "Acme"

    crm.put(f"/Accounts/{account}", {"data": [{"Account_Name": "Acme Industrial"}]})

    assert first(crm, contacts)["Account_Name"]["name"] == "Acme Industrial"


def test_a_tag_is_seen_at_once(crm: Crm):
    account = crm.add("Accounts", Account_Name="Acme")
    tagged = "/Accounts?fields=Account_Name,Tag"
    assert first(crm, tagged)["Tag"] == []

    crm.post(f"/Accounts/{account}/actions/add_tags?tag_names=Key", {})

    assert [tag["name"] for tag in first(crm, tagged)["Tag"]] == ["Key"]


def test_a_field_that_is_hidden_from_a_profile_stays_hidden_though_somebody_else_saw_it(crm: Crm):
    crm.add("Accounts", Account_Name="Acme", Phone="111")
    phones = "/Accounts?fields=Account_Name,Phone"
    assert first(crm, phones)["Phone"] == "111"
    sales = crm.as_(SALES)
    phone = next(
        field for field in crm.get("/settings/fields?module=Accounts").body["fields"] if field["api_name"] == "Phone"
    )
    profile = {"id": str(crm.profile("Sales")), "permission_type": "hidden"}

    changed = crm.patch(f"/settings/fields/{phone['id']}?module=Accounts", {"fields": [{"profiles": [profile]}]})

    assert changed.status == 200, changed.body
    assert "Phone" not in first(sales, phones)
    assert first(crm, phones)["Phone"] == "111"


def test_versions_do_not_share_what_they_show(crm: Crm):
    account = crm.add("Accounts", Account_Name="Acme")

    old, new = (crm.get(f"/Accounts?ids={account}", version=version).body["data"][0] for version in ("v2", "v8"))

    assert "$approved" in old
    assert "$approved" not in new


def test_two_worlds_with_the_same_ids_see_their_own(new_world: Any):
    one, other = new_world(), new_world()
    ids = {crm.add("Accounts", Account_Name=name) for crm, name in ((one, "Acme"), (other, "Zylker"))}

    assert len(ids) == 1
    assert [first(crm)["Account_Name"] for crm in (one, other, one)] == ["Acme", "Zylker", "Acme"]
