"""One call of a sync goes wrong, now this one, now that, in each way that calls go wrong; nothing is lost by it.

reliability.md F06 to F08, F10, F11 and F13: at evenly spread positions here, at every position in the full run.
"""

from typing import Any

import pytest

from tests.proof.prepared import PRODUCTS, prepared
from tests.proof.stories import MODES, Mode
from tests.support.world import Simulator

pytestmark = [pytest.mark.requirement("C11", "C12", "G7", "X5"), pytest.mark.usefixtures("no_long_waits")]

#: What happens to the call: a rule of faults without its position.
WAYS: dict[str, dict[str, Any]] = {
    "refused": {"kind": "status", "status": 503},
    "done-but-502": {"kind": "status", "status": 502, "when": "after"},
    "too-many": {"kind": "status", "status": 429, "retry_after": 0},
    "cut-before": {"kind": "cut", "when": "before"},
    "cut-after": {"kind": "cut", "when": "after"},
    "cut-in-the-middle": {"kind": "cut", "when": "middle"},
    "half-a-body": {"kind": "malformed", "form": "cut"},
    "spoiled-body": {"kind": "malformed", "form": "spoiled"},
    "page-of-a-proxy": {"kind": "status", "status": 200, "html": True},
}
#: How many calls go wrong: one, or all tries of a call and more, so that records or the whole run fail.
ONCE, OUTAGE = 1, 12
POSITIONS = 4


@pytest.mark.parametrize("mode", MODES, ids=str)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("position", range(POSITIONS))
def test_a_sync_of_which_a_call_goes_wrong_ends_as_if_nothing_had_happened(
    simulator: Simulator, mode: Mode, way: str, position: int
):
    story = prepared(simulator, mode)
    world = story.again()
    number = position + list(WAYS).index(way)
    product, times = PRODUCTS[number % 2], (ONCE, OUTAGE)[number % 3 == 0]
    story.fault(product, {**WAYS[way], "skip": story.calls[product] * position // POSITIONS, "times": times})

    world.connector("POST", "/connection/runs", {"kind": "instant"})
    world.settle()
    story.no_faults()

    story.check()
