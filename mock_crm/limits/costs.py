"""What a call costs, and which ones are heavy (crm-api.md §7.5; the table is from memory)."""

import re
from dataclasses import dataclass
from typing import Any

from flask import Request

from simulator import wire

RECORDS_A_CREDIT = 10
#: From so many records on a write is heavy.
MANY_RECORDS = 10
COQL_LIMIT = 200
_LIMIT = re.compile(r"\blimit\s+(\d{1,6})(?:\s*,\s*(\d{1,6}))?", re.I)


@dataclass(frozen=True)
class Cost:
    """The least and the most a route costs."""

    least: int = 1
    most: int = 1
    is_heavy: bool = False


#: By method and address; all others cost one credit and are not heavy.
COSTS: dict[tuple[str, str], Cost] = {
    ("POST", "/crm/<version>/<module>"): Cost(most=10),
    ("PUT", "/crm/<version>/<module>"): Cost(most=10),
    ("POST", "/crm/<version>/<module>/upsert"): Cost(most=10),
    ("GET", "/crm/<version>/<module>/search"): Cost(is_heavy=True),
    ("POST", "/crm/<version>/coql"): Cost(most=3),
    ("POST", "/crm/<version>/<module>/<record_id>/actions/convert"): Cost(5, 5, is_heavy=True),
    ("POST", "/crm/<version>/Leads/<record_id>/actions/convert"): Cost(5, 5, is_heavy=True),
    ("POST", "/crm/<version>/__composite_requests"): Cost(is_heavy=True),
}
USUAL = Cost()


def of_rule(method: str, rule: str) -> Cost:
    return COSTS.get((method, rule), USUAL)


def of_request(request: Request) -> tuple[int, bool]:
    """What this call costs, and whether it is heavy."""
    rule = request.url_rule.rule if request.url_rule is not None else ""
    cost = of_rule(request.method, rule)
    if cost.least == cost.most:
        return cost.least, cost.is_heavy
    given = _body(request)
    if rule.endswith("/coql"):
        limit = _coql_limit(given.get("select_query"))
        return min(cost.most, 1 if limit <= COQL_LIMIT else 2 if limit <= 5 * COQL_LIMIT else 3), limit > COQL_LIMIT
    data = given.get("data")
    count = len(data) if isinstance(data, list) else 1
    credits = max(cost.least, min(cost.most, -(-count // RECORDS_A_CREDIT)))
    return credits, cost.is_heavy or count > MANY_RECORDS


def _body(request: Request) -> dict[str, Any]:
    try:
        given = wire.loads(request.get_data(cache=True))
    except ValueError:
        return {}
    return given if isinstance(given, dict) else {}


def _coql_limit(query: Any) -> int:
    """The rows a query asks for: `limit 10`, or `limit 20, 10`."""
    found = _LIMIT.search(query) if isinstance(query, str) else None
    return int(found.group(2) or found.group(1)) if found is not None else COQL_LIMIT
