"""The ZSC key: one live secret by which other Zoho products come in (crm-api.md §2.6, requirement K3).

A key is `<world><product mark><22 hex digits>`: it finds its world by itself, and a key of another product is known
as such. The form, the exchange and its words are ours; the vendor documents none.
"""

import secrets
from collections.abc import Sequence
from hmac import compare_digest
from typing import Any

from sqlalchemy import delete, select

from mock_crm.database import db
from mock_crm.organization.model import ZscConnection, ZscKey
from mock_crm.organization.people import User
from simulator import clock, context, ids
from simulator.accounts import tokens

CRM_MARK = "c1"
#: Marks of keys that other products would make; they are good for those products, not for the CRM.
OTHER_MARKS = {"a1": "Zoho Invoice", "b1": "Zoho Books", "d1": "Zoho Desk"}
PRODUCTS = {"ZohoInvoice": "Zoho Invoice", "ZohoBooks": "Zoho Books", "ZohoDesk": "Zoho Desk"}


def live_key() -> ZscKey | None:
    found: ZscKey | None = db.session.execute(select(ZscKey).where(ZscKey.ended_time.is_(None))).scalar_one_or_none()
    return found


def connections_of(key: ZscKey | None) -> Sequence[ZscConnection]:
    if key is None:
        return []
    statement = select(ZscConnection).where(ZscConnection.key_id == key.id).order_by(ZscConnection.id)
    return list(db.session.execute(statement).scalars())


def generate(user: User) -> str:
    """A new key, to be shown once; the one before is dead from now on."""
    end_live_key()
    secret = f"{context.current_world().id}{CRM_MARK}{secrets.token_hex(11)}"
    key = ZscKey(
        id=ids.new_id(),
        key_hash=tokens.hashed(secret),
        ends=secret[-4:],
        generated_by=user.id,
        generated_time=_now(),
    )
    db.session.add(key)
    db.session.flush()
    return secret


def end_live_key() -> bool:
    """Ends the live key with the tokens of all connections that stood on it; says whether there was one."""
    key = live_key()
    if key is None:
        return False
    for connection in connections_of(key):
        tokens.revoke(connection.refresh_hash)
    db.session.execute(delete(ZscConnection).where(ZscConnection.key_id == key.id))
    key.ended_time = _now()
    db.session.flush()
    return True


def end_key_of(user_id: int) -> None:
    """A key dies at once when the user who made it is deactivated."""
    key = live_key()
    if key is not None and key.generated_by == user_id:
        end_live_key()


def is_live(secret: str) -> bool:
    key = live_key()
    return key is not None and compare_digest(key.key_hash, tokens.hashed(secret))


def is_of_another_product(secret: str) -> bool:
    """Whether it is a key by its look, made by another product."""
    return len(secret) == 32 and secret[8:10] in OTHER_MARKS


def connect(product: str, organization: str, user: User, refresh_token: str) -> None:
    """Remembers who came in with the live key; the same organization coming again takes its own place."""
    key = live_key()
    assert key is not None
    for known in connections_of(key):
        if (known.product, known.organization) == (product, organization):
            tokens.revoke(known.refresh_hash)
            db.session.delete(known)
    db.session.add(
        ZscConnection(
            id=ids.new_id(),
            key_id=key.id,
            product=product,
            organization=organization,
            user_id=user.id,
            refresh_hash=tokens.hashed(refresh_token),
            connected_time=_now(),
        )
    )
    db.session.flush()


def _now() -> int:
    return int(clock.now().timestamp())


def shown_connection(connection: ZscConnection) -> dict[str, Any]:
    return {"name": PRODUCTS.get(connection.product, connection.product), "organization": connection.organization}
