"""Pages of a list that are kept for whoever asks again, rows and JSON: nobody ever sees one that is out of date."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mock_crm.records import present, store
from tests.crm.api import ADMIN, SALES, STANDARD, Crm
from tests.support.databases import files_only

ACCOUNTS = "/Accounts?fields=Account_Name,Owner,Modified_Time"


@pytest.fixture(autouse=True)
def none_kept() -> None:
    present._written.cache_clear()
    store._kept_plain.cache_clear()


def first(crm: Crm, path: str = ACCOUNTS) -> dict[str, Any]:
    answer = crm.get(path)
    assert answer.status == 200, answer.body
    return dict(answer.body["data"][0])


def test_a_page_that_is_asked_for_again_is_not_written_again(crm: Crm):
    crm.add("Accounts", Account_Name="Acme")

    pages = [crm.get(ACCOUNTS).body["data"] for _ in range(3)]

    assert pages[0] == pages[1] == pages[2]
    assert (present._written.cache_info().misses, present._written.cache_info().hits) == (1, 2)


@files_only
def test_a_page_is_read_again_once_anything_changed(crm: Crm):
    account = crm.add("Accounts", Account_Name="Acme")
    first(crm)
    first(crm)
    assert (store._kept_plain.cache_info().misses, store._kept_plain.cache_info().hits) == (1, 1)

    crm.put(f"/Accounts/{account}", {"data": [{"Phone": "1"}]})

    first(crm)
    assert (store._kept_plain.cache_info().misses, store._kept_plain.cache_info().hits) == (2, 1)


def test_pages_of_another_size_order_place_or_module_are_others(crm: Crm):
    for name in ("Acme", "Bolt", "Cask"):
        crm.add("Accounts", Account_Name=name)
    crm.add("Contacts", Last_Name="Smith")

    queries = ("", "&per_page=1", "&per_page=2", "&per_page=1&page=2", "&sort_order=asc", "&per_page=1&sort_order=asc")
    shown = [crm.names(f"{ACCOUNTS}{query}", "Account_Name") for query in queries]

    assert shown == [["Cask", "Bolt", "Acme"], ["Cask"], ["Cask", "Bolt"], ["Bolt"], ["Acme", "Bolt", "Cask"], ["Acme"]]
    assert crm.names("/Contacts?fields=Last_Name", "Last_Name") == ["Smith"]


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


class Company:
    """A world in which acts happen to whatever account stands first."""

    def __init__(self, crm: Crm) -> None:
        self.crm, self.worlds, self.count = crm, crm.app.extensions["worlds"], 0
        self.keep()

    def path(self) -> str:
        page = self.crm.get(ACCOUNTS)
        return f"/Accounts/{page.body['data'][0]['id'] if page.status == 200 else 1}"

    def add(self) -> None:
        self.count += 1
        self.crm.create("Accounts", {"Account_Name": f"Company {self.count}"}, {"Account_Name": "Acme"})

    def edit(self) -> None:
        self.count += 1
        self.crm.put(self.path(), {"data": [{"Account_Name": f"Was {self.count}", "Owner": {"id": self.somebody()}}]})

    def somebody(self) -> str:
        return self.crm.user((STANDARD, SALES)[self.count % 2])

    def delete(self) -> None:
        self.crm.delete(self.path())

    def marry(self) -> None:
        """Names of people stand on the records they own."""
        self.count += 1
        administrator = self.crm.as_(ADMIN)
        user = {"last_name": f"Name {self.count}"}
        administrator.put(f"/users/{administrator.user(STANDARD)}", {"users": [user]})

    def wait(self) -> None:
        self.crm.advance(minutes=5)

    def keep(self) -> None:
        self.worlds.swap(self.worlds.prepare(self.crm.world, "snapshot", "kept"))

    def restore(self) -> None:
        self.worlds.swap(self.worlds.prepare(self.crm.world, "restore", "kept"))

    def reset(self) -> None:
        self.worlds.swap(self.worlds.prepare(self.crm.world, "reset", None))

    def hand_over(self) -> None:
        self.count += 1
        self.crm = self.crm.as_((ADMIN, SALES)[self.count % 2])

    def page(self, **headers: str) -> Any:
        answer = self.crm.get(ACCOUNTS, **headers)
        return answer.body["data"] if answer.status == 200 else []


ACTS = ("add", "edit", "delete", "marry", "wait", "keep", "restore", "reset", "hand_over")


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from(ACTS), min_size=3, max_size=14))
def test_whatever_happens_a_page_is_what_it_is_without_memory(new_world: Callable[..., Crm], acts: list[str]):
    """A list since some day of old is never kept."""
    company = Company(new_world())
    for act in ("add", *acts):
        company.page()
        getattr(company, act)()
        assert company.page() == company.page(If_Modified_Since="2000-01-01T00:00:00+00:00"), act
