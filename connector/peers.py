"""The two products as one connection reaches them: clients with the connection's own tokens, kept between calls."""

import hashlib
import threading
from dataclasses import dataclass

from flask import current_app

from connector.errors import NotConnected
from connector.models import Connection
from simulator import context, settings
from simulator.clients.base import Grant, SignInRefused
from simulator.clients.crm import CrmClient
from simulator.clients.invoice import InvoiceClient
from simulator.config import Config
from simulator.http import Outbound


@dataclass(frozen=True)
class Peers:
    """Zoho CRM as the connecting user, Zoho Invoice as the connector."""

    crm: CrmClient
    invoice: InvoiceClient


class KnownPeers:
    """The clients in use, by connection and grant, so that a token is asked for once and not once a run."""

    def __init__(self) -> None:
        self._known: dict[str, Peers] = {}
        self._lock = threading.Lock()

    def of(self, connection: Connection) -> Peers:
        """The clients of a connection.

        Raises:
            SignInRefused: when it has no access to the CRM any more.
        """
        grant = connection.crm_grant
        if "refresh_token" not in grant:
            raise SignInRefused(401, "invalid_code", "The access has been withdrawn.")
        mark = hashlib.sha256(grant["refresh_token"].encode()).hexdigest()
        key = f"{context.current_world().id}/{connection.organization_id}/{mark}"
        with self._lock:
            if key not in self._known:
                self._known[key] = _make(connection)
            return self._known[key]


def peers_of(connection: Connection) -> Peers:
    known: KnownPeers = current_app.extensions["peers"]
    return known.of(connection)


def outbound() -> Outbound:
    found: Outbound = current_app.extensions["outbound"]
    return found


def config() -> Config:
    found: Config = current_app.extensions["config"]
    return found


def invoice_client(organization_id: str | None = None) -> InvoiceClient:
    """Zoho Invoice with the world's own client (an administrator's, all scopes).

    Raises:
        NotConnected: when the world was made without credentials.
    """
    own = settings.read("credentials", {})
    if not own.get("refresh_token"):
        raise NotConnected("This world has no credentials for Zoho Invoice; make it with the simulator's command line.")
    url = config().urls["invoice"]
    grant = Grant(outbound(), url, own["client_id"], own["client_secret"], own["refresh_token"])
    client: InvoiceClient = InvoiceClient.of_grant(outbound(), url, grant)
    client.organization_id = organization_id
    return client


def _make(connection: Connection) -> Peers:
    url = config().urls["crm"]
    keys = connection.crm_grant
    grant = Grant(outbound(), url, keys["client_id"], keys["client_secret"], keys["refresh_token"])
    crm: CrmClient = CrmClient.of_grant(outbound(), url, grant)
    return Peers(crm, invoice_client(connection.organization_id))
