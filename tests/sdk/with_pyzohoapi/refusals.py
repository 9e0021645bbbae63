"""What goes wrong reaches the client in the shape it knows."""

from pyzohoapi.exceptions import ZohoBadRequest, ZohoMethodNotAllowed, ZohoNotFound
from pyzohoapi.objecttypes import Contact
from stepping import World, raises, same, step

from with_pyzohoapi.client import Books, Estimate, Invoice, Organization, books, find, new


@step
def an_unknown_customer_is_not_found(world: World) -> None:
    raises(ZohoNotFound, "404", lambda: new(world, Invoice, customer_id="410000000000999999", line_items=[{"rate": 1}]))


@step
def lines_are_needed(world: World) -> None:
    raises(ZohoBadRequest, "line_items", lambda: new(world, Estimate, customer_id=world["acme"]))


@step
def a_name_is_needed_and_may_not_be_too_long(world: World) -> None:
    raises(ZohoBadRequest, "contact_name", lambda: new(world, Contact, company_name="Nameless"))
    raises(ZohoBadRequest, "(Zoho-15)", lambda: new(world, Contact, contact_name="x" * 201))


@step
def an_unknown_filter_is_refused(world: World) -> None:
    raises(ZohoBadRequest, "filter_by (Zoho-2)", books(world).get, "invoices", "filter_by=Status.Nonsense")


@step
def an_unknown_path_is_not_found(world: World) -> None:
    raises(ZohoNotFound, "404", books(world).get, "nonsense", "")


@step
def a_wrong_method_is_told(world: World) -> None:
    raises(ZohoMethodNotAllowed, "405", books(world).put, f"estimates/{world['estimate']}/status/sent", {}, "")


@step
def a_throttled_call_is_made_again(world: World) -> None:
    fault = {"kind": "status", "status": 429, "path": "/organizations", "times": 1, "retry_after": 0}
    world.control("POST", "/faults", fault)

    same(Organization(books(world)).First().name, "Zylker")


@step
def an_expired_token_is_renewed_by_the_client(world: World) -> None:
    client = Books(world, books(world)._org)
    client._api_keys |= {"access_token": "1000.dead.token", "AccessExpiresAt": 2**33}

    same(find(world, Contact, world["acme"]).contact_name, "Acme")
    same(Contact(client, world["acme"]).contact_name, "Acme")
