"""zohobooks-api, pointed at the world's server."""

import importlib
from typing import Any
from urllib.parse import urlencode

from stepping import World

FORM = {"grant_type": "refresh_token"}


def books_at(world: World, token: str, organization_id: str) -> Any:
    """The client, its modules loaded after its address was set."""
    address = importlib.import_module("books.api.Api")

    class Api:
        """In place of the class that names the vendor's host."""

        def __init__(self) -> None:
            self.base_url = f"{world.url}/api/v3/"

    address.Api = Api
    return importlib.import_module("books.service.ZohoBooks").ZohoBooks(token, organization_id)


def token_of(world: World) -> str:
    """An access token; the client expects to be given one."""
    keys = {"client_id": world.client_id, "client_secret": world.client_secret, "refresh_token": world.refresh_token}
    answer = world.ask("POST", f"/oauth/v2/token?{urlencode(FORM | keys)}")
    return str(answer["access_token"])


def api(world: World, part: str) -> Any:
    """One of the client's parts, e.g. `invoices`."""
    return getattr(world["books"], f"get_{part}_api")()


def model(kind: str, /, **values: Any) -> Any:
    """One of the client's objects, filled by its setters; a list goes in one by one where its setter takes one."""
    made = getattr(importlib.import_module(f"books.model.{kind}"), kind)()
    for key, value in values.items():
        setter = getattr(made, f"set_{key}")
        if isinstance(value, tuple):
            for one in value:
                setter(one)
        else:
            setter(value)
    return made


def refused(code: int, call: Any, *given: Any) -> str:
    """The message of a refusal that has this code.

    Raises:
        AssertionError: when there is none, or another.
    """
    from books.exception.BooksException import BooksException

    try:
        call(*given)
    except BooksException as error:
        told, message = error.get_code(), str(error.get_message())
    else:
        told, message = "nothing", "was refused"
    assert told == str(code), f"{told} {message}"
    return message
