"""Connecting the two products, and everything about a connection but its sync (requirements K1 to K7, S4, G8, G10)."""

import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from connector.database import db
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
WATCHED_EVENTS = ["Deals.all"]

#: Which field of the form a refusal of the CRM belongs to, and what to do about it (requirement K4).
REFUSED_FIELDS = {
    "unknown_email": "email",
    "inactive_user": "email",
    "missing_permissions": "email",
    "wrong_key": "zsc_key",
    "key_of_another_product": "zsc_key",
}


def current(organization_id: str | None = None) -> Connection | None:
    """The connection of an organization (the latest), whatever its state."""
    statement = select(Connection).order_by(Connection.id.desc()).limit(1)
    if organization_id:
        statement = statement.where(Connection.organization_id == organization_id)
    found: Connection | None = db.session.execute(statement).scalar()
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
        return update_credentials(existing, email, zsc_key)
    client = invoice_client()
    db.session.rollback()  # no transaction is open while the peers are asked
    try:
        organization = _organization(client, organization_id)
        client.organization_id = organization["organization_id"]
        grant = _exchange(email, zsc_key, organization["name"])
        for module in ("invoice", "estimate", "salesorder"):
            client.add_custom_field({"module": module, **KEY_FIELD_DEFINITION})
        connection = _new_connection(organization, grant, email, zsc_key)
        client.register_hook(_hook_url(), connection.hook_secret)
        peers = peers_of(connection)
        db.session.rollback()
        connection.channel = open_channel(peers, connection.channel)
    except PeerError as error:
        raise PeerUnavailable(f"The connection was not made: {error}.") from error
    db.session.add(connection)
    db.session.flush()
    return connection


def update_credentials(connection: Connection, email: str, zsc_key: str) -> Connection:
    """Trades a new pair for new access; settings and links stay (requirement K7)."""
    connection_id, name = connection.id, connection.organization_name
    db.session.rollback()
    grant = _exchange(email, zsc_key, name)
    connection = db.session.get_one(Connection, connection_id)
    if grant["org"]["id"] != connection.crm_org_id:
        raise CredentialsRefused(
            "another_crm", "This key belongs to another Zoho CRM than the one whose records are linked.", "zsc_key"
        )
    _take_grant(connection, grant, email, zsc_key)
    connection.state, connection.problem = "active", None
    return connection


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


def _new_connection(organization: dict[str, Any], grant: dict[str, Any], email: str, zsc_key: str) -> Connection:
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
        channel={"channel_id": str(secrets.randbelow(9 * 10**12) + 10**12), "token": secrets.token_hex(16)},
        settings=DEFAULT_SETTINGS,
        is_configured=False,
        connected_at=clock.now(),
    )
    _take_grant(connection, grant, email, zsc_key)
    return connection


def _take_grant(connection: Connection, grant: dict[str, Any], email: str, zsc_key: str) -> None:
    connection.email = email
    connection.owner_id = grant["user"]["id"]
    connection.owner_name = grant["user"]["name"]
    connection.zsc_key_ends = zsc_key[-4:]
    connection.crm_grant = {name: grant[name] for name in ("client_id", "client_secret", "refresh_token")}


def _hook_url() -> str:
    return f"{config().url}/hooks/{context.current_world().id}/import"


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


def expect(connection: Connection, state: str) -> None:
    if connection.state != state:
        raise Conflicting(connection.state, f"The integration is {connection.state.replace('_', ' ')}.")
