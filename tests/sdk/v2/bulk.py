"""Bulk read and bulk write, jobs that the service does by itself."""

import csv
import io
import time
import zipfile
from pathlib import Path
from typing import Any

from stepping import World, is_a, same, step
from zcrmsdk.src.com.zoho.crm.api import bulk_read, bulk_write
from zcrmsdk.src.com.zoho.crm.api.record import RecordOperations, ResponseWrapper, SearchRecordsParam
from zcrmsdk.src.com.zoho.crm.api.util import Choice, StreamWrapper

from v2.sdk import answer, headers, params, text

SECONDS = 30


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
def a_bulk_read_is_done(world: World) -> None:
    criteria, query, wanted = bulk_read.Criteria(), bulk_read.Query(), bulk_read.RequestWrapper()
    criteria.set_api_name("Account_Name")
    criteria.set_comparator(Choice("starts_with"))
    criteria.set_value("Page")
    query.set_module("Accounts")
    query.set_fields(["Account_Name", "Created_Time"])
    query.set_criteria(criteria)
    wanted.set_query(query)
    operations = bulk_read.BulkReadOperations()
    (outcome,) = answer(operations.create_bulk_read_job(wanted), bulk_read.ActionWrapper, 201).get_data()
    world["read_job"] = int(is_a(outcome, bulk_read.SuccessResponse).get_details()["id"])

    def look() -> tuple[bulk_read.JobDetail, str]:
        response = operations.get_bulk_read_job_details(world["read_job"])
        (job,) = answer(response, bulk_read.ResponseWrapper).get_data()
        return is_a(job, bulk_read.JobDetail), text(job.get_state())

    job = _ended(look)
    same((text(job.get_state()), job.get_query().get_module()), ("COMPLETED", "Accounts"))
    same(is_a(job.get_result(), bulk_read.Result).get_count(), 5)


@step
def the_result_of_a_bulk_read_is_downloaded(world: World) -> None:
    response = bulk_read.BulkReadOperations().download_result(world["read_job"])
    stream = is_a(answer(response, bulk_read.FileBodyWrapper).get_file(), StreamWrapper)
    archive = zipfile.ZipFile(io.BytesIO(b"".join(stream.get_stream())))
    (name,) = archive.namelist()
    rows = list(csv.DictReader(io.StringIO(archive.read(name).decode())))

    same(sorted(row["Account_Name"] for row in rows), [f"Page {number}" for number in range(1, 6)])


@step
def a_file_is_uploaded_for_a_bulk_write(world: World) -> None:
    file, wanted = Path(world.folder) / "leads.zip", bulk_write.FileBodyWrapper()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("leads.csv", "Last_Name,Company,Email\nAda,Looms,ada@looms.example\n,Looms,\n")
    wanted.set_file(StreamWrapper(file_path=str(file)))
    asked = headers(bulk_write.UploadFileHeader, feature="bulk-write", x_crm_org=world["zgid"])
    done = answer(bulk_write.BulkWriteOperations().upload_file(wanted, asked), bulk_write.SuccessResponse)

    same(text(done.get_code()), "FILE_UPLOAD_SUCCESS")
    world["uploaded"] = str(done.get_details()["file_id"])


@step
def a_bulk_write_is_done(world: World) -> None:
    mappings = []
    for index, name in enumerate(("Last_Name", "Company", "Email")):
        mapping = bulk_write.FieldMapping()
        mapping.set_api_name(name)
        mapping.set_index(index)
        mappings.append(mapping)
    resource, wanted = bulk_write.Resource(), bulk_write.RequestWrapper()
    resource.set_type(Choice("data"))
    resource.set_module("Leads")
    resource.set_file_id(world["uploaded"])
    resource.set_field_mappings(mappings)
    wanted.set_operation(Choice("insert"))
    wanted.set_resource([resource])
    operations = bulk_write.BulkWriteOperations()
    done = answer(operations.create_bulk_write_job(wanted), bulk_write.SuccessResponse, 201)

    def look() -> tuple[bulk_write.BulkWriteResponse, str]:
        job = answer(operations.get_bulk_write_job_details(int(done.get_details()["id"])), bulk_write.BulkWriteResponse)
        return job, job.get_status()

    (resource,) = _ended(look).get_resource()
    file = is_a(resource.get_file(), bulk_write.File)
    same((file.get_added_count(), file.get_skipped_count(), file.get_total_count()), (1, 1, 2))


@step
def the_written_records_are_there(world: World) -> None:
    asked = params(SearchRecordsParam, email="ada@looms.example")
    (found,) = answer(RecordOperations().search_records("Leads", asked), ResponseWrapper).get_data()

    same(found.get_key_value("Company"), "Looms")
