"""Writing pipelines: which stages each has, in which order, and which one is the default (crm-api.md §5.4)."""

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, select, update

from mock_crm import state
from mock_crm.database import db, insert_rows
from mock_crm.metadata import options
from mock_crm.metadata.catalog import Field, Option, Pipeline
from mock_crm.metadata.model import PipelineRow
from simulator import ids, wire


def field() -> Field:
    return state.catalog().modules["Deals"].fields["Pipeline"]


def create(name: str, stages: Sequence[Option], is_default: bool) -> int:
    made = Option(ids.new_id(), name, name, 0, None, None)
    now = list(state.catalog().pipelines)
    options.store(field(), [*field().options, made])
    _write([*now, Pipeline(made.id, name, name, False, {stage.actual_value: stage for stage in stages})])
    if is_default:
        make_default(made.id)
    state.changed()
    return made.id


def change(pipeline: Pipeline, name: str, stages: Sequence[Option]) -> None:
    by_name = {stage.actual_value: stage for stage in stages}
    changed = Pipeline(pipeline.id, name, pipeline.actual_value, pipeline.is_default, by_name)
    renamed = [
        options.replaced(option, display_value=name) if option.id == pipeline.id else option
        for option in field().options
    ]
    options.store(field(), renamed)
    _write([changed if known.id == pipeline.id else known for known in state.catalog().pipelines])
    state.changed()


def make_default(number: int) -> None:
    """The default pipeline is the one that new potentials get; its option stands first."""
    state.changed()
    now = state.catalog().pipelines
    _write([Pipeline(p.id, p.display_value, p.actual_value, p.id == number, p.stages) for p in now])
    options.store(field(), sorted(field().options, key=lambda option: option.id != number))
    state.changed()


def remove(pipeline: Pipeline) -> None:
    db.session.execute(delete(PipelineRow).where(PipelineRow.id == pipeline.id))
    options.store(field(), [option for option in field().options if option.id != pipeline.id])
    state.changed()


def take_up(stages: Iterable[Option]) -> None:
    """New stages come into the default pipeline; one that was never edited has all of them anyway."""
    new = [stage.id for stage in stages]
    default = state.catalog().default_pipeline
    row = db.session.execute(select(PipelineRow.stages).where(PipelineRow.id == default.id)).first()
    if new and row is not None:
        _put(default.id, True, [*wire.loads(row.stages), *new])


def _write(pipelines: Iterable[Pipeline]) -> None:
    there = set(db.session.execute(select(PipelineRow.id)).scalars())
    for pipeline in pipelines:
        stages = [stage.id for stage in pipeline.stages.values()]
        if pipeline.id in there:
            _put(pipeline.id, pipeline.is_default, stages)
        else:
            row = {"id": pipeline.id, "is_default": pipeline.is_default, "stages": wire.dumps(stages).decode()}
            insert_rows(PipelineRow, [row])


def _put(number: int, is_default: bool, stages: list[int]) -> None:
    values = {"is_default": is_default, "stages": wire.dumps(stages).decode(), "version": PipelineRow.version + 1}
    statement = update(PipelineRow).where(PipelineRow.id == number).values(values)
    db.session.execute(statement.execution_options(synchronize_session=False))
