"""Bulk write: a file is uploaded, a job writes its rows, and says what became of each (crm-api.md §7.2)."""

import csv
import io
import struct
import zipfile
from typing import Any

import pytest
from sqlalchemy import select

from mock_crm.bulk import applying
from simulator import wire
from simulator.database import session
from simulator.outbox import outbox
from tests.crm.api import SALES, STANDARD, SUPPORT, Answer, Crm
from tests.crm.test_bulk_read import bulk, work

PATH = "/write"
ACCOUNTS = "Account_Name,Phone,Annual_Revenue\nAcme,1,10.5\nZylker,2,\n"


def zipped(*texts: str | bytes, names: tuple[str, ...] = ("rows.csv",)) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in zip(names, texts, strict=True):
            archive.writestr(name, text)
    return content.getvalue()


def upload(crm: Crm, content: bytes | None, **headers: str) -> Answer:
    org = crm.get("/org").body["org"][0]["zgid"]
    sent = {"Authorization": f"Zoho-oauthtoken {crm.token}", "feature": "bulk-write", "X-CRM-ORG": org, **headers}
    data = {} if content is None else {"file": (io.BytesIO(content), "rows.zip")}
    answer = crm.client.post(
        "/crm/v8/upload",
        data=data,
        headers={key.replace("_", "-"): value for key, value in sent.items()},
        content_type="multipart/form-data",
    )
    return Answer(answer.status_code, wire.loads(answer.data), answer.headers)


def file_of(crm: Crm, text: str | bytes) -> str:
    answer = upload(crm, zipped(text))
    assert answer.status == 200, answer.body
    return str(answer.details["file_id"])


def ask(crm: Crm, text: str | bytes, operation: str = "insert", module: str = "Accounts", **more: Any) -> Answer:
    top = {key: more.pop(key) for key in ("callback", "ignore_empty", "character_encoding") if key in more}
    resource = {"type": "data", "module": {"api_name": module}, "file_id": file_of(crm, text), **more}
    return bulk(crm, "POST", PATH, {"operation": operation, "resource": [resource], **top})


def written(crm: Crm, *args: Any, **more: Any) -> dict[str, Any]:
    """The job after it was done."""
    answer = ask(crm, *args, **more)
    assert answer.status == 201, answer.body
    work(crm)
    return job(crm, answer.details["id"])


def job(crm: Crm, number: str) -> dict[str, Any]:
    answer = bulk(crm, "GET", f"{PATH}/{number}")
    assert answer.status == 200, answer.body
    return dict(answer.body)


def counts(shown: dict[str, Any]) -> tuple[int, int, int, int]:
    file = shown["resource"][0]["file"]
    return file["total_count"], file["added_count"], file["updated_count"], file["skipped_count"]


def result(crm: Crm, shown: dict[str, Any]) -> list[list[str]]:
    path = shown["result"]["download_url"].removeprefix("http://crm.test")
    answer = crm.client.get(path, headers={"Authorization": f"Zoho-oauthtoken {crm.token}"})
    assert (answer.status_code, answer.mimetype) == (200, "application/x-download")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        (name,) = archive.namelist()
        assert name.endswith(".csv")
        return list(csv.reader(io.StringIO(archive.read(name).decode())))


def columns(*names: str) -> list[dict[str, Any]]:
    return [{"api_name": name, "index": place} for place, name in enumerate(names)]


def test_a_file_is_uploaded_and_its_rows_inserted(crm: Crm):
    uploaded = upload(crm, zipped(ACCOUNTS))
    assert (uploaded.status, uploaded.code, uploaded.body["message"]) == (200, "FILE_UPLOAD_SUCCESS", "file uploaded.")
    assert uploaded.details.keys() == {"file_id", "created_time"}

    answer = ask(crm, ACCOUNTS, field_mappings=columns("Account_Name", "Phone", "Annual_Revenue"))
    assert (answer.status, answer.code, answer.body["message"]) == (201, "SUCCESS", "success")
    assert answer.details.keys() == {"id", "created_by"}
    assert job(crm, answer.details["id"])["status"] == "ADDED"
    assert "result" not in job(crm, answer.details["id"])

    work(crm)

    done = job(crm, answer.details["id"])
    assert (done["status"], done["operation"], counts(done)) == ("COMPLETED", "insert", (2, 2, 0, 0))
    (acme,) = crm.get("/Accounts/search?criteria=(Account_Name:equals:Acme)").body["data"]
    assert (acme["Phone"], acme["Annual_Revenue"]) == ("1", 10.5)
    assert result(crm, done)[:2] == [
        ["Account_Name", "Phone", "Annual_Revenue", "STATUS", "RECORD_ID", "ERRORS"],
        ["Acme", "1", "10.5", "ADDED", acme["id"], ""],
    ]


def test_without_mappings_the_header_names_the_fields(crm: Crm):
    assert counts(written(crm, ACCOUNTS)) == (2, 2, 0, 0)
    assert sorted(crm.names("/Accounts?fields=Account_Name", "Account_Name")) == ["Acme", "Zylker"]


def test_rows_that_do_not_fit_are_skipped_with_their_errors(crm: Crm):
    text = "Name,Staff,Opt\nFine,5,\n,5,\nMany,lots,\nLong,99999999999,x\n"
    mappings = columns("Account_Name", "Employees", "Annual_Revenue")

    done = written(crm, text, field_mappings=mappings)

    assert counts(done) == (4, 1, 0, 3)
    assert [row[3:] for row in result(crm, done)[2:]] == [
        ["SKIPPED", "", "MANDATORY_NOT_FOUND-Name"],
        ["SKIPPED", "", "INVALID_DATA-Staff"],
        ["SKIPPED", "", "INVALID_DATA-Staff:INVALID_DATA-Opt"],
    ]


def test_records_are_updated_by_their_id(crm: Crm):
    made = crm.add("Accounts", Account_Name="Acme", Phone="1")
    text = f"id,Phone\n{made},2\n123,3\n,4\nx,5\n{made},6\n"

    done = written(crm, text, "update", find_by="id")

    assert counts(done) == (5, 0, 2, 3)
    assert [row[2:] for row in result(crm, done)[1:]] == [
        ["UPDATED", made, ""],
        ["SKIPPED", "", "RESOURCE_NOT_FOUND-id"],
        ["SKIPPED", "", "MANDATORY_NOT_FOUND-id"],
        ["SKIPPED", "", "RESOURCE_NOT_FOUND-id"],
        ["UPDATED", made, ""],
    ]
    assert crm.record("Accounts", made)["Phone"] == "6"


def test_an_upsert_inserts_what_is_not_there_and_updates_what_is(crm: Crm):
    made = crm.add("Contacts", Last_Name="Doe", Email="doe@a.example", Phone="1")
    text = "Last_Name,Email,Phone\nDoe,DOE@a.example,2\nNew,new@a.example,3\nNew,new@a.example,4\nNone,,5\n"

    done = written(crm, text, "upsert", "Contacts", find_by="Email")

    assert counts(done) == (4, 2, 2, 0)
    assert crm.record("Contacts", made)["Phone"] == "2"
    (new,) = crm.get("/Contacts/search?email=new@a.example").body["data"]
    assert new["Phone"] == "4"


def test_an_insert_with_a_key_skips_what_is_there(crm: Crm):
    crm.add("Accounts", Account_Name="Acme", Phone="old")

    done = written(crm, ACCOUNTS, find_by="Account_Name")

    assert counts(done) == (2, 1, 0, 1)
    assert result(crm, done)[1][3:] == ["SKIPPED", "", "DUPLICATE_DATA-Account_Name"]


@pytest.mark.parametrize(("ignores", "phone"), [(True, "1"), (False, None)])
def test_empty_cells_clear_fields_unless_they_are_ignored(crm: Crm, ignores: bool, phone: str | None):
    made = crm.add("Accounts", Account_Name="Acme", Phone="1")

    written(crm, f"id,Phone,Fax\n{made},,7\n", "update", find_by="id", ignore_empty=ignores)

    found = crm.record("Accounts", made)
    assert (found["Phone"], found["Fax"]) == (phone, "7")


def test_lookups_are_found_by_id_and_by_key(crm: Crm):
    acme = crm.add("Accounts", Account_Name="Acme")
    ben = crm.user(STANDARD)
    text = f"A,{acme},{STANDARD}\nB,acme,{STANDARD}\nC,Nobody,\n"
    by_name = [
        {"api_name": "Last_Name", "index": 0},
        {"api_name": "Account_Name", "index": 1, "find_by": "Account_Name"},
        {"api_name": "Owner", "index": 2, "find_by": "email"},
    ]
    by_id = [by_name[0], {"api_name": "Account_Name", "index": 1, "find_by": "id"}]

    named = written(crm, f"L,A,O\n{text}", module="Contacts", field_mappings=by_name)
    numbered = written(crm, f"L,A,O\n{text}", module="Contacts", field_mappings=by_id)

    assert [row[3] for row in result(crm, named)[1:]] == ["SKIPPED", "ADDED", "SKIPPED"]
    assert result(crm, named)[1][5] == "INVALID_DATA-A"
    assert [row[3] for row in result(crm, numbered)[1:]] == ["ADDED", "SKIPPED", "SKIPPED"]
    contact = crm.record("Contacts", result(crm, named)[2][4])
    assert (contact["Account_Name"]["id"], contact["Owner"]["id"]) == (acme, ben)


def test_types_formats_and_defaults_are_read_from_text(crm: Crm):
    text = 'Name,Stage,Close,Amount,Chance\nBig,,31-12-2026,"1,5",55\nOdd,Qualification,2026-12-31,1.25,x\n'
    mappings = columns("Deal_Name", "Stage", "Closing_Date", "Amount", "Probability")
    mappings[1]["default_value"] = {"value": "Closed Won"}
    mappings[2]["format"] = "dd-MM-yyyy"
    contacts = "Last_Name,Email_Opt_Out,Date_of_Birth\nA,TRUE,2000-01-02\nB,no,\nC,maybe,\n"

    deals = result(crm, written(crm, text, module="Deals", field_mappings=mappings))
    people = result(crm, written(crm, contacts, module="Contacts"))

    assert [row[3] for row in deals[1:]] == ["SKIPPED", "SKIPPED"]
    assert [row[5] for row in deals[1:]] == ["INVALID_DATA-Amount", "INVALID_DATA-Close:INVALID_DATA-Chance"]
    assert [row[3] for row in people[1:]] == ["ADDED", "ADDED", "SKIPPED"]
    assert crm.record("Contacts", people[1][4])["Date_of_Birth"] == "2000-01-02"
    mended = text.replace('"1,5"', "1.5")
    (row,) = result(crm, written(crm, mended, module="Deals", field_mappings=mappings))[1:2]
    deal = crm.record("Deals", row[4])
    assert (deal["Stage"], deal["Closing_Date"], deal["Amount"], deal["Probability"]) == (
        "Closed Won",
        "2026-12-31",
        1.5,
        55,
    )


def test_other_encodings_are_read_when_they_are_named(crm: Crm):
    done = written(crm, "Account_Name\nZürich\n".encode("iso-8859-1"), character_encoding="ISO-8859-1")

    assert counts(done) == (1, 1, 0, 0)
    assert crm.names("/Accounts?fields=Account_Name", "Account_Name") == ["Zürich"]
    assert ask(crm, "Account_Name\nA\n", character_encoding="EBCDIC").code == "INVALID_DATA"
    assert ask(crm, "Account_Name\nZürich\n".encode("iso-8859-1")).status == 400


def test_who_asked_is_called_back_and_no_channel_hears_of_it(crm: Crm):
    channel = {"channel_id": "1", "events": ["Accounts.all"], "notify_url": "http://127.0.0.1:9/hook"}
    crm.post("/actions/watch", {"watch": [channel]})

    done = written(crm, ACCOUNTS, callback={"url": "http://127.0.0.1:9/done", "method": "post"})

    with crm.app.extensions["worlds"].transaction(crm.world, reads_only=True):
        (row,) = session().execute(select(outbox.c.url, outbox.c.body)).all()
    assert row.url == "http://127.0.0.1:9/done"
    assert wire.loads(row.body) == {"job_id": done["id"], **done}


def test_a_file_of_several_is_named(crm: Crm):
    content = zipped("Account_Name\nA\n", "Account_Name\nB\n", names=("a.csv", "b.csv"))
    file_id = upload(crm, content).details["file_id"]
    resource = {"type": "data", "module": {"api_name": "Accounts"}, "file_id": file_id}

    def asked(**more: Any) -> Answer:
        return bulk(crm, "POST", PATH, {"operation": "insert", "resource": [{**resource, **more}]})

    assert asked().details["api_name"] == "file_names"
    assert asked(file_names=["c.csv"]).code == "FILE_NOT_FOUND"
    assert asked(file_names=["b.csv"]).status == 201
    work(crm)
    assert crm.names("/Accounts?fields=Account_Name", "Account_Name") == ["B"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"operation": None}, "MANDATORY_NOT_FOUND"),
        ({"operation": "replace"}, "INVALID_DATA"),
        ({"resource": None}, "MANDATORY_NOT_FOUND"),
        ({"resource": 5}, "INVALID_DATA"),
        ({"resource": [{}, {}]}, "NOT_SUPPORTED"),
        ({"type": "other"}, "INVALID_DATA"),
        ({"module": None}, "MANDATORY_NOT_FOUND"),
        ({"module": "Nope"}, "MODULE_NOT_AVAILABLE"),
        ({"file_id": None}, "MANDATORY_NOT_FOUND"),
        ({"file_id": "5"}, "INVALID_FILE_ID"),
        ({"file_names": "rows.csv"}, "INVALID_DATA"),
        ({"field_mappings": 5}, "INVALID_DATA"),
        ({"field_mappings": [5]}, "INVALID_DATA"),
        ({"field_mappings": [{"api_name": "Nope", "index": 0}]}, "INVALID_FIELD"),
        ({"field_mappings": [{"api_name": "Created_Time", "index": 0}]}, "INVALID_FIELD"),
        ({"field_mappings": [{"api_name": "Account_Name", "index": -1}]}, "COLUMN_INDEX_NOT_FOUND"),
        ({"field_mappings": [{"api_name": "Account_Name", "index": 3}]}, "COLUMN_INDEX_NOT_FOUND"),
        ({"field_mappings": [{"api_name": "Account_Name"}]}, "COLUMN_INDEX_NOT_FOUND"),
        ({"field_mappings": [{"api_name": "Account_Name", "index": 0, "format": "yyyy"}]}, "INVALID_FORMAT"),
        ({"field_mappings": [{"api_name": "Account_Name", "index": 0, "default_value": 5}]}, "INVALID_DATA"),
        ({"field_mappings": [{"api_name": "Parent_Account", "index": 0, "find_by": "Fax"}]}, "INVALID_FIELD"),
        ({"field_mappings": [{"api_name": "Account_Name", "index": 0}] * 201}, "HEADER_LIMIT_EXCEEDED"),
        ({"field_mappings": [{"api_name": "Phone", "index": 1}]}, "MANDATORY_FIELDS_NOT_MAPPED"),
        ({"operation": "update"}, "MANDATORY_NOT_FOUND"),
        ({"find_by": "Fax"}, "INVALID_FIELD"),
        ({"find_by": "id"}, "MANDATORY_FIELDS_NOT_MAPPED"),
        ({"callback": {"url": "http://elsewhere.example/", "method": "post"}}, "INVALID_CALLBACK_URL"),
    ],
    ids=lambda value: str(value)[:70],
)
def test_what_makes_no_sense_is_refused(still: Crm, change: dict[str, Any], code: str):
    resource = {"type": "data", "module": {"api_name": "Accounts"}, "file_id": file_of(still, ACCOUNTS)}
    body: dict[str, Any] = {"operation": "insert", "resource": [resource]}
    for key, value in change.items():
        (body if key in ("operation", "resource", "callback") else resource)[key] = value

    answer = bulk(still, "POST", PATH, body)

    assert (answer.status, answer.code) == (400, code)


def test_a_body_that_is_none_is_refused(still: Crm):
    assert bulk(still, "POST", PATH, b"[]").code == "REQUEST_BODY_NOT_SUPPORTED"


def bomb() -> bytes:
    """A zip that says of itself that it unpacks to little, and would unpack to much."""
    content = bytearray(zipped(b"a" * (65 * 1024 * 1024)))
    size = struct.pack("<I", 65 * 1024 * 1024)
    while (place := content.find(size)) >= 0:
        content[place : place + 4] = struct.pack("<I", 1_000)
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "REQUIRED_PARAM_MISSING"),
        (b"", "FILE_NOT_SUPPORTED"),
        (b"Account_Name\nAcme\n", "FILE_NOT_SUPPORTED"),
        (zipped(names=()), "FILE_NOT_SUPPORTED"),
        (zipped("a", names=("a.txt",)), "FILE_NOT_SUPPORTED"),
        (zipped(*["a"] * 11, names=tuple(f"{n}.csv" for n in range(11))), "FILE_NOT_SUPPORTED"),
        (zipped(b"a" * (65 * 1024 * 1024)), "FILE_SIZE_EXCEEDED"),
    ],
    ids=["none", "empty", "no zip", "empty zip", "no csv", "many", "unpacks to much"],
)
def test_a_file_that_is_no_zip_of_csv_files_is_refused(still: Crm, content: bytes | None, code: str):
    answer = upload(still, content)

    assert (answer.status, answer.code) == (400, code)


def test_a_zip_that_lies_about_its_size_does_no_harm(still: Crm):
    answer = upload(still, bomb())
    resource = {"type": "data", "module": {"api_name": "Accounts"}, "file_id": answer.details.get("file_id")}

    assert bulk(still, "POST", PATH, {"operation": "insert", "resource": [resource]}).status == 400


@pytest.mark.parametrize("headers", [{"feature": ""}, {"feature": "other"}, {"X-CRM-ORG": ""}, {"X-CRM-ORG": "1"}])
def test_an_upload_says_what_for_and_for_whom(still: Crm, headers: dict[str, str]):
    assert (
        upload(still, zipped(ACCOUNTS), **{key.replace("_", "-"): value for key, value in headers.items()}).status
        == 400
    )


def test_a_file_of_more_rows_than_a_job_may_have_fails(crm: Crm):
    answer = ask(crm, "Account_Name\n" + "A\n" * 25_001)
    work(crm)

    shown = job(crm, answer.details["id"])
    assert (shown["status"], shown["resource"][0]["code"]) == ("FAILED", "LIMIT_EXCEEDED")
    assert crm.get("/Accounts?fields=id").status == 204


def test_files_and_jobs_belong_to_who_made_them_and_to_his_world(crm: Crm, new_world: Any):
    file_id, number = file_of(crm, ACCOUNTS), ask(crm, ACCOUNTS).details["id"]
    resource = {"type": "data", "module": {"api_name": "Accounts"}, "file_id": file_id}

    for stranger in (crm.as_(SALES), new_world()):
        asked = bulk(stranger, "POST", PATH, {"operation": "insert", "resource": [resource]})
        assert asked.code == "INVALID_FILE_ID"
        assert bulk(stranger, "GET", f"{PATH}/{number}").status == 404
        assert bulk(stranger, "GET", f"{PATH}/{number}/result").status == 404


@pytest.mark.parametrize("number", ["1", "x"])
def test_an_unknown_job_is_not_found(still: Crm, number: str):
    assert bulk(still, "GET", f"{PATH}/{number}").code == "RESOURCE_NOT_FOUND"


def test_the_profile_and_the_scopes_hold(crm: Crm):
    support = crm.as_(SUPPORT)
    text = "id,Phone\n1,2\n"

    assert ask(support, ACCOUNTS).body["details"] == {"permissions": ["Crm_Implied_Create_Accounts"]}
    assert ask(support, text, "update", find_by="id").status == 201
    few = crm.with_scopes("ZohoCRM.modules.ALL", "ZohoCRM.org.READ")
    assert upload(few, zipped(ACCOUNTS)).code == "OAUTH_SCOPE_MISMATCH"
    assert bulk(few, "POST", PATH, {}).code == "OAUTH_SCOPE_MISMATCH"


def test_a_job_goes_on_where_it_was_when_the_service_stopped(crm: Crm, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("mock_crm.bulk.doing.AT_ONCE", 2)
    answer = ask(crm, "Account_Name\n" + "".join(f"A{number}\n" for number in range(7)))
    calls = []

    def stop_at_the_third(*args: Any) -> Any:
        calls.append(args)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return applying.write_rows(*args)

    with monkeypatch.context() as patch:
        patch.setattr("mock_crm.bulk.doing.write_rows", stop_at_the_third)
        with pytest.raises(KeyboardInterrupt):
            work(crm)
    assert (job(crm, answer.details["id"])["status"], counts(job(crm, answer.details["id"]))[1]) == ("IN PROGRESS", 4)

    assert work(crm) == 1

    done = job(crm, answer.details["id"])
    assert (done["status"], counts(done)) == ("COMPLETED", (7, 7, 0, 0))
    names = crm.names("/Accounts?fields=Account_Name&sort_order=asc", "Account_Name")
    assert names == [f"A{number}" for number in range(7)]
    assert [row[0] for row in result(crm, done)[1:]] == names


def test_a_job_ends_when_its_user_may_no_longer_write(crm: Crm):
    sales = crm.as_(SALES)
    answer = ask(sales, ACCOUNTS)
    crm.allow("Sales", Crm_Implied_Create_Accounts=False)

    work(crm)

    shown = job(sales, answer.details["id"])
    assert (shown["status"], shown["resource"][0]["code"]) == ("FAILED", "NO_PERMISSION")
    assert crm.get("/Accounts?fields=id").status == 204
