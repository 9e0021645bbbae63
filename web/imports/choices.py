"""What somebody chooses for an import, as it stands in the address: a field for each column, how lines are read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from simulator.csv_import.reading import OVERWRITE, Plan, words
from simulator.csv_import.running import Target
from web.i18n import _

#: How dates may be written, with Christmas Eve as the example.
DATES = (
    ("%Y-%m-%d", "2026-12-24"),
    ("%m/%d/%Y", "12/24/2026"),
    ("%d/%m/%Y", "24/12/2026"),
    ("%d.%m.%Y", "24.12.2026"),
    ("%d-%m-%Y", "24-12-2026"),
    ("%d %b %Y", "24 Dec 2026"),
    ("%b %d, %Y", "Dec 24, 2026"),
)
EXAMPLES = dict(DATES)


@dataclass(frozen=True)
class Choices:
    """What was chosen.

    Attributes:
        columns: the field of each column of the file, by its place; "" for a column that is not imported.
        adds_values: whether picklists get the values they do not know.
    """

    columns: tuple[str, ...]
    duplicates: str
    dates: str
    adds_values: bool

    @property
    def query(self) -> dict[str, str]:
        """As it stands in the address."""
        own = {"duplicates": self.duplicates, "dates": self.dates, "values": "add" if self.adds_values else "refuse"}
        return {**{_column(place): field for place, field in enumerate(self.columns)}, **own}

    @property
    def seal(self) -> str:
        """What tells one preview from another."""
        return "&".join(f"{name}={value}" for name, value in self.query.items())

    @property
    def matched(self) -> dict[int, str]:
        return {place: field for place, field in enumerate(self.columns) if field}

    def plan(self, picklists: Iterable[str]) -> Plan:
        added = frozenset(picklists) if self.adds_values else frozenset()
        return Plan(date_format=self.dates, add_values=added, duplicates=self.duplicates, advises=False)


def _column(place: int) -> str:
    return f"column{place}"


def chosen(asked: Mapping[str, str], guess: Choices, fields: Iterable[str], duplicates: Iterable[str]) -> Choices:
    """What an address or a form says, and the guess where it says nothing; nothing that is not offered."""
    if _column(0) not in asked:
        return guess
    known = {*fields, ""}
    columns = [asked.get(_column(place), "") for place in range(len(guess.columns))]
    wanted, dates = asked.get("duplicates", ""), asked.get("dates", "")
    return Choices(
        columns=tuple(field if field in known else "" for field in columns),
        duplicates=wanted if wanted in set(duplicates) else guess.duplicates,
        dates=dates if dates in EXAMPLES else guess.dates,
        adds_values=asked.get("values") == "add",
    )


def guessed(header: Sequence[str], headers: Mapping[str, str], duplicates: str) -> Choices:
    """Each column by its header; of two that mean the same field the first."""
    columns: list[str] = []
    for name in header:
        found = headers.get(words(name), "")
        columns.append("" if found in columns else found)
    return Choices(tuple(columns), duplicates, DATES[0][0], adds_values=False)


def dates_of(cells: Sequence[str]) -> str:
    """The form that fits all of some dates; the first one when none does."""
    fitting = (form for form, _example in DATES if all(_fits(cell, form) for cell in cells))
    return next(fitting, DATES[0][0])


def _fits(cell: str, form: str) -> bool:
    try:
        datetime.strptime(cell, form)  # noqa: DTZ007 - a date has no zone
    except ValueError:
        return False
    return True


def wrong_with(choices: Choices, target: Target, labels: Mapping[str, str]) -> list[str]:
    """Why nothing could be imported by these choices; empty when it could."""
    found = [
        _("%(field)s is required: choose the column it stands in.", field=labels[name])
        for name in _needed(choices, target)
        if name not in choices.columns
    ]
    places = list(choices.matched.values())
    twice = sorted({labels[name] for name in places if places.count(name) > 1})
    return [*found, *(_("Two columns are imported as %(field)s. Choose one.", field=label) for label in twice)]


def _needed(choices: Choices, target: Target) -> list[str]:
    """What a line has to have in any case: what overwrites a record needs no more than its name."""
    if choices.duplicates == OVERWRITE:
        return [name for name in target.required if name in target.name_parts]
    return target.required
