"""Steps of a scenario: each is a function marked `@step`, run in the order of the modules and told as a line of JSON.

Runs in the environment of the SDKs, so only the standard library and nothing of the simulator.
"""

import contextlib
import http.client
import importlib
import json
import sys
import traceback
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")


@dataclass
class World:
    """The world a scenario is played in, and what its steps leave for each other."""

    url: str
    world: str
    client_id: str
    client_secret: str
    refresh_token: str
    folder: str
    made: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        assert name in self.made, f"an earlier step was to make {name!r}"
        return self.made[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self.made[name] = value

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """A call to the simulator's own control routes of this world."""
        return self.ask(method, f"/_sim/worlds/{self.world}{path}", body)

    def ask(self, method: str, path: str, body: Any = None, token: str | None = None) -> Any:
        """A call past the SDK, for what it cannot do."""
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Zoho-oauthtoken {token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.code} {error.read()!r}") from None
        return json.loads(text) if text else None

    def consent(self, email: str, callback: str, scopes: str) -> str:
        """Somebody accepts on the accounts server's page; the grant token his browser brings back."""
        form = {
            "client_id": self.client_id,
            "response_type": "code",
            "access_type": "offline",
            "redirect_uri": callback,
            "scope": scopes,
            "email": email,
        }
        server = urllib.parse.urlsplit(self.url)
        connection = http.client.HTTPConnection(server.hostname or "", server.port, timeout=30)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/oauth/v2/auth", urllib.parse.urlencode(form), headers)
        answer = connection.getresponse()
        address = answer.getheader("Location", "")
        connection.close()
        assert address.startswith(callback), f"{answer.status}, back to {address!r}"
        return urllib.parse.parse_qs(urllib.parse.urlsplit(address).query)["code"][0]


def step(function: F) -> F:
    """Marks a step; its name is its sentence."""
    function.is_step = True  # type: ignore[attr-defined]
    return function


def same(actual: Any, expected: Any) -> None:
    """
    Raises:
        AssertionError: telling both, when they differ.
    """
    assert actual == expected, f"{actual!r} is not {expected!r}"


def is_a(value: Any, kind: type[T]) -> T:
    """The value, as what it has to be.

    Raises:
        AssertionError: telling what it is, an SDK's error with all it says.
    """
    assert isinstance(value, kind), f"{_told(value)} is no {kind.__name__}"
    return value


def raises(kind: type[Exception], words: str, call: Callable[..., Any], *given: Any) -> None:
    """
    Raises:
        AssertionError: when the call does not raise an error that says these words.
    """
    try:
        call(*given)
    except kind as error:
        told = str(error)
    else:
        told = "nothing"
    assert words in told, f"{told} was raised, not {words}"


def _told(value: Any) -> str:
    getters = ("get_code", "get_message", "get_details")
    said = [str(_plain(getattr(value, name)())) for name in getters if hasattr(value, name)]
    return " ".join([type(value).__name__, *said])


def _plain(value: Any) -> Any:
    return value.get_value() if hasattr(value, "get_value") else value


def play(package: str, *parts: str) -> None:
    """Runs the steps of a package's modules; the world comes as JSON on standard input."""
    world = World(**json.load(sys.stdin))
    for part in parts:
        for function in _steps(importlib.import_module(f"{package}.{part}")):
            outcome = _outcome(function, world)
            print(json.dumps({"step": f"{part}.{function.__name__}", **outcome}), flush=True)


def _steps(module: ModuleType) -> list[Callable[[World], None]]:
    return [value for value in vars(module).values() if getattr(value, "is_step", False)]


def _outcome(function: Callable[[World], None], world: World) -> dict[str, Any]:
    try:
        # A client may print what it does; the output is for the outcomes alone.
        with contextlib.redirect_stdout(sys.stderr):
            function(world)
    except Exception as error:
        # The SDK's exceptions keep what happened in themselves, and print poorly.
        inside = {key: str(value) for key, value in vars(error).items() if value is not None}
        return {"ok": False, "detail": f"{traceback.format_exc(limit=-6)}{inside or ''}"}
    return {"ok": True, "detail": ""}
