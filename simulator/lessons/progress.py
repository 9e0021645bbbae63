"""How far a trainee has come: the lesson under way, since when, and how many steps of each lesson are done."""

from dataclasses import dataclass, field, replace
from typing import Any

from simulator import clock
from simulator.lessons.model import Lesson, ticked
from simulator.lessons.sight import Sight


@dataclass(frozen=True)
class Progress:
    """Of one world.

    Attributes:
        since: when the lesson under way was begun, in real time, as the journal tells it.
        run: the newest run of the integration at that time; 0 where it had none.
        steps: by lesson, how many were done when it was last under way.
    """

    lesson: str = ""
    since: str = ""
    run: int = 0
    steps: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, noted: dict[str, Any]) -> "Progress":
        return cls(noted.get("lesson", ""), noted.get("since", ""), noted.get("run", 0), dict(noted.get("steps", {})))

    def noted(self) -> dict[str, Any]:
        return {"lesson": self.lesson, "since": self.since, "run": self.run, "steps": self.steps}

    def begun(self, lesson: Lesson, run: int) -> "Progress":
        """The lesson begins anew after this run: none of its steps is done."""
        return Progress(lesson.id, clock.real_now().isoformat(), run, {**self.steps, lesson.id: 0})

    def looked(self, lesson: Lesson, sight: Sight) -> tuple["Progress", str | None]:
        """After a look at the world, with what is missing for the next step."""
        done, missing = ticked(lesson.steps, self.steps.get(lesson.id, 0), sight)
        return replace(self, steps={**self.steps, lesson.id: done}), missing

    def is_done(self, lesson: Lesson) -> bool:
        return self.steps.get(lesson.id, 0) == len(lesson.steps)
