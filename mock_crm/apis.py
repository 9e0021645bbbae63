"""`/__apis`: the addresses that are served, with the scopes and credits of each (crm-api.md §7.4)."""

import re
from typing import Any

from flask import Blueprint, Response, current_app, g, request
from werkzeug.routing import Rule as Address

from mock_crm.access import Rule, needs
from mock_crm.envelope import nothing
from mock_crm.errors import InvalidData, MandatoryNotFound
from mock_crm.limits import costs
from mock_crm.openapi.parameters import FILTERS
from mock_crm.openapi.schemas import listed
from simulator import wire
from simulator.openapi import documented

bp = Blueprint("apis", __name__)

_PART = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")


@bp.get("/__apis")
@needs("settings.modules.READ")
@documented(FILTERS, _200=listed("__apis", "Api"), _204=None)
def list_apis() -> Response:
    """All of them, or those of one path by `filters` (from memory: which filters there are)."""
    wanted = _filter(request.args.get("filters"))
    found: dict[str, list[dict[str, Any]]] = {}
    for address in current_app.url_map.iter_rules():
        rule = getattr(current_app.view_functions[address.endpoint], "rule", None)
        if isinstance(rule, Rule) and address.rule.startswith(("/crm/<version>/", "/crm/bulk/<version>/")):
            path = _PART.sub(r"{\1}", address.rule.replace("<version>", g.version_name))
            found.setdefault(path, []).extend(_operations(address, rule))
    shown: list[dict[str, Any]] = [
        {"path": path, "operation_types": sorted(operations, key=lambda operation: str(operation["method"]))}
        for path, operations in sorted(found.items())
        if wanted in (None, path)
    ]
    return wire.reply({"__apis": shown}) if shown else nothing()


def _operations(address: Address, rule: Rule) -> list[dict[str, Any]]:
    scopes = [scope if scope.startswith("Zoho") else f"ZohoCRM.{scope}" for scope in rule.scopes]
    operations = []
    for method in sorted((address.methods or set()) - {"HEAD", "OPTIONS"}):
        cost = costs.of_rule(method, address.rule)
        told = {"method": method, "oauth_scope": ",".join(scopes), "max_credits": cost.most, "min_credits": cost.least}
        operations.append(told)
    return operations


def _filter(text: str | None) -> str | None:
    """`{"field":{"api_name":"path"},"comparator":"equals","value":"…"}`."""
    if not text:
        return None
    try:
        given = wire.loads(text)
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise InvalidData({"param_name": "filters", "expected_data_type": "jsonobject"})
    for name in ("field", "comparator", "value"):
        if name not in given:
            raise MandatoryNotFound({"api_name": name, "param_name": "filters"})
    field = given["field"].get("api_name") if isinstance(given["field"], dict) else None
    if field != "path" or given["comparator"] not in ("equal", "equals") or not isinstance(given["value"], str):
        raise InvalidData({"param_name": "filters"})
    return str(given["value"])
