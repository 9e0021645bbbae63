"""Leads: their fields and views, and what converting one makes of it (crm-api.md §4.1, §4.8, §5.5, §6)."""

from typing import Any

import pytest

from tests.crm.api import SALES, STANDARD, SUPPORT, Crm

PATH = "/actions/convert"


def lead(crm: Crm, **values: Any) -> str:
    return crm.add("Leads", **{"Last_Name": "Daly", "First_Name": "Paul", "Company": "Zylker Works", **values})


def convert(crm: Crm, number: str, version: str = "v8", **wish: Any) -> Any:
    return crm.post(f"/Leads/{number}{PATH}", {"data": [wish]}, version=version)


def made(answer: Any) -> dict[str, Any]:
    assert answer.status == 200, answer.body
    return dict(answer.body["data"][0]["details"])


def test_a_lead_is_called_by_its_full_name_and_needs_a_last_name_only(crm: Crm):
    number = crm.add("Leads", Last_Name="Daly")

    assert crm.record("Leads", number)["Full_Name"] == "Daly"
    assert crm.create("Leads", {"Company": "Zylker"}).details["api_name"] == "Last_Name"


def test_leads_have_their_own_views(still: Crm):
    views = still.get("/settings/custom_views?module=Leads").body["custom_views"]

    names = {view["name"]: view["system_name"] for view in views}
    assert names["All Leads"] == "ALLVIEWS"
    assert names["Converted Leads"] == "CONVERTEDVIEWS"
    assert names["My Converted Leads"] == "MYCONVERTEDVIEWS"
    assert names["Today's Leads"] == "today"
    assert {"Junk Leads", "Not Qualified Leads", "Open Leads", "Unread Leads", "Mailing Labels"} <= set(names)


def test_open_leads_are_those_that_were_not_given_up(crm: Crm):
    lead(crm, Last_Name="Open", Lead_Status="Contacted")
    lead(crm, Last_Name="Blank")
    lead(crm, Last_Name="Junk", Lead_Status="Junk Lead")

    assert sorted(crm.names(f"/Leads?fields=Last_Name&cvid={crm.view('Leads', 'Open Leads')}", "Last_Name")) == [
        "Blank",
        "Open",
    ]


def test_a_converted_lead_becomes_an_account_a_contact_and_a_potential(crm: Crm):
    number = lead(
        crm,
        Email="paul@zylker.example",
        Designation="Buyer",
        City="Austin",
        Lead_Source="Trade Show",
        No_of_Employees=12,
        Annual_Revenue=1000.5,
    )

    answer = convert(crm, number, Deals={"Deal_Name": "Desks", "Stage": "Qualification", "Amount": 200})

    assert answer.body["data"][0]["message"] == "The record has been converted successfully"
    names = {part: one["name"] for part, one in made(answer).items()}
    assert names == {"Contacts": "Paul Daly", "Deals": "Desks", "Accounts": "Zylker Works"}
    account = crm.record("Accounts", made(answer)["Accounts"]["id"])
    contact = crm.record("Contacts", made(answer)["Contacts"]["id"])
    deal = crm.record("Deals", made(answer)["Deals"]["id"])
    assert (account["Employees"], account["Billing_City"], str(account["Annual_Revenue"])) == (12, "Austin", "1000.5")
    assert (contact["Title"], contact["Email"], contact["Account_Name"]["name"]) == (
        "Buyer",
        "paul@zylker.example",
        "Zylker Works",
    )
    assert (deal["Account_Name"]["id"], deal["Contact_Name"]["id"]) == (account["id"], contact["id"])
    assert deal["Lead_Source"] == "Trade Show"
    converted = crm.record("Leads", number)
    assert converted["Converted__s"] is True
    assert converted["Converted_Deal"]["name"] == "Desks"
    assert converted["Converted_Date_Time"] is not None
    assert converted["$editable"] is False


def test_without_a_company_and_a_deal_there_is_a_contact_only(crm: Crm):
    details = made(convert(crm, crm.add("Leads", Last_Name="Daly"), Deals=None))

    assert details["Contacts"]["name"] == "Daly"
    assert (details["Accounts"], details["Deals"]) == (None, None)


@pytest.mark.parametrize("version", ["v2", "v5"])
def test_older_versions_give_plain_ids_and_take_them(crm: Crm, version: str):
    account = crm.add("Accounts", Account_Name="Other")
    user = crm.user(STANDARD)

    answer = convert(crm, lead(crm), version=version, Accounts=account, assign_to=user)

    (shown,) = answer.body["data"]
    assert shown["Accounts"] == account
    assert shown["Deals"] is None
    assert crm.record("Contacts", shown["Contacts"])["Owner"]["id"] == user


def test_the_account_of_the_companys_name_and_the_contact_of_the_address_are_used(crm: Crm):
    account = crm.add("Accounts", Account_Name="ZYLKER works")
    contact = crm.add("Contacts", Last_Name="Old", Email="paul@zylker.example")

    details = made(convert(crm, lead(crm, Email="Paul@Zylker.example")))

    assert (details["Accounts"]["id"], details["Contacts"]["id"]) == (account, contact)
    assert crm.record("Contacts", contact)["Account_Name"]["id"] == account
    assert crm.record("Contacts", contact)["Last_Name"] == "Old"


@pytest.mark.parametrize(("overwrite", "company", "account"), [(False, "First", "First"), (True, "First", "Given")])
def test_overwriting_decides_about_a_contact_of_another_account(crm: Crm, overwrite: bool, company: str, account: str):
    first, given = crm.add("Accounts", Account_Name=company), crm.add("Accounts", Account_Name="Given")
    contact = crm.add("Contacts", Last_Name="Old", Account_Name={"id": first})
    number = crm.add("Leads", Last_Name="Daly")

    convert(crm, number, overwrite=overwrite, Accounts={"id": given}, Contacts={"id": contact})

    assert crm.record("Contacts", contact)["Account_Name"]["name"] == account


def test_overwriting_gives_the_account_the_companys_name(crm: Crm):
    account = crm.add("Accounts", Account_Name="Old name", Phone="111")

    convert(crm, lead(crm, Phone="222"), overwrite=True, Accounts={"id": account})

    shown = crm.record("Accounts", account)
    assert (shown["Account_Name"], shown["Phone"]) == ("Zylker Works", "111")


def test_notes_and_tags_come_along(crm: Crm):
    number = lead(crm)
    parent = {"module": {"api_name": "Leads"}, "id": number}
    note = crm.post("/Notes", {"data": [{"Note_Content": "Called", "Parent_Id": parent}]}).details["id"]

    details = made(convert(crm, number, carry_over_tags={"Contacts": ["VIP"], "Deals": ["Ignored"]}))

    assert crm.record("Notes", note)["Parent_Id"]["id"] == details["Contacts"]["id"]
    (tag,) = crm.record("Contacts", details["Contacts"]["id"])["Tag"]
    assert tag["name"] == "VIP"


def test_the_contact_gets_his_role_in_the_potential(crm: Crm):
    role = crm.get("/Contacts/roles").body["contact_roles"][0]
    deal = {"Deal_Name": "Desks", "Stage": "Qualification"}

    details = made(convert(crm, lead(crm), Deals={**deal, "Contact_Role": role["id"]}))

    (contact,) = crm.get(f"/Deals/{details['Deals']['id']}/Contact_Roles?fields=Last_Name").body["data"]
    assert (contact["id"], contact["Contact_Role"]["name"]) == (details["Contacts"]["id"], role["name"])
    refused = convert(crm, lead(crm), Deals={**deal, "Contact_Role": "1"})
    assert (refused.code, refused.details["json_path"]) == ("INVALID_DATA", "$.data[0].Deals.Contact_Role")


def test_converted_leads_leave_the_lists(crm: Crm):
    convert(crm, lead(crm, Last_Name="Gone"))
    lead(crm, Last_Name="Here")

    def listed(more: str = "") -> list[str]:
        return sorted(crm.names(f"/Leads?fields=Last_Name{more}", "Last_Name"))

    assert listed() == ["Here"]
    assert listed("&converted=false") == ["Here"]
    assert listed("&converted=true") == ["Gone"]
    assert listed("&converted=both") == ["Gone", "Here"]
    assert crm.get("/Leads?fields=id&converted=maybe").details == {"param_name": "converted"}
    assert listed(f"&cvid={crm.view('Leads', 'All Leads')}") == ["Here"]
    for view in ("Converted Leads", "My Converted Leads"):
        assert listed(f"&cvid={crm.view('Leads', view)}") == ["Gone"]
    assert crm.names("/Leads/search?word=Gone&fields=Last_Name", "Last_Name") == []
    assert crm.names("/Leads/search?word=Gone&converted=both&fields=Last_Name", "Last_Name") == ["Gone"]
    assert crm.get("/Leads/actions/count").body["count"] == 1


def test_a_converted_lead_is_read_only(crm: Crm):
    number = lead(crm)
    convert(crm, number)

    again = convert(crm, number)
    written = crm.put(f"/Leads/{number}", {"data": [{"Last_Name": "X"}]})

    assert (again.status, again.code, again.body["details"]) == (
        400,
        "ID_ALREADY_CONVERTED",
        {"resource_path_index": 1},
    )
    assert (written.status, written.code, written.details) == (400, "ID_ALREADY_CONVERTED", {"id": number})


@pytest.mark.parametrize(("version", "marks"), [("v2", True), ("v3", True), ("v4", False), ("v8", False)])
def test_versions_say_differently_that_a_lead_was_converted(crm: Crm, version: str, marks: bool):
    number = lead(crm)
    convert(crm, number)

    shown = crm.record("Leads", number, version=version)
    (listed,) = crm.get("/Leads?converted=true&fields=Last_Name,$converted,Converted__s", version=version).body["data"]

    assert (shown.get("$converted"), shown.get("Converted__s")) == ((True, None) if marks else (None, True))
    assert ("$converted" in listed, "Converted__s" in listed) == (marks, not marks)
    if marks:
        assert shown["$converted_detail"]["contact"] == shown["Converted_Contact"]["id"]
        assert crm.record("Leads", lead(crm), version=version)["$converted_detail"] == {}


@pytest.mark.parametrize(
    ("wish", "code", "name"),
    [
        ({"overwrite": "yes"}, "INVALID_DATA", "overwrite"),
        ({"Accounts": {"id": "1"}}, "INVALID_DATA", "Accounts"),
        ({"Contacts": "x"}, "INVALID_DATA", "Contacts"),
        ({"assign_to": {"id": "1"}}, "INVALID_DATA", "assign_to"),
        ({"Deals": []}, "INVALID_DATA", "Deals"),
        ({"Deals": {"Deal_Name": "D"}}, "MANDATORY_NOT_FOUND", "Stage"),
        ({"Deals": {"Deal_Name": "D", "Stage": "Nope"}}, "INVALID_DATA", "Stage"),
        ({"move_attachments_to": {"api_name": "Quotes"}}, "INVALID_DATA", "move_attachments_to"),
        ({"carry_over_tags": {"Quotes": ["a"]}}, "INVALID_DATA", "carry_over_tags"),
    ],
)
def test_a_conversion_that_fails_leaves_nothing_behind(crm: Crm, wish: dict[str, Any], code: str, name: str):
    number = lead(crm)

    answer = convert(crm, number, **wish)

    assert (answer.status, answer.code, answer.details["api_name"]) == (400, code, name)
    assert crm.record("Leads", number)["Converted__s"] is False
    assert crm.get("/Contacts?fields=id").status == 204
    assert crm.get("/Accounts?fields=id").status == 204


def test_who_may_not_change_leads_or_make_accounts_cannot_convert(crm: Crm):
    number = lead(crm)

    assert convert(crm.as_(SUPPORT), number).code == "NO_PERMISSION"
    crm.allow("Sales", Crm_Implied_Create_Accounts=False)
    refused = convert(crm.as_(SALES), number)
    assert (refused.status, refused.code) == (403, "NO_PERMISSION")
    assert convert(crm.with_scopes("ZohoCRM.modules.leads.READ"), number).code == "OAUTH_SCOPE_MISMATCH"


def test_only_leads_that_are_there_are_converted(crm: Crm):
    account = crm.add("Accounts", Account_Name="Acme")

    assert convert(crm, "1").code == "INVALID_DATA"
    assert crm.post(f"/Accounts/{account}{PATH}", {"data": [{}]}).code == "INVALID_MODULE"
    assert crm.post(f"/Leads/{lead(crm)}{PATH}", b"[]").code == "INVALID_DATA"
    assert crm.post(f"/Leads/{lead(crm)}{PATH}", {"data": []}).code == "MANDATORY_NOT_FOUND"
