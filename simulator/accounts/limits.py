"""The accounts server's limits on tokens (crm-api.md §2.2): off unless a world switches `token_limits` on.

Their moments are the world's: under a clock that stands still nobody is let through before it is moved.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from simulator import clock, switches
from simulator.accounts import tokens
from simulator.accounts.tokens import ACCESS_TOKEN_SECONDS, oauth_access_token, oauth_refresh_token
from simulator.database import session

SWITCH = switches.on_off("token_limits")

REFRESH_TOKENS_A_USER = 20
LIVE_ACCESS_TOKENS = 30
REFRESH_TOKENS_A_MINUTE = 5
ACCESS_TOKENS_IN_TEN_MINUTES = 10


class Throttled(Exception):
    """Tokens are asked for faster than the vendor gives them."""


def admit_refresh_token(user_id: str) -> None:
    """Before a user gets another refresh token.

    Raises:
        Throttled: when he got five in the last minute.
    """
    if not switches.read(SWITCH.name):
        return
    table, since = oauth_refresh_token, clock.now() - timedelta(minutes=1)
    if _count(table.c.user_id == user_id, table.c.issued_at > since.isoformat()) >= REFRESH_TOKENS_A_MINUTE:
        raise Throttled


def drop_first_refresh_token(user_id: str) -> None:
    """After a user got another one: the 21st is the end of his first, and of its access tokens."""
    table = oauth_refresh_token
    if not switches.read(SWITCH.name) or _count(table.c.user_id == user_id) <= REFRESH_TOKENS_A_USER:
        return
    first = select(table.c.token_hash).where(table.c.user_id == user_id).order_by(table.c.issued_at).limit(1)
    tokens.revoke(session().execute(first).scalar_one())


def admit_access_token(refresh_hash: str) -> None:
    """Before a refresh token gives another access token: the oldest live one ends where there are 30.

    Raises:
        Throttled: when it gave ten in the last ten minutes (from memory: *about* ten).
    """
    if not switches.read(SWITCH.name):
        return
    table = oauth_access_token
    mine, now = table.c.refresh_hash == refresh_hash, clock.now()
    recent = now + timedelta(seconds=ACCESS_TOKEN_SECONDS) - timedelta(minutes=10)
    if _count(mine, table.c.expires_at > tokens.moment_text(recent)) >= ACCESS_TOKENS_IN_TEN_MINUTES:
        raise Throttled
    live = select(table.c.token_hash).where(mine, table.c.expires_at > tokens.moment_text(now))
    ending = live.order_by(table.c.expires_at.desc()).offset(LIVE_ACCESS_TOKENS - 1)
    for row in session().execute(ending).all():
        tokens.revoke(row.token_hash)


def _count(*conditions: Any) -> int:
    return int(session().execute(select(func.count()).where(*conditions)).scalar_one())
