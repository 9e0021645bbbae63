"""Rows of the doors that all kinds of documents have, one set for each kind (invoice-api.md §5, §6, §7.1, §7.3)."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.invoice.endpoints.furniture import PICTURE
from tests.invoice.endpoints.rows import (
    ANY_STATUS,
    BAD_PAGE,
    IN_USE,
    INVALID,
    MISSING,
    NO_ID,
    NO_INPUT,
    NO_OBJECT,
    NOT_AVAILABLE,
    NOTHING_MANDATORY,
    STATUS_REFUSED,
    UNKNOWN_ID,
    Case,
    Own,
    Row,
    about,
    absent,
    bad,
    bad_parameter,
    but,
    gives,
    gone,
    in_status,
    looks,
    makes,
    nothing,
    nowhere,
    refusal,
    says,
    without,
    without_parameter,
)
from tests.support.answers import Answer, Fits, Has


@dataclass(frozen=True)
class Kind:
    """What the vendor calls a kind of document, and what its statuses refuse.

    Attributes:
        unedited: messages of statuses in which no line can be changed.
        kept: statuses in which it cannot be deleted, and the message.
        closed: the status in which nothing of it can be changed.
    """

    key: str
    thing: str
    label: str
    report: str
    said: tuple[str, str, str]
    mailed: str
    statuses: tuple[str, ...]
    unedited: tuple[tuple[str, str], ...]
    kept: tuple[tuple[str, ...], str]
    closed: str
    fresh: str = "draft"
    opened: str = "sent"
    unmailed: tuple[Case, ...] = ()

    @property
    def draft(self) -> str:
        return f"draft_{self.key}"

    @property
    def one(self) -> str:
        return f"/{self.key}s/$draft_{self.key}"

    @property
    def path(self) -> str:
        return f"/{self.key}s"


ESTIMATES = Kind(
    "estimate", "Quote", "Quote", "Quotes",
    ("The quote has been created.", "Quote information has been updated.", "The quote has been deleted."),
    "Your estimate has been sent.",
    ("draft", "sent", "accepted", "declined", "expired", "invoiced"),
    unedited=(("invoiced", "An invoiced quote cannot be edited."),),
    kept=(("invoiced",), "The quote cannot be deleted, as it was converted."),
    closed="invoiced",
)  # fmt: skip
INVOICES = Kind(
    "invoice", "Invoice", "Invoice", "Invoices",
    ("The invoice has been created.", "Invoice information has been updated.", "The invoice has been deleted."),
    "Your invoice has been sent.",
    ("draft", "sent", "overdue", "partially_paid", "paid", "void"),
    unedited=(
        ("void", "A void invoice cannot be edited."),
        ("paid", "line_items cannot be changed, as the invoice is paid."),
    ),
    kept=(
        ("partially_paid", "paid", "credited"),
        "The invoice cannot be deleted, as payments or credits are applied to it. Delete those first.",
    ),
    closed="void",
    unmailed=in_status("The status of this invoice cannot be changed to sent, as it is {}.", "draft_invoice", "void"),
)  # fmt: skip
ORDERS = Kind(
    "salesorder", "Sales order", "Sales Order", "Sales Orders",
    ("Sales Order Created Successfully.", "Sales Order Updated Successfully.", "Sales Order Deleted Successfully."),
    "Your sales order has been sent.",
    ("draft", "open", "overdue", "partially_invoiced", "invoiced", "void"),
    unedited=(
        ("void", "A void sales order cannot be edited."),
        ("invoiced", "line_items cannot be changed, as the sales order is invoiced."),
    ),
    kept=(
        ("partially_invoiced", "invoiced"), "The sales order cannot be deleted, as an invoice was made from it.",
    ),
    closed="void",
    opened="open",
)  # fmt: skip
CREDIT_NOTES = Kind(
    "creditnote", "Credit note", "Credit Note", "Credit Notes",
    ("Credit note has been created.", "Credit note information has been updated.", "The credit note has been deleted."),
    "Your credit note has been sent.",
    ("draft", "open", "closed", "void"),
    unedited=(
        ("void", "A void credit note cannot be edited."),
        ("closed", "line_items cannot be changed, as the credit note is closed."),
    ),
    kept=(
        ("closed", "applied"),
        "The credit note cannot be deleted, as it was applied or refunded. Take that back first.",
    ),
    closed="void",
    fresh="open",
    opened="open",
)  # fmt: skip
KINDS = (ESTIMATES, ORDERS, INVOICES, CREDIT_NOTES)


def rows_of(kind: Kind) -> Iterator[Row]:
    yield from _own(kind)
    yield from _on_paper(kind)
    yield from _mailed(kind)
    yield from _files(kind)
    yield from _details(kind)
    yield from _comments(kind)


def _own(kind: Kind) -> Iterator[Row]:
    path, key = kind.path, kind.key
    lines = [{"item_id": "$item", "quantity": 2}]
    yield Row(
        f"GET {path}",
        f"{path}?filter_by=Status.Void&sort_column=date" if kind is not ESTIMATES else f"{path}?status=accepted",
        works=gives(
            {
                f"{key}s.*.{key}_id": [f"$void_{key}" if kind is not ESTIMATES else "$accepted_estimate"],
                f"{key}s.0.customer_name": "Acme",
                f"{key}s.0.total": 100,
                "page_context.report_name": kind.report,
                "page_context.has_more_page": False,
            }
        ),
        missing=NOTHING_MANDATORY,
        wrong=(BAD_PAGE, bad_parameter("filter_by", "Status.Nice"), bad_parameter("sort_column")),
        unknown=NO_ID,
        elsewhere=Own(200, {f"{key}s": [], "page_context.page": 1}),
    )
    inactive = refusal(404, UNKNOWN_ID, "The Customer is not accessible")
    idle = refusal(404, UNKNOWN_ID, "The Item is not accessible")
    right = {"customer_id": "$contact", "line_items": lines, "reference_number": "R-1"}
    yield Row(
        f"POST {path}",
        path,
        body=right,
        works=makes(
            kind.said[0],
            {
                f"{key}.total": 200,
                f"{key}.status": kind.fresh,
                f"{key}.customer_name": "Acme",
                f"{key}.{key}_id": "$made",
            },
        ),
        then=looks(f"{path}/$made", {f"{key}.reference_number": "R-1", f"{key}.line_items.0.rate": 100}),
        missing=(without("customer_id"), without("line_items")),
        wrong=(
            bad("date", "soon"),
            bad("customer_id"),
            bad("line_items"),
            bad("line_items.0.quantity", "many"),
            NO_OBJECT,
        ),
        unknown=(nowhere("customer_id", "Customer"), nowhere("line_items.0.item_id", "Item")),
        status=(
            but(inactive, body={**right, "customer_id": "$inactive_contact"}),
            but(idle, body={**right, "line_items": [{"item_id": "$inactive_item"}]}),
        ),
    )
    unedited = tuple(
        about(f"${kind.draft}", f"${one}_{key}", refusal(400, STATUS_REFUSED, words)) for one, words in kind.unedited
    )
    code = {"X-Unique-Identifier-Key": "cf_code", "X-Unique-Identifier-Value": "C-1"}
    yield Row(
        f"PUT {path}",
        path,
        body={"line_items": lines},
        headers=code,
        works=says(kind.said[1], {f"{key}.{key}_id": f"${kind.draft}", f"{key}.total": 200}),
        then=looks(kind.one, {f"{key}.total": 200, f"{key}.custom_field_hash.cf_code": "C-1"}),
        missing=but(refusal(400, INVALID, "Invalid value passed for X-Unique-Identifier-Key"), headers={}),
        wrong=(bad("line_items"), bad("date", "soon")),
        unknown=but(
            refusal(404, UNKNOWN_ID, f"{kind.thing} does not exist."),
            headers={**code, "X-Unique-Identifier-Value": "C-0"},
        ),
        status=but(
            refusal(400, STATUS_REFUSED, kind.unedited[0][1]), headers={**code, "X-Unique-Identifier-Value": "C-2"}
        ),
        elsewhere=refusal(400, INVALID, "Invalid value passed for X-Unique-Identifier-Key"),
    )
    yield Row(
        f"GET {path}/{{{kind.key}_id}}",
        kind.one,
        works=gives(
            {f"{key}.{key}_id": f"${kind.draft}", f"{key}.status": "draft", f"{key}.line_items.0.name": "Desk"}
        ),
        missing=NOTHING_MANDATORY,
        wrong=(
            bad_parameter("print", "maybe"),
            about(kind.one, f"{kind.one}?accept=xls", refusal(406, 90_406, "This format is not available here.")),
        ),
        unknown=absent(kind.thing),
        status=ANY_STATUS,
    )
    yield Row(
        f"PUT {path}/{{{kind.key}_id}}",
        kind.one,
        body={"line_items": lines, "notes": "Thanks"},
        works=says(kind.said[1], {f"{key}.total": 200, f"{key}.notes": "Thanks"}),
        then=looks(kind.one, {f"{key}.total": 200, f"{key}.notes": "Thanks", f"{key}.status": "draft"}),
        missing=but(refusal(400, MISSING, "Invalid value passed for line_items"), body={"line_items": []}),
        wrong=(bad("line_items"), bad("line_items.0.rate", "much"), bad("customer_id"), NO_OBJECT),
        unknown=(*absent(kind.thing), nowhere("customer_id", "Customer"), nowhere("line_items.0.item_id", "Item")),
        status=unedited,
    )
    kept, words = kind.kept
    yield Row(
        f"DELETE {path}/{{{kind.key}_id}}",
        kind.one,
        works=says(kind.said[2]),
        then=gone(kind.one, kind.thing),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=absent(kind.thing),
        status=in_status(words, kind.draft, *kept, code=IN_USE),
    )


def _on_paper(kind: Kind) -> Iterator[Row]:
    ids = f"{kind.key}_ids"
    both = f"{ids}=${kind.draft},${kind.statuses[1]}_{kind.key}"
    for form, looks_right in (("pdf", Fits(_is_pdf)), ("print", Fits(_is_page))):
        yield Row(
            f"GET {kind.path}/{form}",
            f"{kind.path}/{form}?{both}",
            works=Answer(200, {"": looks_right}),
            missing=without_parameter(ids),
            wrong=bad_parameter(ids),
            unknown=nothing(ids, kind.thing),
            status=ANY_STATUS,
        )


def _is_pdf(body: bytes) -> bool:
    return body.startswith(b"%PDF-")


def _is_page(body: bytes) -> bool:
    return b"<html" in body and body.count(b"Acme") >= 2


def _mailed(kind: Kind) -> Iterator[Row]:
    path, one, key = kind.path, kind.one, kind.key
    first = {"is_first_email": True} if kind is INVOICES else {}
    yield Row(
        f"GET {path}/{{{kind.key}_id}}/email",
        f"{one}/email",
        works=gives(
            {"data.customer_name": "Acme", "data.to_contacts.*.email": Has("jo@acme.example"), "data.error_list": []}
        ),
        missing=NOTHING_MANDATORY,
        wrong=bad_parameter("email_template_id"),
        unknown=absent(kind.thing),
        status=ANY_STATUS,
    )
    yield Row(
        f"POST {path}/{{{kind.key}_id}}/email",
        f"{one}/email?send_attachment=false",
        body={"to_mail_ids": ["ann@acme.example"], "subject": "For you"},
        works=says(kind.mailed, first),
        then=(
            looks(
                "/settings/sentmails",
                {"sent_mails.0.subject": "For you", "sent_mails.0.to_mail_ids": ["ann@acme.example"]},
            ),
            looks(one, {f"{key}.status": kind.opened, f"{key}.is_emailed": True}),
        ),
        missing=NOTHING_MANDATORY,
        wrong=(bad("to_mail_ids"), bad("to_mail_ids", ["nowhere"]), bad("subject", []), NO_OBJECT),
        unknown=absent(kind.thing),
        status=kind.unmailed or ANY_STATUS,
    )
    ids = f"{key}_ids"
    yield Row(
        f"POST {path}/email",
        f"{path}/email?{ids}=${kind.draft},${kind.statuses[1]}_{key}&send_attachment=false",
        works=says(f"Mission accomplished! We've sent all the {key}s."),
        then=(
            looks(one, {f"{key}.status": kind.opened}),
            looks("/settings/sentmails", {"sent_mails.0.entity": key, "sent_mails.1.entity": key}),
        ),
        missing=without_parameter(ids),
        wrong=bad_parameter(ids),
        unknown=nothing(ids, kind.thing),
        status=kind.unmailed or ANY_STATUS,
    )

    yield Row(
        f"GET {path}/{{{kind.key}_id}}/emailhistory",
        f"{path}/$mailed_{key}/emailhistory",
        works=gives({"email_history.*.mailhistory_id": [f"$mail_of_{key}"]}),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=absent(kind.thing),
        status=ANY_STATUS,
    )


def _files(kind: Kind) -> Iterator[Row]:
    at, key = f"{kind.one}/attachment", kind.key
    operation = f"{kind.path}/{{{kind.key}_id}}/attachment"
    yield Row(
        f"GET {operation}",
        at,
        works=Answer(200, {"": PICTURE}),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=(*absent(kind.thing), _fileless(kind)),
        status=ANY_STATUS,
    )
    yield Row(
        f"POST {operation}",
        at,
        file=("attachment", PICTURE),
        works=says("Your file has been attached.", {"documents.*.file_name": ["terms.png"]}),
        then=looks(kind.one, {f"{key}.documents.*.file_name": ["terms.png", "terms.png"]}),
        missing=but(refusal(400, MISSING, "Invalid value passed for attachment"), file=None),
        wrong=bad_parameter("can_send_in_mail", "maybe"),
        unknown=absent(kind.thing),
        status=ANY_STATUS,
    )
    yield Row(
        f"PUT {operation}",
        f"{at}?can_send_in_mail=false",
        works=says(f"{kind.label} information has been updated."),
        then=looks(kind.one, {f"{key}.documents.0.can_send_in_mail": False}),
        missing=NOTHING_MANDATORY,
        wrong=bad_parameter("can_send_in_mail", "maybe"),
        unknown=(*absent(kind.thing), _fileless(kind)),
        status=ANY_STATUS,
    )
    yield Row(
        f"DELETE {operation}",
        at,
        works=says(f"Your file is no longer attached to the {key}."),
        then=(gone(at, "Attachment"), looks(kind.one, {f"{key}.documents": []})),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=(*absent(kind.thing), _fileless(kind)),
        status=ANY_STATUS,
    )
    file = f"{kind.one}/documents/$file_of_{kind.draft}"
    yield Row(
        f"GET {kind.path}/{{{kind.key}_id}}/documents/{{file_id}}",
        file,
        works=Answer(200, {"": PICTURE}),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=absent(kind.thing, "Attachment"),
        status=ANY_STATUS,
    )
    yield Row(
        f"DELETE {kind.path}/{{{kind.key}_id}}/documents/{{file_id}}",
        file,
        works=says("The document has been deleted."),
        then=gone(file, "Attachment"),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=absent(kind.thing, "Attachment"),
        status=ANY_STATUS,
    )


def _fileless(kind: Kind) -> Case:
    """A document without files."""
    answer = refusal(404, UNKNOWN_ID, "Attachment does not exist.")
    return about(f"${kind.draft}", f"${kind.opened}_{kind.key}", answer)


def _details(kind: Kind) -> Iterator[Row]:
    key = kind.key
    closed = in_status(f"This {kind.label.lower()} cannot be edited, as it is {{}}.", kind.draft, kind.closed)
    yield Row(
        f"PUT /{key}/{{{kind.key}_id}}/customfields",
        f"/{key}/$draft_{key}/customfields",
        body=[{"customfield_id": f"$code_of_{key}", "value": "C-9"}],
        works=says("Custom Fields Updated Successfully"),
        then=looks(kind.one, {f"{key}.custom_field_hash.cf_code": "C-9"}),
        missing=but(refusal(400, INVALID, "Invalid value passed for JSONString"), body=None),
        wrong=(bad("0.customfield_id"), bad("0.value", {}, "Code")),
        unknown=(
            *absent(kind.thing),
            but(refusal(400, INVALID, "Invalid value passed for custom_fields"), body=[{"label": "No", "value": "1"}]),
        ),
        status=closed,
    )
    for which in ("billing", "shipping"):
        yield Row(
            f"PUT {kind.path}/{{{kind.key}_id}}/address/{{which}}",
            f"{kind.one}/address/{which}",
            body={"city": "Ghent"},
            works=says(f"{which.title()} address updated", {f"{which}_address.city": "Ghent"}),
            then=looks(kind.one, {f"{key}.{which}_address.city": "Ghent"}),
            missing=NOTHING_MANDATORY,
            wrong=(bad("city", []), NO_OBJECT),
            unknown=absent(kind.thing),
            status=closed,
        )
    yield Row(
        f"GET {kind.path}/templates",
        f"{kind.path}/templates",
        works=gives({"templates.*.template_id": Has("$spreadsheet"), "templates.1.template_type": "spreadsheet"}),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=NO_ID,
        elsewhere=Own(200, {"templates.*.template_id": Has("$spreadsheet")}),
    )
    yield Row(
        f"PUT {kind.path}/{{{kind.key}_id}}/templates/{{template_id}}",
        f"{kind.one}/templates/$spreadsheet",
        works=says(f"{kind.label} information has been updated."),
        then=looks(kind.one, {f"{key}.template_id": "$spreadsheet"}),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=absent(kind.thing, "Template"),
        status=closed,
    )
    for action, done in (("submit", "submitted"), ("approve", "approved")):
        words = f"This {kind.label.lower()} cannot be {done}, as approvals are not enabled."
        yield Row(
            f"POST {kind.path}/{{{kind.key}_id}}/{{action}}",
            f"{kind.one}/{action}",
            works=refusal(400, NOT_AVAILABLE, words),
            missing=NO_INPUT,
            wrong=NO_INPUT,
            unknown=absent(kind.thing),
            status=ANY_STATUS,
        )


def _comments(kind: Kind) -> Iterator[Row]:
    at, key = f"{kind.one}/comments", kind.key
    operation = f"{kind.path}/{{{kind.key}_id}}/comments"
    own = f"$comment_of_{kind.draft}"
    yield Row(
        f"GET {operation}",
        at,
        works=gives({"comments.*.comment_id": Has(own), f"comments.0.{key}_id": f"${kind.draft}"}),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=absent(kind.thing),
        status=ANY_STATUS,
    )
    yield Row(
        f"POST {operation}",
        at,
        body={"description": "Paid in cash"},
        works=makes("Comments added.", {"comment.description": "Paid in cash", "comment.commented_by": "Asha Rao"}),
        then=looks(at, {"comments.*.comment_id": Has("$made")}),
        missing=without("description"),
        wrong=(bad("description", []), NO_OBJECT),
        unknown=absent(kind.thing),
        status=ANY_STATUS,
    )
    yield Row(
        f"PUT {operation}/{{comment_id}}",
        f"{at}/{own}",
        body={"description": "Write to him"},
        works=says("Comment has been updated.", {"comment.description": "Write to him"}),
        then=looks(at, {"comments.*.description": Has("Write to him")}),
        missing=NOTHING_MANDATORY,
        wrong=(bad("show_comment_to_clients", "maybe"), NO_OBJECT),
        unknown=absent(kind.thing, "Comment"),
        status=ANY_STATUS,
    )
    yield Row(
        f"DELETE {operation}/{{comment_id}}",
        f"{at}/{own}",
        works=says("The comment has been deleted."),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=absent(kind.thing, "Comment"),
        status=ANY_STATUS,
    )


ROWS = tuple(row for kind in KINDS for row in rows_of(kind))
