"""The page of each scenario: what it is for, what to try, what it holds, and how a sync in it ends."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simulator import wire

FOLDER = Path(__file__).parent
OUTCOMES = ("added", "updated", "deleted", "skipped", "failed")


@dataclass(frozen=True)
class Sync:
    """A sync in a fresh world of the scenario.

    Attributes:
        settings: what the integration is set to before it.
        kind: `instant`, or `dry` for a preview.
        counts: how it ends, by outcome; outcomes that are not named are none.
    """

    settings: dict[str, Any]
    counts: dict[str, int]
    kind: str = "instant"

    @property
    def told(self) -> str:
        """
        >>> Sync({}, {"added": 3, "skipped": 1}).told
        '3 added, 1 skipped'
        """
        return ", ".join(f"{self.counts[name]:,} {name}" for name in OUTCOMES if self.counts.get(name)) or "nothing"


@dataclass(frozen=True)
class Page:
    """What a person reads before choosing a scenario.

    Attributes:
        holds: how many records of each module there are, by product.
        to_try: what one can do in it, a sentence each.
        refuses: settings that this company's integration does not take, with the words it says.
    """

    name: str
    title: str
    purpose: str
    to_try: tuple[str, ...]
    holds: dict[str, dict[str, int]]
    sync: Sync | None = None
    refuses: dict[str, Any] = field(default_factory=dict)


def page_names() -> list[str]:
    """The scenarios in the order of their pages: the plain ones first."""
    pages = [page_of(path.parent.name) for path in FOLDER.glob("*/page.json")]
    return [page.name for page in sorted(pages, key=lambda page: (page.name not in _FIRST, page.title))]


_FIRST = ("demo", "empty")


def page_of(name: str) -> Page:
    content = wire.loads((FOLDER / name / "page.json").read_bytes())
    sync = content.get("sync")
    return Page(
        name=name,
        title=content["title"],
        purpose=content["purpose"],
        to_try=tuple(content["try"]),
        holds=content["holds"],
        sync=Sync(**sync) if sync else None,
        refuses=content.get("refuses", {}),
    )
