"""Letters that the PDF's own fonts do not have."""

import pytest

from mock_invoice.documents import fonts
from mock_invoice.documents.fonts import letters_for

fpdf = pytest.importorskip("fpdf")
HAS_FONTS = bool(fonts._fonts_of_machine())


def test_latin_is_written_in_the_pdfs_own_font():
    letters = letters_for(fpdf.FPDF(), ["Müller & Söhne, 10 €"])

    assert (letters.family, letters.printable("Söhne 10 €")) == (fonts.OWN, "Söhne 10 EUR ")


@pytest.mark.skipif(not HAS_FONTS, reason="no font with more letters on this machine")
def test_other_letters_come_from_a_font_of_the_machine(invoice):
    customer = invoice.add_contact("Ελλάδα Пример")["contact_id"]
    bill = invoice.add_invoice(customer)["invoice_id"]
    headers = {"Authorization": f"Zoho-oauthtoken {invoice.token}"}

    paper = invoice.raw("GET", f"/invoice/v3/invoices/{bill}?accept=pdf", headers=headers)
    statement = invoice.raw("GET", f"/invoice/v3/contacts/{customer}/statements?accept=pdf", headers=headers)

    assert (paper.status_code, paper.data[:4], b"/FontFile2" in paper.data) == (200, b"%PDF", True)
    assert (statement.status_code, b"/FontFile2" in statement.data) == (200, True)
    assert letters_for(fpdf.FPDF(), ["Пример 10 €"]).printable("Пример 10 €") == "Пример 10 €"


def test_without_such_a_font_they_stand_as_question_marks(monkeypatch):
    monkeypatch.setattr(fonts, "_fonts_of_machine", tuple)

    assert letters_for(fpdf.FPDF(), ["Пример"]).printable("Пример x") == "?????? x"


@pytest.mark.skipif(not HAS_FONTS, reason="no font with more letters on this machine")
def test_a_letter_that_no_font_has_stands_as_one():
    assert letters_for(fpdf.FPDF(), ["Пример"]).printable("П\U0010fffd") == "П?"
