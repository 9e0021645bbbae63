"""Users of every type, profiles, roles, the organization and its currencies."""

from decimal import Decimal

from stepping import World, is_a, same, step
from zcrmsdk.src.com.zoho.crm.api import currencies, org, profiles, roles, users
from zcrmsdk.src.com.zoho.crm.api.util import Choice

from v2.sdk import answer, id_of, nothing, params

EVERYBODY = {"Asha Rao", "Ben Carter", "Carla Gomez", "Dmitri Petrov", "Emma Li"}


def _users(kind: str) -> dict[str, users.User]:
    response = users.UsersOperations().get_users(params(users.GetUsersParam, type=kind))
    return {is_a(one, users.User).get_full_name(): one for one in answer(response, users.ResponseWrapper).get_users()}


@step
def all_users_are_listed(world: World) -> None:
    found = _users("AllUsers")

    same(set(found), EVERYBODY)
    ben = found["Ben Carter"]
    same((ben.get_email(), ben.get_status(), ben.get_confirm()), ("ben.carter@zylker.example", "active", True))
    same((ben.get_profile().get_name(), ben.get_role().get_name()), ("Standard", "Manager"))
    world["ben"], world["manager_role"] = ben.get_id(), ben.get_role().get_id()
    world["standard_profile"] = ben.get_profile().get_id()


@step
def users_of_each_type_are_listed(world: World) -> None:
    for kind in ("ActiveUsers", "ConfirmedUsers", "ActiveConfirmedUsers"):
        same(set(_users(kind)), EVERYBODY)
    for kind in ("CurrentUser", "AdminUsers", "ActiveConfirmedAdmins"):
        same(list(_users(kind)), ["Asha Rao"])
    for kind in ("DeletedUsers", "DeactiveUsers", "NotConfirmedUsers"):
        nothing(users.UsersOperations().get_users(params(users.GetUsersParam, type=kind)))


@step
def a_user_is_read_by_his_id(world: World) -> None:
    (found,) = answer(users.UsersOperations().get_user(world["ben"]), users.ResponseWrapper).get_users()

    same((found.get_last_name(), found.get_locale(), found.get_time_format()), ("Carter", "en_US", "hh:mm a"))


@step
def a_user_is_invited_and_deleted(world: World) -> None:
    role, profile, user, wanted = roles.Role(), profiles.Profile(), users.User(), users.RequestWrapper()
    role.set_id(world["manager_role"])
    profile.set_id(world["standard_profile"])
    user.set_first_name("Fay")
    user.set_last_name("Moss")
    user.set_email("fay.moss@zylker.example")
    user.set_role(role)
    user.set_profile(profile)
    wanted.set_users([user])
    (outcome,) = answer(users.UsersOperations().create_user(wanted), users.ActionWrapper, 201).get_users()
    fay = id_of(is_a(outcome, users.SuccessResponse))

    same(list(_users("NotConfirmedUsers")), ["Fay Moss"])
    (outcome,) = answer(users.UsersOperations().delete_user(fay), users.ActionWrapper).get_users()
    is_a(outcome, users.SuccessResponse)
    same(list(_users("DeletedUsers")), ["Fay Moss"])


@step
def a_user_is_changed(world: World) -> None:
    user, wanted = users.User(), users.BodyWrapper()
    user.set_phone("555-0150")
    wanted.set_users([user])
    (outcome,) = answer(users.UsersOperations().update_user(world["ben"], wanted), users.ActionWrapper).get_users()

    is_a(outcome, users.SuccessResponse)
    same(_users("AllUsers")["Ben Carter"].get_phone(), "555-0150")


@step
def the_profiles_are_listed(world: World) -> None:
    found = answer(profiles.ProfilesOperations().get_profiles(), profiles.ResponseWrapper).get_profiles()
    by_name = {is_a(one, profiles.Profile).get_name(): one for one in found}

    same((by_name["Administrator"].get_category(), by_name["Sales"].get_category()), (False, True))
    world["administrator_profile"] = by_name["Administrator"].get_id()


@step
def a_profile_is_read_with_its_permissions(world: World) -> None:
    response = profiles.ProfilesOperations().get_profile(world["administrator_profile"])
    (found,) = answer(response, profiles.ResponseWrapper).get_profiles()
    boxes = {is_a(box, profiles.PermissionDetail).get_name(): box for box in found.get_permissions_details()}

    box = boxes["Crm_Implied_View_Leads"]
    same((box.get_enabled(), box.get_module(), box.get_display_label()), (True, "Leads", "View"))
    same(is_a(found.get_sections()[0], profiles.Section).get_name(), "module")


@step
def the_roles_are_listed(world: World) -> None:
    found = answer(roles.RolesOperations().get_roles(), roles.ResponseWrapper).get_roles()
    by_name = {is_a(one, roles.Role).get_name(): one for one in found}

    same(set(by_name), {"CEO", "Manager"})
    same(by_name["Manager"].get_reporting_to().get_id(), by_name["CEO"].get_id())


@step
def one_role_is_read_by_its_id(world: World) -> None:
    (found,) = answer(roles.RolesOperations().get_role(world["manager_role"]), roles.ResponseWrapper).get_roles()

    same((found.get_name(), found.get_admin_user()), ("Manager", False))


@step
def the_organization_is_read(world: World) -> None:
    (found,) = answer(org.OrgOperations().get_organization(), org.ResponseWrapper).get_org()

    same((found.get_iso_code(), found.get_mc_status(), found.get_currency_symbol()), ("USD", False, "$"))
    is_a(found.get_license_details(), org.LicenseDetails)
    world["zgid"] = is_a(found.get_zgid(), str)


def _format() -> currencies.Format:
    made = currencies.Format()
    made.set_decimal_separator(Choice("Period"))
    made.set_thousand_separator(Choice("Comma"))
    made.set_decimal_places(Choice("2"))
    return made


def _currency(code: str, name: str, symbol: str, rate: str) -> currencies.Currency:
    made = currencies.Currency()
    made.set_iso_code(code)
    made.set_name(f"{name} - {code}")
    made.set_symbol(symbol)
    made.set_exchange_rate(rate)
    made.set_prefix_symbol(True)
    made.set_is_active(True)
    made.set_format(_format())
    return made


@step
def multi_currency_is_switched_on(world: World) -> None:
    wanted = currencies.BaseCurrencyWrapper()
    wanted.set_base_currency(_currency("USD", "US Dollar", "$", "1.000000000"))
    response = currencies.CurrenciesOperations().enable_multiple_currencies(wanted)

    is_a(answer(response, currencies.BaseCurrencyActionWrapper).get_base_currency(), currencies.SuccessResponse)


@step
def a_currency_is_added_and_listed(world: World) -> None:
    wanted = currencies.BodyWrapper()
    wanted.set_currencies([_currency("EUR", "Euro", "€", "0.900000000")])
    response = currencies.CurrenciesOperations().add_currencies(wanted)
    (outcome,) = answer(response, currencies.ActionWrapper).get_currencies()
    found = answer(currencies.CurrenciesOperations().get_currencies(), currencies.ResponseWrapper).get_currencies()
    by_code = {is_a(one, currencies.Currency).get_iso_code(): one for one in found}

    same(by_code["EUR"].get_id(), id_of(is_a(outcome, currencies.SuccessResponse)))
    same((by_code["USD"].get_is_base(), Decimal(by_code["EUR"].get_exchange_rate())), (True, Decimal("0.9")))
