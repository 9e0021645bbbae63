"""The scenarios: what a fresh world holds (requirements X2, X3)."""

import re
from datetime import date, datetime
from pathlib import Path

import pytest

from simulator import scenarios
from simulator.scenarios import ScenarioError, load_folder, resolve_dates
from tests.crm.api import Crm

CUSTOMERS = (
    "Acme Industrial,Brightwater Foods,Cobalt Logistics,Delphi Instruments,Evergreen Outfitters,Falcon Avionics,"
    "Granite Peak Mining,Harborview Hotels,Ironwood Furniture,Juniper Textiles,Kestrel Robotics,Lumen Lighting"
)
RESERVED_EMAIL = re.compile(r"[^@]+@[a-z0-9.]+\.example")


@pytest.fixture
def demo(new_world) -> Crm:
    return new_world("demo")


@pytest.mark.requirement("X2")
def test_the_demo_company_is_lived_in(demo: Crm):
    counts = {
        module: demo.get(f"/{module}/actions/count").body["count"]
        for module in ("Accounts", "Contacts", "Products", "Deals", "Leads", "Quotes", "Sales_Orders", "Invoices")
    }

    assert counts == {
        "Accounts": 60,
        "Contacts": 156,
        "Products": 40,
        "Deals": 120,
        "Leads": 24,
        "Quotes": 54,
        "Sales_Orders": 32,
        "Invoices": 28,
    }


def test_the_demos_documents_follow_from_one_another(demo: Crm):
    invoices = demo.get("/Invoices?fields=Sales_Order,Account_Name,Grand_Total").body["data"]
    notes = demo.get("/Notes?fields=Note_Content,Parent_Id").body["data"]

    for invoice in invoices:
        order = demo.record("Sales_Orders", invoice["Sales_Order"]["id"])
        quote = demo.record("Quotes", order["Quote_Name"]["id"])
        assert invoice["Account_Name"] == order["Account_Name"] == quote["Account_Name"]
        assert invoice["Grand_Total"] == order["Grand_Total"] == quote["Grand_Total"] > 0
        assert demo.record("Deals", quote["Deal_Name"]["id"])["Stage"] == "Closed Won"
    assert {note["Parent_Id"]["module"]["api_name"] for note in notes} == {"Accounts", "Deals", "Leads"}


def test_the_demo_has_the_customers_and_products_that_invoice_has_too(demo: Crm):
    accounts = demo.names("/Accounts?fields=Account_Name", "Account_Name")
    products = demo.names("/Products?fields=Product_Name", "Product_Name")

    assert set(CUSTOMERS.split(",")) <= set(accounts)
    assert {"Zylker Desk Standard", "Zylker Desk Pro", "On-site installation", "Annual maintenance"} <= set(products)


def test_the_demos_potentials_stand_in_all_stages_and_hang_together(demo: Crm):
    fields = "Stage,Probability,Amount,Account_Name,Contact_Name,Owner,Created_Time,Modified_Time,Closing_Date"
    potentials = demo.get(f"/Deals?fields={fields}").body["data"]

    assert len({record["Stage"] for record in potentials}) == 9
    for record in potentials:
        assert record["Account_Name"] is not None
        created = datetime.fromisoformat(record["Created_Time"])
        assert created <= datetime.fromisoformat(record["Modified_Time"])
        is_closed = record["Stage"].startswith("Closed")
        assert is_closed == (record["Probability"] in (0, 100))
    assert len({record["Owner"]["email"] for record in potentials}) == 3


def test_the_demos_email_addresses_are_reserved_for_fiction(demo: Crm):
    emails = demo.names("/Contacts?fields=Email", "Email")

    assert len(emails) == 156
    assert all(RESERVED_EMAIL.fullmatch(email) for email in emails)


def test_loading_a_scenario_tells_nobody(demo: Crm):
    assert demo.client.post(f"/_sim/worlds/{demo.world}/rest", json={}).get_json()["at_rest"] is True


@pytest.mark.requirement("X3")
def test_a_scenario_gives_the_same_ids_each_time(demo: Crm, new_world):
    path = "/Deals?fields=Deal_Name"

    assert demo.get(path).body["data"] == new_world("demo").get(path).body["data"]


@pytest.mark.requirement("X3")
def test_a_reset_brings_records_people_and_metadata_back(crm: Crm):
    crm.add("Accounts", Account_Name="Acme")
    crm.allow("Support", Crm_Implied_View_Accounts=False)
    crm.post("/settings/pipeline/stages", {"stages": [{"display_value": "X", "probability": 5}]})

    ticket = crm.client.post(f"/_sim/worlds/{crm.world}/prepare", json={"kind": "reset"}).get_json()
    assert crm.client.post(f"/_sim/worlds/{crm.world}/swap", json=ticket).status_code == 204

    assert crm.get("/Accounts?fields=id").status == 204
    assert crm.as_("emma.li@zylker.example").get("/Accounts?fields=id").status == 204
    assert crm.create("Deals", {"Deal_Name": "D", "Stage": "X"}).code == "INVALID_DATA"


@pytest.mark.requirement("X3")
def test_a_restored_world_never_shows_what_was_known_of_its_later_life(crm: Crm):
    def swap(kind: str) -> None:
        body = {"kind": kind, "name": "one"}
        ticket = crm.client.post(f"/_sim/worlds/{crm.world}/prepare", json=body).get_json()
        assert crm.client.post(f"/_sim/worlds/{crm.world}/swap", json=ticket).status_code == 204

    def stages(name: str) -> int:
        answer = crm.post("/settings/pipeline/stages", {"stages": [{"display_value": name, "probability": 5}]})
        return int(answer.status)

    swap("snapshot")
    assert stages("Later") == 201
    swap("restore")
    assert stages("Another") == 201

    assert crm.create("Deals", {"Deal_Name": "D", "Stage": "Later"}).code == "INVALID_DATA"
    assert crm.create("Deals", {"Deal_Name": "D", "Stage": "Another"}).status == 201


def test_dates_of_a_scenario_are_relative_to_its_day():
    day = date(2026, 3, 8)

    assert resolve_dates({"a": ["@-1d", "@+0d", "plain", 5]}, day) == {"a": ["2026-03-07", "2026-03-08", "plain", 5]}
    assert resolve_dates("@-1d10:30", day) == "2026-03-07T10:30:00+00:00"
    assert resolve_dates("@+1d10:30", day, "America/Los_Angeles") == "2026-03-09T10:30:00-07:00"
    assert resolve_dates("mail@-1d.example", day) == "mail@-1d.example"


def test_a_file_that_is_no_json_is_named(tmp_path: Path):
    (tmp_path / "users.json").write_text("{")

    with pytest.raises(ScenarioError, match=r"users\.json"):
        load_folder(tmp_path, date(2026, 1, 1))


def test_the_documentation_of_the_resolver_is_true():
    import doctest

    assert doctest.testmod(scenarios, extraglobs={"date": date}).failed == 0
