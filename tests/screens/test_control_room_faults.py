"""Control room: faults are picked from a list or written, count what they hit, and are switched off (X5)."""

import re
from typing import Any

import pytest

from tests.support.hub_in_process import HubInProcess
from tests.support.visitor import Visitor
from tests.support.world import World

pytestmark = pytest.mark.requirement("X5")


def rules(world: World) -> list[dict[str, Any]]:
    return HubInProcess(world).faults(world.id)


def read_accounts(world: World) -> int:
    return int(
        world.outbound.call("GET", "http://crm.test/crm/v8/Accounts?fields=id", headers=token(world), attempts=1).status
    )


def token(world: World) -> dict[str, str]:
    return {"Authorization": f"Zoho-oauthtoken {world.sign_in('crm')}"}


def test_each_fault_of_the_list_can_be_switched_on(world: World, asha: Visitor):
    names = re.findall(r'name="ready" value="([^"]+)"', asha.get("/control-room/faults").text)

    pages = [asha.follow("/control-room/faults/ready", ready=name).text for name in names]

    assert len(names) == len(rules(world)) >= 8
    assert all("the rule is on." in page for page in pages)


def test_a_rule_that_is_written_hits_and_counts(world: World, asha: Visitor):
    form = {"service": "crm", "kind": "status", "status": "400", "method": "GET", "route": "/Accounts", "times": "1"}
    asha.follow("/control-room/faults", **form)

    statuses = [read_accounts(world), read_accounts(world)]

    page = asha.get("/control-room/faults").text
    assert statuses == [400, 204]
    assert "GET /Accounts, 1 at most" in page
    assert re.search(r'<td class="num">2</td>\s*<td class="num">1</td>', page)


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("times", "many", "times is a number, not &#39;many&#39;."),
        ("route", "contacts", "A route begins with /."),
        ("path", "(", "not a pattern"),
        ("code", "NEVER_HEARD", "The codes of this product are"),
        ("status", "200", "200 only with html."),
        ("service", "nobody", "does not run here"),
    ],
)
def test_a_rule_that_makes_no_sense_is_told_and_stands_in_the_form(
    world: World, asha: Visitor, field: str, value: str, told: str
):
    answer = asha.post("/control-room/faults", **{"service": "crm", "kind": "status", "times": "3", field: value})

    assert answer.status_code == 422
    assert told in answer.text
    assert f'name="times" value="{value if field == "times" else 3}"' in answer.text
    assert rules(world) == []


def test_all_off_lets_calls_through_and_keeps_the_counters(world: World, asha: Visitor):
    asha.follow("/control-room/faults", service="crm", kind="status", status="400", route="/Accounts")
    broken = read_accounts(world)

    page = asha.follow("/control-room/faults/off").text

    assert broken == 400
    assert read_accounts(world) == 204
    assert [(rule["enabled"], rule["hits"]) for rule in rules(world)] == [(False, 1)]
    assert "Switch on<span" in page


def test_one_rule_is_switched_on_again_and_deleted(world: World, asha: Visitor):
    asha.follow("/control-room/faults", service="crm", kind="status", status="400", route="/Accounts")
    (rule,) = rules(world)
    place = f"/control-room/faults/crm/{rule['id']}"

    asha.follow(f"{place}/off")
    off = read_accounts(world)
    asha.follow(f"{place}/on")
    on = read_accounts(world)
    asha.follow(f"{place}/delete")

    assert (off, on) == (204, 400)
    assert rules(world) == []


def test_a_rule_that_is_gone_is_told(asha: Visitor):
    assert "There is no fault" in asha.follow("/control-room/faults/crm/abcd1234/off").text


def test_all_rules_are_taken_away(world: World, asha: Visitor):
    asha.follow("/control-room/faults/ready", ready="busy-crm")
    asha.follow("/control-room/faults/ready", ready="invoice-down")

    page = asha.follow("/control-room/faults/clear").text

    assert "Nothing is broken" in page
    assert rules(world) == []


def test_a_fault_that_is_not_in_the_list_is_told(asha: Visitor):
    assert "no such fault in the list" in asha.follow("/control-room/faults/ready", ready="earthquake").text
