"""Every answer to a write is lost after it took effect, through a whole sync: each record is there once (F08, F09)."""

import pytest

from tests.proof.prepared import PRODUCTS, prepared
from tests.proof.stories import MODES, Mode
from tests.support.world import Simulator

pytestmark = [pytest.mark.requirement("C3", "C11", "G7", "I1"), pytest.mark.usefixtures("no_long_waits")]

#: Of writes to records; signing in is another matter.
WRITES = r"^(?!.*/oauth/)"


@pytest.mark.parametrize("mode", MODES, ids=str)
@pytest.mark.parametrize("product", PRODUCTS)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_sync_whose_writes_are_never_answered_makes_nothing_twice(
    simulator: Simulator, mode: Mode, product: str, method: str
):
    story = prepared(simulator, mode)
    world = story.again()
    story.fault(product, {"kind": "cut", "when": "after", "method": method, "path": WRITES, "times": 60})

    world.connector("POST", "/connection/runs", {"kind": "instant"})
    world.settle()
    story.no_faults()

    story.check()
