"""Records of the CRM are made, edited, deleted and found on the screens."""

from typing import Any

import pytest

from tests.support.visitor import Visitor
from tests.support.world import World


def record(world: World, module: str, record_id: str) -> dict[str, Any]:
    found = world.crm.get_record(module, record_id)
    assert found is not None
    return found


def id_at(address: str) -> str:
    return address.rsplit("/", 1)[-1]


def form(page: str) -> str:
    """The time a form was opened, which is sent back with it."""
    return page.split('name="as_of" value="')[1].split('"')[0]


def test_an_account_is_made_on_a_form_with_the_sections_of_its_layout(world: World, asha: Visitor):
    page = asha.get("/crm/accounts/new").text
    answer = asha.post(
        "/crm/accounts/new", Account_Name="Acme", Annual_Revenue="1,250.50", Industry="", Website="acme.example"
    )

    assert all(heading in page for heading in ("Account Information", "Address Information", "Description Information"))
    made = record(world, "Accounts", id_at(answer.location))
    assert (made["Account_Name"], made["Website"], made["Industry"]) == ("Acme", "acme.example", None)
    assert str(made["Annual_Revenue"]) == "1250.5"
    assert "Saved." in asha.get(answer.location).text


def test_what_is_wrong_on_a_form_is_told_beside_its_field_and_nothing_is_lost(world: World, asha: Visitor):
    answer = asha.post("/crm/accounts/new", Account_Name="", Annual_Revenue="much", Phone="+1 555")

    assert answer.status_code == 422
    assert "This is not a number." in answer.text
    assert 'value="+1 555"' in answer.text
    answer = asha.post("/crm/accounts/new", Account_Name="", Phone="+1 555")
    assert answer.status_code == 422
    assert "This is required." in answer.text
    assert list(world.crm.iterate("Accounts", ["Account_Name"])) == []


def test_only_what_was_entered_otherwise_is_written(world: World, asha: Visitor):
    acme = world.add_account("Acme", Phone="1", Description="Keep me")
    page = asha.get(f"/crm/accounts/{acme}/edit").text

    asha.follow(
        f"/crm/accounts/{acme}/edit", as_of=form(page), Account_Name="Acme Ltd", Phone="1", Description="Keep me"
    )

    after = record(world, "Accounts", acme)
    assert (after["Account_Name"], after["Phone"], after["Description"]) == ("Acme Ltd", "1", "Keep me")
    put = next(entry for entry in world.writes("crm") if entry["method"] == "PUT")
    assert '"Account_Name"' in put["request"]
    assert '"Phone"' not in put["request"]


def test_an_edit_that_somebody_else_was_quicker_with_shows_both_and_is_saved_when_sent_twice(
    world: World, asha: Visitor
):
    acme = world.add_account("Acme", Phone="1")
    opened = form(asha.get(f"/crm/accounts/{acme}/edit").text)
    for service in world.apps:
        world.control(service, "PUT", f"/{world.id}/clock", {"advance_seconds": 5})
    world.change("Accounts", acme, Phone="2")

    answer = asha.post(f"/crm/accounts/{acme}/edit", as_of=opened, Account_Name="Acme", Phone="3")

    assert answer.status_code == 422
    assert "In the record by now: 2" in answer.text
    assert record(world, "Accounts", acme)["Phone"] == "2"
    asha.follow(f"/crm/accounts/{acme}/edit", as_of=form(answer.text), Account_Name="Acme", Phone="3")
    assert record(world, "Accounts", acme)["Phone"] == "3"


def test_a_lookup_is_entered_by_name(world: World, asha: Visitor):
    acme = world.add_account("Acme")

    answer = asha.post("/crm/contacts/new", Last_Name="Ann", Account_Name=" acme ")

    assert record(world, "Contacts", id_at(answer.location))["Account_Name"]["id"] == acme


def test_a_name_that_nobody_has_or_several_have_is_asked_about(world: World, asha: Visitor):
    first = world.add_account("Acme", Billing_City="Oslo")
    world.add_account("Acme", Billing_City="Bergen")

    unknown = asha.post("/crm/contacts/new", Last_Name="Ann", Account_Name="Acne")
    several = asha.post("/crm/contacts/new", Last_Name="Ann", Account_Name="Acme")
    chosen = asha.post("/crm/contacts/new", **{"Last_Name": "Ann", "Account_Name": "Acme", "Account_Name.id": first})

    assert "There is no account of this name." in unknown.text
    assert "Acme, Oslo" in several.text
    assert "Acme, Bergen" in several.text
    assert record(world, "Contacts", id_at(chosen.location))["Account_Name"]["id"] == first


def test_names_are_suggested_while_one_types(world: World, asha: Visitor):
    world.add_account("Acme Industrial")
    world.add_account("Globex")

    assert 'value="Acme Industrial"' in asha.get("/crm/suggest/accounts?of=Account_Name&Account_Name=indu").text
    assert "<option" not in asha.get("/crm/suggest/accounts?of=Account_Name&Account_Name=x").text


def test_a_contact_made_on_the_page_of_an_account_belongs_to_it(world: World, asha: Visitor):
    acme = world.add_account("Acme")
    world.add("Contacts", Last_Name="Ann", Account_Name={"id": acme})

    page = asha.get(f"/crm/accounts/{acme}").text
    new = asha.get(f"/crm/contacts/new?Account_Name={acme}&Account_Name.name=Acme").text

    assert "Ann" in page
    assert f"/crm/contacts/new?Account_Name={acme}" in page
    assert 'value="Acme"' in new


def test_a_deleted_record_goes_to_the_recycle_bin(world: World, asha: Visitor):
    acme = world.add_account("Acme")

    page = asha.follow(f"/crm/accounts/{acme}/delete").text

    assert "It is in the recycle bin of Zoho CRM." in page
    assert [row["id"] for row in world.crm.deleted_records("Accounts")] == [acme]


def test_a_list_is_sorted_by_the_column_one_chooses_and_back(world: World, asha: Visitor):
    for name in ("Borg", "Acme", "Cyan"):
        world.add_account(name)

    rising = asha.get("/crm/accounts?sort=Account_Name").text
    falling = asha.get("/crm/accounts?sort=Account_Name&order=desc").text

    assert rising.index("Acme") < rising.index("Borg") < rising.index("Cyan")
    assert falling.index("Cyan") < falling.index("Borg") < falling.index("Acme")
    assert 'aria-sort="ascending"' in rising


@pytest.mark.parametrize("module", ["leads", "accounts", "contacts", "potentials", "products"])
def test_each_module_has_its_form(world: World, asha: Visitor, module: str):
    page = asha.get(f"/crm/{module}/new")

    assert page.status_code == 200
    assert "Save" in page.text


@pytest.mark.requirement("T3")
@pytest.mark.parametrize("module", ["quotes", "invoices"])
def test_quotes_and_invoices_of_the_crm_are_a_set_of_their_own(world: World, asha: Visitor, module: str):
    assert asha.get(f"/crm/{module}").status_code == 200
