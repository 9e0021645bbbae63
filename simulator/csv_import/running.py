"""One import, of the command line or a screen: what becomes of each line is decided first, then written in batches."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from simulator.csv_import.reading import CLONE, SKIP, BadCell, Line, Plan, Rejected

#: What becomes of a line that is not rejected.
MADE, UPDATED, LEFT = "made", "updated", "left"


@dataclass(frozen=True)
class Intent:
    """What is to be done with a line: make this record, update the one of this id, or leave it alone."""

    line: Line
    act: str
    record: dict[str, Any]
    record_id: str = ""


@dataclass(frozen=True)
class Done:
    """A line that was not rejected; in a dry run, a record that would be made has no id yet."""

    line: int
    act: str
    name: str
    record_id: str


class Target(Protocol):
    """What is imported into.

    Attributes:
        name_field: the field in which a record's name stands.
        name_parts: the fields it is made of.
        required: the fields without which no record is made.
        batch: how many lines it takes at once.
    """

    plan: Plan
    batch: int
    module: str
    name_field: str

    @property
    def name_parts(self) -> tuple[str, ...]: ...

    @property
    def required(self) -> list[str]: ...

    @property
    def headers(self) -> dict[str, str]:
        """Field by what its column may be called."""

    def prepare(self, is_dry: bool) -> None:
        """What has to be there before the first line."""

    def record_of(self, line: Line) -> dict[str, Any]:
        """A line as a record; BadCell when one of its cells cannot be used."""

    def twin_of(self, line: Line) -> str | None:
        """The id of the record that has the line's name; BadCell when several have it."""

    def foresee(self, intent: Intent) -> None:
        """In a dry run: BadCell for what the product is known to refuse; lines after this one may name it."""

    def write(self, intents: Iterable[Intent]) -> Iterator[Done | Rejected]:
        """Makes and updates records."""

    def waits_for(self, line: Line, names: set[str]) -> bool:
        """Whether the line names a record of the file that is not written yet."""

    def name_of(self, line: Line) -> str:
        """What the line's record is called."""


@dataclass
class Tally:
    """How far an import came.

    Attributes:
        done: lines that are in the product now (or would be, in a dry run), and those left alone.
        ignored: columns that were not imported.
        under_way: lines of the write that is under way, or broke off.
    """

    done: list[Done] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    under_way: int = 0

    def count(self, act: str) -> int:
        return sum(one.act == act for one in self.done)

    @property
    def written(self) -> int:
        return self.count(MADE) + self.count(UPDATED)

    def so_far(self, may_have_worked: bool) -> str:
        """What stands in the product already when an import stops in the middle; "" when it wrote nothing.

        Args:
            may_have_worked: whether the call that failed may have done its work; only a write can have.
        """
        unsure = self.under_way if may_have_worked else 0
        if not self.written and not unsure:
            return ""
        more = f"; the {'one' if unsure == 1 else unsure} after them may have been" if unsure else ""
        return f" {self.written} lines had been written by then{more}."


def run(target: Target, lines: Iterable[Line | Rejected], tally: Tally, is_dry: bool) -> None:
    """Imports lines; `tally` tells how far it came, whatever happens."""
    waiting: list[Line] = []
    for line in lines:
        if isinstance(line, Rejected):
            tally.rejected.append(line)
        else:
            waiting.append(line)
    target.prepare(is_dry)
    seen: dict[str, int] = {}
    while waiting:
        names = {target.name_of(line).casefold() for line in waiting}
        ready = [line for line in waiting if not target.waits_for(line, names)]
        ready = ready or waiting  # lines that wait for each other in a circle: the look-up says what is missing
        _settle(target, ready, tally, seen, is_dry)
        taken = {line.number for line in ready}
        waiting = [line for line in waiting if line.number not in taken]
    tally.rejected.sort(key=lambda row: row.line)
    tally.done.sort(key=lambda row: row.line)


def _settle(target: Target, lines: list[Line], tally: Tally, seen: dict[str, int], is_dry: bool) -> None:
    intents = []
    for line in lines:
        try:
            intent = _intent_of(target, line, seen)
            if is_dry and intent.act != LEFT:
                target.foresee(intent)
        except BadCell as bad:
            tally.rejected.append(Rejected(line.number, bad.column, bad.value, bad.reason))
            continue
        if is_dry or intent.act == LEFT:
            tally.done.append(Done(line.number, intent.act, target.name_of(line), intent.record_id))
        else:
            intents.append(intent)
    for start in range(0, len(intents), target.batch):
        batch = intents[start : start + target.batch]
        tally.under_way = len(batch)
        for outcome in target.write(batch):
            (tally.rejected if isinstance(outcome, Rejected) else tally.done).append(outcome)  # type: ignore[arg-type]
        tally.under_way = 0


def _intent_of(target: Target, line: Line, seen: dict[str, int]) -> Intent:
    """Decides by name whether a line's record is there already, unless it is to be made in any case.

    Raises:
        BadCell: when one of its cells cannot be used, or an earlier line has its name and would be overwritten.
    """
    if target.plan.duplicates == CLONE:
        return Intent(line, MADE, target.record_of(line))
    name = target.name_of(line)
    key = name.casefold()
    if key and key in seen:
        raise BadCell(target.name_field, name, f"line {seen[key]} has this name too")
    twin = target.twin_of(line) if key else None
    if twin is not None and target.plan.duplicates == SKIP:
        seen[key] = line.number
        return Intent(line, LEFT, {}, twin)
    record = target.record_of(line)
    seen[key] = line.number
    return Intent(line, UPDATED if twin else MADE, record, twin or "")
