"""Turns: how many requests of a service run Python at the same time, and on which thread.

Python runs one thread at a time anyway. Sixteen that all want to run hand the interpreter to each other at each query,
which costs more than the queries do (measured: 2.4 ms of CPU a request at eight connections, 0.9 ms in turns). So a
request waits for its turn, and gives it back while it waits for something else (`aside`).

Who finds the turn taken is answered by the runner, one thread that does all that waits, one after the other. Its work
stays with the processor whose caches know it, where a turn that goes from thread to thread goes from processor to
processor as well (measured: a quarter of what a small read costs).
"""

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from queue import SimpleQueue
from typing import Any
from weakref import WeakSet

Body = Iterable[bytes]
Application = Callable[[dict[str, Any], Callable[..., Any]], Body]

#: Nobody waits longer for one who keeps the turn: that is a long query, which lets other threads run by itself.
PATIENCE_SECONDS = 0.02


class Line:
    """The turn of one service, and who waits for it, in the order in which they came."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._given = 0
        self.forget_runners()
        _lines.add(self)

    def forget_runners(self) -> None:
        """There are none at first, nor in the child of a fork, where no thread of its parent goes on."""
        self._waiting: SimpleQueue[_Errand] = SimpleQueue()
        self._lead = threading.Lock()
        self._counting = threading.Lock()
        self._spares = 0

    def answer(self, act: Callable[[], Body]) -> Body:
        """What `act` answers, when it is its turn."""
        if self._turn.acquire(blocking=False):
            return self.answer_now(act, _Holding(self))
        errand = _Errand(act)
        return errand.answer() if self._waited_for(errand) else act()

    def answer_now(self, act: Callable[[], Body], holding: "_Holding") -> Body:
        """The same for who has the turn; it is given back at the end."""
        before = _held.set(holding)
        try:
            return act()
        finally:
            if _held.get() is not None:
                self.give()
            _held.reset(before)

    def give(self) -> None:
        self._given += 1
        self._turn.release()

    def take_again(self) -> bool:
        """Waits for the turn; False when somebody keeps it."""
        return self._turn.acquire(blocking=False) or self._waited_for(_Errand())

    def hand_on_lead(self) -> None:
        """The runner itself waits for something: another one goes on."""
        self._lead.release()
        self._have_runner()

    def _waited_for(self, errand: "_Errand") -> bool:
        """Waits as long as the turn goes round, for where many wait and patience ended before their turn came, all
        would run at once and be slower still. False when somebody keeps it."""
        self._waiting.put(errand)
        self._have_runner()
        given = self._given
        while not errand.is_done_in(PATIENCE_SECONDS):
            if self._given == given and errand.claim():
                return False
            given = self._given
        return True

    def _have_runner(self) -> None:
        if self._lead.locked():
            return
        with self._counting:
            if self._spares:
                return
            self._spares += 1
        threading.Thread(target=self._run, name="runner", daemon=True).start()

    def _run(self) -> None:
        """One of the runners leads; others are aside with a request of their own, or wait to lead."""
        while True:
            self._lead.acquire()
            with self._counting:
                self._spares -= 1
            holding = _Holding(self, leads=True)
            while holding.leads:
                self._do(self._waiting.get(), holding)
            with self._counting:
                self._spares += 1

    def _do(self, errand: "_Errand", holding: "_Holding") -> None:
        self._turn.acquire()
        if errand.claim():
            errand.do(holding)
        else:  # its own thread does it, without the turn
            self.give()


class _Errand:
    """What waits in the line: a request to be answered, or a thread that was aside and wants the turn itself."""

    def __init__(self, act: Callable[[], Body] | None = None) -> None:
        self._act = act
        self._context = copy_context()
        self._claimed, self._done = threading.Lock(), threading.Lock()
        self._done.acquire()
        self._body: Body = ()
        self._error: BaseException | None = None

    def claim(self) -> bool:
        """Whether whoever asks may do it: the runner, or the thread that has lost its patience."""
        return self._claimed.acquire(blocking=False)

    def do(self, holding: "_Holding") -> None:
        """Answers the request and gives the turn back, or passes it on to the thread that wants it."""
        if self._act is not None:
            try:
                self._body = self._context.run(holding.line.answer_now, self._act, holding)
            except BaseException as error:
                self._error = error
        self._done.release()

    def is_done_in(self, seconds: float) -> bool:
        return self._done.acquire(timeout=seconds)

    def answer(self) -> Body:
        """What came of the request."""
        error, self._error = self._error, None  # which leads to this errand, and would keep all of it
        if error is not None:
            raise error
        return self._body


class _Holding:
    """That the running code has the turn of a line, as its runner or for one request."""

    def __init__(self, line: Line, leads: bool = False) -> None:
        self.line = line
        self.leads = leads


_held: ContextVar[_Holding | None] = ContextVar("turn", default=None)
_lines: WeakSet[Line] = WeakSet()


def _forget_all_runners() -> None:
    for line in _lines:
        line.forget_runners()


os.register_at_fork(after_in_child=_forget_all_runners)


class TurnMiddleware:
    """Lets one request after the other into the application."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._line = Line()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Body:
        return self._line.answer(lambda: self._application(environ, start_response))


@contextmanager
def aside() -> Iterator[None]:
    """Within the block others may run: the code waits for an answer from elsewhere, or for a lock."""
    held = _held.get()
    if held is None:
        yield
        return
    _held.set(None)
    held.line.give()
    if held.leads:
        held.leads = False
        held.line.hand_on_lead()
    try:
        yield
    finally:
        _held.set(held if held.line.take_again() else None)
