"""Whether two records of one side are duplicates still: a merge may have waited long for its confirmation. Pure."""

from typing import Any

from connector.settings import Entity
from connector.sync.namesakes import Namesakes
from connector.sync.records import Source, Target

NOT_ANY_MORE = "they are no duplicates any more; nothing was merged"
MERGED_IN_CRM = "went to the recycle bin, merged into another record of CRM"
MERGED_IN_INVOICE = "made inactive, merged into another record of Invoice"
MERGED_AND_DELETED = "deleted, merged into another record of Invoice"


def are_duplicates(entity: Entity, survivor: Source | Target, loser: Source | Target) -> bool:
    known: Namesakes[Any] = Namesakes(entity)
    known.add(survivor)
    return bool(known.of(loser))
