"""The SDK is set up and gets its first token."""

from stepping import World, is_a, raises, same, step
from zohocrmsdk.src.com.zoho.api.authenticator.oauth_token import OAuthToken
from zohocrmsdk.src.com.zoho.crm.api import Initializer
from zohocrmsdk.src.com.zoho.crm.api.exception import SDKException

from v8 import sdk

ADMIN = "asha.rao@zylker.example"


@step
def a_wrong_refresh_token_is_refused(world: World) -> None:
    token = OAuthToken(world.client_id, world.client_secret, refresh_token=world.refresh_token[:-1] + "z")
    raises(SDKException, "invalid_code", sdk.initialize, world, token)


@step
def the_sdk_signs_in_with_a_refresh_token(world: World) -> None:
    token = sdk.token_of_grant(world)
    sdk.initialize(world, token)

    same(token.get_access_token()[:5], "1000.")
    same(token.get_api_domain(), world.url)
    same(Initializer.get_initializer().environment.url, world.url)
    world["token"] = token


@step
def the_sdk_finds_out_who_it_works_for(world: World) -> None:
    name = is_a(world["token"].get_user_signature().get_name(), str)

    assert name.startswith(ADMIN), name


@step
def the_sdk_keeps_its_token_in_a_file(world: World) -> None:
    (kept,) = Initializer.get_initializer().store.get_tokens()

    same(is_a(kept, OAuthToken).get_refresh_token(), world.refresh_token)
