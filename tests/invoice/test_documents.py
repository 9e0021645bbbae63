"""Estimates and invoices: making, changing, converting, mailing, deleting (invoice-api.md §5, §6)."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.invoice.conftest import Invoice

UNKNOWN = "410000000000999999"
KINDS = ("invoices", "estimates")


def body_for(invoice: Invoice, **more: Any) -> dict[str, Any]:
    customer = invoice.add_contact()["contact_id"]
    return {"customer_id": customer, "line_items": [{"name": "Work", "rate": 100, "quantity": 2}], **more}


@pytest.mark.requirement("X1")
@pytest.mark.parametrize("kind", KINDS)
def test_a_document_is_made_read_changed_and_deleted(invoice: Invoice, kind: str) -> None:
    one, label = kind[:-1], {"invoices": "invoice", "estimates": "quote"}[kind]
    made = invoice.post(f"/{kind}", body_for(invoice, notes="n", reference_number="R-1"))
    document = made[one]
    path = f"/{kind}/{document[f'{one}_id']}"

    assert made["message"] == f"The {label} has been created."
    assert (document["status"], document["total"], document["notes"]) == ("draft", 200, "n")
    assert invoice.get(path)[one] == document

    saved = invoice.put(path, {"notes": "m"})
    assert saved["message"] == f"{label.title()} information has been updated."
    assert (saved[one]["notes"], saved[one]["total"], saved[one]["reference_number"]) == ("m", 200, "R-1")
    assert invoice.delete(path)["message"] == f"The {label} has been deleted."
    assert invoice.refused("GET", path)[:2] == (404, 1002)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"customer_id": None}, 400, 4),
        ({"customer_id": UNKNOWN}, 404, 1002),
        ({"customer_id": "x"}, 400, 2),
        ({"line_items": []}, 400, 4),
        ({"line_items": None}, 400, 4),
        ({"line_items": "x"}, 400, 2),
        ({"line_items": [1]}, 400, 2),
        ({"line_items": [{}]}, 400, 4),
        ({"line_items": [{"item_id": UNKNOWN}]}, 404, 1002),
        ({"line_items": [{"name": "x", "tax_id": UNKNOWN}]}, 404, 1002),
        ({"line_items": [{"name": "x", "line_item_id": UNKNOWN}]}, 404, 1002),
        ({"currency_id": UNKNOWN}, 404, 1002),
        ({"contact_persons": [UNKNOWN]}, 404, 1002),
        ({"contact_persons": "x"}, 400, 2),
        ({"date": "tomorrow"}, 400, 2),
        ({"date": 20260101}, 400, 2),
        ({"discount_type": "total"}, 400, 2),
        ({"is_inclusive_tax": "perhaps"}, 400, 2),
        ({"reference_number": "x" * 101}, 400, 15),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_body_that_makes_no_document_is_refused(
    invoice: Invoice, kind: str, change: dict[str, Any], status: int, code: int
) -> None:
    assert invoice.refused("POST", f"/{kind}", {**body_for(invoice), **change})[:2] == (status, code)
    assert invoice.get(f"/{kind}")[kind] == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("PUT", ""), ("DELETE", ""), ("POST", "/status/sent"), ("POST", "/email"), ("GET", "/email")],
)
def test_an_unknown_document_does_not_exist(invoice: Invoice, kind: str, method: str, path: str) -> None:
    assert invoice.refused(method, f"/{kind}/{UNKNOWN}{path}", {})[:2] == (404, 1002)


def test_what_a_line_leaves_out_comes_from_its_item(invoice: Invoice) -> None:
    vat = next(one["tax_id"] for one in invoice.get("/settings/taxes")["taxes"] if one["tax_name"] == "VAT")
    item = invoice.add_item("Desk", "449", unit="pcs", description="Oak", sku="D-1", tax_id=vat)
    customer = invoice.add_contact()["contact_id"]

    plain = {"item_id": item["item_id"], "quantity": 2}
    changed = {"item_id": item["item_id"], "rate": 400, "name": "Desk for Acme", "tax_id": ""}
    body = {"customer_id": customer, "line_items": [plain, changed]}
    one, two = invoice.post("/invoices", body)["invoice"]["line_items"]

    assert (one["name"], one["rate"], one["unit"], one["description"], one["sku"], one["tax_percentage"]) == (
        "Desk",
        449,
        "pcs",
        "Oak",
        "D-1",
        20,
    )
    assert (two["name"], two["rate"], two["quantity"], two["tax_id"]) == ("Desk for Acme", 400, 1, "")


def test_lines_that_are_sent_again_stay_the_same_lines(invoice: Invoice) -> None:
    lines = [{"name": "A", "rate": 1}, {"name": "B", "rate": 2}]
    document = invoice.post("/estimates", {**body_for(invoice), "line_items": lines})["estimate"]
    first = document["line_items"][0]["line_item_id"]

    new_lines = [{"name": "C", "rate": 3}, {"line_item_id": first, "rate": 5}]
    changed = invoice.put(f"/estimates/{document['estimate_id']}", {"line_items": new_lines})["estimate"]

    assert [(one["name"], one["rate"], one["item_order"]) for one in changed["line_items"]] == [
        ("C", 3, 1),
        ("A", 5, 2),
    ]
    assert changed["line_items"][1]["line_item_id"] == first
    assert changed["total"] == 8


def test_a_document_keeps_the_tax_it_was_written_with(invoice: Invoice) -> None:
    vat = next(one["tax_id"] for one in invoice.get("/settings/taxes")["taxes"] if one["tax_name"] == "VAT")
    lines = [{"name": "A", "rate": 100, "tax_id": vat}]
    document = invoice.post("/invoices", {**body_for(invoice), "line_items": lines})["invoice"]

    invoice.put(f"/settings/taxes/{vat}", {"tax_percentage": 25})
    changed = invoice.put(f"/invoices/{document['invoice_id']}", {"shipping_charge": 1})["invoice"]

    assert (changed["tax_total"], changed["total"]) == (20, 121)


# terms and dates


@pytest.mark.requirement("G9")
@pytest.mark.parametrize(
    ("terms", "start", "due", "label"),
    [
        (0, "2026-01-31", "2026-01-31", "Due on Receipt"),
        (15, "2026-01-31", "2026-02-15", "Net 15"),
        (-1, "2026-02-03", "2026-02-28", "Due end of the month"),
        (-2, "2026-12-03", "2027-01-31", "Due end of next month"),
        (-3, "2026-12-03", "2027-02-28", "Due end of month after"),
    ],
)
def test_the_due_date_follows_from_the_terms(invoice: Invoice, terms: int, start: str, due: str, label: str) -> None:
    customer = invoice.add_contact(payment_terms=terms)["contact_id"]

    of_customer = invoice.add_invoice(customer, date=start)
    of_body = invoice.add_invoice(invoice.add_contact("Other")["contact_id"], date=start, payment_terms=terms)

    assert (of_customer["due_date"], of_customer["payment_terms_label"]) == (due, label)
    assert (of_body["due_date"], of_body["payment_terms_label"]) == (due, label)


def test_a_due_date_that_is_given_wins_and_lies_not_before_the_date(invoice: Invoice) -> None:
    customer = invoice.add_contact(payment_terms=30)["contact_id"]

    shown = invoice.add_invoice(customer, date="2026-01-01", due_date="2026-01-10")
    refusal = invoice.refused(
        "POST",
        "/invoices",
        {
            "customer_id": customer,
            "line_items": [{"name": "x", "rate": 1}],
            "date": "2026-01-10",
            "due_date": "2026-01-01",
        },
    )

    assert shown["due_date"] == "2026-01-10"
    assert refusal == (400, 2, "Invalid value passed for due_date")


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_dates_at_the_ends_of_the_calendar_break_nothing(invoice: Invoice, day: str) -> None:
    customer = invoice.add_contact(payment_terms=30)["contact_id"]
    body = {"customer_id": customer, "line_items": [{"name": "x", "rate": 1}], "date": day}

    status, _ = invoice.call("POST", "/invoices", body)

    assert status in (201, 400)
    invoice.get("/invoices")
    invoice.get("/reports/receivables?date=0001-01-01")


# editing by status


@pytest.mark.parametrize(
    ("status", "allowed", "refused"),
    [
        ("sent", {"notes": "n", "line_items": [{"name": "x", "rate": 500}]}, {}),
        ("partially_paid", {"notes": "n", "line_items": [{"name": "x", "rate": 500}]}, {"customer_id": "other"}),
        (
            "paid",
            {"notes": "n", "terms": "t", "reference_number": "r", "zcrm_potential_id": "5"},
            {"line_items": [{"name": "x", "rate": 1}]},
        ),
        ("paid", {}, {"customer_id": "other"}),
        ("paid", {}, {"shipping_charge": 5}),
        ("void", {}, {"notes": "n"}),
    ],
)
def test_what_may_be_edited_depends_on_the_status(
    invoice: Invoice, status: str, allowed: dict[str, Any], refused: dict[str, Any]
) -> None:
    customer, other = invoice.add_contact()["contact_id"], invoice.add_contact("Other")["contact_id"]
    document = invoice.add_invoice(customer)
    path = f"/invoices/{document['invoice_id']}"
    invoice.post(f"{path}/status/sent")
    if status == "void":
        invoice.post(f"{path}/status/void")
    if status in ("partially_paid", "paid"):
        invoice.pay(customer, 100 if status == "paid" else 30, document["invoice_id"])

    if allowed:
        invoice.put(path, allowed)
    if refused:
        sent = {key: other if value == "other" else value for key, value in refused.items()}
        assert invoice.refused("PUT", path, sent)[:2] == (400, 90_001)


def test_a_paid_invoice_may_be_sent_back_unchanged(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    document = invoice.add_invoice(customer)
    invoice.pay(customer, 100, document["invoice_id"])

    same = {"customer_id": customer, "notes": "thanks", "discount": 0, "shipping_charge": 0}

    assert invoice.put(f"/invoices/{document['invoice_id']}", same)["invoice"]["notes"] == "thanks"


def test_a_total_cannot_fall_below_what_was_paid(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    document = invoice.add_invoice(customer)
    invoice.pay(customer, 60, document["invoice_id"])
    path = f"/invoices/{document['invoice_id']}"

    assert invoice.refused("PUT", path, {"line_items": [{"name": "x", "rate": 59}]})[:2] == (400, 90_013)

    changed = invoice.put(path, {"line_items": [{"name": "x", "rate": 60}]})["invoice"]
    assert (changed["balance"], changed["status"]) == (0, "paid")


# potentials


@pytest.mark.requirement("L3", "L4")
def test_many_documents_are_linked_with_one_potential_and_found_by_it(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    link = {"zcrm_potential_id": "5721", "zcrm_potential_name": "Big Deal"}
    found = {invoice.add_invoice(customer, **link)["invoice_id"] for _ in range(2)}
    invoice.add_invoice(customer)
    offer = invoice.add_estimate(customer, **link)

    rows = invoice.get("/invoices?zcrm_potential_id=5721")["invoices"]
    offers = invoice.get("/estimates?zcrm_potential_id=5721")["estimates"]

    assert {row["invoice_id"] for row in rows} == found
    assert [row["estimate_id"] for row in offers] == [offer["estimate_id"]]
    assert {row["zcrm_potential_name"] for row in rows + offers} == {"Big Deal"}


@pytest.mark.requirement("L6")
def test_another_customer_drops_the_link_to_the_potential(invoice: Invoice) -> None:
    customer, other = invoice.add_contact()["contact_id"], invoice.add_contact("Other")["contact_id"]
    document = invoice.add_invoice(customer, zcrm_potential_id="5721", zcrm_potential_name="Big Deal")
    path = f"/invoices/{document['invoice_id']}"

    same = invoice.put(path, {"customer_id": customer})["invoice"]
    moved = invoice.put(path, {"customer_id": other})["invoice"]

    assert same["zcrm_potential_id"] == "5721"
    assert (moved["zcrm_potential_id"], moved["customer_name"]) == ("", "Other")


# conversion


@pytest.mark.requirement("G5", "L6")
def test_an_estimate_is_converted_once_and_carries_its_potential_along(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    offer = invoice.add_estimate(customer, rate=250, zcrm_potential_id="5721", discount="10%", reference_number="R")
    path = f"/estimates/{offer['estimate_id']}"
    body = {"invoiced_estimate_id": offer["estimate_id"]}

    assert invoice.refused("POST", "/invoices", body)[:2] == (400, 90_001)
    invoice.post(f"{path}/status/sent")
    document = invoice.post("/invoices", body)["invoice"]

    shown = invoice.get(path)["estimate"]
    assert (document["total"], document["customer_id"], document["zcrm_potential_id"]) == (225, customer, "5721")
    assert (document["estimate_id"], document["reference_number"]) == (offer["estimate_id"], "R")
    assert (shown["status"], shown["is_transaction_created"]) == ("invoiced", True)
    assert shown["invoice_ids"] == [document["invoice_id"]]
    assert invoice.refused("POST", "/invoices", body)[:2] == (400, 90_001)
    assert invoice.refused("PUT", path, {"notes": "n"})[:2] == (400, 90_001)
    assert invoice.refused("DELETE", path)[:2] == (400, 90_004)

    invoice.delete(f"/invoices/{document['invoice_id']}")
    assert invoice.get(path)["estimate"]["status"] == "sent"


def test_an_estimate_is_not_converted_for_another_customer(invoice: Invoice) -> None:
    offer = invoice.add_estimate(invoice.add_contact()["contact_id"])
    invoice.post(f"/estimates/{offer['estimate_id']}/status/sent")
    body = {
        "invoiced_estimate_id": offer["estimate_id"],
        "customer_id": invoice.add_contact("Other")["contact_id"],
    }

    assert invoice.refused("POST", "/invoices", body)[:2] == (400, 2)


def test_the_dates_of_an_answer_are_shown(invoice: Invoice) -> None:
    offer = invoice.add_estimate(invoice.add_contact()["contact_id"])
    path = f"/estimates/{offer['estimate_id']}"
    invoice.post(f"{path}/status/sent")
    invoice.post(f"{path}/status/accepted")

    accepted = invoice.get(path)["estimate"]
    invoice.post(f"{path}/status/declined")
    declined = invoice.get(path)["estimate"]

    assert (accepted["accepted_date"], accepted["declined_date"]) == (offer["date"], "")
    assert (declined["accepted_date"], declined["declined_date"]) == ("", offer["date"])


# reopening (the trigger's way)


@pytest.mark.requirement("G4")
def test_a_voided_invoice_is_reopened_as_a_draft_and_can_be_sent_again(invoice: Invoice) -> None:
    document = invoice.add_invoice(invoice.add_contact()["contact_id"])
    path = f"/invoices/{document['invoice_id']}"
    invoice.post(f"{path}/status/sent")

    voided = (invoice.post(f"{path}/status/void"), invoice.get(path)["invoice"])
    reopened = (invoice.post(f"{path}/status/draft"), invoice.get(path)["invoice"])
    sent = (invoice.post(f"{path}/status/sent"), invoice.get(path)["invoice"])

    assert [answer["message"] for answer, _ in (voided, reopened, sent)] == [
        "Invoice status has been changed to Void.",
        "Status of invoice changed from void to draft",
        "Invoice status has been changed to Sent.",
    ]
    assert (voided[1]["issued_date"], voided[1]["balance"], voided[1]["due_days"]) == ("", 100, "")
    assert [shown["status"] for _, shown in (voided, reopened, sent)] == ["void", "draft", "sent"]


def test_a_document_may_be_sent_as_it_is_made(invoice: Invoice) -> None:
    body = body_for(invoice)

    in_query = invoice.post("/invoices?send=true", body)["invoice"]
    in_body = invoice.post("/estimates", {**body, "send": True})["estimate"]

    assert (in_query["status"], in_body["status"]) == ("sent", "sent")
    assert in_query["issued_date"] == in_query["date"]
    assert invoice.refused("POST", "/invoices?send=perhaps", body)[:2] == (400, 2)


# mail


@pytest.mark.parametrize("kind", KINDS)
def test_mailing_a_draft_sends_it_and_leaves_the_mail_in_the_outbox(invoice: Invoice, kind: str) -> None:
    people = [{"first_name": "Jo", "email": "jo@acme.test"}]
    customer = invoice.add_contact(contact_persons=people)["contact_id"]
    one = kind[:-1]
    document = getattr(invoice, f"add_{one}")(customer)
    path = f"/{kind}/{document[f'{one}_id']}"

    content = invoice.get(f"{path}/email")["data"]
    first = invoice.post(f"{path}/email")
    body = {"to_mail_ids": ["al@acme.test"], "cc_mail_ids": ["cy@acme.test"], "subject": "S", "body": "B"}
    second = invoice.post(f"{path}/email", body)

    assert first["message"] == f"Your {one} has been sent."
    if kind == "invoices":
        assert (first["is_first_email"], second["is_first_email"]) == (True, False)
    shown = invoice.get(path)[one]
    assert (shown["status"], shown["is_emailed"]) == ("sent", True)
    newest, oldest = invoice.get("/settings/sentmails")["sent_mails"]
    assert (newest["to_mail_ids"], newest["cc_mail_ids"], newest["subject"]) == (
        ["al@acme.test"],
        ["cy@acme.test"],
        "S",
    )
    assert (oldest["to_mail_ids"], oldest["subject"]) == (["jo@acme.test"], content["subject"])
    assert content["to_contacts"][0]["email"] == "jo@acme.test"


def test_a_mail_needs_somebody_to_go_to(invoice: Invoice) -> None:
    document = invoice.add_invoice(invoice.add_contact()["contact_id"])
    path = f"/invoices/{document['invoice_id']}"

    assert invoice.refused("POST", f"{path}/email")[:2] == (400, 4)
    assert invoice.refused("POST", f"{path}/email", {"to_mail_ids": ["nobody"]})[:2] == (400, 2)
    assert invoice.refused("POST", f"{path}/email", {"to_mail_ids": "x@y.z"})[:2] == (400, 2)
    assert invoice.get(path)["invoice"]["status"] == "draft"


def test_the_people_of_the_customer_may_be_named_on_a_document(invoice: Invoice) -> None:
    contact = invoice.add_contact(contact_persons=[{"first_name": "Jo"}, {"first_name": "Al"}])
    al = contact["contact_persons"][1]["contact_person_id"]

    shown = invoice.add_invoice(contact["contact_id"], contact_persons=[al])

    assert shown["contact_persons"] == [al]
    assert [one["first_name"] for one in shown["contact_persons_details"]] == ["Al"]


@pytest.mark.parametrize("kind", ["estimate", "salesorder", "invoice", "creditnote"])
def test_people_may_be_named_in_the_newer_way_too(invoice: Invoice, kind: str) -> None:
    contact = invoice.add_contact(contact_persons=[{"first_name": "Jo"}, {"first_name": "Al"}])
    jo, al = (one["contact_person_id"] for one in contact["contact_persons"])
    line = {"name": "Work", "rate": 10, "quantity": 1}
    path, body = f"/{kind}s", {"customer_id": contact["contact_id"], "line_items": [line]}

    def associated(*people: str) -> dict[str, Any]:
        return {"contact_persons_associated": [{"contact_person_id": one, "x": 1} for one in people]}

    made = invoice.post(path, {**body, **associated(al, jo)})[kind]
    changed = invoice.put(f"{path}/{made[f'{kind}_id']}", associated(jo))[kind]
    both = invoice.put(f"{path}/{made[f'{kind}_id']}", {"contact_persons": [al], **associated(jo)})[kind]
    nobody = invoice.put(f"{path}/{made[f'{kind}_id']}", associated())[kind]

    assert made["contact_persons"] == [al, jo]
    assert [one["contact_person_id"] for one in changed["contact_persons_associated"]] == [jo]
    assert (both["contact_persons"], nobody["contact_persons"]) == ([al], [])
    assert invoice.refused("POST", path, {**body, **associated("410000000009999999")})[:2] == (404, 1002)
    assert invoice.refused("POST", path, {**body, **associated("x")})[:2] == (400, 2)
    assert invoice.refused("POST", path, {**body, "contact_persons_associated": [al]})[:2] == (400, 2)


def test_a_documents_address_stays_as_it_was_when_the_customer_moves(invoice: Invoice) -> None:
    contact = invoice.add_contact(billing_address={"city": "Houston", "zip": "77002", "address": "1 Main St"})
    document = invoice.add_invoice(contact["contact_id"])

    invoice.put(f"/contacts/{contact['contact_id']}", {"billing_address": {"city": "Austin"}})

    shown = invoice.invoice(document["invoice_id"])
    row = invoice.get("/invoices")["invoices"][0]
    assert (shown["billing_address"]["city"], shown["billing_address"]["street"]) == ("Houston", "1 Main St")
    assert "address_id" not in shown["billing_address"]
    assert shown["customer_default_billing_address"]["city"] == "Austin"
    assert (row["billing_address"]["city"], row["billing_address"]["zipcode"]) == ("Houston", "77002")


def test_an_estimate_expires_not_before_its_date(invoice: Invoice) -> None:
    body = body_for(invoice, date="2026-05-02", expiry_date=str(date(2026, 5, 2) - timedelta(1)))

    assert invoice.refused("POST", "/estimates", body) == (400, 2, "Invalid value passed for expiry_date")


@pytest.mark.parametrize("kind", ["estimate", "salesorder", "invoice", "creditnote"])
def test_a_layout_that_is_none_of_the_vendors_is_refused_and_one_that_is_is_taken(invoice, kind):
    body = {"customer_id": invoice.add_contact()["contact_id"], "line_items": [{"name": "Work", "rate": 10}]}
    made = invoice.post(f"/{kind}s", {**body, "template_id": "410000000000000103"})[kind]
    path = f"/{kind}s/{made[f'{kind}_id']}"

    refusals = [
        invoice.refused("POST", f"/{kind}s", {**body, "template_id": "none"}),
        invoice.refused("PUT", path, {"template_id": "410000000000000104"}),
    ]

    assert refusals == [(404, 1002, "Template does not exist.")] * 2
    assert made["template_name"] == "Spreadsheet Template"
    assert invoice.get(path)[kind]["template_id"] == "410000000000000103"
