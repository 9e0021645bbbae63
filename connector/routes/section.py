"""The Zoho Invoice section of a CRM record, called with the CRM user's token (requirements T1 to T4, P3, P4)."""

from secrets import token_hex
from typing import Any

from flask import Response, request
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from connector import sections
from connector.documents import ANY_KIND, KINDS
from connector.routes.access import app, caller, caller_token
from connector.routes.runs import answer
from connector.sections import Section

bp = Blueprint("section", __name__, url_prefix="/section", description="Zoho Invoice inside records of Zoho CRM")

RECORD = "/<any(accounts, contacts, potentials):module>/<record_id>"
OF_KIND = f"{RECORD}/<{ANY_KIND}:kind>"
DOCUMENT = f"{OF_KIND}/<document_id>"
#: A form may send the same ticket with each try, so that its document is made once.
TICKET_HEADER = "Idempotency-Key"
TICKET = {
    "in": "header",
    "name": TICKET_HEADER,
    "description": "The same for every try of one and the same document.",
    "schema": {"type": "string"},
}


class LineSchema(Schema):
    line_item_id = fields.String()
    item_id = fields.String()
    name = fields.String()
    description = fields.String()
    rate = fields.Raw(metadata={"type": "number"})
    quantity = fields.Raw(metadata={"type": "number"})
    unit = fields.String()
    discount = fields.Raw(metadata={"description": "an amount, or a percentage such as 10%"})
    tax_id = fields.String()
    item_order = fields.Integer()


class DocumentSchema(Schema):
    """What may be said of a document; Invoice checks the values. Customer and potential follow from the record."""

    line_items = fields.List(fields.Nested(LineSchema))
    date = fields.String()
    expiry_date = fields.String()
    shipment_date = fields.String()
    due_date = fields.String()
    payment_terms = fields.Integer()
    payment_terms_label = fields.String()
    reference_number = fields.String()
    notes = fields.String()
    terms = fields.String()
    contact_persons = fields.List(fields.String())
    currency_id = fields.String()
    exchange_rate = fields.Raw(metadata={"type": "number"})
    discount = fields.Raw(metadata={"description": "an amount, or a percentage such as 10%"})
    discount_type = fields.String()
    is_discount_before_tax = fields.Boolean()
    is_inclusive_tax = fields.Boolean()
    shipping_charge = fields.Raw(metadata={"type": "number"})
    adjustment = fields.Raw(metadata={"type": "number"})
    adjustment_description = fields.String()
    salesperson_name = fields.String()
    delivery_method = fields.String()
    template_id = fields.String()
    reason = fields.String()


class DocumentMailSchema(Schema):
    to_mail_ids = fields.List(fields.String())
    cc_mail_ids = fields.List(fields.String())
    subject = fields.String()
    body = fields.String()


class NewDocumentSchema(DocumentSchema):
    send = fields.Boolean(load_default=False)
    mail = fields.Nested(DocumentMailSchema, load_default=dict)


class PageSchema(Schema):
    page = fields.Integer(load_default=1, validate=validate.Range(1, 1_000_000))
    per_page = fields.Integer(load_default=50, validate=validate.Range(1, 200))


class RowSchema(Schema):
    document_id = fields.String()
    number = fields.String()
    date = fields.String()
    expiry_date = fields.String()
    shipment_date = fields.String()
    due_date = fields.String()
    status = fields.String()
    total = fields.Decimal()
    balance = fields.Decimal(allow_none=True)
    currency_code = fields.String()
    reference_number = fields.String()
    potential_id = fields.String(allow_none=True)
    potential_name = fields.String(allow_none=True)


class RowsSchema(Schema):
    rows = fields.List(fields.Nested(RowSchema))
    page_context = fields.Dict()


class SectionSchema(Schema):
    record = fields.Dict()
    customer_id = fields.String(allow_none=True)
    problem = fields.String(allow_none=True)
    permissions = fields.Dict()
    estimates = fields.Nested(RowsSchema, allow_none=True)
    salesorders = fields.Nested(RowsSchema, allow_none=True)
    invoices = fields.Nested(RowsSchema, allow_none=True)


class SummarySchema(Schema):
    customer_id = fields.String(allow_none=True)
    problem = fields.String(allow_none=True)
    date = fields.String()
    currency_code = fields.String()
    receivables = fields.Dict(allow_none=True)
    payables = fields.Dict(allow_none=True)


class OneDocumentSchema(Schema):
    """The document as Invoice's API shows it, under the name of its kind."""

    estimate = fields.Dict()
    salesorder = fields.Dict()
    invoice = fields.Dict()


class NewAnswerSchema(OneDocumentSchema):
    is_sent = fields.Boolean()
    problem = fields.String(allow_none=True)


def opened(module: str, record_id: str) -> Section:
    return sections.open_section(module, record_id, caller()["id"], caller_token())


@bp.get(RECORD)
@bp.response(200, SectionSchema)
def show_section(module: str, record_id: str) -> Any:
    """The section: the newest documents of each kind, and what the caller may do."""
    return answer(sections.overview(opened(module, record_id)))


@bp.get(f"{RECORD}/summary")
@bp.response(200, SummarySchema)
def show_summary(module: str, record_id: str) -> Any:
    """Receivables and payables of the record's customer."""
    return answer(sections.summary(opened(module, record_id)))


@bp.get(OF_KIND)
@bp.arguments(PageSchema, location="query")
@bp.response(200, RowsSchema)
def list_documents(wanted: dict[str, Any], module: str, record_id: str, kind: str) -> Any:
    """The record's documents of one kind, page by page."""
    return answer(sections.listed(opened(module, record_id), KINDS[kind], wanted["page"], wanted["per_page"]))


@bp.post(OF_KIND)
@bp.arguments(NewDocumentSchema)
@bp.response(201, NewAnswerSchema)
@bp.doc(parameters=[TICKET])
def create_document(body: dict[str, Any], module: str, record_id: str, kind: str) -> Any:
    """New estimate, sales order or invoice. With `send` it is mailed at once."""
    ticket = request.headers.get(TICKET_HEADER, "")
    ticket = f"{caller()['id']}/{ticket}" if ticket else token_hex(16)
    section, send, mail = opened(module, record_id), body.pop("send"), body.pop("mail")
    return answer(sections.create(app(), section, KINDS[kind], body, send, mail, ticket), 201)


@bp.get(DOCUMENT)
@bp.response(200, OneDocumentSchema)
def show_document(module: str, record_id: str, kind: str, document_id: str) -> Any:
    """One document, whole."""
    found = sections.document(opened(module, record_id), KINDS[kind], document_id, "View")
    return answer({KINDS[kind].entity: found})


@bp.put(DOCUMENT)
@bp.arguments(DocumentSchema)
@bp.response(200, OneDocumentSchema)
def edit_document(body: dict[str, Any], module: str, record_id: str, kind: str, document_id: str) -> Any:
    """Changes what the body names."""
    return answer(sections.edit(opened(module, record_id), KINDS[kind], document_id, body))


@bp.get(f"{DOCUMENT}/pdf")
@bp.response(200, content_type="application/pdf")
def show_paper(module: str, record_id: str, kind: str, document_id: str) -> Any:
    """The document as PDF."""
    number, content = sections.paper(opened(module, record_id), KINDS[kind], document_id)
    response = Response(content, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "attachment", filename=f"{number}.pdf")
    return response


class MailContentSchema(Schema):
    mail = fields.Dict()


@bp.get(f"{DOCUMENT}/email")
@bp.response(200, MailContentSchema)
def show_mail(module: str, record_id: str, kind: str, document_id: str) -> Any:
    """What the form for mailing the document starts from."""
    return answer({"mail": sections.mail_content(opened(module, record_id), KINDS[kind], document_id)})


@bp.post(f"{DOCUMENT}/email")
@bp.arguments(DocumentMailSchema)
@bp.response(200, OneDocumentSchema)
def send_document(mail: dict[str, Any], module: str, record_id: str, kind: str, document_id: str) -> Any:
    """Mails the document to the customer."""
    return answer(sections.send(opened(module, record_id), KINDS[kind], document_id, mail))
