"""Worlds on a PostgreSQL server: the same answers as from files, worlds apart, writers one after the other."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

import mock_crm
from simulator import config, postgres, settings
from simulator.config import Config, ConfigError
from simulator.context import entered
from simulator.entry import Entry
from simulator.journal import ReadJournal
from tests.crm.api import Crm
from tests.crm.conftest import credentials
from tests.support.databases import COMPARED, SERVER, database_of, drop_database_of, postgres_only
from tests.unit.toy import in_threads

URLS = {name: f"http://{name}.test" for name in config.SERVICES}
WORLD, OTHER = "demo0001", "demo0002"


@dataclass
class Both:
    """The demo company twice: in files and on the server."""

    files: Crm
    server: Crm

    def ask(self, path: str, **more: Any) -> Any:
        """What both answer, checked to be the same but for the addresses of pages."""
        answers = [crm.get(path, **more) for crm in (self.files, self.server)]
        shown = [(answer.status, _without_tokens(answer.body)) for answer in answers]
        assert shown[0] == shown[1]
        return answers[1]


def _without_tokens(body: Any) -> Any:
    info = (body or {}).get("info")
    if not info:
        return body
    return {**body, "info": {name: value for name, value in info.items() if "token" not in name}}


def crm_app(folder: Path, database_url: str | None) -> Flask:
    made = Config(name="crm", data_dir=folder, urls=URLS, background=False, database_url=database_url)
    return mock_crm.create_app(made)


def new_world(app: Flask, world: str, scenario: str = "empty") -> Crm:
    body = {"id": world, "scenario": scenario, "credentials": credentials(world)}
    answer = app.test_client().post("/_sim/worlds", json=body)
    assert answer.status_code == 201, answer.text
    return Crm(app, world)


@pytest.fixture(scope="module")
def server_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("server")
    yield crm_app(folder, database_of(folder))
    drop_database_of(folder)


@pytest.fixture(scope="module")
def both(server_app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Both:
    files = crm_app(tmp_path_factory.mktemp(COMPARED), None)
    return Both(new_world(files, "both0001", "demo"), new_world(server_app, "both0001", "demo"))


@pytest.fixture
def crm(server_app: Flask) -> Iterator[Crm]:
    """A fresh world on the server: people and no records."""
    yield new_world(server_app, WORLD)
    server_app.test_client().delete(f"/_sim/worlds/{WORLD}")


@pytest.fixture
def other(server_app: Flask) -> Iterator[Crm]:
    yield new_world(server_app, OTHER)
    server_app.test_client().delete(f"/_sim/worlds/{OTHER}")


def put(crm: Crm, kind: str, name: str | None = None) -> None:
    where = f"/_sim/worlds/{crm.world}"
    ticket = crm.client.post(f"{where}/prepare", json={"kind": kind, "name": name})
    assert ticket.status_code == 200, ticket.text
    assert crm.client.post(f"{where}/swap", json=ticket.get_json()).status_code == 204


def accounts(crm: Crm) -> list[str]:
    return sorted(crm.names("/Accounts?fields=Account_Name", "Account_Name"))


def search(criteria: str) -> str:
    from urllib.parse import quote

    return f"/Deals/search?criteria={quote(criteria)}"


@postgres_only
@pytest.mark.parametrize(
    "path",
    [
        "/Accounts?fields=Account_Name,Owner",
        "/Accounts?fields=Account_Name&sort_by=Created_Time&sort_order=asc&per_page=3",
        "/Deals?fields=Deal_Name,Amount,Stage&per_page=5&page=2",
        "/Contacts?fields=Last_Name,Email,Account_Name&sort_by=Modified_Time",
        "/Deals/search?word=de",
        "/Contacts/search?phone=555",
        search("(Amount:greater_than:1000)"),
        search("(Amount:between:1000,50000)"),
        search("(Stage:equals:closed won)or(Probability:less_than:20)"),
        search("(Deal_Name:starts_with:a)"),
        search("(Closing_Date:greater_equal:2026-01-01)and(Amount:not_equal:0)"),
        search("(Account_Name:equals:zylker)"),
        search("(Deal_Name:equals:É)"),
        search("(Amount:equals:99999999999999999)"),
    ],
)
def test_lists_and_searches_answer_as_from_files(both, path):
    assert both.ask(path).status in (200, 204)


@postgres_only
@pytest.mark.parametrize("module", ["Accounts", "Contacts", "Deals"])
def test_views_answer_as_from_files(both, module):
    for view in both.ask(f"/settings/custom_views?module={module}").body["custom_views"]:
        both.ask(f"/{module}?fields=id&per_page=20&cvid={view['id']}")


@postgres_only
@pytest.mark.parametrize("field", ["Deal_Name", "Amount", "Closing_Date", "Stage", "Account_Name", "Description"])
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_lists_sorted_by_any_field_answer_as_from_files(both, field, order):
    both.ask(f"/Deals?sort_by={field}&sort_order={order}", version="v2")


@postgres_only
def test_text_sorts_by_its_bytes_and_folds_ascii_only_where_the_word_has_no_more(crm):
    for name in ("b", "A", "Äb", "ä", "Z", "É"):
        crm.add("Accounts", Account_Name=name)

    answer = crm.get("/Accounts?sort_by=Account_Name&sort_order=asc", version="v2")
    found = crm.names("/Accounts/search?criteria=(Account_Name:equals:%C3%A4)&fields=Account_Name", "Account_Name")

    assert [row["Account_Name"] for row in answer.body["data"]] == ["A", "b", "Z", "Äb", "É", "ä"]
    assert sorted(found) == ["Äb", "ä"]


@postgres_only
def test_a_world_is_reset_kept_and_put_back(crm):
    crm.add("Accounts", Account_Name="Acme")
    put(crm, "snapshot", "One-x")
    crm.add("Accounts", Account_Name="Zylker")

    put(crm, "restore", "One-x")
    restored = accounts(crm)
    put(crm, "reset")

    assert restored == ["Acme"]
    assert accounts(crm) == []
    assert crm.client.get(f"/_sim/worlds/{WORLD}/snapshots").get_json() == {"snapshots": [{"name": "One-x"}]}
    with crm.app.extensions["worlds"].transaction(WORLD, reads_only=True):
        assert settings.read("epoch") == 3


@postgres_only
def test_ids_go_on_after_a_reset_as_they_did_in_the_scenario(crm):
    first = crm.add("Accounts", Account_Name="Acme")
    put(crm, "reset")

    assert crm.add("Accounts", Account_Name="Acme") == first


@postgres_only
def test_a_failed_swap_leaves_everything_as_it_was(crm, monkeypatch):
    crm.add("Accounts", Account_Name="Acme")
    worlds = crm.app.extensions["worlds"]
    ticket = worlds.prepare(WORLD, "reset", None)
    monkeypatch.setattr("simulator.schemas._restart", lambda table: "SELECT 1/0")

    with pytest.raises(Exception, match="division by zero"):
        worlds.swap(ticket)
    monkeypatch.undo()

    assert accounts(crm) == ["Acme"]
    assert crm.add("Accounts", Account_Name="Zylker")
    worlds.swap(ticket)
    assert accounts(crm) == []


@postgres_only
def test_a_deleted_world_leaves_no_schema(crm):
    put(crm, "snapshot", "one")
    crm.app.extensions["worlds"].prepare(WORLD, "reset", None)
    storage = crm.app.extensions["worlds"]._storage

    assert crm.client.delete(f"/_sim/worlds/{WORLD}").status_code == 204

    assert storage._named(WORLD) == []
    assert crm.get("/Accounts?fields=id").status == 401


@postgres_only
def test_two_worlds_never_see_each_others_rows(crm, other):
    crm.add("Accounts", Account_Name="Acme")
    other.add("Accounts", Account_Name="Zylker")

    put(crm, "reset")

    assert (accounts(crm), accounts(other)) == ([], ["Zylker"])


@postgres_only
def test_raw_sql_stays_in_its_world_too(crm, other):
    other.add("Accounts", Account_Name="Zylker")
    counted = []
    for world in (WORLD, OTHER):
        with crm.app.extensions["worlds"].get(world).engine.connect() as connection:
            counted.append(connection.exec_driver_sql("SELECT count(*) FROM record").scalar_one())

    assert counted == [0, 1]


@postgres_only
def test_concurrent_writers_lose_nothing_and_need_few_connections(crm, server_app):
    def add(number: int) -> None:
        client = replace_client(crm)
        for place in range(5):
            assert client.create("Accounts", {"Account_Name": f"{number}-{place}"}).status == 201

    assert in_threads(16, add) == []

    assert len(accounts(crm)) == 80
    server_app.extensions["read_journal"].flush()  # else its thread may be about to keep the last read
    pool = server_app.extensions["worlds"]._storage._engine.pool
    assert pool.checkedout() == 0
    assert pool.checkedin() <= postgres.POOL_SIZE


def replace_client(crm: Crm) -> Crm:
    """The same caller with a client of his own, as clients belong to a thread."""
    return Crm(crm.app, crm.world, token=crm.token)


@postgres_only
def test_of_two_that_take_the_same_unique_value_one_is_refused_in_the_vendors_words(crm):
    field = {"field_label": "Tax Id", "data_type": "text", "length": 20, "unique": {"casesensitive": False}}
    assert crm.post("/settings/fields?module=Accounts", {"fields": [field]}).status == 201
    answers: list[Any] = []

    def add(number: int) -> None:
        answers.append(replace_client(crm).create("Accounts", {"Account_Name": f"{number}", "Tax_Id": "X1"}))

    assert in_threads(4, add) == []

    assert sorted(answer.code for answer in answers) == ["DUPLICATE_DATA"] * 3 + ["SUCCESS"]


@postgres_only
def test_a_writes_journal_entry_shares_its_fate(crm):
    crm.add("Accounts", Account_Name="Acme")
    refused = crm.create("Accounts", {"Account_Name": ""})

    written = crm.client.get(f"/_sim/worlds/{WORLD}/journal?writes=1&path=/Accounts").get_json()["entries"]
    everything = crm.client.get(f"/_sim/worlds/{WORLD}/journal?path=/Accounts").get_json()["entries"]

    assert refused.status >= 400
    assert ["Acme" in entry["request"] for entry in written] == [True]
    assert len(everything) == 2


@postgres_only
def test_a_read_cannot_write(crm):
    world = crm.app.extensions["worlds"].get(WORLD)

    with (
        entered(world, reads_only=True),
        world.engine.connect() as connection,
        pytest.raises(Exception, match="read-only"),
    ):
        connection.exec_driver_sql("DELETE FROM record")


@postgres_only
def test_entries_of_reads_are_trimmed_and_forgotten_world_by_world(server_app, monkeypatch):
    monkeypatch.setattr("simulator.journal.TRIM_EVERY", 1)
    journal = ReadJournal(server_app.extensions["worlds"]._storage.reads(), limit=5)
    known = {"trace": "t", "caller": "c", "method": "GET", "query": "", "status": 200, "milliseconds": 1.5}
    for number in range(40):
        journal.add("busy0001", Entry(at=f"{number:03d}", path="/\0", request=b"\0", response=b"", **known))
        journal.flush()
    journal.add("quiet001", Entry(at="000", path="/x", request=b"", response=b"", **known))

    busy = journal.entries("busy0001", 1000)
    journal.forget("busy0001")

    assert 5 <= len(busy) <= 5 + 8
    assert (busy[0].at, busy[0].path, busy[0].milliseconds) == ("039", "/\N{REPLACEMENT CHARACTER}", 1.5)
    assert journal.entries("busy0001", 10) == []
    assert [entry.path for entry in journal.entries("quiet001", 10)] == ["/x"]
    assert journal.dropped == 0


@postgres_only
def test_worlds_come_back_with_a_new_process(crm, tmp_path):
    crm.add("Accounts", Account_Name="Acme")

    again = crm_app(tmp_path, crm.app.extensions["config"].database_url)

    assert accounts(Crm(again, WORLD, token=crm.token)) == ["Acme"]


@postgres_only
def test_older_templates_of_a_scenario_are_thrown_away(server_app, monkeypatch):
    worlds = server_app.extensions["worlds"]
    fingerprint: Callable[[Path], str] = worlds._fingerprint
    worlds._template("empty")
    monkeypatch.setattr(worlds, "_fingerprint", lambda folder: fingerprint(folder)[::-1])

    newer = worlds._template("empty")

    prefix = newer.rpartition("_")[0]
    assert worlds._storage._named(f"^{prefix}_") == [newer]


@postgres_only
def test_a_server_that_can_be_used_is_no_problem():
    assert postgres.problem(str(SERVER)) is None


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://ann:hush@127.0.0.1:1/x", "cannot be used"),
        ("postgresql://ann:hu%40sh@127.0.0.1:1/x", "cannot be used"),
        ("postgresql://ann:hush@host@no.such.host.example/x", "cannot be used"),
        ("postgresql://ann:hush@127.0.0.1:port/x", ""),
    ],
)
def test_a_server_that_does_not_answer_is_told_in_one_line_without_the_password(url, said):
    pytest.importorskip("psycopg")

    problem = postgres.problem(url)

    assert problem is not None
    assert said in problem
    assert "DATABASE_URL" in problem
    assert "\n" not in problem
    assert "hush" not in problem
    assert "hu@sh" not in problem


@pytest.mark.parametrize("url", ["mysql://ann:hush@host/x", "sqlite:///x.db", "host/x", "hush"])
def test_an_address_that_is_not_postgresqls_is_refused_in_one_line(monkeypatch, url):
    monkeypatch.setenv("DATABASE_URL", url)

    with pytest.raises(ConfigError, match="DATABASE_URL is no address of PostgreSQL") as refused:
        Config.from_environment("crm")

    assert "hush" not in str(refused.value)


def test_a_missing_driver_is_told_with_its_remedy(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://ann:hush@host/x")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with pytest.raises(ConfigError, match=r"pip install 'zoho-simulator\[scale\]'"):
        Config.from_environment("crm")


def test_the_web_needs_no_database(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "mysql://host/x")

    assert Config.from_environment("web").database_url is None


def test_the_address_is_not_shown_with_the_configuration(tmp_path):
    made = Config(name="crm", data_dir=tmp_path, urls=URLS)

    assert "hush" not in repr(replace(made, database_url="postgresql://ann:hush@host/x"))
