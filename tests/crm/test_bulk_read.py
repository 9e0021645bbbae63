"""Bulk read: a job that exports a module as a CSV file in a zip (crm-api.md §7.2)."""

import csv
import io
import json
import time
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from mock_crm import create_app
from mock_crm.bulk import query, reading
from simulator import wire
from simulator.config import Config
from simulator.database import session
from simulator.outbox import outbox
from tests.crm.api import SALES, SUPPORT, Answer, Crm
from tests.crm.conftest import URLS, credentials

PATH = "/read"
HOOK = "http://127.0.0.1:9/done"


def bulk(crm: Crm, method: str, path: str, body: Any = None, version: str = "v8") -> Answer:
    raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Zoho-oauthtoken {crm.token}"}
    answer = crm.client.open(f"/crm/bulk/{version}{path}", method=method, headers=headers, data=raw)
    return Answer(answer.status_code, wire.loads(answer.data), answer.headers)


def ask(crm: Crm, module: Any = "Accounts", version: str = "v8", **asked: Any) -> Answer:
    callback = {"callback": asked.pop("callback")} if "callback" in asked else {}
    named = {"api_name": module} if isinstance(module, str) and version != "v2" else module
    return bulk(crm, "POST", PATH, {"query": {"module": named, **asked}, **callback}, version)


def made(crm: Crm, *more: Any, **asked: Any) -> str:
    answer = ask(crm, *more, **asked)
    assert answer.status == 201, answer.body
    return str(answer.body["data"][0]["details"]["id"])


def work(crm: Crm) -> int:
    return int(crm.app.extensions["bulk_worker"].work(crm.world))


def job(crm: Crm, number: str, version: str = "v8") -> dict[str, Any]:
    answer = bulk(crm, "GET", f"{PATH}/{number}", version=version)
    assert answer.status == 200, answer.body
    return dict(answer.body["data"][0])


def lines(crm: Crm, number: str) -> list[list[str]]:
    """The rows of the result, its header first."""
    answer = crm.client.get(
        f"/crm/bulk/v8{PATH}/{number}/result", headers={"Authorization": f"Zoho-oauthtoken {crm.token}"}
    )
    assert (answer.status_code, answer.mimetype) == (200, "application/x-download")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.namelist() == [f"{number}.csv"]
        return list(csv.reader(io.StringIO(archive.read(f"{number}.csv").decode())))


def exported(crm: Crm, *more: Any, **asked: Any) -> list[list[str]]:
    number = made(crm, *more, **asked)
    work(crm)
    return lines(crm, number)


def test_criteria_of_version_2_name_the_field_without_an_object(crm: Crm):
    acme = crm.add("Accounts", Account_Name="Acme")
    crm.add("Accounts", Account_Name="Other")
    criteria = {"api_name": "Account_Name", "comparator": "equal", "value": "Acme"}

    rows = exported(crm, version="v2", fields=["Account_Name"], criteria=criteria)

    assert [row[0] for row in rows[1:]] == [acme]


def test_a_job_is_added_done_and_its_result_downloaded(crm: Crm):
    acme = crm.add("Accounts", Account_Name='Acme "A", Inc.', Annual_Revenue=12.5)
    zylker = crm.add("Accounts", Account_Name="Zylker\nLtd")

    answer = ask(crm, fields=["Account_Name", "Annual_Revenue"])

    assert answer.status == 201
    assert answer.body["info"] == {}
    outcome = answer.body["data"][0]
    assert (outcome["code"], outcome["message"]) == ("ADDED_SUCCESSFULLY", "Added successfully.")
    assert outcome["details"].keys() == {"id", "operation", "state", "created_by", "created_time"}
    number = outcome["details"]["id"]
    assert job(crm, number)["state"] == "ADDED"
    assert "result" not in job(crm, number)
    assert bulk(crm, "GET", f"{PATH}/{number}/result").code == "RESOURCE_NOT_FOUND"

    assert work(crm) == 1

    done = job(crm, number)
    assert done["state"] == "COMPLETED"
    assert done["query"]["page"] == 1
    assert done["result"] == {
        "page": 1,
        "per_page": 200_000,
        "count": 2,
        "download_url": f"/crm/bulk/v8/read/{number}/result",
        "more_records": False,
        "next_page_token": None,
    }
    assert lines(crm, number) == [
        ["id", "Account_Name", "Annual_Revenue"],
        [acme, 'Acme "A", Inc.', "12.5"],
        [zylker, "Zylker\nLtd", ""],
    ]
    assert work(crm) == 0


def test_without_fields_all_are_exported(crm: Crm):
    crm.add("Contacts", Last_Name="Doe", Email_Opt_Out=True)

    header, row = exported(crm, "Contacts")

    assert header[0] == "id"
    assert {"Last_Name", "Email", "Owner", "Created_Time"} <= set(header)
    values = dict(zip(header, row, strict=True))
    assert (values["Last_Name"], values["Email_Opt_Out"], values["Email"]) == ("Doe", "true", "")
    assert values["Owner"] == crm.user("asha.rao@zylker.example")


def test_an_empty_module_gives_a_file_with_a_header(crm: Crm):
    assert exported(crm, fields=["Account_Name"]) == [["id", "Account_Name"]]


def test_fields_behind_lookups_are_exported(crm: Crm):
    parent = crm.add("Accounts", Account_Name="Parent", Phone="1")
    child = crm.add("Accounts", Account_Name="Child", Parent_Account={"id": parent})
    crm.add("Contacts", Last_Name="A", Account_Name={"id": child})
    crm.add("Contacts", Last_Name="B")

    rows = exported(
        crm,
        "Contacts",
        fields=["Last_Name", "Account_Name", "Account_Name.Account_Name", "Account_Name.Parent_Account.Phone"],
    )

    assert [row[1:] for row in rows[1:]] == [["A", child, "Child", "1"], ["B", "", "", ""]]


def test_criteria_and_views_choose_the_records(crm: Crm):
    for name, city in (("Acme", "Pune"), ("Zylker", "Austin"), ("Zoo", "Pune")):
        crm.add("Accounts", Account_Name=name, Billing_City=city)
    in_pune = {"field": {"api_name": "Billing_City"}, "comparator": "equal", "value": "Pune"}
    with_z = {"field": {"api_name": "Account_Name"}, "comparator": "starts_with", "value": "Z"}
    both = {"group_operator": "and", "group": [in_pune, with_z]}

    assert [row[1] for row in exported(crm, fields=["Account_Name"], criteria=in_pune)[1:]] == ["Acme", "Zoo"]
    assert [row[1] for row in exported(crm, fields=["Account_Name"], criteria=both)[1:]] == ["Zoo"]
    view = crm.view("Accounts", "My Accounts")
    assert len(exported(crm, cvid=view)) == 4
    assert len(exported(crm.as_(SALES), cvid=view)) == 1


def test_pages_follow_each_other_by_number_and_by_token(crm: Crm, monkeypatch: pytest.MonkeyPatch):
    for module, value in ((query, 4), (reading, 4)):
        monkeypatch.setattr(module, "PER_PAGE", value)
    monkeypatch.setattr(reading, "AT_ONCE", 2)
    crm.create("Accounts", *[{"Account_Name": f"A{number}"} for number in range(10)])
    first = made(crm, fields=["Account_Name"])
    work(crm)
    token = job(crm, first)["result"]["next_page_token"]

    third = made(crm, fields=["Account_Name"], page=3)
    second = made(crm, fields=["Account_Name", "Phone"], page_token=token)
    work(crm)

    assert [row[1] for row in lines(crm, first)[1:]] == ["A0", "A1", "A2", "A3"]
    assert [row[1] for row in lines(crm, second)[1:]] == ["A4", "A5", "A6", "A7"]
    assert [row[1] for row in lines(crm, third)[1:]] == ["A8", "A9"]
    assert [job(crm, number)["result"]["more_records"] for number in (first, second, third)] == [True, True, False]
    assert ask(crm, page_token=token, page=2).code == "AMBIGUITY_DURING_PROCESSING"
    assert ask(crm, "Contacts", page_token=token).code == "TOKEN_BOUND_DATA_MISMATCH"
    crm.advance(hours=25)
    assert ask(crm.as_("asha.rao@zylker.example"), page_token=token).code == "EXPIRED_VALUE"


def test_version_2_names_the_module_by_a_string(crm: Crm):
    number = made(crm, "Accounts", version="v2")

    assert job(crm, number, "v2")["query"]["module"] == "Accounts"
    assert job(crm, number)["query"]["module"]["api_name"] == "Accounts"


def test_who_asked_is_called_back_at_the_end(crm: Crm):
    number = made(crm, callback={"url": HOOK, "method": "post"})
    work(crm)

    with crm.app.extensions["worlds"].transaction(crm.world, reads_only=True):
        (row,) = session().execute(select(outbox.c.url, outbox.c.body)).all()
    body = wire.loads(row.body)
    assert (row.url, body["job_id"], body["state"], body["result"]["count"]) == (HOOK, number, "COMPLETED", 0)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "REQUEST_BODY_NOT_SUPPORTED"),
        ({}, "MISSING_REQUIRED_KEY"),
        ({"query": 5}, "REQUEST_BODY_NOT_SUPPORTED"),
        ({"query": {}}, "MISSING_REQUIRED_KEY"),
        ({"query": {"module": "Nope"}}, "MODULE_NOT_AVAILABLE"),
        ({"query": {"module": {"api_name": 5}}}, "MODULE_NOT_AVAILABLE"),
        ({"query": {"module": "Accounts", "fields": "Phone"}}, "REQUEST_BODY_NOT_SUPPORTED"),
        ({"query": {"module": "Accounts", "fields": ["Nope"]}}, "FIELD_NOT_AVAILABLE"),
        ({"query": {"module": "Accounts", "fields": ["Phone.Phone"]}}, "FIELD_NOT_AVAILABLE"),
        ({"query": {"module": "Accounts", "fields": ["Parent_Account.Nope"]}}, "FIELD_NOT_AVAILABLE"),
        ({"query": {"module": "Accounts", "fields": ["a.b.c.d"]}}, "JOIN_LIMIT_EXCEEDED"),
        ({"query": {"module": "Accounts", "page": 0}}, "PAGE_NOT_SUPPORTED"),
        ({"query": {"module": "Accounts", "page": "1"}}, "PAGE_NOT_SUPPORTED"),
        ({"query": {"module": "Accounts", "page_token": "x"}}, "TOKEN_BOUND_DATA_MISMATCH"),
        ({"query": {"module": "Accounts", "page_token": 5}}, "TOKEN_BOUND_DATA_MISMATCH"),
        ({"query": {"module": "Accounts", "cvid": "5"}}, "INVALID_DATA"),
        ({"query": {"module": "Accounts", "criteria": 5}}, "INVALID_CRITERIA"),
        (
            {"query": {"module": "Accounts", "criteria": {"field": {"api_name": "N"}, "comparator": "equal"}}},
            "FIELD_IN_CRITERIA_NOT_AVAILABLE",
        ),
        (
            {"query": {"module": "Accounts", "criteria": {"field": {"api_name": "Phone"}, "comparator": "between"}}},
            "FIELD_AND_COMPARATOR_IN_CRITERIA_NOT_COMPATIBLE",
        ),
        (
            {
                "query": {
                    "module": "Accounts",
                    "criteria": {"field": {"api_name": "Employees"}, "comparator": "equal", "value": "many"},
                }
            },
            "FIELD_AND_VALUE_IN_CRITERIA_NOT_COMPATIBLE",
        ),
        ({"query": {"module": "Accounts"}, "file_type": "ics"}, "JOB_NOT_SUPPORTED"),
        ({"query": {"module": "Accounts"}, "callback": {"method": "post"}}, "MISSING_REQUIRED_KEY"),
        ({"query": {"module": "Accounts"}, "callback": {"url": HOOK, "method": "get"}}, "INVALID_CALLBACK_METHOD"),
        (
            {"query": {"module": "Accounts"}, "callback": {"url": "http://elsewhere.example/", "method": "post"}},
            "INVALID_CALLBACK_URL",
        ),
    ],
    ids=lambda value: str(value)[:70],
)
def test_what_makes_no_sense_is_refused(still: Crm, body: Any, code: str):
    answer = bulk(still, "POST", PATH, body)

    assert (answer.status, answer.code) == (400, code)


@pytest.mark.parametrize("number", ["1", "x", "99999999999999999999"])
@pytest.mark.parametrize("end", ["", "/result"])
def test_an_unknown_job_is_not_found(still: Crm, number: str, end: str):
    answer = bulk(still, "GET", f"{PATH}/{number}{end}")

    assert (answer.status, answer.code) == (404, "RESOURCE_NOT_FOUND")


def test_a_job_belongs_to_who_asked_for_it_and_to_his_world(crm: Crm, new_world: Any):
    number = made(crm)
    work(crm)

    for stranger in (crm.as_(SALES), new_world()):
        assert bulk(stranger, "GET", f"{PATH}/{number}").code == "RESOURCE_NOT_FOUND"
        assert bulk(stranger, "GET", f"{PATH}/{number}/result").code == "RESOURCE_NOT_FOUND"


def test_the_profile_and_the_scopes_hold(crm: Crm):
    support = crm.as_(SUPPORT)

    assert (ask(support, "Deals").status, ask(support, "Deals").code) == (403, "NO_PERMISSION")
    assert ask(crm.with_scopes("ZohoCRM.modules.ALL")).code == "OAUTH_SCOPE_MISMATCH"
    assert ask(crm.with_scopes("ZohoCRM.bulk.ALL")).code == "OAUTH_SCOPE_MISMATCH"
    assert ask(crm.with_scopes("ZohoCRM.bulk.read", "ZohoCRM.modules.accounts.READ")).status == 201


def test_a_job_fails_when_its_user_may_no_longer_read_the_module(crm: Crm):
    sales = crm.as_(SALES)
    number = made(sales, "Deals", callback={"url": HOOK, "method": "post"})
    crm.allow("Sales", Crm_Implied_View_Potentials=False)

    work(crm)

    assert job(sales, number)["state"] == "FAILURE"
    assert bulk(sales, "GET", f"{PATH}/{number}/result").code == "RESOURCE_NOT_FOUND"


def test_a_job_that_was_under_way_when_the_service_stopped_is_done_after_all(crm: Crm, monkeypatch: pytest.MonkeyPatch):
    crm.add("Accounts", Account_Name="Acme")
    number = made(crm, fields=["Account_Name"])

    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("mock_crm.bulk.doing.result_of", stop)
        with pytest.raises(KeyboardInterrupt):
            work(crm)
    assert job(crm, number)["state"] == "IN PROGRESS"

    assert work(crm) == 1
    assert [row[1] for row in lines(crm, number)] == ["Account_Name", "Acme"]


def test_a_world_with_unfinished_jobs_is_not_at_rest(crm: Crm):
    made(crm)
    path = f"/_sim/worlds/{crm.world}/rest"

    assert crm.client.post(path).status_code == 409
    work(crm)
    assert crm.client.post(path).status_code == 200


def test_the_service_does_jobs_by_itself_also_those_it_was_stopped_in(tmp_path: Path):
    config = Config(name="crm", data_dir=tmp_path, urls=URLS, background=False)
    stopped = create_app(config)
    body = {"id": "bulk0001", "scenario": "empty", "credentials": credentials("bulk0001")}
    assert stopped.test_client().post("/_sim/worlds", json=body).status_code == 201
    first = made(Crm(stopped, "bulk0001"))

    running = create_app(replace(config, background=True))
    crm = Crm(running, "bulk0001")
    second = made(crm)

    deadline = time.monotonic() + 10
    while {job(crm, number)["state"] for number in (first, second)} != {"COMPLETED"}:
        assert time.monotonic() < deadline, "the jobs were not done in 10 s"
        time.sleep(0.02)
    running.extensions["sender"]._stopping = True
