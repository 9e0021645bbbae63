"""The fixture of other projects' tests, used as they use it."""

import subprocess
import sys

import pytest

from simulator.clients.base import Refusal
from simulator.http import PeerError
from simulator.testing import Zoho, assert_calls

pytestmark = pytest.mark.requirement("X7")


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_has_a_world_in_which_nobody_else_has_written(zoho: Zoho, turn):
    assert list(zoho.crm.iterate("Accounts", ["Account_Name"])) == []

    zoho.crm.create_records("Accounts", [{"Account_Name": "Acme"}])

    assert [row["Account_Name"] for row in zoho.crm.iterate("Accounts", ["Account_Name"])] == ["Acme"]


@pytest.mark.zoho(scenario="demo")
def test_a_mark_says_what_the_world_is_made_from(zoho: Zoho):
    assert {"Acme Industrial"} <= {row["Account_Name"] for row in zoho.crm.iterate("Accounts", ["Account_Name"])}


def test_credentials_point_any_client_at_the_world(zoho: Zoho):
    found = zoho.credentials

    assert (found["world"], found["crm_url"]) == (zoho.world, zoho.urls["crm"])
    assert {"client_id", "client_secret", "refresh_token", "organization_id", "people"} <= {*found}


def test_sync_connects_where_need_be_and_returns_the_ended_run(zoho: Zoho):
    zoho.crm.create_records("Accounts", [{"Account_Name": "Acme"}])

    run = zoho.sync()

    assert (run["run"]["state"], run["run"]["counts"]["added"]) == ("done", 1)
    assert [row["contact_name"] for row in zoho.invoice.contacts()] == ["Acme"]


def test_a_fault_hits_the_calls_it_names_until_it_is_cleared(zoho: Zoho):
    zoho.faults.add("invoice", "cut", when="after", method="POST", route="/contacts")

    with pytest.raises(PeerError):
        zoho.invoice.create_contact({"contact_name": "Acme"})

    assert zoho.faults.hits("invoice") == 1
    zoho.faults.clear()
    assert [row["contact_name"] for row in zoho.invoice.contacts()] == ["Acme"]


def test_the_connectors_own_answers_can_be_broken_too(zoho: Zoho):
    zoho.faults.add("connector", "status", status=503, times=1, path="/connection$")

    with pytest.raises(PeerError):
        zoho.connector_api.hurried(1).connection()

    assert zoho.connector_api.connection() is None


def test_the_clock_is_moved_for_all_services(zoho: Zoho):
    start = zoho.clock.now()

    zoho.clock.advance(days=2, hours=1)

    assert 176_400 <= (zoho.clock.now() - start).total_seconds() < 176_460
    zoho.clock.freeze()
    assert zoho.clock.now() == zoho.clock.now()


@pytest.mark.parametrize("hour", range(1, 24, 4))
def test_today_is_the_date_that_a_new_document_carries_at_any_hour(zoho: Zoho, hour):
    zoho.clock.freeze()
    zoho.clock.advance(hours=(hour - zoho.clock.now().hour) % 24)
    customer = zoho.invoice.create_contact({"contact_name": "Acme"})["contact_id"]

    sold = {"customer_id": customer, "line_items": [{"name": "Work", "rate": 1}]}
    made = zoho.invoice.ask("POST", "/estimates", json=sold)["estimate"]

    assert zoho.today().isoformat() == made["date"]


def test_the_journal_tells_calls_since_a_mark(zoho: Zoho):
    zoho.crm.create_records("Accounts", [{"Account_Name": "Before"}])
    mark = zoho.journal.mark()

    zoho.crm.create_records("Accounts", [{"Account_Name": "Acme"}])
    zoho.crm.org()

    assert [(call.method, call.path) for call in zoho.journal.calls(mark, ["crm"])] == [
        ("POST", "/crm/v8/Accounts"),
        ("GET", "/crm/v8/org"),
    ]
    (write,) = zoho.journal.writes(mark)
    assert write.body() == {"data": [{"Account_Name": "Acme"}]}


def test_a_person_of_the_world_sees_the_products_as_he_may(zoho: Zoho):
    other = next(one for one in zoho.people if one["profile"] and not one["is_admin"])

    assert zoho.crm_of(other["email"]).current_user()["email"] == other["email"]
    with pytest.raises(Refusal):
        zoho.crm_of(other["email"]).call("POST", "/crm/v8/settings/zsc_key")


def test_snapshot_restore_and_reset_put_all_services_back(zoho: Zoho):
    zoho.crm.create_records("Accounts", [{"Account_Name": "Acme"}])
    zoho.snapshot("one")
    zoho.invoice.create_contact({"contact_name": "Zylker"})

    zoho.restore("one")

    assert [row["contact_name"] for row in zoho.invoice.contacts()] == []
    zoho.reset()
    assert list(zoho.crm.iterate("Accounts", ["Account_Name"])) == []


def test_calls_beyond_what_was_allowed_fail_and_are_named(zoho: Zoho):
    with assert_calls(zoho, at_most=1):
        zoho.crm.org()

    @assert_calls(zoho, at_most=1)
    def two_calls():
        zoho.crm.org()
        zoho.crm.org()

    with pytest.raises(AssertionError, match=r"2 calls were made, 1 were allowed:\n  crm: GET /crm/v8/org"):
        two_calls()


def test_pytest_is_not_slowed_by_the_plugin_before_a_test_asks_for_a_world():
    heavy = ("flask", "sqlalchemy", "requests")
    code = f"import sys, simulator.pytest_plugin; print([name for name in {heavy} if name in sys.modules])"

    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert shown.stdout == "[]\n"
