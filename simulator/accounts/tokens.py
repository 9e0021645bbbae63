"""Clients, refresh tokens, grant codes and access tokens, stored as hashes.

Each carries its world's id, so that a call finds its world without a look-up."""

import hashlib
import re
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Column, Index, Integer, String, Table, Text, bindparam, delete, func, insert, select

from simulator import clock, context
from simulator.database import common_metadata, connection, session
from simulator.due import TOKEN_END, Due
from simulator.prepared import Prepared

ACCESS_TOKEN_SECONDS = 3600
GRANT_CODE_SECONDS = 600

oauth_client = Table(
    "oauth_client",
    common_metadata,
    Column("client_id", String(80), primary_key=True),
    Column("secret_hash", String(64), nullable=False),
    Column("name", String(100), nullable=False),
    Column("redirect_uris", Text, nullable=False, default=""),
)
oauth_refresh_token = Table(
    "oauth_refresh_token",
    common_metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("client_id", String(80), nullable=False),
    Column("user_id", String(30), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("issued_at", String(40), nullable=False),
)
oauth_grant_code = Table(
    "oauth_grant_code",
    common_metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("client_id", String(80), nullable=False),
    Column("user_id", String(30), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("redirect_uri", Text, nullable=False),
    Column("offline", Integer, nullable=False),
    Column("expires_at", String(40), nullable=False),
)
oauth_access_token = Table(
    "oauth_access_token",
    common_metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("client_id", String(80), nullable=False),
    Column("user_id", String(30), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("refresh_hash", String(64)),
    Column("expires_at", String(40), nullable=False),
    Index("oauth_access_token_refresh", "refresh_hash"),
    Index("oauth_access_token_expires", "expires_at"),
)

#: Who calls, calls often: what is to be read in a token is read once.
TOKENS_AT_HAND = 1_000
#: `1000.<world><24 hex>.<32 hex>` (tokens, codes), `1000.<WORLD><signs>` (client ids), `<world><24 hex>` (authtoken).
_WORLD_IN_TOKEN = re.compile(r"(?:1000\.)?([A-Za-z0-9]{8})[A-Za-z0-9]+(?:\.[0-9a-f]+)?")


@lru_cache(maxsize=TOKENS_AT_HAND)
def world_of_token(token: str) -> str | None:
    """The world a token, code, key or client id belongs to; None when it has not the look of one."""
    found = _WORLD_IN_TOKEN.fullmatch(token)
    return found.group(1).lower() if found else None


def new_token() -> str:
    """A fresh token of the world in context, in the vendor's look (crm-api.md §2.2)."""
    return f"1000.{context.current_world().id}{secrets.token_hex(12)}.{secrets.token_hex(16)}"


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def issue_authtoken(user_id: str, scopes: str) -> str:
    """A token of the kind there was before OAuth: 32 signs, and no end."""
    token = f"{context.current_world().id}{secrets.token_hex(12)}"
    session().execute(
        insert(oauth_access_token).values(
            token_hash=hashed(token),
            client_id="authtoken",
            user_id=user_id,
            scopes=scopes,
            refresh_hash=None,
            expires_at=moment_text(datetime.max.replace(tzinfo=UTC)),
        )
    )
    return token


def add_client(client_id: str, client_secret: str, name: str, redirect_uris: str = "") -> None:
    values = {"client_id": client_id, "secret_hash": hashed(client_secret), "name": name}
    session().execute(insert(oauth_client).values(redirect_uris=redirect_uris, **values))


_CLIENT = Prepared(select(*oauth_client.c).where(oauth_client.c.client_id == bindparam("id")))


def find_client(client_id: str) -> Any:
    return next(iter(_CLIENT.named_rows(connection(), id=client_id)), None)


_DROP = Prepared(delete(oauth_access_token).where(oauth_access_token.c.expires_at < bindparam("moment")))
_ISSUE = Prepared(insert(oauth_access_token))


def issue_access_token(user_id: str, scopes: str, client_id: str, refresh_hash: str | None = None) -> str:
    """A fresh access token, good for an hour of the world's time; tokens long past their end are dropped on the way."""
    token = new_token()
    moment = clock.now()
    _DROP.run(connection(), {"moment": moment_text(moment - timedelta(days=1))})
    row = {
        "token_hash": hashed(token),
        "client_id": client_id,
        "user_id": user_id,
        "scopes": scopes,
        "refresh_hash": refresh_hash,
        "expires_at": moment_text(moment + timedelta(seconds=ACCESS_TOKEN_SECONDS)),
    }
    _ISSUE.run(connection(), row)
    return token


class AccessToken(NamedTuple):
    """What is kept of an access token."""

    client_id: str
    user_id: str
    scopes: str
    expires_at: str


_ACCESS_TOKEN = Prepared(
    select(*(oauth_access_token.c[name] for name in AccessToken._fields)).where(
        oauth_access_token.c.token_hash == bindparam("hash")
    )
)


def find_access_token(token: str) -> AccessToken | None:
    """A live access token, or None."""
    for row in _ACCESS_TOKEN.rows(connection(), hash=hashed(token)):
        found = AccessToken(*row)
        return found if found.expires_at > moment_text(clock.now()) else None
    return None


def due_events(until: datetime) -> Iterator[Due]:
    """When a program has to renew its access: at the end of the last live token that its client holds.

    The tokens of people (a sign-in, a command) and all but a client's last are no events: there may be hundreds of
    them, and nothing comes of their end. The clock does not halt here either: the holder meets the end at his next
    call, which comes at a halt after it, and is refused there just the same.
    """
    table, last = oauth_access_token, func.max(oauth_access_token.c.expires_at)
    statement = (
        select(oauth_client.c.name, last.label("end"))
        .join(oauth_client, oauth_client.c.client_id == table.c.client_id)
        .where(table.c.refresh_hash.is_not(None), table.c.expires_at > moment_text(clock.now()))
        .group_by(oauth_client.c.client_id, oauth_client.c.name)
        .having(last <= moment_text(until))
    )
    for name, end in session().execute(statement.order_by(last)):
        yield Due(datetime.fromisoformat(end), TOKEN_END, f"The access token of {name} ends", stops=False)


def store_refresh_token(token: str, user_id: str, scopes: str, client_id: str) -> None:
    """Keeps a refresh token of a user, who has his in the order of `issued_at`."""
    table = oauth_refresh_token
    last = session().execute(select(func.max(table.c.issued_at)).where(table.c.user_id == user_id)).scalar()
    moment = clock.now()
    if last is not None:  # also where the clock stands still
        moment = max(moment, datetime.fromisoformat(last) + timedelta(microseconds=1))
    session().execute(
        insert(table).values(
            token_hash=hashed(token),
            client_id=client_id,
            user_id=user_id,
            scopes=scopes,
            issued_at=moment.isoformat(),
        )
    )


def find_refresh_token(token: str) -> Any:
    table = oauth_refresh_token
    return session().execute(select(table).where(table.c.token_hash == hashed(token))).first()


def revoke(token_hash: str) -> bool:
    """Ends a refresh token with its access tokens, or one access token; says whether there was one."""
    refresh = session().execute(delete(oauth_refresh_token).where(oauth_refresh_token.c.token_hash == token_hash))
    access = session().execute(
        delete(oauth_access_token).where(
            (oauth_access_token.c.refresh_hash == token_hash) | (oauth_access_token.c.token_hash == token_hash)
        )
    )
    return bool(refresh.rowcount or access.rowcount)


def issue_grant_code(user_id: str, scopes: str, client_id: str, redirect_uri: str, offline: bool) -> str:
    code = new_token()
    session().execute(
        insert(oauth_grant_code).values(
            code_hash=hashed(code),
            client_id=client_id,
            user_id=user_id,
            scopes=scopes,
            redirect_uri=redirect_uri,
            offline=int(offline),
            expires_at=moment_text(clock.now() + timedelta(seconds=GRANT_CODE_SECONDS)),
        )
    )
    return code


def take_grant_code(code: str) -> Any:
    """The grant of a code, which is used up by this; None when it is unknown, used or past its end."""
    table = oauth_grant_code
    row = session().execute(select(table).where(table.c.code_hash == hashed(code))).first()
    session().execute(delete(table).where(table.c.code_hash == hashed(code)))
    return row if row is not None and row.expires_at > moment_text(clock.now()) else None


def moment_text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
