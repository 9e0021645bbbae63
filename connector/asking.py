"""Asking the two products for somebody who waits at a screen: a usable connection, clients, and refusals as they are.

What the caller asks with his own token is decided by the product's own rules for him (requirements P3, P5).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from connector import connections
from connector.errors import Conflicting, NotAllowed, NotSignedIn, PeerUnavailable, RefusedByProduct
from connector.models import Connection
from connector.peers import Peers, config, outbound, peers_of
from simulator.clients.base import Refusal, SignInRefused
from simulator.clients.crm import CrmClient
from simulator.clients.invoice import InvoiceClient
from simulator.http import PeerError

NAMES = {"crm": "Zoho CRM", "invoice": "Zoho Invoice"}
#: Nobody waits long for a screen.
ATTEMPTS = 2

RECONNECT = "The integration with Zoho Invoice needs reconnecting: an administrator enters its ZSC key again."
DISABLED = "The integration with Zoho Invoice is switched off."


def working_connection() -> Connection:
    """The connection, as long as it may be used; a paused one is (requirement S4).

    Raises:
        NotConnected, Conflicting: it is not there, switched off, or needs reconnecting (requirement T4).
    """
    connection = connections.required()
    if connection.state == "disabled":
        raise Conflicting("disabled", DISABLED)
    if connection.state == "reconnect_needed":
        raise Conflicting("reconnect_needed", RECONNECT)
    return connection


def hurried_peers(connection: Connection) -> Peers:
    """Both products as the integration reaches them: the CRM as the connecting user, Invoice with all rights."""
    peers = peers_of(connection)
    return Peers(peers.crm.hurried(ATTEMPTS), peers.invoice.hurried(ATTEMPTS))


def crm_as(token: str) -> CrmClient:
    """The CRM as the caller sees it."""
    return CrmClient(outbound(), config().urls["crm"], lambda: token, lambda _: token).hurried(ATTEMPTS)


def invoice_as(token: str, organization_id: str) -> InvoiceClient:
    """The connected organization of Invoice as the caller sees it."""
    client = InvoiceClient(outbound(), config().urls["invoice"], lambda: token, lambda _: token).hurried(ATTEMPTS)
    client.organization_id = organization_id
    return client


@contextmanager
def answered_by(product: str) -> Iterator[None]:
    """What a product refuses is told in its words; a product that does not answer is named.

    Raises:
        RefusedByProduct, NotAllowed, NotSignedIn, PeerUnavailable
    """
    try:
        yield
    except SignInRefused:
        raise Conflicting("reconnect_needed", RECONNECT) from None
    except Refusal as refusal:
        if refusal.status == 401:
            raise NotSignedIn(f"Sign in to {NAMES[product]} again: {refusal.message}") from None
        if refusal.code == "NO_PERMISSION":
            permissions = refusal.details.get("permissions", [])
            raise NotAllowed(
                f"Your profile in {NAMES[product]} does not allow this.", permissions=permissions
            ) from None
        raise RefusedByProduct(product, refusal.message, refusal.status, str(refusal.code)) from None
    except PeerError as error:
        raise PeerUnavailable(f"{NAMES[product]} does not answer: {error}.", product=product) from error
