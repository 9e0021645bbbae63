"""What alone a run takes: one section, or single records once more (requirements S5, S8). Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from connector.settings import Entity
from connector.sync.records import Planned

Step = TypeVar("Step")


@dataclass(frozen=True)
class Scope:
    """What alone a run takes: a section (contacts, items), or records, each by entity, CRM id and Invoice id."""

    section: str | None = None
    records: Sequence[Sequence[Any]] | None = None

    def __bool__(self) -> bool:
        return self.section is not None or self.records is not None

    def entities(self, entities: list[Entity]) -> list[Entity]:
        """The kinds a run has to read; contacts need their accounts read, for the view of those counts too."""
        if self.section is not None:
            return [entity for entity in entities if (entity.name == "product") == (self.section == "items")]
        if self.records is None:
            return entities
        wanted = {entity for entity, _, _ in self.records}
        return [
            entity for entity in entities if entity.name in wanted or (entity.name == "account" and "contact" in wanted)
        ]

    def within(self, steps: Iterable[Step]) -> list[Step]:
        """The steps about the records a run takes; all of them where it takes everything of its kinds."""
        if self.records is None:
            return list(steps)
        by_crm = {(entity, crm_id) for entity, crm_id, _ in self.records if crm_id}
        by_invoice = {(entity, invoice_id) for entity, _, invoice_id in self.records if invoice_id}
        return [
            step
            for step in steps
            if isinstance(step, Planned)
            and ((step.entity, step.crm_id) in by_crm or (step.entity, step.invoice_id) in by_invoice)
        ]
