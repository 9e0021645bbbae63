"""The integration's outbox: mails about syncs with failures; nothing leaves the simulator (requirement S9)."""

from flask import render_template
from flask.typing import ResponseReturnValue

from web.integration.blueprint import bp, page_number
from web.session import connector


@bp.get("/mails")
def mails() -> ResponseReturnValue:
    page = page_number()
    answer = connector().get("/connection/mails", page=page)
    return render_template("integration/mails.html", mails=answer["mails"], context=answer["page_context"], page=page)


@bp.get("/mails/<key:mail_id>")
def mails_record(mail_id: str) -> ResponseReturnValue:
    return render_template("integration/mail.html", mail=connector().get(f"/connection/mails/{mail_id}")["mail"])
