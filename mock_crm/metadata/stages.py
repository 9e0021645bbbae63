"""Stages of potentials: options of a picklist that say what they mean for the forecast (crm-api.md §5.4).

Probability and forecast type go together: an open stage has 1 to 99 %, a won one 100, a lost one 0 (requirement G2).
Potentials keep the probability they have when that of their stage changes (from memory).
"""

from collections.abc import Iterable
from typing import Any

from mock_crm import access, state
from mock_crm.errors import CannotDelete, DuplicateData, InvalidData, MandatoryNotFound
from mock_crm.metadata import options, pipelines
from mock_crm.metadata.catalog import Field, Option
from mock_crm.metadata.input import a_list, an_object, is_deleted, located, wrong
from mock_crm.metadata.options import known_option, put, replaced
from mock_crm.metadata.standard import FORECAST_CATEGORIES
from mock_crm.records import moving
from simulator import ids

LONGEST_STAGE = 120
PROBABILITIES = {"Open": range(1, 100), "Closed Won": range(100, 101), "Closed Lost": range(0, 1)}


def field() -> Field:
    return state.catalog().modules["Deals"].fields["Stage"]


def checked(given: Any, path: str, others: Iterable[Option], known: Option | None = None) -> Option:
    """A stage as asked for; what is not said of a known one stays.

    Raises:
        CrmError: naming the first thing that does not fit.
    """
    asked = an_object(given, path)
    name = _name(asked, path, others, known)
    kind = _forecast_type(asked, path, known)
    probability = asked.get("probability", known.probability if known else None)
    is_whole = isinstance(probability, int) and not isinstance(probability, bool)
    if not is_whole or probability not in PROBABILITIES[kind]:
        raise InvalidData(located("probability", path), "Given Probability is not valid")
    if known is not None:
        return replaced(known, display_value=name, probability=probability, forecast_type=kind)
    return Option(ids.new_id(), name, name, 0, probability, kind)


def _name(asked: dict[str, Any], path: str, others: Iterable[Option], known: Option | None) -> str:
    name = asked.get("display_value", known.display_value if known else None)
    if name is None or (isinstance(name, str) and not name.strip()):
        raise MandatoryNotFound(located("display_value", path))
    if not isinstance(name, str) or "\0" in name or len(name.strip()) > LONGEST_STAGE:
        raise wrong("display_value", path, maximum_length=LONGEST_STAGE)
    name = name.strip()
    for stage in others:
        is_taken = name.lower() in (stage.display_value.lower(), stage.actual_value.lower())
        if is_taken and (known is None or stage.id != known.id):
            raise DuplicateData({**located("display_value", path), "id": str(stage.id)})
    return name


def _forecast_type(asked: dict[str, Any], path: str, known: Option | None) -> str:
    """By its name, by its newer name *deal category*, or by the forecast category that goes with it."""
    kind = asked.get("forecast_type", asked.get("deal_category"))
    category = asked.get("forecast_category")
    if kind is None and category is not None:
        named = category.get("name") if isinstance(category, dict) else category
        matching = [one for one, shown in FORECAST_CATEGORIES.items() if shown == named]
        if not matching:
            raise wrong("forecast_category", path, supported_values=list(FORECAST_CATEGORIES.values()))
        return matching[0]
    if kind is None:
        kind = (known.forecast_type if known else None) or "Open"
    if not isinstance(kind, str) or kind not in FORECAST_CATEGORIES:
        raise wrong("forecast_type", path, supported_values=list(FORECAST_CATEGORIES))
    return kind


def change(stage_field: Field, given: Any, path: str) -> None:
    """Changes stages through the field that holds them, as `options.change` does with other picklists."""
    now = list(stage_field.options)
    for place, item in enumerate(a_list(given, "pick_list_values", path, options.MOST_OPTIONS)):
        where = f"{path}.pick_list_values[{place}]"
        asked = an_object(item, where)
        known = known_option(asked, now, where)
        if known is not None and is_deleted(asked):
            _refuse_needed(known, now, where)
            if moving.potentials_in(stage=known.actual_value):
                raise CannotDelete(located("id", where), "Potentials are in this stage; transfer them first")
            now.remove(known)
            continue
        made = checked(asked, where, now, known)
        spot = len(now)
        if known is not None:
            spot = now.index(known)
            now.remove(known)
        put(now, made, spot, asked, where)
    _refuse_without_ends(now, path)
    before = {stage.id for stage in stage_field.options}
    pipelines.take_up([stage for stage in options.store(stage_field, now) if stage.id not in before])


def add(given: list[Any], path: str) -> list[Any]:
    """Adds stages at the end of the picklist and of the default pipeline; each is a stage or its refusal."""
    found: list[Any] = []
    now = list(field().options)
    for place, item in enumerate(given):
        try:
            made = checked(item, f"{path}[{place}]", now)
        except (InvalidData, MandatoryNotFound, DuplicateData) as error:
            found.append(error)
            continue
        now.append(made)
        found.append(made)
    new = {made.id for made in found if isinstance(made, Option)}
    pipelines.take_up([stage for stage in options.store(field(), now) if stage.id in new])
    state.changed()
    return found


def remove(stage: Option, successor: Option | None) -> None:
    """Removes a stage; the potentials in it go on to its successor.

    Raises:
        CannotDelete: for the last stage of its kind, and without a successor where potentials are in the stage.
    """
    now = list(field().options)
    _refuse_needed(stage, now, "$.stages[0]")
    there = moving.potentials_in(stage=stage.actual_value)
    if there and successor is None:
        raise CannotDelete({"param_name": "transfer_to"}, "Potentials are in this stage; transfer them first")
    if successor is not None:
        moving.move(there, {"Stage": successor.actual_value}, access.user())
    options.store(field(), [known for known in now if known.id != stage.id])
    state.changed()


def _refuse_needed(stage: Option, now: list[Option], where: str) -> None:
    if not any(other.forecast_type == stage.forecast_type for other in now if other.id != stage.id):
        raise CannotDelete(located("id", where), f"At least one {stage.forecast_type} stage is needed")


def _refuse_without_ends(now: list[Option], path: str) -> None:
    """From memory: there is always a stage of each kind."""
    for kind in FORECAST_CATEGORIES:
        if not any(stage.forecast_type == kind for stage in now):
            raise wrong("pick_list_values", path, f"At least one {kind} stage is needed")
