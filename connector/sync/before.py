"""A record of Invoice as it stood before an op that was sent once already, and that nobody heard of. Pure."""

from dataclasses import dataclass
from typing import Any

from connector.fields import kind_of
from connector.mapping import Values, canonical, changed
from connector.sync.sending import Task
from connector.sync.whole import CRM_KEY, PRIMARY, whole

Record = dict[str, Any]


@dataclass(frozen=True)
class Before:
    """What was noted before the first try.

    What the record holds of what was to be written, it has from that try; all else somebody may have edited since.

    Attributes:
        noted: None where there was no try before.
    """

    task: Task
    noted: Record | None

    def values(self, now: Values) -> Values:
        """The mapped values before the first try, where they are `now`."""
        return {**now, **{name: self._canonical(name) for name in self._written(now)}}

    def parts(self, current: Record, now: Values) -> Record:
        """The same of written fields in the words of Invoice, with what a sync writes besides."""
        noted = self.noted or {}
        written = {*self._written(now), PRIMARY, CRM_KEY[self.task.entity]}
        return {name: noted[name] if name in written and name in noted else value for name, value in current.items()}

    def taken(self, current: Record | None) -> Record | None:
        """All of a record that is taken away, where it is `current` by now: gone, or made inactive by the first try."""
        if current is None:
            return self.noted
        return whole(self.as_active_as_it_was(current))

    def as_active_as_it_was(self, current: Record) -> Record:
        return {**current, "status": self.noted["status"]} if self.noted and "status" in self.noted else current

    def is_done(self, current: Record, now: Values) -> bool:
        """Whether the first try has done all of it."""
        is_told = str(current.get(CRM_KEY[self.task.entity]) or "") == self.task.crm_id
        return self.noted is not None and is_told and not changed(now, self.task.values)

    def _written(self, now: Values) -> list[str]:
        sent = self.task.values
        return [name for name in self.noted or () if name in sent and now.get(name) == sent[name]]

    def _canonical(self, name: str) -> Any:
        return canonical((self.noted or {})[name], kind_of(self.task.entity, name))
