"""Merges products in the CRM, whose own merge takes none: what hangs on the loser is moved, then it goes to the recycle
bin (requirement C4, sync.md §3)."""

from typing import Any

from connector.sync.crash import crash_point
from connector.sync.crm_side import belonging
from simulator.clients.base import Refusal
from simulator.clients.crm import CrmClient

MODULE = "Products"
AT_ONCE = 100
#: What the CRM says of a record that is in the recycle bin: a delete whose answer was lost is repeated.
GONE = "INVALID_DATA"


def bin_product(crm: CrmClient, survivor_id: str, loser_id: str, gaps: dict[str, Any]) -> None:
    """Each step may be done once more by a try that follows one nobody heard of.

    Raises:
        Refusal: the CRM does not take a step.
    """
    if gaps:
        _check(crm.update_records(MODULE, [{"id": survivor_id, **gaps}]))
        crash_point("reply-read")
    for child, lookup in belonging(crm, MODULE):
        query = f"select id from {child} where {lookup} = '{loser_id}' limit 0, {AT_ONCE}"
        while rows := crm.coql(query):
            _check(crm.update_records(child, [{"id": str(row["id"]), lookup: {"id": survivor_id}} for row in rows]))
    _check(crm.delete_records(MODULE, [loser_id]), GONE)


def _check(outcomes: list[dict[str, Any]], *more: str) -> None:
    for outcome in outcomes:
        if outcome.get("code") not in ("SUCCESS", *more):
            raise Refusal(400, str(outcome.get("code")), str(outcome.get("message", "refused")), outcome)
