"""The connector is killed at each boundary of a sync, in each mode; afterwards all is as if nothing had happened.

SIGKILL in a process of its own (reliability.md, F01 to F03). What must be there in the end is told by the same story
in a world in which nobody died.
"""

from collections import Counter

import pytest

from connector.sync.crash import CRASH_POINTS
from tests.proof.prepared import prepared
from tests.proof.stories import MODES, Mode
from tests.support.dying import killed_at
from tests.support.world import Simulator

pytestmark = pytest.mark.requirement("C11", "C12", "G7", "I1")

#: Where a mode is killed instead of at a point that it never passes: at a later pass of one of these.
INSTEAD = ("before-send", "reply-read", "page-received", "page-requested", "intent-stored")
#: Outcomes are stored as they come in, one or several at a time: how often is not the same each time.
VARYING = "outcome-stored"


def kill_of(passes: Counter[str], name: str) -> str:
    """The point and which of its passes: the middle one; where a mode does not pass it, one of another point."""
    if name == VARYING:
        return f"{name}:2"
    if passes[name]:
        return f"{name}:{(passes[name] + 1) // 2}"
    spread = CRASH_POINTS.index(name)
    reached = [point for point in INSTEAD if passes[point]]
    other = reached[spread % len(reached)]
    return f"{other}:{1 + spread % passes[other]}"


@pytest.mark.parametrize("mode", MODES, ids=str)
@pytest.mark.parametrize("name", CRASH_POINTS)
def test_a_sync_that_is_killed_is_finished_as_if_nothing_had_happened(simulator: Simulator, mode: Mode, name: str):
    story = prepared(simulator, mode)
    world = story.again()

    died = killed_at(simulator, kill_of(story.passes, name), world.sync)

    assert died
    story.check()


def test_each_boundary_is_passed_in_some_mode(simulator: Simulator):
    passed = {name for mode in MODES for name in prepared(simulator, mode).passes}

    assert passed == set(CRASH_POINTS)
