"""Records of any module: list, get, create, update, delete, upsert (crm-api.md §4.1 to §4.6)."""

from typing import Any

from flask import Blueprint, Response, request

from mock_crm import access, versions
from mock_crm.access import needs
from mock_crm.envelope import Outcome, body, choice_param, id_of, ids_param, items, moment_header, nothing, outcomes
from mock_crm.errors import (
    AlreadyModified,
    Ambiguity,
    InvalidData,
    InvalidId,
    MandatoryNotFound,
    NoPermission,
    RequiredParamMissing,
)
from mock_crm.metadata.catalog import Module
from mock_crm.openapi.parameters import CVID, FIELDS, IDS_NEEDED, LISTING, MODIFIED_SINCE, UNMODIFIED_SINCE, WF_TRIGGER
from mock_crm.openapi.schemas import told
from mock_crm.organization.permissions import module_permission
from mock_crm.records import notes, store, views
from mock_crm.records.asking import check_automations, refuse_beside
from mock_crm.records.deleting import delete_records
from mock_crm.records.drafts import Draft, read_draft, take_up
from mock_crm.records.listing import answer_page, fields_param, ids_condition, order_param, shown_by, standing_params
from mock_crm.records.upsert import check_fields, upsert
from mock_crm.records.writing import Stamp, write, written_details
from simulator import wire
from simulator.openapi import documented

bp = Blueprint("records", __name__)


@bp.get("/<module>")
@needs("modules.{module}.READ", permission="View")
@documented(*LISTING, CVID, _200="Records", _204=None, _304=None)
def list_records(module: Module) -> Response:
    if module.api_name in store.BESIDE and not access.user().is_admin:
        raise NoPermission(module_permission(module.api_name, "View"))  # only below their records (crm-api.md §4.10)
    ids, conditions = ids_condition()
    names = fields_param(required=ids is None)
    view = views.view_param(module)
    if view is not None and request.args.get("sort_by"):
        raise Ambiguity("cvid", "sort_by")
    order = view.order if view is not None else order_param(module)
    conditions += [*standing_params(module, view is not None), *(view.conditions if view is not None else ())]
    return answer_page(module, conditions, order, names, (request.args.get("cvid", ""), ids))


@bp.get("/<module>/<record_id>")
@needs("modules.{module}.READ", permission="View")
@documented(FIELDS, MODIFIED_SINCE, _200="OneRecord", _204=None, _304=None)
def get_record(module: Module, record_id: str) -> Response:
    row = _find(module, record_id)
    if row is None:
        if versions.current() < versions.V3:  # from memory: 204 in v2, an error later
            return nothing()
        raise InvalidId({"resource_path_index": 1})
    since = moment_header("If-Modified-Since")
    if since is not None and row.modified_time < since:
        return nothing(304)
    return wire.reply({"data": shown_by(module, fields_param(required=False), [row], whole=True)})


def _find(module: Module, record_id: str) -> Any:
    number = id_of(record_id)
    if number is None:
        raise InvalidId({"resource_path_index": 1})
    return store.rows_of(module, [number]).get(number)


@bp.post("/<module>")
@needs("modules.{module}.CREATE", permission="Create")
@documented(told(done=201), body="RecordsToWrite")
def create_records(module: Module) -> Response:
    notes.refuse_bare_attachments(module)
    given = body()
    check_automations(given)
    wanted = items(given)
    drafts = [read_draft(module, place, one) for place, one in enumerate(wanted)]
    if module.api_name == "Notes":
        notes.check_parents(drafts, wanted)
    return outcomes(write(module, drafts, Stamp.now(access.user())), done=201)


@bp.put("/<module>")
@needs("modules.{module}.UPDATE", permission="Edit")
@documented(UNMODIFIED_SINCE, told(), body="RecordsToWrite", _412="Refused")
def update_records(module: Module) -> Response:
    sent = body()
    check_automations(sent)
    given = items(sent)
    numbers = [id_of(item.get("id")) if isinstance(item, dict) else None for item in given]
    return _update(module, given, numbers)


@bp.put("/<module>/<record_id>")
@needs("modules.{module}.UPDATE", permission="Edit")
@documented(UNMODIFIED_SINCE, told(), body="RecordToChange", _412="Refused")
def update_record(module: Module, record_id: str) -> Response:
    sent = body()
    check_automations(sent)
    given = items(sent, most=1)
    number = id_of(record_id)
    if number is None:
        raise InvalidId({"resource_path_index": 1})
    return _update(module, [{**item, "id": record_id} if isinstance(item, dict) else item for item in given], [number])


def _update(module: Module, given: list[Any], numbers: list[int | None]) -> Response:
    """Updates in order; a record named twice in one call is updated twice."""
    notes.refuse_bare_attachments(module)
    unchanged_since = moment_header("If-Unmodified-Since")
    stamp = Stamp.now(access.user())
    results: list[Outcome] = []
    wave: list[Draft] = []
    rows = store.rows_of(module, [number for number in numbers if number is not None])
    for place, (item, number) in enumerate(zip(given, numbers, strict=True)):
        if number is not None and any(draft.record_id == number for draft in wave):
            results += write(module, wave, stamp)
            wave, rows = [], store.rows_of(module, [n for n in numbers if n is not None])
        draft = read_draft(module, place, notes.stays_in_place(module, item))
        row = rows.get(number or 0)
        if row is not None:
            take_up(draft, row)
            if unchanged_since is not None and row.modified_time > unchanged_since:
                draft.refuse(AlreadyModified(written_details(row)))
        elif isinstance(item, dict):
            draft.refuse(_not_found(draft, item))
        wave.append(draft)
    return outcomes(results + write(module, wave, stamp))


def _not_found(draft: Draft, item: dict[str, Any]) -> MandatoryNotFound | InvalidId:
    if item.get("id") in (None, ""):
        return MandatoryNotFound(draft.located("id"))
    return InvalidId({**draft.located("id"), "id": str(item["id"])[:40]})


@bp.post("/<module>/upsert")
@needs("modules.{module}.CREATE", "modules.{module}.UPDATE")
@documented(told(), body="RecordsToUpsert")
def upsert_records(module: Module) -> Response:
    refuse_beside(module)
    given = body()
    check_automations(given)
    chosen = check_fields(module, given.get("duplicate_check_fields"))
    results = upsert(module, items(given), chosen, Stamp.now(access.user()))
    return outcomes(results)


@bp.delete("/<module>")
@needs("modules.{module}.DELETE", permission="Delete")
@documented(IDS_NEEDED, WF_TRIGGER, told())
def delete_many(module: Module) -> Response:
    _check_wf_trigger()
    if not request.args.get("ids"):
        raise RequiredParamMissing({"param_name": "ids"})
    return outcomes(delete_records(module, ids_param(), Stamp.now(access.user())))


@bp.delete("/<module>/<record_id>")
@needs("modules.{module}.DELETE", permission="Delete")
@documented(WF_TRIGGER, told())
def delete_record(module: Module, record_id: str) -> Response:
    _check_wf_trigger()
    number = id_of(record_id)
    if number is None:
        raise InvalidData({"id": record_id[:40]}, "the id given seems to be invalid")
    return outcomes(delete_records(module, [number], Stamp.now(access.user())))


def _check_wf_trigger() -> None:
    """There are no workflows, so that it only has to be a word the vendor knows."""
    choice_param("wf_trigger", ("true", "false"), "true")
