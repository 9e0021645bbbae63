"""Rows of the doors beside a document: paper, mail, files, fields, comments (invoice-api.md §5.1, §6.1)."""

from collections.abc import Iterator

from tests.invoice.endpoints.documents import INVOICES, KINDS, Kind
from tests.invoice.endpoints.furniture import PICTURE
from tests.invoice.endpoints.rows import (
    ANY_STATUS,
    INVALID,
    MISSING,
    NO_ID,
    NO_INPUT,
    NO_OBJECT,
    NOT_AVAILABLE,
    NOTHING_MANDATORY,
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
    refusal,
    says,
    without,
    without_parameter,
)
from tests.support.answers import Answer, Fits, Has


def rows_of(kind: Kind) -> Iterator[Row]:
    yield from _on_paper(kind)
    yield from _mailed(kind)
    yield from _files(kind)
    yield from _details(kind)
    yield from _comments(kind)


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
