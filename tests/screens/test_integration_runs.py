"""Previews, plans that wait, and how a sync read, over the real connector."""

import re
from typing import Any

import pytest

from tests.support.visitor import Visitor
from tests.support.world import World


@pytest.fixture
def configured(world: World) -> World:
    """Connected, with an account and a product that no sync has seen yet."""
    world.add_account("Acme")
    world.add("Products", Product_Name="Anvil")
    world.connect(contacts={"module": "accounts"})
    return world


def waiting(world: World, asha: Visitor) -> str:
    """Presses Preview; the address of the plan."""
    address = asha.post("/integration/preview").location
    world.settle()
    return str(address)


def newest(world: World) -> dict[str, Any]:
    return dict(world.connector("GET", "/connection/runs").json()["runs"][0])


@pytest.mark.requirement("S6")
def test_a_preview_shows_its_plan_record_by_record_under_headings_and_writes_nothing(configured: World, asha: Visitor):
    page = asha.get(waiting(configured, asha)).text

    plan, _heading, records = page.partition('id="records"')
    assert "What it would do" in plan
    assert "kind=create" in plan
    assert re.search(r"Accounts, Zoho CRM → Zoho Invoice: Create 1<", records)
    assert re.search(r"Items, Zoho CRM → Zoho Invoice: Create 1<", records)
    assert records.index("Acme") < records.index("Anvil")
    assert not configured.customers()


@pytest.mark.requirement("S6")
def test_a_record_of_a_preview_shows_what_would_be_written(world: World, asha: Visitor):
    world.add_account("Acme", Website="https://acme.example")
    world.connect(contacts={"module": "accounts"})
    address = waiting(world, asha)
    (op,) = world.ops(newest(world)["id"])

    page = asha.get(f"{address}/ops/{op['id']}").text

    told = page[page.index("What it would write") :]
    assert "<td>Acme</td>" in told
    assert "<td>https://acme.example</td>" in told


@pytest.mark.requirement("S6")
def test_apply_this_plan_does_what_the_preview_has_shown_and_no_more(configured: World, asha: Visitor):
    address = waiting(configured, asha)
    configured.add_account("Globex")

    asha.follow(f"{address}/confirm")
    configured.settle()

    assert list(configured.customers()) == ["Acme"]
    assert "Done" in asha.get(address).text


@pytest.mark.requirement("S6", "C12")
def test_discard_drops_the_plan_and_says_who_did(configured: World, asha: Visitor):
    address = waiting(configured, asha)

    page = asha.follow(f"{address}/discard").text

    assert "Discarded by Asha Rao." in page
    assert "Apply this plan" not in page
    assert not configured.customers()


@pytest.mark.requirement("C12")
def test_a_sync_that_would_delete_much_says_what_and_waits_to_be_confirmed(configured: World, asha: Visitor):
    names = [f"Customer {number:02}" for number in range(12)]
    accounts = [configured.add_account(name) for name in names]
    configured.sync()
    configured.crm.delete_records("Accounts", accounts)
    run = configured.sync()["run"]

    page = asha.get(f"/integration/runs/{run['id']}").text
    only = asha.get(f"/integration/runs/{run['id']}?kind=delete").text
    asha.follow(f"/integration/runs/{run['id']}/confirm")
    configured.settle()

    assert "Needs confirmation" in page
    told = page[page.index("It would delete 12 records") : page.index("See what it would delete")]
    assert sum(name in told for name in names) == 10
    assert ">Confirm</button>" in page
    assert all(name in only for name in names)
    assert list(configured.customers()) == ["Acme"]


@pytest.mark.requirement("S5")
def test_a_sync_tells_how_it_read_each_kind_of_record_and_what_it_cost(configured: World, asha: Visitor):
    run = configured.sync()["run"]

    page = asha.get(f"/integration/runs/{run['id']}").text

    read = page.partition("How it was read")[2]
    assert "Everything" in read
    assert run["readings"][0]["reason"] in read
    calls = read.partition("API calls")[2]
    assert f'<td class="num">{run["cost"]["estimated"]["invoice"]}</td>' in calls
    assert f'<td class="num">{run["cost"]["counted"]["invoice"]}</td>' in calls


@pytest.mark.requirement("C12")
def test_check_for_deletions_now_reads_everything(configured: World, asha: Visitor):
    configured.sync()

    asha.follow("/integration/sync", reading="full")
    configured.settle()

    assert {reading["reason"] for reading in newest(configured)["readings"]} == {"somebody asked for it"}
    assert "somebody asked for it" in asha.get(f"/integration/runs/{newest(configured)['id']}").text
    assert "Check for deletions now" in asha.get("/integration/settings").text


@pytest.mark.requirement("S2")
def test_a_sync_under_way_is_followed_on_its_page_until_its_end(configured: World, asha: Visitor):
    asha.follow("/integration/sync")
    address = f"/integration/runs/{newest(configured)['id']}"

    started = asha.get(address).text
    configured.settle()
    ended = asha.get(address).text

    assert "hx-trigger" in started
    assert "Refresh" in started
    assert "hx-trigger" not in ended
