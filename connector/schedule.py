"""What time brings to a connection, on the world's clock: the periodic sync, and the renewal of its channel."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select

from connector.connections import open_channel
from connector.database import db
from connector.models import Connection
from connector.peers import peers_of
from connector.settings import Document
from connector.starting import active_run, is_preview_waiting, start_sync
from simulator import clock
from simulator.clients.base import Refusal
from simulator.due import AUTO_SYNC, Due
from simulator.http import PeerError
from simulator.worlds import Worlds

#: Connections whose triggers go on; a paused one only starts no sync.
LIVE_STATES = ("active", "paused")
#: A channel is renewed when less than this is left of it (requirement G10).
RENEW_BEFORE = timedelta(days=1)
#: Kept with a channel whose renewal the CRM has refused: no moment of the clock can be waited for then.
REFUSED = "renewal_refused"


_LIVE = select(Connection).where(Connection.state.in_(LIVE_STATES))


def live_connections() -> list[Connection]:
    return list(db.session.execute(_LIVE).scalars())


def due_events(until: datetime) -> Iterator[Due]:
    """The next sync and the next renewal of each connection, as far as they come by themselves until then."""
    for connection in live_connections():
        name = connection.crm_org_name
        sync_at, renewal_at = next_sync_at(connection), _renewal_at(connection)
        if sync_at is not None and sync_at <= until:
            yield Due(sync_at, AUTO_SYNC, f"Auto sync of {connection.organization_name} with Zoho CRM of {name}")
        if renewal_at <= until and REFUSED not in connection.channel:
            yield Due(renewal_at, "channel_renewal", f"The notification channel at Zoho CRM of {name} is renewed")


def next_sync_at(connection: Connection) -> datetime | None:
    """When the periodic sync starts by itself; never while it is paused, not set up, or another is not over."""
    under_way = active_run(connection.id)
    is_free = under_way is None or is_preview_waiting(under_way)
    is_on = connection.state == "active" and connection.is_configured and is_free
    return connection.next_sync_at if is_on else None


def is_sync_due(connection: Connection) -> bool:
    """Whether the time of the periodic sync has come on the world's clock."""
    has_come = connection.next_sync_at is not None and connection.next_sync_at <= clock.now()
    return has_come and next_sync_at(connection) is not None and not clock.is_passing()


def start_due_sync(connection_id: int) -> None:
    """Queues the periodic sync when its time has come (requirement S1)."""
    connection = db.session.get_one(Connection, connection_id)
    if is_sync_due(connection):
        start_sync(connection, "auto", "auto sync")
        connection.next_sync_at = clock.now() + timedelta(minutes=connection.settings["auto_sync_minutes"])


def _renewal_at(connection: Connection) -> datetime:
    return datetime.fromisoformat(connection.channel["expires_at"]) - RENEW_BEFORE


def is_channel_due(connection: Connection) -> bool:
    """Whether its channel is to be renewed."""
    return _renewal_at(connection) <= clock.now()


def keep_channel_open(world_id: str, connection_id: int) -> None:
    """Renews a channel that ends soon on the world's clock. Opens its own transactions around the call."""
    worlds: Worlds = current_app.extensions["worlds"]
    with worlds.transaction(world_id, reads_only=True):
        connection = db.session.get_one(Connection, connection_id)
        if not is_channel_due(connection):
            return
        ends = _renewal_at(connection) + RENEW_BEFORE
        peers, channel = peers_of(connection), connection.channel
        db.session.rollback()
        try:
            renewed = open_channel(peers, channel)
        except Refusal as refusal:
            current_app.logger.warning("Zoho CRM refuses to renew the channel: %s", refusal)
            renewed = {**channel, REFUSED: refusal.message}
        except PeerError as error:
            current_app.logger.warning("the channel could not be renewed: %s", error)
            return
    if renewed == channel:
        return
    with worlds.transaction(world_id):
        connection = db.session.get_one(Connection, connection_id)
        connection.channel = renewed
        is_open = REFUSED not in renewed
        if is_open and connection.settings["triggers"]["document"] != Document.NONE and ends < clock.now():
            connection.next_sync_at = clock.now()  # notices may have been missed: the next sync catches up
