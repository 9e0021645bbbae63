"""The Zoho Invoice section inside the CRM (guide: Creating transactions from within Zoho CRM; Permission Triggers)."""

from decimal import Decimal
from typing import Any

import pytest

from tests.support.doors import (
    MARKETING,
    SALES,
    STANDARD,
    SUPPORT,
    Person,
    customer_id,
    line,
    make,
    refused,
    switch_custom_modules,
    take_down,
    tick,
)
from tests.support.world import ADMIN, World

NEW = {"line_items": [line(Decimal("99.50"))]}


@pytest.fixture
def acme(world: World) -> str:
    """An account that is linked with a customer of the same name."""
    account = world.add_account("Acme")
    world.connect()
    world.sync()
    return account


@pytest.fixture
def admin(world: World) -> Person:
    return Person(world, "crm", ADMIN)


@pytest.mark.requirement("T1", "T2")
def test_in_contacts_mode_a_contact_has_documents_of_its_own_and_an_account_says_where_they_are(world, admin):
    world.connect(contacts={"module": "contacts"})
    account = world.add_account("Acme")
    ada = world.add("Contacts", First_Name="Ada", Last_Name="Lovelace", Account_Name={"id": account})
    deal = world.add("Deals", Deal_Name="Big Deal", Stage="Qualification", Contact_Name={"id": ada})

    made = admin("POST", at(deal, "/invoices", "potentials"), NEW).json()["invoice"]
    shown = admin.get(at(ada, module="contacts"))

    assert made["customer_name"] == "Ada Lovelace"
    assert [row["document_id"] for row in shown["invoices"]["rows"]] == [made["invoice_id"]]
    assert "open one of this account's contacts" in admin.get(at(account))["problem"]


def at(account: str, rest: str = "", module: str = "accounts") -> str:
    return f"/section/{module}/{account}{rest}"


@pytest.mark.requirement("T1", "K5")
def test_an_account_shows_its_documents_of_invoice_with_number_date_status_total_and_balance(world, acme, admin):
    customer = customer_id(world)
    made = {kind: make(world, kind, customer) for kind in ("estimates", "salesorders", "invoices")}
    world.invoice.mark_invoice(made["invoices"]["invoice_id"], "sent")

    shown = admin.get(at(acme))

    assert shown["record"] == {"module": "Accounts", "id": acme, "name": "Acme"}
    assert (shown["customer_id"], shown["problem"]) == (customer, None)
    assert [row["number"] for row in shown["estimates"]["rows"]] == [made["estimates"]["estimate_number"]]
    assert [row["number"] for row in shown["salesorders"]["rows"]] == [made["salesorders"]["salesorder_number"]]
    (row,) = shown["invoices"]["rows"]
    expected = {"number": made["invoices"]["invoice_number"], "date": made["invoices"]["date"], "status": "sent"}
    assert expected.items() <= row.items()
    assert (row["total"], row["balance"], shown["estimates"]["rows"][0]["balance"]) == (100, 100, None)


@pytest.mark.requirement("T1")
def test_a_crm_contact_shows_the_documents_of_its_account(world, acme, admin):
    ada = world.add("Contacts", Last_Name="Lovelace", Account_Name={"id": acme})
    lone = world.add("Contacts", Last_Name="Alone")
    made = make(world, "invoices", customer_id(world))

    shown, without = admin.get(at(ada, module="contacts")), admin.get(at(lone, module="contacts"))

    assert [row["document_id"] for row in shown["invoices"]["rows"]] == [made["invoice_id"]]
    assert without["invoices"]["rows"] == []
    assert without["problem"] == "This contact has no account; give it one to work with Zoho Invoice here."


@pytest.mark.requirement("T1", "T4")
def test_documents_come_page_by_page_and_live(world, acme, admin):
    customer = customer_id(world)
    ids = [make(world, "invoices", customer, date=f"2026-01-0{day}")["invoice_id"] for day in (1, 2, 3)]

    first = admin.get(at(acme, "/invoices?per_page=2"))
    second = admin.get(at(acme, "/invoices?per_page=2&page=2"))
    world.invoice.ask("DELETE", f"/invoices/{ids[2]}")

    assert [row["document_id"] for row in first["rows"] + second["rows"]] == ids[::-1]
    assert (first["page_context"]["has_more_page"], second["page_context"]["has_more_page"]) == (True, False)
    assert [row["document_id"] for row in admin.get(at(acme, "/invoices"))["rows"]] == ids[1::-1]


@pytest.mark.requirement("T3")
def test_the_crms_own_quotes_and_invoices_are_never_mixed_in(world, acme, admin):
    world.add("Quotes", Subject="Own quote", Account_Name={"id": acme}, Quoted_Items=_crm_lines(world))
    world.add("Invoices", Subject="Own invoice", Account_Name={"id": acme}, Invoiced_Items=_crm_lines(world))
    made = admin("POST", at(acme, "/estimates"), NEW).json()["estimate"]
    world.sync()

    shown = admin.get(at(acme))

    assert [row["document_id"] for row in shown["estimates"]["rows"]] == [made["estimate_id"]]
    assert shown["invoices"]["rows"] == []
    assert list(world.invoice.invoices()) == []
    assert [row["Subject"] for row in world.crm.get_records("Quotes", ["Subject"])["data"]] == ["Own quote"]


def _crm_lines(world: World) -> list[dict[str, Any]]:
    product = world.add("Products", Product_Name=f"Desk {len(world.writes('crm'))}", Unit_Price=Decimal("5"))
    return [{"Product_Name": {"id": product}, "Quantity": 1, "List_Price": 5}]


@pytest.mark.requirement("T2")
@pytest.mark.parametrize("kind", ["estimates", "salesorders", "invoices"])
def test_a_document_is_made_viewed_edited_and_sent_from_the_crm(world, acme, admin, kind):
    entity = kind.removesuffix("s")
    made = admin("POST", at(acme, f"/{kind}"), {**NEW, "notes": "First"})
    document = made.json()[entity]
    place = at(acme, f"/{kind}/{document[f'{entity}_id']}")

    edited = admin("PUT", place, {"notes": "Second"})
    content = admin.get(f"{place}/email")["mail"]
    sent = admin("POST", f"{place}/email", {"to_mail_ids": ["ada@acme.example"]})
    shown = admin.get(place)[entity]
    paper = admin("GET", f"{place}/pdf")

    assert (made.status, made.json()["is_sent"], document["status"]) == (201, False, "draft")
    assert (document["customer_name"], document["total"]) == ("Acme", Decimal("99.5"))
    assert edited.json()[entity]["notes"] == "Second"
    assert content["customer_name"] == "Acme"
    assert (sent.status, shown["status"]) == (200, {"salesorders": "open"}.get(kind, "sent"))
    assert (paper.status, paper.headers["Content-Type"], paper.body[:5]) == (200, "application/pdf", b"%PDF-")
    (mail,) = world.invoice.ask("GET", "/settings/sentmails")["sent_mails"]
    assert (mail["entity"], mail["to_mail_ids"]) == (entity, ["ada@acme.example"])


@pytest.mark.requirement("T2")
def test_an_account_not_yet_in_invoice_is_fetched_first(world, acme, admin):
    zylker = world.add_account("Zylker")
    before = admin.get(at(zylker))

    made = admin("POST", at(zylker, "/estimates"), NEW).json()["estimate"]

    assert before["problem"].startswith("Not in Zoho Invoice yet")
    assert (made["customer_name"], world.customer("Zylker")["zcrm_account_id"]) == ("Zylker", zylker)
    assert admin.get(at(zylker))["customer_id"] == made["customer_id"]


@pytest.mark.requirement("T2")
def test_an_account_that_cannot_be_fetched_says_why_and_nothing_is_made(world, acme, admin):
    world.invoice.create_contact({"contact_name": "Zylker"})
    zylker = world.add_account("Zylker")

    answer = admin("POST", at(zylker, "/invoices"), NEW)

    assert refused(answer) == (409, "not_fetched")
    assert "Zylker" in answer.json()["message"] or "name" in answer.json()["message"]
    assert list(world.invoice.invoices()) == []


@pytest.mark.requirement("T2")
def test_the_same_form_sent_twice_makes_one_document(world, acme, admin):
    first = admin("POST", at(acme, "/invoices"), NEW, Idempotency_Key="form-1").json()["invoice"]
    second = admin("POST", at(acme, "/invoices"), NEW, Idempotency_Key="form-1").json()["invoice"]
    another = admin("POST", at(acme, "/invoices"), NEW, Idempotency_Key="form-2").json()["invoice"]

    assert first["invoice_id"] == second["invoice_id"] != another["invoice_id"]
    assert len(list(world.invoice.invoices())) == 2


@pytest.mark.requirement("T2")
def test_a_lost_answer_makes_no_second_document(world, acme, admin):
    fault = {"kind": "cut", "path": "/invoices", "method": "PUT", "when": "after", "times": 1}
    assert world.control("invoice", "POST", f"/{world.id}/faults", fault).status == 201

    made = admin("POST", at(acme, "/invoices"), NEW)

    assert made.status == 201
    assert [row["invoice_id"] for row in world.invoice.invoices()] == [made.json()["invoice"]["invoice_id"]]


@pytest.mark.requirement("T2", "P3")
def test_with_send_it_goes_out_at_once_to_the_customers_address(world, acme, admin):
    world.invoice.update_contact(customer_id(world), {"contact_persons": [{"email": "ada@acme.example"}]})

    made = admin("POST", at(acme, "/estimates"), {**NEW, "send": True}).json()

    assert (made["is_sent"], made["problem"], made["estimate"]["status"]) == (True, None, "sent")
    (mail,) = world.invoice.ask("GET", "/settings/sentmails")["sent_mails"]
    assert mail["to_mail_ids"] == ["ada@acme.example"]


@pytest.mark.requirement("T2")
def test_with_send_and_nobody_to_send_it_to_nothing_is_made(world, acme, admin):
    answer = admin("POST", at(acme, "/estimates"), {**NEW, "send": True})

    assert refused(answer) == (409, "no_mail_address")
    assert list(world.invoice.iterate("/estimates", "estimates")) == []


@pytest.mark.requirement("T2")
def test_a_document_that_was_made_and_could_not_be_sent_says_so(world, acme, admin):
    take_down(world, "invoice", "/email$")

    made = admin("POST", at(acme, "/estimates"), {**NEW, "send": True, "mail": {"to_mail_ids": ["a@b.example"]}})

    assert (made.status, made.json()["is_sent"]) == (201, False)
    assert "was made but not sent" in made.json()["problem"]
    assert made.json()["estimate"]["status"] == "draft"


@pytest.mark.requirement("T2")
def test_invoice_says_in_its_own_words_what_is_wrong_with_a_document(world, acme, admin):
    answer = admin("POST", at(acme, "/invoices"), {"line_items": [{"rate": "much", "name": "Work"}]})

    assert refused(answer) == (400, "refused_by_invoice")
    assert answer.json()["message"] == "Invalid value passed for rate"


@pytest.mark.requirement("P3", "P2")
def test_sales_may_create_and_view_estimates_but_not_email_them(world, acme):
    sales = Person(world, "crm", SALES)
    made = sales("POST", at(acme, "/estimates"), NEW)
    place = at(acme, f"/estimates/{made.json()['estimate']['estimate_id']}")

    assert made.status == 201
    assert sales("GET", place).status == 200
    assert sales.get(at(acme))["permissions"]["estimates"] == {"create_edit": True, "view": True, "email": False}
    assert refused(sales("POST", f"{place}/email", {"to_mail_ids": ["a@b.example"]})) == (403, "not_allowed")
    assert refused(sales("POST", at(acme, "/estimates"), {**NEW, "send": True})) == (403, "not_allowed")
    assert world.invoice.ask("GET", "/settings/sentmails")["sent_mails"] == []
    assert len(list(world.invoice.iterate("/estimates", "estimates"))) == 1


#: Each box, and the calls it governs.
GOVERNED = [
    ("View", "GET", "", None),
    ("View", "GET", "/$id", None),
    ("View", "GET", "/$id/pdf", None),
    ("Create_Edit", "POST", "", NEW),
    ("Create_Edit", "PUT", "/$id", {"notes": "x"}),
    ("Email", "GET", "/$id/email", None),
    ("Email", "POST", "/$id/email", {"to_mail_ids": ["a@b.example"]}),
]


@pytest.mark.requirement("P3")
@pytest.mark.parametrize(
    ("kind", "box"), [("estimates", "Estimates"), ("salesorders", "Sales_Orders"), ("invoices", "Invoices")]
)
def test_each_box_governs_its_act_for_its_kind_of_document_and_for_nothing_else(world, acme, kind, box):
    document = make(world, kind, customer_id(world))
    standard = Person(world, "crm", STANDARD)
    document_id = document[f"{kind.removesuffix('s')}_id"]

    for cleared in ("View", "Create_Edit", "Email"):
        tick(world, "Standard", **{f"{cleared}_{box}": False})
        for act, method, rest, body in GOVERNED:
            answer = standard(method, at(acme, f"/{kind}{rest.replace('$id', document_id)}"), body)
            if act == cleared:
                assert refused(answer) == (403, "not_allowed"), (act, method, rest)
                assert answer.json()["details"] == {"permission": f"Crm_Implied_Zoho_Invoice_{act}_{box}"}
            else:
                assert answer.status < 300, (act, method, rest, answer.body)
        tick(world, "Standard", **{f"{cleared}_{box}": True})


@pytest.mark.requirement("P3")
def test_what_may_not_be_viewed_is_not_in_the_section(world, acme):
    make(world, "invoices", customer_id(world))
    tick(world, "Standard", View_Invoices=False)

    shown = Person(world, "crm", STANDARD).get(at(acme))

    assert shown["invoices"] is None
    assert shown["estimates"]["rows"] == []
    assert shown["permissions"]["invoices"] == {"create_edit": True, "view": False, "email": True}


@pytest.mark.requirement("P4")
def test_the_financial_summary_shows_receivables_by_age_and_payables_to_permitted_users_only(world, acme):
    customer = customer_id(world)
    old = make(world, "invoices", customer, date="2026-01-01", due_date="2026-01-31")
    late = {**old, "invoice_id": make(world, "invoices", customer, due_date="2099-01-01")["invoice_id"]}
    for invoice in (old, late):
        world.invoice.mark_invoice(invoice["invoice_id"], "sent")
    payment = {"customer_id": customer, "payment_mode": "cash", "amount": 25, "date": "2026-02-01", "invoices": []}
    world.invoice.ask("POST", "/customerpayments", json=payment)

    shown = Person(world, "crm", STANDARD).get(at(acme, "/summary"))
    sales = Person(world, "crm", SALES)("GET", at(acme, "/summary"))

    receivables = shown["receivables"]
    assert (receivables["outstanding"], receivables["overdue"], receivables["current"]) == (200, 100, 100)
    assert receivables["days_over_90"] == 100
    assert (shown["payables"], shown["currency_code"]) == ({"unused_credits": 25}, "USD")
    assert refused(sales) == (403, "not_allowed")


@pytest.mark.requirement("P4")
def test_an_account_not_in_invoice_has_no_summary_and_says_why(world, acme, admin):
    zylker = world.add_account("Zylker")

    shown = admin.get(at(zylker, "/summary"))

    assert (shown["receivables"], shown["payables"]) == (None, None)
    assert shown["problem"].startswith("Not in Zoho Invoice yet")


@pytest.mark.requirement("P5")
def test_who_may_not_see_the_record_sees_nothing_of_its_section(world, acme):
    potential = world.add_potential("Big Deal", acme, "Qualification")

    answer = Person(world, "crm", SUPPORT)("GET", at(potential, module="potentials"))

    assert refused(answer) == (403, "not_allowed")


@pytest.mark.requirement("P3")
def test_marketing_may_look_and_do_nothing_else(world, acme):
    document = make(world, "estimates", customer_id(world))
    marketing = Person(world, "crm", MARKETING)

    assert marketing("GET", at(acme, f"/estimates/{document['estimate_id']}")).status == 200
    assert refused(marketing("POST", at(acme, "/estimates"), NEW)) == (403, "not_allowed")


@pytest.mark.requirement("T1", "P3")
@pytest.mark.parametrize("rest", ["", "/pdf", "/email"])
def test_a_document_of_another_customer_is_not_found_here(world, acme, admin, rest):
    other = world.invoice.create_contact({"contact_name": "Other"})
    document = make(world, "invoices", other["contact_id"])

    answer = admin("GET", at(acme, f"/invoices/{document['invoice_id']}{rest}"))

    assert refused(answer) == (404, "not_found")
    assert refused(admin("PUT", at(acme, f"/invoices/{document['invoice_id']}"), {"notes": "x"}))[0] == 404


UNKNOWN = "5725767000000999999"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/section/accounts/{UNKNOWN}", 404),
        ("/section/accounts/abc", 404),
        (f"/section/contacts/{UNKNOWN}/summary", 404),
        (f"/section/accounts/$acme/invoices/{UNKNOWN}", 404),
        ("/section/accounts/$acme/invoices/abc", 404),
        ("/section/accounts/$acme/bills", 404),
        ("/section/leads/$acme", 404),
        ("/section/accounts/$acme/invoices?page=0", 422),
    ],
)
def test_what_is_not_there_is_said_so(world, acme, admin, path, status):
    assert refused(admin("GET", path.replace("$acme", acme)))[0] == status


@pytest.mark.parametrize(
    "body",
    [{"line_items": "x"}, {**NEW, "customer_id": "1"}, {**NEW, "zcrm_potential_id": "1"}, {**NEW, "send": 5}, []],
)
def test_a_body_that_does_not_fit_is_refused_and_nothing_is_made(world, acme, admin, body):
    assert refused(admin("POST", at(acme, "/invoices"), body))[0] == 422
    assert list(world.invoice.invoices()) == []


@pytest.mark.requirement("P3")
def test_the_section_wants_a_person_of_this_crm(world, acme, simulator):
    other = Person(simulator.new_world(), "crm", ADMIN)
    of_invoice = Person(world, "invoice", ADMIN)

    assert refused(of_invoice("GET", at(acme))) == (401, "not_signed_in")
    assert refused(other("GET", at(acme))) == (409, "not_connected")
    assert refused(other("GET", at(acme) + "/summary")) == (409, "not_connected")


@pytest.mark.requirement("T4", "K7")
def test_the_section_says_when_the_integration_is_not_there_or_off(world, acme, admin):
    world.connector("POST", "/connection/disable")
    off = admin("GET", at(acme))
    nothing_made = admin("POST", at(acme, "/invoices"), NEW)
    world.connector("POST", "/connection/reactivate")

    assert refused(off) == refused(nothing_made) == (409, "disabled")
    assert "switched off" in off.json()["message"]
    assert admin("GET", at(acme)).status == 200


@pytest.mark.requirement("T4", "K3")
def test_the_section_says_when_the_integration_needs_reconnecting(world, acme, admin):
    world.new_zsc_key()

    answer = admin("GET", at(acme))

    assert refused(answer) == (409, "reconnect_needed")
    assert "needs reconnecting" in answer.json()["message"]


@pytest.mark.requirement("T4", "S4")
def test_a_paused_sync_leaves_the_section_as_it_is(world, acme, admin):
    world.connector("POST", "/connection/pause")

    assert admin("POST", at(acme, "/invoices"), NEW).status == 201


@pytest.mark.requirement("T4")
def test_the_section_says_which_product_does_not_answer(world, acme, admin):
    take_down(world, "invoice")
    without_invoice = admin("GET", at(acme))
    world.control("invoice", "DELETE", f"/{world.id}/faults")
    take_down(world, "crm", "/crm/")
    without_crm = admin("GET", at(acme))

    assert refused(without_invoice) == refused(without_crm) == (424, "peer_unavailable")
    assert without_invoice.json()["message"].startswith("Zoho Invoice does not answer")
    assert without_crm.json()["message"].startswith("Zoho CRM does not answer")


@pytest.mark.requirement("L4")
def test_a_potential_shows_the_documents_that_are_linked_with_it(world, acme, admin):
    potential = world.add_potential("Big Deal", acme, "Qualification")
    linked = make(world, "estimates", customer_id(world), zcrm_potential_id=potential)
    make(world, "estimates", customer_id(world))

    shown = admin.get(at(potential, module="potentials"))

    assert [row["document_id"] for row in shown["estimates"]["rows"]] == [linked["estimate_id"]]
    assert shown["invoices"]["rows"] == []


@pytest.mark.requirement("L4", "T2")
def test_a_document_made_on_a_potential_is_linked_with_it_unless_custom_modules_are_off(world, acme, admin):
    potential = world.add_potential("Big Deal", acme, "Qualification")
    made = admin("POST", at(potential, "/invoices", "potentials"), NEW).json()["invoice"]
    switch_custom_modules(world, False)

    refusal = admin("POST", at(potential, "/invoices", "potentials"), NEW)

    assert (made["zcrm_potential_id"], made["zcrm_potential_name"]) == (potential, "Big Deal")
    assert made["customer_name"] == "Acme"
    assert refused(refusal) == (409, "custom_modules_off")


def test_a_potential_without_an_account_makes_no_document_and_says_why(world, acme, admin):
    potential = world.add_potential("Lone Deal", None, "Qualification")

    answer = admin("POST", at(potential, "/invoices", "potentials"), NEW)

    assert refused(answer) == (409, "no_customer")
    assert "has no account" in answer.json()["message"]
