"""Links that a batch of ops needs, read together: one by one, reading them took longer than the calls the ops make."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import select

from connector.database import db
from connector.models import Link, Op
from connector.sync.homes import NEW

#: How many records a batch has at most.
BATCH = 500

SIDES = ("crm_id", "invoice_id")
#: An entity and an id.
Key = tuple[str, str]


class LinksAtHand:
    """Links of one connection, within one transaction: those that were read ahead, others as they are asked for."""

    def __init__(self, connection_id: int) -> None:
        self._connection_id = connection_id
        self._by: dict[str, defaultdict[Key, list[Link]]] = {
            "crm_id": defaultdict(list),
            "invoice_id": defaultdict(list),
        }
        self._read: dict[str, set[Key]] = {"crm_id": set(), "invoice_id": set()}

    def read(self, entity: str, side: str, ids: Iterable[str]) -> None:
        """Reads the links of some records; `side` is `crm_id` or `invoice_id`."""
        wanted = {record_id for record_id in ids if (entity, record_id) not in self._read[side]}
        if not wanted:
            return
        self._read[side] |= {(entity, record_id) for record_id in wanted}
        mine = select(Link).where(Link.connection_id == self._connection_id, Link.entity == entity)
        for link in db.session.execute(mine.where(getattr(Link, side).in_(wanted))).scalars():
            self.add(link)

    def read_homes(self, ops: Iterable[Op]) -> None:
        """Reads the links of the customers that persons stand under."""
        homes = {op.home for op in ops if op.home}
        self.read("account", "crm_id", (home.removeprefix(NEW) for home in homes if home.startswith(NEW)))
        self.read("account", "invoice_id", (home for home in homes if not home.startswith(NEW)))

    def add(self, link: Link) -> None:
        """Takes in a link that is new, or has come to other records."""
        for side, found in self._by.items():
            links = found[link.entity, getattr(link, side)]
            if link not in links:
                links.append(link)

    def of_crm(self, entity: str, crm_id: str) -> Link | None:
        """The link of a CRM record; a living one before one that was given up, the newest first."""
        self.read(entity, "crm_id", (crm_id,))
        found = [link for link in self._by["crm_id"][entity, crm_id] if link.crm_id == crm_id]
        return min(found, key=_age, default=None)

    def of_invoice(self, entity: str, invoice_id: str) -> Link | None:
        """The link that leads a record of Invoice."""
        self.read(entity, "invoice_id", (invoice_id,))
        found = self._by["invoice_id"][entity, invoice_id]
        return next((link for link in found if _leads(link, invoice_id)), None)

    def of_home(self, home: str) -> Link | None:
        """The link of the customer a person stands under."""
        if not home:
            return None
        if home.startswith(NEW):
            return self.of_crm("account", home.removeprefix(NEW))
        return self.of_invoice("account", home)


def _age(link: Link) -> tuple[bool, bool, int]:
    return link.state == "tombstone", link.id is not None, -(link.id or 0)


def _leads(link: Link, invoice_id: str) -> bool:
    return (link.invoice_id, link.role, link.state) == (invoice_id, "primary", "linked")
