"""A tiny product on the chassis: things with a name and an amount. What the tests of the simulator's core meet."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import Response, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, Integer, event
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from simulator import accounts, clock, ids, money, outbox, wire
from simulator.app import Service, after_commit, create_service
from simulator.config import SERVICES, Config
from simulator.database import create_database
from tests.support.databases import database_of
from tests.unit.stand_ins import People

WORLD, OTHER = "world001", "world002"
ID_BASE = 5725767000000000000


def new_database() -> tuple[SQLAlchemy, Any]:
    """A database of its own for each application, so that a test may add to it."""
    db = create_database()

    class Thing(db.Model):
        __tablename__ = "thing"
        id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
        name: Mapped[str]
        amount: Mapped[Decimal] = mapped_column(money.Money, default=Decimal(0))
        version: Mapped[int] = mapped_column()
        __mapper_args__ = {"version_id_col": version}

    return db, Thing


def config_of(folder: Path, **options: Any) -> Config:
    urls = {name: f"http://{name}.test" for name in SERVICES}
    made = Config(name="crm", data_dir=folder, urls=urls, background=False, database_url=database_of(folder))
    return replace(made, **options)


def toy_app(folder: Path, **options: Any) -> Service:
    """The product; `options` change its configuration."""
    db, thing = new_database()
    app = create_service(
        __name__,
        config_of(folder, **options),
        db=db,
        seed=lambda scenario: db.session.add(thing(id=ids.new_id(), name="seed", amount=Decimal("1.5"))),
        id_base=ID_BASE,
        world_paths=("hooks",),
    )
    app.extensions.update(thing=thing, done=[])
    accounts.mount(app, People("crm"))
    _add_routes(app, db, thing)
    app.register_error_handler(accounts.NoToken, lambda error: wire.reply({"code": "NO_TOKEN"}, 401))
    app.register_error_handler(accounts.InvalidToken, lambda error: wire.reply({"code": "INVALID_TOKEN"}, 401))
    return app


def _add_routes(app: Service, db: SQLAlchemy, thing: Any) -> None:
    @app.get("/things")
    def list_things() -> Response:
        accounts.authenticate()
        moments = (clock.now().isoformat(), clock.now().isoformat())
        rows = [{"id": str(row.id), "name": row.name, "amount": row.amount} for row in db.session.query(thing)]
        return wire.reply({"things": rows, "moments": moments})

    @app.post("/things")
    def add_thing() -> Response:
        accounts.authenticate()
        body = wire.loads(request.get_data())
        row = thing(id=ids.new_id(), name=body["name"], amount=money.amount(body.get("amount", 0)))
        db.session.add(row)
        for url in body.get("notify", []):
            outbox.post(url.rpartition("/")[2], url, {"name": row.name})
        after_commit(lambda: app.extensions["done"].append(body["name"]))
        if body.get("fail") == "exception":
            raise RuntimeError("the route broke")
        return wire.reply({"id": str(row.id), **body}, body.get("status", 201))

    @app.post("/form")
    def add_by_form() -> Response:
        accounts.authenticate()
        db.session.add(thing(id=ids.new_id(), name=request.form["name"]))
        return wire.reply({"name": request.form["name"]}, 201)

    @app.post("/count")
    def count_up() -> Response:
        accounts.authenticate()
        row = db.session.query(thing).filter_by(name="seed").one()
        row.amount += 1
        after_commit(lambda: app.extensions["done"].append("counted"))
        return wire.reply({"amount": row.amount})

    @app.get("/writing-read")
    def write_in_a_read() -> Response:
        accounts.authenticate()
        db.session.add(thing(id=5, name="never"))
        db.session.flush()
        return wire.reply({})

    @app.get("/nowhere")
    def read_without_a_world() -> Response:
        return wire.reply({"count": db.session.query(thing).count()})

    @app.post("/hooks/<world>/take")
    def take(world: str) -> Response:
        db.session.add(thing(id=ids.new_id(), name="hooked"))
        return wire.reply({})


def credentials_of(world: str) -> dict[str, str]:
    return {
        "client_id": f"1000.{world.upper()}ABCDEFGHIJ",
        "client_secret": f"secret-of-{world}-" + "s" * 20,
        "refresh_token": f"1000.{world}{'a' * 24}.{'b' * 32}",
    }


@dataclass
class Toy:
    """One world of the product, and what a caller does in it."""

    app: Service
    world: str = WORLD
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.keys = credentials_of(self.world)

    @classmethod
    def made(cls, app: Service, world: str = WORLD) -> "Toy":
        toy = cls(app, world)
        answer = toy.control("POST", "", {"id": world, "scenario": "empty", "credentials": toy.keys}, whole=True)
        assert answer.status_code == 201, answer.text
        toy.sign_in()
        return toy

    @property
    def worlds(self) -> Any:
        return self.app.extensions["worlds"]

    @property
    def file(self) -> Path:
        return self.worlds._storage.live(self.world)

    def stored(self, query: str) -> list[Any]:
        """What a stranger to our code finds in the world's database."""
        if self.app.extensions["config"].database_url:
            with self.worlds.get(self.world).engine.connect() as connection:
                return [tuple(row) for row in connection.exec_driver_sql(query)]
        with closing(sqlite3.connect(self.file)) as connection:
            return connection.execute(query).fetchall()

    def sign_in(self) -> None:
        answer = self.oauth(grant_type="refresh_token", **self.keys)
        self.headers = {"Authorization": f"Zoho-oauthtoken {answer['access_token']}"}

    def oauth(self, door: str = "token", **form: str) -> dict[str, Any]:
        answer = self.app.test_client().post(f"/oauth/v2/{door}", data=form)
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def call(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {**self.headers, **options.pop("headers", {})}
        return self.app.test_client().open(path, method=method, headers=headers, **options)

    def add(self, name: str, **values: Any) -> TestResponse:
        return self.call("POST", "/things", json={"name": name, **values})

    def names(self) -> list[str]:
        answer = self.call("GET", "/things")
        assert answer.status_code == 200, answer.text
        return [row["name"] for row in answer.get_json()["things"]]

    def control(self, method: str, path: str, body: Any = None, whole: bool = False, **options: Any) -> TestResponse:
        where = "/_sim/worlds" if whole else f"/_sim/worlds/{self.world}"
        data = None if body is None else json.dumps(body)
        return self.app.test_client().open(f"{where}{path}", method=method, data=data, **options)

    def prepare(self, kind: str, name: str | None = None) -> dict[str, str]:
        answer = self.control("POST", "/prepare", {"kind": kind, "name": name})
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def put(self, kind: str, name: str | None = None) -> None:
        """Reset, snapshot or restore, both halves."""
        answer = self.control("POST", "/swap", self.prepare(kind, name))
        assert answer.status_code == 204, answer.text

    def clock(self, **change: Any) -> dict[str, Any]:
        answer = self.control("PUT", "/clock", change) if change else self.control("GET", "/clock")
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def fault(self, **rule: Any) -> dict[str, Any]:
        answer = self.control("POST", "/faults", rule)
        assert answer.status_code == 201, answer.text
        return answer.get_json()

    def journal(self, query: str = "") -> list[dict[str, Any]]:
        return self.control("GET", f"/journal?limit=10000&{query}").get_json()["entries"]

    def stale_commits(self, times: int) -> None:
        """Makes the next commits meet a newer version of what they change."""
        left = [times]

        @event.listens_for(self.app.extensions["thing"], "before_update")
        def change_underneath(mapper: Any, connection: Any, target: Any) -> None:
            if left[0] > 0:
                left[0] -= 1
                table = mapper.local_table
                connection.execute(table.update().where(table.c.id == target.id).values(version=table.c.version + 1))


def toy_client(toy: Toy) -> Any:
    """A client that shows errors as a caller meets them instead of raising them."""
    toy.app.testing = False
    return toy.app.test_client()


@contextmanager
def live(app: Any) -> Iterator[str]:
    """The application behind a real socket; gives its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def in_threads(count: int, act: Any) -> list[BaseException]:
    """Runs `act(number)` in so many threads at once; returns what they raised."""
    failures: list[BaseException] = []
    start = threading.Barrier(count)

    def run(number: int) -> None:
        start.wait()
        try:
            act(number)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures
