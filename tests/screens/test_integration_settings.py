"""Settings of the integration over the real connector: sections, options, triggers, pause, disable, organization."""

import re
from typing import Any

import pytest

from tests.support.visitor import Visitor
from tests.support.world import World

SETTINGS = "/integration/settings"


def setting(world: World, section: str) -> dict[str, Any]:
    return dict(world.connector("GET", "/connection/settings").json()["settings"][section])


def section_of(page: str, title: str) -> str:
    """The panel whose heading is the title."""
    begin = page.index(f">{title}</h2>")
    return page[begin : page.index("</section>", begin)]


@pytest.fixture
def synced(world: World) -> World:
    """A world with an account and a product, connected and synced."""
    world.add_account("Acme")
    world.add("Products", Product_Name="Anvil")
    world.connect(contacts={"module": "accounts"})
    world.sync()
    return world


def add_organization(world: World, name: str) -> str:
    body = world.invoice.ask("POST", "/organizations", json={"name": name, "currency_code": "USD"})
    return str(body["organization"]["organization_id"])


def later(world: World, seconds: int) -> None:
    for service in ("crm", "invoice", "connector"):
        world.control(service, "PUT", f"/{world.id}/clock", {"advance_seconds": seconds})


@pytest.mark.requirement("S8")
def test_each_section_has_its_own_edit_history_and_instant_sync(synced: World, asha: Visitor):
    page = asha.get(SETTINGS).text

    for title, section in (("Contacts", "contacts"), ("Items", "items")):
        panel = section_of(page, title)
        assert f'href="/integration/settings/{section}"' in panel
        assert f'href="/integration/runs?section={section}"' in panel
        assert f'name="section" value="{section}"' in panel
        assert "Instant Sync" in panel


@pytest.mark.requirement("S8")
def test_instant_sync_of_a_section_leaves_the_other_as_it_is(synced: World, asha: Visitor):
    synced.add_account("Globex")
    synced.add("Products", Product_Name="Rocket")

    asha.follow("/integration/sync", section="items")
    synced.settle()

    assert "Globex" not in synced.customers()
    assert {item["name"] for item in synced.invoice.items()} == {"Anvil", "Rocket"}
    history = asha.get("/integration/runs?section=items").text
    assert history.count("Instant Sync</td>") == 2
    assert asha.get("/integration/runs?section=contacts").text.count("Instant Sync</td>") == 1


@pytest.mark.requirement("S3")
def test_what_stops_is_shown_before_the_module_is_changed(synced: World, asha: Visitor):
    asha.get("/integration/settings/contacts")
    for step, chosen in (("module", {"module": "contacts"}), ("extent", {}), ("duplicates", {})):
        asha.follow(f"/integration/settings/contacts/{step}", go="next", **chosen)
    view = re.search(r'<option value="(\d+)"', asha.get("/integration/settings/contacts/view").text)
    assert view
    last = asha.follow("/integration/settings/contacts/view", go="next", contact_view=view[1]).text

    assert "Syncing accounts of the CRM as customers stops: 1 record linked" in last
    assert "Syncing contacts of the CRM as customers starts" in last
    assert setting(synced, "contacts")["module"] == "accounts"

    mapped = {"customer:contact_name": "Full_Name"}
    unseen = asha.post("/integration/settings/contacts/mapping", go="next", **mapped)
    assert "What this changes" in unseen.text
    assert setting(synced, "contacts")["module"] == "accounts"

    key = re.search(r'name="effect" value="(\w+)"', unseen.text)
    assert key
    asha.follow("/integration/settings/contacts/mapping", go="next", effect=key[1], **mapped)
    assert setting(synced, "contacts")["module"] == "contacts"


@pytest.mark.requirement("S3")
def test_leaving_items_off_is_saved_once_it_was_shown_what_stops(synced: World, asha: Visitor):
    form = {"extent": "fetch", "duplicates": "skip"}

    shown = asha.post("/integration/settings/items", **form)
    assert "Syncing products as items stops: 1 record linked" in shown.text
    assert setting(synced, "items")["enabled"]

    key = re.search(r'name="effect" value="(\w+)"', shown.text)
    assert key
    asha.follow("/integration/settings/items", effect=key[1], **form)
    assert not setting(synced, "items")["enabled"]


@pytest.mark.requirement("C1", "C4", "C11", "C12", "S1")
def test_the_other_options_are_saved_as_chosen(synced: World, asha: Visitor):
    form = {
        "auto_sync_minutes": "45",
        "include_lone_contacts": "1",
        "contacts-conflicts": "invoice",
        "contacts-deleted_in_invoice": "delete",
        "items-conflicts": "invoice",
        "items-deleted_in_invoice": "detach",
    }

    page = asha.follow("/integration/settings/options", **form).text

    contacts = setting(synced, "contacts")
    assert (contacts["include_lone_contacts"], contacts["merge_duplicates"]) == (True, False)
    assert (contacts["conflicts"], contacts["deleted_in_invoice"]) == ("invoice", "delete")
    assert setting(synced, "items")["conflicts"] == "invoice"
    panel = section_of(page, "Auto sync and other options")
    assert "45 minutes" in panel
    assert "Zoho Invoice wins" in panel
    assert "Delete it in Zoho CRM too" in panel


@pytest.mark.requirement("S1")
@pytest.mark.parametrize("minutes", ["", "0", "1441", "often"])
def test_minutes_that_are_no_minutes_of_a_day_are_refused_beside_their_field(
    synced: World, asha: Visitor, minutes: str
):
    answer = asha.post("/integration/settings/options", auto_sync_minutes=minutes)

    assert answer.status_code == 422
    assert 'id="auto_sync_minutes-error"' in answer.text


@pytest.mark.requirement("G1")
def test_the_estimate_trigger_has_a_stage_for_each_act(synced: World, asha: Visitor):
    page = asha.get("/integration/settings/triggers").text
    for label in ("Create the estimate", "Mark it accepted", "Mark it declined"):
        assert label in page
    assert 'value="stage:Proposal/Price Quote"' in page

    saved = asha.follow(
        "/integration/settings/triggers",
        document="estimate",
        create="stage:Proposal/Price Quote",
        accept="won",
        decline="lost",
    ).text

    triggers = setting(synced, "triggers")
    assert triggers["document"] == "estimate"
    assert triggers["estimate"] == {"create": "stage:Proposal/Price Quote", "accept": "won", "decline": "lost"}
    assert "Stage: Proposal/Price Quote" in section_of(saved, "Trigger for other entities")


@pytest.mark.requirement("G8")
def test_won_potentials_of_before_get_their_invoice_when_their_number_is_confirmed(synced: World, asha: Visitor):
    account = synced.crm.get_records("Accounts", ["Account_Name"])["data"][0]["id"]
    synced.add_potential("Big Deal", account, "Closed Won")
    synced.add_potential("Small Deal", account, "Closed Won")
    synced.configure(triggers={"document": "invoice"})

    page = asha.get("/integration/settings/triggers").text
    assert "Apply to 2 won potentials" in page
    stale = asha.follow("/integration/settings/triggers/won", count="1").text
    assert "confirm that number" in stale
    told = asha.follow("/integration/settings/triggers/won", count="2").text
    synced.settle()

    assert "applied to 2 won potentials" in told
    assert len(list(synced.invoice.invoices())) == 2
    assert "won potentials" not in asha.get("/integration/settings/triggers").text


@pytest.mark.requirement("G8")
def test_what_was_changed_while_disabled_is_listed_and_applied_when_asked(synced: World, asha: Visitor):
    account = synced.crm.get_records("Accounts", ["Account_Name"])["data"][0]["id"]
    deal = synced.add_potential("Big Deal", account, "Negotiation/Review")
    synced.configure(triggers={"document": "invoice"})
    asha.follow("/integration/disable")
    later(synced, 60)
    synced.change("Deals", deal, Stage="Closed Won")
    later(synced, 60)

    asha.follow("/integration/reactivate")
    synced.sync()
    page = asha.get(SETTINGS).text
    listed = asha.get("/integration/potentials?standing=while_disabled").text

    assert "1 potential was changed while the integration was disabled" in page
    assert "Big Deal" in listed
    assert not list(synced.invoice.invoices())
    asha.follow(f"/integration/potentials/{deal}/apply", standing="while_disabled")
    synced.settle()
    assert len(list(synced.invoice.invoices())) == 1


@pytest.mark.requirement("S4")
def test_pause_turns_auto_and_instant_sync_off_and_resume_sync_turns_them_on(synced: World, asha: Visitor):
    paused = asha.follow("/integration/pause").text
    assert "Resume sync" in paused
    assert len(re.findall(r"<button[^>]* disabled>Instant Sync", paused)) == 3

    resumed = asha.follow("/integration/resume").text
    assert "Pause sync" in resumed
    assert not re.search(r"<button[^>]* disabled>Instant Sync", resumed)


@pytest.mark.requirement("K7")
def test_another_organization_is_connected_and_the_former_comes_back_with_its_links(synced: World, asha: Visitor):
    first = synced.connector("GET", "/connection").json()["connection"]["organization_id"]
    second = add_organization(synced, "Second Shop")

    choices = asha.get("/integration/settings/organization").text
    there = asha.follow("/integration/settings/organization", organization_id=second).text
    back = asha.follow("/integration/settings/organization", organization_id=first).text

    assert "Second Shop" in choices
    assert "Second Shop is connected" in there
    assert "Set up" in there
    assert "Set up" not in back
    assert len(synced.connector("GET", "/connection/links").json()["links"]) == 2


@pytest.mark.requirement("K7")
def test_a_disabled_integration_is_connected_to_another_organization_by_the_connect_form(synced: World, asha: Visitor):
    second = add_organization(synced, "Second Shop")
    off = asha.follow("/integration/disable").text
    assert 'href="/integration/connect"' in off

    form = asha.get("/integration/connect").text
    asha.follow(
        "/integration/connect",
        email="asha.rao@zylker.example",
        zsc_key=synced.new_zsc_key(),
        organization_id=second,
    )

    assert "Second Shop" in form
    assert synced.connector("GET", "/connection").json()["connection"]["organization_id"] == second


@pytest.mark.requirement("K7")
def test_credentials_that_ended_ask_for_new_ones(synced: World, asha: Visitor):
    synced.new_zsc_key()
    synced.crm.call("DELETE", "/crm/v8/settings/zsc_key")
    synced.connector("POST", "/connection/runs", {"kind": "instant"})
    synced.settle()

    page = asha.get(SETTINGS).text

    assert "Reconnect needed" in page
    assert 'href="/integration/credentials"' in page


@pytest.mark.requirement("S9")
def test_a_sync_with_failures_marks_the_page_and_leads_to_what_failed(synced: World, asha: Visitor):
    synced.add("Products", Product_Name="x" * 150)
    run = synced.sync()["run"]

    page = asha.get(SETTINGS).text

    assert run["counts"]["failed"] == 1
    assert "1 record could not be synced" in page
    assert f'href="/integration/runs/{run["id"]}"' in page


@pytest.mark.parametrize(
    "page", ["/runs", "/potentials", "/settings/triggers", "/settings/options", "/settings/contacts"]
)
def test_before_anything_is_connected_each_page_leads_to_connecting(world: World, asha: Visitor, page: str):
    assert 'href="/integration/connect"' in asha.get(f"/integration{page}").text
