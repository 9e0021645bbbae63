"""Doors of merging. Merges are done when the call returns, so that no job is ever waiting."""

from typing import Any

from flask import Blueprint, Response

from mock_crm import access
from mock_crm.access import needs
from mock_crm.envelope import body, nothing, outcomes, success
from mock_crm.errors import CrmError, InvalidData, InvalidId
from mock_crm.metadata.catalog import Module
from mock_crm.openapi.schemas import told
from mock_crm.records import merging, store
from mock_crm.records.writing import Stamp
from simulator.openapi import documented

bp = Blueprint("merging", __name__)


@bp.post("/<module>/<record_id>/actions/merge")
@needs("modules.{module}.UPDATE", permission="Edit")
@documented(told("merge", 201), body="ToMerge")
def merge_records(module: Module, record_id: str) -> Response:
    """Who merges must be allowed to delete, since the children are (from memory)."""
    merging.refuse_unmergeable(module)
    access.require_module(module, "Delete")
    master = _master(module, record_id)
    given = body().get("merge")
    if given is not None and not isinstance(given, list):
        raise InvalidData({"expected_data_type": "jsonarray", "api_name": "merge", "json_path": "$.merge"})
    if given is None or len(given) != 1:
        raise InvalidData({"api_name": "merge", "json_path": "$.merge", "maximum_length": 1})
    try:
        error = merging.merge(module, merging.planned(module, master, given[0]), Stamp.now(access.user()))
    except CrmError as refused:
        if "resource_path_index" in refused.details:
            raise
        error = refused
    done = success({"id": str(master.id)}, "The records have been merged successfully")
    return outcomes([error or done], "merge", done=201)


def _master(module: Module, record_id: str) -> Any:
    try:
        return store.addressed(module, record_id)
    except InvalidId as error:
        raise InvalidData(error.details, "Master record id is not available") from None


@bp.get("/<module>/<record_id>/actions/merge")
@needs("modules.{module}.READ", permission="View")
@documented(_204=None)
def show_merge_jobs(module: Module, record_id: str) -> Response:
    merging.refuse_unmergeable(module)
    store.addressed(module, record_id)
    return nothing()
