"""The records behind the figures of the history, of all syncs (D3)."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from web.integration.blueprint import ENTITIES, OUTCOMES, bp, one_of, page_number
from web.session import connector


@bp.get("/records")
def records() -> ResponseReturnValue:
    page = page_number()
    wanted = {
        "outcome": one_of(request.args.get("outcome"), OUTCOMES),
        "entity": one_of(request.args.get("entity"), tuple(ENTITIES)),
        "reason": request.args.get("reason"),
        "date": request.args.get("date"),
        "since": request.args.get("since"),
    }
    answer = connector().get("/connection/history/records", page=page, **wanted)
    return render_template(
        "integration/records.html",
        ops=answer["ops"],
        context=answer["page_context"],
        page=page,
        wanted=wanted,
    )
