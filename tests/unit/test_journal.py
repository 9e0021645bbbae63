"""The journal: a write's entry shares the write's fate, reads and refusals are kept too, no secret is ever shown."""

import sqlite3
import threading
import time

import pytest

from simulator import journal
from simulator.entry import Entry
from simulator.journal import ReadJournal
from simulator.read_entries import ReadFile
from tests.unit.toy import WORLD, Toy, toy_app, toy_client

TRACE = "00-" + "1" * 32 + "-" + "2" * 16 + "-01"


def an_entry(number: int = 0, **values) -> Entry:
    known = {"at": f"2026-01-01T00:00:{number:05d}", "trace": TRACE, "caller": "c", "method": "GET", "path": "/x"}
    return Entry(
        **{**known, "query": "", "status": 200, "milliseconds": 1.0, "request": b"", "response": b"", **values}
    )


def in_database(toy: Toy) -> list[str]:
    return [path for (path,) in toy.stored("SELECT path FROM journal_entry WHERE path != '/oauth/v2/token'")]


def test_a_writes_entry_is_made_with_the_write(toy):
    toy.add("Acme")

    assert in_database(toy) == ["/things"]
    (entry,) = toy.journal("writes=1&path=/things")
    assert (entry["method"], entry["status"], entry["caller"]) == ("POST", 201, toy.keys["client_id"])
    assert entry["request"] == '{"name":"Acme"}'
    assert '"name":"Acme"' in entry["response"]
    assert entry["milliseconds"] > 0


def test_a_write_that_is_undone_has_no_entry_among_the_writes_but_is_told(toy):
    client = toy_client(toy)
    client.post("/things", json={"name": "Acme", "status": 409}, headers=toy.headers)
    client.post("/things", json={"name": "Acme", "fail": "exception"}, headers=toy.headers)
    client.post("/things", json={"name": "Acme"}, headers={"Authorization": f"Bearer 1000.{WORLD}aaaa.bb"})

    assert in_database(toy) == []
    assert [entry["status"] for entry in toy.journal("path=/things")] == [401, 500, 409]


def test_a_failed_commit_takes_its_entry_with_it(toy, monkeypatch):
    monkeypatch.setattr("simulator.app.STALE_WAIT", 0)
    toy.stale_commits(1000)

    status = toy_client(toy).post("/count", headers=toy.headers).status_code

    assert status == 500
    assert in_database(toy) == []
    assert [entry["status"] for entry in toy.journal("path=/count")] == [500]


def test_a_write_that_cannot_be_journaled_is_not_made(toy, monkeypatch):
    def fail(entry: Entry, limit: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(journal, "record_write", fail)
    status = toy_client(toy).post("/things", json={"name": "Acme"}, headers=toy.headers).status_code

    assert (status, toy.names()) == (500, ["seed"])


def test_reads_and_unknown_addresses_are_told_newest_first(toy):
    toy.call("GET", "/things?page=2")
    toy.call("GET", "/missing")

    entries = toy.journal()

    assert [(entry["path"], entry["status"]) for entry in entries[:2]] == [("/missing", 404), ("/things", 200)]
    assert entries[1]["query"] == "page=2"
    assert "seed" in entries[1]["response"]


def test_the_trace_that_came_in_is_told(toy):
    toy.call("GET", "/things", headers={"traceparent": TRACE})
    toy.add("Acme")

    assert [entry["path"] for entry in toy.journal(f"trace={'1' * 32}")] == ["/things"]
    assert toy.journal("writes=1&path=/things")[0]["trace"] != TRACE


@pytest.mark.parametrize(
    ("query", "statuses"),
    [
        ("path=/things", [404, 201, 200]),
        ("path=/things&method=post", [404, 201]),
        ("path=/things&status=201", [201]),
        ("text=needle", [201]),
        ("path=/things&writes=1", [201]),
        ("path=/things&method=DELETE", []),
        ("path=/things&limit=1", [404]),
    ],
)
def test_the_journal_can_be_narrowed_down(toy, query, statuses):
    toy.call("GET", "/things")
    toy.add("needle")
    toy.add("other", status=404)

    answer = toy.control("GET", f"/journal?{query}")

    assert [entry["status"] for entry in answer.get_json()["entries"]] == statuses


def test_a_limit_that_is_no_number_is_refused(toy):
    assert toy.control("GET", "/journal?limit=many").status_code == 400


def test_no_secret_of_a_call_is_ever_shown(toy):
    token = toy.headers["Authorization"].split()[1]
    values = {"grant_type": "refresh_token", **toy.keys}
    client = toy.app.test_client()
    client.post("/oauth/v2/token", data=values)
    client.post("/oauth/v2/token", query_string=values)
    client.post("/oauth/v2/token", data=values, content_type="multipart/form-data")
    client.post("/oauth/v2/token", data={**values, "client_secret": toy.keys["client_secret"] + "x"})
    client.get(f"/things?authtoken={token}")
    toy.add("Acme", password="pass-word-1", zsc_key='qu"oted-2', note={"access_token": "deep-3", "code": "grant-4"})
    toy.call("GET", "/things", headers={"User-Agent": f"agent {token}"})

    shown = str(toy.journal())

    for secret in (*list(toy.keys.values())[1:], token, "pass-word-1", "oted-2", "deep-3", "grant-4"):
        assert secret not in shown
    assert toy.keys["client_id"] in shown
    assert "grant_type" in shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"code":"INVALID_DATA","token":"abc"}', '{"code":"INVALID_DATA","token":"***"}'),
        ('{"code": 1002}', '{"code": 1002}'),
        ('{"code":0,"contact":{"Code" : "a1b2c3"}}', '{"code":0,"contact":{"Code" : "***"}}'),
        ('{"code":0,"zsc_key":"abc"}', '{"code":0,"zsc_key":"***"}'),
        ('name="code"\r\n\r\ngrant\r\n--', 'name="code"\r\n\r\n***\r\n--'),
        ('{"code":"a1b2c3"}', '{"code":"***"}'),
        ('{"Password" : "x"}', '{"Password" : "***"}'),
        (r'{"password":"a\"b","name":"n"}', '{"password":"***","name":"n"}'),
        ('{"client_secret":"cut off he', '{"client_secret":"***"'),
        ("a=1&client_secret=x%20y&b=2", "a=1&client_secret=***&b=2"),
        ("?code=1000.x&state=s", "?code=***&state=s"),
        ("barcode=5&keyboard=6", "barcode=5&keyboard=6"),
        (f"see 1000.demo0001{'a' * 24}.{'b' * 32} there", "see *** there"),
        ('name="password"\r\n\r\nsecret\r\n--', 'name="password"\r\n\r\n***\r\n--'),
        (
            'name="token"\r\nContent-Type: text/plain\r\n\r\nt\r\n--',
            'name="token"\r\nContent-Type: text/plain\r\n\r\n***\r\n--',
        ),
        ('name="note"\r\n\r\nopen\r\n--', 'name="note"\r\n\r\nopen\r\n--'),
        ('{"product":"token"}', '{"product":"token"}'),
    ],
    ids=lambda text: text[:30],
)
def test_what_is_a_secret_is_masked_and_nothing_else(text, expected):
    assert journal.masked(text) == expected


def test_bodies_are_cut_after_32_kb(toy):
    toy.add("x" * 60_000)
    toy.add("y" * 60_000, status=400)

    written, refused = toy.journal("path=/things&status=201")[0], toy.journal("path=/things&status=400")[0]

    for entry, letter in ((written, "x"), (refused, "y")):
        for body in (entry["request"], entry["response"]):
            assert 32_000 < len(body) < 33_000
            assert body.endswith(f"{letter}… (cut after 32 KB)")


def test_of_what_a_read_answered_8_kb_are_kept(toy):
    toy.add("x" * 20_000)

    assert toy.names() == ["seed", "x" * 20_000]

    (entry,) = toy.journal("path=/things&method=GET")
    assert 8_000 < len(entry["response"]) < 8_300
    assert entry["response"].endswith("x… (cut after 8 KB)")


def test_a_body_that_is_no_text_is_told_all_the_same():
    assert journal.body_text(b"\xff\x00ok") == "�\x00ok"


def test_old_entries_of_writes_are_trimmed_to_the_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(journal, "TRIM_EVERY", 8)
    toy = Toy.made(toy_app(tmp_path, journal_limit=5))
    for number in range(15):
        toy.add(f"thing {number}")

    entries = toy.journal("writes=1")

    assert len(in_database(toy)) == 5
    assert [entry["request"] for entry in entries] == [f'{{"name":"thing {n}"}}' for n in range(14, 9, -1)]


def test_a_limit_of_0_keeps_no_journal(tmp_path):
    toy = Toy.made(toy_app(tmp_path, journal_limit=0))

    assert toy.add("Acme").status_code == 201
    assert toy.add("refused", status=400).status_code == 400

    assert toy.journal("") == []
    assert in_database(toy) == []


def test_old_entries_of_reads_are_trimmed_world_by_world(tmp_path, monkeypatch):
    monkeypatch.setattr(journal, "TRIM_EVERY", 1)
    kept = ReadJournal(ReadFile(tmp_path / "reads.journal"), limit=5)
    kept.add("quiet001", an_entry(0))
    for number in range(40):
        kept.add("busy0001", an_entry(number))
        kept.flush()

    busy = kept.entries("busy0001", 1000)

    assert 5 <= len(busy) <= 5 + 8
    assert busy[0].at.endswith("00039")
    assert len(kept.entries("quiet001", 1000)) == 1


def test_entries_of_reads_outlive_the_process(tmp_path):
    before = ReadJournal(ReadFile(tmp_path / "reads.journal"), 100)
    before.add(WORLD, an_entry(path="/before"))
    before.flush()

    again = ReadJournal(ReadFile(tmp_path / "reads.journal"), 100)
    again.add(WORLD, an_entry(path="/after"))

    assert [entry.path for entry in again.entries(WORLD, 10)] == ["/after", "/before"]


def test_a_file_that_cannot_be_opened_costs_entries_and_holds_up_nobody(tmp_path):
    kept = ReadJournal(ReadFile(tmp_path / "missing" / "reads.journal"), 100)
    kept.add(WORLD, an_entry(path="/lost"))
    kept.flush()
    (tmp_path / "missing").mkdir()
    kept.add(WORLD, an_entry(path="/kept"))

    assert [entry.path for entry in kept.entries(WORLD, 10)] == ["/kept"]
    assert kept.dropped == 1


def test_what_does_not_fit_into_the_queue_is_counted_and_never_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr(journal, "WAITING_LIMIT", 5)
    held, let_go = threading.Event(), threading.Event()

    def stuck(self, batch) -> None:
        held.set()
        let_go.wait(10)

    monkeypatch.setattr(ReadFile, "write", stuck)
    kept = ReadJournal(ReadFile(tmp_path / "reads.journal"), 100)
    kept.add(WORLD, an_entry())
    assert held.wait(10)

    started = time.monotonic()
    for number in range(12):
        kept.add(WORLD, an_entry(number))
    took = time.monotonic() - started
    let_go.set()

    assert took < 1
    assert kept.dropped == 7
    kept.flush()


def test_a_disk_that_refuses_costs_entries_and_not_the_thread(tmp_path, monkeypatch):
    kept = ReadJournal(ReadFile(tmp_path / "reads.journal"), 100)
    write, failures = ReadFile.write, [1]

    def refuse_once(self, batch) -> None:
        if failures and failures.pop():
            raise sqlite3.OperationalError("database or disk is full")
        write(self, batch)

    monkeypatch.setattr(ReadFile, "write", refuse_once)
    kept.add(WORLD, an_entry(path="/lost"))
    kept.flush()
    kept.add(WORLD, an_entry(path="/kept"))

    assert [entry.path for entry in kept.entries(WORLD, 10)] == ["/kept"]
    assert kept.dropped == 1


def test_how_many_were_dropped_is_told(toy):
    toy.app.extensions["read_journal"].dropped = 3

    assert toy.control("GET", "/journal").get_json()["dropped"] == 3


def test_two_worlds_have_journals_of_their_own(toy, other):
    toy.add("Acme")
    toy.call("GET", "/things?mine")

    assert "Acme" not in str(other.journal())
    assert other.journal("path=/things") == []


def test_control_routes_are_no_part_of_the_journal(toy):
    toy.clock(advance_seconds=1)

    assert toy.journal("path=/_sim") == []
