"""Documents on paper: the PDF of the API, and a page to print."""

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from web.errors import NotAllowed, NotFound, Refused
from web.invoice.api import download, each_kind, get, organization
from web.invoice.kinds import KINDS


@each_kind("/<key:document_id>/pdf")
def document_pdf(kind: str, document_id: str) -> Response | ResponseReturnValue:
    try:
        return download(f"/{kind}/{document_id}", accept="pdf")
    except (NotAllowed, NotFound):
        raise
    except Refused as error:
        flash(error.message, "bad")
        return redirect(url_for(KINDS[kind].record_endpoint, record_id=document_id), 303)


@each_kind("/<key:document_id>/print")
def document_print(kind: str, document_id: str) -> ResponseReturnValue:
    made = KINDS[kind]
    document = get(f"/{kind}/{document_id}")[made.entity]
    return render_template(
        "invoice/print.html",
        kind=made,
        document=document,
        number=made.number_of(document),
        currency=document.get("currency_code"),
        company=organization(),
    )
