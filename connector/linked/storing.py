"""Keeps what was seen of linked documents and their potentials, in the transaction under way."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, select

from connector.database import db
from connector.documents import Kind
from connector.linked.model import LinkedPotential
from connector.models import LinkedDocument
from simulator import clock
from simulator.database import put

Record = dict[str, Any]

#: What is read of a potential in the CRM.
POTENTIAL_FIELDS = ["Deal_Name", "Stage", "Probability", "Amount", "Closing_Date", "Account_Name", "Contact_Name"]
NO_STAGE = "Unknown"


def keep_document(connection_id: int, kind: Kind, record: Record, is_new_link: bool = False) -> None:
    """A document as Invoice shows it, in a list or whole. One that names no potential is not linked, so it goes.

    Args:
        is_new_link: somebody has just linked it by hand, whatever a trigger did before.
    """
    document_id, potential_id = kind.id_of(record), str(record.get("zcrm_potential_id") or "")
    known = db.session.get(LinkedDocument, (connection_id, document_id))
    if not potential_id:
        forget_document(connection_id, document_id)
        return
    is_another = known is not None and known.potential_id != potential_id
    row = {
        "connection_id": connection_id,
        "document_id": document_id,
        "kind": kind.entity,
        "potential_id": potential_id,
        "number": kind.number_of(record),
        "status": record["status"],
        "total": _amount(record["total"]),
        "balance": _amount(record.get("balance", 0)),
        "day": date.fromisoformat(record["date"]) if record["date"] else None,
        "customer_id": str(record["customer_id"]),
        "customer_name": record["customer_name"],
        "currency_code": record["currency_code"],
        "as_of": clock.now(),
    }
    if known is None or is_another or is_new_link:
        row["by_trigger"] = False
    put(LinkedDocument, row, ("connection_id", "document_id"))
    if known is not None:
        db.session.expire(known)


def forget_document(connection_id: int, document_id: str) -> None:
    db.session.execute(
        delete(LinkedDocument).where(
            LinkedDocument.connection_id == connection_id, LinkedDocument.document_id == document_id
        )
    )


def keep_potential(connection_id: int, record: Record) -> None:
    customer = record.get("Account_Name") or record.get("Contact_Name")
    probability = record.get("Probability")
    row = {
        "connection_id": connection_id,
        "crm_id": str(record["id"]),
        "name": str(record.get("Deal_Name") or ""),
        "stage": str(record.get("Stage") or NO_STAGE),
        "probability": None if probability is None else int(probability),
        "amount": _amount(record.get("Amount") or 0),
        "closing_date": date.fromisoformat(record["Closing_Date"]) if record.get("Closing_Date") else None,
        "customer_name": str(customer["name"]) if customer else None,
        "is_deleted": False,
        "as_of": clock.now(),
    }
    put(LinkedPotential, row, ("connection_id", "crm_id"))


def keep_deleted_potential(connection_id: int, crm_id: str, name: str) -> None:
    """What was known of it stays, so that its documents still say whose they were."""
    known = db.session.get(LinkedPotential, (connection_id, crm_id), populate_existing=True)
    if known is None:
        known = LinkedPotential(
            connection_id=connection_id, crm_id=crm_id, name=name, stage=NO_STAGE, amount=Decimal(0)
        )
        db.session.add(known)
    known.is_deleted, known.as_of = True, clock.now()
    db.session.flush()


def is_by_trigger(connection_id: int, document_id: str, potential_id: str) -> bool:
    """Whether a trigger made the link that a document has now."""
    statement = select(LinkedDocument.by_trigger).where(
        LinkedDocument.connection_id == connection_id,
        LinkedDocument.document_id == document_id,
        LinkedDocument.potential_id == potential_id,
    )
    return bool(db.session.execute(statement).scalar())


def _amount(value: Any) -> Decimal:
    return Decimal(str(value))
