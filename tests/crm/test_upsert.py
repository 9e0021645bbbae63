"""Insert or update by what is there already (crm-api.md §4.6)."""

from typing import Any

from tests.crm.api import Crm


def upsert(crm: Crm, module: str, *records: Any, fields: list[str] | None = None) -> Any:
    body: dict[str, Any] = {"data": list(records)}
    if fields is not None:
        body["duplicate_check_fields"] = fields
    return crm.post(f"/{module}/upsert", body)


def test_what_is_there_is_updated_and_the_rest_inserted(crm: Crm):
    acme = crm.add("Accounts", Account_Name="Acme", Phone="1")

    answer = upsert(crm, "Accounts", {"Account_Name": " ACME ", "Fax": "2"}, {"Account_Name": "Beta"})

    assert answer.status == 200
    done = [(o["action"], o["duplicate_field"], o["message"]) for o in answer.outcomes]
    assert done == [("update", "Account_Name", "record updated"), ("insert", None, "record added")]
    record = crm.record("Accounts", acme)
    assert (record["Phone"], record["Fax"]) == ("1", "2")


def test_the_default_check_field_is_the_modules_own(crm: Crm):
    crm.add("Contacts", Last_Name="Doe", Email="doe@x.example")

    answer = upsert(crm, "Contacts", {"Last_Name": "Doe"}, {"Last_Name": "Other", "Email": "DOE@x.example"})

    assert [outcome["action"] for outcome in answer.outcomes] == ["insert", "update"]


def test_an_object_equal_to_an_earlier_one_of_the_call_updates_that(crm: Crm):
    answer = upsert(crm, "Deals", *[{"Deal_Name": "Big", "Stage": "Qualification", "Amount": n} for n in (1, 2, 3)])

    assert [outcome["action"] for outcome in answer.outcomes] == ["insert", "update", "update"]
    assert len({outcome["details"]["id"] for outcome in answer.outcomes}) == 1
    assert crm.record("Deals", answer.outcomes[0]["details"]["id"])["Amount"] == 3


def test_of_several_equal_records_the_oldest_is_updated(crm: Crm):
    first = crm.add("Accounts", Account_Name="Acme")
    crm.add("Accounts", Account_Name="Acme")

    assert upsert(crm, "Accounts", {"Account_Name": "Acme", "Phone": "1"}).details["id"] == first


def test_deleted_records_are_not_found(crm: Crm):
    crm.delete(f"/Accounts/{crm.add('Accounts', Account_Name='Acme')}")

    assert upsert(crm, "Accounts", {"Account_Name": "Acme"}).outcome["action"] == "insert"


def test_an_id_in_the_object_forces_the_update(crm: Crm):
    acme = crm.add("Accounts", Account_Name="Acme")

    answer = upsert(crm, "Accounts", {"id": acme, "Account_Name": "Renamed"}, {"id": "123", "Account_Name": "X"})

    assert [outcome["code"] for outcome in answer.outcomes] == ["SUCCESS", "INVALID_DATA"]
    assert crm.record("Accounts", acme)["Account_Name"] == "Renamed"


def test_only_check_and_unique_fields_can_be_checked(crm: Crm):
    for fields in (["Phone"], ["Nope"], [5], "Account_Name"):
        answer = upsert(crm, "Accounts", {"Account_Name": "A"}, fields=fields)  # type: ignore[arg-type]
        assert (answer.status, answer.code) == (400, "INVALID_DATA")


def test_an_object_that_cannot_be_written_leaves_the_others_alone(crm: Crm):
    answer = upsert(crm, "Accounts", {"Phone": "1"}, {"Account_Name": "A"}, 5)

    assert answer.status == 207
    assert [outcome["code"] for outcome in answer.outcomes] == ["MANDATORY_NOT_FOUND", "SUCCESS", "INVALID_DATA"]


def connected(crm: Crm) -> None:
    """Makes the hidden field by which a connected product finds its records."""
    key = crm.post("/settings/zsc_key").body["zsc_key"]["key"]
    body = {
        "email": "asha.rao@zylker.example",
        "zsc_key": key,
        "product": "ZohoInvoice",
        "organization": "Zylker",
    }
    assert crm.client.post("/oauth/v2/zsc", json=body).status_code == 200


def test_a_connected_product_finds_its_own_record_by_its_hidden_field(crm: Crm):
    connected(crm)
    body = {"Account_Name": "Acme", "Zoho_Invoice_ID": "k1"}

    first = upsert(crm, "Accounts", body, fields=["Zoho_Invoice_ID"])
    again = upsert(crm, "Accounts", {**body, "Account_Name": "Other"}, fields=["Zoho_Invoice_ID"])

    assert (first.outcome["action"], again.outcome["action"]) == ("insert", "update")
    assert first.details["id"] == again.details["id"]
    assert crm.names("/Accounts/search?criteria=(Zoho_Invoice_ID:equals:k1)", "id") == [first.details["id"]]


def test_the_hidden_field_is_unique(crm: Crm):
    connected(crm)
    holder = crm.add("Accounts", Account_Name="Acme", Zoho_Invoice_ID="k1")

    answer = crm.create(
        "Accounts",
        {"Account_Name": "B", "Zoho_Invoice_ID": "K1 "},
        {"Account_Name": "C", "Zoho_Invoice_ID": "k2"},
        {"Account_Name": "D", "Zoho_Invoice_ID": "k2"},
    )

    assert [outcome["code"] for outcome in answer.outcomes] == ["DUPLICATE_DATA", "SUCCESS", "DUPLICATE_DATA"]
    details = answer.outcomes[0]["details"]
    assert (details["api_name"], details["id"], details["more_records"]) == ("Zoho_Invoice_ID", holder, False)
    assert details["duplicate_record"]["module"]["api_name"] == "Accounts"
    assert answer.outcomes[2]["details"]["id"] == answer.outcomes[1]["details"]["id"]


def test_a_unique_value_is_free_again_when_its_record_goes_or_lets_go(crm: Crm):
    connected(crm)
    one = crm.add("Accounts", Account_Name="A", Zoho_Invoice_ID="k1")
    two = crm.add("Accounts", Account_Name="B", Zoho_Invoice_ID="k2")

    crm.delete(f"/Accounts/{one}")
    crm.put(f"/Accounts/{two}", {"data": [{"Zoho_Invoice_ID": None}]})

    assert crm.create("Accounts", {"Account_Name": "C", "Zoho_Invoice_ID": "k1"}).status == 201
    assert crm.create("Accounts", {"Account_Name": "D", "Zoho_Invoice_ID": "k2"}).status == 201


def test_the_hidden_field_is_shown_only_to_those_who_name_it(crm: Crm):
    connected(crm)
    account = crm.add("Accounts", Account_Name="A", Zoho_Invoice_ID="k1")

    listed = [field["api_name"] for field in crm.get("/settings/fields?module=Accounts").body["fields"]]
    all_fields = [field["api_name"] for field in crm.get("/settings/fields?module=Accounts&type=all").body["fields"]]

    assert "Zoho_Invoice_ID" not in listed
    assert "Zoho_Invoice_ID" in all_fields
    assert "Zoho_Invoice_ID" not in crm.record("Accounts", account)
    assert crm.get(f"/Accounts?ids={account}&fields=Zoho_Invoice_ID").body["data"][0]["Zoho_Invoice_ID"] == "k1"
