"""Doors of the recycle bin. It is asked across modules; what took part in a module's own list is `/{module}/deleted`.

The vendor runs large restores and removals as jobs; here they are done when the call returns, and answered as he does.
"""

from typing import Any

from flask import Blueprint, Response, request

from mock_crm import access
from mock_crm.access import needs
from mock_crm.envelope import (
    LARGEST_PAGE,
    body,
    choice_param,
    id_of,
    ids_param,
    nothing,
    number_param,
    outcomes,
    success,
)
from mock_crm.errors import Ambiguity, ExpectedFieldMissing, ExpectedParamMissing, InvalidData, InvalidId
from mock_crm.openapi.parameters import FILTERS, IDS, PAGED, SORT_ORDER
from mock_crm.openapi.schemas import listed, told
from mock_crm.records import recycle_bin, recycle_filters
from mock_crm.records.asking import flag_in, ids_in
from mock_crm.records.model import record
from mock_crm.records.refusals import AmbiguousKeys, AuthorizationFailed
from mock_crm.records.writing import Stamp
from simulator import wire
from simulator.openapi import Parameter, documented
from simulator.shapes import choice

bp = Blueprint("recycle_bin", __name__)

MOST_IDS = 200
_SORTS = {"deleted_time": record.c.deleted_time, "display_name": record.c.name, "deleted_by": record.c.deleted_by}

BIN_ORDER = Parameter("sort_by", "deleted_time, display_name or deleted_by.", choice(*_SORTS))
BINNED = listed("recycle_bin", "BinnedRecord", info=True)
SCHEDULED = listed("recycle_bin", "Outcome")


@bp.get("/settings/recycle_bin")
@needs("settings.recycle_bin.READ")
@documented(FILTERS, IDS, BIN_ORDER, SORT_ORDER, *PAGED, _200=BINNED, _204=None)
def list_binned() -> Response:
    size, number = number_param("per_page", LARGEST_PAGE, LARGEST_PAGE), number_param("page", 1)
    conditions = [_filters_param()] if request.args.get("filters") else []
    if request.args.get("ids"):
        conditions.append(record.c.id.in_(ids_param(most=MOST_IDS)))
    column = _SORTS[choice_param("sort_by", _SORTS, "deleted_time")]
    is_down = choice_param("sort_order", ("asc", "desc"), "desc") == "desc"
    order = [column.desc(), record.c.id.desc()] if is_down else [column.asc(), record.c.id.asc()]
    found, more = recycle_bin.page_of(access.user(), conditions, order, size, (number - 1) * size)
    if not found:
        return nothing()
    info = {"per_page": size, "count": len(found), "page": number, "more_records": more}
    return wire.reply({"recycle_bin": found, "info": info})


def _filters_param() -> Any:
    try:
        given = wire.loads(request.args["filters"])
    except ValueError:
        raise InvalidData({"expected_data_type": "jsonobject", "param_name": "filters"}) from None
    return recycle_filters.compiled(given)


@bp.get("/settings/recycle_bin/<record_id>")
@needs("settings.recycle_bin.READ")
@documented(_200=BINNED, _204=None)
def show_binned(record_id: str) -> Response:
    found, _ = recycle_bin.page_of(access.user(), [record.c.id == _number(record_id)], [record.c.id], 1, 0)
    return wire.reply({"recycle_bin": found, "info": _one_only()}) if found else nothing()


def _one_only() -> dict[str, Any]:
    return {"per_page": LARGEST_PAGE, "count": 1, "page": 1, "more_records": False}


def _number(record_id: str) -> int:
    number = id_of(record_id)
    if number is None:
        raise InvalidId({"resource_path_index": 2})
    return number


@bp.get("/settings/recycle_bin/actions/count")
@needs("settings.recycle_bin.READ")
@documented(_200="Count")
def count_binned() -> Response:
    return wire.reply({"count": recycle_bin.count(access.user())})


@bp.post("/settings/recycle_bin/actions/restore")
@needs("settings.recycle_bin.UPDATE")
@documented(told("recycle_bin"), body="ToRestore", _202=SCHEDULED)
def restore_many() -> Response:
    """By ids, by filters, or all; exactly one of them."""
    given = body()
    is_all = flag_in(given, "restore_all_records")
    ways = [name for name in ("ids", "filters") if given.get(name) is not None]
    ways += ["restore_all_records"] if is_all else []
    if len(ways) > 1:
        raise AmbiguousKeys(*ways)
    if not ways:
        raise ExpectedFieldMissing("$", "ids", "filters", "restore_all_records")
    user, stamp = access.user(), Stamp.now(access.user())
    if ways == ["ids"]:
        return outcomes(recycle_bin.restore(user, ids_in(given, MOST_IDS), stamp), "recycle_bin")
    conditions = [] if is_all else [recycle_filters.compiled(given["filters"])]
    recycle_bin.restore(user, recycle_bin.ids_where(user, conditions), stamp)
    message = "Bulk restoration of records based on filters has been scheduled"
    return outcomes([success({}, message) | {"code": "SCHEDULED"}], "recycle_bin", done=202)


@bp.post("/settings/recycle_bin/<record_id>/actions/restore")
@needs("settings.recycle_bin.UPDATE")
@documented(told("recycle_bin"))
def restore_one(record_id: str) -> Response:
    restored = recycle_bin.restore(access.user(), [_number(record_id)], Stamp.now(access.user()))
    return outcomes(restored, "recycle_bin")


@bp.post("/settings/recycle_bin/actions/empty")
@needs("settings.recycle_bin.UPDATE")
@documented(_200="Outcome")
def empty_bin() -> Response:
    user = access.user()
    if not user.is_admin:
        raise AuthorizationFailed
    recycle_bin.purge(user, recycle_bin.ids_where(user, []), Stamp.now(user))
    return wire.reply(success({}, "recyclebin is cleared"))


@bp.delete("/settings/recycle_bin")
@needs("settings.recycle_bin.DELETE")
@documented(FILTERS, IDS, told("recycle_bin"), _202=SCHEDULED)
def purge_many() -> Response:
    by_ids, by_filters = bool(request.args.get("ids")), bool(request.args.get("filters"))
    if by_ids and by_filters:
        raise Ambiguity("ids", "filters")
    if not by_ids and not by_filters:
        raise ExpectedParamMissing({"param_names": ["filters", "ids"]})
    user = access.user()
    if by_ids:
        return outcomes(recycle_bin.purge(user, ids_param(most=MOST_IDS), Stamp.now(user)), "recycle_bin")
    recycle_bin.purge(user, recycle_bin.ids_where(user, [_filters_param()]), Stamp.now(user))
    message = "Bulk deletion of records based on filters has been scheduled"
    return outcomes([success({}, message) | {"code": "SCHEDULED"}], "recycle_bin", done=202)


@bp.delete("/settings/recycle_bin/<record_id>")
@needs("settings.recycle_bin.DELETE")
@documented(told("recycle_bin"))
def purge_one(record_id: str) -> Response:
    return outcomes(recycle_bin.purge(access.user(), [_number(record_id)], Stamp.now(access.user())), "recycle_bin")
