"""The people of Invoice as its accounts server knows them."""

from typing import Any

from sqlalchemy import select

from mock_invoice.database import db
from mock_invoice.fields import LARGEST_ID
from mock_invoice.settings.organization_model import Organization
from mock_invoice.settings.user_model import User
from simulator.accounts import AccountUser


class InvoiceDirectory:
    """A person signs in with his user of the default organization, else with that of his first one."""

    def find_user(self, email: str) -> AccountUser | None:
        return next((_account(user) for user in self._users() if user.email == email.strip().lower()), None)

    def get_user(self, user_id: str) -> AccountUser | None:
        if not (user_id.isascii() and user_id.isdigit()) or int(user_id) > LARGEST_ID:
            return None
        user = db.session.get(User, int(user_id))
        return _account(user) if user is not None else None

    def people(self) -> list[AccountUser]:
        return [_account(user) for user in self._users() if user.status == "active"]

    def administrator(self) -> AccountUser:
        return next(_account(user) for user in self._users() if user.is_admin and user.status == "active")

    def organization_id(self) -> str:
        return str(self._organization().id)

    def time_zone(self) -> str:
        return self._organization().time_zone

    def described(self) -> list[dict[str, Any]]:
        return [
            {
                "id": str(user.id),
                "email": user.email,
                "name": user.name,
                "role": user.user_role,
                "is_admin": user.is_admin,
                "is_active": user.status == "active",
            }
            for user in self._users()
        ]

    @staticmethod
    def _organization() -> Organization:
        return db.session.scalars(select(Organization).where(Organization.is_default_org)).one()

    def _users(self) -> list[User]:
        """One user per person, the default organization's before others."""
        statement = (
            select(User)
            .join(Organization, Organization.id == User.organization_id)
            .where(User.status != "deleted")
            .order_by(Organization.is_default_org.desc(), User.id)
        )
        found: dict[str, User] = {}
        for user in db.session.scalars(statement):
            found.setdefault(user.email, user)
        return list(found.values())


def _account(user: User) -> AccountUser:
    return AccountUser(str(user.id), user.email, user.name, user.status == "active", user.is_admin)
