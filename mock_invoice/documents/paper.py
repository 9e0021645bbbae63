"""Documents on paper: as PDF, and as a page to print (invoice-api.md §1.5)."""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from flask import render_template

from mock_invoice.access import current_organization
from mock_invoice.documents.fonts import Letters, letters_for
from mock_invoice.documents.kinds import DocumentKind
from mock_invoice.documents.model import Document
from mock_invoice.errors import NotAvailable
from simulator.wire import plain

GREY, WIDTHS = (238, 238, 238), (86, 24, 26, 26, 28)
#: Sums below the lines: their words and keys; those that are nothing are left out.
SUMS = (
    ("Sub Total", "sub_total"), ("Discount", "discount_total"), ("Shipping charge", "shipping_charge"),
    ("Adjustment", "adjustment"),
)  # fmt: skip


def has_pdf() -> bool:
    """Whether the extra that makes PDF is installed."""
    return find_spec("fpdf") is not None


def facts_of(kind: DocumentKind, document: Document) -> dict[str, Any]:
    """What stands on the paper, for both of its forms."""
    detail = kind.detail(document)
    symbol = detail["currency_symbol"]

    def money(value: Any) -> str:
        return f"{symbol}{plain(value)}"

    sums = [(label, money(detail[key])) for label, key in SUMS if detail[key]]
    sums += [(tax["tax_name"], money(tax["tax_amount"])) for tax in detail["taxes"]]
    sums.append(("Total", money(detail["total"])))
    if "balance" in detail:
        sums.append(("Balance", money(detail["balance"])))
    address = detail["billing_address"]
    dates = (("Date", "date"), ("Due Date", "due_date"), ("Expiry Date", "expiry_date"), ("Shipment", "shipment_date"))
    return {
        "label": kind.label,
        "number": document.number,
        "company": current_organization().name,
        "customer": detail["customer_name"],
        "address": [address[key] for key in ("address", "street2", "city", "state", "zip", "country") if address[key]],
        "facts": [(label, detail[key]) for label, key in dates if detail.get(key)]
        + ([("Reference", detail["reference_number"])] if detail["reference_number"] else []),
        "lines": [
            (
                line["name"] or line["description"], plain(line["quantity"]), money(line["rate"]),
                money(line["discount_amount"]), money(line["item_total"]),
            )
            for line in detail["line_items"]
        ],
        "sums": sums,
        "notes": detail["notes"],
        "terms": detail["terms"],
    }  # fmt: skip


def page_of(kind: DocumentKind, documents: Sequence[Document]) -> str:
    """One HTML page with the documents one below the other."""
    return render_template("invoice_print.html", papers=[facts_of(kind, one) for one in documents])


def pdf_of(kind: DocumentKind, documents: Sequence[Document]) -> bytes:
    """One PDF with the documents one after the other.

    Raises:
        NotAvailable: the extra that makes PDF is not installed.
    """
    try:
        from fpdf import FPDF  # takes seconds to import
    except ImportError:
        raise NotAvailable("PDF is not available: install the extra, pip install zoho-simulator[pdf].") from None
    papers = [facts_of(kind, document) for document in documents]
    pdf = FPDF()
    pdf.set_creation_date(documents[0].created_time)
    letters = letters_for(pdf, papers)
    for paper in papers:
        _draw(pdf, paper, letters)
    return bytes(pdf.output())


def _draw(pdf: Any, paper: dict[str, Any], letters: Letters) -> None:
    pdf.add_page()
    pdf.set_font(letters.family, "B", 16)
    pdf.cell(0, 10, letters.printable(paper["company"]), new_x="LMARGIN", new_y="NEXT")
    pdf.set_font(letters.family, "", 12)
    pdf.cell(0, 8, letters.printable(f"{paper['label']} {paper['number']}"), new_x="LMARGIN", new_y="NEXT")
    pdf.set_font(letters.family, "", 9)
    for line in (paper["customer"], *paper["address"], *(f"{label}: {value}" for label, value in paper["facts"])):
        pdf.cell(0, 5, letters.printable(line), new_x="LMARGIN", new_y="NEXT")
    pdf.ln(4)
    pdf.set_fill_color(*GREY)
    _row(pdf, letters, ("Item", "Quantity", "Rate", "Discount", "Amount"), fill=True)
    for cells in paper["lines"]:
        _row(pdf, letters, cells)
    pdf.ln(2)
    for label, value in paper["sums"]:
        pdf.cell(sum(WIDTHS[:-1]), 6, letters.printable(label), align="R")
        pdf.cell(WIDTHS[-1], 6, letters.printable(value), align="R", new_x="LMARGIN", new_y="NEXT")
    for text in (paper["notes"], paper["terms"]):
        if text:
            pdf.ln(3)
            pdf.multi_cell(0, 5, letters.printable(text), new_x="LMARGIN", new_y="NEXT")


def _row(pdf: Any, letters: Letters, cells: Sequence[str], *, fill: bool = False) -> None:
    for place, (width, cell) in enumerate(zip(WIDTHS, cells, strict=True)):
        pdf.cell(width, 7, letters.printable(cell)[: width // 2], border=1, align="R" if place else "L", fill=fill)
    pdf.ln()
