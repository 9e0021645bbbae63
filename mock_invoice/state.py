"""What rarely changes and every request needs: organizations with their people, currencies, terms, units and fields.

Read once and kept in memory under a stamp that stands in the world's database and is new after each change of
any of it. The stamp is random, so that a restored world never meets what was kept of its later life.
"""

import secrets
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from mock_invoice.database import db
from mock_invoice.settings.currency_model import Currency
from mock_invoice.settings.custom_field_model import CustomField
from mock_invoice.settings.organization_model import Organization
from mock_invoice.settings.payment_term_model import PaymentTerm
from mock_invoice.settings.unit_model import Unit
from mock_invoice.settings.user_model import User
from simulator import context, settings, wire

#: States kept in memory, of all worlds of this service (worlds of one template share theirs).
STATES = 64
#: Tables whose rows are kept here; whoever changes one changes the row itself, and everybody reads them anew.
TABLES = (Organization, User, Currency, PaymentTerm, Unit, CustomField)
_STAMP = "invoice_stamp"

F = TypeVar("F")


@dataclass(frozen=True)
class CurrencyFacts:
    id: int
    organization_id: int
    currency_code: str
    currency_name: str
    currency_symbol: str
    price_precision: int
    exchange_rate: Decimal

    @property
    def formatted_name(self) -> str:
        return f"{self.currency_code}- {self.currency_name}"


@dataclass(frozen=True)
class OrganizationFacts:
    id: int
    name: str
    time_zone: str
    currency_id: int


@dataclass(frozen=True)
class UserFacts:
    id: int
    organization_id: int
    name: str
    email: str
    user_role: str
    status: str
    created_time: datetime

    @property
    def is_admin(self) -> bool:
        return self.user_role == "admin"


@dataclass(frozen=True)
class TermFacts:
    id: int
    organization_id: int
    payment_terms: int
    payment_terms_label: str


@dataclass(frozen=True)
class UnitFacts:
    id: int
    organization_id: int
    unit: str


@dataclass(frozen=True, eq=False)
class FieldFacts:
    id: int
    organization_id: int
    entity: str
    label: str
    api_name: str
    data_type: str
    index: int
    options: list[str]
    is_unique: bool
    is_hidden: bool
    show_on_pdf: bool


class State:
    """All of it as it was under one stamp; never changed once made."""

    def __init__(self) -> None:
        self.organizations = {one.id: one for one in _all(OrganizationFacts, Organization)}
        self.users = {one.id: one for one in _all(UserFacts, User)}
        self.currencies = {one.id: one for one in _all(CurrencyFacts, Currency)}
        self.term_ids: dict[int, dict[tuple[int, str], str]] = {one: {} for one in self.organizations}
        for term in _all(TermFacts, PaymentTerm):
            self.term_ids[term.organization_id][term.payment_terms, term.payment_terms_label] = str(term.id)
        self.unit_ids: dict[int, dict[str, str]] = {one: {} for one in self.organizations}
        for unit in _all(UnitFacts, Unit):
            self.unit_ids[unit.organization_id][unit.unit] = str(unit.id)
        self.fields = {
            one.id: one for one in sorted(_all(FieldFacts, CustomField), key=lambda one: (one.index, one.id))
        }
        self._fields_of: dict[tuple[int, str], list[FieldFacts]] = defaultdict(list)
        for field in self.fields.values():
            self._fields_of[field.organization_id, field.entity].append(field)

    def fields_of(self, organization_id: int, entity: str) -> Sequence[FieldFacts]:
        """The custom fields of a kind of record, in their order."""
        return self._fields_of.get((organization_id, entity), ())

    def user_in(self, organization_id: int, email: str) -> UserFacts | None:
        """The user that a person is in an organization: the same email makes him the same person."""
        found = (one for one in self.users.values() if (one.organization_id, one.email) == (organization_id, email))
        return next(found, None)


def _all(facts: type[F], table: Any) -> list[F]:
    return [facts(*row) for row in db.session.execute(_selected(cast(Any, facts), table))]


@cache
def _selected(facts: Any, table: Any) -> Any:
    return select(*(getattr(table, field.name) for field in fields(facts)))


class StateCache:
    """The states last used, by their stamps."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, State] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, stamp: str) -> State:
        with self._lock:
            if found := self._kept.get(stamp):
                self._kept.move_to_end(stamp)
                return found
        made = State()
        # Worlds from before there were stamps have none; a stamp that went by meanwhile is not this state's.
        if not stamp or stamp != _stamp_now():
            return made
        with self._lock:
            self._kept[stamp] = made
            while len(self._kept) > STATES:
                self._kept.popitem(last=False)
        return made


def _stamp_now() -> str | None:
    """The stamp past what settings keep for a transaction: a writing one on PostgreSQL sees what others commit."""
    text = db.session.scalar(select(settings.world_setting.c.value).where(settings.world_setting.c.key == _STAMP))
    return None if text is None else str(wire.loads(text))


_cache = StateCache()


def current() -> State:
    """The state of the world in context."""
    kept = context.kept()
    found: State | None = kept.get("state")
    if found is None:
        found = kept["state"] = _cache.get(settings.read(_STAMP, ""))
    return found


def forget() -> None:
    """Before each attempt at a request: what an attempt that was rolled back has seen does not count."""
    context.kept().pop("state", None)


@event.listens_for(db.session, "after_flush")
def _renew(session: Session, _: Any) -> None:
    """A row that is kept was written in the transaction under way: from here on there is another state."""
    if any(isinstance(one, TABLES) for touched in (session.new, session.dirty, session.deleted) for one in touched):
        settings.write(_STAMP, secrets.token_hex(8))
        forget()
