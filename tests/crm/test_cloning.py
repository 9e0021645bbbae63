"""Copies of records."""

import pytest

from tests.crm.api import SALES, STANDARD, Crm


def test_a_clone_has_the_values_of_its_source(crm: Crm):
    account = crm.add("Accounts", Account_Name="Acme")
    contact = crm.add("Contacts", Last_Name="Doe", Email="doe@acme.example", Account_Name={"id": account})

    answer = crm.post(f"/Contacts/{contact}/actions/clone")

    assert (answer.status, answer.outcome["message"]) == (201, "record added")
    copy = crm.record("Contacts", answer.details["id"])
    assert copy["id"] != contact
    assert (copy["Last_Name"], copy["Email"], copy["Account_Name"]["id"]) == ("Doe", "doe@acme.example", account)


def test_a_clone_takes_other_values_where_they_are_given(crm: Crm):
    source = crm.add("Accounts", Account_Name="Acme", Phone="1", Fax="2")

    answer = crm.post(f"/Accounts/{source}/actions/clone", {"data": [{"Account_Name": "Beta", "Fax": None}]})

    copy = crm.record("Accounts", answer.details["id"])
    assert (copy["Account_Name"], copy["Phone"], copy["Fax"]) == ("Beta", "1", None)


def test_a_clone_belongs_to_the_owner_of_its_source(crm: Crm):
    source = crm.add("Accounts", Account_Name="Acme", Owner={"id": crm.user(STANDARD)})

    copy = crm.as_(SALES).post(f"/Accounts/{source}/actions/clone").details["id"]

    assert crm.record("Accounts", copy)["Owner"]["email"] == STANDARD
    assert crm.record("Accounts", copy)["Created_By"]["email"] == SALES


def test_the_lines_of_a_document_are_copied_as_lines_of_their_own(crm: Crm):
    product = crm.add("Products", Product_Name="Desk", Unit_Price=10)
    items = [{"Product_Name": {"id": product}, "Quantity": 2, "List_Price": 10}]
    quote = crm.add("Quotes", Subject="Desks", Quoted_Items=items)

    copy = crm.record("Quotes", crm.post(f"/Quotes/{quote}/actions/clone").details["id"])

    (line,), (copied,) = crm.record("Quotes", quote)["Quoted_Items"], copy["Quoted_Items"]
    assert (copied["Product_Name"]["id"], copied["Quantity"], copy["Grand_Total"]) == (product, 2, 20)
    assert copied["id"] != line["id"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"data": [{"Account_Name": 5}]}, "INVALID_DATA"),
        ({"data": [{"Account_Name": None}]}, "MANDATORY_NOT_FOUND"),
        ({"data": []}, "MANDATORY_NOT_FOUND"),
        ({"data": {}}, "INVALID_DATA"),
        ({"data": [{}, {}]}, "LIMIT_EXCEEDED"),
        ({"trigger": "workflow"}, "INVALID_DATA"),
        ({"apply_feature_execution": [{"name": "magic"}]}, "INVALID_DATA"),
    ],
)
def test_what_does_not_fit_a_clone_is_refused(crm: Crm, body: dict, code: str):
    source = crm.add("Accounts", Account_Name="Acme")

    answer = crm.post(f"/Accounts/{source}/actions/clone", body)

    assert (answer.status, answer.code) == (400, code)
    assert crm.get("/Accounts/actions/count").body == {"count": 1}
