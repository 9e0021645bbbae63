"""Potentials and people of the CRM as the integration looks them up for a screen of Invoice: COQL, a page at a time."""

from typing import Any

from simulator.clients.crm import CrmClient

Record = dict[str, Any]

COLUMNS = ("Deal_Name", "Stage", "Amount", "Closing_Date")


def text(value: str) -> str:
    """A text of a query, quoted."""
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def containing(word: str) -> str:
    """The pattern for texts that contain a word; a percent sign of its own cannot be asked for."""
    return text(f"%{word.replace('%', '')}%")


def one_of(ids: list[str]) -> str:
    return f"({', '.join(text(one) for one in ids)})"


def potentials_of(crm: CrmClient, lookup: str, ids: list[str], q: str, page: int, per_page: int) -> Record:
    """The potentials of some accounts or contacts, those that close last first.

    Args:
        lookup: `Account_Name` or `Contact_Name`, by what a customer is.
        q: a part of their name; empty for all.
    """
    named = f" and Deal_Name like {containing(q)}" if q.replace("%", "") else ""
    rows = crm.coql(
        f"select {', '.join(COLUMNS)} from Deals where {lookup} in {one_of(ids)}{named}"
        f" order by Closing_Date desc, id desc limit {per_page + 1} offset {(page - 1) * per_page}"
    )
    context = {"page": page, "per_page": per_page, "has_more_page": len(rows) > per_page}
    return {"potentials": [shown_potential(row) for row in rows[:per_page]], "page_context": context}


def shown_potential(record: Record) -> Record:
    return {
        "potential_id": str(record["id"]),
        "name": record.get("Deal_Name"),
        "stage": record.get("Stage"),
        "amount": record.get("Amount"),
        "closing_date": record.get("Closing_Date"),
    }
