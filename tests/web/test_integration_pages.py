"""The integration: connecting, the five steps, running and history."""

import re

import pytest
from web_fakes import ADMIN

KEY = "0123456789abcdef0123456789ab9f3c"


@pytest.mark.requirement("K2")
def test_the_connect_form_leads_to_the_key_screen_of_the_crm(ada):
    page = ada.get("/integration/connect").text

    assert re.search(r'href="/crm/setup/developer-space/apis">Click here to generate the ZSC key of Zoho CRM<', page)


@pytest.mark.parametrize(
    ("email", "key", "field", "said"),
    [
        ("nobody@zylker.example", KEY, "email", "Nobody in Zoho CRM has the email address"),
        (ADMIN, "wrong", "zsc_key", "This is not the ZSC key in use."),
    ],
    ids=["email", "key"],
)
def test_what_is_wrong_stands_beside_its_field(ada, email, key, field, said):
    answer = ada.post("/integration/connect", email=email, zsc_key=key)

    assert answer.status_code == 422
    assert said in answer.text[answer.text.index(f'id="{field}-error"') :]
    assert key not in answer.text


def test_without_a_connection_every_page_leads_to_connecting(ada):
    for path in ("/integration", "/integration/settings"):
        assert 'href="/integration/connect"' in ada.get(path).text


def test_the_five_steps_are_walked_and_saved_as_chosen(connected, services):
    connected.get("/integration/settings/contacts")
    for step, chosen in (
        ("module", {"module": "accounts_and_contacts"}),
        ("extent", {"extent": "both"}),
        ("duplicates", {"duplicates": "overwrite", "match_by": "email"}),
        ("view", {"account_view": "71", "contact_view": "79"}),
    ):
        connected.follow(f"/integration/settings/contacts/{step}", go="next", **chosen)
    done = connected.follow(
        "/integration/settings/contacts/mapping",
        **{"go": "next", "account:contact_name": "Account_Name", "account:phone": "", "contact:contact_name": "Phone"},
    )

    (sent,) = services.connector.sent("PUT", "/connection/settings")
    assert sent["contacts"] == {
        "module": "accounts_and_contacts",
        "extent": "both",
        "duplicates": "overwrite",
        "match_by": "name",
        "account_view": "71",
        "contact_view": "79",
        "mapping": {
            "account": [{"crm": "Account_Name", "invoice": "contact_name"}],
            "contact": [{"crm": "Phone", "invoice": "contact_name"}],
        },
    }
    assert "Start first sync" in done.text


def test_going_back_loses_nothing(connected):
    connected.get("/integration/settings/contacts")
    connected.follow("/integration/settings/contacts/module", go="next", module="contacts")
    connected.follow("/integration/settings/contacts/extent", go="back", extent="both")

    page = connected.get("/integration/settings/contacts/extent").text

    assert re.search(r'value="both" checked', page)
    assert "Sync both ways" in page[page.index("Chosen so far") :]


def test_each_choice_has_the_guides_explanation(connected):
    page = connected.get("/integration/settings/contacts/duplicates").text

    assert "The record is cloned and both the original and duplicate records exist." in page
    assert "the duplicates will be merged as a single record after sync" in page


@pytest.mark.requirement("C3")
@pytest.mark.parametrize(("module", "offered"), [("contacts", True), ("accounts", False)])
def test_only_contacts_of_the_crm_can_be_matched_by_email(connected, module, offered):
    connected.get("/integration/settings/contacts")
    connected.follow("/integration/settings/contacts/module", go="next", module=module)

    page = connected.get("/integration/settings/contacts/duplicates").text

    assert ('name="match_by" value="email"' in page) == offered


@pytest.mark.requirement("C3")
def test_what_records_are_matched_by_is_saved_and_shown(connected, services):
    connected.get("/integration/settings/contacts")
    for step, chosen in (
        ("module", {"module": "contacts"}),
        ("duplicates", {"duplicates": "skip", "match_by": "email"}),
    ):
        connected.follow(f"/integration/settings/contacts/{step}", go="next", **chosen)
    so_far = connected.get("/integration/settings/contacts/duplicates").text
    connected.post("/integration/settings/contacts/view", go="next", contact_view="79")
    connected.post("/integration/settings/contacts/mapping", **{"go": "next", "customer:contact_name": "Account_Name"})
    connected.post("/integration/settings/items", enabled="1", extent="fetch", duplicates="skip", match_by="sku")

    contacts, items = services.connector.sent("PUT", "/connection/settings")
    assert contacts["contacts"]["match_by"] == "email"
    assert items["items"]["match_by"] == "sku"
    assert re.search(r'name="match_by" value="email" checked', so_far)
    assert re.search(r'name="match_by" value="sku" checked', connected.get("/integration/settings/items").text)
    overview = connected.get("/integration/settings").text
    assert "Email" in overview[overview.index("Matched by") :]
    assert "SKU" in overview[overview.rindex("Matched by") :]


def test_only_fields_whose_types_fit_are_offered(connected):
    page = connected.get("/integration/settings/contacts/mapping").text

    credit_limit = page[page.index('name="account:credit_limit"') :]
    offered = credit_limit[: credit_limit.index("</select>")]
    assert "Annual Revenue" in offered
    assert "Email" not in offered


@pytest.mark.requirement("C8")
def test_a_required_field_has_to_be_mapped(connected, services):
    answer = connected.post("/integration/settings/contacts/mapping", **{"go": "next", "account:contact_name": ""})

    assert answer.status_code == 422
    assert "Map a field onto Contact name" in answer.text
    assert not services.connector.sent("PUT", "/connection/settings")


@pytest.mark.requirement("C8")
def test_the_preview_shows_a_real_record_and_saves_nothing(connected, services):
    page = connected.post(
        "/integration/settings/contacts/mapping", **{"go": "preview", "account:contact_name": "Account_Name"}
    ).text

    preview = page[page.index('id="mapping-preview"') :]
    assert "Acme" in preview
    assert "Contact name" in preview
    assert not services.connector.sent("PUT", "/connection/settings")


@pytest.mark.requirement("S2")
def test_a_running_sync_polls_and_its_end_does_not(connected):
    connected.post("/integration/settings/items", enabled="1", extent="fetch", duplicates="skip")
    started = connected.client.post(
        "/integration/sync", data={"csrf_token": connected.token()}, headers={"HX-Request": "true"}
    ).text
    looks = [connected.get("/integration/progress?run=1", HX_Request="true").text for _look in range(3)]

    assert "hx-trigger" in started
    assert "Refresh" in started
    assert "Instant Sync" not in started
    assert "5 of 10" in looks[0]
    assert "hx-trigger" not in looks[-1]
    assert "Open this sync" in looks[-1]
    assert "Instant Sync" in looks[-1]


def test_without_script_a_sync_starts_by_a_form_and_comes_back_to_a_page(connected, services):
    page = connected.follow("/integration/sync").text

    assert services.connector.sent("POST", "/connection/runs") == [{"kind": "instant"}]
    assert "Reading Zoho CRM" in page


@pytest.mark.requirement("S4")
def test_a_paused_sync_offers_to_resume_and_nothing_else(connected):
    page = connected.follow("/integration/pause").text

    assert re.search(r"<button[^>]*disabled[^>]*>Instant Sync", page)
    assert "Resume sync" in page


def test_a_refused_sync_is_told_in_the_widget(connected):
    connected.post("/integration/pause")

    answer = connected.client.post(
        "/integration/sync", data={"csrf_token": connected.token()}, headers={"HX-Request": "true"}
    )

    assert "The sync is paused. Resume it first." in answer.text


@pytest.mark.requirement("G6")
def test_triggers_that_are_not_available_say_why_and_cannot_be_chosen(connected, services):
    reason = "Entity triggers do not work in organizations of the U.S. edition."
    services.connector.state["settings"]["triggers"].update(available=False, unavailable_reason=reason)

    page = connected.get("/integration/settings/triggers").text

    assert reason in page
    assert re.search(r'value="invoice"[^>]* disabled', page)
    assert not re.search(r'value="none"[^>]* disabled', page)


@pytest.mark.requirement("S5")
def test_a_sync_shows_what_it_fetched_and_what_became_of_it(connected):
    connected.post("/integration/sync")

    page = connected.get("/integration/runs/1").text

    assert "Fetched = added + updated + deleted + skipped + unchanged + failed" in page
    assert "Zoho CRM → Zoho Invoice" in page
    assert "The name is too long for Zoho Invoice." in page


@pytest.mark.requirement("S5")
def test_records_of_a_sync_are_narrowed_by_outcome(connected):
    connected.post("/integration/sync")

    page = connected.get("/integration/runs/1?outcome=failed").text

    assert "A very long name" in page[page.index('id="records"') :]
    assert ">Acme<" not in page[page.index('id="records"') :]


@pytest.mark.requirement("S5")
def test_a_record_shows_what_stood_there_before_and_after(connected):
    connected.post("/integration/sync")

    page = connected.get("/integration/runs/1/ops/1").text

    assert "<del>111</del>" in page
    assert "<ins>999</ins>" in page
    assert "1 field that did not change" in page


@pytest.mark.requirement("S6")
def test_a_preview_shows_what_a_sync_would_do_and_offers_to_apply_that_plan(connected):
    shown = connected.follow("/integration/preview").text

    assert "What it would do" in shown
    assert "Apply this plan" in shown
    plan = shown.partition("What it would do")[2]
    assert "Zoho Invoice → Zoho CRM" in plan
    assert ">7<" in plan


def test_the_settings_say_once_what_a_waiting_plan_is(connected):
    connected.post("/integration/preview")

    page = connected.get("/integration/settings").text

    assert page.count("nothing was written") == 1


@pytest.mark.requirement("C11")
def test_a_field_that_both_sides_had_changed_is_shown_with_both_values_and_what_stands(connected):
    connected.post("/integration/sync")

    page = connected.get("/integration/runs/1/ops/1").text

    told = page.partition("Changed on both sides")[2]
    assert "<ins>999</ins>" in told
    assert "<del>333</del>" in told
    assert "<td>Zoho CRM</td>" in told


@pytest.mark.requirement("D1", "D2")
def test_every_figure_of_the_dashboard_is_a_link_to_its_records(connected):
    page = connected.get("/integration").text

    assert "$14,230.50" in page
    for address in (
        "/invoice/invoices?status=draft",
        "/invoice/invoices?status=paid",
        "/invoice/invoices?status=unpaid&amp;due_from=2026-10-23&amp;due_until=2026-11-21",
        "/integration/potentials?standing=won_not_invoiced",
        "/integration/potentials?stage=Closed+Won",
    ):
        assert f'href="{address}"' in page


@pytest.mark.requirement("K7")
def test_the_integration_is_disabled_and_reactivated(connected):
    off = connected.follow("/integration/disable").text
    on = connected.follow("/integration/reactivate").text

    assert "The integration is disabled" in off
    assert "Reactivate" in off
    assert "active again" in on


@pytest.mark.requirement("D1")
def test_won_and_not_invoiced_asks_for_just_those(connected, services):
    page = connected.get("/integration/potentials?standing=won_not_invoiced").text

    assert "Roof renewal" in page
    assert "$4,999.50" in page


@pytest.mark.requirement("C12")
def test_a_sync_that_waits_for_a_confirmation_offers_to_confirm_and_to_discard(connected, services):
    connected.post("/integration/sync")
    reason = "This sync would delete 12 of 40 records."
    services.connector.state["runs"][0].update(state="needs_confirmation", reason=reason)

    page = connected.get("/integration/runs/1").text
    connected.post("/integration/runs/1/confirm")

    assert reason in page
    assert ">Discard</button>" in page
    assert services.connector.sent("POST", "/connection/runs/1/confirm") == [None]


def test_a_refusal_at_the_end_leads_back_to_the_step_it_is_about(connected, services):
    connected.get("/integration/settings/contacts")
    connected.follow("/integration/settings/contacts/extent", go="next", extent="both")
    services.connector.refuses = ("Sync both ways is not part of this release.", "contacts.extent")

    answer = connected.post(
        "/integration/settings/contacts/mapping", **{"go": "next", "account:contact_name": "Account_Name"}
    )

    assert answer.status_code == 422
    assert "How far does the sync go?" in answer.text
    assert "Sync both ways is not part of this release." in answer.text
