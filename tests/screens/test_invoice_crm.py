"""Zoho CRM inside Zoho Invoice: side panel, Search in Zoho CRM, Link Potential, Dissociate, Fetch this contact."""

from typing import Any

import pytest

from tests.screens.test_invoice_editor import form, line, saved
from tests.support.visitor import Visitor
from tests.support.world import World

HTMX = {"HX_Request": "true"}
KINDS = {"estimates": "estimate", "salesorders": "salesorder", "invoices": "invoice"}
WORK = line(name="Work", rate="100")


@pytest.fixture
def acme(world: World) -> str:
    """An account of the CRM that has come to Invoice by a sync, with a potential; the id of its contact there."""
    account = world.add_account("Acme", Phone="+1 555 0100")
    world.add("Contacts", First_Name="Jo", Last_Name="Fox", Email="jo@acme.example", Account_Name={"id": account})
    world.add_potential("Big Deal", account, "Negotiation/Review", 12000)
    world.connect()
    world.sync()
    return str(world.customers()["Acme"]["contact_id"])


def potential(world: World, name: str = "Big Deal") -> str:
    return str(world.crm.coql(f"select id from Deals where Deal_Name = '{name}'")[0]["id"])


@pytest.mark.requirement("W1")
@pytest.mark.parametrize("kind", KINDS)
def test_a_new_document_shows_what_the_crm_knows_of_its_customer(
    world: World, asha: Visitor, acme: str, kind: str
) -> None:
    page = asha.get(f"/invoice/{kind}/new?customer={acme}").text
    panel = asha.get(f"/invoice/contacts/{acme}/crm", **HTMX).text

    assert f'hx-get="/invoice/contacts/{acme}/crm"' in page
    assert "Account information" in panel
    assert "+1 555 0100" in panel
    assert "Big Deal" in panel
    assert "Negotiation/Review · 12,000.00" in panel


@pytest.mark.requirement("W1")
def test_an_open_document_shows_the_panel_and_without_a_script_a_page(world: World, asha: Visitor, acme: str) -> None:
    asha.follow("/invoice/invoices/new", **form(acme, WORK))

    page = asha.get(f"/invoice/invoices/{saved(world, 'invoices')['invoice_id']}").text

    assert f'<a href="/invoice/contacts/{acme}/crm">' in page
    assert "Big Deal" in asha.get(f"/invoice/contacts/{acme}/crm").text


def test_a_customer_of_invoice_alone_has_no_panel(world: World, asha: Visitor) -> None:
    own = world.invoice.create_contact({"contact_name": "Own"})["contact_id"]

    assert f"/invoice/contacts/{own}/crm" not in asha.get(f"/invoice/estimates/new?customer={own}").text


@pytest.mark.requirement("W2")
def test_an_account_that_was_never_imported_is_found_by_its_name_and_fetched(
    world: World, asha: Visitor, acme: str
) -> None:
    account = world.add_account("Globex")
    world.add("Contacts", First_Name="Hank", Last_Name="Scorpio", Account_Name={"id": account})

    found = asha.post("/invoice/estimates/new/changed?show=crm", **form("", WORK, crm_q="glob")).text
    page = asha.post(f"/invoice/estimates/new/changed?account_id={account}", **form("", WORK)).text

    assert "Search in Zoho CRM" in found
    assert "Globex" in found
    assert "Hank Scorpio" in found
    assert "Globex has been fetched from Zoho CRM." in page
    assert f'name="customer_id" value="{world.customers()["Globex"]["contact_id"]}"' in page
    assert 'value="Work"' in page


@pytest.mark.requirement("W2")
def test_in_contacts_mode_one_searches_by_first_and_last_name(world: World, asha: Visitor) -> None:
    world.connect(contacts={"module": "contacts"})
    contact = world.add("Contacts", First_Name="Hank", Last_Name="Scorpio", Email="hank@globex.example")

    found = asha.post("/invoice/invoices/new/changed?show=crm", **form("", crm_q="hank scor")).text
    asha.post(f"/invoice/invoices/new/changed?crm_contact_id={contact}", **form("", WORK))

    assert f"crm_contact_id={contact}" in found
    assert "Hank Scorpio" in world.customers()


@pytest.mark.requirement("W2")
def test_search_says_why_it_cannot_look(asha: Visitor) -> None:
    page = asha.post("/invoice/estimates/new/changed?show=crm", **form("", WORK, crm_q="acme"))

    assert page.status_code == 200
    assert 'class="note attention"' in page.text


@pytest.mark.requirement("L2", "L3")
@pytest.mark.parametrize("kind", KINDS)
def test_a_potential_is_linked_while_the_document_is_written(world: World, asha: Visitor, acme: str, kind: str) -> None:
    deal = potential(world)

    offered = asha.post(f"/invoice/{kind}/new/changed?show=potentials", **form(acme, WORK)).text
    chosen = asha.post(
        f"/invoice/{kind}/new/changed?potential={deal}", **form(acme, WORK), **{f"potential-{deal}": "Big Deal"}
    ).text
    page = asha.follow(f"/invoice/{kind}/new", **form(acme, WORK, potential_id=deal, potential_name="Big Deal")).text

    document = saved(world, kind)
    assert "Select a potential" in offered
    assert "Big Deal" in offered
    assert f'name="potential_id" value="{deal}"' in chosen
    assert "Linked with potential Big Deal." in page
    assert document["zcrm_potential_id"] == deal
    link = world.connector("GET", f"/linking/{kind}/{document[f'{KINDS[kind]}_id']}").json()
    assert (link["state"], link["can_dissociate"]) == ("linked", True)


@pytest.mark.requirement("L1")
def test_link_potential_says_what_is_missing(world: World, asha: Visitor) -> None:
    own = world.invoice.create_contact({"contact_name": "Own"})["contact_id"]

    page = asha.post("/invoice/estimates/new/changed?show=potentials", **form(own, WORK)).text

    assert 'class="note attention"' in page
    assert "Select a potential" in page


def linked(world: World, asha: Visitor, acme: str, kind: str) -> dict[str, Any]:
    """A saved document that is linked by hand."""
    asha.follow(f"/invoice/{kind}/new", **form(acme, WORK, potential_id=potential(world), potential_name="Big Deal"))
    document = saved(world, kind)
    return {**document, "at": f"/invoice/{kind}/{document[f'{KINDS[kind]}_id']}"}


@pytest.mark.requirement("L5")
@pytest.mark.parametrize("kind", KINDS)
def test_a_potential_is_dissociated_by_the_menu_on_its_name(world: World, asha: Visitor, acme: str, kind: str) -> None:
    document = linked(world, asha, acme, kind)

    menu = asha.get(f"{document['at']}/edit").text
    lines = line(line_item_id=document["line_items"][0]["line_item_id"], name="Work", rate="100")
    sent = form(acme, lines, potential_id=document["zcrm_potential_id"], potential_name="Big Deal")
    without = asha.post(f"{document['at']}/edit/changed?do=dissociate", **sent).text
    asha.follow(f"{document['at']}/edit", **form(acme, lines))

    assert "Big Deal" in menu
    assert ">Dissociate</button>" in menu
    assert 'name="potential_id" value=""' in without
    assert "Link Potential" in without
    assert saved(world, kind)["zcrm_potential_id"] == ""


@pytest.mark.requirement("L5")
def test_a_link_made_by_a_trigger_cannot_be_dissociated(world: World, asha: Visitor, acme: str) -> None:
    world.configure(triggers={"document": "invoice"})
    world.change("Deals", potential(world), Stage="Closed Won")
    world.settle()
    document = saved(world, "invoices")
    at = f"/invoice/invoices/{document['invoice_id']}"

    page = asha.get(f"{at}/edit").text
    lines = [line(line_item_id=one["line_item_id"], name=one["name"], rate="1") for one in document["line_items"]]
    refused = asha.post(f"{at}/edit", **form(acme, *lines))

    assert "Potentials previously linked using triggers cannot be dissociated." in page
    assert ">Dissociate</button>" not in page
    assert refused.status_code == 422
    assert saved(world, "invoices")["zcrm_potential_id"] == document["zcrm_potential_id"]


@pytest.mark.requirement("L6")
def test_another_customer_is_asked_about_and_drops_the_link(world: World, asha: Visitor, acme: str) -> None:
    document = linked(world, asha, acme, "estimates")
    other = world.invoice.create_contact({"contact_name": "Other"})["contact_id"]
    sent = {"potential_id": document["zcrm_potential_id"], "potential_name": "Big Deal"}

    asked = asha.post(f"{document['at']}/edit/changed?show=customers", **form(acme, WORK, **sent)).text
    chosen = asha.post(f"{document['at']}/edit/changed?customer={other}", **form(acme, WORK, **sent)).text
    asha.follow(f"{document['at']}/edit", **form(other, WORK))

    assert "is linked with potential Big Deal of its customer; with another customer it is not." in asked
    assert 'name="potential_id" value=""' in chosen
    assert (saved(world, "estimates")["customer_id"], saved(world, "estimates")["zcrm_potential_id"]) == (other, "")


@pytest.mark.requirement("L6")
def test_a_deleted_potential_is_said_to_be_deleted_and_may_go(world: World, asha: Visitor, acme: str) -> None:
    document = linked(world, asha, acme, "invoices")
    world.crm.delete_records("Deals", [document["zcrm_potential_id"]])

    page, shown = asha.get(f"{document['at']}/edit").text, asha.get(document["at"]).text

    assert "potential deleted" in page
    assert "potential deleted" in shown
    assert f'href="/crm/potentials/{document["zcrm_potential_id"]}"' not in shown
    assert ">Dissociate</button>" in page


@pytest.mark.requirement("W3")
def test_fetch_this_contact_updates_that_one_contact_only(world: World, asha: Visitor, acme: str) -> None:
    world.add_account("Globex", Phone="1")
    world.sync()
    accounts = {
        row["Account_Name"]: row["id"]
        for row in world.crm.coql("select Account_Name from Accounts where id is not null limit 9")
    }
    for record_id in accounts.values():
        world.change("Accounts", record_id, Phone="+1 555 0999")

    before = asha.get(f"/invoice/contacts/{acme}").text
    page = asha.follow(f"/invoice/contacts/{acme}/fetch").text

    assert "Fetch this contact from Zoho CRM" in before
    assert "Acme has been fetched from Zoho CRM." in page
    assert world.customer("Acme")["billing_address"]["phone"] == "+1 555 0999"
    assert world.customer("Globex")["billing_address"]["phone"] == "1"


def test_a_contact_of_invoice_alone_is_not_offered_to_be_fetched(world: World, asha: Visitor) -> None:
    own = world.invoice.create_contact({"contact_name": "Own"})["contact_id"]

    assert "Fetch this contact" not in asha.get(f"/invoice/contacts/{own}").text
    assert "did not come from Zoho CRM" in asha.follow(f"/invoice/contacts/{own}/fetch").text
