"""An operation on all services as one, by their control routes: all of them do it, or none is changed."""

import math
import os
import secrets
import string
import time
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from simulator.config import Config
from simulator.due import Due
from simulator.services import REST_SECONDS, HubError, Services
from simulator.world_clock import PATIENCE_SECONDS, WorldClock

__all__ = ["Hub", "HubError", "hub_of", "new_credentials", "new_world_id"]

YEAR_SECONDS = 366 * 86_400


class Hub(Services):
    """The control plane of a simulator."""

    def worlds(self) -> list[dict[str, Any]]:
        """The worlds, each with id, name, scenario, created_at and epoch."""
        worlds: list[dict[str, Any]] = self.call(self.keepers[0], "GET", "/worlds")["worlds"]
        return worlds

    def create_world(self, world: str, scenario: str = "demo", name: str = "") -> dict[str, str]:
        """Makes a world in every service; when one cannot, it is unmade in the others.

        Returns:
            the credentials of a client that may do everything in it.
        """
        credentials = new_credentials(world)
        body = {"id": world, "scenario": scenario, "credentials": credentials, "name": name}
        made, failures = self.on_all(lambda service: self.call(service, "POST", "/worlds", body))
        if failures:
            unclear = [service for service, error in failures.items() if (error.status or 500) >= 500]
            for service in [*made, *unclear]:
                self.attempt(service, "DELETE", f"/worlds/{world}")
            raise next(iter(failures.values()))
        return credentials

    def rename(self, world: str, name: str) -> None:
        """Gives a world a name people call it by."""
        self.of_all(lambda service: self.call(service, "PATCH", f"/worlds/{world}", {"name": name}))

    def delete_world(self, world: str) -> None:
        """Removes a world with its snapshots from every service that has it."""
        _, failures = self.on_all(lambda service: self.call(service, "DELETE", f"/worlds/{world}"))
        known_nowhere = len(failures) == len(self.keepers)
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
        found: list[dict[str, Any]] = self.call(self.keepers[0], "GET", f"/worlds/{world}/snapshots")["snapshots"]
        return found

    def differences(self, world: str, name: str, other: str | None = None) -> list[dict[str, Any]]:
        """The records that differ between a snapshot and another one, or the world as it is; each with its service."""
        path, query = f"/worlds/{world}/snapshots/{name}/differences", {"with": other} if other else None
        found = self.of_all(lambda service: self.call(service, "GET", path, query=query)["differences"])
        return [{"service": service, **row} for service in self.keepers for row in found[service]]

    def rest(self, world: str, seconds: float = REST_SECONDS) -> None:
        """Waits until no run is under way and no notice waits anywhere.

        Raises:
            HubError: when that takes longer than `seconds`; it says what is still going on.
        """
        until = time.monotonic() + seconds
        # A run may post notices and a notice may start a run, so all must be found at rest twice in a row.
        quiet = 0
        while quiet < 2:
            busy = self.busy(world)
            quiet = 0 if busy else quiet + 1
            if busy:
                self.pause(world, busy, until)

    def progress(self, world: str) -> dict[str, Any]:
        """How far the world's trainee has come in the lessons; empty where he has begun none."""
        found: dict[str, Any] = self.call(self.keepers[0], "GET", f"/worlds/{world}/progress")["progress"]
        return found

    def note_progress(self, world: str, progress: dict[str, Any]) -> None:
        self.call(self.keepers[0], "PUT", f"/worlds/{world}/progress", progress)

    def clock(self, world: str) -> dict[str, Any]:
        """The world's time: now, real_now, offset_seconds, frozen."""
        return WorldClock(self, world).show()

    def today(self, world: str) -> date:
        """The date of a world in the time zone of its organization, by which documents are dated and fall due."""
        zone = self.call("invoice", "GET", f"/worlds/{world}/credentials")["time_zone"]
        return datetime.fromisoformat(self.clock(world)["now"]).astimezone(ZoneInfo(zone)).date()

    def advance(self, world: str, seconds: int, patience: float = PATIENCE_SECONDS) -> list[dict[str, Any]]:
        """Moves the time of a world forward, halt by halt; what happened on the way (`WorldClock.advance`)."""
        return WorldClock(self, world).advance(seconds, patience)

    def coming(self, world: str, seconds: int) -> list[Due]:
        """What falls due in a world within so many seconds, in order."""
        clock = WorldClock(self, world)
        now = datetime.fromisoformat(clock.show()["now"])
        return sorted(clock.due(now + timedelta(seconds=seconds)), key=lambda event: event.at)

    def advance_to(self, world: str, kind: str) -> list[dict[str, Any]]:
        """Moves the time of a world forward to the next event of a kind, such as the next auto sync.

        Raises:
            HubError: when none of this kind comes within a year.
        """
        found = next((event for event in self.coming(world, YEAR_SECONDS) if event.kind == kind), None)
        if found is None:
            raise HubError(f"Nothing of the kind {kind} falls due within a year.", 404)
        now = datetime.fromisoformat(self.clock(world)["now"])
        return self.advance(world, max(0, math.ceil((found.at - now).total_seconds())))

    def freeze(self, world: str) -> dict[str, Any]:
        """Stops the time of a world, at the same moment in every service."""
        return WorldClock(self, world).freeze(True)

    def unfreeze(self, world: str) -> dict[str, Any]:
        """Lets the time of a world run again from where it stands."""
        return WorldClock(self, world).freeze(False)

    def journal(self, world: str, query: Mapping[str, str]) -> list[dict[str, Any]]:
        """The calls all services have answered that fit, the newest first, each with its service."""
        found = self.of_all(
            lambda service: self.call(service, "GET", f"/worlds/{world}/journal", query=query)["entries"]
        )
        entries = [{"service": service, **entry} for service, answered in found.items() for entry in answered]
        return sorted(entries, key=lambda entry: str(entry["at"]), reverse=True)

    def faults(self, world: str) -> list[dict[str, Any]]:
        """The rules of faults in all services, each with its service."""
        found = self.of_all(lambda service: self.call(service, "GET", f"/worlds/{world}/faults")["faults"])
        return [{"service": service, **fault} for service in self.keepers for fault in found[service]]

    def add_fault(self, world: str, service: str, rule: dict[str, Any]) -> dict[str, Any]:
        """Adds a rule at one service; what `POST /_sim/worlds/<w>/faults` takes."""
        made: dict[str, Any] = self.call(service, "POST", f"/worlds/{world}/faults", rule)
        return made

    def switch_faults(self, world: str, is_on: bool) -> None:
        """Switches all rules of a world on or off; their counters stay."""
        for fault in self.faults(world):
            path = f"/worlds/{world}/faults/{fault['id']}"
            self.call(fault["service"], "PATCH", path, {"enabled": is_on})

    def clear_faults(self, world: str) -> None:
        self.of_all(lambda service: self.call(service, "DELETE", f"/worlds/{world}/faults"))

    def outbox(self, world: str, service: str = "crm") -> dict[str, Any]:
        """The calls a service owes or has owed to others, the newest first (`calls`), and whether it holds new ones."""
        found: dict[str, Any] = self.call(service, "GET", f"/worlds/{world}/outbox")
        return found

    def hold_outbox(self, world: str, is_on: bool, service: str = "crm") -> None:
        """Holds what a service owes to others, or lets all of it go."""
        self.call(service, "PUT", f"/worlds/{world}/outbox", {"hold": is_on})

    def act_on_call(self, world: str, number: int, what: str, service: str = "crm") -> None:
        """Does `resend`, `duplicate`, `hold` or `earlier` to one call of an outbox."""
        self.call(service, "POST", f"/worlds/{world}/outbox/{number}/{what}")

    def settings(self, world: str, service: str) -> dict[str, Any]:
        """Where the switches of a world stand at one service."""
        found: dict[str, Any] = self.call(service, "GET", f"/worlds/{world}/settings")["settings"]
        return found

    def change_settings(self, world: str, service: str, **change: Any) -> None:
        self.call(service, "PUT", f"/worlds/{world}/settings", change)

    def people(self, world: str) -> list[dict[str, Any]]:
        """Who can sign in, by email: name, the CRM profile and the Invoice role (none where he is no user)."""
        people: dict[str, dict[str, Any]] = {}
        for service, part in (("crm", "profile"), ("invoice", "role")):
            for person in self.call(service, "GET", f"/worlds/{world}/people")["people"]:
                new = {"name": person["name"], "email": person["email"], "profile": None, "role": None}
                known = people.setdefault(person["email"], {**new, "is_admin": False})
                known[part] = person.get(part)
                known["is_admin"] = known["is_admin"] or bool(person.get("is_admin"))
        return list(people.values())

    def sign_in(self, world: str, service: str, email: str | None = None) -> str:
        """An access token of a person at one product; of its first administrator, where nobody is named."""
        if email is None:
            people = self.call(service, "GET", f"/worlds/{world}/people")["people"]
            email = next(person["email"] for person in people if person["is_admin"])
        body = {"email": email, "password": os.environ.get("SIMULATOR_PASSWORD")}
        return str(self.call(service, "POST", f"/worlds/{world}/sign-in", body)["access_token"])

    def credentials(self, world: str) -> dict[str, Any]:
        """What a real client needs to be pointed at a world."""
        crm = self.call("crm", "GET", f"/worlds/{world}/credentials")
        invoice = self.call("invoice", "GET", f"/worlds/{world}/credentials")
        return {
            **{f"{service}_url": self.urls.get(service) for service in ("crm", "invoice", "connector", "web")},
            "world": world,
            "client_id": crm["client_id"],
            "client_secret": crm["client_secret"],
            "refresh_token": crm["refresh_token"],
            "organization_id": invoice["organization_id"],
            "time_zone": invoice["time_zone"],
            "crm_org_id": crm["organization_id"],
            "people": self.people(world),
        }

    def _as_one(self, world: str, body: dict[str, str]) -> None:
        """Prepares in every service and then swaps in all; nothing has changed if a preparation fails.

        All are at rest before the preparations and still are after them, so that these fit together.
        """
        until = time.monotonic() + REST_SECONDS
        while True:
            if not (busy := self.busy(world)):
                tickets = self._prepare(world, body)
                if not (busy := self.busy(world)):
                    return self._swap(world, body["kind"], tickets)
                self._discard(world, tickets)
            self.pause(world, busy, until)

    def _prepare(self, world: str, body: dict[str, str]) -> dict[str, dict[str, str]]:
        tickets, failures = self.on_all(lambda service: self.call(service, "POST", f"/worlds/{world}/prepare", body))
        for error in failures.values():
            self._discard(world, tickets)
            raise error
        return tickets

    def _discard(self, world: str, tickets: dict[str, dict[str, str]]) -> None:
        for service, ticket in tickets.items():
            self.attempt(service, "POST", f"/worlds/{world}/discard", ticket)

    def _swap(self, world: str, kind: str, tickets: dict[str, dict[str, str]]) -> None:
        _, failures = self.on_all(lambda service: self.call(service, "POST", f"/worlds/{world}/swap", tickets[service]))
        for service, error in failures.items():
            raise HubError(
                f"The {kind} of world {world} failed half way, in {service}: {error} Reset it.", error.status
            )


def hub_of(config: Config) -> Hub:
    """The hub as a service reaches it: over the services that are ours."""
    ours = {service: url for service, url in config.urls.items() if service not in config.without}
    return Hub(ours, config.admin_token)


def new_world_id() -> str:
    """An id for a world nobody has named."""
    return f"w{secrets.token_hex(4)[:7]}"


def new_credentials(world: str) -> dict[str, str]:
    """A client and a refresh token in the vendor's form; the world is part of both, so every call finds it."""
    signs = string.ascii_uppercase + string.digits
    return {
        "client_id": f"1000.{world.upper()}{''.join(secrets.choice(signs) for _ in range(22))}",
        "client_secret": secrets.token_hex(21),
        "refresh_token": f"1000.{world}{secrets.token_hex(12)}.{secrets.token_hex(16)}",
    }
