"""Lessons: the procedures of the guide and what goes wrong in syncs, as exercises that look at the real state (X8)."""

from simulator.lessons.failures import FAILURES
from simulator.lessons.guide import GUIDE
from simulator.lessons.model import Lesson

__all__ = ["FAILURES", "GUIDE", "LESSONS", "Lesson", "lesson_of"]

#: By id, in the order in which they are taught.
LESSONS: dict[str, Lesson] = {lesson.id: lesson for lesson in (*GUIDE, *FAILURES)}


def lesson_of(lesson_id: str) -> Lesson | None:
    return LESSONS.get(lesson_id)
