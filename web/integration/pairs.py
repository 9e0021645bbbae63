"""First-run matching: which records of both sides a plan takes for one, and what a person decides instead (C3)."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.errors import NotAllowed, Refused
from web.i18n import _
from web.integration.blueprint import bp, page_number, say
from web.integration.history import pages_of
from web.session import connector

#: What may be chosen for a pair; the first leaves it to the settings.
CHOICES = (("", _("As planned")), ("link", _("Link them")), ("apart", _("Keep apart")))


@bp.get("/runs/<key:run_id>/pairs")
def runs_pairs(run_id: str) -> ResponseReturnValue:
    page = page_number()
    answer = connector().get(f"/connection/runs/{run_id}/pairs", page=page)
    return render_template(
        "integration/pairs.html",
        run=connector().get(f"/connection/runs/{run_id}")["run"],
        pairs=[{**pair, "pages": pages_of(pair), "name_of_choice": _name(pair)} for pair in answer["pairs"]],
        choices=CHOICES,
        context=answer["page_context"],
        page=page,
    )


@bp.post("/runs/<key:run_id>/pairs")
def runs_pairs_save(run_id: str) -> ResponseReturnValue:
    """Keeps what was chosen for the pairs of a page; it counts from the next plan on."""
    try:
        if pairs := _chosen():
            connector().put("/connection/pairs", {"pairs": pairs})
        flash(_("Chosen. It counts from the next plan on: make a new preview to see it."), "good")
    except NotAllowed:
        raise
    except Refused as error:
        say(error)
    return redirect(url_for("integration.runs_pairs", run_id=run_id, page=request.args.get("page")), 303)


def _name(pair: dict[str, Any]) -> str | None:
    """The name of a pair's select; none where one of its records is not there yet."""
    ids = (str(pair["crm_id"]), str(pair["invoice_id"]))
    return ":".join(("pair", pair["entity"], *ids)) if all(one.isdecimal() for one in ids) else None


def _chosen() -> list[dict[str, Any]]:
    pairs = []
    for name, choice in request.form.items():
        parts = name.split(":")
        if parts[0] == "pair" and len(parts) == 4:
            _pair, entity, crm_id, invoice_id = parts
            pairs.append({"entity": entity, "crm_id": crm_id, "invoice_id": invoice_id, "choice": choice or None})
    return pairs
