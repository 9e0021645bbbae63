"""The SDK is set up; it asks for a token when it first needs one."""

from stepping import World, is_a, raises, same, step
from zcrmsdk.src.com.zoho.api.authenticator.oauth_token import OAuthToken
from zcrmsdk.src.com.zoho.crm.api import org
from zcrmsdk.src.com.zoho.crm.api.exception import SDKException
from zcrmsdk.src.com.zoho.crm.api.initializer import Initializer

from v2.sdk import answer, initialize


@step
def a_wrong_refresh_token_is_refused(world: World) -> None:
    wrong = f"{world.refresh_token[:-1]}z"
    initialize(world, OAuthToken(world.client_id, world.client_secret, refresh_token=wrong))
    raises(SDKException, "invalid_code", org.OrgOperations().get_organization)


@step
def the_sdk_signs_in_with_a_refresh_token(world: World) -> None:
    token = OAuthToken(world.client_id, world.client_secret, refresh_token=world.refresh_token)
    initialize(world, token)
    (found,) = answer(org.OrgOperations().get_organization(), org.ResponseWrapper).get_org()

    same(is_a(found, org.Org).get_company_name(), "Zylker")
    same(token.get_access_token()[:5], "1000.")


@step
def the_sdk_keeps_its_token_in_a_file(world: World) -> None:
    (kept,) = Initializer.get_initializer().store.get_tokens()

    same(is_a(kept, OAuthToken).get_refresh_token(), world.refresh_token)
