"""What the CRM refuses, as the SDK understands it."""

from typing import Any

from stepping import World, is_a, same, step
from zohocrmsdk.src.com.zoho.crm.api import fields
from zohocrmsdk.src.com.zoho.crm.api.record import (
    ActionWrapper,
    APIException,
    GetRecordsParam,
    RecordOperations,
    SearchRecordsParam,
    SuccessResponse,
)
from zohocrmsdk.src.com.zoho.crm.api.util import Choice

from v8.sdk import answer, body, params, record, refusal, text


def _flat(response: Any, code: str, status: int = 400) -> Any:
    found = answer(response, APIException, status)
    same((text(found.get_status()), text(found.get_code())), ("error", code))
    return found


@step
def a_mandatory_field_that_is_missing_is_told(world: World) -> None:
    found = refusal(
        RecordOperations("Leads").create_records(body(record(Company="Nameless"))), ActionWrapper, APIException
    )

    same(text(found.get_code()), "MANDATORY_NOT_FOUND")
    same(found.get_details()["api_name"], "Last_Name")
    same(found.get_details()["json_path"], "$.data[0].Last_Name")


@step
def a_value_that_is_too_long_is_told(world: World) -> None:
    wanted = body(record(Last_Name="x" * 81, Company="Long"))
    found = refusal(RecordOperations("Leads").create_records(wanted), ActionWrapper, APIException)

    same((text(found.get_code()), int(found.get_details()["maximum_length"])), ("INVALID_DATA", 80))


@step
def a_value_that_does_not_fit_its_field_is_told(world: World) -> None:
    wanted = body(record(Last_Name="Wrong", Company="Post", Email="no address"))
    found = refusal(RecordOperations("Leads").create_records(wanted), ActionWrapper, APIException)

    same((text(found.get_code()), found.get_details()["api_name"]), ("INVALID_DATA", "Email"))


@step
def a_probability_beyond_100_is_told(world: World) -> None:
    wanted = body(record(Deal_Name="Odd", Stage=Choice("Qualification"), Probability=101))
    found = refusal(RecordOperations("Deals").create_records(wanted), ActionWrapper, APIException)

    same((text(found.get_code()), found.get_details()["api_name"]), ("INVALID_DATA", "Probability"))


@step
def a_duplicate_of_a_unique_field_is_told(world: World) -> None:
    field, unique = fields.Fields(), fields.Unique()
    field.set_field_label("Member Number")
    field.set_data_type("text")
    field.set_length(20)
    unique.set_casesensitive("false")
    field.set_unique(unique)
    sent = fields.BodyWrapper()
    sent.set_fields([field])
    response = fields.FieldsOperations().create_field(sent, params(fields.CreateFieldParam, module="Leads"))
    (made,) = answer(response, fields.ActionWrapper, 201).get_fields()
    is_a(made, fields.SuccessResponse)
    people = [record(Last_Name=name, Company="Club", Member_Number="7") for name in ("First", "Second")]

    first, second = answer(RecordOperations("Leads").create_records(body(*people)), ActionWrapper, 207).get_data()

    is_a(first, SuccessResponse)
    same(text(is_a(second, APIException).get_code()), "DUPLICATE_DATA")
    same(
        (second.get_details()["api_name"], str(second.get_details()["id"])),
        ("Member_Number", str(first.get_details()["id"])),
    )


@step
def an_unknown_record_is_told(world: World) -> None:
    found = _flat(RecordOperations("Leads").get_record(123456789012345678), "INVALID_DATA")

    same(text(found.get_message()), "the id given seems to be invalid")


@step
def an_unknown_record_cannot_be_changed(world: World) -> None:
    response = RecordOperations("Leads").update_record(123456789012345678, body(record(Company="None")))

    same(text(refusal(response, ActionWrapper, APIException).get_code()), "INVALID_DATA")


@step
def a_deleted_record_cannot_be_deleted_again(world: World) -> None:
    found = refusal(RecordOperations("Leads").delete_record(world["deleted_leads"][0]), ActionWrapper, APIException)

    same(text(found.get_message()), "record not deleted")


@step
def an_unknown_module_is_told(world: World) -> None:
    asked = params(fields.GetFieldsParam, module="Nonsense")
    found = answer(fields.FieldsOperations().get_fields(asked), fields.APIException, 400)

    same(text(found.get_code()), "INVALID_MODULE")


@step
def a_list_without_fields_is_refused(world: World) -> None:
    found = _flat(RecordOperations("Leads").get_records(), "REQUIRED_PARAM_MISSING")

    same(found.get_details()["param_name"], "fields")


@step
def a_view_and_an_order_together_are_refused(world: World) -> None:
    asked = params(GetRecordsParam, fields="Account_Name", cvid=str(world["all_accounts"]), sort_by="id")

    _flat(RecordOperations("Accounts").get_records(asked), "AMBIGUITY_DURING_PROCESSING")


@step
def criteria_that_cannot_be_read_are_refused(world: World) -> None:
    asked = params(SearchRecordsParam, criteria="(Last_Name:resembles:Q)")

    _flat(RecordOperations("Leads").search_records(asked), "INVALID_QUERY")


@step
def a_search_for_nothing_is_refused(world: World) -> None:
    _flat(RecordOperations("Leads").search_records(), "EXPECTED_PARAM_MISSING")
