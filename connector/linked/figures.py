"""Figures of linked potentials (requirement D1): by stage with their documents, won and not invoiced, not paid.

All of it is counted by the database over what was last seen; amounts of documents stand by currency, nothing is
converted.
"""

from collections import defaultdict
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, exists, func, select, type_coerce

from connector.asking import answered_by
from connector.database import db
from connector.documents import BY_ENTITY, KINDS
from connector.errors import ConnectorError
from connector.history import page_of
from connector.linked.model import LinkedPotential
from connector.linked.refresh import STREAM
from connector.models import Cursor, LinkedDocument
from connector.peers import Peers
from simulator.money import from_units

Record = dict[str, Any]

WON = 100
#: What may be asked for: potentials that are won and have no invoice, or have invoices that are not paid.
STANDINGS = ("won_not_invoiced", "invoiced_not_paid", "deleted")


def _documents_of_potential(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        LinkedDocument.connection_id == LinkedPotential.connection_id,
        LinkedDocument.potential_id == LinkedPotential.crm_id,
        *conditions,
    )


#: An invoice that was not voided.
LIVE_INVOICE = and_(LinkedDocument.kind == "invoice", LinkedDocument.status != "void")
UNPAID_INVOICE = and_(LIVE_INVOICE, type_coerce(LinkedDocument.balance, BigInteger) > 0)
IS_LINKED = _documents_of_potential()
CONDITIONS: dict[str, ColumnElement[bool]] = {
    "won_not_invoiced": and_(
        LinkedPotential.probability == WON,
        LinkedPotential.is_deleted.is_(False),
        ~_documents_of_potential(LIVE_INVOICE),
    ),
    "invoiced_not_paid": _documents_of_potential(UNPAID_INVOICE),
    "deleted": LinkedPotential.is_deleted.is_(True),
}


def linked_figures(connection_id: int) -> Record:
    """The figures of what is kept."""
    return {
        "as_of": _as_of(connection_id),
        "stages": _stages(connection_id),
        "won_not_invoiced": _counted(connection_id, CONDITIONS["won_not_invoiced"]),
        "invoiced_not_paid": {
            **_counted(connection_id, CONDITIONS["invoiced_not_paid"]),
            "documents": _sums(connection_id, UNPAID_INVOICE),
        },
        "deleted": _counted(connection_id, CONDITIONS["deleted"]),
    }


def _as_of(connection_id: int) -> str | None:
    """When everything was last read anew; None before the first time."""
    statement = select(Cursor.last_full_at).where(Cursor.connection_id == connection_id, Cursor.stream == STREAM)
    moments = [moment for moment in db.session.execute(statement).scalars() if moment is not None]
    return min(moments).isoformat(timespec="seconds") if moments else None


def _units(column: Any) -> Any:
    """An amount as the whole number it is stored as, so that sums are exact."""
    return type_coerce(column, BigInteger)


def _counted(connection_id: int, condition: ColumnElement[bool]) -> Record:
    statement = select(func.count(), func.sum(_units(LinkedPotential.amount))).where(
        LinkedPotential.connection_id == connection_id, IS_LINKED, condition
    )
    count, units = db.session.execute(statement).one()
    return {"count": count, "amount": from_units(units)}


def _sums(connection_id: int, condition: ColumnElement[bool]) -> list[Record]:
    statement = (
        select(
            LinkedDocument.currency_code,
            func.count(),
            func.sum(_units(LinkedDocument.total)),
            func.sum(_units(LinkedDocument.balance)),
        )
        .where(LinkedDocument.connection_id == connection_id, condition)
        .group_by(LinkedDocument.currency_code)
        .order_by(LinkedDocument.currency_code)
    )
    return [
        {"currency_code": code, "count": count, "total": from_units(total), "balance": from_units(balance)}
        for code, count, total, balance in db.session.execute(statement)
    ]


def _stages(connection_id: int) -> list[Record]:
    """Each stage with its potentials and their documents by kind and status, nearest to being won first."""
    potentials = (
        select(
            LinkedPotential.stage,
            func.max(LinkedPotential.probability),
            func.count(),
            func.sum(_units(LinkedPotential.amount)),
        )
        .where(LinkedPotential.connection_id == connection_id, LinkedPotential.is_deleted.is_(False), IS_LINKED)
        .group_by(LinkedPotential.stage)
        .order_by(func.max(LinkedPotential.probability).desc().nulls_last(), LinkedPotential.stage)
    )
    documents = _documents_by_stage(connection_id)
    return [
        {
            "stage": stage,
            "probability": probability,
            "count": count,
            "amount": from_units(units),
            "documents": documents[stage],
        }
        for stage, probability, count, units in db.session.execute(potentials)
    ]


def _documents_by_stage(connection_id: int) -> dict[str, list[Record]]:
    columns = (LinkedPotential.stage, LinkedDocument.kind, LinkedDocument.status, LinkedDocument.currency_code)
    statement = (
        select(
            *columns,
            func.count(),
            func.sum(_units(LinkedDocument.total)),
            func.sum(_units(LinkedDocument.balance)),
        )
        .join(
            LinkedPotential,
            and_(
                LinkedPotential.connection_id == LinkedDocument.connection_id,
                LinkedPotential.crm_id == LinkedDocument.potential_id,
            ),
        )
        .where(LinkedDocument.connection_id == connection_id, LinkedPotential.is_deleted.is_(False))
        .group_by(*columns)
        .order_by(*columns)
    )
    found: dict[str, list[Record]] = defaultdict(list)
    for stage, entity, status, code, count, total, balance in db.session.execute(statement):
        found[stage].append(
            {
                "kind": BY_ENTITY[entity].path,
                "status": status,
                "currency_code": code,
                "count": count,
                "total": from_units(total),
                "balance": from_units(balance),
            }
        )
    return found


def list_linked(connection_id: int, wanted: Record) -> Record:
    """Linked potentials page by page, each with its documents."""
    statement = _matching(connection_id, wanted).order_by(
        LinkedPotential.is_deleted,
        case((LinkedPotential.probability.is_(None), -1), else_=LinkedPotential.probability).desc(),
        LinkedPotential.name,
        LinkedPotential.crm_id,
    )
    rows, page_context = page_of(statement, wanted["page"], wanted["per_page"])
    documents = _documents_of(connection_id, [row.crm_id for row in rows])
    return {
        "potentials": [{**_shown(row), "documents": documents[row.crm_id]} for row in rows],
        "page_context": page_context,
        "as_of": _as_of(connection_id),
    }


def _matching(connection_id: int, wanted: Record) -> Select[Any]:
    statement = select(LinkedPotential).where(LinkedPotential.connection_id == connection_id, IS_LINKED)
    if wanted["stage"]:
        statement = statement.where(LinkedPotential.stage == wanted["stage"], LinkedPotential.is_deleted.is_(False))
    if wanted["standing"]:
        statement = statement.where(CONDITIONS[wanted["standing"]])
    if wanted["documents"]:
        statement = statement.where(_documents_of_potential(*_as_counted(wanted)))
    if wanted["q"]:
        statement = statement.where(LinkedPotential.name.icontains(wanted["q"], autoescape=True))
    return statement


def _as_counted(wanted: Record) -> list[ColumnElement[bool]]:
    """What the figures count documents by, as far as it is asked for."""
    asked = {
        LinkedDocument.kind: KINDS[wanted["documents"]].entity,
        LinkedDocument.status: wanted["status"],
        LinkedDocument.currency_code: wanted["currency_code"],
    }
    return [column == value for column, value in asked.items() if value]


def _shown(potential: LinkedPotential) -> Record:
    return {
        "potential_id": potential.crm_id,
        "name": potential.name,
        "stage": potential.stage,
        "probability": potential.probability,
        "amount": potential.amount,
        "closing_date": potential.closing_date.isoformat() if potential.closing_date else None,
        "customer_name": potential.customer_name,
        "state": "potential deleted" if potential.is_deleted else "linked",
    }


def _documents_of(connection_id: int, potential_ids: list[str]) -> dict[str, list[Record]]:
    statement = (
        select(LinkedDocument)
        .where(LinkedDocument.connection_id == connection_id, LinkedDocument.potential_id.in_(potential_ids))
        .order_by(LinkedDocument.kind, LinkedDocument.number, LinkedDocument.document_id)
    )
    found: dict[str, list[Record]] = defaultdict(list)
    for document in db.session.execute(statement).scalars():
        found[document.potential_id].append(
            {
                "document_id": document.document_id,
                "kind": BY_ENTITY[document.kind].path,
                "number": document.number,
                "date": document.day.isoformat() if document.day else None,
                "status": document.status,
                "total": document.total,
                "balance": document.balance,
                "currency_code": document.currency_code,
                "by_trigger": document.by_trigger,
                "as_of": document.as_of.isoformat(timespec="seconds"),
            }
        )
    return found


def crm_pipeline(peers: Peers) -> Record:
    """All potentials of the CRM by stage, one query of theirs; where the CRM does not answer, `problem` says so."""
    query = "select Stage, COUNT(id), SUM(Amount) from Deals where id is not null group by Stage"
    try:
        with answered_by("crm"):
            rows = peers.crm.coql(query)
    except ConnectorError as error:
        return {"pipeline": None, "problem": error.message}
    stages = [
        {"stage": row["Stage"], "count": int(row["COUNT(id)"]), "amount": row["SUM(Amount)"] or 0} for row in rows
    ]
    return {"pipeline": stages, "problem": None}
