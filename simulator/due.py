"""What falls due in a world as its time goes on; each service says what it knows of."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

#: The kinds the simulator itself knows of; a product may add its own.
AUTO_SYNC = "auto_sync"
TOKEN_END = "token_end"


@dataclass(frozen=True)
class Due:
    """Something that happens at a moment of the world's time.

    Attributes:
        what: what happens then, as a plain sentence.
        stops: whether a clock that is moved forward halts there, so that what acts on it acts at its own moment.
            What is only derived on read (an invoice falls overdue) needs no halt; it is told in its order.
        count: of how many things `what` speaks.
    """

    at: datetime
    kind: str
    what: str
    stops: bool = True
    count: int = 1

    def shown(self, skew: timedelta = timedelta()) -> dict[str, Any]:
        """As the control route answers it, in the world's time where the service's own clock is off by `skew`."""
        return {
            "at": (self.at - skew).isoformat(),
            "kind": self.kind,
            "what": self.what,
            "stops": self.stops,
            "count": self.count,
        }


def read(shown: dict[str, Any]) -> Due:
    """The event that a service has shown."""
    return Due(**{**shown, "at": datetime.fromisoformat(shown["at"])})
