"""Doors of tags: the tags of a module under Setup, and those of its records."""

from typing import Any

from flask import Blueprint, Response, request

from mock_crm import access, state, versions
from mock_crm.access import needs
from mock_crm.envelope import Outcome, body, id_of, ids_param, items, metadata_info, nothing, outcomes, success
from mock_crm.errors import CrmError, InvalidData, MandatoryNotFound
from mock_crm.metadata.catalog import Module
from mock_crm.metadata.params import module_param
from mock_crm.openapi.parameters import IDS, MODULE
from mock_crm.openapi.schemas import listed, sent, told
from mock_crm.records import store, tagging
from mock_crm.records.asking import MOST_IDS, flag_in, ids_in
from mock_crm.records.refusals import TagsNotFound
from mock_crm.records.writing import Stamp
from simulator import wire
from simulator.openapi import Parameter, documented
from simulator.shapes import FLAG, NAME_LIST, TEXT, an_object

bp = Blueprint("tags", __name__)

MINE = Parameter("my_tags", "Only those the caller made.", FLAG)
BY_NAME = (
    Parameter("tag_names", "The older form: comma list of names in place of a body.", NAME_LIST),
    Parameter("over_write", "With `tag_names`: these tags only.", FLAG),
)

MOST_MADE = 50  # from memory


def _module(act: str) -> Module:
    module = module_param("param")
    tagging.refuse_untaggable(module)
    access.require_module(module, act)
    return module


def _tag(number: str, act: str) -> Any:
    row = tagging.tag_of(id_of(number))
    if row is None:
        raise TagsNotFound({"id": number[:40]})
    access.require_module(state.catalog().modules[row.module], act)
    return row


@bp.get("/settings/tags")
@needs("settings.tags.READ")
@documented(MODULE, MINE, _200=listed("tags", "Tag", info=True), _204=None)
def list_tags() -> Response:
    rows = tagging.tags_of_module(_module("View"))
    mine = rows if request.args.get("my_tags") != "true" else [r for r in rows if r.created_by == access.user().id]
    if not mine:
        return nothing()
    return wire.reply({"tags": [tagging.shown(row) for row in mine], "info": metadata_info(len(mine))})


@bp.post("/settings/tags")
@needs("settings.tags.CREATE")
@documented(MODULE, told("tags", 201), body=sent("tags", "TagToWrite", MOST_MADE))
def create_tags() -> Response:
    module, stamp = _module("Edit"), Stamp.now(access.user())
    given = items(body(), "tags", MOST_MADE)
    return outcomes([tagging.create(module, one, place, stamp) for place, one in enumerate(given)], "tags", done=201)


@bp.put("/settings/tags")
@needs("settings.tags.UPDATE")
@documented(MODULE, told("tags"), body=sent("tags", "TagToWrite", MOST_MADE))
def change_tags() -> Response:
    module, stamp = _module("Edit"), Stamp.now(access.user())
    results: list[Outcome] = []
    for place, one in enumerate(items(body(), "tags", MOST_MADE)):
        if isinstance(one, dict) and one.get("id") is None:
            results.append(MandatoryNotFound({"api_name": "id", "json_path": f"$.tags[{place}].id"}))
        else:
            number = id_of(one["id"]) if isinstance(one, dict) else None
            results.append(tagging.change(module, number, one, place, stamp))
    return outcomes(results, "tags")


@bp.put("/settings/tags/<tag_id>")
@needs("settings.tags.UPDATE")
@documented(MODULE, told("tags"), body=sent("tags", "TagToWrite"))
def change_tag(tag_id: str) -> Response:
    module = _module("Edit")
    (given,) = items(body(), "tags", 1)
    return outcomes([tagging.change(module, id_of(tag_id), given, 0, Stamp.now(access.user()))], "tags")


@bp.delete("/settings/tags/<tag_id>")
@needs("settings.tags.DELETE")
@documented(told("tags"))
def delete_tag(tag_id: str) -> Response:
    row = _tag(tag_id, "Edit")
    tagging.remove(row)
    return outcomes([success({"id": str(row.id)}, "tags deleted successfully")], "tags")


@bp.post("/settings/tags/<tag_id>/actions/merge")
@needs("settings.tags.CREATE")
@documented(told("tags"), body=sent("tags", "TagToMerge"))
def merge_tags(tag_id: str) -> Response:
    row = _tag(tag_id, "Edit")
    (given,) = items(body(), "tags", 1)
    if not isinstance(given, dict) or given.get("conflict_id") is None:
        raise MandatoryNotFound({"api_name": "conflict_id", "json_path": "$.tags[0].conflict_id"})
    other = tagging.tag_of(id_of(given["conflict_id"]))
    if other is None or other.module != row.module or other.id == row.id:
        return outcomes([InvalidData({"api_name": "conflict_id", "json_path": "$.tags[0].conflict_id"})], "tags")
    merged = tagging.shown(tagging.merge(row, other, Stamp.now(access.user())))
    return outcomes([success(merged, "tags merged successfully")], "tags")


@bp.get("/settings/tags/<tag_id>/actions/records_count")
@needs("settings.tags.READ")
@documented(MODULE, _200=an_object(count=TEXT))
def count_tagged(tag_id: str) -> Response:
    """The count is a string, as in the vendor's samples; there are no rules and views that use tags."""
    module = _module("View")
    row = tagging.tag_of(id_of(tag_id))
    if row is None or row.module != module.api_name:
        raise TagsNotFound({"api_name": "id"})
    return wire.reply({"count": str(tagging.count_of(row))})


@bp.post("/<module>/actions/add_tags")
@needs("modules.{module}.UPDATE", permission="Edit")
@documented(*BY_NAME, IDS, told(), body="TagsOfMany", is_body_optional=True)
def add_tags(module: Module) -> Response:
    given = _given(ids=True)
    results = _put_on(module, ids_in(given), given)
    return _counted(results)


@bp.post("/<module>/<record_id>/actions/add_tags")
@needs("modules.{module}.UPDATE", permission="Edit")
@documented(*BY_NAME, told(), body="TagsOfOne", is_body_optional=True)
def add_tags_to_one(module: Module, record_id: str) -> Response:
    number = store.addressed(module, record_id).id
    return _told(_put_on(module, [number], _given(ids=False)))


@bp.post("/<module>/actions/remove_tags")
@needs("modules.{module}.UPDATE", permission="Edit")
@documented(*BY_NAME, IDS, told(), body="TagsOfMany", is_body_optional=True)
def remove_tags(module: Module) -> Response:
    given = _given(ids=True)
    return _counted(_take_off(module, ids_in(given), given))


@bp.post("/<module>/<record_id>/actions/remove_tags")
@needs("modules.{module}.UPDATE", permission="Edit")
@documented(*BY_NAME, told(), body="TagsOfOne", is_body_optional=True)
def remove_tags_of_one(module: Module, record_id: str) -> Response:
    number = store.addressed(module, record_id).id
    return _told(_take_off(module, [number], _given(ids=False)))


def _given(*, ids: bool) -> dict[str, Any]:
    """The body, or the parameters that older versions have in its place: `tag_names`, `ids`, `over_write`."""
    if "tag_names" not in request.args:
        return body()
    names = [name.strip() for name in request.args["tag_names"].split(",") if name.strip()]
    word = request.args.get("over_write", "false").lower()
    if word not in ("true", "false"):
        raise InvalidData({"param_name": "over_write"})
    given: dict[str, Any] = {"tags": [{"name": name} for name in names], "over_write": word == "true"}
    return given | ({"ids": ids_param(most=MOST_IDS)} if ids else {})


def _put_on(module: Module, numbers: list[int], given: dict[str, Any]) -> list[Outcome]:
    tagging.refuse_untaggable(module)
    over_write, stamp = flag_in(given, "over_write"), Stamp.now(access.user())
    tags = tagging.named_tags(module, items(given, "tags", MOST_MADE), stamp)
    return tagging.add(module, numbers, tags, over_write, stamp)


def _take_off(module: Module, numbers: list[int], given: dict[str, Any]) -> list[Outcome]:
    tagging.refuse_untaggable(module)
    tags = tagging.named_tags(module, items(given, "tags", MOST_MADE), None)
    return tagging.take_off(module, numbers, tags, Stamp.now(access.user()))


def _told(results: list[Outcome], **more: str) -> Response:
    """Until v3 a record's tags are told by name only (from memory, like the step itself)."""
    if versions.current() < versions.V4:
        for result in results:
            if not isinstance(result, CrmError):
                result["details"]["tags"] = [one["name"] for one in result["details"]["tags"]]
    response = outcomes(results)
    if more and response.status_code < 400:
        response.set_data(wire.dumps(wire.loads(response.get_data()) | more))
    return response


def _counted(results: list[Outcome]) -> Response:
    done = sum(not isinstance(result, CrmError) for result in results)
    return _told(results, success_count=str(done), locked_count="0")
