"""A world in which a sync is about to begin, again and again; and what comes of that sync when nothing goes wrong."""

from collections import Counter
from functools import cache
from typing import Any

from connector.sync import crash
from tests.proof import stories
from tests.proof.stories import Mode
from tests.support.hub_in_process import PutBack
from tests.support.world import Simulator, World

PRODUCTS = ("crm", "invoice")
#: A fault that hits nothing and counts all calls.
COUNTING = {"kind": "status", "nth": 2**31 - 1}


class Prepared:
    """The story of one mode.

    Attributes:
        passes: how often each crash point is passed.
        calls: how many calls each product gets.
        expected: what both products show in the end.
    """

    def __init__(self, simulator: Simulator, mode: Mode) -> None:
        self.world = simulator.new_world()
        stories.tell(self.world, mode)
        self._begin = PutBack(self.world)
        stories.win(self.world)
        for product in PRODUCTS:
            self.fault(product, COUNTING)
        with crash.counted() as passes:
            self.world.sync()
        self.passes: Counter[str] = passes
        self.calls = {product: self._seen(product) for product in PRODUCTS}
        self.no_faults()
        self.expected: dict[str, Any] = self._end()

    def again(self) -> World:
        """The world as the sync begins: nothing of what was changed is synced, and a notice waits."""
        stories.win(self._begin.again())
        return self.world

    def fault(self, product: str, rule: dict[str, Any]) -> None:
        answer = self.world.control(product, "POST", f"/{self.world.id}/faults", rule)
        assert answer.status == 201, answer.body

    def _seen(self, product: str) -> int:
        (rule,) = self.world.control(product, "GET", f"/{self.world.id}/faults").json()["faults"]
        return int(rule["seen"])

    def no_faults(self) -> None:
        for product in PRODUCTS:
            self.world.control(product, "DELETE", f"/{self.world.id}/faults")

    def check(self) -> None:
        """What was cut short is finished; soon after both sides are as if nothing had happened."""
        self.world.settle()
        assert self._end() == self.expected

    def _end(self) -> dict[str, Any]:
        stories.come_to_rest(self.world)
        stories.check_history(self.world)
        return stories.shown(self.world)


@cache
def prepared(simulator: Simulator, mode: Mode) -> Prepared:
    return Prepared(simulator, mode)
