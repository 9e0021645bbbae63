"""Bulk read and bulk write, jobs that the service does by itself."""

import csv
import io
import time
import zipfile
from pathlib import Path
from typing import Any

from stepping import World, is_a, same, step
from zohocrmsdk.src.com.zoho.crm.api import bulk_read, bulk_write
from zohocrmsdk.src.com.zoho.crm.api.fields import MinifiedField
from zohocrmsdk.src.com.zoho.crm.api.modules import MinifiedModule
from zohocrmsdk.src.com.zoho.crm.api.record import RecordOperations, ResponseWrapper, SearchRecordsParam
from zohocrmsdk.src.com.zoho.crm.api.util import Choice, StreamWrapper

from v8.sdk import answer, get, headers, params, text

SECONDS = 30


def _module(name: str) -> MinifiedModule:
    made = MinifiedModule()
    made.set_api_name(name)
    return made


def _ended(look: Any) -> Any:
    """The job once it has ended; `look` gives it and its state."""
    until = time.monotonic() + SECONDS
    while True:
        job, state = look()
        if state in ("COMPLETED", "FAILURE", "FAILED"):
            return job
        assert time.monotonic() < until, f"the job is still {state}"
        time.sleep(0.1)


@step
def a_bulk_read_is_asked_for(world: World) -> None:
    field, criteria, query = MinifiedField(), bulk_read.Criteria(), bulk_read.Query()
    field.set_api_name("Account_Name")
    criteria.set_field(field)
    criteria.set_comparator(Choice("starts_with"))
    criteria.set_value("Page")
    query.set_module(_module("Accounts"))
    query.set_fields(["Account_Name", "Created_Time"])
    query.set_criteria(criteria)
    query.set_page(1)
    wanted = bulk_read.BodyWrapper()
    wanted.set_query(query)
    response = bulk_read.BulkReadOperations().create_bulk_read_job(wanted)
    (outcome,) = answer(response, bulk_read.ActionWrapper, 201).get_data()
    job = is_a(is_a(outcome, bulk_read.SuccessResponse).get_details()["id"], str)

    same(text(outcome.get_code()), "ADDED_SUCCESSFULLY")
    world["read_job"] = int(job)


@step
def a_bulk_read_ends(world: World) -> None:
    def look() -> tuple[bulk_read.JobDetail, str]:
        response = bulk_read.BulkReadOperations().get_bulk_read_job_details(world["read_job"])
        (job,) = answer(response, bulk_read.ResponseWrapper).get_data()
        return is_a(job, bulk_read.JobDetail), text(job.get_state())

    job = _ended(look)
    same((text(job.get_state()), job.get_operation()), ("COMPLETED", "read"))
    result = is_a(job.get_result(), bulk_read.Result)
    same((result.get_count(), result.get_more_records(), result.get_page()), (5, False, 1))
    same(job.get_query().get_module().get_api_name(), "Accounts")


@step
def the_result_of_a_bulk_read_is_downloaded(world: World) -> None:
    response = bulk_read.BulkReadOperations().download_result(world["read_job"])
    stream = is_a(answer(response, bulk_read.FileBodyWrapper).get_file(), StreamWrapper)
    archive = zipfile.ZipFile(io.BytesIO(b"".join(stream.get_stream())))
    (name,) = archive.namelist()
    rows = list(csv.DictReader(io.StringIO(archive.read(name).decode())))

    same(stream.get_name(), f"{world['read_job']}.zip")
    same(sorted(row["Account_Name"] for row in rows), [f"Page {number}" for number in range(1, 6)])
    assert all(row["Created_Time"] for row in rows)


@step
def a_file_is_uploaded_for_a_bulk_write(world: World) -> None:
    file = Path(world.folder) / "leads.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(
            "leads.csv", "Last_Name,Company,Email\nAda,Looms,ada@looms.example\nBo,Looms,bo@looms.example\n,Looms,\n"
        )
    wanted = bulk_write.FileBodyWrapper()
    wanted.set_file(StreamWrapper(file_path=str(file)))
    asked = headers(bulk_write.UploadFileHeader, feature="bulk-write", x_crm_org=world["zgid"])
    done = answer(bulk_write.BulkWriteOperations().upload_file(wanted, asked), bulk_write.SuccessResponse)

    same(text(done.get_code()), "FILE_UPLOAD_SUCCESS")
    world["uploaded"] = str(done.get_details()["file_id"])


@step
def a_bulk_write_is_asked_for(world: World) -> None:
    mappings = []
    for index, name in enumerate(("Last_Name", "Company", "Email")):
        mapping = bulk_write.FieldMapping()
        mapping.set_api_name(name)
        mapping.set_index(index)
        mappings.append(mapping)
    resource, wanted = bulk_write.Resource(), bulk_write.RequestWrapper()
    resource.set_type(Choice("data"))
    resource.set_module(_module("Leads"))
    resource.set_file_id(world["uploaded"])
    resource.set_field_mappings(mappings)
    wanted.set_operation(Choice("insert"))
    wanted.set_resource([resource])
    done = answer(bulk_write.BulkWriteOperations().create_bulk_write_job(wanted), bulk_write.SuccessResponse, 201)

    same(text(done.get_status()), "success")
    world["write_job"] = str(done.get_details()["id"])


@step
def a_bulk_write_ends_and_counts(world: World) -> None:
    def look() -> tuple[bulk_write.BulkWriteResponse, str]:
        response = bulk_write.BulkWriteOperations().get_bulk_write_job_details(world["write_job"])
        job = answer(response, bulk_write.BulkWriteResponse)
        return job, job.get_status()

    job = _ended(look)
    same((job.get_status(), job.get_operation()), ("COMPLETED", "insert"))
    (resource,) = job.get_resource()
    file = is_a(resource.get_file(), bulk_write.File)
    same((file.get_added_count(), file.get_skipped_count(), file.get_total_count()), (2, 1, 3))
    world["written"] = is_a(job.get_result().get_download_url(), str)


@step
def the_written_records_are_there(world: World) -> None:
    response = RecordOperations("Leads").search_records(params(SearchRecordsParam, email="ada@looms.example"))
    (found,) = answer(response, ResponseWrapper).get_data()

    same(get("Leads", found.get_id()).get_key_value("Company"), "Looms")


@step
def the_result_of_a_bulk_write_is_downloaded(world: World) -> None:
    response = bulk_write.BulkWriteOperations().download_bulk_write_result(world["written"])
    stream = is_a(answer(response, bulk_write.FileBodyWrapper).get_file(), StreamWrapper)
    archive = zipfile.ZipFile(io.BytesIO(b"".join(stream.get_stream())))
    (name,) = archive.namelist()
    rows = list(csv.DictReader(io.StringIO(archive.read(name).decode())))

    same([row["STATUS"] for row in rows], ["ADDED", "ADDED", "SKIPPED"])
