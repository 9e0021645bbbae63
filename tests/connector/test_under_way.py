"""What happens while a sync is under way: it is switched off or paused, its settings change, another worker comes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from connector.connections import current
from connector.database import db
from connector.errors import LostLease
from connector.models import Run
from connector.queue import work_once
from connector.sync import sending
from connector.sync.crash import crash_point
from connector.sync.engine import Execution
from connector.sync.lease import Lease
from simulator import clock
from tests.support.dying import in_processes
from tests.support.world import Simulator, World

MANY = 60
OFF = {"enabled": False}


@pytest.fixture
def when_first_stored(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Has something done once, right after a sync has stored the first outcomes."""

    def do_then(act: Callable[[], object]) -> None:
        waiting = [act]

        def passed(name: str) -> None:
            crash_point(name)
            if name == "outcome-stored" and waiting:
                waiting.pop()()

        monkeypatch.setattr(sending, "crash_point", passed)

    return do_then


def with_accounts(world: World, **contacts: str) -> None:
    rows = [{"Account_Name": f"Acme {number}", "Phone": "1"} for number in range(MANY)]
    world.crm.create_records("Accounts", rows)
    world.connect(contacts=contacts, items=OFF)


@pytest.mark.requirement("K7")
def test_disabled_in_the_middle_of_a_run_it_ends_at_the_next_record_and_the_rest_comes_with_reactivation(
    world: World, when_first_stored
):
    with_accounts(world)
    when_first_stored(lambda: world.connector("POST", "/connection/disable"))

    run = world.sync()["run"]

    made = len(world.customers())
    assert (run["state"], 0 < made < MANY) == ("aborted", True)
    assert "disabled" in run["reason"]
    world.connector("POST", "/connection/reactivate")
    world.sync()
    assert len(world.customers()) == MANY


@pytest.mark.requirement("S4")
def test_paused_in_the_middle_of_a_run_it_completes_first(world: World, when_first_stored):
    with_accounts(world)
    when_first_stored(lambda: world.connector("POST", "/connection/pause"))

    run = world.sync()["run"]

    assert (run["state"], len(world.customers())) == ("done", MANY)
    assert world.connector("POST", "/connection/runs", {"kind": "instant"}).status == 409


@pytest.mark.requirement("S3")
def test_settings_edited_in_the_middle_of_a_run_apply_from_the_next_one(world: World, when_first_stored):
    with_accounts(world, extent="fetch")
    world.invoice.create_contact({"contact_name": "Zylker"})
    when_first_stored(lambda: world.configure(contacts={"extent": "both"}))

    world.sync()

    assert not world.crm.search("Accounts", criteria="(Account_Name:equals:Zylker)")
    world.sync()
    assert world.crm.search("Accounts", criteria="(Account_Name:equals:Zylker)")


@pytest.mark.requirement("C11")
def test_what_is_edited_in_the_middle_of_a_run_is_not_overwritten_unseen(world: World, when_first_stored):
    with_accounts(world, extent="both")
    world.sync()
    rows = world.crm.iterate("Accounts", ["Account_Name"])
    accounts = {row["Account_Name"]: row["id"] for row in rows}
    world.crm.update_records("Accounts", [{"id": crm_id, "Phone": "2"} for crm_id in accounts.values()])
    last = f"Acme {MANY - 1}"
    customer = world.customers()[last]["contact_id"]
    when_first_stored(lambda: world.invoice.update_contact(customer, {"billing_address": {"phone": "9"}}))

    world.sync()

    assert world.customer(last)["billing_address"]["phone"] == "9"
    (told,) = world.ops(world.sync()["run"]["id"], outcome="updated")
    whole = world.connector("GET", f"/connection/ops/{told['id']}").json()["op"]
    assert whole["conflicts"]["billing_address.phone"] == {"crm": "2", "invoice": "9", "winner": "crm"}
    assert world.customer(last)["billing_address"]["phone"] == "2"


def test_a_worker_whose_lease_ran_out_and_was_taken_writes_nothing_more(world: World):
    """reliability.md I11: the fencing number is asked in each transaction of the owner."""
    world.add_account("Acme")
    world.connect(items=OFF)
    run_id = world.connector("POST", "/connection/runs", {"kind": "instant"}).json()["run"]["id"]
    worlds = world.apps["connector"].extensions["worlds"]
    with worlds.transaction(world.id):
        slow = Lease.claim(world.id, run_id)
    with worlds.transaction(world.id):
        past = clock.real_now() - timedelta(seconds=1)
        db.session.execute(update(Run).where(Run.id == run_id).values(lease_until=past))
    with worlds.transaction(world.id):
        assert Lease.claim(world.id, run_id) is not None
    assert slow is not None

    with pytest.raises(LostLease):
        Execution(worlds, world.id, slow).run()

    assert not world.customers()


@pytest.mark.requirement("C3", "S2")
def test_two_connectors_at_once_make_each_record_once(simulator: Simulator, world: World):
    with_accounts(world, extent="both")
    for number in range(20):
        world.invoice.create_contact({"contact_name": f"Zylker {number}"})
    world.connector("POST", "/connection/runs", {"kind": "instant"})

    in_processes(simulator, world.settle, world.settle)
    world.settle()

    names = [row["Account_Name"] for row in world.crm.iterate("Accounts", ["Account_Name"])]
    customers = [row["contact_name"] for row in world.invoice.contacts()]
    assert len(names) == len(set(names)) == MANY + 20
    assert sorted(names) == sorted(customers)
    with world.apps["connector"].extensions["worlds"].transaction(world.id, reads_only=True):
        assert current() is not None
        assert [run.state for run in db.session.query(Run).where(Run.kind == "instant")] == ["done"]


@pytest.mark.requirement("X3")
@pytest.mark.parametrize("ending", ["swap", "discard"])
def test_no_sync_begins_while_all_of_a_world_is_about_to_be_kept(world: World, ending: str):
    world.connect(items=OFF)
    ticket = world.control("connector", "POST", f"/{world.id}/prepare", {"kind": "snapshot", "name": "calm"}).json()

    run_id = world.connector("POST", "/connection/runs", {"kind": "instant"}).json()["run"]["id"]
    with world.apps["connector"].app_context():
        work_once()
    state_meanwhile = world.run(run_id)["run"]["state"]
    world.control("connector", "POST", f"/{world.id}/{ending}", ticket)
    world.settle()

    assert state_meanwhile == "queued"
    assert world.run(run_id)["run"]["state"] == "done"


@pytest.mark.requirement("X3")
def test_a_preparation_that_fails_holds_nothing_up(world: World):
    world.connect(items=OFF)

    refused = world.control("connector", "POST", f"/{world.id}/prepare", {"kind": "restore", "name": "never kept"})

    assert refused.status >= 400
    assert world.sync()["run"]["state"] == "done"
