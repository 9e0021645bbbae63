"""Doors of related lists, and of the contact roles of a potential (crm-api.md §4.9)."""

from typing import Any

from flask import Blueprint, Response, current_app, request

from mock_crm import access
from mock_crm.access import needs
from mock_crm.envelope import MOST_WRITTEN, body, id_of, ids_param, items, outcomes
from mock_crm.errors import InvalidId, InvalidMethod, InvalidUrl, MandatoryNotFound
from mock_crm.metadata.catalog import Module
from mock_crm.metadata.related_lists import CONTACT_ROLES, RelatedList
from mock_crm.openapi.parameters import FIELDS, IDS_NEEDED, LISTED
from mock_crm.openapi.schemas import sent, told
from mock_crm.records import contact_roles, related, store, view_criteria
from mock_crm.records.asked import Asker
from mock_crm.records.criteria import compiled
from mock_crm.records.listing import answer_page, fields_param, ids_condition, order_param, shown_by
from mock_crm.records.model import record
from mock_crm.records.refusals import InvalidRelatedId
from mock_crm.records.relations import related_to
from mock_crm.records.writing import Stamp
from simulator import wire
from simulator.app import reads_only
from simulator.openapi import documented

bp = Blueprint("related", __name__)

MOST_COUNTED = 20


@bp.before_request
def refuse_acts() -> None:
    """An act called by the wrong method fits the addresses here by accident.

    Raises:
        InvalidMethod, InvalidUrl: when the address names an act, or something that would be one.
    """
    words = list((request.view_args or {}).values())
    if "actions" not in words:
        return
    acts = {rule.rule.rpartition("/")[2] for rule in current_app.url_map.iter_rules() if "/actions/" in rule.rule}
    raise InvalidMethod if acts.intersection(word for word in words if isinstance(word, str)) else InvalidUrl


@bp.get("/<module>/<record_id>/<related_name>")
@needs("modules.{module}.READ", permission="View")
@documented(*LISTED, _200="Records", _204=None, _304=None)
def list_related(module: Module, record_id: str, related_name: str) -> Response:
    """Whoever asks must be allowed to see both modules."""
    found, target = related.listed(module, related_name)
    number = store.addressed(module, record_id).id
    access.require_module(target, "View")
    ids, condition = ids_condition()
    names = fields_param(required=ids is None)
    conditions = [related_to(found, number), *condition]
    add = _role_adder(found, number)
    return answer_page(target, conditions, order_param(target), names, (found.api_name, number, ids), add)


def _role_adder(found: RelatedList, number: int) -> Any:
    """Shows with each contact of a potential what it is there."""
    if found.relation != CONTACT_ROLES or found.is_child:
        return None

    def add(shown: list[dict[str, Any]]) -> None:
        roles = contact_roles.roles()
        ties = related.extras(found, number, [int(one["id"]) for one in shown])
        for one in shown:
            role = roles.get(ties.get(int(one["id"]), {}).get("role", 0))
            one["Contact_Role"] = contact_roles.named(role) if role is not None else None

    return add


@bp.get("/<module>/<record_id>/<related_name>/<related_id>")
@needs("modules.{module}.READ", permission="View")
@documented(FIELDS, _200="OneRecord")
def show_related(module: Module, record_id: str, related_name: str, related_id: str) -> Response:
    found, target = related.listed(module, related_name)
    number = store.addressed(module, record_id).id
    access.require_module(target, "View")
    row = _related_row(target, related_id)
    if not store.exists(target, [related_to(found, number), record.c.id == row.id]):
        raise InvalidRelatedId({"resource_path_index": 3})
    shown = shown_by(target, fields_param(required=False), [row], whole=True)
    if (add := _role_adder(found, number)) is not None:
        add(shown)
    return wire.reply({"data": shown})


def _related_row(target: Module, related_id: str) -> Any:
    try:
        return store.addressed(target, related_id, place=3)
    except InvalidId as error:
        raise InvalidRelatedId(error.details) from None


@bp.put("/<module>/<record_id>/<related_name>")
@needs("modules.{module}.UPDATE", permission="Edit")
@documented(told(), body=sent("data", "ToRelate", MOST_WRITTEN))
def link_many(module: Module, record_id: str, related_name: str) -> Response:
    given = items(body())
    for place, one in enumerate(given):
        if not isinstance(one, dict) or one.get("id") in (None, ""):
            raise MandatoryNotFound({"api_name": "id", "json_path": f"$.data[{place}].id"})
    return _link(module, record_id, related_name, [(id_of(one["id"]) or 0, one) for one in given])


@bp.put("/<module>/<record_id>/<related_name>/<related_id>")
@needs("modules.{module}.UPDATE", permission="Edit")
@documented(told(), body=sent("data", "ToRelateOne"))
def link_one(module: Module, record_id: str, related_name: str, related_id: str) -> Response:
    (given,) = items(body(), most=1)
    _, target = related.listed(module, related_name)
    store.addressed(module, record_id)
    number = _related_row(target, related_id).id
    return _link(module, record_id, related_name, [(number, given if isinstance(given, dict) else {})])


def _link(module: Module, record_id: str, name: str, given: list[tuple[int, dict[str, Any]]]) -> Response:
    found, target = related.listed(module, name)
    number = store.addressed(module, record_id).id
    access.require_module(target, "View" if found.can_link else "Edit")
    wanted = []
    for place, (other, one) in enumerate(given):
        is_role = found.relation == CONTACT_ROLES
        extra = {"role": contact_roles.role_in(one.get("Contact_Role"), f"$.data[{place}]")} if is_role else {}
        wanted.append((other, extra))
    return outcomes(related.link(module, number, found, target, wanted, Stamp.now(access.user())))


@bp.delete("/<module>/<record_id>/<related_name>")
@needs("modules.{module}.UPDATE", permission="Edit")
@documented(IDS_NEEDED, told())
def unlink_many(module: Module, record_id: str, related_name: str) -> Response:
    numbers = ids_param()
    if not numbers:
        raise MandatoryNotFound({"param_name": "ids"}, "One of the expected parameter is missing")
    return _unlink(module, record_id, related_name, numbers)


@bp.delete("/<module>/<record_id>/<related_name>/<related_id>")
@needs("modules.{module}.UPDATE", permission="Edit")
@documented(told())
def unlink_one(module: Module, record_id: str, related_name: str, related_id: str) -> Response:
    number = id_of(related_id)
    if number is None:
        raise InvalidRelatedId({"resource_path_index": 3})
    return _unlink(module, record_id, related_name, [number])


def _unlink(module: Module, record_id: str, name: str, numbers: list[int]) -> Response:
    found, target = related.listed(module, name)
    number = store.addressed(module, record_id).id
    access.require_module(target, "View" if found.can_link else "Edit")
    return outcomes(related.unlink(module, number, found, target, numbers, Stamp.now(access.user())))


@bp.post("/<module>/<record_id>/actions/get_related_records_count")
@needs("modules.{module}.READ", permission="View")
@reads_only
@documented(body="ToCountRelated", _200="RelatedCounts")
def count_related(module: Module, record_id: str) -> Response:
    number = store.addressed(module, record_id).id
    given = items(body(), "get_related_records_count", MOST_COUNTED)
    counts = [_count(module, number, one, place) for place, one in enumerate(given)]
    return wire.reply({"get_related_records_count": counts})


def _count(module: Module, number: int, given: Any, place: int) -> dict[str, Any]:
    path = f"$.get_related_records_count[{place}]"
    asked = given.get("related_list") if isinstance(given, dict) else None
    name = asked.get("api_name") if isinstance(asked, dict) else None
    if not isinstance(name, str):
        raise MandatoryNotFound({"api_name": "api_name", "json_path": f"{path}.related_list.api_name"})
    found, target = related.listed(module, name)
    access.require_module(target, "View")
    params = given.get("params") or {}
    conditions = [related_to(found, number)]
    if isinstance(params, dict) and params.get("filters") is not None:
        asker = Asker.of(access.user())
        conditions.append(compiled(view_criteria.read(params["filters"], target, asker, f"{path}.params.filters")))
    return {"count": store.count(target, conditions), "related_list": {"api_name": found.api_name, **_id_of(asked)}}


def _id_of(asked: Any) -> dict[str, str]:
    return {"id": str(asked["id"])} if asked.get("id") is not None else {}
