"""Setup of the CRM: layouts and custom fields, views, profiles and users."""

import re

import pytest
from flask import Flask

from tests.screens.conftest import visiting
from tests.support.visitor import Visitor
from tests.support.world import World

CARLA = "carla.gomez@zylker.example"
LAYOUT = "/crm/setup/modules-and-fields/accounts"


def section_of(page: str, title: str) -> str:
    found = re.search(rf'id="section-(\d+)">{title}<', page)
    assert found is not None
    return found[1]


def add_checkbox(visitor: Visitor, label: str) -> str:
    section = section_of(visitor.get(LAYOUT).text, "Account Information")
    return str(visitor.follow(LAYOUT, section=section, data_type="boolean", label=label).text)


@pytest.mark.requirement("C7")
def test_setup_leads_to_what_administrators_arrange(asha: Visitor):
    page = asha.get("/crm/setup").text

    for label in ("Customization", "Modules and Fields", "Users and Control", "Security Control", "Developer Space"):
        assert label in page
    assert "Setup menu" in asha.get("/crm/accounts").text


@pytest.mark.requirement("C7")
def test_a_checkbox_put_onto_the_layout_stands_on_the_form_of_each_record(world: World, asha: Visitor):
    page = asha.get(LAYOUT).text
    section = section_of(page, "Account Information")
    dragged = asha.get(f"{LAYOUT}?section={section}&add=boolean").text

    saved = add_checkbox(asha, "Zoho Invoice")
    made = asha.post("/crm/accounts/new", Account_Name="Acme", Zoho_Invoice="on")

    assert "Label of the new field (Checkbox)" in dragged
    assert "Save Layout" in dragged
    assert "Zoho Invoice stands on the form of each record now." in saved
    record = world.crm.get_record("Accounts", made.location.rsplit("/", 1)[-1])
    assert record is not None
    assert record["Zoho_Invoice"] is True


def test_a_pick_list_is_made_with_its_options(world: World, asha: Visitor):
    section = section_of(asha.get(LAYOUT).text, "Account Information")

    asha.follow(LAYOUT, section=section, data_type="picklist", label="Size", options="Small\nLarge\n")

    fields = {one["api_name"]: one for one in world.crm.fields("Accounts")}
    assert [one["actual_value"] for one in fields["Size"]["pick_list_values"]][-2:] == ["Small", "Large"]


def test_a_label_that_is_taken_or_empty_is_refused_beside_the_field(asha: Visitor):
    section = section_of(asha.get(LAYOUT).text, "Account Information")

    taken = asha.post(LAYOUT, section=section, data_type="text", label="Phone")
    empty = asha.post(LAYOUT, section=section, data_type="text", label="")

    assert (taken.status_code, empty.status_code) == (422, 422)
    assert 'id="label-error"' in taken.text
    assert 'id="label-error"' in empty.text


def test_a_custom_field_is_taken_off_the_layout(world: World, asha: Visitor):
    add_checkbox(asha, "Zoho Invoice")
    page = asha.get(LAYOUT).text
    field = next(one for one in world.crm.fields("Accounts") if one["api_name"] == "Zoho_Invoice")

    after = asha.follow(f"{LAYOUT}/remove", section=section_of(page, "Account Information"), field=field["id"]).text

    assert "taken off the layout" in after
    assert 'name="Zoho_Invoice"' not in asha.get("/crm/accounts/new").text


@pytest.mark.requirement("C7")
def test_a_view_asks_for_the_records_whose_box_is_ticked(world: World, asha: Visitor):
    add_checkbox(asha, "Zoho Invoice")
    world.add_account("Acme", Zoho_Invoice=True)
    world.add_account("Globex", Zoho_Invoice=False)

    criterion = {"field": "Zoho_Invoice", "comparator": "equal", "value": "true"}
    page = asha.follow(
        "/crm/accounts/views/new", name="Zoho Invoice", access="public", column="Account_Name", **criterion
    )

    assert "The view Zoho Invoice is saved." in page.text
    assert "Acme" in page.text
    assert "Globex" not in page.text


def test_a_view_is_edited_with_what_it_asks_for_and_deleted(world: World, asha: Visitor):
    view = world.add_view(
        "Accounts", "In Oslo", {"comparator": "equal", "field": {"api_name": "Billing_City"}, "value": "Oslo"}
    )
    address = f"/crm/accounts/views/{view}"
    world.add_account("Acme", Billing_City="Bergen")

    page = asha.get(f"{address}/edit").text
    changed = asha.follow(
        f"{address}/edit", name="In Bergen", access="public", column="Account_Name", field="Billing_City",
        comparator="equal", value="Bergen",
    )  # fmt: skip

    assert 'value="Oslo"' in page
    assert "Acme" in changed.text
    asha.follow(f"{address}/delete")
    assert "In Bergen" not in [one["name"] for one in world.crm.custom_views("Accounts")]


def test_several_criteria_are_joined(world: World, asha: Visitor):
    for name, city, phone in (("Acme", "Oslo", "1"), ("Borg", "Oslo", None), ("Cyan", "Bergen", "1")):
        world.add_account(name, Billing_City=city, Phone=phone)
    form = {
        "name": "Oslo with phone",
        "access": "public",
        "operator": "and",
        "field": ["Billing_City", "Phone"],
        "comparator": ["equal", "not_empty"],
        "value": ["Oslo", ""],
    }

    page = asha.follow("/crm/accounts/views/new", **form).text

    assert "Acme" in page
    assert "Borg" not in page
    assert "Cyan" not in page


@pytest.mark.requirement("P1", "P2")
def test_a_box_unticked_denies_its_act_to_the_users_of_the_profile(screens: Flask, world: World, asha: Visitor):
    profiles = asha.get("/crm/setup/security-control/profiles").text
    address = re.search(r'href="(/crm/setup/security-control/profiles/\d+)" aria-label="Edit Sales"', profiles)
    assert address is not None
    page = asha.get(address[1]).text
    ticked = re.findall(r'name="box" value="(\w+)"[^>]* checked', page)
    unticked = ("Crm_Implied_Edit_Accounts", "Crm_Implied_Zoho_Invoice_Create_Edit_Estimates")
    kept = [name for name in ticked if name not in unticked]

    saved = asha.follow(address[1], box=kept).text

    assert "Zoho Invoice Permissions" in page
    assert len(kept) == len(ticked) - 2
    assert "It applies to every user with the profile Sales at once." in saved
    account = world.add_account("Acme")
    carla = visiting(screens, world, CARLA)
    form = carla.get(f"/crm/accounts/{account}/edit").text
    as_of = form.split('name="as_of" value="')[1].split('"')[0]
    refused = carla.post(f"/crm/accounts/{account}/edit", as_of=as_of, Account_Name="Acme Ltd")
    assert refused.status_code == 403
    assert "Edit Accounts" in refused.text


def test_the_administrators_profile_is_as_it_is(world: World, asha: Visitor):
    profile = next(one for one in world.crm._get("/settings/profiles")["profiles"] if one["name"] == "Administrator")

    answer = asha.post(f"/crm/setup/security-control/profiles/{profile['id']}", box=[])

    assert answer.status_code == 422
    assert "The Administrator profile cannot be changed" in answer.text


@pytest.mark.requirement("P1")
def test_a_user_gets_another_profile(world: World, asha: Visitor):
    carla = next(one for one in world.crm._get("/users", {"type": "AllUsers"})["users"] if one["email"] == CARLA)
    marketing = next(one for one in world.crm._get("/settings/profiles")["profiles"] if one["name"] == "Marketing")

    page = asha.follow(f"/crm/setup/users/{carla['id']}", profile=marketing["id"], status="active").text

    assert "Saved." in page
    changed = world.crm.user(carla["id"])
    assert changed is not None
    assert changed["profile"]["name"] == "Marketing"


def test_who_is_no_administrator_is_told_which_permission_is_missing(screens: Flask, world: World):
    carla = visiting(screens, world, CARLA)
    section = section_of(carla.get(LAYOUT).text, "Account Information")
    answer = carla.post(LAYOUT, section=section, data_type="boolean", label="Zoho Invoice")

    assert answer.status_code == 403
    assert "Customize Zoho CRM" in answer.text
