"""Undo under faults: a lost answer, a refusal, a worker that died, two undos at once (requirement S7)."""

from typing import Any

import pytest
from sqlalchemy import select, update

from connector.database import db
from connector.models import Op
from tests.connector.test_undo import undo
from tests.support.picture import differences, picture
from tests.support.world import World

BOTH = {"extent": "both", "deleted_in_invoice": "delete"}
OFF = {"enabled": False}


def after_a_run_that_did_everything(world: World) -> tuple[dict[str, Any], dict[str, Any]]:
    """A picture of before, and a run that made, changed and deleted records on both sides."""
    accounts = {name: world.add_account(name, Phone="1") for name in ("Anchor", "Changed", "Gone in the CRM", "Gone")}
    world.connect(contacts=BOTH, items=OFF)
    world.sync()
    world.change("Accounts", accounts["Changed"], Phone="2")
    world.invoice.update_contact(world.customers()["Anchor"]["contact_id"], {"notes": "Pays late"})
    world.crm.delete_records("Accounts", [accounts["Gone in the CRM"]])
    world.invoice.delete_contact(world.customers()["Gone"]["contact_id"])
    world.add_account("New in the CRM")
    world.invoice.create_contact({"contact_name": "New in Invoice"})
    before = picture(world)
    run = world.sync()
    assert run["run"]["counts"]["failed"] == 0
    assert run["run"]["counts"]["deleted"] == 2
    return before, run


@pytest.mark.requirement("S7")
@pytest.mark.parametrize(
    ("service", "method", "path"),
    [
        ("invoice", "POST", "/contacts"),
        ("invoice", "PUT", "/contacts"),
        ("invoice", "DELETE", "/contacts"),
        ("crm", "PUT", "/Accounts"),
        ("crm", "DELETE", "/Accounts"),
        ("crm", "POST", "/actions/restore"),
    ],
)
def test_where_an_answer_is_lost_the_act_is_done_once(world: World, service: str, method: str, path: str):
    before, run = after_a_run_that_did_everything(world)
    fault = {"kind": "status", "status": 502, "when": "after", "path": path, "method": method, "times": 1}
    world.control(service, "POST", f"/{world.id}/faults", fault)

    undone = undo(world, run)

    (told,) = world.control(service, "GET", f"/{world.id}/faults").json()["faults"]
    assert (told["hits"], undone["run"]["state"]) == (1, "done")
    again = undo(world, run) if undone["run"]["counts"]["failed"] else undone
    assert again["run"]["counts"]["failed"] == 0
    assert differences(before, picture(world)) == []


@pytest.mark.requirement("S7")
def test_what_cannot_be_made_again_fails_with_its_reason_and_the_rest_is_put_back(world: World):
    _, run = after_a_run_that_did_everything(world)
    world.invoice.create_contact({"contact_name": "Gone in the CRM"})

    undone = undo(world, run)

    (failed,) = world.ops(undone["run"]["id"], outcome="failed")
    assert failed["record_name"] == "Gone in the CRM"
    assert failed["reason"]
    assert world.customer("Changed")["billing_address"]["phone"] == "1"
    assert undone["run"]["state"] == "done"


@pytest.mark.requirement("S7")
def test_a_second_undo_takes_what_the_first_could_not(world: World):
    before, run = after_a_run_that_did_everything(world)
    twin = world.invoice.create_contact({"contact_name": "Gone in the CRM"})["contact_id"]
    undo(world, run)
    world.invoice.delete_contact(twin)

    again = undo(world, run)

    assert again["run"]["counts"]["added"] == 1
    assert differences(before, picture(world)) == []


@pytest.mark.requirement("S7")
def test_while_one_undo_is_under_way_another_is_refused(world: World):
    _, run = after_a_run_that_did_everything(world)
    path = f"/connection/runs/{run['run']['id']}/undo"
    first = world.connector("POST", path, {})

    second = world.connector("POST", path, {})
    world.settle()

    assert (first.status, second.status, second.json()["code"]) == (202, 409, "run_under_way")


@pytest.mark.requirement("S7", "S6")
def test_what_was_changed_after_the_preview_is_left_alone_by_its_plan(world: World):
    _, run = after_a_run_that_did_everything(world)
    preview = undo(world, run, preview=True)
    world.invoice.update_contact(world.customers()["Changed"]["contact_id"], {"billing_address": {"phone": "3"}})

    world.connector("POST", f"/connection/runs/{preview['run']['id']}/confirm")
    world.settle()

    assert world.customer("Changed")["billing_address"]["phone"] == "3"
    reasons = {op["record_name"]: op["reason"] for op in world.ops(preview["run"]["id"], outcome="skipped")}
    assert reasons["Changed"] == "changed in Invoice since: billing_address.phone; it was left as it is"


@pytest.mark.requirement("S7", "K7")
def test_a_disabled_integration_undoes_nothing(world: World):
    _, run = after_a_run_that_did_everything(world)
    world.connector("POST", "/connection/disable")

    answer = world.connector("POST", f"/connection/runs/{run['run']['id']}/undo", {})

    assert (answer.status, answer.json()["code"]) == (409, "disabled")


@pytest.mark.requirement("S7")
def test_an_undo_that_lost_its_worker_is_taken_up_where_it_was(world: World):
    before, run = after_a_run_that_did_everything(world)
    preview = undo(world, run, preview=True)
    leave_as_sent(world, preview["run"]["id"])

    world.connector("POST", f"/connection/runs/{preview['run']['id']}/confirm")
    world.settle()

    assert world.run(preview["run"]["id"])["run"]["state"] == "done"
    assert differences(before, picture(world)) == []


def leave_as_sent(world: World, run_id: int) -> None:
    """What a killed worker leaves behind: acts of which nobody knows whether they were done. One of each was."""
    with world.apps["connector"].extensions["worlds"].transaction(world.id):
        db.session.execute(update(Op).where(Op.run_id == run_id, Op.state == "planned").values(state="sent"))
        gone = db.session.execute(select(Op.crm_id).where(Op.run_id == run_id, Op.kind == "restore")).scalar_one()
    world.crm.restore_records([gone])
