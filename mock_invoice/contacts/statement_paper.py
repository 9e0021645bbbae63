"""A statement of account as PDF."""

from typing import Any

from mock_invoice.access import current_organization
from mock_invoice.documents.fonts import Letters, letters_for
from mock_invoice.errors import NotAvailable
from simulator import clock
from simulator.wire import plain

GREY, WIDTHS = (238, 238, 238), (28, 42, 44, 25, 25, 26)
HEADINGS = ("Date", "Transaction", "Number", "Amount", "Payment", "Balance")


def pdf_of(shown: dict[str, Any]) -> bytes:
    """The statement on paper.

    Raises:
        NotAvailable: the extra that makes PDF is not installed.
    """
    try:
        from fpdf import FPDF  # takes seconds to import
    except ImportError:
        raise NotAvailable("PDF is not available: install the extra, pip install zoho-simulator[pdf].") from None
    pdf = FPDF()
    pdf.set_creation_date(clock.now())
    letters = letters_for(pdf, [shown, current_organization().name])
    pdf.add_page()
    pdf.set_font(letters.family, "B", 16)
    pdf.cell(0, 10, letters.printable(current_organization().name), new_x="LMARGIN", new_y="NEXT")
    pdf.set_font(letters.family, "", 12)
    pdf.cell(0, 8, letters.printable(f"Statement of Accounts: {shown['contact_name']}"), new_x="LMARGIN", new_y="NEXT")
    pdf.set_font(letters.family, "", 9)
    for line in _head(shown):
        pdf.cell(0, 5, letters.printable(line), new_x="LMARGIN", new_y="NEXT")
    pdf.ln(4)
    pdf.set_fill_color(*GREY)
    _row(pdf, letters, HEADINGS, fill=True)
    for row in shown["transactions"]:
        kind = row["transaction_type"].replace("_", " ").title()
        amounts = (plain(row[key]) for key in ("amount", "payment", "balance"))
        _row(pdf, letters, (row["date"], kind, row["transaction_number"], *amounts))
    return bytes(pdf.output())


def _head(shown: dict[str, Any]) -> list[str]:
    sums = (
        ("Opening Balance", "opening_balance"),
        ("Invoiced Amount", "invoiced_amount"),
        ("Amount Received", "amount_received"),
        ("Balance Due", "balance_due"),
    )
    days = f"{shown['start_date']} to {shown['end_date']}"
    return [days, *(f"{label}: {shown['currency_code']} {plain(shown[key])}" for label, key in sums)]


def _row(pdf: Any, letters: Letters, cells: tuple[str, ...], *, fill: bool = False) -> None:
    for place, (width, cell) in enumerate(zip(WIDTHS, cells, strict=True)):
        pdf.cell(width, 7, letters.printable(cell)[: width // 2], border=1, align="R" if place > 2 else "L", fill=fill)
    pdf.ln()
