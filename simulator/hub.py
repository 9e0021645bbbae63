"""An operation on all services as one, by their control routes: all of them do it, or none is changed."""

import http.client
import json
import os
import secrets
import string
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

#: The services that keep data of a world; the web owns none.
KEEPERS = ("crm", "invoice", "connector")
REST_SECONDS = 10.0
REST_POLL_SECONDS = 0.02
TIMEOUT_SECONDS = 60.0


class HubError(Exception):
    """An operation was refused or failed; the message is one plain line, and `status` what a service answered."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class Hub:
    """The control plane of a simulator.

    Args:
        urls: where the services answer, by name; those that are not there (a simulator without our connector)
            are left out of every operation.
        admin_token: needed when the simulator is shared.
    """

    def __init__(self, urls: Mapping[str, str], admin_token: str | None = None) -> None:
        self.urls = dict(urls)
        self._admin_token = admin_token
        self._keepers = [service for service in KEEPERS if service in self.urls]

    def worlds(self) -> list[dict[str, Any]]:
        """The worlds, each with id, scenario, created_at and epoch."""
        worlds: list[dict[str, Any]] = self._call(self._keepers[0], "GET", "/worlds")["worlds"]
        return worlds

    def create_world(self, world: str, scenario: str = "demo") -> dict[str, str]:
        """Makes a world in every service; when one cannot, it is unmade in the others.

        Returns:
            the credentials of a client that may do everything in it.
        """
        credentials = new_credentials(world)
        body = {"id": world, "scenario": scenario, "credentials": credentials}
        made, failures = self._on_all(lambda service: self._call(service, "POST", "/worlds", body))
        if failures:
            unclear = [service for service, error in failures.items() if (error.status or 500) >= 500]
            for service in [*made, *unclear]:
                self._try(service, "DELETE", f"/worlds/{world}")
            raise next(iter(failures.values()))
        return credentials

    def delete_world(self, world: str) -> None:
        """Removes a world with its snapshots from every service that has it."""
        _, failures = self._on_all(lambda service: self._call(service, "DELETE", f"/worlds/{world}"))
        known_nowhere = len(failures) == len(self._keepers)
        for error in failures.values():
            if error.status != 404 or known_nowhere:
                raise error

    def reset(self, world: str) -> None:
        """Puts a world back to the scenario it was made from; clients and tokens stay good."""
        self._as_one(world, {"kind": "reset"})

    def snapshot(self, world: str, name: str) -> None:
        """Keeps the state of a world under a name; a snapshot of the same name is replaced."""
        self._as_one(world, {"kind": "snapshot", "name": name})

    def restore(self, world: str, name: str) -> None:
        """Puts a world back to a snapshot, its clock too; clients and tokens stay good."""
        self._as_one(world, {"kind": "restore", "name": name})

    def snapshots(self, world: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._call(self._keepers[0], "GET", f"/worlds/{world}/snapshots")["snapshots"]
        return found

    def rest(self, world: str, seconds: float = REST_SECONDS) -> None:
        """Waits until no run is under way and no notice waits anywhere.

        Raises:
            HubError: when that takes longer than `seconds`; it says what is still going on.
        """
        until = time.monotonic() + seconds
        # A run may post notices and a notice may start a run, so all must be found at rest twice in a row.
        quiet = 0
        while quiet < 2:
            busy = self._busy(world)
            quiet = 0 if busy else quiet + 1
            if busy:
                self._pause(world, busy, until)

    def clock(self, world: str) -> dict[str, Any]:
        """The world's time: now, real_now, offset_seconds, frozen."""
        shown: dict[str, Any] = self._call(self._keepers[0], "GET", f"/worlds/{world}/clock")
        return shown

    def advance(self, world: str, seconds: int) -> dict[str, Any]:
        """Moves the time of a world forward; services whose clocks differ agree again afterwards."""
        clocks = self._clocks(world)
        if any(shown["frozen"] for shown in clocks.values()):
            latest = max(datetime.fromisoformat(shown["now"]) for shown in clocks.values())
            moment = (latest + timedelta(seconds=seconds)).isoformat()
            self._set_clock(world, lambda service: {"now": moment})
        else:
            offset = max(shown["offset_seconds"] for shown in clocks.values()) + seconds
            self._set_clock(world, lambda service: {"advance_seconds": offset - clocks[service]["offset_seconds"]})
        return self.clock(world)

    def freeze(self, world: str) -> dict[str, Any]:
        """Stops the time of a world, at the same moment in every service."""
        self._set_clock(world, lambda service: {"freeze": True})
        return self.advance(world, 0)

    def unfreeze(self, world: str) -> dict[str, Any]:
        """Lets the time of a world run again from where it stands."""
        self._set_clock(world, lambda service: {"freeze": False})
        return self.advance(world, 0)

    def people(self, world: str) -> list[dict[str, Any]]:
        """Who can sign in, by email: name, the CRM profile and the Invoice role (none where he is no user)."""
        people: dict[str, dict[str, Any]] = {}
        for service, part in (("crm", "profile"), ("invoice", "role")):
            for person in self._call(service, "GET", f"/worlds/{world}/people")["people"]:
                new = {"name": person["name"], "email": person["email"], "profile": None, "role": None}
                known = people.setdefault(person["email"], {**new, "is_admin": False})
                known[part] = person.get(part)
                known["is_admin"] = known["is_admin"] or bool(person.get("is_admin"))
        return list(people.values())

    def sign_in(self, world: str, service: str, email: str | None = None) -> str:
        """An access token of a person at one product; of its first administrator, where nobody is named."""
        if email is None:
            people = self._call(service, "GET", f"/worlds/{world}/people")["people"]
            email = next(person["email"] for person in people if person["is_admin"])
        body = {"email": email, "password": os.environ.get("SIMULATOR_PASSWORD")}
        return str(self._call(service, "POST", f"/worlds/{world}/sign-in", body)["access_token"])

    def credentials(self, world: str) -> dict[str, Any]:
        """What a real client needs to be pointed at a world."""
        crm = self._call("crm", "GET", f"/worlds/{world}/credentials")
        invoice = self._call("invoice", "GET", f"/worlds/{world}/credentials")
        return {
            **{f"{service}_url": self.urls.get(service) for service in ("crm", "invoice", "connector", "web")},
            "world": world,
            "client_id": crm["client_id"],
            "client_secret": crm["client_secret"],
            "refresh_token": crm["refresh_token"],
            "organization_id": invoice["organization_id"],
            "crm_org_id": crm["organization_id"],
            "people": self.people(world),
        }

    def _as_one(self, world: str, body: dict[str, str]) -> None:
        """Prepares in every service and then swaps in all; nothing has changed if a preparation fails.

        All are at rest before the preparations and still are after them, so that these fit together.
        """
        until = time.monotonic() + REST_SECONDS
        while True:
            if not (busy := self._busy(world)):
                tickets = self._prepare(world, body)
                if not (busy := self._busy(world)):
                    return self._swap(world, body["kind"], tickets)
                self._discard(world, tickets)
            self._pause(world, busy, until)

    def _busy(self, world: str) -> dict[str, HubError]:
        """What goes on in the services that are not at rest."""
        _, failures = self._on_all(lambda service: self._call(service, "POST", f"/worlds/{world}/rest", {}))
        for error in failures.values():
            if error.status != 409:
                raise error
        return failures

    def _pause(self, world: str, busy: dict[str, HubError], until: float) -> None:
        if time.monotonic() > until:
            shown = "; ".join(f"{service}: {error}" for service, error in busy.items())
            raise HubError(f"World {world} does not come to rest ({shown}). Try again later.", 409)
        time.sleep(REST_POLL_SECONDS)

    def _prepare(self, world: str, body: dict[str, str]) -> dict[str, dict[str, str]]:
        tickets, failures = self._on_all(lambda service: self._call(service, "POST", f"/worlds/{world}/prepare", body))
        for error in failures.values():
            self._discard(world, tickets)
            raise error
        return tickets

    def _discard(self, world: str, tickets: dict[str, dict[str, str]]) -> None:
        for service, ticket in tickets.items():
            self._try(service, "POST", f"/worlds/{world}/discard", ticket)

    def _swap(self, world: str, kind: str, tickets: dict[str, dict[str, str]]) -> None:
        _, failures = self._on_all(
            lambda service: self._call(service, "POST", f"/worlds/{world}/swap", tickets[service])
        )
        for service, error in failures.items():
            raise HubError(
                f"The {kind} of world {world} failed half way, in {service}: {error} Reset it.", error.status
            )

    def _clocks(self, world: str) -> dict[str, dict[str, Any]]:
        shown, failures = self._on_all(lambda service: self._call(service, "GET", f"/worlds/{world}/clock"))
        for error in failures.values():
            raise error
        return shown

    def _set_clock(self, world: str, change: Callable[[str], dict[str, Any]]) -> None:
        _, failures = self._on_all(
            lambda service: self._call(service, "PUT", f"/worlds/{world}/clock", change(service))
        )
        for error in failures.values():
            raise error

    def _on_all(self, act: Callable[[str], Any]) -> tuple[dict[str, Any], dict[str, HubError]]:
        """Does something in every service that keeps data, at the same time: answers and failures by service."""

        def attempt(service: str) -> Any:
            try:
                return act(service)
            except HubError as error:
                return error

        with ThreadPoolExecutor(len(self._keepers)) as pool:
            outcomes = dict(zip(self._keepers, pool.map(attempt, self._keepers), strict=True))
        failures = {service: found for service, found in outcomes.items() if isinstance(found, HubError)}
        return {service: found for service, found in outcomes.items() if service not in failures}, failures

    def _try(self, service: str, method: str, path: str, body: Any = None) -> None:
        """Cleans up after a failure, which is what gets reported; a second one adds nothing."""
        try:
            self._call(service, method, path, body)
        except HubError:
            return

    def _call(self, service: str, method: str, path: str, body: Any = None) -> Any:
        if service not in self.urls:
            raise HubError(f"The {service} service does not run here.")
        address = urlsplit(self.urls[service])
        headers = {"Content-Type": "application/json"}
        if self._admin_token:
            headers["X-Admin-Token"] = self._admin_token
        kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
        with closing(kind(address.netloc, timeout=TIMEOUT_SECONDS)) as connection:
            try:
                sent = None if body is None else json.dumps(body)
                connection.request(method, f"{address.path}/_sim{quote(path)}", sent, headers)
                answer = connection.getresponse()
                text = answer.read()
            except (OSError, http.client.HTTPException) as error:
                raise HubError(f"The {service} service at {self.urls[service]} does not answer ({error}).") from None
        return _read(service, answer.status, text)


def new_credentials(world: str) -> dict[str, str]:
    """A client and a refresh token in the vendor's form; the world is part of both, so every call finds it."""
    signs = string.ascii_uppercase + string.digits
    return {
        "client_id": f"1000.{world.upper()}{''.join(secrets.choice(signs) for _ in range(22))}",
        "client_secret": secrets.token_hex(21),
        "refresh_token": f"1000.{world}{secrets.token_hex(12)}.{secrets.token_hex(16)}",
    }


def _read(service: str, status: int, text: bytes) -> Any:
    try:
        body = json.loads(text) if text else {}
    except ValueError:
        body = {}
    if status < 400:
        return body
    message = body.get("message") if isinstance(body, dict) else None
    raise HubError(str(message or f"The {service} service answered {status}; its log says why."), status)
