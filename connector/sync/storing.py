"""What each outcome does to the link of its pair; it runs in the transaction that stores the outcome."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import bindparam, select, update

from connector import mapping
from connector.database import db
from connector.mapping import Values
from connector.models import Link, Op
from connector.settings import Entity
from connector.sync.at_hand import BATCH, LinksAtHand
from connector.sync.crash import crash_point
from connector.sync.records import Looked, Result, Settled
from connector.sync.sending import Finished, Task
from simulator.database import connection
from simulator.prepared import Prepared

#: Kinds of op that leave the link as it is.
LINK_STAYS = ("skip", "stamp")
#: What makes a link: undo puts it back so.
IMAGE = (
    "id", "crm_id", "invoice_id", "parent_link_id", "role", "state", "name", "base", "as_kept", "mapping_version",
    "in_view", "origin", "incarnation", "suffix",
)  # fmt: skip


def image_of(link: Link | None) -> dict[str, Any]:
    """A link as it stands; {} where there is none."""
    return {} if link is None else {name: getattr(link, name) for name in IMAGE}


class Links:
    """The links of one connection, kept true to what happened.

    Args:
        origin: how the CRM records came that get a link; those of a view stop syncing outside of it (requirement C6).
    """

    def __init__(self, connection_id: int, entities: dict[str, Entity], origin: str = "view") -> None:
        self._connection_id = connection_id
        self._versions = {name: mapping.version_of(entity.mapping) for name, entity in entities.items()}
        self._origin = origin

    def at_hand(self) -> LinksAtHand:
        """The links as the transaction under way finds them."""
        return LinksAtHand(self._connection_id)

    def linked_to(self, entity: str, crm_id: str) -> str | None:
        """The Invoice record a CRM record is linked to."""
        return _linked(self.at_hand().of_crm(entity, crm_id))

    def store(self, finished: Finished) -> None:
        """Does to the links what these outcomes do, one after the other."""
        links = self.at_hand()
        storing = _Storing(self._connection_id, links, self._versions, self._origin)
        ops = [db.session.get_one(Op, task.op_id) for task, _ in finished]
        with db.session.no_autoflush:  # no link has changed yet
            _read_ahead(links, ops, [task for task, _ in finished])
        for op, (task, result) in zip(ops, finished, strict=True):
            storing.store(op, task, result)
        storing.tell_stamps()


def _read_ahead(links: LinksAtHand, ops: list[Op], tasks: list[Task]) -> None:
    links.read_homes(ops)
    for entity in {task.entity for task in tasks}:
        mine = [task for task in tasks if task.entity == entity]
        links.read(entity, "crm_id", (task.crm_id for task in mine if task.crm_id))
        links.read(entity, "invoice_id", (str(task.invoice_id) for task in mine if task.side == "crm"))


def _linked(link: Link | None) -> str | None:
    return link.invoice_id if link is not None and link.state == "linked" else None


class _Storing:
    """The outcomes of one transaction."""

    def __init__(self, connection_id: int, links: LinksAtHand, versions: Mapping[str, str], origin: str) -> None:
        self._connection_id = connection_id
        self._links = links
        self._versions = versions
        self._origin = origin
        self._told: list[dict[str, Any]] = []

    def store(self, op: Op, task: Task, result: Result) -> None:
        link = self._links.of_crm(task.entity, task.crm_id) if task.crm_id else None
        if task.side == "crm":
            link = self._links.of_invoice(task.entity, str(task.invoice_id)) or link
        if task.kind not in LINK_STAYS and result.outcome != "failed":
            op.link_before = image_of(link)
        place = _place(link)
        if task.side == "crm":
            self._store_crm(op, link, task, result)
        else:
            self._store_invoice(op, link, task, result)
        if place != _place(link):
            db.session.flush()  # what one link gives up another may take, and together they are not written in order

    def _store_invoice(self, op: Op, link: Link | None, task: Task, result: Result) -> None:
        """What a write to Invoice, or an op without a call, does to the link of its pair."""
        if task.kind == "stamp":
            return self._stamped(op, link, result)
        if task.kind == "alias" and op.parent_crm_id:
            primary = self._links.of_crm(task.entity, op.parent_crm_id)
            result = Result(result.outcome, result.reason, invoice_id=_linked(primary))
        if result.outcome in ("added", "updated") or (task.kind == "alias" and result.invoice_id):
            self._join(op, link, result)
        elif link is None or result.outcome == "failed":
            _note_unheard(link, op, result)
        elif task.kind == "update" and result.code is None:
            _agree(link, op.baseline, "invoice", {})
            link.mapping_version = self._versions[op.entity]
        elif task.kind == "drop" or (task.kind in ("delete", "merge") and result.outcome == "deleted"):
            link.state = "tombstone"
        elif task.kind == "promote":
            link.role = "primary"
        elif task.kind == "unlink" and result.code is None:
            link.state = "tombstone" if link.role == "alias" else "detached"
        elif task.kind == "merged":
            link.state, link.last_op_id = "merged", op.id
        elif task.kind in ("leave_view", "return_to_view"):
            link.in_view = task.kind == "return_to_view"
            link.state = "linked" if link.state == "merged" else link.state

    def _store_crm(self, op: Op, link: Link | None, task: Task, result: Result) -> None:
        """What a write to the CRM does to the link of its pair."""
        if result.outcome == "failed":
            _note_unheard(link, op, result)
            if op.kind == "link":  # the sync that links them tells Invoice; told now, it would pass for its own edit
                self._tell_stamp(op, None)
        elif result.outcome == "deleted" and link is not None:
            link.state = "tombstone"
        elif result.outcome in ("added", "updated") or (result.outcome == "skipped" and result.invoice_id):
            if link is None:
                parent = self._links.of_home(op.home)
                link = Link(
                    connection_id=self._connection_id,
                    entity=op.entity,
                    invoice_id=task.invoice_id,
                    parent_link_id=parent.id if parent else None,
                    role="primary",
                    origin="invoice",
                    incarnation=1,
                    base={},
                )
                db.session.add(link)
            elif result.crm_id and result.crm_id != link.crm_id:
                link.incarnation += 1
            link.crm_id = result.crm_id or task.crm_id
            link.state, link.name, link.in_view = "linked", op.record_name, True
            _agree(link, op.baseline or {}, "crm", result.kept_otherwise)
            link.mapping_version, link.last_op_id = self._versions[op.entity], op.id
            self._links.add(link)
            self._tell_stamp(op, link.crm_id)

    def _tell_stamp(self, op: Op, crm_id: str | None) -> None:
        told = {"of_run": op.run_id, "of_entity": op.entity, "of_record": op.invoice_id}
        self._told.append({**told, "now": crm_id})

    def tell_stamps(self) -> None:
        """The ops that will tell Invoice of records of the CRM learn their ids; None where there is nothing to tell."""
        if self._told:
            _TELL_STAMP.run(connection(), *self._told)

    @staticmethod
    def _stamped(op: Op, link: Link | None, result: Result) -> None:
        if link is not None and result.outcome == "updated":
            _agree(link, op.baseline, "invoice", result.kept_otherwise)
            link.invoice_modified = ""
        elif result.outcome == "failed":
            _note_unheard(link, op, result)

    def _join(self, op: Op, link: Link | None, result: Result) -> None:
        """Makes or renews the link of a pair that agrees now."""
        parent = self._links.of_home(op.home)
        if link is None:
            link = Link(
                connection_id=self._connection_id,
                entity=op.entity,
                crm_id=op.crm_id,
                state="linked",
                origin=self._origin,
                incarnation=1,
            )
            db.session.add(link)
        link.role = "alias" if op.kind == "alias" else "primary"
        link.parent_link_id = parent.id if parent else None
        link.invoice_id = str(result.invoice_id or op.invoice_id)
        link.name = op.record_name
        link.incarnation += link.state == "detached"
        link.state = "linked"
        _agree(link, op.baseline, "invoice", result.kept_otherwise)
        link.mapping_version = self._versions[op.entity]
        link.suffix = op.suffix
        link.invoice_modified = ""  # somebody else may have edited it meanwhile: the next run reads it
        link.in_view = True
        link.last_op_id = op.id
        self._links.add(link)
        crash_point("child-linked" if parent else "outcome-stored")


_TELL_STAMP = Prepared(
    update(Op)
    .where(
        Op.run_id == bindparam("of_run"),
        Op.kind == "stamp",
        Op.entity == bindparam("of_entity"),
        Op.invoice_id == bindparam("of_record"),
        Op.state == "planned",
    )
    .values(crm_id=bindparam("now"))
)


def _place(link: Link | None) -> tuple[str, ...]:
    """What of a link no other one may have besides."""
    return () if link is None else (link.crm_id, link.invoice_id, link.role, link.state)


def _agree(link: Link, agreed: Values, side: str, otherwise: Mapping[str, Any]) -> None:
    """Both sides agree on these fields from now on, but for what a side keeps otherwise."""
    link.base = {**(link.base or {}), **agreed}
    kept = _without(link.as_kept, agreed)
    link.as_kept = {**kept, side: {**kept.get(side, {}), **otherwise}} if otherwise else kept
    link.unheard = _without(link.unheard, agreed)


def _without(by_side: Mapping[str, Values] | None, names: Collection[str]) -> dict[str, Values]:
    """What is noted of other fields, by side."""
    found = {
        side: {name: value for name, value in values.items() if name not in names}
        for side, values in (by_side or {}).items()
    }
    return {side: values for side, values in found.items() if values}


def _note_unheard(link: Link | None, op: Op, result: Result) -> None:
    """Nobody knows whether an update arrived; what it sent is no edit of anybody should it be there later."""
    if link is not None and result.is_unknown and op.kind in ("update", "stamp") and op.baseline:
        before = link.unheard or {}
        link.unheard = {**before, op.side: {**before.get(op.side, {}), **op.baseline}}


def keep_notes(connection_id: int, notes: list[Settled | Looked]) -> None:
    """Keeps what a run has seen of pairs that need no write."""
    settled = [note for note in notes if isinstance(note, Settled)]
    for start in range(0, len(settled), BATCH):
        batch = settled[start : start + BATCH]
        wanted = select(Link).where(Link.id.in_([note.link_id for note in batch]))
        links = {link.id: link for link in db.session.execute(wanted).scalars()}
        for note in batch:
            _note_settled(links[note.link_id], note)
    looked = {note.customer_id: note.noted for note in notes if isinstance(note, Looked)}
    mine = (Link.connection_id == connection_id, Link.entity == "account")
    living = (Link.role == "primary", Link.state == "linked")
    customers = sorted(looked)
    for start in range(0, len(customers), BATCH):
        wanted = select(Link).where(*mine, Link.invoice_id.in_(customers[start : start + BATCH]), *living)
        for link in db.session.execute(wanted).scalars():
            link.persons_noted = looked[link.invoice_id]


def _note_settled(link: Link, settled: Settled) -> None:
    _agree(link, settled.agreed, "", {})
    link.mapping_version = settled.mapping_version
    link.invoice_modified = settled.invoice_modified
