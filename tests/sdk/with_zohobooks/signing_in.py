"""The organization and its users are found with a token that was got beforehand."""

from stepping import World, same, step

from with_zohobooks.client import api, books_at, refused, token_of


@step
def the_organization_is_found(world: World) -> None:
    world["token"] = token_of(world)
    world["books"] = books_at(world, world["token"], "")
    (found,) = api(world, "organizations").get_organizations()

    same((found.get_name(), found.get_currency_code(), found.get_is_default_org()), ("Zylker", "USD", True))
    world["organization"] = found.get_organization_id()
    world["books"] = books_at(world, world["token"], world["organization"])


@step
def the_organization_is_read_whole(world: World) -> None:
    found = api(world, "organizations").get(world["organization"])

    same((found.get_name(), found.get_time_zone()), ("Zylker", "America/Los_Angeles"))


@step
def the_users_are_listed(world: World) -> None:
    found = api(world, "users").get_users()

    people = {one.get_email(): one for one in found.get_users()}
    same(people["asha.rao@zylker.example"].get_user_role(), "admin")
    same(found.get_page_context().get_report_name(), "Users")


@step
def the_current_user_is_the_one_of_the_token(world: World) -> None:
    same(api(world, "users").current_user().get_name(), "Asha Rao")


@step
def a_user_is_read(world: World) -> None:
    (ben,) = [one for one in api(world, "users").get_users().get_users() if one.get_name() == "Ben Carter"]
    found = api(world, "users").get(ben.get_user_id())

    same((found.get_name(), found.get_email_ids().get_email()), ("Ben Carter", "ben.carter@zylker.example"))


@step
def a_dead_token_is_not_authorized(world: World) -> None:
    stranger = books_at(world, "1000.dead.token", world["organization"]).get_contacts_api()

    same(refused(57, stranger.get_contacts), "You are not authorized to perform this operation")


@step
def an_organization_of_others_is_refused(world: World) -> None:
    other = books_at(world, world["token"], "10239999").get_contacts_api()

    assert "10239999" in refused(6041, other.get_contacts)
