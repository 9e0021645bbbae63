"""What the steps share: the SDK set up on a world, and answers taken apart with their types checked."""

from typing import Any, TypeVar

from stepping import World, is_a, same
from zohocrmsdk.src.com.zoho.api.authenticator.oauth_token import OAuthToken
from zohocrmsdk.src.com.zoho.api.authenticator.store import FileStore
from zohocrmsdk.src.com.zoho.api.logger import Logger
from zohocrmsdk.src.com.zoho.crm.api import HeaderMap, Initializer, ParameterMap, SDKConfig
from zohocrmsdk.src.com.zoho.crm.api.dc import DataCenter
from zohocrmsdk.src.com.zoho.crm.api.record import (
    ActionWrapper,
    BodyWrapper,
    Record,
    RecordOperations,
    ResponseWrapper,
    SuccessResponse,
)

T = TypeVar("T")


def environment(world: World) -> DataCenter.Environment:
    """Where the SDK finds the CRM: the only thing that is not as on the real one."""
    return DataCenter.Environment(world.url, f"{world.url}/oauth/v2/token", world.url)


def token_of_grant(world: World) -> OAuthToken:
    return OAuthToken(client_id=world.client_id, client_secret=world.client_secret, refresh_token=world.refresh_token)


def initialize(world: World, token: OAuthToken) -> None:
    Initializer.initialize(
        environment=environment(world),
        token=token,
        store=FileStore(f"{world.folder}/tokens.csv"),
        sdk_config=SDKConfig(auto_refresh_fields=False, pick_list_validation=True),
        resource_path=world.folder,
        logger=Logger.get_instance(Logger.Levels.ERROR, f"{world.folder}/sdk.log"),
    )


def params(of: type, **values: Any) -> ParameterMap:
    """Query parameters by the names that the SDK's class of an operation gives them."""
    made = ParameterMap()
    for name, value in values.items():
        made.add(getattr(of, name), value)
    return made


def headers(of: type, **values: Any) -> HeaderMap:
    made = HeaderMap()
    for name, value in values.items():
        made.add(getattr(of, name), value)
    return made


def answer(response: Any, kind: type[T], status: int = 200) -> T:
    """The object of a response, of the status and type it has to be."""
    found = is_a(response.get_object(), kind)
    same(response.get_status_code(), status)
    return found


def nothing(response: Any, status: int = 204) -> None:
    same((response.get_status_code(), response.get_object()), (status, None))


def text(value: Any) -> Any:
    """What a Choice holds, or a plain value."""
    return value.get_value() if hasattr(value, "get_value") else value


# records


def record(record_id: int | None = None, **values: Any) -> Record:
    made = Record()
    if record_id is not None:
        made.set_id(record_id)
    for name, value in values.items():
        made.add_key_value(name, value)
    return made


def body(*records: Record, **more: Any) -> BodyWrapper:
    made = BodyWrapper()
    made.set_data(list(records))
    for name, value in more.items():
        getattr(made, f"set_{name}")(value)
    return made


def id_of(outcome: Any) -> int:
    """The record that an outcome is about; some of the SDK's packages leave ids in details as text."""
    return int(outcome.get_details()["id"])


def create(module: str, *records: Record) -> list[int]:
    """Makes records and returns their ids."""
    outcomes = answer(RecordOperations(module).create_records(body(*records)), ActionWrapper, 201).get_data()
    for outcome in outcomes:
        same(text(is_a(outcome, SuccessResponse).get_message()), "record added")
    return [id_of(outcome) for outcome in outcomes]


def get(module: str, record_id: int) -> Record:
    (found,) = answer(RecordOperations(module).get_record(record_id), ResponseWrapper).get_data()
    return is_a(found, Record)


def refusal(response: Any, wrapper: type, error: type[T], status: int = 400) -> T:
    """The one error inside an answer about records."""
    (outcome,) = answer(response, wrapper, status).get_data()
    found = is_a(outcome, error)
    same(text(found.get_status()), "error")  # type: ignore[attr-defined]
    return found
