"""Explains one linked pair: gathers what the tables say of it, and lets `sync.explain` ask both products."""

from typing import Any

from sqlalchemy import select

from connector import connections, freshness, history
from connector.currencies import currencies_of
from connector.database import db
from connector.errors import NotFound
from connector.models import Link, Op, Run
from connector.peers import peers_of
from connector.settings import entities
from connector.sync.explain import Known, explain
from connector.sync.reading.links import customers_of, links_among

#: So many of the acts that touched a pair are told, the newest first.
ACTS = 20


def explained(link_id: int) -> dict[str, Any]:
    """A pair as the API answers it; `why_not` says why a pair that no sync looks at has no `explanation`.

    Raises:
        NotFound: there is no such link.
    """
    connection = connections.required()
    link = db.session.get(Link, link_id)
    if link is None or link.connection_id != connection.id:
        raise NotFound(f"There is no link {link_id}.")
    (shown,) = freshness.shown_links(connection.id, [link])
    answer = {"link": shown, "acts": _acts(connection.id, link), "connection_state": connection.state}
    if link.state == "tombstone":
        return {
            **answer,
            "explanation": None,
            "why_not": "The records of this pair were deleted; no sync looks at them.",
        }
    known = _known(connection.id, link)
    settings, peers, base = connection.settings, peers_of(connection), connection.currency_code
    kind = link.entity
    db.session.rollback()  # no call goes out inside a transaction
    entity = next((one for one in currencies_of(peers, base).added_to(entities(settings)) if one.name == kind), None)
    if entity is None:
        return {**answer, "explanation": None, "why_not": "The settings leave records of this kind out of the sync."}
    return {**answer, "explanation": explain(peers, entity, known), "why_not": None}


def _known(connection_id: int, link: Link) -> Known:
    links = links_among(connection_id, link.entity, [link.crm_id], ())
    mine = next(one for one in links if one.id == link.id)
    return Known(mine, links, customers_of(connection_id))


def _acts(connection_id: int, link: Link) -> list[dict[str, Any]]:
    touched = (Op.crm_id == link.crm_id) | (Op.invoice_id == link.invoice_id)
    statement = (
        select(Op)
        .join(Run, Run.id == Op.run_id)
        .where(Run.connection_id == connection_id, Op.entity == link.entity, touched)
        .order_by(Op.id.desc())
        .limit(ACTS)
    )
    return [history.shown_op(op) for op in db.session.execute(statement).scalars()]
