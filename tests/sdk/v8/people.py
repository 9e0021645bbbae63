"""Users of every type, profiles, roles, the organization and its currencies."""

from datetime import datetime
from decimal import Decimal

from stepping import World, is_a, same, step
from zohocrmsdk.src.com.zoho.crm.api import currencies, org, profiles, roles, users
from zohocrmsdk.src.com.zoho.crm.api.util import Choice

from v8.sdk import answer, id_of, nothing, params, text

EVERYBODY = {"Asha Rao", "Ben Carter", "Carla Gomez", "Dmitri Petrov", "Emma Li"}


def _users(kind: str) -> dict[str, users.Users]:
    response = users.UsersOperations().get_users(params(users.GetUsersParam, type=kind))
    return {is_a(one, users.Users).get_full_name(): one for one in answer(response, users.ResponseWrapper).get_users()}


def _no_users(kind: str) -> None:
    nothing(users.UsersOperations().get_users(params(users.GetUsersParam, type=kind)))


@step
def all_users_are_listed(world: World) -> None:
    found = _users("AllUsers")

    same(set(found), EVERYBODY)
    ben = found["Ben Carter"]
    same((ben.get_email(), ben.get_status(), ben.get_confirm()), ("ben.carter@zylker.example", "active", True))
    same((ben.get_profile().get_name(), ben.get_role().get_name()), ("Standard", "Manager"))
    is_a(ben.get_created_time(), datetime)
    same(ben.get_id(), world["ben"])
    world["standard_profile"], world["manager_role"] = ben.get_profile().get_id(), ben.get_role().get_id()


@step
def the_current_user_is_who_signed_in(world: World) -> None:
    same(list(_users("CurrentUser")), ["Asha Rao"])


@step
def active_and_confirmed_users_are_listed(world: World) -> None:
    for kind in ("ActiveUsers", "ConfirmedUsers", "ActiveConfirmedUsers"):
        same(set(_users(kind)), EVERYBODY)
    _no_users("DeletedUsers")
    _no_users("DeactiveUsers")


@step
def administrators_are_listed(world: World) -> None:
    same(list(_users("AdminUsers")), ["Asha Rao"])
    same(list(_users("ActiveConfirmedAdmins")), ["Asha Rao"])


@step
def a_user_is_read_by_his_id(world: World) -> None:
    response = users.UsersOperations().get_user(world["ben"])
    (found,) = answer(response, users.ResponseWrapper).get_users()

    same((found.get_last_name(), found.get_locale(), text(found.get_time_format())), ("Carter", "en_US", "hh:mm a"))


@step
def users_are_counted(world: World) -> None:
    response = users.UsersOperations().users_count(params(users.UsersCountParam, type="ActiveUsers"))

    same(int(answer(response, users.CountWrapper).get_count()), 5)


def _sent(user: users.Users) -> users.BodyWrapper:
    wanted = users.BodyWrapper()
    wanted.set_users([user])
    return wanted


@step
def a_user_is_invited(world: World) -> None:
    role, profile, user = users.Role(), users.Profile(), users.Users()
    role.set_id(world["manager_role"])
    profile.set_id(world["standard_profile"])
    user.set_first_name("Fay")
    user.set_last_name("Moss")
    user.set_email("fay.moss@zylker.example")
    user.set_role(role)
    user.set_profile(profile)
    (outcome,) = answer(users.UsersOperations().create_users(_sent(user)), users.ActionWrapper, 201).get_users()

    world["fay"] = id_of(is_a(outcome, users.SuccessResponse))
    same(list(_users("NotConfirmedUsers")), ["Fay Moss"])


@step
def a_user_is_changed(world: World) -> None:
    user = users.Users()
    user.set_phone("555-0150")
    response = users.UsersOperations().update_user(world["ben"], _sent(user))
    (outcome,) = answer(response, users.ActionWrapper).get_users()

    is_a(outcome, users.SuccessResponse)
    same(_users("AllUsers")["Ben Carter"].get_phone(), "555-0150")


@step
def a_user_is_deleted(world: World) -> None:
    (outcome,) = answer(users.UsersOperations().delete_user(world["fay"]), users.ActionWrapper).get_users()

    is_a(outcome, users.SuccessResponse)
    same(list(_users("DeletedUsers")), ["Fay Moss"])


@step
def the_profiles_are_listed(world: World) -> None:
    found = answer(profiles.ProfilesOperations().get_profiles(), profiles.ResponseWrapper).get_profiles()
    by_name = {is_a(one, profiles.Profile).get_name(): one for one in found}

    assert {"Administrator", "Standard"} <= set(by_name), by_name.keys()
    same(by_name["Administrator"].get_custom(), False)
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
def a_profile_is_cloned_and_deleted(world: World) -> None:
    profile = profiles.Profile()
    profile.set_name("Interns")
    profile.set_description("Look only")
    wanted = profiles.BodyWrapper()
    wanted.set_profiles([profile])
    operations = profiles.ProfilesOperations()
    response = operations.clone_profiles(world["standard_profile"], wanted)
    (outcome,) = answer(response, profiles.ActionWrapper, 201).get_profiles()
    made = id_of(is_a(outcome, profiles.SuccessResponse))
    asked = params(profiles.DeleteProfileParam, transfer_to=world["standard_profile"])

    answer(operations.delete_profile(made, asked), profiles.SuccessResponse)


@step
def the_roles_are_listed(world: World) -> None:
    found = answer(roles.RolesOperations().get_roles(), roles.ResponseWrapper).get_roles()
    by_name = {is_a(one, roles.Role).get_name(): one for one in found}

    same(set(by_name), {"CEO", "Manager"})
    same(by_name["Manager"].get_reporting_to().get_id(), by_name["CEO"].get_id())
    world["ceo"] = by_name["CEO"].get_id()


@step
def a_role_is_made_and_read(world: World) -> None:
    above, role = roles.ReportingTo(), roles.Role()
    above.set_id(world["ceo"])
    role.set_name("Scout")
    role.set_reporting_to(above)
    role.set_share_with_peers(False)
    wanted = roles.BodyWrapper()
    wanted.set_roles([role])
    (outcome,) = answer(roles.RolesOperations().create_roles(wanted), roles.ActionWrapper, 201).get_roles()
    made = id_of(is_a(outcome, roles.SuccessResponse))
    (found,) = answer(roles.RolesOperations().get_role(made), roles.ResponseWrapper).get_roles()

    same((found.get_name(), found.get_share_with_peers()), ("Scout", False))


@step
def the_organization_is_read(world: World) -> None:
    (found,) = answer(org.OrgOperations().get_organization(), org.ResponseWrapper).get_org()

    same((is_a(found, org.Org).get_company_name(), found.get_iso_code()), ("Zylker", "USD"))
    same((found.get_mc_status(), found.get_currency_symbol()), (False, "$"))
    assert found.get_zgid().isdigit(), found.get_zgid()
    is_a(found.get_license_details(), org.LicenseDetails)
    world["zgid"] = found.get_zgid()


def _format() -> currencies.Format:
    made = currencies.Format()
    made.set_decimal_separator(Choice("Period"))
    made.set_thousand_separator(Choice("Comma"))
    made.set_decimal_places(Choice("2"))
    return made


@step
def multi_currency_is_switched_on(world: World) -> None:
    base = currencies.BaseCurrency()
    base.set_iso_code("USD")
    base.set_name("US Dollar - USD")
    base.set_symbol("$")
    base.set_exchange_rate("1.000000000")
    base.set_prefix_symbol(True)
    base.set_is_active(True)
    base.set_format(_format())
    wanted = currencies.BaseCurrencyWrapper()
    wanted.set_base_currency(base)
    response = currencies.CurrenciesOperations().enable_base_currency(wanted)
    done = answer(response, currencies.BaseCurrencyActionWrapper, response.get_status_code())

    is_a(done.get_base_currency(), currencies.SuccessResponse)


@step
def a_currency_is_added(world: World) -> None:
    euro = currencies.Currency()
    euro.set_iso_code("EUR")
    euro.set_name("Euro - EUR")
    euro.set_symbol("€")
    euro.set_exchange_rate("0.900000000")
    euro.set_prefix_symbol(True)
    euro.set_is_active(True)
    euro.set_format(_format())
    wanted = currencies.BodyWrapper()
    wanted.set_currencies([euro])
    response = currencies.CurrenciesOperations().add_currencies(wanted)
    (outcome,) = answer(response, currencies.ActionWrapper).get_currencies()

    world["euro"] = id_of(is_a(outcome, currencies.SuccessResponse))


@step
def the_currencies_are_listed(world: World) -> None:
    found = answer(currencies.CurrenciesOperations().get_currencies(), currencies.ResponseWrapper).get_currencies()
    by_code = {is_a(one, currencies.Currency).get_iso_code(): one for one in found}

    same((by_code["USD"].get_is_base(), by_code["EUR"].get_is_base()), (True, False))
    same(Decimal(by_code["EUR"].get_exchange_rate()), Decimal("0.9"))
    same(text(by_code["EUR"].get_format().get_decimal_places()), "2")
    same(by_code["EUR"].get_id(), world["euro"])
