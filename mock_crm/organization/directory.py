"""The CRM's people as the accounts server and the control routes ask for them."""

from typing import Any

from mock_crm import state
from mock_crm.organization.people import account_user
from simulator.accounts import AccountUser


class CrmDirectory:
    """Finds users by email and id in the world in context."""

    def find_user(self, email: str) -> AccountUser | None:
        user = state.people().by_email(email)
        return account_user(user) if user else None

    def get_user(self, user_id: str) -> AccountUser | None:
        user = state.people().users.get(int(user_id)) if user_id.isdigit() else None
        return account_user(user) if user else None

    def people(self) -> list[AccountUser]:
        return [account_user(user) for user in state.people().users.values() if user.is_active]

    def administrator(self) -> AccountUser:
        return account_user(state.people().administrator())

    def organization_id(self) -> str:
        return state.people().company.zgid

    def time_zone(self) -> str:
        return state.people().company.zone.key

    def described(self) -> list[dict[str, Any]]:
        return [
            {
                "id": str(user.id),
                "email": user.email,
                "name": user.full_name,
                "profile": user.profile.name,
                "role": user.role.name,
                "is_admin": user.is_admin,
                "is_active": user.is_active,
            }
            for user in state.people().present
        ]
