"""How the clients read lists: page by page, with the server's time, and nothing missed of what is changed meanwhile."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from simulator.clients import invoice
from tests.support.world import World


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invoice, "PAGE", 2)


def clock(world: World, change: dict[str, Any]) -> datetime:
    for service in world.apps:
        answer = world.control(service, "PUT", f"/{world.id}/clock", change)
        assert answer.status == 200
    return datetime.fromisoformat(answer.json()["now"])


@pytest.mark.requirement("X4")
def test_each_product_tells_the_time_of_its_world(world: World):
    moment = clock(world, {"now": "2031-05-06T07:08:09+00:00"})
    world.add_account("Acme")

    accounts, customers = world.crm.iterate("Accounts", ["Account_Name"]), world.invoice.contacts()

    assert accounts.date is None  # nobody has asked yet
    assert (len(list(accounts)), len(list(customers))) == (1, 0)
    for told in (accounts.date, customers.date):
        assert told is not None
        assert timedelta(0) <= told - moment.replace(microsecond=0) < timedelta(minutes=1)


@pytest.mark.parametrize("frozen", [True, False])
def test_all_rows_changed_since_are_read_whatever_their_seconds(world: World, short_pages: None, frozen: bool):
    since = clock(world, {"freeze": True} if frozen else {"advance_seconds": 0}).replace(microsecond=0)
    names = [f"Acme {number}" for number in range(7)]
    for name in names:
        world.invoice.create_contact({"contact_name": name})

    rows = list(world.invoice.changed_since("/contacts", "contacts", since))

    assert {row["contact_name"] for row in rows} == set(names)
    later = since.astimezone(UTC) + timedelta(days=1)
    assert list(world.invoice.changed_since("/contacts", "contacts", later)) == []


def test_a_row_that_is_changed_or_deleted_while_the_list_is_read_hides_no_other(world: World, short_pages: None):
    since = clock(world, {"advance_seconds": 0})
    made = []
    for number in range(6):
        made.append(world.invoice.create_contact({"contact_name": f"Acme {number}"})["contact_id"])
        clock(world, {"advance_seconds": 5})
    rows = world.invoice.changed_since("/contacts", "contacts", since)
    seen = [next(rows)["contact_id"], next(rows)["contact_id"]]

    world.invoice.delete_contact(made[0])
    world.invoice.update_contact(made[1], {"notes": "Changed"})

    assert {*seen, *(row["contact_id"] for row in rows)} == set(made)
