"""Tokens that run out or are revoked, a grant code, and a user whose profile may not."""

from typing import Any

from stepping import World, is_a, raises, same, step
from zohocrmsdk.src.com.zoho.api.authenticator.oauth_token import OAuthToken
from zohocrmsdk.src.com.zoho.crm.api import Initializer, users
from zohocrmsdk.src.com.zoho.crm.api.exception import SDKException
from zohocrmsdk.src.com.zoho.crm.api.record import (
    APIException,
    GetRecordsParam,
    RecordOperations,
    ResponseWrapper,
)

from v8.sdk import answer, environment, params, text

CALLBACK = "http://127.0.0.1:9/back"


def _leads() -> Any:
    return RecordOperations("Leads").get_records(params(GetRecordsParam, fields="Last_Name"))


@step
def a_token_that_ran_out_is_told(world: World) -> None:
    world.control("PUT", "/clock", {"advance_seconds": 3601})

    found = answer(_leads(), APIException, 401)
    same(text(found.get_code()), "INVALID_TOKEN")


@step
def the_sdk_refreshes_a_token_that_ran_out(world: World) -> None:
    initializer = Initializer.get_initializer()
    token = is_a(initializer.token, OAuthToken)
    old = token.get_access_token()
    token.set_expires_in("1")
    initializer.store.save_token(token)

    answer(_leads(), ResponseWrapper)
    assert initializer.store.find_token_by_id(token.get_id()).get_access_token() != old


@step
def the_sdk_switches_to_another_user(world: World) -> None:
    signed_in = world.control("POST", "/sign-in", {"email": "emma.li@zylker.example"})
    Initializer.switch_user(environment(world), OAuthToken(access_token=signed_in["access_token"]))
    response = users.UsersOperations().get_users(params(users.GetUsersParam, type="CurrentUser"))
    (found,) = answer(response, users.ResponseWrapper).get_users()

    same((found.get_full_name(), found.get_profile().get_name()), ("Emma Li", "Support"))


@step
def a_profile_without_the_permission_is_told(world: World) -> None:
    asked = params(GetRecordsParam, fields="Deal_Name")
    found = answer(RecordOperations("Deals").get_records(asked), APIException, 403)

    same(text(found.get_code()), "NO_PERMISSION")
    same(found.get_details()["permissions"], ["Crm_Implied_View_Potentials"])


@step
def the_sdk_signs_in_with_a_grant_token(world: World) -> None:
    scopes = "ZohoCRM.modules.leads.READ ZohoCRM.settings.fields.READ"
    world["code"] = world.consent("asha.rao@zylker.example", CALLBACK, scopes)
    token = OAuthToken(
        world.client_id, world.client_secret, grant_token=world["code"], redirect_url=CALLBACK, find_user=False
    )
    Initializer.switch_user(environment(world), token)

    answer(_leads(), ResponseWrapper)
    assert token.get_refresh_token() not in (None, world.refresh_token)
    world["granted"] = token


@step
def a_scope_that_is_missing_is_told(world: World) -> None:
    asked = params(GetRecordsParam, fields="Account_Name")
    found = answer(RecordOperations("Accounts").get_records(asked), APIException, 401)

    same(text(found.get_code()), "OAUTH_SCOPE_MISMATCH")


@step
def a_wrong_grant_token_is_refused(world: World) -> None:
    wrong = f"{world['code'][:-1]}x"
    token = OAuthToken(world.client_id, world.client_secret, grant_token=wrong, redirect_url=CALLBACK, find_user=False)
    raises(SDKException, "invalid_code", Initializer.switch_user, environment(world), token)


@step
def a_revoked_token_is_refused(world: World) -> None:
    token = is_a(world["granted"], OAuthToken)
    Initializer.switch_user(environment(world), token)
    assert OAuthToken.revoke_refresh_token(token.get_refresh_token(), f"{world.url}/oauth/v2/token/revoke")
    token.set_expires_in("1")
    Initializer.get_initializer().store.save_token(token)
    raises(SDKException, "invalid_code", _leads)
