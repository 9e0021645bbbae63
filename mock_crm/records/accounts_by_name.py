"""Accounts given by name: `"Account_Name": {"name": "Acme"}` names the account of that name, or makes it (§3.3)."""

from collections.abc import Sequence

from mock_crm import access, state
from mock_crm.errors import InvalidData, NoPermission
from mock_crm.notifications import firing
from mock_crm.organization.permissions import module_permission
from mock_crm.records.drafts import Draft, read_draft
from mock_crm.records.uniqueness import holders
from mock_crm.records.values import ByName, key_of

FIELD = "Account_Name"


def named_accounts(drafts: Sequence[Draft]) -> dict[str, list[Draft]]:
    """The drafts that give their account by name, by that name; those that are wrong anyway make no account."""
    named: dict[str, list[Draft]] = {}
    for draft in drafts:
        known = draft.module.fields.get(FIELD)
        value = draft.changes.get(FIELD)
        is_lookup = known is not None and known.lookup_module == "Accounts"
        if is_lookup and isinstance(value, ByName) and not draft.errors:
            named.setdefault(value.name, []).append(draft)
    return named


def link_accounts(drafts: Sequence[Draft]) -> list[Draft]:
    """Puts ids in place of names where an account has the name; returns drafts of the accounts still to be made."""
    named = named_accounts(drafts)
    if not named:
        return []
    accounts = state.catalog().modules["Accounts"]
    held = holders(accounts, ((FIELD, key_of(name)) for name in named))
    new: dict[str, Draft] = {}
    for name, asking in named.items():
        key = key_of(name)
        if (FIELD, key) not in held and key not in new:
            new[key] = read_draft(accounts, asking[0].place, {FIELD: name})
        for draft in asking:
            if (number := held.get((FIELD, key))) is not None:
                draft.changes[FIELD] = number
    return list(new.values())


def settle_made(drafts: Sequence[Draft], made: Sequence[Draft]) -> None:
    """Gives the drafts the accounts that were made for them, or says why there is none."""
    by_key = {key_of(account.changes.get(FIELD) or ""): account for account in made}
    for name, asking in named_accounts(drafts).items():
        account = by_key.get(key_of(name))
        for draft in asking:
            if account is not None and not account.errors:
                draft.changes[FIELD] = account.record_id
            else:
                del draft.changes[FIELD]
                error = account.error() if account is not None else None
                draft.errors.append(error or InvalidData(draft.located(FIELD)))
    accounts = state.catalog().modules["Accounts"]
    firing.inserted(accounts, [int(account.record_id or 0) for account in made if not account.errors], related=True)


def refuse_unless_allowed(drafts: Sequence[Draft]) -> None:
    """Who may not create accounts cannot do it by name either."""
    needed = module_permission("Accounts", "Create")
    if not access.may(needed):
        for draft in drafts:
            draft.refuse(NoPermission(needed))
