"""The Invoice workspace: lists, documents and what can be done with an invoice."""

from decimal import Decimal

import pytest


def test_a_list_is_narrowed_by_status(ada):
    page = ada.get("/invoice/invoices?status=overdue").text

    assert "INV-000002" in page
    assert "INV-000001" not in page


def test_a_list_is_searched(ada):
    page = ada.get("/invoice/invoices?q=inv-000003").text

    assert "INV-000003" in page
    assert "INV-000002" not in page


def test_an_invoice_names_the_potential_it_is_linked_to(ada):
    page = ada.get("/invoice/invoices/901").text

    assert 'href="/crm/potentials/401"' in page
    assert "Roof renewal" in page


@pytest.mark.parametrize(
    ("invoice", "offered", "missing"),
    [
        ("901", ["Mark as sent", "Record payment", "Void"], ["Convert to draft"]),
        ("902", ["Record payment", "Void"], ["Mark as sent"]),
        ("904", ["Convert to draft"], ["Mark as sent", "Record payment"]),
    ],
    ids=["draft", "overdue", "void"],
)
def test_an_invoice_offers_what_its_status_allows(ada, invoice, offered, missing):
    page = ada.get(f"/invoice/invoices/{invoice}").text

    assert all(f">{label}</button>" in page for label in offered)
    assert not any(f">{label}</button>" in page for label in missing)


def test_marking_as_sent_shows_what_invoice_said(ada, services):
    page = ada.follow("/invoice/invoices/901/status/sent").text

    assert services.invoice.sent("POST", "/invoice/v3/invoices/901/status/sent")
    assert "Invoice status has been changed to Sent." in page


def test_what_invoice_refuses_stands_on_the_page_one_comes_back_to(ada):
    page = ada.follow("/invoice/invoices/904/status/sent").text

    assert "A void invoice cannot be marked as sent." in page


def test_a_payment_is_sent_exactly(ada, services):
    ada.follow("/invoice/invoices/902/payments", amount="0.10", mode="cash", date="2026-11-22")

    assert services.invoice.sent("POST", "/invoice/v3/customerpayments") == [
        {
            "customer_id": "801",
            "payment_mode": "cash",
            "amount": Decimal("0.1"),
            "date": "2026-11-22",
            "invoices": [{"invoice_id": "902", "amount_applied": Decimal("0.1")}],
        }
    ]


@pytest.mark.parametrize(
    ("amount", "said"),
    [("ten", "Write the amount as a number"), ("1e3x", "Write the amount"), ("99999", "more than the balance")],
)
def test_a_payment_that_cannot_be_is_told_on_the_invoice(ada, amount, said):
    answer = ada.post("/invoice/invoices/902/payments", amount=amount)

    assert answer.status_code == 422
    assert said in answer.text


@pytest.mark.requirement("K1")
def test_zoho_apps_lists_zoho_crm_with_connect(ada):
    page = ada.get("/invoice/settings/integrations/zoho-apps").text

    assert "Zoho CRM" in page
    assert 'href="/integration/connect"' in page
    assert ">Connect<" in page
