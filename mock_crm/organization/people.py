"""The people of the CRM as the rest of the program asks for them, and as the accounts server does."""

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from mock_crm.database import db
from mock_crm.organization import model
from mock_crm.organization.permissions import ADMINISTRATOR
from simulator import wire
from simulator.accounts import AccountUser


@dataclass(frozen=True)
class Profile:
    """A profile and what it allows."""

    id: int
    name: str
    description: str
    is_custom: bool
    modified_time: int | None
    modified_by: int | None
    permissions: dict[str, tuple[int, bool]]  # name → id of the box, ticked or not
    created_time: int | None = None
    created_by: int | None = None

    @property
    def is_administrator(self) -> bool:
        return self.name == ADMINISTRATOR

    def allows(self, permission: str) -> bool:
        return self.permissions.get(permission, (0, False))[1]


@dataclass(frozen=True)
class Role:
    id: int
    name: str
    reporting_to: int | None
    description: str | None = None
    shares_with_peers: bool = True
    created_by: int | None = None
    created_time: int | None = None
    modified_by: int | None = None
    modified_time: int | None = None


@dataclass(frozen=True)
class User:
    """A user of the CRM with his profile and role.

    Only somebody who accepted his invitation is active in the sense that he gets in and can own records.
    """

    id: int
    zuid: str
    first_name: str
    last_name: str
    email: str
    is_active: bool
    profile: Profile
    role: Role
    created_time: int
    modified_time: int
    is_confirmed: bool = True
    is_switched_on: bool = True
    deleted_time: int | None = None
    created_by: int | None = None
    modified_by: int | None = None
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def is_deleted(self) -> bool:
        return self.deleted_time is not None

    @cached_property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_admin(self) -> bool:
        return self.profile.is_administrator

    def named(self) -> dict[str, str]:
        """How the user stands in outcomes and settings: name and id (crm-api.md §3.1)."""
        return {"name": self.full_name, "id": str(self.id)}

    @cached_property
    def referred(self) -> dict[str, str]:
        """How the user stands in records: with his email too. Made once, as a page may name him 600 times."""
        return {"name": self.full_name, "id": str(self.id), "email": self.email}


@dataclass(frozen=True)
class Currency:
    """A currency of the company; its rate says how much of it one unit of the base currency buys (from memory)."""

    id: int
    iso_code: str
    name: str
    symbol: str
    is_base: bool
    is_active: bool
    exchange_rate: Decimal
    decimal_places: int


@dataclass(frozen=True)
class Company:
    """What the rest of the program wants to know of the organization; the first three of currency are the base's."""

    id: int
    zgid: str
    name: str
    zone: ZoneInfo
    currency: str
    currency_symbol: str
    currency_decimals: int
    is_multi_currency: bool = False
    currencies: dict[str, Currency] = field(default_factory=dict)  # by ISO code, the base first


@dataclass(frozen=True)
class People:
    """Users by id, profiles and roles by id, and their company."""

    company: Company
    users: dict[int, User]
    profiles: dict[int, Profile]
    roles: dict[int, Role]

    def by_email(self, email: str) -> User | None:
        wanted = email.strip().lower()
        return next((user for user in self.present if user.email.lower() == wanted), None)

    @cached_property
    def present(self) -> tuple[User, ...]:
        """The users who were not deleted."""
        return tuple(user for user in self.users.values() if not user.is_deleted)

    def named(self, number: int | None) -> dict[str, str] | None:
        """Somebody by id, deleted or not, as settings name him; None where nobody is meant."""
        user = self.users.get(number or 0)
        return user.named() if user is not None else None

    def below(self, role: int) -> set[int]:
        """The roles that report to a role, directly or not."""
        found: set[int] = set()
        while more := {r.id for r in self.roles.values() if r.reporting_to in found | {role}} - found - {role}:
            found |= more
        return found

    def administrator(self) -> User:
        """The first active administrator; somebody always is one (the last cannot be removed)."""
        return next(user for user in self.users.values() if user.is_active and user.is_admin)


def load_people() -> People:
    """Reads users, profiles and roles from the world's database."""
    roles = {row.id: _role(row) for row in _all(model.Role)}
    boxes: dict[int, dict[str, tuple[int, bool]]] = {}
    for box in _all(model.ProfilePermission):
        boxes.setdefault(box.profile_id, {})[box.name] = (box.id, box.enabled)
    profiles = {
        row.id: Profile(
            row.id,
            row.name,
            row.description,
            row.is_custom,
            row.modified_time,
            row.modified_by,
            boxes.get(row.id, {}),
            row.created_time,
            row.created_by,
        )
        for row in _all(model.Profile)
    }
    users = {row.id: _user(row, profiles, roles) for row in _all(model.User)}
    return People(_company(), users, profiles, roles)


def _all(table: Any) -> Any:
    columns = table.__table__.c
    return db.session.execute(select(*columns).order_by(columns.id)).all()


def _role(row: Any) -> Role:
    return Role(
        row.id,
        row.name,
        row.reporting_to,
        row.description,
        row.shares_with_peers,
        row.created_by,
        row.created_time,
        row.modified_by,
        row.modified_time,
    )


def _user(row: Any, profiles: dict[int, Profile], roles: dict[int, Role]) -> User:
    return User(
        id=row.id,
        zuid=row.zuid,
        first_name=row.first_name,
        last_name=row.last_name,
        email=row.email,
        is_active=row.is_active and row.is_confirmed and row.deleted_time is None,
        profile=profiles[row.profile_id],
        role=roles[row.role_id],
        created_time=row.created_time,
        modified_time=row.modified_time,
        is_confirmed=row.is_confirmed,
        is_switched_on=row.is_active,
        deleted_time=row.deleted_time,
        created_by=row.created_by,
        modified_by=row.modified_by,
        details=wire.loads(row.details),
    )


def _company() -> Company:
    row = db.session.execute(select(model.Organization.__table__)).one()
    order = (model.Currency.is_base.desc(), model.Currency.id)
    rows = db.session.execute(select(*model.Currency.__table__.c).order_by(*order)).all()
    currencies = {
        known.iso_code: Currency(
            known.id,
            known.iso_code,
            known.name,
            known.symbol,
            known.is_base,
            known.is_active,
            Decimal(known.exchange_rate),
            known.decimal_places,
        )
        for known in rows
    }
    base = rows[0]
    return Company(
        id=row.id,
        zgid=row.zgid,
        name=row.company_name,
        zone=ZoneInfo(row.time_zone),
        currency=base.iso_code,
        currency_symbol=base.symbol,
        currency_decimals=base.decimal_places,
        is_multi_currency=row.multi_currency,
        currencies=currencies,
    )


def account_user(user: User) -> AccountUser:
    return AccountUser(str(user.id), user.email, user.full_name, user.is_active, user.is_admin)
