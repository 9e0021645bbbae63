"""Tokens that run out or are revoked, a grant code, and a user whose profile may not."""

from typing import Any

from stepping import World, raises, same, step
from zcrmsdk.src.com.zoho.api.authenticator.oauth_token import OAuthToken
from zcrmsdk.src.com.zoho.crm.api import users
from zcrmsdk.src.com.zoho.crm.api.exception import SDKException
from zcrmsdk.src.com.zoho.crm.api.initializer import Initializer
from zcrmsdk.src.com.zoho.crm.api.record import APIException, RecordOperations, ResponseWrapper
from zcrmsdk.src.com.zoho.crm.api.user_signature import UserSignature

from v2.sdk import ADMIN, answer, environment, text

CALLBACK = "http://127.0.0.1:9/back"
SUPPORT = "emma.li@zylker.example"


def _leads() -> Any:
    return RecordOperations().get_records("Leads")


def _switch(world: World, email: str, token: OAuthToken) -> None:
    Initializer.switch_user(user=UserSignature(email), environment=environment(world), token=token)


@step
def a_token_that_ran_out_is_told(world: World) -> None:
    world.control("PUT", "/clock", {"advance_seconds": 3601})

    same(text(answer(_leads(), APIException, 401).get_code()), "INVALID_TOKEN")


@step
def the_sdk_refreshes_a_token_that_ran_out(world: World) -> None:
    token = Initializer.get_initializer().token
    old = token.get_access_token()
    token.set_expires_in("1")

    answer(_leads(), ResponseWrapper)
    assert token.get_access_token() != old


@step
def the_sdk_switches_to_another_user(world: World) -> None:
    signed_in = world.control("POST", "/sign-in", {"email": SUPPORT})
    _switch(world, SUPPORT, OAuthToken(access_token=signed_in["access_token"]))
    found = answer(users.UsersOperations().get_users(), users.ResponseWrapper).get_users()

    assert SUPPORT in [user.get_email() for user in found]


@step
def a_profile_without_the_permission_is_told(world: World) -> None:
    found = answer(RecordOperations().get_records("Deals"), APIException, 403)

    same(text(found.get_code()), "NO_PERMISSION")


@step
def the_sdk_signs_in_with_a_grant_token(world: World) -> None:
    scopes = "ZohoCRM.modules.leads.READ ZohoCRM.settings.fields.READ"
    code = world.consent(ADMIN, CALLBACK, scopes)
    token = OAuthToken(world.client_id, world.client_secret, grant_token=code, redirect_url=CALLBACK)
    _switch(world, ADMIN, token)

    answer(_leads(), ResponseWrapper)
    assert token.get_refresh_token() not in (None, world.refresh_token)
    world["granted"] = token


@step
def a_scope_that_is_missing_is_told(world: World) -> None:
    found = answer(RecordOperations().get_records("Accounts"), APIException, 401)

    same(text(found.get_code()), "OAUTH_SCOPE_MISMATCH")


@step
def a_revoked_token_is_refused(world: World) -> None:
    token = world["granted"]
    same(world.ask("POST", f"/oauth/v2/token/revoke?token={token.get_refresh_token()}"), {"status": "success"})
    token.set_expires_in("1")
    raises(SDKException, "invalid_code", _leads)
