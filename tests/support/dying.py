"""Work done in a process that dies by SIGKILL where a test says, so that nothing can clean up behind it."""

import os
import re
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from connector.sync import crash
from simulator.journal import ReadJournal
from simulator.storage import open_storage
from tests.support.transport import WsgiAdapter
from tests.support.world import Simulator


def killed_at(simulator: Simulator, points: str, act: Callable[[], object]) -> bool:
    """Does `act` in a child of this process, armed with crash points; says whether it was killed there.

    The child has the products in it too: whatever they had not committed dies with it.

    Raises:
        AssertionError: when the child failed of itself.
    """
    _close_files(simulator)
    return _was_killed(_child(simulator, points, act))


def in_processes(simulator: Simulator, *acts: Callable[[], object]) -> None:
    """Does the acts at once, each in a process of its own.

    Raises:
        AssertionError: when one of them failed.
    """
    _close_files(simulator)
    children = [_child(simulator, "", act) for act in acts]
    killed = [_was_killed(child) for child in children]
    assert killed == [False] * len(acts)


def _was_killed(child: int) -> bool:
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


def _child(simulator: Simulator, points: str, act: Callable[[], object]) -> int:
    """The number of a new process that does `act` and ends."""
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child:
        return child
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


@contextmanager
def counted_writes() -> Iterator[Counter[str]]:
    """Within the block the writes the products answer are counted, by their method and path without ids."""
    found: Counter[str] = Counter()
    answering = WsgiAdapter.send
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WsgiAdapter, "send", _telling(answering, lambda write: found.update([write])))
        yield found


def killed_after_write(simulator: Simulator, write: str, act: Callable[[], object]) -> bool:
    """As `killed_at`: the child dies once a product has done the first write of this kind, before it hears of it."""
    return killed_at(simulator, "", lambda: _dying_after(write, act))


def _dying_after(write: str, act: Callable[[], object]) -> None:
    """In a child of its own, so that nothing is put back."""

    def die(done: str) -> None:
        if done == write:
            os.kill(os.getpid(), signal.SIGKILL)

    WsgiAdapter.send = _telling(WsgiAdapter.send, die)  # type: ignore[method-assign]
    act()


def _telling(answering: Callable[..., requests.Response], tell: Callable[[str], None]) -> Any:
    """What answers calls, and tells of each that has changed records of a product."""

    def send(adapter: WsgiAdapter, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        answer = answering(adapter, request, *args, **kwargs)
        url = urlsplit(str(request.url))
        is_aside = any(part in url.path for part in ("/oauth/", "/coql", "/_sim/", "/actions/watch"))
        if url.netloc in ("crm.test", "invoice.test") and request.method != "GET" and not is_aside:
            tell(f"{request.method} {re.sub(r'[0-9]{6,}', '…', url.path)}")
        return answer

    return send
