"""Setup, Modules and Fields, Potentials: the stages with their probability and what they mean (requirement G2)."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.crm.blueprint import API, bp, outcome
from web.crm.board import sums_by_stage
from web.crm.forms import NONE, told
from web.errors import NotAllowed, NotFound, Refused
from web.i18n import _
from web.session import crm

PATH = "/setup/modules-and-fields/potentials/stages"
FIELD = f"{API}/settings/fields/Stage"
#: What a stage means for the forecast, and the probability that goes with it; an open one says its own.
KINDS = (("Open", _("Open")), ("Closed Won", _("Won")), ("Closed Lost", _("Lost")))
PROBABILITIES = {"Closed Won": 100, "Closed Lost": 0}


@bp.get(PATH)
def setup_modules_stages() -> ResponseReturnValue:
    return render_template("crm/setup_stages.html", stages=_stages(), sums=sums_by_stage(), kinds=dict(KINDS))


@bp.get(f"{PATH}/new")
def setup_modules_stages_new() -> ResponseReturnValue:
    return _form({"forecast_type": "Open", "probability": ""}, {})


@bp.post(f"{PATH}/new")
def setup_modules_stages_create() -> ResponseReturnValue:
    return _save({})


@bp.get(f"{PATH}/<key:stage_id>")
def setup_modules_stages_edit(stage_id: str) -> ResponseReturnValue:
    stage = _find(stage_id)
    return _form(stage, {}, stage)


@bp.post(f"{PATH}/<key:stage_id>")
def setup_modules_stages_update(stage_id: str) -> ResponseReturnValue:
    return _save(_find(stage_id))


@bp.post(f"{PATH}/<key:stage_id>/delete")
def setup_modules_stages_delete(stage_id: str) -> ResponseReturnValue:
    """The potentials in it go on to another stage; the last one of its kind stays."""
    stage = _find(stage_id)
    try:
        path = f"{API}/settings/pipeline/stages/{stage_id}"
        outcome({"data": crm().delete(path, transfer_to=request.form.get("transfer_to"))["stages"]})
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        return _form(stage, {}, stage, refused.message), 422
    flash(_("The stage %(name)s is deleted.", name=stage["display_value"]), "good")
    return redirect(url_for("crm.setup_modules_stages"), 303)


def _save(known: dict[str, Any]) -> ResponseReturnValue:
    """Writes a stage as it was entered; those who know it by its id keep their place unless another was entered."""
    entered = {name: request.form.get(name, "").strip() for name in ("display_value", "probability", "forecast_type")}
    place = request.form.get("sequence_number", "").strip()
    kind = entered["forecast_type"]
    probability = PROBABILITIES.get(kind, _number(entered["probability"]))
    stage = {"display_value": entered["display_value"], "probability": probability, "forecast_type": kind}
    stage |= {"id": known["id"]} if known else {}
    stage |= {"sequence_number": _number(place)} if place else {}
    try:
        answer = crm().call("PATCH", FIELD, {"module": "Deals"}, {"fields": [{"pick_list_values": [stage]}]})
        outcome({"data": answer["fields"]})
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        words = told(refused.code, refused.message, refused.details)
        return _form(
            {**known, **entered, "sequence_number": place}, {refused.details.get("api_name"): words}, known
        ), 422
    flash(_("The stage %(name)s is saved.", name=entered["display_value"]), "good")
    return redirect(url_for("crm.setup_modules_stages"), 303)


def _number(text: str) -> int | str:
    """The number that was entered; what is none goes as it is, for the CRM to refuse."""
    return int(text) if text.isdecimal() else text


def _stages() -> list[dict[str, Any]]:
    """The stages in their order."""
    options = crm().get(FIELD, module="Deals")["fields"][0]["pick_list_values"]
    return [one for one in options if one["actual_value"] != NONE and one.get("type") != "unused"]


def _find(stage_id: str) -> dict[str, Any]:
    found = next((one for one in _stages() if str(one["id"]) == stage_id), None)
    return found if found is not None else abort(404)


def _form(
    entered: dict[str, Any], errors: dict[Any, str], known: dict[str, Any] | None = None, problem: str = ""
) -> str:
    """The form of a stage: as it is entered, with what is wrong beside it; `known` where there is one already."""
    named = ("display_value", "probability", "forecast_type", "sequence_number")
    return render_template(
        "crm/setup_stage.html",
        entered=entered,
        known=known,
        kinds=KINDS,
        errors=errors,
        problem=problem or next((words for name, words in errors.items() if name not in named), ""),
        count=sums_by_stage().get(known["actual_value"], (0,))[0] if known else 0,
        others=[(one["id"], one["display_value"]) for one in _stages() if known and one["id"] != known["id"]],
    )
