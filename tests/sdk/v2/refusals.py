"""What the CRM refuses, as the SDK understands it; the outcome of each record tells, not the status."""

from typing import Any

from stepping import World, is_a, same, step
from zcrmsdk.src.com.zoho.crm.api.record import (
    ActionWrapper,
    APIException,
    RecordOperations,
    SearchRecordsParam,
    SuccessResponse,
)
from zcrmsdk.src.com.zoho.crm.api.util import Choice

from v2.sdk import answer, body, nothing, params, record, refusal, text


def _refused(response: Any) -> Any:
    return refusal(response, ActionWrapper, APIException, 400)


@step
def a_mandatory_field_that_is_missing_is_told(world: World) -> None:
    found = _refused(RecordOperations().upsert_records("Leads", body(record(Company="Nameless"))))

    same((text(found.get_code()), found.get_details()["api_name"]), ("MANDATORY_NOT_FOUND", "Last_Name"))


@step
def a_value_that_is_too_long_is_told(world: World) -> None:
    found = _refused(RecordOperations().create_records("Leads", body(record(Last_Name="x" * 81, Company="Long"))))

    same((text(found.get_code()), int(found.get_details()["maximum_length"])), ("INVALID_DATA", 80))


@step
def a_value_that_does_not_fit_its_field_is_told(world: World) -> None:
    wanted = body(record(Last_Name="Wrong", Company="Post", Email="no address"))
    found = _refused(RecordOperations().create_records("Leads", wanted))

    same((text(found.get_code()), found.get_details()["api_name"]), ("INVALID_DATA", "Email"))


@step
def a_probability_beyond_100_is_told(world: World) -> None:
    wanted = body(record(Deal_Name="Odd", Stage=Choice("Qualification"), Probability=101))
    found = _refused(RecordOperations().create_records("Deals", wanted))

    same((text(found.get_code()), found.get_details()["api_name"]), ("INVALID_DATA", "Probability"))


@step
def one_wrong_record_leaves_the_others(world: World) -> None:
    people = [record(Last_Name="Right", Company="Two"), record(Last_Name="Wrong", Company="Two", Email="no address")]
    right, wrong = answer(RecordOperations().create_records("Leads", body(*people)), ActionWrapper, 207).get_data()

    is_a(right, SuccessResponse)
    is_a(wrong, APIException)


@step
def an_unknown_record_has_no_content(world: World) -> None:
    nothing(RecordOperations().get_record(123456789012345678, "Leads"))


@step
def an_unknown_record_cannot_be_changed(world: World) -> None:
    found = _refused(RecordOperations().update_record(123456789012345678, "Leads", body(record(Company="None"))))

    same(text(found.get_code()), "INVALID_DATA")


@step
def a_deleted_record_cannot_be_deleted_again(world: World) -> None:
    found = _refused(RecordOperations().delete_record(world["deleted_leads"][0], "Leads"))

    same(text(found.get_message()), "record not deleted")


@step
def criteria_that_cannot_be_read_are_refused(world: World) -> None:
    asked = params(SearchRecordsParam, criteria="(Last_Name:resembles:Q)")
    found = answer(RecordOperations().search_records("Leads", asked), APIException, 400)

    same(text(found.get_code()), "INVALID_QUERY")
