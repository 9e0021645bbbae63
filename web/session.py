"""Who is signed in: the cookie holds world and email, access tokens stay in this server's memory."""

import threading
import time
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from flask import current_app, g, session

from simulator.clients.base import ApiClient
from simulator.clients.crm import CrmClient
from simulator.clients.invoice import InvoiceClient
from simulator.config import Config
from simulator.http import Outbound
from web.errors import NoEntry, NotAllowed, NotFound, ServiceUnreachable, SignInNeeded
from web.gateway import ATTEMPTS, TOKENS_OF, Api
from web.people import Person, merge

#: A token is renewed this long before it ends, so that it does not end under way.
MARGIN_SECONDS = 60
#: People change seldom, pages are many: the list is asked for again after this time.
PEOPLE_SECONDS = 5

C = TypeVar("C", bound=ApiClient)


@dataclass(frozen=True)
class _Token:
    text: str
    ends_at: float


class Sessions:
    """The access tokens of everybody signed in, and the doors to the three services."""

    def __init__(self, config: Config, outbound: Outbound) -> None:
        self.config = config
        self._outbound = outbound
        self._lock = threading.Lock()
        self._tokens: dict[tuple[str, str, str], _Token] = {}
        self._people: dict[str, tuple[float, list[Person]]] = {}

    def control(self, service: str) -> Api:
        """The control routes of a service."""
        headers = {"X-Admin-Token": self.config.admin_token} if self.config.admin_token else {}
        return Api(service, self.config.urls[service], self._outbound, headers=headers)

    def api(self, service: str, world: str, email: str, token_of: str = "") -> Api:
        """A service's API as one person sees it, with his token of the product it belongs to or of another."""

        def token(renew: bool) -> str:
            return self._token(world, email, token_of or TOKENS_OF[service], renew)

        return Api(service, self.config.urls[service], self._outbound, token)

    def client(self, kind: type[C], service: str, world: str, email: str) -> C:
        """One of the simulator's API clients, calling as one person."""

        def token(renew: bool) -> str:
            return self._token(world, email, TOKENS_OF[service], renew)

        url = self.config.urls[service]
        return kind(self._outbound, url, lambda: token(False), lambda _stale: token(True)).hurried(ATTEMPTS)

    def worlds(self) -> list[str]:
        """The worlds there are, the default first."""
        found = [str(world["id"]) for world in self.control("crm").get("/_sim/worlds")["worlds"]]
        return sorted(found, key=lambda world: (world != self.config.default_world, world))

    def people(self, world: str) -> list[Person]:
        """The people of a world, from both products."""
        kept = self._people.get(world)
        if kept and time.monotonic() - kept[0] < PEOPLE_SECONDS:
            return kept[1]
        path = f"/_sim/worlds/{world}/people"
        people = merge(*(self.control(product).get(path)["people"] for product in ("crm", "invoice")))
        self._people[world] = (time.monotonic(), people)
        return people

    def forget(self, world: str) -> None:
        """The world was put back or deleted: who lives there is asked anew."""
        self._people.pop(world, None)

    def person(self, world: str, email: str) -> Person | None:
        return next((person for person in self.people(world) if person.email.lower() == email.lower()), None)

    def sign_in(self, world: str, email: str, password: str | None = None) -> bool:
        """Gets a token of each product the person is a user of; False when none lets him in."""
        entered = [self._ask_token(world, email, product, password) for product in ("crm", "invoice")]
        return any(entered)

    def sign_out(self, world: str, email: str) -> None:
        with self._lock:
            for key in [key for key in self._tokens if key[:2] == (world, email)]:
                del self._tokens[key]

    def _token(self, world: str, email: str, product: str, renew: bool) -> str:
        with self._lock:
            kept = self._tokens.get((world, email, product))
        if kept and not renew and kept.ends_at > time.monotonic():
            return kept.text
        if self.config.shared:
            # A password was asked for once and is not kept, so the person has to give it again.
            raise SignInNeeded
        fresh = self._ask_token(world, email, product, None)
        if fresh is None:
            raise NoEntry(product, email)
        return fresh.text

    def _ask_token(self, world: str, email: str, product: str, password: str | None) -> _Token | None:
        body = {"email": email} | ({"password": password} if password is not None else {})
        try:
            answer = self.control(product).post(f"/_sim/worlds/{world}/sign-in", body)
        except (NotAllowed, NotFound):
            return None
        token = _Token(answer["access_token"], time.monotonic() + int(answer.get("expires_in", 3600)) - MARGIN_SECONDS)
        with self._lock:
            self._tokens[(world, email, product)] = token
        return token


def sessions() -> Sessions:
    return cast(Sessions, current_app.extensions["web_sessions"])


def world() -> str:
    """The world of the person signed in."""
    return str(session.get("world") or sessions().config.default_world)


def person() -> Person:
    """The person signed in.

    Raises:
        SignInNeeded: when there is nobody, or he has gone from the world.
    """
    found = person_or_none()
    if found is None:
        raise SignInNeeded
    return found


def person_or_none() -> Person | None:
    """The person signed in; also None while the services that know him cannot be reached."""
    if "person" not in g:
        email = session.get("email")
        g.person = _known(str(email)) if email else None
    return cast(Person | None, g.person)


def _known(email: str) -> Person | None:
    try:
        return sessions().person(world(), email)
    except ServiceUnreachable:
        # Someone with a signed cookie stays who he is while a product is down; what he may do is asked there anyway.
        return Person(email, email, None, None, is_certain=False)
    except NotFound:
        return None


def crm() -> Api:
    return _api("crm")


def invoice() -> Api:
    return _api("invoice")


def crm_client() -> CrmClient:
    """The CRM for the importer; what it raises is told by `gateway.as_pages_tell`."""
    return _client(CrmClient, "crm")


def invoice_client() -> InvoiceClient:
    return _client(InvoiceClient, "invoice")


def connector() -> Api:
    return _api("connector")


def section() -> Api:
    """The connector as a user of the CRM meets it: in the Zoho Invoice section of a record."""
    return sessions().api("connector", world(), _user_of("crm"), token_of="crm")


def _api(service: str) -> Api:
    return sessions().api(service, world(), _user_of(service))


def _client(kind: type[C], service: str) -> C:
    return sessions().client(kind, service, world(), _user_of(service))


def _user_of(service: str) -> str:
    """The email of the person signed in.

    Raises:
        NoEntry: he is no user of the product.
    """
    who = person()
    if not who.may_enter(service):
        raise NoEntry(service, who.name)
    return who.email


def clock() -> dict[str, Any] | None:
    """The world's clock, or None while it cannot be read."""
    if "clock" not in g:
        try:
            g.clock = sessions().control("crm").get(f"/_sim/worlds/{world()}/clock")
        except (ServiceUnreachable, NotAllowed, NotFound):
            g.clock = None
    return cast(dict[str, Any] | None, g.clock)
