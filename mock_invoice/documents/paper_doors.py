"""The doors of documents on paper: many at once as PDF or to print (invoice-api.md §5.1)."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Blueprint, Response, request

from mock_invoice.access import needs
from mock_invoice.documents.kinds import DocumentKind
from mock_invoice.documents.model import Document
from mock_invoice.documents.paper import page_of, pdf_of
from mock_invoice.openapi.parameters import many
from mock_invoice.openapi.words import PAGE_TO_PRINT, PDF
from mock_invoice.parsing import flag, id_list, wanted_format
from simulator.openapi import documented

MANY = 25

V = TypeVar("V", bound=Callable[..., Any])


def on_paper(view: V) -> V:
    """Marks a door that answers in these formats too (§1.5)."""
    cast(Any, view).formats = ("pdf", "html")
    return view


def paper_answer(kind: DocumentKind, document: Document) -> Response | None:
    """The document as the caller asks for it with `accept` or `print`; None where he wants JSON."""
    wanted = wanted_format()
    if wanted == "pdf":
        return as_pdf(kind, [document])
    return as_page(kind, [document]) if wanted == "html" or flag("print") else None


def as_pdf(kind: DocumentKind, documents: list[Document]) -> Response:
    answer = Response(pdf_of(kind, documents), mimetype="application/pdf")
    name = documents[0].number if len(documents) == 1 else kind.module
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.pdf")
    return answer


def as_page(kind: DocumentKind, documents: list[Document]) -> Response:
    return Response(page_of(kind, documents), mimetype="text/html")


def add(bp: Blueprint, kind: DocumentKind) -> None:
    path, name = f"/{kind.module}", f"{kind.entity}_ids"

    def wanted() -> list[Document]:
        return kind.find_many(id_list(request.args.get(name, ""), name, MANY))

    @bp.get(f"{path}/pdf")
    @documented(many(name, MANY), _200=PDF)
    @needs(f"{kind.module}.READ")
    def print_pdf() -> Response:
        return as_pdf(kind, wanted())

    @bp.get(f"{path}/print")
    @documented(many(name, MANY), _200=PAGE_TO_PRINT)
    @needs(f"{kind.module}.READ")
    def print_page() -> Response:
        return as_page(kind, wanted())
