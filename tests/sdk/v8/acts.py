"""Clone, mass update, owner, merge, conversion of a lead and the recycle bin."""

from stepping import World, is_a, same, step
from zohocrmsdk.src.com.zoho.crm.api import (
    change_owner,
    convert_lead,
    find_and_merge,
    get_related_records_count,
    mass_change_owner,
    mass_delete_cvid,
    recycle_bin,
)
from zohocrmsdk.src.com.zoho.crm.api.record import (
    ActionWrapper,
    GetMassUpdateStatusParam,
    MassUpdate,
    MassUpdateActionWrapper,
    MassUpdateBodyWrapper,
    MassUpdateResponseWrapper,
    MassUpdateSuccessResponse,
    Record,
    RecordOperations,
    SuccessResponse,
)
from zohocrmsdk.src.com.zoho.crm.api.users import MinifiedUser
from zohocrmsdk.src.com.zoho.crm.api.util import Choice

from v8.sdk import answer, create, get, id_of, params, record, text


@step
def a_record_is_cloned(world: World) -> None:
    (outcome,) = answer(RecordOperations("Deals").clone_record(world["switchboard"]), ActionWrapper, 201).get_data()
    clone = id_of(is_a(outcome, SuccessResponse))

    assert clone != world["switchboard"]
    found = get("Deals", clone)
    same((found.get_key_value("Deal_Name"), found.get_key_value("Amount")), ("Switchboard", 1100.75))
    RecordOperations("Deals").delete_record(clone)


@step
def named_records_are_updated_together(world: World) -> None:
    wanted = MassUpdateBodyWrapper()
    wanted.set_data([record(Next_Step="Call")])
    wanted.set_ids([str(world["switchboard"]), str(world["cables"])])
    outcomes = answer(RecordOperations("Deals").mass_update_records(wanted), MassUpdateActionWrapper).get_data()

    same([text(is_a(one, MassUpdateSuccessResponse).get_message()) for one in outcomes], ["record updated"] * 2)
    same(get("Deals", world["cables"]).get_key_value("Next_Step"), "Call")


@step
def records_of_a_view_are_updated_by_a_job(world: World) -> None:
    wanted = MassUpdateBodyWrapper()
    wanted.set_data([record(Rating=Choice("Active"))])
    wanted.set_cvid(str(world["all_accounts"]))
    (outcome,) = answer(RecordOperations("Accounts").mass_update_records(wanted), MassUpdateActionWrapper).get_data()
    job = is_a(outcome, MassUpdateSuccessResponse).get_details()["job_id"]
    asked = params(GetMassUpdateStatusParam, job_id=str(job))
    (state,) = answer(RecordOperations("Accounts").get_mass_update_status(asked), MassUpdateResponseWrapper).get_data()

    same(text(outcome.get_message()), "mass update scheduled successfully")
    same((text(is_a(state, MassUpdate).get_status()), state.get_updated_count()), ("COMPLETED", 6))
    same(get("Accounts", world["bell"]).get_key_value("Rating").get_value(), "Active")


@step
def a_record_gets_another_owner(world: World) -> None:
    people = {one["email"]: int(one["id"]) for one in world.control("GET", "/people")["people"]}
    world["ben"] = people["ben.carter@zylker.example"]
    owner = change_owner.Owner()
    owner.set_id(world["ben"])
    wanted = change_owner.BodyWrapper()
    wanted.set_owner(owner)
    response = change_owner.ChangeOwnerOperations("Contacts").single_update(world["otto"], wanted)
    (outcome,) = answer(response, change_owner.ActionWrapper).get_data()

    is_a(outcome, change_owner.SuccessResponse)
    same(get("Contacts", world["otto"]).get_key_value("Owner").get_name(), "Ben Carter")


@step
def records_of_a_view_get_another_owner(world: World) -> None:
    owner = mass_change_owner.Owner()
    owner.set_id(world["ben"])
    wanted = mass_change_owner.BodyWrapper()
    wanted.set_owner(owner)
    wanted.set_cvid(world["all_accounts"])
    response = mass_change_owner.MassChangeOwnerOperations("Accounts").change_owner(wanted)
    (outcome,) = answer(response, mass_change_owner.ActionWrapper, 202).get_data()
    job = is_a(outcome, mass_change_owner.SuccessResponse).get_details()["job_id"]
    asked = params(mass_change_owner.CheckStatusParam, job_id=int(job))
    response = mass_change_owner.MassChangeOwnerOperations("Accounts").check_status(asked)
    (state,) = answer(response, mass_change_owner.ResponseWrapper).get_data()

    same(text(is_a(state, mass_change_owner.Status).get_status()), "COMPLETED")
    same(is_a(get("Accounts", world["bell"]).get_key_value("Owner"), MinifiedUser).get_name(), "Ben Carter")


@step
def two_contacts_are_merged(world: World) -> None:
    child, master = create(
        "Contacts",
        record(Last_Name="Twin", Email="twin@bell.example"),
        record(Last_Name="Twin", Phone="555-0123"),
    )
    fields = find_and_merge.DataFields()
    fields.set_api_name("Email")
    data = find_and_merge.MergeData()
    data.set_id(child)
    data.set_fields([fields])
    merge = find_and_merge.Merge()
    merge.set_data([data])
    wanted = find_and_merge.BodyWrapper()
    wanted.set_merge([merge])
    response = find_and_merge.FindAndMergeOperations("Contacts", master).merge_records(wanted)
    (outcome,) = answer(response, find_and_merge.ActionWrapper, response.get_status_code()).get_merge()

    is_a(outcome, find_and_merge.SuccessResponse)
    found = get("Contacts", master)
    same((found.get_key_value("Email"), found.get_key_value("Phone")), ("twin@bell.example", "555-0123"))
    RecordOperations("Contacts").delete_record(master)


@step
def a_lead_becomes_account_contact_and_potential(world: World) -> None:
    wish = convert_lead.LeadConverter()
    wish.set_deals(record(Deal_Name="First edition", Stage=Choice("Qualification"), Amount=75.5))
    wanted = convert_lead.BodyWrapper()
    wanted.set_data([wish])
    response = convert_lead.ConvertLeadOperations(world["petra"]).convert_lead(wanted)
    (outcome,) = answer(response, convert_lead.ActionWrapper).get_data()
    made = is_a(outcome, convert_lead.SuccessResponse).get_details()

    same(text(outcome.get_message()), "The record has been converted successfully")
    account = get("Accounts", is_a(made["Accounts"], Record).get_id())
    same(account.get_key_value("Account_Name"), "Quill Press")
    deal = get("Deals", made["Deals"].get_id())
    same(is_a(deal.get_key_value("Account_Name"), Record).get_id(), account.get_id())
    same(get("Contacts", made["Contacts"].get_id()).get_key_value("Last_Name"), "Quill")


@step
def related_records_are_counted(world: World) -> None:
    of = get_related_records_count.RelatedList()
    of.set_api_name("Contacts")
    one = get_related_records_count.GetRelatedRecordCount()
    one.set_related_list(of)
    wanted = get_related_records_count.BodyWrapper()
    wanted.set_get_related_records_count([one])
    operations = get_related_records_count.GetRelatedRecordsCountOperations(world["bell"], "Accounts")
    response = operations.get_related_records_count(wanted)
    (found,) = answer(response, get_related_records_count.ActionWrapper).get_get_related_records_count()

    same(is_a(found, get_related_records_count.SuccessResponse).get_count(), 2)


@step
def named_records_are_deleted_together(world: World) -> None:
    made = create("Leads", record(Last_Name="Gone", Company="G"), record(Last_Name="Also", Company="G"))
    wanted = mass_delete_cvid.RecordIdBodyWrapper()
    wanted.set_ids(made)
    operations = mass_delete_cvid.MassDeleteCvidOperations("Leads")
    outcomes = answer(operations.mass_delete_by_record_id(wanted), mass_delete_cvid.ActionWrapper).get_data()

    same([id_of(is_a(one, mass_delete_cvid.SuccessResponse)) for one in outcomes], made)
    world["binned"] = made[0]


@step
def the_recycle_bin_is_listed(world: World) -> None:
    found = answer(recycle_bin.RecycleBinOperations().get_recyclebin_records(), recycle_bin.ResponseWrapper)
    by_id = {is_a(one, recycle_bin.RecycleBin).get_id(): one for one in found.get_recycle_bin()}

    one = by_id[world["binned"]]
    same((one.get_display_name(), one.get_module().get_api_name()), ("Gone", "Leads"))
    same(is_a(one.get_deleted_by(), MinifiedUser).get_name(), "Asha Rao")


@step
def a_record_is_deleted_for_good(world: World) -> None:
    response = recycle_bin.RecycleBinOperations().delete_recyclebin_record(world["binned"])
    (outcome,) = answer(response, recycle_bin.ActionWrapper).get_recycle_bin()

    is_a(outcome, recycle_bin.SuccessResponse)
    found = answer(recycle_bin.RecycleBinOperations().get_recyclebin_records(), recycle_bin.ResponseWrapper)
    assert world["binned"] not in [one.get_id() for one in found.get_recycle_bin()]
