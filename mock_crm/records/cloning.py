"""A copy of a record, with other values where the caller says so (crm-api.md §4.8)."""

from typing import Any

import orjson
from flask import Blueprint, Response, request

from mock_crm import access, state
from mock_crm.access import needs
from mock_crm.envelope import body, items, outcomes
from mock_crm.metadata.catalog import ROW_TYPES, Module
from mock_crm.openapi.schemas import told
from mock_crm.records import store
from mock_crm.records.asking import check_automations, refuse_beside
from mock_crm.records.drafts import Draft, read_draft
from mock_crm.records.present import VALUES
from mock_crm.records.row_values import RowChange
from mock_crm.records.writing import Stamp, write
from simulator.openapi import documented

bp = Blueprint("cloning", __name__)


@bp.post("/<module>/<record_id>/actions/clone")
@needs("modules.{module}.CREATE", permission="Create")
@documented(told(done=201), body="RecordToChange", is_body_optional=True)
def clone_record(module: Module, record_id: str) -> Response:
    """From memory: notes, attachments and tags are not copied; a unique value is, so that it must be overridden."""
    refuse_beside(module)
    access.require_module(module, "View")
    source = store.addressed(module, record_id)
    given = body() if request.get_data() else {}
    check_automations(given)
    overrides = items(given, most=1)[0] if "data" in given else {}
    draft = read_draft(module, 0, overrides)
    _copy(draft, source)
    return outcomes(write(module, [draft], Stamp.now(access.user())), done=201)


def _copy(draft: Draft, source: Any) -> None:
    """Takes over what the caller did not override and what clients may write; rows become rows of the copy."""
    for name, kept in orjson.loads(source[VALUES]).items():
        known = draft.module.fields.get(name)
        if known is None or name in draft.changes or known.is_read_only or known.counter is not None:
            continue
        if known.data_type in ROW_TYPES:
            rows = [{key: value for key, value in row.items() if key != "id"} for row in kept]
            draft.changes[name] = [RowChange(f"{draft.path(name)}[{at}]", None, row) for at, row in enumerate(rows)]
        else:
            draft.changes[name] = kept
    owner = state.people().users.get(source.owner)
    if draft.owner is None and owner is not None and owner.is_active:
        draft.owner = owner.id
