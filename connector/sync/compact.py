"""Canonical values of many records, kept small: a run that reads everything holds those of both sides (I16).

The names are the same for all records of an entity and are kept once; a dict would keep a table of them for each.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from connector.mapping import Values


class Compact(Mapping[str, Any]):
    """Values that do not change any more, read as a dict is."""

    __slots__ = ("_places", "_values")

    def __init__(self, places: Mapping[str, int], values: tuple[Any, ...]) -> None:
        self._places = places
        self._values = values

    def __getitem__(self, name: str) -> Any:
        return self._values[self._places[name]]

    def get(self, name: str, default: Any = None) -> Any:
        place = self._places.get(name)
        return default if place is None else self._values[place]

    def __contains__(self, name: object) -> bool:
        return name in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._values)

    def items(self) -> Any:
        return list(zip(self._places, self._values, strict=True))

    def __repr__(self) -> str:
        return f"Compact({dict(self)!r})"


def compact(values: Values, like: Values | None = None) -> Values:
    """The same values, small; `like` itself where it holds the same: both sides of most pairs agree."""
    if like is not None and len(like) == len(values) and like == values:
        return like
    return values if isinstance(values, Compact) else Compact(_places(tuple(values)), tuple(values.values()))


@lru_cache(maxsize=1_000)
def _places(names: tuple[str, ...]) -> Mapping[str, int]:
    return {name: place for place, name in enumerate(names)}
