"""Pages of records: by number for the first 2,000, beyond them by a token between two records (crm-api.md §4.1)."""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import request
from sqlalchemy import ColumnElement, and_, false, literal, or_, tuple_

from mock_crm import state, versions
from mock_crm.envelope import LARGEST_PAGE, number_param
from mock_crm.errors import Ambiguity, PageTooFar, TokenExpired, TokenMismatch, TokenTooFar
from mock_crm.records.values import shown_moment
from simulator import clock, wire

WITHOUT_TOKEN = 2_000
WITH_TOKEN = 100_000
TOKEN_LIFE = timedelta(hours=24)


@dataclass(frozen=True)
class Order:
    """What a list is sorted by; records without a value come last, equal ones by id.

    Columns of the record itself always have a value; saying so lets their index serve.
    """

    name: str
    expression: ColumnElement[Any]
    id: ColumnElement[int]
    descending: bool = True
    may_be_empty: bool = True

    @property
    def is_by_id(self) -> bool:
        return self.name == "id"

    def clauses(self, backward: bool = False) -> list[Any]:
        down = self.descending != backward
        by_id = self.id.desc() if down else self.id.asc()
        if self.is_by_id:
            return [by_id]
        by_value = self.expression.desc() if down else self.expression.asc()
        if not self.may_be_empty:
            return [by_value, by_id]
        empty_last = self.expression.is_(None).desc() if backward else self.expression.is_(None)
        return [empty_last, by_value, by_id]

    def after(self, place: "Place") -> ColumnElement[bool]:
        """Only what comes after (or before, going backward) a place.

        Raises:
            TokenMismatch: when the place is none of this order: somebody made it up.
        """
        if not self._has(place.value):
            raise TokenMismatch
        down = self.descending != place.backward
        beyond_id = self.id < place.id if down else self.id > place.id
        if self.is_by_id:
            return beyond_id
        if not self.may_be_empty:
            here, there = tuple_(self.expression, self.id), tuple_(literal(place.value), literal(place.id))
            return here < there if down else here > there
        is_empty = self.expression.is_(None)
        if place.value is None:
            same = and_(is_empty, beyond_id)
            return or_(same, self.expression.is_not(None)) if place.backward else same
        beyond = self.expression < place.value if down else self.expression > place.value
        further = or_(beyond, and_(self.expression == place.value, beyond_id))
        return or_(further, false() if place.backward else is_empty)

    def _has(self, value: int | str | None) -> bool:
        """Whether a record can be sorted by this value; no database takes others, PostgreSQL not even to compare."""
        if value is None:
            return self.may_be_empty and not self.is_by_id
        return type(value) is self.expression.type.python_type and not (isinstance(value, str) and "\0" in value)


@dataclass(frozen=True)
class Place:
    """A place between two records of a list."""

    value: int | str | None
    id: int
    page: int
    backward: bool = False


@dataclass(frozen=True)
class Page:
    """The page a request asks for."""

    number: int
    size: int
    place: Place | None

    @property
    def offset(self) -> int:
        return 0 if self.place else (self.number - 1) * self.size


def page_wanted(binding: str) -> Page:
    """The page of this request.

    Args:
        binding: what the token is bound to: user, module and filters, but not the fields (the tap changes them).

    Raises:
        CrmError: for pages out of reach and for tokens that are spoilt, too old or another list's.
    """
    size = number_param("per_page", LARGEST_PAGE, LARGEST_PAGE)
    text = request.args.get("page_token", "")
    if versions.current() < versions.V3 or not text:
        number = number_param("page", 1)
        if number * size > WITHOUT_TOKEN and versions.current() >= versions.V3:
            raise PageTooFar
        return Page(number, size, None)
    if request.args.get("page"):
        raise Ambiguity("page", "page_token")
    place = _place_of(text, _digest(binding, size))
    if place.page * size > WITH_TOKEN:
        raise TokenTooFar
    return Page(place.page, size, place)


def info(page: Page, rows: Sequence[Any], more: bool, order: Order, binding: str) -> dict[str, Any]:
    """The paging object; `rows` begin with the id and end with the sort value (see `store.page_of`)."""
    shown: dict[str, Any] = {
        "per_page": page.size,
        "count": len(rows),
        "page": page.number,
        "more_records": more,
    }
    if versions.current() < versions.V3:
        return shown
    ends = clock.now() + TOKEN_LIFE
    digest = _digest(binding, page.size)
    following = previous = None
    if more and rows:
        following = _token(Place(rows[-1][-1], rows[-1][0], page.number + 1), digest, ends.timestamp())
    if page.number > 1 and rows:
        before = Place(rows[0][-1], rows[0][0], page.number - 1, backward=True)
        previous = _token(before, digest, ends.timestamp())
    zone = state.people().company.zone
    return {
        "call": False,
        **shown,
        "next_page_token": following,
        "previous_page_token": previous,
        "page_token_expiry": shown_moment(int(ends.timestamp()), zone) if following else None,
        "sort_by": order.name,
        "sort_order": "desc" if order.descending else "asc",
        "email": False,
    }


def _digest(binding: str, size: int) -> str:
    return hashlib.sha256(f"{binding}|{size}".encode()).hexdigest()[:16]


def _token(place: Place, digest: str, ends: float) -> str:
    written = wire.dumps([digest, int(ends), place.value, place.id, place.page, place.backward])
    return base64.urlsafe_b64encode(written).decode().rstrip("=")


def _place_of(text: str, digest: str) -> Place:
    try:
        parts = wire.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        bound, ends, value, number, page, backward = parts
    except (ValueError, TypeError, binascii.Error):
        raise TokenMismatch from None
    is_whole = all(type(part) is int and 0 < part < 2**63 for part in (ends, number, page))
    if bound != digest or not is_whole or not isinstance(value, int | str | None) or backward not in (True, False):
        raise TokenMismatch
    if isinstance(value, int) and abs(value) >= 2**63:
        raise TokenMismatch
    if ends < clock.now().timestamp():
        raise TokenExpired
    return Place(value, number, page, bool(backward))
