"""Work done in a process that dies by SIGKILL where a test says, so that nothing can clean up behind it."""

import os
import signal
import sys
import traceback
from collections.abc import Callable

from connector.sync import crash
from simulator.journal import ReadJournal
from simulator.storage import open_storage
from tests.support.world import Simulator


def killed_at(simulator: Simulator, points: str, act: Callable[[], object]) -> bool:
    """Does `act` in a child of this process, armed with crash points; says whether it was killed there.

    The child has the products in it too: whatever they had not committed dies with it.

    Raises:
        AssertionError: when the child failed of itself.
    """
    _close_files(simulator)
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        _live_and_die(simulator, points, act)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0, "the child failed; what it said stands above"
    return False


def _close_files(simulator: Simulator) -> None:
    """A connection to a file must not be shared with a child."""
    for app in simulator.apps.values():
        app.extensions["read_journal"].flush()
        app.extensions["worlds"].close()
    simulator.apps["connector"].extensions["huey"].storage.close()


def _live_and_die(simulator: Simulator, points: str, act: Callable[[], object]) -> None:
    code = 1
    try:
        for app in simulator.apps.values():  # the parent's journal has a thread and a file, which are not the child's
            config = app.extensions["config"]
            app.extensions["read_journal"] = ReadJournal(open_storage(config, ()).reads(), config.journal_limit)
        crash.arm(points)
        act()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)
