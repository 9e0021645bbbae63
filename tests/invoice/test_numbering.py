"""Numbers of documents (invoice-api.md §5.5): in a row, without gaps, never twice."""

import threading

import pytest

from tests.invoice.conftest import Invoice


def numbers(invoice: Invoice, kind: str = "invoices") -> list[str]:
    return sorted(row[f"{kind[:-1]}_number"] for row in invoice.get(f"/{kind}?per_page=200")[kind])


def test_each_kind_of_document_has_a_series_of_its_own(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]

    made = [invoice.add_invoice(customer)["invoice_number"] for _ in range(2)]
    offers = [invoice.add_estimate(customer)["estimate_number"] for _ in range(2)]

    assert made == ["INV-000001", "INV-000002"]
    assert offers == ["QT-000001", "QT-000002"]


def test_a_refused_document_uses_up_no_number(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    invoice.add_invoice(customer)

    unlucky = {"customer_id": customer, "line_items": [{"name": "x", "rate": 1}], "custom_fields": [{"label": "No"}]}
    invoice.refused("POST", "/invoices", unlucky)

    assert invoice.add_invoice(customer)["invoice_number"] == "INV-000002"


def test_an_own_number_needs_the_flag(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    body = {"customer_id": customer, "line_items": [{"name": "x", "rate": 1}], "invoice_number": "A-7"}

    without = invoice.post("/invoices", body)["invoice"]
    with_flag = invoice.post("/invoices?ignore_auto_number_generation=true", body)["invoice"]
    again = invoice.refused("POST", "/invoices?ignore_auto_number_generation=true", body)
    missing = invoice.refused("POST", "/invoices?ignore_auto_number_generation=true", {**body, "invoice_number": ""})

    assert (without["invoice_number"], with_flag["invoice_number"]) == ("INV-000001", "A-7")
    assert again[:2] == (400, 90_002)
    assert missing[:2] == (400, 4)


def test_a_number_taken_by_hand_is_passed_over(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    for number in ("INV-000001", "INV-000002"):
        invoice.add_invoice(customer, invoice_number=number, ignore_auto_number_generation=True)

    assert invoice.add_invoice(customer)["invoice_number"] == "INV-000003"


def test_a_number_may_be_changed_to_a_free_one(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    one, two = invoice.add_invoice(customer), invoice.add_invoice(customer)
    path = f"/invoices/{two['invoice_id']}"

    assert invoice.refused("PUT", path, {"invoice_number": one["invoice_number"]})[:2] == (400, 90_002)
    assert invoice.put(path, {"invoice_number": "INV-000003"})["invoice"]["invoice_number"] == "INV-000003"
    assert invoice.add_invoice(customer)["invoice_number"] == "INV-000004"


@pytest.mark.parametrize(("module", "kind"), [("invoices", "invoice"), ("estimates", "estimate")])
def test_prefix_and_next_number_are_settings(invoice: Invoice, module: str, kind: str) -> None:
    customer = invoice.add_contact()["contact_id"]

    invoice.put(f"/settings/{module}", {"prefix_string": "X", "next_number": "0042"})

    made = getattr(invoice, f"add_{kind}")(customer)
    assert made[f"{kind}_number"] == "X0042"
    assert invoice.get(f"/settings/{module}")[f"{kind}_settings"]["next_number"] == "0043"


def test_with_automatic_numbers_off_a_number_is_mandatory(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    invoice.put("/settings/invoices", {"auto_generate": False})
    body = {"customer_id": customer, "line_items": [{"name": "x", "rate": 1}]}

    assert invoice.refused("POST", "/invoices", body)[:2] == (400, 90_012)
    assert invoice.post("/invoices", {**body, "invoice_number": "A-1"})["invoice"]["invoice_number"] == "A-1"
    assert invoice.refused("POST", "/invoices", {**body, "invoice_number": "A-1"})[:2] == (400, 90_002)


@pytest.mark.parametrize("number", ["x", "-1", "0", "99999999999999"])
def test_a_next_number_that_is_none_is_refused(invoice: Invoice, number: str) -> None:
    assert invoice.refused("PUT", "/settings/invoices", {"next_number": number})[:2] == (400, 2)


def test_documents_made_at_once_get_numbers_in_a_row(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    good = {"customer_id": customer, "line_items": [{"name": "x", "rate": 1}]}
    bad = {**good, "custom_fields": [{"label": "No"}]}
    statuses: list[int] = []

    def write() -> None:
        for body in (good, bad, good, good, bad):
            statuses.append(invoice.call("POST", "/invoices", body)[0])

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [201] * 24 + [400] * 16
    assert numbers(invoice) == [f"INV-{number:06d}" for number in range(1, 25)]


def test_changes_made_at_once_to_one_contact_all_last(invoice: Invoice) -> None:
    path = f"/contacts/{invoice.add_contact()['contact_id']}"
    keys = ("notes", "website", "company_name", "facebook", "twitter", "contact_number", "owner_id", "crm_owner_id")

    def write(key: str) -> None:
        for number in range(1, 6):
            invoice.put(path, {key: str(number)})

    threads = [threading.Thread(target=write, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    contact = invoice.get(path)["contact"]
    assert {key: contact[key] for key in keys} == dict.fromkeys(keys, "5")
