"""A developer's own connector in our connector's place: a world told where it answers (requirement X10).

Invoice asks its hook for single CRM records, and the CRM tells it of changes, as both do with ours.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from simulator.clients.base import Grant
from simulator.clients.crm import CrmClient
from simulator.clients.invoice import InvoiceClient
from simulator.http import Outbound, PeerError
from simulator.hub import Hub, HubError

MODULES = ("Accounts", "Contacts", "Products", "Deals")
#: The longest a channel lives; the connector renews it, as with the real CRM.
CHANNEL_DAYS = 7
CHANNEL_ID = "1000000068001"


def tell(hub: Hub, world: str, hook_url: str | None = None, notify_url: str | None = None) -> dict[str, str]:
    """Tells the products of a world where the connector answers.

    Args:
        hook_url: Invoice sends `POST <hook_url>/account/<id>` (or contact, item) there, to have a CRM record fetched.
        notify_url: the CRM sends its notifications there.

    Returns:
        what the connector needs to know of that: `hook_secret` (Invoice sends it as Authorization), `channel_id`,
        `notification_token` (the CRM sends it with each notification) and `channel_expiry`.

    Raises:
        HubError: when a product refuses an address.
    """
    credentials = hub.credentials(world)
    outbound = Outbound(user_agent="simulator")
    told: dict[str, str] = {}
    try:
        if hook_url:
            told |= _register_hook(outbound, credentials, hook_url)
        if notify_url:
            told |= _open_channel(outbound, credentials, notify_url, datetime.fromisoformat(hub.clock(world)["now"]))
    except PeerError as error:
        raise HubError(f"World {world} could not be told of the connector: {error}") from None
    return told


def _register_hook(outbound: Outbound, credentials: Mapping[str, Any], url: str) -> dict[str, str]:
    secret = secrets.token_hex(16)
    client: InvoiceClient = InvoiceClient.of_grant(
        outbound, credentials["invoice_url"], _grant(outbound, credentials, "invoice_url")
    )
    client.register_hook(url, secret)
    return {"hook_secret": secret}


def _open_channel(outbound: Outbound, credentials: Mapping[str, Any], url: str, now: datetime) -> dict[str, str]:
    client: CrmClient = CrmClient.of_grant(outbound, credentials["crm_url"], _grant(outbound, credentials, "crm_url"))
    expiry, token = (now + timedelta(days=CHANNEL_DAYS)).isoformat(timespec="seconds"), secrets.token_hex(16)
    client.watch(
        {
            "channel_id": CHANNEL_ID,
            "events": [f"{module}.all" for module in MODULES],
            "channel_expiry": expiry,
            "token": token,
            "notify_url": url,
        }
    )
    return {"channel_id": CHANNEL_ID, "notification_token": token, "channel_expiry": expiry}


def _grant(outbound: Outbound, credentials: Mapping[str, Any], product: str) -> Grant:
    return Grant(
        outbound, credentials[product], *(credentials[name] for name in ("client_id", "client_secret", "refresh_token"))
    )
