"""The queue only wakes: a run is in the table, and is done though its message is lost (sync.md, Engine)."""

from dataclasses import replace
from typing import Any

import pytest

from connector.queue import make_huey
from simulator.config import Config, ConfigError
from tests.support.world import World

#: Nobody answers there.
NOWHERE = "redis://user:hush@127.0.0.1:9/0"


def test_a_run_started_while_the_queue_is_down_is_done_once_it_is_back(world: World):
    world.add_account("Acme")
    world.connect(items={"enabled": False})
    extensions: dict[str, Any] = world.apps["connector"].extensions
    queue = extensions["huey"]
    extensions["huey"] = make_huey(replace(extensions["config"], redis_url=NOWHERE))
    try:
        answer = world.connector("POST", "/connection/runs", {"kind": "instant"})
        run_id = answer.json()["run"]["id"]
        world.settle()
        assert (answer.status, world.run(run_id)["run"]["state"]) == (202, "queued")
    finally:
        extensions["huey"] = queue

    world.settle()

    assert (world.run(run_id)["run"]["state"], list(world.customers())) == ("done", ["Acme"])


def test_the_address_of_the_queue_is_never_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("REDIS_URL", NOWHERE)

    made = Config.from_environment("connector")

    assert made.redis_url == NOWHERE
    assert "hush" not in repr(made)
    assert Config.from_environment("crm").redis_url is None


@pytest.mark.parametrize("url", ["amqp://ann:hush@host/x", "localhost:6379"])
def test_an_address_that_is_none_of_redis_is_refused_in_a_plain_line(monkeypatch: pytest.MonkeyPatch, url: str):
    monkeypatch.setenv("REDIS_URL", url)

    with pytest.raises(ConfigError, match="REDIS_URL is no address of Redis") as refused:
        Config.from_environment("connector")

    assert "hush" not in str(refused.value)
