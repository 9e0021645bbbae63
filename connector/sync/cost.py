"""What a run costs in API calls of either side: estimated from its plan, and counted as they are made (S5)."""

import threading
from collections import Counter
from collections.abc import Iterable
from math import ceil

from connector.peers import Peers

Cost = dict[str, int]
AT_ONCE = 100
#: Calls for one record of Invoice, by the kind of op: at Invoice and at the CRM. What is not named makes none.
IN_INVOICE = {
    "create": (1, 0),
    "update": (3, 0),
    "link": (3, 0),
    "delete": (3, 1),
    "stamp": (1, 0),
    "unlink": (1, 0),
    "activate": (2, 0),
}
#: Calls at the CRM for up to a hundred records, and at Invoice for each of them.
IN_CRM = {"create": (2, 0), "update": (4, 0), "link": (4, 0), "delete": (2, 1), "restore": (3, 0)}


def estimated(planned: Iterable[tuple[str, str, str]]) -> Cost:
    """What carrying out a plan costs.

    Args:
        planned: entity, side and kind of each op.
    """
    cost = Counter({"crm": 0, "invoice": 0})
    for (_, side, kind), count in Counter(planned).items():
        if side == "invoice":
            here, there = IN_INVOICE.get(kind, (0, 0))
            cost.update(invoice=here * count, crm=there * count)
        else:
            here, there = IN_CRM.get(kind, (0, 0))
            cost.update(crm=here * ceil(count / AT_ONCE), invoice=there * count)
    return dict(cost)


class Calls:
    """Counts the calls of a run; those of an owner that died between two of its notes are lost."""

    def __init__(self, before: Cost) -> None:
        self._lock = threading.Lock()
        self._made = Counter({"crm": 0, "invoice": 0, **before})

    def of(self, peers: Peers) -> Peers:
        """The same peers, their calls counted."""
        return Peers(peers.crm.counting(lambda: self._add("crm")), peers.invoice.counting(lambda: self._add("invoice")))

    def made(self) -> Cost:
        with self._lock:
            return dict(self._made)

    def _add(self, side: str) -> None:
        with self._lock:
            self._made[side] += 1
