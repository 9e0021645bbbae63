"""Mass update and conversion of a lead."""

from stepping import World, is_a, same, step
from zcrmsdk.src.com.zoho.crm.api.record import (
    ConvertActionWrapper,
    ConvertBodyWrapper,
    GetMassUpdateStatusParam,
    LeadConverter,
    MassUpdate,
    MassUpdateActionWrapper,
    MassUpdateBodyWrapper,
    MassUpdateResponseWrapper,
    MassUpdateSuccessResponse,
    RecordOperations,
    SuccessfulConvert,
)
from zcrmsdk.src.com.zoho.crm.api.util import Choice

from v2.sdk import answer, get, params, record, text


@step
def named_records_are_updated_together(world: World) -> None:
    wanted = MassUpdateBodyWrapper()
    wanted.set_data([record(Next_Step="Call")])
    wanted.set_ids([str(world["switchboard"]), str(world["cables"])])
    outcomes = answer(RecordOperations().mass_update_records("Deals", wanted), MassUpdateActionWrapper).get_data()

    same([text(is_a(one, MassUpdateSuccessResponse).get_message()) for one in outcomes], ["record updated"] * 2)
    same(get("Deals", world["cables"]).get_key_value("Next_Step"), "Call")


@step
def records_of_a_view_are_updated_by_a_job(world: World) -> None:
    wanted = MassUpdateBodyWrapper()
    wanted.set_data([record(Rating=Choice("Active"))])
    wanted.set_cvid(str(world["all_accounts"]))
    (outcome,) = answer(RecordOperations().mass_update_records("Accounts", wanted), MassUpdateActionWrapper).get_data()
    asked = params(
        GetMassUpdateStatusParam, job_id=str(is_a(outcome, MassUpdateSuccessResponse).get_details()["job_id"])
    )
    response = RecordOperations().get_mass_update_status("Accounts", asked)
    (state,) = answer(response, MassUpdateResponseWrapper).get_data()

    same((text(is_a(state, MassUpdate).get_status()), state.get_updated_count()), ("COMPLETED", 6))
    same(get("Accounts", world["bell"]).get_key_value("Rating").get_value(), "Active")


@step
def a_lead_becomes_account_contact_and_potential(world: World) -> None:
    wish = LeadConverter()
    wish.set_deals(record(Deal_Name="First edition", Stage=Choice("Qualification"), Amount=75.5))
    wanted = ConvertBodyWrapper()
    wanted.set_data([wish])
    response = RecordOperations().convert_lead(world["petra"], wanted)
    (made,) = answer(response, ConvertActionWrapper).get_data()

    account = get("Accounts", int(is_a(made, SuccessfulConvert).get_accounts()))
    same(account.get_key_value("Account_Name"), "Quill Press")
    same(get("Deals", int(made.get_deals())).get_key_value("Account_Name").get_id(), account.get_id())
    same(get("Contacts", int(made.get_contacts())).get_key_value("Last_Name"), "Quill")
