"""What the planner sees and what it says: plain data, no database, no network."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from connector.mapping import Values

Kind = Literal["create", "update", "link", "alias", "skip", "delete", "unlink", "leave_view", "return_to_view"]


@dataclass(frozen=True)
class Source:
    """A CRM record in canonical values of Invoice fields."""

    id: str
    name: str
    values: Values
    modified: str
    created: str = ""
    parent: str | None = None


@dataclass(frozen=True)
class Target:
    """An Invoice record as far as a list tells of it."""

    id: str
    name: str
    modified: str = ""
    email: str = ""
    parent: str | None = None


@dataclass(frozen=True)
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


@dataclass(frozen=True)
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
    suffix: str = ""
    incarnation: int = 1
    modified: str = ""


@dataclass(frozen=True)
class Unchanged:
    """A record with nothing to do; only counted, by its reason."""

    entity: str
    reason: str = "nothing changed"


@dataclass
class Listing:
    """Everything one run read of one entity."""

    sources: list[Source]
    targets: list[Target]
    links: list[Pairing]
    gone: frozenset[str] = frozenset()
    left_out: Mapping[str, int] = field(default_factory=dict)


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
