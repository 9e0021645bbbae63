"""Doors and keys that only the older clients use; their scenarios stand in tests/sdk."""

import io


def test_a_file_that_comes_with_a_mail_goes_along_and_the_mail_is_told(invoice):
    bill = invoice.add_invoice(invoice.add_contact()["contact_id"])["invoice_id"]
    mail = '{"to_mail_ids":["jo@acme.example"],"subject":"Bill","body":"Dear Jo"}'
    data = {"JSONString": mail, "attachments": (io.BytesIO(b"plan"), "plan.txt", "text/plain")}
    headers = {"Authorization": f"Zoho-oauthtoken {invoice.token}"}

    assert invoice.raw("POST", f"/api/v3/invoices/{bill}/email", data=data, headers=headers).status_code == 200

    (sent,) = invoice.get("/settings/sentmails")["sent_mails"]
    assert "plan.txt" in [one["file_name"] for one in sent["files"]]
    (told,) = invoice.get(f"/invoices/{bill}/emailhistory")["email_history"]
    assert (told["subject"], told["to_mail_ids"]) == ("Bill", "jo@acme.example")


def test_an_address_goes_to_the_customer_too_only_when_asked_for(invoice):
    customer = invoice.add_contact(billing_address={"city": "Rome"})["contact_id"]
    offer = invoice.add_estimate(customer)["estimate_id"]

    for flag, city in (("false", "Rome"), ("true", "Bonn")):
        path = f"/estimates/{offer}/address/billing?is_update_customer={flag}"
        shown = invoice.put(path, {"city": "Bonn"})["billing_address"]

        assert (shown["city"], shown["is_update_customer"]) == ("Bonn", flag == "true")
        assert invoice.contact(customer)["billing_address"]["city"] == city


def test_the_mail_template_of_a_customer_is_used_for_his_documents(invoice):
    short = "410000000000000203"
    customer = invoice.add_contact(default_templates={"invoice_email_template_id": short})
    bill = invoice.add_invoice(customer["contact_id"])

    prepared = invoice.get(f"/invoices/{bill['invoice_id']}/email")["data"]

    assert customer["default_templates"]["invoice_email_template_name"] == "Short"
    assert prepared["subject"] == f"Invoice {bill['invoice_number']}"
    wrong = {"contact_name": "Other", "default_templates": {"invoice_email_template_id": "1"}}
    assert invoice.refused("POST", "/contacts", wrong)[:2] == (400, 2)


def test_refunds_of_all_credit_notes_are_sorted_and_filtered(invoice):
    customers = [invoice.add_contact(name)["contact_id"] for name in ("Acme", "Zylker")]
    for customer, amount in zip((*customers, customers[0]), (30, 20, 10), strict=True):
        body = {"customer_id": customer, "line_items": [{"name": "Back", "rate": 100, "quantity": 1}]}
        note = invoice.post("/creditnotes", body)["creditnote"]["creditnote_id"]
        invoice.post(f"/creditnotes/{note}/status/open")
        invoice.post(f"/creditnotes/{note}/refunds", {"amount": amount, "refund_mode": "cash", "date": "2026-01-05"})

    def amounts(query: str) -> list[int]:
        return [one["amount_fcy"] for one in invoice.get(f"/creditnotes/refunds?{query}")["creditnote_refunds"]]

    assert amounts("") == [10, 20, 30]
    assert amounts("sort_column=amount_bcy&sort_order=D") == [30, 20, 10]
    assert amounts(f"customer_id={customers[0]}&sort_column=amount_fcy&sort_order=A") == [10, 30]
    assert invoice.refused("GET", "/creditnotes/refunds?sort_column=nonsense") == (
        400, 2, "Invalid value passed for sort_column",
    )  # fmt: skip


def test_a_flag_that_was_not_set_comes_as_none(invoice):
    body = {"contact_id": invoice.add_contact()["contact_id"], "first_name": "Jo", "is_primary_contact": "none"}

    person = invoice.post("/contacts/contactpersons", body)["contact_person"]

    assert (
        invoice.get(f"/contacts/contactpersons/{person['contact_person_id']}")["contact_person"]["first_name"] == "Jo"
    )


def test_what_an_organization_says_of_itself_is_kept(invoice):
    organization = invoice.get("/organizations")["organizations"][0]["organization_id"]

    said = {"industry_type": "Furniture", "tax_basis": "cash", "country_code": "US"}
    saved = invoice.put(f"/organizations/{organization}", said)

    shown = invoice.get(f"/organizations/{organization}")["organization"]
    assert saved["organization"] == shown
    assert (shown["industry_type"], shown["tax_basis"], shown["user_role"]) == ("Furniture", "cash", "admin")
    assert [one["country_code"] for one in (shown, *invoice.get("/organizations")["organizations"])] == ["US", "US"]
    assert invoice.refused("PUT", f"/organizations/{organization}", {"tax_basis": "hope"})[:2] == (400, 2)


def test_tax_groups_are_listed_with_their_members(invoice):
    taxes = {one["tax_name"]: one["tax_id"] for one in invoice.get("/settings/taxes")["taxes"]}
    for name in ("Town", "City"):
        body = {"tax_group_name": name, "taxes": ",".join((taxes["VAT"], taxes["Sales Tax"]))}
        invoice.post("/settings/taxgroups", body)

    listed = invoice.get("/settings/taxgroups?per_page=1")

    (group,) = listed["tax_groups"]
    assert (group["tax_group_name"], len(group["taxes"])) == ("City", 2)
    assert listed["page_context"]["has_more_page"] is True


def test_an_invoice_names_the_payment_term_it_has(invoice):
    terms = {one["payment_terms"]: one for one in invoice.get("/settings/paymentterms")["payment_terms"]}
    customer = invoice.add_contact()["contact_id"]

    shown = invoice.add_invoice(customer, payment_terms=15)

    assert (shown["payment_terms_id"], shown["payment_terms_label"]) == (
        terms[15]["payment_terms_id"], terms[15]["payment_terms_label"],
    )  # fmt: skip


def test_whether_an_invoice_may_be_paid_in_parts_is_kept(invoice):
    made = invoice.add_invoice(invoice.add_contact()["contact_id"], allow_partial_payments=True)
    assert made["allow_partial_payments"] is True

    assert invoice.put(f"/invoices/{made['invoice_id']}", {"notes": "x"})["invoice"]["allow_partial_payments"] is True
