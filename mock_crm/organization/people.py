"""The people of the CRM as the rest of the program asks for them, and as the accounts server does."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from mock_crm.database import db
from mock_crm.organization import model
from mock_crm.organization.permissions import ADMINISTRATOR
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

    def allows(self, permission: str) -> bool:
        return self.permissions.get(permission, (0, False))[1]


@dataclass(frozen=True)
class Role:
    id: int
    name: str
    reporting_to: int | None


@dataclass(frozen=True)
class User:
    """A user of the CRM with his profile and role."""

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

    @cached_property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_admin(self) -> bool:
        return self.profile.name == ADMINISTRATOR

    def named(self) -> dict[str, str]:
        """How the user stands in outcomes and settings: name and id (crm-api.md §3.1)."""
        return {"name": self.full_name, "id": str(self.id)}

    @cached_property
    def referred(self) -> dict[str, str]:
        """How the user stands in records: with his email too. Made once, as a page may name him 600 times."""
        return {"name": self.full_name, "id": str(self.id), "email": self.email}


@dataclass(frozen=True)
class Company:
    """What the rest of the program wants to know of the organization."""

    id: int
    zgid: str
    name: str
    zone: ZoneInfo
    currency: str
    currency_symbol: str
    currency_decimals: int


@dataclass(frozen=True)
class People:
    """Users by id, profiles and roles by id, and their company."""

    company: Company
    users: dict[int, User]
    profiles: dict[int, Profile]
    roles: dict[int, Role]

    def by_email(self, email: str) -> User | None:
        wanted = email.strip().lower()
        return next((user for user in self.users.values() if user.email.lower() == wanted), None)

    def administrator(self) -> User:
        """The first active administrator; somebody always is one (the last cannot be removed)."""
        return next(user for user in self.users.values() if user.is_active and user.is_admin)


def load_people() -> People:
    """Reads users, profiles and roles from the world's database."""
    roles = {row.id: Role(row.id, row.name, row.reporting_to) for row in _all(model.Role)}
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
        )
        for row in _all(model.Profile)
    }
    users = {row.id: _user(row, profiles, roles) for row in _all(model.User)}
    return People(_company(), users, profiles, roles)


def _all(table: Any) -> Any:
    columns = table.__table__.c
    return db.session.execute(select(*columns).order_by(columns.id)).all()


def _user(row: Any, profiles: dict[int, Profile], roles: dict[int, Role]) -> User:
    return User(
        id=row.id,
        zuid=row.zuid,
        first_name=row.first_name,
        last_name=row.last_name,
        email=row.email,
        is_active=row.is_active,
        profile=profiles[row.profile_id],
        role=roles[row.role_id],
        created_time=row.created_time,
        modified_time=row.modified_time,
    )


def _company() -> Company:
    row = db.session.execute(select(model.Organization.__table__)).one()
    base = db.session.execute(select(model.Currency.__table__).where(model.Currency.is_base)).one()
    return Company(
        id=row.id,
        zgid=row.zgid,
        name=row.company_name,
        zone=ZoneInfo(row.time_zone),
        currency=base.iso_code,
        currency_symbol=base.symbol,
        currency_decimals=base.decimal_places,
    )


def account_user(user: User) -> AccountUser:
    return AccountUser(str(user.id), user.email, user.full_name, user.is_active, user.is_admin)
