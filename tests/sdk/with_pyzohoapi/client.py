"""pyzohoapi, pointed at the world's server."""

from typing import Any

from pyzohoapi import ZohoBooks
from pyzohoapi.objecttypes import Currency, Organization, SalesOrder, Tax, User, ZohoObjectFactory
from pyzohoapi.objecttypes.mixins import HasCustomFields, HasVoid
from stepping import World

Estimate = ZohoObjectFactory("Estimate", mixins=[HasCustomFields])
#: As the client's own, with the void it leaves to Inventory's orders.
Invoice = ZohoObjectFactory("Invoice", mixins=[HasCustomFields, HasVoid])
#: The client's own looks for `customerpayment` in an answer, which the vendor calls `payment`.
Payment = ZohoObjectFactory(
    "Payment", urlPath="customerpayments", responseKey="payment", pluralResponseKey="customerpayments"
)
#: The client's own asks for `creditnodes`.
CreditNote = ZohoObjectFactory("CreditNote", mixins=[HasVoid])

__all__ = ["Books", "CreditNote", "Currency", "Estimate", "Invoice", "Organization", "Payment", "SalesOrder", "Tax"]
__all__ += ["User", "books", "find", "new", "page", "post"]


class Books(ZohoBooks):
    """Zoho Books at the world's address."""

    def __init__(self, world: World, organization: str, **keys: Any) -> None:
        self._world = world
        given = {"client_id": world.client_id, "client_secret": world.client_secret}
        super().__init__(organization, "us", **{**given, "refresh_token": world.refresh_token, **keys})
        self._oauth = f"{world.url}/oauth/v2"

    def get_endpoint(self, region: str) -> str:
        return f"{self._world.url}/books/v3"


def books(world: World) -> Books:
    found: Books = world["books"]
    return found


def new(world: World, kind: Any, **values: Any) -> Any:
    """A record made through the client, with the values set as attributes."""
    made = kind(books(world))
    for name, value in values.items():
        setattr(made, name, value)
    return made.Create()


def find(world: World, kind: Any, record_id: str) -> Any:
    return kind(books(world), record_id)


def post(world: World, kind: Any, record_id: str, *path: str, body: Any = None) -> str:
    """An act on a record that the client has no name for, by its own plain call; what the vendor says of it."""
    answer = books(world).post("/".join((kind._type, record_id, *path)), body)
    return str(answer["message"])


def page(world: World, path: str, query: str = "") -> Any:
    """A whole answer, of which the client's lists keep the rows only."""
    return books(world).get(path, query)
