"""A world of a test's own: its addresses, credentials and clients, its time, faults and journal, and its sync."""

from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import Any

from simulator.clients.base import Grant
from simulator.clients.connector import ConnectorClient
from simulator.clients.crm import CrmClient
from simulator.clients.invoice import InvoiceClient
from simulator.http import Outbound
from simulator.hub import Hub
from simulator.testing.connectors import Connector, OurConnector
from simulator.testing.controls import Clock, Faults, Journal

REST_SECONDS = 60.0


class Zoho:
    """One world.

    Attributes:
        world: its id.
        urls: where the four services answer, by name: web, crm, invoice, connector.
        crm, invoice: clients of the two products, for an administrator of both.
        clock, faults, journal: its time, what goes wrong in it, and the calls made in it.
        hub: the control plane, for everything else.
    """

    def __init__(
        self,
        hub: Hub,
        world: str,
        keys: dict[str, str],
        outbound: Outbound,
        connector: Callable[["Zoho"], Connector] = OurConnector,
    ) -> None:
        self.hub = hub
        self.world = world
        self.urls = hub.urls
        self._keys = keys
        self._outbound = outbound
        self.crm: CrmClient = CrmClient.of_grant(outbound, self.urls["crm"], self._grant("crm"))
        self.invoice: InvoiceClient = InvoiceClient.of_grant(outbound, self.urls["invoice"], self._grant("invoice"))
        self.clock = Clock(hub, world)
        self.faults = Faults(hub, world)
        self.journal = Journal(hub, world)
        self.connector = connector(self)

    def _grant(self, service: str) -> Grant:
        return Grant(self._outbound, self.urls[service], **self._keys)

    @cached_property
    def credentials(self) -> dict[str, Any]:
        """What a client needs to be pointed at this world (`simulator credentials --json`)."""
        return self.hub.credentials(self.world)

    @cached_property
    def people(self) -> list[dict[str, Any]]:
        """Who can sign in: name, email, profile in the CRM, role in Invoice."""
        return self.hub.people(self.world)

    @property
    def admin(self) -> dict[str, Any]:
        """An administrator of both products."""
        return next(one for one in self.people if one["is_admin"] and one["profile"] and one["role"])

    @cached_property
    def connector_api(self) -> ConnectorClient:
        """Our connector's own API, where it runs."""
        client: ConnectorClient = ConnectorClient.of_grant(
            self._outbound, self.urls["connector"], self._grant("invoice")
        )
        return client

    def crm_of(self, email: str) -> CrmClient:
        """The CRM as a person of this world sees it."""
        return CrmClient(self._outbound, self.urls["crm"], *self._signed_in("crm", email))

    def invoice_of(self, email: str) -> InvoiceClient:
        """Invoice as a person of this world sees it."""
        return InvoiceClient(self._outbound, self.urls["invoice"], *self._signed_in("invoice", email))

    def _signed_in(self, service: str, email: str) -> tuple[Callable[[], str], Callable[[str], str]]:
        """A token of a person, and how it is had again when it has ended."""
        tokens = [self.hub.sign_in(self.world, service, email)]

        def renew(_: str) -> str:
            tokens.append(self.hub.sign_in(self.world, service, email))
            return tokens[-1]

        return lambda: tokens[-1], renew

    def today(self) -> date:
        """The date in the time zone of the organization, by which its documents are dated and fall due.

        `clock.now()` is UTC, and may be a day ahead of it or behind.
        """
        return self.hub.today(self.world)

    def connect(self, **settings: Any) -> None:
        """Connects the products by our connector and saves settings (`OurConnector.connect`)."""
        if not isinstance(self.connector, OurConnector):
            raise TypeError(f"{type(self.connector).__name__} is connected in its own way.")
        self.connector.connect(**settings)

    def sync(self) -> Any:
        """Lets the connector sync, and waits until all is at rest; what the connector says of it."""
        outcome = self.connector.sync()
        self.settle()
        return outcome

    def settle(self) -> None:
        """Waits until no run is under way and no notification waits."""
        self.hub.rest(self.world, REST_SECONDS)

    def reset(self) -> None:
        """Back to the scenario the world was made from."""
        self.hub.reset(self.world)

    def snapshot(self, name: str) -> None:
        self.hub.snapshot(self.world, name)

    def restore(self, name: str) -> None:
        """Back to a snapshot, its time too."""
        self.hub.restore(self.world, name)
