"""Pipelines of potentials and their stages (crm-api.md §5.4).

Stages are changed through the field Stage (`PATCH /settings/fields`). Adding some to all places at once, and removing
one with its potentials transferred, are calls of ours: the vendor's screens do it by internal ones.
"""

from typing import Any

from flask import Blueprint, Response, request

from mock_crm import access, state
from mock_crm.access import needs
from mock_crm.envelope import Outcome, body, id_of, items, nothing, outcomes, success
from mock_crm.errors import (
    AlreadyUsed,
    CannotDelete,
    CrmError,
    DuplicateData,
    InvalidData,
    InvalidId,
    MandatoryNotFound,
    RequiredParamMissing,
)
from mock_crm.metadata import pipelines, stages
from mock_crm.metadata.catalog import Option, Pipeline
from mock_crm.metadata.input import (
    a_flag,
    a_list,
    a_number,
    a_text,
    an_id,
    an_object,
    is_deleted,
    located,
    outcome,
    wrong,
)
from mock_crm.metadata.shapes import forecast_category
from mock_crm.openapi.parameters import DEALS_LAYOUT, TRANSFER_TO
from mock_crm.openapi.schemas import listed, sent, told
from mock_crm.organization.permissions import CUSTOMIZE
from mock_crm.records import moving
from simulator import ids, wire
from simulator.openapi import documented

bp = Blueprint("pipeline", __name__)

MOST_STAGES = 100
LONGEST_NAME = 120


@bp.get("/settings/pipeline")
@needs("settings.pipeline.READ")
@documented(DEALS_LAYOUT, _200=listed("pipeline", "Pipeline"))
def list_pipelines() -> Response:
    _layout_param()
    return wire.reply({"pipeline": [_shown(pipeline) for pipeline in state.catalog().pipelines]})


@bp.get("/settings/pipeline/<pipeline_id>")
@needs("settings.pipeline.READ")
@documented(DEALS_LAYOUT, _200=listed("pipeline", "Pipeline"), _204=None)
def show_pipeline(pipeline_id: str) -> Response:
    _layout_param()
    pipeline = _find(id_of(pipeline_id))
    return wire.reply({"pipeline": [_shown(pipeline)]}) if pipeline is not None else nothing()


@bp.post("/settings/pipeline")
@needs("settings.pipeline.CREATE", permission=CUSTOMIZE)
@documented(DEALS_LAYOUT, told("pipeline", 201), body=sent("pipeline", "PipelineToMake"))
def create_pipeline() -> Response:
    _layout_param()
    return outcomes([outcome(_create, _only(body(), "pipeline"))], "pipeline", 201)


@bp.route("/settings/pipeline", methods=["PUT", "PATCH"])
@needs("settings.pipeline.UPDATE", permission=CUSTOMIZE)
@documented(DEALS_LAYOUT, told("pipeline"), body=sent("pipeline", "PipelineToChange"))
def update_pipelines() -> Response:
    """`PATCH` changes the stages it names, `PUT` says all of them."""
    _layout_param()
    return outcomes([outcome(_change, _only(body(), "pipeline"), None, request.method == "PUT")], "pipeline")


@bp.route("/settings/pipeline/<pipeline_id>", methods=["PUT", "PATCH"])
@needs("settings.pipeline.UPDATE", permission=CUSTOMIZE)
@documented(DEALS_LAYOUT, told("pipeline"), body=sent("pipeline", "PipelineToChange"))
def update_pipeline(pipeline_id: str) -> Response:
    _layout_param()
    pipeline = _find(id_of(pipeline_id))
    if pipeline is None:
        raise InvalidId({"resource_path_index": 2})
    return outcomes([outcome(_change, _only(body(), "pipeline"), pipeline, request.method == "PUT")], "pipeline")


@bp.post("/settings/pipeline/actions/transfer")
@needs("settings.pipeline.UPDATE", permission=CUSTOMIZE)
@documented(DEALS_LAYOUT, told("transfer_pipeline"), body=sent("transfer_pipeline", "Transfer"))
def transfer_pipeline() -> Response:
    """Moves the potentials of a pipeline into another one and deletes it; the vendor's job is done at once here."""
    _layout_param()
    return outcomes([outcome(_transfer, _only(body(), "transfer_pipeline"))], "transfer_pipeline")


@bp.post("/settings/pipeline/stages")
@needs("settings.pipeline.CREATE", permission=CUSTOMIZE)
@documented(told("stages", 201), body=sent("stages", "StageToMake", MOST_STAGES))
def add_stages() -> Response:
    made = stages.add(items(body(), "stages"), "$.stages")
    results = [one if isinstance(one, CrmError) else success({"id": str(one.id)}, "stage added") for one in made]
    return outcomes(results, "stages", 201)


@bp.delete("/settings/pipeline/stages/<stage_id>")
@needs("settings.pipeline.DELETE", permission=CUSTOMIZE)
@documented(TRANSFER_TO, told("stages"))
def remove_stage(stage_id: str) -> Response:
    """The potentials in the stage go on to that of `transfer_to`."""
    by_id = {stage.id: stage for stage in state.catalog().stages.values()}
    stage = by_id.get(id_of(stage_id) or 0)
    if stage is None:
        raise InvalidId({"resource_path_index": 3})
    successor = by_id.get(id_of(request.args.get("transfer_to")) or 0)
    if request.args.get("transfer_to") and (successor is None or successor.id == stage.id):
        raise InvalidData({"param_name": "transfer_to"}, "the id given seems to be invalid")
    stages.remove(stage, successor)
    return outcomes([success({"id": str(stage.id)}, "stage deleted")], "stages")


def _layout_param() -> None:
    given = request.args.get("layout_id")
    if not given:
        raise RequiredParamMissing({"param": "layout_id"})
    if id_of(given) not in [layout.id for layout in state.catalog().modules["Deals"].layouts]:
        raise InvalidData({"param_name": "layout_id"}, "Invalid layoutid")


def _only(given: dict[str, Any], key: str) -> Any:
    """One pipeline a call."""
    found = items(given, key)
    if len(found) > 1:
        raise InvalidData({"maximum_length": 1, "api_name": key, "json_path": f"$.{key}"})
    return found[0]


def _find(number: int | None) -> Pipeline | None:
    return next((pipeline for pipeline in state.catalog().pipelines if pipeline.id == number), None)


def _shown(pipeline: Pipeline) -> dict[str, Any]:
    return {
        "display_value": pipeline.display_value,
        "actual_value": pipeline.actual_value,
        "default": pipeline.is_default,
        "id": str(pipeline.id),
        "child_available": False,
        "parent": None,
        "maps": [_stage(stage, place) for place, stage in enumerate(pipeline.stages.values(), start=1)],
    }


def _stage(stage: Option, place: int) -> dict[str, Any]:
    forecast_type = stage.forecast_type or "Open"
    return {
        "display_value": stage.display_value,
        "actual_value": stage.actual_value,
        "sequence_number": place,
        "forecast_category": forecast_category(forecast_type),
        "forecast_type": forecast_type,
        "id": str(stage.id),
    }


PATH = "$.pipeline[0]"


def _create(given: Any) -> Outcome:
    asked = an_object(given, PATH)
    name = _name(asked.get("display_value"), None)
    chosen = _stages(asked.get("maps"), [])
    is_default = a_flag(asked.get("default", False), "default", PATH)
    made = pipelines.create(name, chosen, is_default)
    return success({"id": str(made)}, "Pipeline created successfully")


def _change(given: Any, pipeline: Pipeline | None, is_whole: bool) -> Outcome:
    asked = an_object(given, PATH)
    if pipeline is None:
        pipeline = _find(an_id(asked.get("id"), PATH))
        if pipeline is None:
            raise wrong("id", PATH, "the id given seems to be invalid")
    if is_deleted(asked):
        _delete(pipeline)
    else:
        if is_whole and asked.get("display_value") is None:
            raise MandatoryNotFound(located("display_value", PATH), "required  field not found")
        name = _name(asked.get("display_value", pipeline.display_value), pipeline)
        before = list(pipeline.stages.values())
        chosen = before
        if "maps" in asked:
            chosen = _stages(asked["maps"], [] if is_whole else before)
        _refuse_left(pipeline, before, chosen)
        pipelines.change(pipeline, name, chosen)
        if a_flag(asked.get("default", False), "default", PATH):
            pipelines.make_default(pipeline.id)
    return success({"id": str(pipeline.id)}, "Pipeline updated")


def _name(given: Any, own: Pipeline | None) -> str:
    name = a_text(given, "display_value", PATH, LONGEST_NAME)
    for known in state.catalog().pipelines:
        is_taken = name.lower() in (known.display_value.lower(), known.actual_value.lower())
        if is_taken and (own is None or known.id != own.id):
            raise DuplicateData(located("display_value", PATH), "Duplicate pipeline label found")
    return name


def _stages(given: Any, before: list[Option]) -> list[Option]:
    """The stages of a pipeline after a change: those named are put in, moved, or with `_delete` taken out."""
    if given is None:
        raise MandatoryNotFound(located("maps", PATH))
    by_id = {stage.id: stage for stage in state.catalog().stages.values()}
    now = list(before)
    for place, item in enumerate(a_list(given, "maps", PATH, MOST_STAGES)):
        where = f"{PATH}.maps[{place}]"
        asked = an_object(item, where)
        stage = by_id.get(an_id(asked.get("id"), where))
        if stage is None:
            raise wrong("id", where, "Invalid child option id")
        if stage in now:
            now.remove(stage)
        if is_deleted(asked):
            if not now:
                message = "Cannot delete the last stage associated with the pipeline"
                raise CannotDelete(located("id", where), message)
            continue
        spot = len(now)
        if asked.get("sequence_number") is not None:
            spot = a_number(asked["sequence_number"], "sequence_number", where, 1, MOST_STAGES) - 1
        now.insert(spot, stage)
    if not now:
        raise InvalidData(message="No mapping found ")
    return now


def _refuse_left(pipeline: Pipeline, before: list[Option], chosen: list[Option]) -> None:
    """A stage stays in the pipeline as long as potentials are in it (from memory)."""
    for stage in before:
        if stage not in chosen and moving.potentials_in(stage.actual_value, pipeline.actual_value):
            raise CannotDelete(located("maps", PATH), f"Potentials are in the stage {stage.display_value}")


def _delete(pipeline: Pipeline) -> None:
    """From memory: the default pipeline stays, and so does one with potentials until they were transferred."""
    if pipeline.is_default:
        raise CannotDelete(located("id", PATH), "The default pipeline cannot be deleted")
    if moving.potentials_in(pipeline=pipeline.actual_value):
        raise CannotDelete(located("id", PATH), "Potentials are in this pipeline; transfer them first")
    pipelines.remove(pipeline)


def _transfer(given: Any) -> Outcome:
    path = "$.transfer_pipeline[0]"
    asked = an_object(given, path)
    named = an_object(asked.get("pipeline"), f"{path}.pipeline")
    where = f"{path}.pipeline[0]"
    source, target = _find(id_of(named.get("from"))), _find(id_of(named.get("to")))
    if source is None or source.is_default:
        raise wrong("from", where, "Invalid from id")
    if target is None:
        raise wrong("to", where, "Invalid to id")
    if source.id == target.id:
        raise wrong("to", where, "Both from_id and to_id cannot be same ")
    if asked.get("stages") is None:
        raise MandatoryNotFound(located("stages", path), "Required field not found")
    moves = _moves(asked["stages"], source, target, path)
    for stage in source.stages.values():
        there = moving.potentials_in(stage.actual_value, source.actual_value)
        if not there:
            continue
        if stage.id not in moves:
            raise MandatoryNotFound(located("stages", path), "Required field not found")
        values = {"Pipeline": target.actual_value, "Stage": moves[stage.id].actual_value}
        moving.move(there, values, access.user())
    pipelines.remove(source)
    return success({"job_id": str(ids.new_id())}, "transfer pipeline scheduled successfully")


def _moves(given: Any, source: Pipeline, target: Pipeline, path: str) -> dict[int, Option]:
    """From which stage of the one pipeline to which of the other."""
    from_ids = {stage.id for stage in source.stages.values()}
    to_stages = {stage.id: stage for stage in target.stages.values()}
    moves: dict[int, Option] = {}
    for place, item in enumerate(a_list(given, "stages", path, MOST_STAGES)):
        where = f"{path}.stages[{place}]"
        asked = an_object(item, where)
        first, second = id_of(asked.get("from")), id_of(asked.get("to"))
        if first is None or first not in from_ids:
            raise wrong("from", where, "Invalid from id")
        if second is None or second not in to_stages:
            raise wrong("to", where, "Invalid to id")
        if first in moves:
            raise AlreadyUsed(located("from", where), "from id is mapped more than once")
        moves[first] = to_stages[second]
    return moves
