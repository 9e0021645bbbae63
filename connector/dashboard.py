"""Figures of the dashboard: linked potentials (D1), Invoice's own sums (D2), recent runs (D3)."""

from typing import Any

from sqlalchemy import BigInteger, case, func, select, type_coerce

from connector import history
from connector.database import db
from connector.models import Connection, LinkedDocument, Potential, Run
from connector.peers import peers_of
from connector.triggers.asking import offer_of
from simulator import clock
from simulator.http import PeerError
from simulator.money import from_units

LINKED_SHOWN = 10
#: How a potential stands that has a document its trigger made.
MADE = ("invoiced", "estimated")
RUNS_SHOWN = 5


def figures(connection: Connection) -> dict[str, Any]:
    """Everything the dashboard shows. Where Invoice does not answer, its figures are None and `problem` says so."""
    client = peers_of(connection).invoice
    connection_id = connection.id
    db.session.rollback()  # no transaction is open while Invoice is asked
    problem = None
    summary: dict[str, Any] = {}
    try:
        summary = client.receivables()
    except PeerError as error:
        problem = f"Zoho Invoice does not answer: {error}"
    runs = select(Run).where(Run.connection_id == connection_id).order_by(Run.id.desc()).limit(RUNS_SHOWN)
    return {
        "invoiced": summary.get("invoiced"),
        "receivables": summary.get("receivables"),
        "receivables_date": summary.get("date"),
        "currency_code": summary.get("currency_code"),
        "problem": problem,
        "pipeline": _pipeline(connection_id),
        "linked": _linked(connection_id),
        "won_not_invoiced": _won_not_invoiced(connection_id),
        "triggers": _standings(connection_id),
        "recent_runs": [history.shown_run(run) for run in db.session.execute(runs).scalars()],
        "as_of": clock.now().isoformat(timespec="seconds"),
    }


def _pipeline(connection_id: int) -> list[dict[str, Any]]:
    """Potentials the integration has seen, by stage, nearest to being won first; of each the highest probability."""
    probability = func.max(Potential.probability)
    statement = (
        select(Potential.stage, probability, func.count(), func.sum(_units()))
        .where(Potential.connection_id == connection_id, Potential.outcome != "deleted")
        .group_by(Potential.stage)
        .order_by(probability.desc().nulls_last(), Potential.stage)
    )
    return [
        {"stage": stage, "probability": probability, "count": count, "amount": from_units(units)}
        for stage, probability, count, units in db.session.execute(statement)
    ]


def _units() -> Any:
    """The amount as the whole number it is stored as, so that the sum is exact."""
    return type_coerce(Potential.amount, BigInteger)


def _linked(connection_id: int) -> list[dict[str, Any]]:
    statement = (
        select(Potential, LinkedDocument)
        .join(
            LinkedDocument,
            (LinkedDocument.connection_id == Potential.connection_id)
            & (LinkedDocument.potential_id == Potential.crm_id),
        )
        .where(Potential.connection_id == connection_id)
        .order_by(LinkedDocument.as_of.desc(), LinkedDocument.document_id.desc())
        .limit(LINKED_SHOWN)
    )
    return [shown_potential(potential, document) for potential, document in db.session.execute(statement)]


def shown_potential(potential: Potential, document: LinkedDocument | None) -> dict[str, Any]:
    shown = {
        "potential_id": potential.crm_id,
        "potential_name": potential.name,
        "account_name": potential.account_name,
        "stage": potential.stage,
        "probability": potential.probability,
        "amount": potential.amount,
        "standing": potential.standing,
        "reason": potential.reason,
        "offer": offer_of(potential),
        "document_id": potential.document_id,
        "document_kind": potential.document_kind,
    }
    if document is not None:
        shown |= {
            "document_id": document.document_id,
            "document_kind": document.kind,
            "document_number": document.number,
            "document_status": document.status,
            "total": document.total,
            "balance": document.balance,
        }
    return shown


def _won_not_invoiced(connection_id: int) -> dict[str, Any]:
    statement = select(func.count(), func.sum(_units())).where(
        Potential.connection_id == connection_id, Potential.outcome == "won", Potential.document_id.is_(None)
    )
    count, units = db.session.execute(statement).one()
    return {"count": count, "amount": from_units(units)}


def _standings(connection_id: int) -> dict[str, int]:
    """How many potentials stand where with the trigger, `created` for those that have a live invoice."""
    name = case((Potential.standing.in_(MADE), "created"), else_=Potential.standing)
    statement = select(name, func.count()).where(Potential.connection_id == connection_id).group_by(name)
    return dict(db.session.execute(statement).all())
