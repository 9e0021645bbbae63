"""Who gets in: tokens, scopes, permissions, versions; and that no route forgot to say what it needs."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm.exc import StaleDataError

from mock_crm.access import Rule
from mock_crm.records import routes as records
from mock_crm.versions import SERVED
from tests.crm.api import SALES, SUPPORT, Crm

#: The accounts server and the control routes are the simulator's, which guards them itself.
GUARDED_ELSEWHERE = ("/oauth/v2/", "/_sim/", "/static/")


def test_every_route_declares_what_it_needs(crm_app: Flask):
    undeclared = []
    for rule in crm_app.url_map.iter_rules():
        view = crm_app.view_functions[rule.endpoint]
        is_declared = isinstance(getattr(view, "rule", None), Rule) or hasattr(view, "open_because")
        if not is_declared and not rule.rule.startswith(GUARDED_ELSEWHERE):
            undeclared.append(rule.rule)

    assert undeclared == []


def test_a_route_that_declares_nothing_is_refused(crm: Crm, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr(crm.app.view_functions["crm.company.show_organization"], "rule")

    assert crm.get("/org").code == "NO_PERMISSION"


def test_all_data_routes_need_a_token(crm: Crm):
    crm.token = ""

    answer = crm.get("/Accounts?fields=id")

    assert (answer.status, answer.code) == (401, "AUTHENTICATION_FAILURE")
    assert answer.body["details"] == {}


@pytest.mark.parametrize("token", ["1000.crm99999" + "a" * 24 + "." + "b" * 32, "nonsense", "1000.x.y"])
def test_an_unknown_token_is_refused(crm: Crm, token: str):
    crm.token = token

    answer = crm.get("/Accounts?fields=id")

    assert (answer.status, answer.code) == (401, "INVALID_TOKEN")


def test_both_spellings_of_the_authorization_header_are_accepted(crm: Crm):
    assert crm.get("/org", Authorization=f"Bearer {crm.token}").status == 200


def test_a_token_of_another_world_shows_that_world_only(crm: Crm, new_world):
    other = new_world()
    crm.add("Accounts", Account_Name="Acme")

    assert other.get("/Accounts?fields=id").status == 204


def test_a_token_ends_after_an_hour_of_the_worlds_time(crm: Crm):
    crm.advance(minutes=61)

    assert crm.get("/org").code == "INVALID_TOKEN"


def test_a_deactivated_user_gets_in_no_more(crm: Crm):
    sales = crm.as_(SALES)

    crm.put(f"/users/{crm.user(SALES)}", {"users": [{"status": "inactive"}]})

    assert sales.get("/org").code == "INVALID_TOKEN"


@pytest.mark.parametrize(
    ("scopes", "method", "path", "status"),
    [
        (("ZohoCRM.modules.ALL",), "GET", "/Accounts?fields=id", 204),
        (("ZohoCRM.modules.accounts.READ",), "GET", "/Accounts?fields=id", 204),
        (("ZohoCRM.modules.READ",), "GET", "/Potentials?fields=id", 204),
        (("ZohoCRM.modules.contacts.ALL",), "GET", "/Accounts?fields=id", 401),
        (("ZohoCRM.modules.accounts.READ",), "POST", "/Accounts", 401),
        (("ZohoCRM.modules.deals.READ",), "GET", "/Deals/search?word=ab", 401),
        (("ZohoCRM.modules.deals.READ", "ZohoSearch.securesearch.READ"), "GET", "/Deals/search?word=ab", 204),
        (("ZohoCRM.settings.fields.READ",), "GET", "/settings/fields?module=Deals", 200),
        (("ZohoCRM.settings.fields.READ",), "GET", "/settings/modules", 401),
        (("ZohoCRM.settings.ALL",), "GET", "/users", 401),
    ],
)
def test_a_token_does_what_its_scopes_say(crm: Crm, scopes: tuple[str, ...], method: str, path: str, status: int):
    answer = crm.with_scopes(*scopes).call(
        method, path, {"data": [{"Account_Name": "A"}]} if method == "POST" else None
    )

    assert answer.status == status
    assert status != 401 or answer.code == "OAUTH_SCOPE_MISMATCH"


@pytest.mark.requirement("P5")
@pytest.mark.parametrize(
    ("method", "path", "permission"),
    [
        ("GET", "/Deals?fields=id", "Crm_Implied_View_Potentials"),
        ("GET", "/Deals/1", "Crm_Implied_View_Potentials"),
        ("GET", "/Deals/search?word=ab", "Crm_Implied_View_Potentials"),
        ("GET", "/Deals/actions/count", "Crm_Implied_View_Potentials"),
        ("GET", "/Deals/deleted", "Crm_Implied_View_Potentials"),
        ("POST", "/Accounts", "Crm_Implied_Create_Accounts"),
        ("PUT", "/Products", "Crm_Implied_Edit_Products"),
        ("PUT", "/Products/1", "Crm_Implied_Edit_Products"),
        ("DELETE", "/Accounts?ids=1", "Crm_Implied_Delete_Accounts"),
        ("DELETE", "/Accounts/1", "Crm_Implied_Delete_Accounts"),
        ("GET", "/settings/zsc_key", "Crm_Implied_Developer_Space"),
        ("POST", "/settings/zsc_key", "Crm_Implied_Developer_Space"),
        ("PUT", "/users/1", "Crm_Implied_Manage_Users"),
        ("PUT", "/settings/profiles/1", "Crm_Implied_Manage_Profiles"),
        ("POST", "/settings/pipeline/stages", "Crm_Implied_Customize_Zoho_CRM"),
    ],
)
def test_the_profile_holds_for_every_act(crm: Crm, method: str, path: str, permission: str):
    answer = crm.as_(SUPPORT).call(method, path, {"data": [{}]} if method in ("POST", "PUT") else None)

    assert (answer.status, answer.code) == (403, "NO_PERMISSION")
    assert answer.body["details"] == {"permissions": [permission]}


@pytest.mark.requirement("P5")
def test_a_related_list_needs_the_right_to_see_the_related_module(crm: Crm):
    account = crm.add("Accounts", Account_Name="Acme")

    answer = crm.as_(SUPPORT).get(f"/Accounts/{account}/Deals?fields=id")

    assert answer.body["details"] == {"permissions": ["Crm_Implied_View_Potentials"]}


@pytest.mark.requirement("P5")
def test_an_upsert_needs_the_right_to_what_it_would_do_with_each_record(crm: Crm):
    crm.add("Accounts", Account_Name="Acme")

    answer = crm.as_(SUPPORT).post("/Accounts/upsert", {"data": [{"Account_Name": "Acme"}, {"Account_Name": "New"}]})

    assert [outcome["code"] for outcome in answer.outcomes] == ["SUCCESS", "NO_PERMISSION"]


@pytest.mark.parametrize("version", list(SERVED))
def test_every_version_is_served_by_one_router(crm: Crm, version: str):
    crm.add("Accounts", Account_Name="Acme")

    assert crm.get("/Accounts?fields=Account_Name", version=version).body["data"][0]["Account_Name"] == "Acme"


@pytest.mark.parametrize("version", ["v1", "v9", "v2.2", "8", "vv", "v8%2e0"])
def test_an_unknown_version_is_an_unknown_address(crm: Crm, version: str):
    answer = crm.get("/Accounts?fields=id", version=version)

    assert (answer.status, answer.code) == (404, "INVALID_URL_PATTERN")


def test_an_unknown_address_and_a_wrong_method_are_told_in_the_vendors_way(crm: Crm):
    assert (crm.get("/a/b/c/d/e").status, crm.get("/a/b/c/d/e").code) == (404, "INVALID_URL_PATTERN")
    assert (crm.call("PATCH", "/Accounts").status, crm.call("PATCH", "/Accounts").code) == (
        400,
        "INVALID_REQUEST_METHOD",
    )


@pytest.mark.parametrize("path", ["/Accounts/?fields=id", "/accounts?fields=id", "/ACCOUNTS?fields=id"])
def test_addresses_are_read_generously_and_never_redirected(crm: Crm, path: str):
    assert crm.get(path).status == 204


def test_deals_are_potentials_everywhere(crm: Crm):
    potential = crm.add("Potentials", Deal_Name="Big", Stage="Qualification")

    assert crm.record("Deals", potential)["Deal_Name"] == "Big"
    assert crm.get("/settings/fields?module=Potentials").status == 200
    assert crm.view("Potentials", "All Potentials") == crm.view("Deals", "All Potentials")


def test_a_call_about_a_module_that_met_a_newer_version_is_tried_again(crm: Crm, monkeypatch: pytest.MonkeyPatch):
    attempts: list[int] = []
    write = records.write

    def meet_a_newer_version_once(*given: Any) -> Any:
        attempts.append(len(attempts))
        if attempts == [0]:
            raise StaleDataError
        return write(*given)

    monkeypatch.setattr(records, "write", meet_a_newer_version_once)

    assert crm.create("Accounts", {"Account_Name": "Acme"}).status == 201
    assert attempts == [0, 1]
