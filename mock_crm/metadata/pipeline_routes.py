"""The pipeline of potentials: its stages, and adding one (crm-api.md §5.4)."""

from typing import Any

from flask import Blueprint, Response, request

from mock_crm import state
from mock_crm.access import needs
from mock_crm.database import insert_rows
from mock_crm.envelope import Outcome, body, id_of, items, outcomes, success
from mock_crm.errors import DuplicateData, InvalidData, MandatoryNotFound, RequiredParamMissing
from mock_crm.metadata.catalog import Option
from mock_crm.metadata.model import OptionRow
from mock_crm.metadata.shapes import forecast_category
from mock_crm.metadata.standard import FORECAST_CATEGORIES, PIPELINE
from mock_crm.organization.permissions import CUSTOMIZE
from simulator import ids, wire

bp = Blueprint("pipeline", __name__)

LONGEST_STAGE = 120
#: What a stage of each forecast type means for the probability (requirement G2).
PROBABILITIES = {"Open": range(1, 100), "Closed Won": range(100, 101), "Closed Lost": range(0, 1)}


@bp.get("/settings/pipeline")
@needs("settings.pipeline.READ")
def list_pipelines() -> Response:
    given = request.args.get("layout_id")
    if not given:
        raise RequiredParamMissing({"param": "layout_id"})
    deals = state.catalog().modules["Deals"]
    if id_of(given) not in [layout.id for layout in deals.layouts]:
        raise InvalidData({"param_name": "layout_id"})
    pipeline = deals.fields["Pipeline"].options[0]
    return wire.reply(
        {
            "pipeline": [
                {
                    "display_value": PIPELINE,
                    "actual_value": PIPELINE,
                    "default": True,
                    "id": str(pipeline.id),
                    "child_available": False,
                    "parent": None,
                    "maps": [_stage(stage) for stage in state.catalog().stages.values()],
                }
            ]
        }
    )


def _stage(stage: Option) -> dict[str, Any]:
    forecast_type = stage.forecast_type or "Open"
    return {
        "display_value": stage.display_value,
        "actual_value": stage.actual_value,
        "sequence_number": stage.sequence,
        "forecast_category": forecast_category(forecast_type),
        "forecast_type": forecast_type,
        "id": str(stage.id),
    }


@bp.post("/settings/pipeline/stages")
@needs("settings.pipeline.CREATE", permission=CUSTOMIZE)
def add_stages() -> Response:
    """Adds stages to the pipeline and to the picklist at once. Ours: the vendor does it by writing a layout."""
    stages = dict(state.catalog().stages)
    field = state.catalog().modules["Deals"].fields["Stage"]
    results: list[Outcome] = []
    for place, given in enumerate(items(body(), "stages")):
        try:
            row = _checked(given, f"$.stages[{place}]", stages.values())
        except (InvalidData, MandatoryNotFound, DuplicateData) as error:
            results.append(error)
            continue
        stage = Option(ids.new_id(), sequence=len(stages) + 1, **row)
        stages[stage.actual_value] = stage
        insert_rows(OptionRow, [{"id": stage.id, "field_id": field.id, "sequence": stage.sequence, **row}])
        results.append(success({"id": str(stage.id)}, "stage added"))
    state.changed()
    return outcomes(results, "stages", 201)


def _checked(given: Any, path: str, known: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise InvalidData({"expected_data_type": "jsonobject", "json_path": path})
    name = given.get("display_value")
    if name is None or (isinstance(name, str) and not name.strip()):
        raise MandatoryNotFound({"api_name": "display_value", "json_path": f"{path}.display_value"})
    if not isinstance(name, str) or "\0" in name or len(name.strip()) > LONGEST_STAGE:
        raise InvalidData(
            {"api_name": "display_value", "json_path": f"{path}.display_value", "maximum_length": LONGEST_STAGE}
        )
    name = name.strip()
    for stage in known:
        if name.lower() in (stage.display_value.lower(), stage.actual_value.lower()):
            raise DuplicateData(
                {"api_name": "display_value", "json_path": f"{path}.display_value", "id": str(stage.id)}
            )
    kind = given.get("forecast_type", "Open")
    if not isinstance(kind, str) or kind not in FORECAST_CATEGORIES:
        supported = list(FORECAST_CATEGORIES)
        raise InvalidData(
            {"api_name": "forecast_type", "json_path": f"{path}.forecast_type", "supported_values": supported}
        )
    probability = given.get("probability")
    is_whole = isinstance(probability, int) and not isinstance(probability, bool)
    if not is_whole or probability not in PROBABILITIES[kind]:
        raise InvalidData(
            {"api_name": "probability", "json_path": f"{path}.probability"}, "Given Probability is not valid"
        )
    return {"display_value": name, "actual_value": name, "probability": probability, "forecast_type": kind}
