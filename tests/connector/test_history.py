"""Show sync history: retry, CSV, cost and freshness (requirement S5); sections (S8); failures are told (S9)."""

import csv
import io
from typing import Any

import pytest

from tests.support.world import World

BOTH = {"extent": "both"}
LONG = "x" * 150


def with_failures(world: World, names: tuple[str, ...] = ("A", "B")) -> tuple[dict[str, Any], dict[str, str]]:
    """A sync in which products of these names fail, as Invoice takes no names so long."""
    products = {name: world.add("Products", Product_Name=f"{name}{LONG}", Product_Active=True) for name in names}
    world.add("Products", Product_Name="Desk", Product_Active=True)
    world.add_account("Acme")
    world.connect()
    return world.sync(), products


def retry(world: World, run: dict[str, Any], **body: Any) -> dict[str, Any]:
    answer = world.connector("POST", f"/connection/runs/{run['run']['id']}/retry", body)
    assert answer.status == 202, answer.body
    world.settle()
    return world.run(answer.json()["run"]["id"])


@pytest.mark.requirement("S5", "I2")
def test_retry_all_takes_just_the_failed_records(world: World):
    run, products = with_failures(world)
    assert run["run"]["counts"]["failed"] == 2
    for name, product in products.items():
        world.change("Products", product, Product_Name=f"Short {name}")
    world.add("Products", Product_Name="Came later", Product_Active=True)

    again = retry(world, run)

    assert {op["record_name"] for op in world.ops(again["run"]["id"])} == {"Short A", "Short B"}
    assert again["run"]["counts"] == {**dict.fromkeys(run["run"]["counts"], 0), "added": 2}
    assert again["run"]["about_run_id"] == run["run"]["id"]
    assert sorted(row["name"] for row in world.invoice.items()) == ["Desk", "Short A", "Short B"]


@pytest.mark.requirement("S5")
def test_retry_one_takes_that_one(world: World):
    run, products = with_failures(world)
    for name, product in products.items():
        world.change("Products", product, Product_Name=f"Short {name}")
    failed = world.ops(run["run"]["id"], outcome="failed")
    wanted = next(op for op in failed if op["crm_id"] == products["A"])

    again = retry(world, run, ops=[wanted["id"]])

    assert [op["record_name"] for op in world.ops(again["run"]["id"])] == ["Short A"]


@pytest.mark.requirement("S5")
def test_what_fails_again_is_told_again(world: World):
    run, _ = with_failures(world, ("A",))

    again = retry(world, run)

    assert again["run"]["counts"]["failed"] == 1
    assert [row["outcome"] for row in again["reasons"]] == ["failed"]


@pytest.mark.requirement("S5")
def test_a_retry_writes_the_crm_too_where_that_side_failed(world: World):
    world.connect(contacts=BOTH)
    world.add_account("Anchor")
    world.sync()
    world.invoice.create_contact({"contact_name": "Zylker", "billing_address": {"phone": "5" * 40}})
    run = world.sync()
    assert run["run"]["counts"]["failed"] == 1
    world.invoice.update_contact(world.customers()["Zylker"]["contact_id"], {"billing_address": {"phone": "5"}})

    again = retry(world, run)

    assert again["run"]["counts"]["failed"] == 0
    assert "Zylker" in {row["Account_Name"] for row in world.crm.iterate("Accounts", ["Account_Name"])}
    assert world.customer("Zylker")["zcrm_account_id"]


@pytest.mark.requirement("S5")
@pytest.mark.parametrize(
    ("body", "status", "code"),
    [({"ops": [999]}, 404, "not_found"), ({"ops": []}, 422, "bad_request"), ({"ops": ["x"]}, 422, "bad_request")],
)
def test_a_retry_of_what_did_not_fail_is_refused(world: World, body: dict[str, Any], status: int, code: str):
    run, _ = with_failures(world, ("A",))

    answer = world.connector("POST", f"/connection/runs/{run['run']['id']}/retry", body)

    assert (answer.status, answer.json()["code"]) == (status, code)


@pytest.mark.requirement("S5")
def test_where_nothing_failed_there_is_nothing_to_retry(world: World):
    world.add_account("Acme")
    world.connect()
    run = world.sync()

    answer = world.connector("POST", f"/connection/runs/{run['run']['id']}/retry", {})

    assert (answer.status, answer.json()["code"]) == (409, "nothing_failed")


@pytest.mark.requirement("S5")
def test_a_run_is_downloaded_as_csv_in_which_no_cell_is_a_formula(world: World):
    world.add_account('=HYPERLINK("http://x")', Phone="+47 555")
    world.add_account("Plain, with comma")
    world.connect()
    run = world.sync()

    answer = world.connector("GET", f"/connection/runs/{run['run']['id']}/csv")

    assert answer.headers["Content-Type"].startswith("text/csv")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="sync-{run["run"]["id"]}.csv"'
    head, *rows = csv.reader(io.StringIO(answer.body.decode()))
    assert head[:5] == ["record", "kind of record", "direction", "act", "outcome"]
    assert [row[0] for row in rows] == ['\'=HYPERLINK("http://x")', "Plain, with comma"]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert '"billing_address.phone":"+47 555"' in rows[0][-1]


@pytest.mark.requirement("S5", "C3")
@pytest.mark.parametrize("policy", ["skip", "overwrite", "clone"])
@pytest.mark.parametrize("extent", ["fetch", "both"])
def test_duplicates_of_different_names_are_counted_under_one_reason_and_each_tells_its_own(
    world: World, policy: str, extent: str
):
    names = ("Acme", "Bluebird", "Corner Shop")
    for name in names:
        world.add_account(name)
        world.invoice.create_contact({"contact_name": name})
    world.connect(contacts={"extent": extent, "duplicates": policy}, items={"enabled": False})

    run = world.sync()

    ops = [op for op in world.ops(run["run"]["id"]) if op["side"] == "invoice" and op["kind"] != "stamp"]
    assert {op["record_name"]: op["target_name"] for op in ops} == {name: name for name in names}
    (reason,) = {op["reason"] for op in ops}
    assert [row["count"] for row in run["reasons"] if row["reason"] == reason] == [len(names)]
    table = world.connector("GET", f"/connection/runs/{run['run']['id']}/csv").body.decode()
    rows = list(csv.DictReader(io.StringIO(table)))
    assert {row["other record"] for row in rows if row["reason"] == reason} == set(names)


@pytest.mark.requirement("S5")
def test_a_refusal_is_told_in_the_words_of_the_product_and_names_no_duplicate(world: World):
    world.add_account("Acme", Description="x" * 10_001)
    world.invoice.create_contact({"contact_name": "Acme"})
    world.connect(contacts={"duplicates": "overwrite"}, items={"enabled": False})

    run = world.sync()

    (failed,) = world.ops(run["run"]["id"], outcome="failed")
    assert (failed["kind"], failed["code"] is not None) == ("link", True)
    assert "duplicate" not in failed["reason"]
    assert failed["target_name"] == ""


@pytest.mark.requirement("S5")
def test_a_plan_tells_what_it_will_cost_and_the_run_what_it_did_cost(world: World):
    for number in range(3):
        world.add_account(f"Account {number}")
    world.connect()
    answer = world.connector("POST", "/connection/runs", {"kind": "dry"}).json()
    world.settle()
    preview = world.run(answer["run"]["id"])["run"]
    read = preview["cost"]["counted"]
    assert preview["cost"]["estimated"] == {"crm": read["crm"], "invoice": read["invoice"] + 3}
    calls = calls_of(world)

    world.connector("POST", f"/connection/runs/{preview['id']}/confirm")
    world.settle()

    cost = world.run(preview["id"])["run"]["cost"]
    made = {side: count - calls[side] for side, count in calls_of(world).items()}
    assert cost["counted"] == {side: read[side] + made[side] for side in made}
    assert cost["counted"]["invoice"] == cost["estimated"]["invoice"]


def calls_of(world: World) -> dict[str, int]:
    """The calls of the connector that each product's journal has, without those for tokens and by the test itself."""
    aside = ("/oauth/", "/_sim/")
    found = {}
    for side in ("crm", "invoice"):
        entries = world.control(side, "GET", f"/{world.id}/journal?limit=10000").json()["entries"]
        found[side] = sum(1 for entry in entries if not any(part in entry["path"] for part in aside))
    return found


@pytest.mark.requirement("S5")
def test_each_linked_record_tells_when_its_sides_were_last_seen_equal(world: World):
    for service in ("crm", "invoice", "connector"):
        world.control(service, "PUT", f"/{world.id}/clock", {"freeze": True})
    world.add_account("Acme")
    world.connect(contacts=BOTH)
    world.sync()
    (first,) = links(world, q="Acme")
    move(world, 3600)
    world.sync()
    (second,) = links(world, q="Acme")

    assert first["crm_seen_at"] == first["invoice_seen_at"]
    assert second["crm_seen_at"] == second["invoice_seen_at"] > first["crm_seen_at"]


@pytest.mark.requirement("S5")
def test_under_fetch_from_crm_the_side_of_invoice_was_seen_when_it_was_written(world: World):
    for service in ("crm", "invoice", "connector"):
        world.control(service, "PUT", f"/{world.id}/clock", {"freeze": True})
    world.add_account("Acme")
    world.connect()
    world.sync()
    (first,) = links(world, entity="account", state="linked")
    move(world, 3600)
    world.sync()

    (second,) = links(world, entity="account", state="linked")

    assert second["invoice_seen_at"] == first["invoice_seen_at"]
    assert second["crm_seen_at"] > first["crm_seen_at"]


def links(world: World, **filters: Any) -> list[dict[str, Any]]:
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    found: list[dict[str, Any]] = world.connector("GET", f"/connection/links?{query}").json()["links"]
    return found


def move(world: World, seconds: int) -> None:
    for service in ("crm", "invoice", "connector"):
        world.control(service, "PUT", f"/{world.id}/clock", {"advance_seconds": seconds})


# sections


@pytest.mark.requirement("S8")
@pytest.mark.parametrize(
    ("section", "customers", "items"), [("contacts", ["Acme"], []), ("items", [], ["Desk"])], ids=["contacts", "items"]
)
def test_contacts_and_items_are_each_synced_for_themselves(
    world: World, section: str, customers: list[str], items: list[str]
):
    world.add_account("Acme")
    world.add("Products", Product_Name="Desk", Product_Active=True)
    world.connect()

    answer = world.connector("POST", "/connection/runs", {"section": section})
    world.settle()

    assert (answer.status, answer.json()["run"]["section"]) == (202, section)
    assert list(world.customers()) == customers
    assert [row["name"] for row in world.invoice.items()] == items


@pytest.mark.requirement("S8")
def test_each_section_shows_the_history_of_its_own(world: World):
    world.add_account("Acme")
    world.add("Products", Product_Name="Desk", Product_Active=True)
    world.connect()
    ids = {}
    for section in ("contacts", "items", None):
        ids[section] = world.connector("POST", "/connection/runs", {"section": section}).json()["run"]["id"]
        world.settle()

    shown = {
        section: [row["id"] for row in world.connector("GET", f"/connection/runs?section={section}").json()["runs"]]
        for section in ("contacts", "items")
    }

    assert shown == {"contacts": [ids[None], ids["contacts"]], "items": [ids[None], ids["items"]]}


@pytest.mark.requirement("S8")
def test_items_that_are_left_off_cannot_be_synced(world: World):
    world.connect(items={"enabled": False})

    answer = world.connector("POST", "/connection/runs", {"section": "items"})

    assert (answer.status, answer.json()["code"]) == (409, "items_left_off")


@pytest.mark.requirement("S8", "S3")
def test_editing_items_leaves_the_settings_of_contacts_as_they_are(world: World):
    world.connect(contacts={"duplicates": "clone"}, items={"duplicates": "overwrite"})

    world.configure(items={"duplicates": "skip"})

    settings = world.connector("GET", "/connection/settings").json()["settings"]
    assert (settings["contacts"]["duplicates"], settings["items"]["duplicates"]) == ("clone", "skip")


# failures are told


@pytest.mark.requirement("S9")
def test_a_run_with_failures_sends_a_mail_and_marks_the_connection(world: World):
    run, products = with_failures(world)

    (mail,) = world.connector("GET", "/connection/mails").json()["mails"]
    whole = world.connector("GET", f"/connection/mails/{mail['id']}").json()["mail"]
    attention = world.connector("GET", "/connection").json()["connection"]["attention"]

    assert (mail["to"], mail["run_id"]) == ("asha.rao@zylker.example", run["run"]["id"])
    assert mail["subject"] == "Zoho CRM sync: 2 records could not be synced"
    assert run["reasons"][0]["reason"] in whole["body"]
    assert attention == {
        "run_id": run["run"]["id"],
        "failed": 2,
        "message": "2 records could not be synced; the sync history says why.",
    }
    for name, product in products.items():
        world.change("Products", product, Product_Name=f"Short {name}")
    retry(world, run)
    assert world.connector("GET", "/connection").json()["connection"]["attention"] is None


@pytest.mark.requirement("S9")
def test_the_mark_stays_while_only_some_of_the_failed_records_were_retried(world: World):
    run, products = with_failures(world)
    world.change("Products", products["A"], Product_Name="Short A")
    wanted = next(op for op in world.ops(run["run"]["id"], outcome="failed") if op["crm_id"] == products["A"])

    retry(world, run, ops=[wanted["id"]])

    assert world.connector("GET", "/connection").json()["connection"]["attention"]["run_id"] == run["run"]["id"]


@pytest.mark.requirement("S9")
def test_a_run_that_fails_as_a_whole_is_told_too_and_a_good_one_is_not(world: World):
    world.add_account("Acme")
    view = world.add_view(
        "Accounts", "Mine", {"field": {"api_name": "Account_Name"}, "comparator": "equal", "value": "Acme"}
    )
    world.connect(contacts={"account_view": view})
    world.sync()
    assert world.connector("GET", "/connection/mails").json()["mails"] == []
    world.crm.call("DELETE", f"/crm/v8/settings/custom_views/{view}", params={"module": "Accounts"})

    run = world.sync()

    (mail,) = world.connector("GET", "/connection/mails").json()["mails"]
    assert mail["subject"] == "Zoho CRM sync: the sync did not complete"
    whole = world.connector("GET", f"/connection/mails/{mail['id']}").json()["mail"]
    assert run["run"]["reason"] in whole["body"]


@pytest.mark.requirement("S9")
def test_there_is_no_mail_of_another_number(world: World):
    world.connect()

    answer = world.connector("GET", "/connection/mails/5")

    assert (answer.status, answer.json()["code"]) == (404, "not_found")
