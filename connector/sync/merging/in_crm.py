"""Tells linked accounts that were merged in the CRM from deleted ones (requirement C14).

The CRM's list of deleted records does not say why one is gone. A merged one shows by what hung on it, which hangs on
another linked account now, or by a linked account of its name that was changed when it went or later.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select

from connector.database import db
from connector.mapping import name_key
from connector.models import Link, Potential
from connector.peers import Peers
from connector.sync.records import Listing, Pairing

AT_ONCE = 100
#: The CRM module of what hangs on an account, by what the connector knows of it.
HANGING = {"contact": "Contacts", "potential": "Deals"}


def merged_into(peers: Peers, listing: Listing, hanging: Mapping[str, dict[str, list[str]]]) -> dict[str, str]:
    """The surviving account by the CRM id of each account that was merged into it.

    Args:
        hanging: what hung on the accounts that are gone, by module and account (see `hanging_on`).
    """
    lost = lost_accounts(listing)
    there = {source.id: source for source in listing.sources}
    survivors = {link.crm_id: there[link.crm_id] for link in _leading(listing) if link.crm_id in there}
    found: dict[str, str] = {}
    for kind, by_account in hanging.items():
        now = _account_now(peers, HANGING[kind], [one for ids in by_account.values() for one in ids])
        for account_id, ids in by_account.items():
            others = [now[one] for one in ids if now.get(one) in survivors]
            if others:
                found.setdefault(account_id, others[0])
    by_name = {name_key(survivor.name): survivor for survivor in survivors.values()} if lost else {}
    for link in lost:
        namesake = by_name.get(name_key(link.name))
        if namesake is not None and _is_since(namesake.modified, listing.gone_at[link.crm_id]):
            found.setdefault(link.crm_id, namesake.id)
    return found


def _is_since(modified: str, gone: str) -> bool:
    """The CRM may tell both times in zones of their own."""
    return datetime.fromisoformat(modified) >= datetime.fromisoformat(gone)


def lost_accounts(listing: Listing) -> list[Pairing]:
    """Linked accounts that the CRM says are gone."""
    return [link for link in _leading(listing) if link.crm_id in listing.gone]


def _leading(listing: Listing) -> list[Pairing]:
    return [link for link in listing.links if link.state == "linked" and link.role == "primary"]


def hanging_on(connection_id: int, lost: Iterable[Pairing]) -> dict[str, dict[str, list[str]]]:
    """The contacts and potentials the connector knew under accounts, by kind and account."""
    accounts = {link.id: link.crm_id for link in lost}
    found: dict[str, dict[str, list[str]]] = {"contact": {}, "potential": {}}
    if not accounts:
        return found
    contacts = select(Link.parent_link_id, Link.crm_id).where(
        Link.connection_id == connection_id, Link.entity == "contact", Link.parent_link_id.in_(accounts)
    )
    for parent, crm_id in db.session.execute(contacts):
        found["contact"].setdefault(accounts[int(parent or 0)], []).append(crm_id)
    for column in (Potential.account_id, Potential.former_account_id):  # of a merge one may have heard before
        potentials = select(column, Potential.crm_id).where(
            Potential.connection_id == connection_id, column.in_(accounts.values())
        )
        for account_id, crm_id in db.session.execute(potentials):
            found["potential"].setdefault(str(account_id), []).append(crm_id)
    return found


def _account_now(peers: Peers, module: str, crm_ids: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for start in range(0, len(crm_ids), AT_ONCE):
        for record in peers.crm.get_records_by_id(module, crm_ids[start : start + AT_ONCE], ["Account_Name"]):
            if record.get("Account_Name"):
                found[str(record["id"])] = str(record["Account_Name"]["id"])
    return found
