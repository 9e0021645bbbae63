"""What is done with a contact: history, statements, mail, portal, merging, limits (invoice-api.md §3)."""

from typing import Any

import pytest

from tests.invoice.conftest import Invoice

UNKNOWN = "410000000000999999"


def with_person(invoice: Invoice, name: str = "Acme", **more: Any) -> Any:
    return invoice.add_contact(name, contact_persons=[{"first_name": "Jo", "email": f"jo@{name}.test".lower()}], **more)


def sent_invoice(invoice: Invoice, customer: str, rate: Any = 100, **more: Any) -> Any:
    made = invoice.add_invoice(customer, rate=rate, **more)
    invoice.post(f"/invoices/{made['invoice_id']}/status/sent")
    return made


# history


def test_the_history_tells_what_was_done_and_what_was_made_newest_first(invoice: Invoice) -> None:
    contact = invoice.add_contact()
    path = f"/contacts/{contact['contact_id']}"
    invoice.control("PUT", "/clock", {"advance_seconds": 60})
    estimate = invoice.add_estimate(contact["contact_id"])
    invoice.control("PUT", "/clock", {"advance_seconds": 60})
    invoice.put(path, {"notes": "x"})
    invoice.control("PUT", "/clock", {"advance_seconds": 60})
    invoice.post(f"{path}/inactive")

    answer = invoice.get(f"{path}/comments")

    told = [(one["description"], one["operation_type"]) for one in answer["contact_comments"]]
    assert told == [
        ("Contact marked as inactive", "updated"),
        ("Contact details updated", "updated"),
        (f"Quote {estimate['estimate_number']} created for $100", "added"),
        ("Contact created", "added"),
    ]
    made = answer["contact_comments"][2]
    assert (made["transaction_type"], made["transaction_id"]) == ("estimate", estimate["estimate_id"])
    assert made["commented_by"] == "Asha Rao"
    assert made["date_description"].endswith("ago")
    assert {"applied_filter", "page", "per_page", "has_more_page"} <= set(answer["page_context"])


def test_the_history_comes_in_pages(invoice: Invoice) -> None:
    contact = invoice.add_contact()
    path = f"/contacts/{contact['contact_id']}"
    invoice.put(path, {"notes": "x"})

    first = invoice.get(f"{path}/comments?per_page=1")
    second = invoice.get(f"{path}/comments?per_page=1&page=2")

    assert (first["page_context"]["has_more_page"], second["page_context"]["has_more_page"]) == (True, False)
    assert len(first["contact_comments"]) == len(second["contact_comments"]) == 1
    assert first["contact_comments"] != second["contact_comments"]


# statements


def test_a_statement_leads_from_the_opening_balance_to_what_is_due(invoice: Invoice) -> None:
    customer = with_person(invoice)["contact_id"]
    sent_invoice(invoice, customer, 100, date="2026-01-10")
    invoice.add_invoice(customer, rate=999, date="2026-01-11")
    sent_invoice(invoice, customer, "50.50", date="2026-02-03")
    invoice.pay(customer, 30, date="2026-02-10")
    sent_invoice(invoice, customer, 7, date="2026-03-01")

    path = f"/contacts/{customer}/statements?start_date=2026-02-01&end_date=2026-02-28"
    shown = invoice.get(path)["statement"]

    assert shown["opening_balance"] == 100
    assert [(one["transaction_type"], str(one["balance"])) for one in shown["transactions"]] == [
        ("invoice", "150.5"),
        ("customer_payment", "120.5"),
    ]
    assert (str(shown["invoiced_amount"]), str(shown["amount_received"])) == ("50.5", "30")
    assert str(shown["balance_due"]) == "120.5"


def test_a_statement_of_all_days_ends_with_what_the_contact_shows_as_owed(invoice: Invoice) -> None:
    customer = with_person(invoice)["contact_id"]
    made = sent_invoice(invoice, customer, 100, date="2026-01-10")
    void = sent_invoice(invoice, customer, 70, date="2026-01-10")
    invoice.pay(customer, 40, made["invoice_id"], date="2026-01-12")
    invoice.pay(customer, 5, date="2026-01-12")
    invoice.post(f"/invoices/{void['invoice_id']}/status/void")

    statement = invoice.get(f"/contacts/{customer}/statements?start_date=2000-01-01")["statement"]
    contact = invoice.contact(customer)

    owed = contact["outstanding_receivable_amount"] - contact["unused_credits_receivable_amount"]
    assert statement["balance_due"] == owed == 55


@pytest.mark.parametrize(
    "query", ["start_date=soon", "end_date=2026-02-30", "start_date=2026-02-02&end_date=2026-02-01"]
)
def test_days_that_make_no_sense_are_refused(invoice: Invoice, query: str) -> None:
    customer = invoice.add_contact()["contact_id"]

    assert invoice.refused("GET", f"/contacts/{customer}/statements?{query}")[:2] == (400, 2)
    assert invoice.refused("POST", f"/contacts/{customer}/statements/email?{query}", {})[:2] == (400, 2)


# mail


def test_a_statement_is_mailed_with_a_text_of_its_own_or_the_usual_one(invoice: Invoice) -> None:
    customer = with_person(invoice)["contact_id"]
    path = f"/contacts/{customer}/statements/email?start_date=2026-02-01&end_date=2026-02-28"

    shown = invoice.get(path)["data"]
    usual = invoice.post(path)
    invoice.post(path, {"to_mail_ids": ["a@b.test"], "cc_mail_ids": ["c@d.test"], "subject": "S", "body": "B"})

    assert usual["message"] == "Statement has been sent to the Customer."
    assert (shown["contact_id"], shown["to_contacts"][0]["email"]) == (customer, "jo@acme.test")
    assert {"emailtemplates", "error_list", "file_name", "from_emails", "is_org_email_id"} <= set(shown)
    own, default = invoice.get("/settings/sentmails")["sent_mails"]
    assert (default["to_mail_ids"], default["subject"]) == (["jo@acme.test"], shown["subject"])
    assert (own["to_mail_ids"], own["cc_mail_ids"], own["subject"], own["body"]) == (
        ["a@b.test"],
        ["c@d.test"],
        "S",
        "B",
    )


def test_a_letter_to_a_contact_goes_to_the_outbox(invoice: Invoice) -> None:
    customer = with_person(invoice)["contact_id"]

    answer = invoice.post(f"/contacts/{customer}/email", {"subject": "Hello", "body": "Dear Jo"})

    assert answer["message"] == "Email has been sent."
    (mail,) = invoice.get("/settings/sentmails")["sent_mails"]
    assert (mail["entity"], mail["entity_id"], mail["subject"]) == ("contact", customer, "Hello")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"body": "x"}, 4),
        ({"subject": "x"}, 4),
        ({"subject": "x", "body": "x", "to_mail_ids": "a@b.test"}, 2),
        ({"subject": "x", "body": "x", "to_mail_ids": ["nobody"]}, 2),
        ({"subject": "x", "body": "x", "to_mail_ids": [{"a": 1}]}, 2),
    ],
)
def test_a_letter_that_cannot_be_sent_is_refused(invoice: Invoice, body: Any, code: int) -> None:
    customer = with_person(invoice)["contact_id"]

    assert invoice.refused("POST", f"/contacts/{customer}/email", body)[:2] == (400, code)
    assert invoice.get("/settings/sentmails")["sent_mails"] == []


def test_mail_to_a_contact_without_an_email_needs_an_address(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]

    assert invoice.refused("POST", f"/contacts/{customer}/statements/email", {})[:2] == (400, 4)


# portal


def test_the_portal_is_opened_to_people_with_an_email(invoice: Invoice) -> None:
    contact = with_person(invoice)
    other = invoice.add_contact("B")
    person = contact["contact_persons"][0]["contact_person_id"]
    path = f"/contacts/{contact['contact_id']}"

    answer = invoice.post(f"{path}/portal/enable", {"contact_persons": [{"contact_person_id": person}]})

    assert answer["message"] == "Client Portal preferences have been updated"
    shown = invoice.contact(contact["contact_id"])
    assert (shown["portal_status"], shown["contact_persons"][0]["is_added_in_portal"]) == ("enabled", True)
    listed = invoice.get("/contacts?filter_by=Status.PortalEnabled")["contacts"]
    assert [one["contact_id"] for one in listed] == [contact["contact_id"]]
    listed = invoice.get("/contacts?filter_by=Status.PortalDisabled")["contacts"]
    assert [one["contact_id"] for one in listed] == [other["contact_id"]]
    invoice.put(path, {"is_portal_enabled": False})
    assert invoice.contact(contact["contact_id"])["portal_status"] == "disabled"


def test_the_portal_is_not_opened_to_nobody(invoice: Invoice) -> None:
    contact = invoice.add_contact(contact_persons=[{"first_name": "Jo"}])
    empty = invoice.add_contact("B")
    stranger = with_person(invoice, "C")["contact_persons"][0]["contact_person_id"]
    path = f"/contacts/{contact['contact_id']}/portal/enable"

    assert invoice.refused("POST", path, {})[:2] == (400, 4)
    assert invoice.refused("POST", path, {"contact_persons": [{"contact_person_id": stranger}]})[:2] == (404, 1002)
    assert invoice.refused("POST", f"/contacts/{empty['contact_id']}/portal/enable", {})[:2] == (404, 1002)


# merging


def test_the_master_of_a_merge_takes_the_transactions_and_the_others_become_inactive(invoice: Invoice) -> None:
    master = invoice.add_contact("A")["contact_id"]
    other = invoice.add_contact("B", zcrm_account_id="7")["contact_id"]
    owed = sent_invoice(invoice, other, 80)
    estimate = invoice.add_estimate(other)
    invoice.pay(other, 30)

    answer = invoice.post(f"/contacts/{master}/merge", {"contact_ids": [other]})

    merged, left = answer["contact"], invoice.contact(other)
    assert (merged["outstanding_receivable_amount"], merged["unused_credits_receivable_amount"]) == (80, 30)
    assert invoice.invoice(owed["invoice_id"])["customer_id"] == master
    assert invoice.estimate(estimate["estimate_id"])["customer_name"] == "A"
    assert (left["status"], left["has_transaction"], left["outstanding_receivable_amount"]) == ("inactive", False, 0)
    assert left["zcrm_account_id"] == "7"
    told = [one["description"] for one in invoice.get(f"/contacts/{other}/comments")["contact_comments"]]
    assert "Merged into A" in told


def test_a_merge_of_what_does_not_fit_is_refused_and_changes_nothing(invoice: Invoice) -> None:
    master = invoice.add_contact("A")["contact_id"]
    vendor = invoice.add_contact("V", contact_type="vendor")["contact_id"]
    euro = next(one for one in invoice.get("/settings/currencies")["currencies"] if one["currency_code"] == "EUR")
    abroad = invoice.add_contact("E", currency_id=euro["currency_id"])["contact_id"]
    like = invoice.add_contact("L")["contact_id"]
    path = f"/contacts/{master}/merge"

    assert invoice.refused("POST", path, {})[:2] == (400, 4)
    assert invoice.refused("POST", path, {"contact_ids": [master]})[:2] == (400, 2)
    assert invoice.refused("POST", path, {"contact_ids": [UNKNOWN]})[:2] == (404, 1002)
    assert invoice.refused("POST", path, {"contact_ids": [like, vendor]})[:2] == (400, 90_030)
    assert invoice.refused("POST", path, {"contact_ids": [like, abroad]})[:2] == (400, 90_030)
    assert invoice.contact(like)["status"] == "active"


# limits, duplicates, regional texts


def test_who_owes_more_than_his_limit_is_listed(invoice: Invoice) -> None:
    over = invoice.add_contact("A", credit_limit=50)["contact_id"]
    under = invoice.add_contact("B", credit_limit=500)["contact_id"]
    free = invoice.add_contact("C")["contact_id"]
    for customer in (over, under, free):
        sent_invoice(invoice, customer, 80)

    listed = invoice.get("/contacts?filter_by=Status.CreditLimitExceed")["contacts"]

    assert [one["contact_id"] for one in listed] == [over]
    assert invoice.contact(over)["credit_limit_exceeded_amount"] == 30
    assert invoice.contact(under)["credit_limit_exceeded_amount"] == 0


def test_contacts_with_the_same_email_or_company_are_listed_as_duplicates(invoice: Invoice) -> None:
    for name, company in (("A", "Acme"), ("B", "Acme"), ("C", "Other")):
        invoice.add_contact(name, company_name=company)
    for name in ("D", "E"):
        invoice.add_contact(name, contact_persons=[{"email": "same@x.test"}])

    listed = invoice.get("/contacts?filter_by=Status.Duplicate")["contacts"]

    assert [one["contact_name"] for one in listed] == ["A", "B", "D", "E"]


def test_regional_texts_and_the_limit_are_kept_and_shown(invoice: Invoice) -> None:
    facts = {"gst_no": "22AAAAA0000A1Z5", "gst_treatment": "business_gst", "place_of_contact": "TN", "credit_limit": 10}

    shown = invoice.contact(invoice.add_contact(**facts)["contact_id"])

    assert {key: shown[key] for key in facts} == facts
    row = invoice.get("/contacts")["contacts"][0]
    assert (row["gst_no"], row["place_of_contact"]) == ("22AAAAA0000A1Z5", "TN")


def test_no_contact_has_a_vendor_of_the_crm(invoice: Invoice) -> None:
    invoice.add_contact()

    assert invoice.get("/contacts?zcrm_vendor_id=1")["contacts"] == []


def test_a_vendor_is_named_so_when_deleted(invoice: Invoice) -> None:
    vendor = invoice.add_contact(contact_type="vendor")["contact_id"]
    invoice.put(f"/contacts/{vendor}", {"notes": "x"})

    assert invoice.delete(f"/contacts/{vendor}")["message"] == "The vendor has been deleted."


CALLS = [
    ("GET", "comments"),
    ("GET", "statements"),
    ("GET", "statements/email"),
    ("GET", "refunds"),
    ("POST", "statements/email"),
    ("POST", "email"),
    ("POST", "portal/enable"),
    ("GET", "receivables/unusedretainerpayments"),
    ("POST", "merge"),
]


@pytest.mark.parametrize(("method", "action"), CALLS)
def test_an_unknown_contact_is_answered_with_1002(invoice: Invoice, method: str, action: str) -> None:
    assert invoice.refused(method, f"/contacts/{UNKNOWN}/{action}", {})[:2] == (404, 1002)


def test_the_contacts_of_another_organization_are_not_there(invoice: Invoice) -> None:
    contact = with_person(invoice)["contact_id"]
    other = invoice.post("/organizations", {"name": "Other"})["organization"]["organization_id"]

    for method, action in CALLS:
        path = f"/contacts/{contact}/{action}?organization_id={other}"
        assert invoice.refused(method, path, {})[:2] == (404, 1002), action


def test_unused_retainer_payments_are_none(invoice: Invoice) -> None:
    contact = invoice.add_contact()["contact_id"]

    assert invoice.get(f"/contacts/{contact}/receivables/unusedretainerpayments")["unused_retainer_payments"] == []


# credit notes, refunds, paper


def open_credit(invoice: Invoice, customer: str, rate: Any, **more: Any) -> str:
    body = {"customer_id": customer, "line_items": [{"name": "Back", "rate": rate}], **more}
    made = str(invoice.post("/creditnotes", body)["creditnote"]["creditnote_id"])
    invoice.post(f"/creditnotes/{made}/status/open")
    return made


def test_credit_notes_and_refunds_stand_on_the_statement_and_in_what_is_unused(invoice: Invoice) -> None:
    customer = with_person(invoice)["contact_id"]
    sent_invoice(invoice, customer, 100, date="2026-01-10")
    credit = open_credit(invoice, customer, 30, date="2026-01-11")
    invoice.post(f"/creditnotes/{credit}/refunds", {"amount": 10, "date": "2026-01-12", "refund_mode": "cash"})

    statement = invoice.get(f"/contacts/{customer}/statements?start_date=2026-01-01")["statement"]

    kinds = [(one["transaction_type"], one["balance"]) for one in statement["transactions"]]
    assert kinds == [("invoice", 100), ("creditnote", 70), ("refund", 80)]
    assert invoice.contact(customer)["unused_credits_receivable_amount"] == 20
    (refund,) = invoice.get(f"/contacts/{customer}/refunds")["creditnote_refunds"]
    assert (refund["creditnote_id"], refund["amount"]) == (credit, 10)


def test_a_statement_comes_as_pdf_too(invoice: Invoice) -> None:
    pytest.importorskip("fpdf")
    customer = invoice.add_contact("Łódź & Sons")["contact_id"]
    sent_invoice(invoice, customer, 100)
    headers = {"Authorization": f"Zoho-oauthtoken {invoice.token}"}

    answer = invoice.raw("GET", f"/invoice/v3/contacts/{customer}/statements?accept=pdf", headers=headers)

    assert (answer.status_code, answer.mimetype, answer.data[:5]) == (200, "application/pdf", b"%PDF-")
    assert ".pdf" in answer.headers["Content-Disposition"]


def test_a_contact_keeps_the_templates_chosen_for_him(invoice: Invoice) -> None:
    templates = invoice.get("/estimates/templates")["templates"]
    chosen = templates[-1]
    contact = invoice.add_contact(default_templates={"estimate_template_id": chosen["template_id"]})
    path = f"/contacts/{contact['contact_id']}"

    shown = contact["default_templates"]

    assert (shown["estimate_template_name"], shown["invoice_template_id"]) == (chosen["template_name"], "")
    assert invoice.put(path, {"notes": "x"})["contact"]["default_templates"] == shown
    unknown = {"default_templates": {"invoice_template_id": "1"}}
    assert invoice.refused("PUT", path, unknown)[:2] == (404, 1002)
    assert invoice.refused("PUT", path, {"default_templates": ["x"]})[:2] == (400, 2)
