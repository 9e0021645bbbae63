"""`POST /coql` (crm-api.md §4.11)."""

from typing import Any

from flask import Blueprint, Response

from mock_crm import access
from mock_crm.access import needs
from mock_crm.envelope import body, nothing
from mock_crm.errors import InvalidData, MandatoryNotFound
from mock_crm.metadata.catalog import Module
from mock_crm.metadata.shapes import shown_field
from mock_crm.records.asked import Asker
from mock_crm.records.coql.answering import Results, results_of
from simulator import wire
from simulator.app import reads_only
from simulator.openapi import documented

bp = Blueprint("coql", __name__)

METADATA = ["fields"]


@bp.post("/coql")
@needs("coql.READ")
@reads_only
@documented(body="Query", _200="QueryAnswer", _204=None)
def query_records() -> Response:
    """Which modules are asked for, and so what else the caller needs, stands in the query."""
    given = body()
    with_fields = _wants_fields(given)
    results = results_of(_query(given), Asker.of(access.user()), _admit)
    if not results.rows:
        return nothing()
    shown: dict[str, Any] = {"data": results.rows}
    if with_fields:
        shown["fields"] = _fields(results)
    return wire.reply({**shown, "info": {"count": len(results.rows), "more_records": results.has_more}})


def _query(given: dict[str, Any]) -> str:
    text = given.get("select_query")
    if text is None:
        raise MandatoryNotFound({"api_name": "select_query"}, "mandatory key not found")
    if not isinstance(text, str):
        place = {"api_name": "select_query", "json_path": "$.select_query"}
        raise InvalidData({"expected_data_type": "text", **place})
    return text


def _wants_fields(given: dict[str, Any]) -> bool:
    """
    Raises:
        InvalidData, ScopeMismatch: for metadata that there is none of, or that the token may not read.
    """
    asked = given.get("include_meta")
    if asked is None:
        return False
    place = {"api_name": "include_meta", "json_path": "$.include_meta"}
    if not isinstance(asked, list) or not asked:
        raise InvalidData({"expected_data_type": "jsonarray", **place})
    for number, word in enumerate(asked):
        if word not in METADATA:
            kind = {} if isinstance(word, str) else {"expected_data_type": "text"}
            where = {**place, "json_path": f"$.include_meta[{number}]"}
            raise InvalidData({**kind, **where, "supported_values": METADATA})
    access.require_scope("settings.fields.READ")
    return True


def _admit(module: Module) -> None:
    access.require_scope("modules.{module}.READ", module)
    access.require_module(module, "View")


def _fields(results: Results) -> dict[str, Any]:
    """The metadata of the columns by their names in the query."""
    modules = results.reach.modules
    return {
        one.column.name: shown_field(one.meaning.field, modules[one.meaning.through])
        for one in results.columns
        if one.meaning.of_user is None
    }
