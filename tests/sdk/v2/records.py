"""Records of several modules are made, read, changed, upserted and deleted."""

from datetime import date, datetime

from stepping import World, is_a, same, step
from zcrmsdk.src.com.zoho.crm.api.record import (
    ActionWrapper,
    DeletedRecord,
    DeletedRecordsWrapper,
    DeleteRecordsParam,
    Field,
    GetRecordsHeader,
    GetRecordsParam,
    Info,
    Record,
    RecordOperations,
    ResponseWrapper,
    SuccessResponse,
)
from zcrmsdk.src.com.zoho.crm.api.users import User
from zcrmsdk.src.com.zoho.crm.api.util import Choice

from v2.sdk import answer, body, create, get, headers, id_of, nothing, params, record, text


def _outcomes(response: object, status: int = 200) -> list[SuccessResponse]:
    return [is_a(outcome, SuccessResponse) for outcome in answer(response, ActionWrapper, status).get_data()]


@step
def an_account_is_made(world: World) -> None:
    made = Record()
    made.add_field_value(Field.Accounts.account_name(), "Bell & Sons")
    made.add_field_value(Field.Accounts.annual_revenue(), 1250000.5)
    made.add_field_value(Field.Accounts.employees(), 42)
    made.add_field_value(Field.Accounts.phone(), "555-0101")
    made.add_field_value(Field.Accounts.industry(), Choice("Communications"))

    (outcome,) = _outcomes(RecordOperations().create_records("Accounts", body(made)), 201)

    same((text(outcome.get_code()), text(outcome.get_status())), ("SUCCESS", "success"))
    is_a(outcome.get_details()["Created_Time"], datetime)
    same(is_a(outcome.get_details()["Created_By"], User).get_name(), "Asha Rao")
    world["bell"] = id_of(outcome)


@step
def the_account_is_read_with_typed_values(world: World) -> None:
    found = get("Accounts", world["bell"])

    same(found.get_id(), world["bell"])
    same((found.get_key_value("Account_Name"), found.get_key_value("Annual_Revenue")), ("Bell & Sons", 1250000.5))
    same(is_a(found.get_key_value("Employees"), int), 42)
    same(is_a(found.get_key_value("Industry"), Choice).get_value(), "Communications")
    same(is_a(found.get_key_value("Owner"), User).get_name(), "Asha Rao")
    assert is_a(found.get_created_time(), datetime).tzinfo is not None


@step
def contacts_are_made_with_a_lookup(world: World) -> None:
    account = record(world["bell"])
    people = [
        record(
            Last_Name=last, First_Name=first, Email=f"{first}@bell.example".lower(), Account_Name=account, Phone=phone
        )
        for first, last, phone in (("Ida", "Bell", "555-0111"), ("Otto", "Vance", "555-0112"))
    ]
    people[0].add_field_value(Field.Contacts.date_of_birth(), date(1980, 2, 29))

    world["ida"], world["otto"] = create("Contacts", *people)
    found = get("Contacts", world["ida"])

    same((found.get_key_value("Full_Name"), found.get_key_value("Date_of_Birth")), ("Ida Bell", date(1980, 2, 29)))
    same(is_a(found.get_key_value("Account_Name"), Record).get_id(), world["bell"])
    same(found.get_key_value("Account_Name").get_key_value("name"), "Bell & Sons")


@step
def potentials_get_their_probability_from_the_stage(world: World) -> None:
    deals = [
        record(
            Deal_Name=name,
            Stage=Choice(stage),
            Amount=amount,
            Closing_Date=date(2031, 5, 17),
            Account_Name=record(world["bell"]),
            Contact_Name=record(world["ida"]),
        )
        for name, stage, amount in (("Switchboard", "Qualification", 1000.25), ("Cables", "Closed Won", 500.0))
    ]

    world["switchboard"], world["cables"] = create("Deals", *deals)
    found = get("Deals", world["cables"])

    same(is_a(found.get_key_value("Stage"), Choice).get_value(), "Closed Won")
    same((found.get_key_value("Probability"), found.get_key_value("Expected_Revenue")), (100, 500.0))


@step
def a_lead_is_made(world: World) -> None:
    lead = record(Last_Name="Quill", First_Name="Petra", Company="Quill Press", Email="petra@quill.example")
    lead.add_field_value(Field.Leads.lead_status(), Choice("Contacted"))
    lead.add_field_value(Field.Leads.email_opt_out(), True)

    (world["petra"],) = create("Leads", lead)
    found = get("Leads", world["petra"])

    same((found.get_key_value("Full_Name"), found.get_key_value("Email_Opt_Out")), ("Petra Quill", True))


@step
def records_are_listed_with_all_their_fields(world: World) -> None:
    (found,) = answer(RecordOperations().get_records("Leads"), ResponseWrapper).get_data()

    same((found.get_id(), found.get_key_value("Company")), (world["petra"], "Quill Press"))


@step
def many_records_are_listed_in_pages(world: World) -> None:
    create("Accounts", *(record(Account_Name=f"Page {number}") for number in range(1, 6)))
    asked = {"fields": "Account_Name", "per_page": 4, "sort_by": "id", "sort_order": "asc"}
    operations = RecordOperations()
    first = answer(operations.get_records("Accounts", params(GetRecordsParam, page=1, **asked)), ResponseWrapper)
    second = answer(operations.get_records("Accounts", params(GetRecordsParam, page=2, **asked)), ResponseWrapper)

    info = is_a(first.get_info(), Info)
    same((info.get_count(), info.get_page(), info.get_per_page(), info.get_more_records()), (4, 1, 4, True))
    same((second.get_info().get_count(), second.get_info().get_more_records()), (2, False))
    names = [found.get_key_value("Account_Name") for found in [*first.get_data(), *second.get_data()]]
    same(names, ["Bell & Sons", *(f"Page {number}" for number in range(1, 6))])


@step
def a_list_shows_records_of_a_view(world: World) -> None:
    asked = params(GetRecordsParam, cvid=str(world["my_accounts"]))

    same(len(answer(RecordOperations().get_records("Accounts", asked), ResponseWrapper).get_data()), 6)


@step
def nothing_changed_since_is_not_modified(world: World) -> None:
    since = headers(GetRecordsHeader, if_modified_since=datetime.fromisoformat("2099-01-01T00:00:00+00:00"))

    nothing(RecordOperations().get_records("Accounts", None, since), 304)


@step
def a_record_is_changed(world: World) -> None:
    change = body(record(Phone="555-0199"))
    (outcome,) = _outcomes(RecordOperations().update_record(world["bell"], "Accounts", change))

    same(text(outcome.get_message()), "record updated")
    same(get("Accounts", world["bell"]).get_key_value("Phone"), "555-0199")


@step
def several_records_are_changed_at_once(world: World) -> None:
    changes = [
        record(world["switchboard"], Stage=Choice("Proposal/Price Quote"), Amount=1100.75),
        record(world["cables"], Next_Step="Deliver"),
    ]
    outcomes = _outcomes(RecordOperations().update_records("Deals", body(*changes)))

    same([id_of(outcome) for outcome in outcomes], [world["switchboard"], world["cables"]])
    same(get("Deals", world["switchboard"]).get_key_value("Amount"), 1100.75)


@step
def an_upsert_updates_one_and_inserts_another(world: World) -> None:
    people = [
        record(Last_Name="Vance", Email="otto@bell.example", Title="Buyer"),
        record(Last_Name="Newman", Email="nora@bell.example"),
    ]
    wanted = body(*people, duplicate_check_fields=["Email"])
    outcomes = _outcomes(RecordOperations().upsert_records("Contacts", wanted))

    same([text(outcome.get_action()) for outcome in outcomes], ["update", "insert"])
    same([outcome.get_duplicate_field() for outcome in outcomes], ["Email", None])
    same(get("Contacts", world["otto"]).get_key_value("Title"), "Buyer")
    world["nora"] = id_of(outcomes[1])


@step
def one_record_is_deleted(world: World) -> None:
    (outcome,) = _outcomes(RecordOperations().delete_record(world["nora"], "Contacts"))

    same((text(outcome.get_message()), id_of(outcome)), ("record deleted", world["nora"]))


@step
def several_records_are_deleted(world: World) -> None:
    made = create("Leads", record(Last_Name="One", Company="X"), record(Last_Name="Two", Company="Y"))
    asked = params(DeleteRecordsParam, ids=",".join(map(str, made)))

    same(len(_outcomes(RecordOperations().delete_records("Leads", asked))), 2)
    world["deleted_leads"] = made


@step
def deleted_records_are_listed(world: World) -> None:
    found = answer(RecordOperations().get_deleted_records("Leads"), DeletedRecordsWrapper).get_data()
    by_id = {is_a(one, DeletedRecord).get_id(): one for one in found}

    same(set(by_id), set(world["deleted_leads"]))
    one = by_id[world["deleted_leads"][0]]
    same((one.get_display_name(), one.get_type()), ("One", "recycle"))
    same(is_a(one.get_deleted_by(), User).get_name(), "Asha Rao")
