"""Whether two records of one side are duplicates still: a merge may have waited long for its confirmation. Pure."""

from typing import Any

from connector.settings import Entity
from connector.sync.namesakes import Namesakes
from connector.sync.records import Source, Target

NOT_ANY_MORE = "they are no duplicates any more; nothing was merged"


def are_duplicates(entity: Entity, survivor: Source | Target, loser: Source | Target) -> bool:
    known: Namesakes[Any] = Namesakes(entity)
    known.add(survivor)
    return bool(known.of(loser))
