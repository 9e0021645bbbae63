"""The Zoho Invoice section of a CRM record: its estimates, sales orders and invoices, live from Invoice (T1 to T4, P4).

It is asked for with the CRM user's own token, and the connector decides by his profile what he may see and do.
"""

from dataclasses import dataclass
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.crm.blueprint import bp
from web.crm.document_form import Draft, body_of, draft_of, mail_of, new_draft, read
from web.crm.modules import MODULES, Module
from web.errors import NoEntry, NotAllowed, NotFound, Refused, ServiceUnreachable
from web.i18n import _
from web.session import person, section

HAVE_IT = ("accounts", "contacts", "potentials")
SECTIONS = "any(accounts, contacts, potentials)"
RECORD = f"/<{SECTIONS}:key>/<key:record_id>/zoho-invoice"
OF_KIND = f"{RECORD}/<any(estimates, salesorders, invoices):kind>"
DOCUMENT = f"{OF_KIND}/<key:document_id>"
#: How often the section looks again after a potential was moved, once a second: the trigger takes seconds.
LOOKS = 8


@dataclass(frozen=True)
class Kind:
    """A kind of document, as Invoice's API calls it and as people do."""

    path: str
    entity: str
    title: str
    one: str
    new: str


KINDS = {
    kind.path: kind
    for kind in (
        Kind("estimates", "estimate", _("Estimates"), _("estimate"), _("New estimate")),
        Kind("salesorders", "salesorder", _("Sales orders"), _("sales order"), _("New sales order")),
        Kind("invoices", "invoice", _("Invoices"), _("invoice"), _("New invoice")),
    )
}


def context_of(module: Module, record_id: str) -> dict[str, Any]:
    """What the section of a record needs, or why it cannot be shown."""
    look = max(min(request.args.get("look", 0, type=int), LOOKS), 0)
    found: dict[str, Any] = {"kinds": KINDS.values(), "look": look, "section": None, "summary": None, "problem": ""}
    try:
        shown = section().get(f"/section/{module.key}/{record_id}")
        found |= {"section": shown, "problem": shown["problem"] or ""}
        if shown["permissions"]["summary"]:
            found["summary"] = section().get(f"/section/{module.key}/{record_id}/summary")
    except NoEntry:
        found["problem"] = _("You have no user in Zoho CRM.")
    except ServiceUnreachable as error:
        problem = _("%(product)s does not answer. The documents show again once it does.", product=error.product)
        found["problem"] = problem
    except Refused as error:
        found["problem"] = error.message
    return found


@bp.get(RECORD)
def zoho_invoice(key: str, record_id: str) -> ResponseReturnValue:
    """The section alone, for a page that looks again."""
    module = MODULES[key]
    return render_template("crm/_section.html", module=module, record_id=record_id, **context_of(module, record_id))


@bp.get(f"{OF_KIND}/new")
def new_document(key: str, record_id: str, kind: str) -> ResponseReturnValue:
    return _form(key, record_id, kind, new_draft())


@bp.post(f"{OF_KIND}/new")
def new_document_save(key: str, record_id: str, kind: str) -> ResponseReturnValue:
    """Saves a new document, and mails it at once where one asks for that; the same form sent twice makes one."""
    draft = read(request.form)
    if "add" in request.form or draft.problem:
        return _form(key, record_id, kind, draft), 422 if draft.problem else 200
    path, is_sent = f"/section/{key}/{record_id}/{kind}", "send" in request.form
    ticket = {"Idempotency-Key": request.form.get("ticket", "")}
    try:
        made = section().call("POST", path, {}, {**body_of(draft), "send": is_sent}, ticket)
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        return _form(key, record_id, kind, draft.but(refused.message)), 422
    document = made[KINDS[kind].entity]
    if made.get("problem"):
        flash(made["problem"], "bad")
    else:
        flash(_("Saved and sent.") if made["is_sent"] else _("Saved."), "good")
    return _opened(key, record_id, kind, str(document[f"{KINDS[kind].entity}_id"]))


@bp.get(DOCUMENT)
def show_document(key: str, record_id: str, kind: str, document_id: str) -> ResponseReturnValue:
    document = _document(key, record_id, kind, document_id)
    permissions = section().get(f"/section/{key}/{record_id}")["permissions"][kind]
    return render_template(
        "crm/document.html",
        **_where(key, record_id, kind),
        document=document,
        document_id=document_id,
        may=permissions,
        is_in_invoice=person().may_enter("invoice"),
    )


@bp.get(f"{DOCUMENT}/edit")
def edit_document(key: str, record_id: str, kind: str, document_id: str) -> ResponseReturnValue:
    return _form(key, record_id, kind, draft_of(_document(key, record_id, kind, document_id)), document_id)


@bp.post(f"{DOCUMENT}/edit")
def edit_document_save(key: str, record_id: str, kind: str, document_id: str) -> ResponseReturnValue:
    draft = read(request.form)
    if "add" in request.form or draft.problem:
        return _form(key, record_id, kind, draft, document_id), 422 if draft.problem else 200
    try:
        section().put(f"/section/{key}/{record_id}/{kind}/{document_id}", body_of(draft))
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        return _form(key, record_id, kind, draft.but(refused.message), document_id), 422
    flash(_("Saved."), "good")
    return _opened(key, record_id, kind, document_id)


@bp.get(f"{DOCUMENT}/email")
def mail_document(key: str, record_id: str, kind: str, document_id: str) -> ResponseReturnValue:
    mail = section().get(f"/section/{key}/{record_id}/{kind}/{document_id}/email")["mail"]
    return _mail_form(key, record_id, kind, document_id, mail_of(mail))


@bp.post(f"{DOCUMENT}/email")
def mail_document_send(key: str, record_id: str, kind: str, document_id: str) -> ResponseReturnValue:
    to = [one.strip() for one in request.form.get("to", "").replace(";", ",").split(",") if one.strip()]
    mail = {"to_mail_ids": to, "subject": request.form.get("subject", ""), "body": request.form.get("body", "")}
    try:
        section().post(f"/section/{key}/{record_id}/{kind}/{document_id}/email", mail)
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        shown = {**mail, "to": request.form.get("to", ""), "problem": refused.message}
        return _mail_form(key, record_id, kind, document_id, shown), 422
    flash(_("Sent. It lies in the outbox of Zoho Invoice; nothing leaves the simulator."), "good")
    return _opened(key, record_id, kind, document_id)


@bp.get(f"{DOCUMENT}/pdf")
def paper(key: str, record_id: str, kind: str, document_id: str) -> ResponseReturnValue:
    answer = section().download(f"/section/{key}/{record_id}/{kind}/{document_id}/pdf")
    named = answer.headers.get("Content-Disposition", "attachment")
    return Response(answer.body, mimetype="application/pdf", headers={"Content-Disposition": named})


def _document(key: str, record_id: str, kind: str, document_id: str) -> dict[str, Any]:
    answer = section().get(f"/section/{key}/{record_id}/{kind}/{document_id}")
    found: dict[str, Any] = answer[KINDS[kind].entity]
    return found


def _where(key: str, record_id: str, kind: str) -> dict[str, Any]:
    record = section().get(f"/section/{key}/{record_id}")["record"]
    return {"module": MODULES[key], "record_id": record_id, "record_name": record["name"], "kind": KINDS[kind]}


def _form(key: str, record_id: str, kind: str, draft: Draft, document_id: str = "") -> str:
    where = _where(key, record_id, kind)
    return render_template("crm/document_form.html", **where, draft=draft, document_id=document_id)


def _mail_form(key: str, record_id: str, kind: str, document_id: str, mail: dict[str, Any]) -> str:
    where = _where(key, record_id, kind)
    return render_template("crm/document_mail.html", **where, mail=mail, document_id=document_id)


def _opened(key: str, record_id: str, kind: str, document_id: str) -> ResponseReturnValue:
    address = url_for("crm.show_document", key=key, record_id=record_id, kind=kind, document_id=document_id)
    return redirect(address, 303)
