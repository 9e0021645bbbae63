"""Documents by mail: the form with what the API suggests, and the outbox, as nothing really leaves."""

import re
from html import escape, unescape
from typing import Any

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.errors import NotAllowed, NotFound, Refused
from web.i18n import _
from web.invoice.api import PER_PAGE, bp, download, each_kind, get, post
from web.invoice.kinds import KINDS, Kind

ENTITIES = {kind.entity: kind for kind in KINDS.values()}


@each_kind("/<key:document_id>/email")
def mail(kind: str, document_id: str) -> ResponseReturnValue:
    """The mail as it would go out, to be changed first."""
    suggested = _suggested(KINDS[kind], document_id)
    to = [one["email"] for one in suggested["to_contacts"] if one["selected"]] or [
        one["email"] for one in suggested["to_contacts"][:1]
    ]
    return _form(KINDS[kind], document_id, suggested, ", ".join(to), suggested["subject"], text_of(suggested["body"]))


@each_kind("/<key:document_id>/email", "POST")
def mail_send(kind: str, document_id: str) -> ResponseReturnValue:
    form, made = request.form, KINDS[kind]
    to, subject, text = form.get("to", ""), form.get("subject", ""), form.get("text", "")
    body = {
        "to_mail_ids": _addresses(to),
        "cc_mail_ids": _addresses(form.get("cc", "")),
        "subject": subject,
        "body": html_of(text),
    }
    problem = None if body["to_mail_ids"] else _("Write at least one email address.")
    if problem is None:
        try:
            answer = post(f"/{kind}/{document_id}/email", body, send_attachment="true" if form.get("pdf") else "false")
            flash(str(answer["message"]), "good")
            return redirect(url_for(made.record_endpoint, record_id=document_id), 303)
        except (NotAllowed, NotFound):
            raise
        except Refused as error:
            problem = error.message
    return _form(made, document_id, _suggested(made, document_id), to, subject, text, problem), 422


def _suggested(kind: Kind, document_id: str) -> dict[str, Any]:
    return dict(get(f"/{kind.key}/{document_id}/email")["data"])


def _form(
    kind: Kind,
    document_id: str,
    suggested: dict[str, Any],
    to: str,
    subject: str,
    text: str,
    problem: str | None = None,
) -> str:
    g.side = kind.list_endpoint
    return render_template(
        "invoice/mail_form.html",
        kind=kind,
        document_id=document_id,
        suggested=suggested,
        number=suggested["file_name_without_extension"],
        to=to,
        subject=subject,
        text=text,
        problem=problem,
    )


def _addresses(text: str) -> list[str]:
    return [one for one in re.split(r"[\s,;]+", text) if one]


@bp.get("/outbox")
def outbox() -> ResponseReturnValue:
    """Every mail that would have gone out, newest first."""
    page = max(request.args.get("page", 1, type=int), 1)
    answer = get("/settings/sentmails", page=page, per_page=PER_PAGE)
    mails = answer["sent_mails"]
    return render_template(
        "invoice/outbox.html", mails=mails, page=page, has_more=answer["page_context"]["has_more_page"]
    )


@bp.get("/outbox/<key:mail_id>")
def outbox_mail(mail_id: str) -> ResponseReturnValue:
    found = get(f"/settings/sentmails/{mail_id}")["sent_mail"]
    kind = ENTITIES.get(found["entity"]) or (KINDS["invoices"] if found["entity"] == "reminder" else None)
    document = url_for(kind.record_endpoint, record_id=found["entity_id"]) if kind else None
    return render_template("invoice/outbox_mail.html", mail=found, text=text_of(found["body"]), document=document)


@bp.get("/outbox/<key:mail_id>/files/<key:file_id>")
def outbox_file(mail_id: str, file_id: str) -> Response:
    return download(f"/settings/sentmails/{mail_id}/files/{file_id}")


_BREAKS = re.compile(r"<\s*(?:br|/p|/div|/li|/tr|/h\d)\b[^>]*>", re.IGNORECASE)
_TAGS = re.compile(r"<[^>]*>")


def text_of(html: str) -> str:
    """A mail's text without its marks, for reading and for changing it as plain text."""
    return unescape(_TAGS.sub("", _BREAKS.sub("\n", html))).strip()


def html_of(text: str) -> str:
    return escape(text.replace("\r\n", "\n")).replace("\n", "<br>")
