"""What the planner sees and what it says: plain data, no database, no network."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from connector.mapping import Values

Kind = Literal[
    "create",
    "update",
    "link",
    "alias",
    "skip",
    "delete",
    "unlink",
    "leave_view",
    "return_to_view",
    "stamp",
    "release",
    "merge",
    "merged",
    "drop",
    "promote",
]
Side = Literal["crm", "invoice"]


@dataclass(frozen=True, slots=True)
class Source:
    """A CRM record in canonical values of Invoice fields."""

    id: str
    name: str
    values: Values
    modified: str
    created: str = ""
    parent: str | None = None
    sync_key: str = ""
    """What the connector wrote into a CRM record it made; empty in all others."""
    home: str = ""
    """Of a person, the customer he stands under (see `homes`)."""

    @property
    def email(self) -> str:
        return str(self.values.get("email", ""))

    @property
    def sku(self) -> str:
        return str(self.values.get("sku", ""))


@dataclass(frozen=True, slots=True)
class Target:
    """An Invoice record as far as a list tells of it."""

    id: str
    name: str
    modified: str = ""
    email: str = ""
    sku: str = ""
    home: str = ""
    values: Values | None = None
    """Under Sync both ways; None where it was not touched since it was last seen, or is not read at all."""
    is_active: bool = True
    noted: str = ""
    """What is noted of its modified time once it is settled; see `reading.trusted`."""
    persons: list[dict[str, Any]] | None = None
    """The persons of a customer that was read."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """A link as the planner sees it."""

    id: int
    crm_id: str
    invoice_id: str
    name: str
    state: str
    role: str
    base: Values
    mapping_version: str
    suffix: str
    in_view: bool
    origin: str
    incarnation: int
    parent: str | None = None
    home: str = ""
    invoice_modified: str = ""
    persons_noted: str = ""
    as_kept: Mapping[str, Values] = field(default_factory=dict)
    unheard: Mapping[str, Values] = field(default_factory=dict)

    def last_seen(self, side: Side, now: Values) -> Values:
        """The values a side had when both agreed last, its values now told."""
        return {**self.base, **self.as_kept.get(side, {}), **self.arrived(side, now)}

    def arrived(self, side: Side, now: Values) -> Values:
        """What an unanswered update sent a side that holds it by now: both sides agreed on that, when it was sent."""
        return {name: value for name, value in self.unheard.get(side, {}).items() if now.get(name) == value}


@dataclass(frozen=True, slots=True)
class Planned:
    """One act the run will do, with its reason in plain words."""

    kind: Kind
    entity: str
    crm_id: str
    name: str
    reason: str
    invoice_id: str | None = None
    values: Values = field(default_factory=dict)
    parent: str | None = None
    home: str = ""
    suffix: str = ""
    incarnation: int = 1
    modified: str = ""
    side: Side = "invoice"
    """The side that is written."""
    seen: Values | None = None
    """Under Sync both ways: what stands in the written fields, so that an edit made meanwhile is not overwritten."""
    baseline: Values | None = None
    """What both sides agree on once it is done; None for `values` without the suffix."""
    conflicts: Mapping[str, Any] = field(default_factory=dict)
    """Fields that both sides changed: both values and whose stands (requirement C11)."""
    into: str | None = None
    """Of a merge, the record of the same side that stays."""
    twin: str | None = None
    """The record of the other side that the step was settled with, for its name."""
    target_name: str = ""
    """The name of either, which stands beside the reason: records of one reason are counted together."""


@dataclass(frozen=True)
class Unchanged:
    """A record with nothing to do; only counted, by its reason and the side it would be written to."""

    entity: str
    reason: str = "nothing changed"
    side: Side = "invoice"


@dataclass(frozen=True)
class Settled:
    """A pair that agrees without a write: what is noted of it."""

    link_id: int
    agreed: Values
    invoice_modified: str
    mapping_version: str


@dataclass(frozen=True)
class Looked:
    """A customer whose persons all agree: up to which modified time they were looked at."""

    customer_id: str
    noted: str


@dataclass(frozen=True)
class Unheard:
    """A record of Invoice that an earlier run made without learning of it: the answer was lost (sync.md §5).

    Attributes:
        sent: what it was made with, without the suffix.
    """

    target: Target
    sent: Values
    suffix: str


@dataclass
class Listing:
    """Everything one run read of one entity."""

    sources: list[Source]
    targets: list[Target]
    links: list[Pairing]
    gone: frozenset[str] = frozenset()
    gone_at: Mapping[str, str] = field(default_factory=dict)
    """When the CRM says they went."""
    merged: Mapping[str, str] = field(default_factory=dict)
    """Those of them that were merged, each with the record that stayed (requirement C14)."""
    left_out: Mapping[str, str] = field(default_factory=dict)
    """Why CRM records that the view has are not synced, by their ids (requirements C1, C13)."""
    beyond: list[Source] = field(default_factory=list)
    """Sync both ways: CRM records outside the view, as far as duplicates of them can be told."""
    taken: frozenset[str] = frozenset()
    """Customers of Invoice that are linked with CRM records of another kind."""
    choices: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """What persons chose for two records, by CRM id and Invoice id: `link` or `apart`."""
    looked: list[Looked] = field(default_factory=list)
    """Customers whose persons were read, to be noted where they agree."""
    one_way: frozenset[str] = frozenset()
    """Mapped Invoice fields that do not travel back to the CRM."""
    made: Mapping[str, Source] = field(default_factory=dict)
    """CRM records that were made of records of Invoice by a run that never learnt of it, by the Invoice id."""
    sent: Mapping[str, Values] = field(default_factory=dict)
    """What they were made with, by their key."""
    unheard: Mapping[str, Unheard] = field(default_factory=dict)
    """The same in Invoice, by the CRM id."""
    read_at: dict[Side, datetime | None] = field(default_factory=dict)
    """The server's time when each side's list was begun; None where it did not tell."""


@dataclass(frozen=True)
class Result:
    """What became of one op: its outcome, and what both sides look like afterwards."""

    outcome: Literal["added", "updated", "deleted", "skipped", "failed"]
    reason: str
    invoice_id: str | None = None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    invoice_modified: str = ""
    code: str | None = None
    is_unknown: bool = False
    crm_id: str | None = None
    kept_otherwise: Mapping[str, Any] = field(default_factory=dict)
    """Fields that the written side keeps otherwise than they were sent."""
    stood: Mapping[str, Any] | None = None
    """What the written fields held before, in the words of their side; of a deleted record all of it (S7)."""
    stands: Mapping[str, Any] | None = None
    """What they hold since; of a record made in Invoice a print of all of it."""
