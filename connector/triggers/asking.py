"""What a person may ask of triggers that they do not do by themselves (requirements G8, G11)."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from connector.connections import expect
from connector.database import db
from connector.documents import BY_ENTITY
from connector.errors import Conflicting, NotFound
from connector.models import Connection, Op, Potential, Run
from connector.peers import peers_of
from connector.settings import Document
from connector.sync.catch_up import NOTICE_SIZE, new_notice
from connector.triggers.estimate_rules import BY_HAND as ESTIMATE_BY_HAND
from connector.triggers.rules import BY_HAND
from connector.triggers.work import ASKED
from simulator.clients.crm import CrmClient

#: The most rows a COQL query answers, and how far its pages go.
PAGE, FARTHEST = 2000, 100_000
NOT_APPLIED = ("while_disabled", "won_before")


def offer_of(potential: Potential) -> str | None:
    """What is offered about a potential in the history: `create_again`, `apply`, or nothing."""
    if potential.reason in (BY_HAND.reason, ESTIMATE_BY_HAND.reason):
        return "create_again"
    return "apply" if potential.standing in NOT_APPLIED else None


def create_again(connection: Connection, crm_id: str) -> None:
    """Makes the document of a potential anew that was deleted by hand (requirement G11).

    Raises:
        Conflicting: triggers are off, or the document is there.
        NotFound: the potential never had one.
    """
    _expect_on(connection)
    connection_id, peers = connection.id, peers_of(connection)
    potential = _known(connection_id, crm_id)
    kind, document_id = potential.document_kind, potential.document_id
    if kind is None or document_id is None:
        raise NotFound("No trigger has made a document of this potential.")
    db.session.rollback()
    if peers.invoice.document(BY_ENTITY[kind].path, kind, document_id) is not None:
        raise Conflicting("document_there", f"Its {kind} is there; delete it first.", document_id=document_id)
    potential = _known(connection_id, crm_id)
    if potential.document_id != document_id:
        raise Conflicting("document_there", "Another document was made of it meanwhile.")
    potential.document_id = potential.document_kind = potential.answer_by_trigger = None
    potential.carried, potential.voided_by_trigger = {}, False
    potential.incarnation += 1
    _ask(connection_id, [crm_id])


def apply(connection: Connection, crm_id: str) -> None:
    """Does for a potential what its trigger did not do unasked: it was changed while that was off (requirement G8)."""
    _expect_on(connection)
    potential = _known(connection.id, crm_id)
    if potential.standing not in NOT_APPLIED:
        raise Conflicting("nothing_to_apply", "Its trigger has done already what there was to do.")
    _ask(connection.id, [crm_id])


def won_without_document(connection: Connection) -> list[str]:
    """The potentials won in the CRM of which no document was made; asked of the CRM outside any transaction."""
    connection_id, peers = connection.id, peers_of(connection)
    db.session.rollback()
    won = list(_won(peers.crm))
    made = select(Potential.crm_id).where(Potential.connection_id == connection_id, Potential.document_id.is_not(None))
    known = set(db.session.execute(made).scalars())
    return [crm_id for crm_id in won if crm_id not in known]


def apply_to_won(connection: Connection, count: int) -> None:
    """*Apply to N won potentials*: confirmed by their number, so that nobody makes more than he was shown (G8).

    Raises:
        Conflicting: triggers are off, or it is another number by now.
    """
    _expect_on(connection)
    connection_id = connection.id
    won = won_without_document(connection)
    if len(won) != count:
        said = f"There are {len(won)} won potentials without a document now; confirm that number."
        raise Conflicting("another_number", said, count=len(won))
    _ask(connection_id, won)


def retry(connection: Connection, run: Run, op_ids: list[int] | None) -> None:
    """Takes potentials once more whose trigger has failed, all of them or some (requirement S5).

    Raises:
        Conflicting: triggers are off, or nothing has failed that still stands so.
        NotFound: an op is none of the failed ones.
    """
    _expect_on(connection)
    still = select(Potential.crm_id).where(Potential.connection_id == connection.id, Potential.standing == "failed")
    rows = db.session.execute(
        select(Op.id, Op.crm_id).where(Op.run_id == run.id, Op.state == "failed", Op.crm_id.in_(still))
    )
    failed = {op_id: str(crm_id) for op_id, crm_id in rows}
    for op_id in op_ids or ():
        if op_id not in failed:
            raise NotFound(f"There is no failed potential {op_id} in run {run.id}.", field="ops")
    if not failed:
        raise Conflicting("nothing_failed", "No trigger of that run has failed.", run_id=run.id)
    _ask(connection.id, sorted({failed[op_id] for op_id in op_ids or failed}))


def _won(crm: CrmClient) -> Iterator[str]:
    for offset in range(0, FARTHEST, PAGE):
        rows: list[dict[str, Any]] = crm.coql(
            f"select id from Deals where Probability = 100 order by id limit {offset}, {PAGE}"
        )
        yield from (str(row["id"]) for row in rows)
        if len(rows) < PAGE:
            return


def _ask(connection_id: int, crm_ids: list[str]) -> None:
    for start in range(0, len(crm_ids), NOTICE_SIZE):
        db.session.add(new_notice(connection_id, ASKED, crm_ids[start : start + NOTICE_SIZE]))


def _expect_on(connection: Connection) -> None:
    if connection.state != "paused":
        expect(connection, "active")
    if connection.settings["triggers"]["document"] == Document.NONE:
        raise Conflicting("trigger_off", "No trigger is set.")


def _known(connection_id: int, crm_id: str) -> Potential:
    potential = db.session.get(Potential, (connection_id, crm_id))
    if potential is None:
        raise NotFound(f"The integration knows no potential {crm_id}.")
    return potential
