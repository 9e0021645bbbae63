"""The calls that one API call owes: collected while it runs, put into the outbox before it is committed."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import Response, current_app, g

from mock_crm.metadata.catalog import Module
from simulator import clock, context, outbox
from simulator.app import after_commit


@dataclass
class Call:
    """What a channel is told of a module and an operation: records in order, and for edits what changed in each."""

    channel: Any
    module: Module
    operation: str
    changes: dict[int, dict[str, Any]] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """The shapes of `affected_fields` and `affected_values` are from memory."""
        config, channel = current_app.extensions["config"], self.channel
        is_edit = self.operation == "update"
        edited = [(str(number), changed) for number, changed in self.changes.items() if is_edit]
        body: dict[str, Any] = {
            "server_time": int(clock.now().timestamp() * 1000),
            "query_params": dict(parse_qsl(urlsplit(channel.notify_url).query)),
            "module": self.module.api_name,
            "resource_uri": f"{config.url}/crm/v2/{self.module.api_name}",
            "ids": [str(number) for number in self.changes],
            "affected_fields": [{number: sorted(changed)} for number, changed in edited],
            "operation": self.operation,
            "channel_id": str(channel.channel_id),
            "token": channel.token,
        }
        if channel.returns_values:
            body["affected_values"] = [{"record_id": number, "values": changed} for number, changed in edited]
        return body


class Owed:
    """The calls owed so far, one for each channel, module and operation.

    It stands among the acts after the commit, where it wakes the sender; an attempt at the request that is undone
    takes it along.
    """

    def __init__(self) -> None:
        self.calls: dict[tuple[int, str, str], Call] = {}
        self._world = context.current_world().id
        self._sender = current_app.extensions["sender"]

    def __call__(self) -> None:
        self._sender.wake(self._world)

    def add(self, channel: Any, module: Module, operation: str, changes: dict[int, dict[str, Any]]) -> None:
        key = (channel.channel_id, module.api_name, operation)
        call = self.calls.setdefault(key, Call(channel, module, operation))
        for number, changed in changes.items():
            call.changes[number] = {**call.changes.get(number, {}), **changed}

    def post(self) -> None:
        for call in self.calls.values():
            outbox.post(f"channel-{call.channel.channel_id}", call.channel.notify_url, call.body())
        self.calls = {}


def owe(channel: Any, module: Module, operation: str, changes: dict[int, dict[str, Any]]) -> None:
    """Owes a call in the request under way; `changes` are the new values by record, none where none are told."""
    found = _found()
    if found is None:
        found = Owed()
        after_commit(found)
    found.add(channel, module, operation, changes)


def _found() -> Owed | None:
    return next((act for act in g.get("after_commit", ()) if isinstance(act, Owed)), None)


def post(response: Response) -> Response:
    """After the route: what is owed goes into the outbox, unless the request is refused and undone."""
    found = _found()
    if found is not None and response.status_code < 400:
        found.post()
    return response


def kept() -> dict[tuple[int, str, str], dict[int, dict[str, Any]]]:
    """What is owed now, to go back to when only a part of the request is undone."""
    found = _found()
    return {key: dict(call.changes) for key, call in found.calls.items()} if found is not None else {}


def go_back(before: dict[tuple[int, str, str], dict[int, dict[str, Any]]]) -> None:
    found = _found()
    if found is not None:
        found.calls = {key: call for key, call in found.calls.items() if key in before}
        for key, call in found.calls.items():
            call.changes = before[key]
