"""Who a token belongs to, kept for the calls of one page: they share a trace and come within a moment."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

Found = dict[str, Any] | None

#: A trace that somebody sends for ever must not keep an ended token alive.
SECONDS = 1.0
KEPT = 64


class Callers:
    """What the products said of tokens just now."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str, str], tuple[float, Found]] = OrderedDict()

    def of(self, product: str, token: str, trace: str, ask: Callable[[], Found]) -> Found:
        """Who calls; the product is asked once for the same token and trace.

        Args:
            trace: the traceparent the call came with; without one the product is asked each time.
        """
        key = (product, token, trace)
        with self._lock:
            until, found = self._kept.get(key, (0.0, None))
        if trace and time.monotonic() < until:
            return found
        found = ask()
        if trace and found is not None:
            with self._lock:
                self._kept[key] = (time.monotonic() + SECONDS, found)
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
        return found
