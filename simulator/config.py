"""Configuration of one service, read once at start from the environment into one frozen object."""

import importlib.util
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple, cast

ServiceName = Literal["web", "crm", "invoice", "connector"]

#: Service names in the order of their ports: `--port P` gives P to the web, P+1 to the CRM and so on.
SERVICES: tuple[ServiceName, ...] = ("web", "crm", "invoice", "connector")
DEFAULT_PORT = 8000
DEFAULT_WORLD = "demo0001"


class ConfigError(Exception):
    """A setting of the environment cannot be used; the message is one plain line for the person at the terminal."""


@dataclass(frozen=True)
class Config:
    """Settings of one service; tests make their own instead of reading the environment."""

    name: ServiceName
    data_dir: Path
    urls: dict[str, str]
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    shared: bool = False
    admin_token: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    secret: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    default_world: str = DEFAULT_WORLD
    #: The PostgreSQL database that keeps the worlds; none for SQLite files in `data_dir`.
    database_url: str | None = field(default=None, repr=False)
    #: The Redis that carries the connector's queue; none for a file in `data_dir`.
    redis_url: str | None = field(default=None, repr=False)
    assets: Literal["cdn", "local", "auto"] = "cdn"
    synchronous: Literal["NORMAL", "FULL"] = "NORMAL"
    #: Entries kept a world; with 0 no journal is kept.
    journal_limit: int = 5_000
    lease_seconds: float = 15.0
    background: bool = True
    extra_origins: tuple[str, ...] = ()
    #: Services that are not ours to steer: left out, or somebody's own in their place.
    without: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """This service's own address, as others reach it."""
        return self.urls[self.name]

    @classmethod
    def from_environment(cls, name: ServiceName) -> "Config":
        """Reads the settings of one service.

        Raises:
            ConfigError: when a value cannot be used, or when the service is bound to more than this
                machine (`--shared`) without a secret and an admin token.
        """
        env = os.environ
        port = _number("SIMULATOR_PORT", DEFAULT_PORT + SERVICES.index(name))
        first = port - SERVICES.index(name)
        host = env.get("SIMULATOR_HOST", "127.0.0.1")
        shared = env.get("SIMULATOR_SHARED", "0") == "1"
        secret = env.get("SIMULATOR_SECRET", "")
        admin_token = env.get("SIMULATOR_ADMIN_TOKEN") or None
        password = env.get("SIMULATOR_PASSWORD") or None
        if shared and not (secret and admin_token and password):
            raise ConfigError(
                "A shared simulator needs SIMULATOR_SECRET, SIMULATOR_ADMIN_TOKEN and SIMULATOR_PASSWORD to be set."
            )
        synchronous = env.get("SIMULATOR_SYNCHRONOUS", "FULL" if name == "connector" else "NORMAL")
        if synchronous not in ("NORMAL", "FULL"):
            raise ConfigError(f"SIMULATOR_SYNCHRONOUS is NORMAL or FULL, not {synchronous!r}.")
        assets = env.get("ASSETS", "cdn")
        if assets not in ("cdn", "local", "auto"):
            raise ConfigError(f"ASSETS is cdn, local or auto, not {assets!r}.")
        return cls(
            name=name,
            data_dir=Path(env.get("SIMULATOR_DATA", "var")).resolve(),
            urls={
                service: env.get(f"{service.upper()}_URL", f"http://127.0.0.1:{first + place}").rstrip("/")
                for place, service in enumerate(SERVICES)
            },
            host=host,
            port=port,
            shared=shared,
            admin_token=admin_token,
            password=password,
            secret=secret or secrets.token_hex(16),
            default_world=env.get("SIMULATOR_WORLD", DEFAULT_WORLD),
            database_url=None if name == "web" else database_url(),
            redis_url=redis_url() if name == "connector" else None,
            assets=cast(Literal["cdn", "local", "auto"], assets),
            synchronous=cast(Literal["NORMAL", "FULL"], synchronous),
            journal_limit=_number("SIMULATOR_JOURNAL_LIMIT", 5_000),
            lease_seconds=float(_number("SIMULATOR_LEASE_SECONDS", 15)),
            extra_origins=tuple(filter(None, env.get("SIMULATOR_ALLOWED_ORIGINS", "").split(","))),
            without=tuple(filter(None, env.get("SIMULATOR_WITHOUT", "").split(","))),
        )


class _Server(NamedTuple):
    """A server that may be used in place of files, and what is said where its address cannot be."""

    variable: str
    product: str
    schemes: tuple[str, ...]
    example: str
    client: str
    needs: str
    instead: str


_POSTGRES = _Server(
    "DATABASE_URL",
    "PostgreSQL",
    ("postgresql", "postgres", "postgresql+psycopg"),
    "postgresql://user@host/database",
    "psycopg",
    "PostgreSQL's driver",
    "SQLite files",
)
_REDIS = _Server(
    "REDIS_URL", "Redis", ("redis", "rediss"), "redis://host:6379/0", "redis", "the client of Redis", "a file"
)


def database_url() -> str | None:
    """Where worlds are kept, when not in files.

    Raises:
        ConfigError: when it is no address of PostgreSQL, or the driver is missing. It never tells the address.
    """
    return _address_of(_POSTGRES)


def redis_url() -> str | None:
    """What carries the connector's queue, when no file does.

    Raises:
        ConfigError: when it is no address of Redis, or the client is missing. It never tells the address.
    """
    return _address_of(_REDIS)


def _address_of(server: _Server) -> str | None:
    url, name = os.environ.get(server.variable, ""), server.variable
    if not url:
        return None
    if url.partition("://")[0] not in server.schemes or "://" not in url:
        raise ConfigError(
            f"{name} is no address of {server.product}, like {server.example}; unset it for {server.instead}."
        )
    if importlib.util.find_spec(server.client) is None:
        raise ConfigError(f"{name} needs {server.needs}: pip install 'zoho-simulator[scale]', or unset it.")
    return url


def _number(name: str, default: int) -> int:
    text = os.environ.get(name, "")
    if not text:
        return default
    try:
        return int(text)
    except ValueError:
        raise ConfigError(f"{name} is a whole number, not {text!r}.") from None
