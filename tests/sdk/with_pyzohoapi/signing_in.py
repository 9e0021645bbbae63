"""Tokens, the organization, its users and its taxes are found through the client."""

from pyzohoapi.exceptions import ZohoBadRequest, ZohoInsufficientAuthKeys, ZohoUnauthorized
from stepping import World, is_a, raises, same, step

from with_pyzohoapi.client import Books, Currency, Organization, Tax, User, books


@step
def the_organization_is_found_without_its_id(world: World) -> None:
    found = Organization(Books(world, "")).First()

    same((found.name, found.currency_code), ("Zylker", "USD"))
    world["books"] = Books(world, found.ID)


@step
def the_client_gets_its_token_by_itself_and_keeps_it(world: World) -> None:
    client = Books(world, books(world)._org)
    first = client.auth_header()

    assert is_a(first["Authorization"], str).startswith("Zoho-oauthtoken 1000.")
    same(client.auth_header(), first)
    same(client._api_keys["api_domain"], world.url)


@step
def the_budget_of_calls_comes_with_each_answer(world: World) -> None:
    Organization(books(world)).First()

    limits = books(world)._ratelimit
    assert 1 < int(limits["remaining"]) < int(limits["limit"]), limits
    assert 0 < int(limits["reset"]) <= 86_400, limits


@step
def a_wrong_refresh_token_is_not_authorized(world: World) -> None:
    raises(ZohoUnauthorized, "401", Books(world, "", refresh_token="1000.no.token", max_retries=1).get, "contacts", "")


@step
def without_keys_the_client_does_not_even_ask(world: World) -> None:
    raises(ZohoInsufficientAuthKeys, "", Books(world, "", refresh_token=None).get, "contacts", "")


@step
def an_organization_of_others_is_refused(world: World) -> None:
    raises(ZohoBadRequest, "CompanyID/CompanyName:10239999. (Zoho-6041)", Books(world, "10239999").get, "contacts", "")


@step
def the_users_are_listed_and_one_is_read(world: World) -> None:
    people = {one.name: one for one in User(books(world)).Iter()}

    assert {"Asha Rao", "Ben Carter"} <= people.keys(), people
    same((people["Asha Rao"].user_role, people["Ben Carter"].user_role), ("admin", "staff"))


@step
def the_taxes_are_listed(world: World) -> None:
    taxes = {one["tax_name"]: one for one in Tax(books(world)).Iter(raw=True)}

    same(str(taxes["Sales Tax"]["tax_percentage"]), "8.25")
    world["sales_tax"], world["vat"] = taxes["Sales Tax"]["tax_id"], taxes["VAT"]["tax_id"]


@step
def the_currencies_are_listed(world: World) -> None:
    currencies = {one["currency_code"]: one for one in Currency(books(world)).Iter(raw=True)}

    same(currencies["USD"]["is_base_currency"], True)
    world["euro"] = currencies["EUR"]["currency_id"]
