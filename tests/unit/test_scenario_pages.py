"""The scenarios as their pages tell them: what each holds, that it loads in silence, how a sync in it ends (X3)."""

import doctest
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from simulator.hub import HubError
from simulator.scenarios import ScenarioError, load_folder, pages
from simulator.scenarios.pages import OUTCOMES, Page, page_names, page_of
from simulator.worlds import SCENARIOS
from tests.support.hub_in_process import HubInProcess
from tests.support.world import ADMIN, Simulator, World

pytestmark = pytest.mark.requirement("X3")

DAY = date(2026, 3, 1)
NAMES = {
    *("big", "demo", "duplicates", "empty", "first-overlap", "half-broken"),
    *("month-end", "multicurrency", "us-edition"),
}


@pytest.fixture(scope="session")
def made(simulator: Simulator) -> dict[str, World]:
    """The scenarios' worlds, each made once by the hub."""
    return {}


@pytest.fixture(params=sorted(NAMES))
def scenario(request: pytest.FixtureRequest) -> Page:
    return page_of(request.param)


@pytest.fixture
def loaded(scenario: Page, simulator: Simulator, made: dict[str, World]) -> World:
    """The scenario's world; the tests of one scenario share it, in their order."""
    if scenario.name not in made:
        hub, world_id = HubInProcess(simulator.new_world()), f"scene{len(made):03d}"
        made[scenario.name] = World(simulator, world_id, scenario.name, hub.create_world(world_id, scenario.name))
    return made[scenario.name]


def test_every_scenario_has_a_page_and_every_page_a_scenario() -> None:
    folders = {path.name for path in SCENARIOS.iterdir() if (path / "crm").is_dir()}

    assert set(page_names()) == folders == NAMES


def test_a_page_says_what_it_is_for_and_what_to_try(scenario: Page) -> None:
    assert scenario.title
    assert scenario.purpose.endswith(".")
    assert len(scenario.to_try) >= 2


def test_a_scenario_holds_what_its_page_says(scenario: Page, loaded: World) -> None:
    held = {
        "crm": {module: count_in_crm(loaded, module) for module in scenario.holds["crm"]},
        "invoice": {kind: len(list(loaded.invoice.iterate(f"/{kind}", kind))) for kind in scenario.holds["invoice"]},
    }

    assert held == scenario.holds


def count_in_crm(world: World, module: str) -> Any:
    return world.crm.call("GET", f"/crm/v8/{module}/actions/count").json()["count"]


def test_a_scenario_loads_without_firing_a_trigger(scenario: Page, loaded: World) -> None:
    assert HubInProcess(loaded).busy(loaded.id) == {}
    assert [entry for service in loaded.apps for entry in loaded.writes(service)] == []


def test_a_sync_in_it_ends_as_its_page_says(scenario: Page, loaded: World, no_long_waits: None) -> None:
    join(loaded)
    if scenario.sync is None:
        return
    loaded.configure(**with_view(loaded, scenario.sync.settings))

    run = loaded.sync()["run"]

    assert run["state"] == "done"
    assert {name: run["counts"][name] for name in OUTCOMES} == {**dict.fromkeys(OUTCOMES, 0), **scenario.sync.counts}
    if scenario.refuses:
        answer = loaded.connector("PUT", "/connection/settings", scenario.refuses["settings"])
        assert (answer.status, answer.json()["message"]) == (422, scenario.refuses["says"])


def join(world: World) -> None:
    """Connects the products, or gives an integration that has lost its access a new key."""
    has_connection = world.connector("GET", "/connection").json()["connection"]
    method, path = ("PUT", "/connection/credentials") if has_connection else ("POST", "/connection")
    answer = world.connector(method, path, {"email": ADMIN, "zsc_key": world.new_zsc_key()})
    assert answer.status in (200, 201), answer.body


def with_view(world: World, settings: dict[str, Any]) -> dict[str, Any]:
    """The settings with the id of the view they name."""
    named = settings.get("contacts", {}).get("account_view")
    if named is None:
        return settings
    views = world.connector("GET", "/connection/views?module=Accounts").json()["views"]
    found = next(view["id"] for view in views if view["name"] == named)
    return {**settings, "contacts": {**settings["contacts"], "account_view": found}}


def test_the_history_of_the_half_broken_company_names_records_that_are_there(simulator: Simulator) -> None:
    world = simulator.new_world("half-broken")
    runs = world.connector("GET", "/connection/runs").json()["runs"]
    ops = [op for run in runs for op in world.ops(run["id"])]
    names = {"account": ("Accounts", "Account_Name"), "product": ("Products", "Product_Name")}

    for op in ops:
        if op["crm_id"] and op["entity"] in names:
            module, name = names[op["entity"]]
            (record,) = world.crm.call("GET", f"/crm/v8/{module}/{op['crm_id']}").json()["data"]
            assert record[name] == op["record_name"]
    assert {run["state"] for run in runs} == {"done", "failed"}
    assert len({(op["code"], op["reason"]) for op in ops if op["outcome"] in ("failed", "skipped")}) >= 10


def test_a_reconnected_half_broken_company_makes_up_for_the_potentials_won_meanwhile(simulator: Simulator) -> None:
    world = simulator.new_world("half-broken")
    join(world)
    world.configure(contacts={"duplicates": "overwrite"})
    world.sync()

    (acme,) = [
        row for row in world.crm.iterate("Accounts", ["Account_Name"]) if row["Account_Name"] == "Acme Industrial"
    ]
    world.add_potential("New order", acme["id"], "Closed Won")
    world.settle()

    invoices = world.invoice.iterate("/invoices", "invoices")
    assert {row["reference_number"] for row in invoices} == {"New order", "Acme fit-out"}


def test_generated_records_are_the_same_each_time_and_an_unknown_kind_is_named(tmp_path: Path) -> None:
    asked = '{"generated": "%s", "count": 3, "seed": 7}'
    (tmp_path / "accounts.json").write_text(asked % "accounts")

    first, second = (load_folder(tmp_path, DAY) for _ in range(2))
    (tmp_path / "accounts.json").write_text(asked % "ghosts")

    assert first == second
    assert len(first["accounts"]) == 3
    with pytest.raises(ScenarioError, match="ghosts"):
        load_folder(tmp_path, DAY)


def test_an_unknown_scenario_is_refused_by_the_hub(world: World) -> None:
    with pytest.raises(HubError, match="no scenario 'nowhere'"):
        HubInProcess(world).create_world("scene999", "nowhere")


def test_the_documentation_of_the_pages_is_true() -> None:
    assert doctest.testmod(pages).failed == 0
