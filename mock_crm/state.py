"""What rarely changes and every request needs: metadata, people and the company of the world in context.

Read once and kept in memory under a stamp that stands in the world's database and is new after each change of
any of it. The stamp is random, so that a restored world never meets what was kept of its later life.
"""

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from flask import g

from mock_crm.limits.allowance import Allowance, load_allowance
from mock_crm.metadata.catalog import Catalog
from mock_crm.metadata.loading import load_catalog
from mock_crm.organization.people import People, load_people
from simulator import settings

KEPT = 64
_SETTING = "crm_stamp"


@dataclass(frozen=True)
class State:
    """Metadata and people as they were under one stamp; never changed once made."""

    stamp: str
    catalog: Catalog
    people: People
    allowance: Allowance
    shown: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """What shows records, ready made, by module, fields, version and profile; see `records/present.py`."""


class StateCache:
    """The states last used, of all worlds of this service (worlds of one template share theirs)."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, State] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, stamp: str) -> State:
        with self._lock:
            if found := self._kept.get(stamp):
                self._kept.move_to_end(stamp)
                return found
        people = load_people()
        made = State(stamp, load_catalog(), people, load_allowance(people))
        with self._lock:
            self._kept[stamp] = made
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return made


_cache = StateCache()


def current() -> State:
    """The state of the world in context."""
    found: State | None = g.get("crm_state")
    if found is None:
        found = g.crm_state = _cache.get(settings.read(_SETTING, ""))
    return found


def catalog() -> Catalog:
    return current().catalog


def people() -> People:
    return current().people


def changed() -> None:
    """Metadata, people or the company were changed in the transaction under way: everybody reads them anew."""
    settings.write(_SETTING, secrets.token_hex(8))
    forget()


def forget() -> None:
    """Before each attempt at a request: what an attempt that was rolled back has seen does not count."""
    g.pop("crm_state", None)
