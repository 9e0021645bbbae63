"""What a run will do, as it is gathered from its entities: what needs nothing is only counted, for there are many."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from connector.sync.both_ways import Step
from connector.sync.records import Looked, Planned, Settled, Side, Unchanged
from connector.sync.scope import Scope

Counted = dict[str, Counter[str]]


@dataclass
class Plan:
    """The steps of one run.

    Attributes:
        scope: what alone it takes; of single records nothing else is even counted.
        notes: what is kept of pairs that agree.
        unchanged: by the side they would be written to, and by entity, records by the reason why nothing is done.
    """

    scope: Scope
    steps: list[Planned] = field(default_factory=list)
    notes: list[Settled | Looked] = field(default_factory=list)
    unchanged: dict[Side, Counted] = field(
        default_factory=lambda: {"invoice": defaultdict(Counter), "crm": defaultdict(Counter)}
    )

    def take(self, steps: Iterable[Step]) -> list[Planned]:
        """Takes in the steps of one entity; its acts, whether the run takes them or not."""
        acts: list[Planned] = []
        is_whole = self.scope.records is None
        for step in steps:
            if isinstance(step, Planned):
                acts.append(step)
            elif isinstance(step, Unchanged):
                if is_whole:
                    self.unchanged[step.side][step.entity][step.reason] += 1
            elif is_whole:
                self.notes.append(step)
        self.steps += self.scope.within(acts)
        return acts
