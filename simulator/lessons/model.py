"""What a lesson is: a goal, the state it begins from, and steps that each look at the real state of a world."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from simulator.lessons.sight import Sight

#: What is still missing for a step, in a sentence that names it; None where it is done.
Look = Callable[[Sight], str | None]


@dataclass(frozen=True)
class Step:
    """One thing to do.

    Attributes:
        at: the page where it is done.
    """

    text: str
    look: Look
    at: str = ""


@dataclass(frozen=True)
class Start:
    """What a world is given for a lesson, after it was put back to its scenario.

    Attributes:
        settings: of an integration that is connected already; None where connecting is part of the lesson.
        fields: custom fields of the CRM to make before, by module.
        crm: records to make there, by module; a lookup to a record made before stands as `{"name": …}`.
        customers, items: records to make in Invoice.
        currencies: what the CRM has beside its base currency.
        syncs: whether a sync runs once all is there.
        faults: rules that are on from then, by service.
    """

    settings: dict[str, Any] | None = None
    currencies: list[dict[str, str]] = field(default_factory=list)
    fields: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    crm: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    customers: list[dict[str, Any]] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)
    syncs: bool = False
    faults: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Lesson:
    """An exercise.

    Attributes:
        chapter: the heading of the guide, or of the sheet of failures, that it is about.
        why: what one understands after it.
        needs: settings that the company's integration has to take.
    """

    id: str
    title: str
    chapter: str
    goal: str
    why: str
    start: Start
    steps: tuple[Step, ...]
    needs: dict[str, dict[str, Any]] = field(default_factory=dict)


def ticked(steps: tuple[Step, ...], before: int, sight: Sight) -> tuple[int, str | None]:
    """How many steps are done, and what is missing for the next one.

    Steps are done in their order and stay done: the sync that is resumed was paused before.
    """
    for number in range(before, len(steps)):
        if missing := steps[number].look(sight):
            return number, missing
    return len(steps), None
