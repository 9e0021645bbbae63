"""The CRM workspace: lists, records, moving a potential, the ZSC key."""

import pytest
from web_fakes import SALES

KEY = "0123456789abcdef0123456789ab9f3c"


def test_a_list_offers_the_views_of_its_module_and_says_how_many_there_are(ada):
    page = ada.get("/crm/accounts").text

    assert "All Accounts" in page
    assert "My Accounts" in page
    assert "6 in this list" in page


def test_a_search_shows_what_fits(ada):
    page = ada.get("/crm/accounts?q=bluth").text

    assert "Bluth Company" in page
    assert "Dunder Mifflin" not in page


def test_a_search_without_a_hit_says_what_to_do(ada):
    page = ada.get("/crm/accounts?q=nobody").text

    assert "Nothing found" in page


def test_a_stage_in_the_address_narrows_the_potentials_to_it(ada, services):
    page = ada.get("/crm/potentials?stage=Closed+Won").text

    assert "Roof renewal" in page
    assert "Big Deal" not in page


def test_a_record_shows_every_field_with_the_label_of_the_layout(ada):
    page = ada.get("/crm/accounts/301").text

    assert "Annual Revenue" in page
    assert "$31,250.25" in page
    assert "Billing Street" in page


def test_a_lookup_is_a_link(ada):
    assert 'href="/crm/accounts/301"' in ada.get("/crm/potentials/401").text


def test_moving_a_potential_writes_its_stage_and_then_looks_for_what_the_trigger_does(ada, services):
    answer = ada.post("/crm/potentials/400/stage", stage="Closed Won")
    page = ada.get(answer.location).text

    assert services.crm.sent("PUT", "/crm/v8/Deals/400") == [{"data": [{"Stage": "Closed Won"}]}]
    assert "moved to Closed Won." in page
    assert 'hx-trigger="load delay:1s"' in page


@pytest.mark.requirement("K3")
def test_the_key_is_shown_in_full_once(ada):
    first = ada.follow("/crm/setup/developer-space/apis")
    second = ada.get("/crm/setup/developer-space/apis")

    assert KEY in first.text
    assert KEY not in second.text
    assert "9f3c" in second.text


@pytest.mark.requirement("K3")
def test_generating_a_new_key_names_the_connections_that_break(ada):
    ada.post("/crm/setup/developer-space/apis")
    ada.get("/crm/setup/developer-space/apis")

    page = ada.get("/crm/setup/developer-space/apis").text

    assert "Generate New Key" in page
    assert "This connection stops until it is given a new key:" in page
    assert "Zylker Inc" in page


@pytest.mark.requirement("K3")
def test_the_key_is_in_no_cookie_and_no_address(ada):
    answer = ada.post("/crm/setup/developer-space/apis")

    assert KEY not in answer.location
    assert KEY not in str(answer.headers)


@pytest.mark.requirement("K3")
def test_the_key_is_for_administrators(visitor):
    answer = visitor.sign_in(SALES).get("/crm/setup/developer-space/apis")

    assert answer.status_code == 403
    assert "The ZSC key is for administrators." in answer.text
    assert "Generate" not in answer.text
