"""Connecting the two products, and everything about a connection but its sync (requirements K1 to K7, S4, G8, G10)."""

import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from connector.currencies import currencies_of
from connector.database import db
from connector.documents import BY_ENTITY
from connector.errors import Conflicting, CredentialsRefused, NotConnected, NotFound, PeerUnavailable
from connector.models import Connection, Run
from connector.peers import Peers, config, invoice_client, outbound, peers_of
from connector.settings import DEFAULT_SETTINGS
from connector.triggers.document import KEY_FIELD_DEFINITION
from simulator import clock, context
from simulator.accounts import world_of_token
from simulator.clients.base import Refusal
from simulator.clients.crm import exchange_zsc_key
from simulator.clients.invoice import InvoiceClient
from simulator.http import PeerError

CHANNEL_DAYS = 7
#: The state of a connection whose organization gave way to another one; it comes back as it was (requirement K7).
SET_ASIDE = "set_aside"
WATCHED_EVENTS = ["Deals.all"]

#: Which field of the form a refusal of the CRM belongs to, and what to do about it (requirement K4).
REFUSED_FIELDS = {
    "unknown_email": "email",
    "inactive_user": "email",
    "missing_permissions": "email",
    "wrong_key": "zsc_key",
    "key_of_another_product": "zsc_key",
}


_FIRST = select(Connection).order_by(Connection.state == SET_ASIDE, Connection.id.desc()).limit(1)


def current(organization_id: str | None = None) -> Connection | None:
    """The connection of an organization, whatever its state; else the one that is not set aside for another."""
    mine = (Connection.organization_id == organization_id,) if organization_id else ()
    found: Connection | None = db.session.execute(_FIRST.where(*mine)).scalar()
    return found


def required() -> Connection:
    """The connection of this world.

    Raises:
        NotConnected: when nothing is connected.
    """
    connection = current()
    if connection is None:
        raise NotConnected("Zoho CRM is not connected yet. Connect it under Settings, Integrations, Zoho Apps.")
    return connection


def connect(email: str, zsc_key: str, organization_id: str | None) -> Connection:
    """Checks email and key for real and joins the two products; nothing is saved unless all of it works.

    Raises:
        CredentialsRefused: the CRM does not take the pair; the message says which of the two and why.
        Conflicting: a connection is there already.
        PeerUnavailable: one of the products does not answer.
    """
    existing = current()
    if existing is not None and existing.state not in ("disabled", "reconnect_needed"):
        raise Conflicting("already_connected", "Zoho CRM is connected already; update its credentials instead.")
    if existing is not None:
        renewed = update_credentials(existing, email, zsc_key, switches_on=True)
        is_other = organization_id not in (None, renewed.organization_id)
        return switch(renewed, str(organization_id)) if is_other else renewed
    client = invoice_client()
    db.session.rollback()  # no transaction is open while the peers are asked
    try:
        organization = _organization(client, organization_id)
        grant = _exchange(email, zsc_key, organization["name"])
        return _joined(client, organization, grant, email, zsc_key[-4:])
    except PeerError as error:
        raise PeerUnavailable(f"The connection was not made: {error}.") from error


def switch(connection: Connection, organization_id: str) -> Connection:
    """Connects another Invoice organization; the former's links are kept apart and come back with it (K7).

    Raises:
        Conflicting: it is connected already, or the former is not on.
        NotFound: there is no such organization.
    """
    if connection.state not in ("active", "paused"):
        expect(connection, "active")
    if connection.organization_id == organization_id:
        raise Conflicting("already_connected", "This organization is connected already.")
    former_id, email, ends = connection.id, connection.email, connection.zsc_key_ends
    grant = {
        **connection.crm_grant,
        "user": {"id": connection.owner_id, "name": connection.owner_name},
        "org": {"id": connection.crm_org_id, "company_name": connection.crm_org_name},
    }
    known = current(organization_id)
    known_id = known.id if known else None
    client = invoice_client()
    db.session.rollback()
    try:
        if known_id is None:
            found = _joined(client, _organization(client, organization_id), grant, email, ends)
        else:
            found = _taken_up(db.session.get_one(Connection, known_id), grant, email, ends)
    except PeerError as error:
        raise PeerUnavailable(f"The organization was not switched: {error}.") from error
    former = db.session.get_one(Connection, former_id)
    former.state, former.next_sync_at = SET_ASIDE, None
    return found


def _joined(
    client: InvoiceClient, organization: dict[str, Any], grant: dict[str, Any], email: str, key_ends: str
) -> Connection:
    """A new connection with an organization, with all that both products have to know of it."""
    connection = _new_connection(organization, grant, email, key_ends)
    _tell_invoice(client, connection.organization_id, connection.hook_secret)
    peers = peers_of(connection)
    db.session.rollback()
    connection.channel = open_channel(peers, connection.channel)
    if currencies_of(peers, connection.currency_code).differ:
        connection.settings = {**DEFAULT_SETTINGS, "items": {**DEFAULT_SETTINGS["items"], "enabled": False}}
    db.session.add(connection)
    db.session.flush()
    return connection


def _taken_up(connection: Connection, grant: dict[str, Any], email: str, key_ends: str) -> Connection:
    """A connection with these credentials and a channel opened by them, on unless it is paused; links and settings as
    they were."""
    connection_id = connection.id
    _take_grant(connection, grant, email, key_ends)
    peers, channel = peers_of(connection), connection.channel
    db.session.rollback()
    channel = open_channel(peers, channel)
    connection = db.session.get_one(Connection, connection_id)
    _take_grant(connection, grant, email, key_ends)
    connection.problem, connection.channel = None, channel
    if connection.state != "paused":
        connection.state = "active"
    _end_disabled(connection)
    return connection


def update_credentials(connection: Connection, email: str, zsc_key: str, *, switches_on: bool = False) -> Connection:
    """Trades a new pair for new access; settings and links stay (requirement K7).

    What is paused stays paused; what is disabled stays so as well, unless the pair was entered to connect it again.

    Raises:
        CredentialsRefused: the CRM does not take the pair, or it is another CRM's.
        PeerUnavailable: the CRM does not answer; nothing is saved.
    """
    connection_id, name = connection.id, connection.organization_name
    is_unknown = not connection.crm_grant  # a scenario's: the products have not heard of it yet
    db.session.rollback()
    grant = _exchange(email, zsc_key, name)
    connection = db.session.get_one(Connection, connection_id)
    if grant["org"]["id"] != connection.crm_org_id:
        raise CredentialsRefused(
            "another_crm", "This key belongs to another Zoho CRM than the one whose records are linked.", "zsc_key"
        )
    if connection.state == "disabled" and not switches_on:
        _take_grant(connection, grant, email, zsc_key[-4:])
        return connection
    try:
        if is_unknown:
            return _introduced(connection, grant, email, zsc_key[-4:])
        return _taken_up(connection, grant, email, zsc_key[-4:])
    except PeerError as error:
        raise PeerUnavailable(f"The credentials were not updated: {error}.") from error


def _introduced(connection: Connection, grant: dict[str, Any], email: str, key_ends: str) -> Connection:
    """A connection that came with a scenario, told to both products as a new one is."""
    connection_id, organization_id, secret = connection.id, connection.organization_id, connection.hook_secret
    client = invoice_client()
    db.session.rollback()
    _tell_invoice(client, organization_id, secret)
    return _taken_up(db.session.get_one(Connection, connection_id), grant, email, key_ends)


def _tell_invoice(client: InvoiceClient, organization_id: str, secret: str) -> None:
    client.organization_id = organization_id
    for entity in BY_ENTITY:
        client.add_custom_field({"module": entity, **KEY_FIELD_DEFINITION})
    client.register_hook(_hook_url(), secret)


def _organization(client: InvoiceClient, organization_id: str | None) -> dict[str, Any]:
    organizations = client.organizations()
    if organization_id is None:
        organizations.sort(key=lambda row: not row.get("is_default_org"))
        return organizations[0]
    for row in organizations:
        if row["organization_id"] == organization_id:
            return row
    raise NotFound(f"There is no Invoice organization {organization_id}.", field="organization_id")


def _exchange(email: str, zsc_key: str, organization_name: str) -> dict[str, Any]:
    if world_of_token(zsc_key) != context.current_world().id:
        raise CredentialsRefused("wrong_key", "This is no live ZSC key of this Zoho CRM.", "zsc_key")
    url = config().urls["crm"]
    try:
        return exchange_zsc_key(outbound(), url, email, zsc_key, organization_name)
    except Refusal as refusal:
        code = str(refusal.code)
        field = REFUSED_FIELDS.get(code, "zsc_key")
        permissions = refusal.details.get("permissions", [])
        raise CredentialsRefused(code, refusal.message, field, permissions=permissions) from None
    except PeerError as error:
        raise PeerUnavailable(f"Zoho CRM does not answer: {error}.") from error


def _new_connection(organization: dict[str, Any], grant: dict[str, Any], email: str, key_ends: str) -> Connection:
    connection = Connection(
        state="active",
        generation=1,
        organization_id=organization["organization_id"],
        organization_name=organization["name"],
        edition=organization.get("edition", "global"),
        currency_code=organization["currency_code"],
        crm_org_id=grant["org"]["id"],
        crm_org_name=grant["org"]["company_name"],
        hook_secret=secrets.token_hex(24),
        channel=new_channel(),
        settings=DEFAULT_SETTINGS,
        is_configured=False,
        connected_at=clock.now(),
    )
    _take_grant(connection, grant, email, key_ends)
    return connection


def _take_grant(connection: Connection, grant: dict[str, Any], email: str, key_ends: str) -> None:
    connection.email = email
    connection.owner_id = grant["user"]["id"]
    connection.owner_name = grant["user"]["name"]
    connection.zsc_key_ends = key_ends
    connection.crm_grant = {name: grant[name] for name in ("client_id", "client_secret", "refresh_token")}


def _hook_url() -> str:
    return f"{config().url}/hooks/{context.current_world().id}/import"


def new_channel() -> dict[str, Any]:
    """A channel that is not open yet."""
    return {"channel_id": str(secrets.randbelow(9 * 10**12) + 10**12), "token": secrets.token_hex(16)}


def open_channel(peers: Peers, channel: dict[str, Any]) -> dict[str, Any]:
    """Opens the notification channel, or renews it for another week of the world's time."""
    expiry = clock.now() + timedelta(days=CHANNEL_DAYS)
    world_id = context.current_world().id
    peers.crm.watch(
        {
            "channel_id": channel["channel_id"],
            "events": WATCHED_EVENTS,
            "channel_expiry": expiry.isoformat(timespec="seconds"),
            "token": channel["token"],
            "notify_url": f"{config().url}/notifications/{world_id}/{channel['channel_id']}",
        }
    )
    kept = {name: channel[name] for name in ("channel_id", "token")}
    return {**kept, "expires_at": expiry.isoformat()}


def pause(connection: Connection) -> None:
    """A sync under way completes first; then no auto or Instant Sync starts until Resume sync (requirement S4)."""
    expect(connection, "active")
    connection.state = "paused"


def resume(connection: Connection) -> None:
    expect(connection, "paused")
    connection.state = "active"


def disable(connection: Connection) -> None:
    """No sync, no trigger, no fetch from now on; a run under way ends at its next record (requirement K7)."""
    if connection.state == "disabled":
        raise Conflicting("disabled", "The integration is disabled already.")
    connection.state = "disabled"
    connection.times_disabled = [*(connection.times_disabled or []), [clock.now().isoformat(), None]]
    queued = select(Run).where(Run.connection_id == connection.id, Run.state == "queued", Run.kind != "trigger")
    for run in db.session.execute(queued).scalars():
        run.state, run.reason, run.ended_at = "aborted", "The integration was disabled.", clock.now()


def reactivate(connection: Connection) -> None:
    """Takes the sync up again with settings and links as they were."""
    expect(connection, "disabled")
    peers, channel, connection_id = peers_of(connection), connection.channel, connection.id
    db.session.rollback()
    try:
        channel = open_channel(peers, channel)
    except PeerError as error:
        raise PeerUnavailable(f"The integration was not reactivated: {error}.") from error
    connection = db.session.get_one(Connection, connection_id)
    connection.state, connection.channel = "active", channel
    _end_disabled(connection)


def _end_disabled(connection: Connection) -> None:
    """Notes until when the integration was disabled, if it was."""
    *earlier, (since, until) = connection.times_disabled or [[None, None]]
    if since is not None and until is None:
        connection.times_disabled = [*earlier, [since, clock.now().isoformat()]]


def expect(connection: Connection, state: str) -> None:
    if connection.state != state:
        raise Conflicting(connection.state, f"The integration is {connection.state.replace('_', ' ')}.")
