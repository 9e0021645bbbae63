"""Custom views: list, detail, create, change, delete (crm-api.md §5.5)."""

from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import func, select

from mock_crm import access, state, versions
from mock_crm.access import needs
from mock_crm.database import db
from mock_crm.envelope import (
    LARGEST_PAGE,
    Outcome,
    body,
    by_version,
    id_of,
    ids_param,
    items,
    nothing,
    number_param,
    outcomes,
    success,
)
from mock_crm.errors import (
    CrmError,
    InvalidId,
    InvalidMethod,
    MandatoryNotFound,
    NoPermission,
    RequiredParamMissing,
)
from mock_crm.metadata.catalog import Module
from mock_crm.metadata.input import an_object, located, outcome
from mock_crm.metadata.model import ViewRow
from mock_crm.metadata.params import module_param
from mock_crm.metadata.view_writing import PATH, fill_in, sort_in
from mock_crm.openapi.parameters import IDS_NEEDED, MODULE, PAGED
from mock_crm.openapi.schemas import listed, sent, told
from mock_crm.organization.permissions import CUSTOMIZE
from mock_crm.records.values import shown_moment
from mock_crm.records.view_criteria import STAGE_PLACEHOLDERS, stages_of
from mock_crm.records.views import is_visible
from simulator import ids, wire
from simulator.openapi import documented

bp = Blueprint("custom_views", __name__)

#: Words of the `info` object (crm-api.md §5.5).
TRANSLATION = {
    "public_views": "Public Views",
    "other_users_views": "Other User's Views",
    "shared_with_me": "Shared With Me",
    "created_by_me": "Created By Me",
}


@bp.get("/settings/custom_views")
@needs("settings.custom_views.READ")
@documented(MODULE, *PAGED, _200="Views", _204=None)
def list_views() -> Response:
    module = module_param()
    size, number = number_param("per_page", LARGEST_PAGE, LARGEST_PAGE), number_param("page", 1)
    views = _visible(module)
    page = views[(number - 1) * size : number * size]
    if not page:
        return nothing()
    default = next((view.id for view in views if view.is_default), None)
    info = {
        "per_page": size,
        "default": str(default) if default else None,
        "count": len(page),
        "page": number,
        "more_records": len(views) > number * size,
        "translation": TRANSLATION,
    }
    return wire.reply({"custom_views": [_head(view) for view in page], "info": info})


@bp.get("/settings/custom_views/<view_id>")
@needs("settings.custom_views.READ")
@documented(MODULE, _200=listed("custom_views", "ViewDetail"), _204=None)
def show_view(view_id: str) -> Response:
    module = module_param()
    view = _find(module, view_id)
    if view is None:
        return nothing()
    return wire.reply({"custom_views": [_detail(view, module)]})


@bp.post("/settings/custom_views")
@needs("settings.custom_views.CREATE")
@documented(MODULE, told("custom_views", 201), body=sent("custom_views", "ViewToWrite", 10), since="v8")
def create_views() -> Response:
    _require_v8()
    module = module_param()
    given = items(body(), "custom_views", 10)
    return outcomes([_outcome(n, _create, module, item) for n, item in enumerate(given)], "custom_views", 201)


@bp.put("/settings/custom_views")
@needs("settings.custom_views.UPDATE")
@documented(MODULE, told("custom_views"), body=sent("custom_views", "ViewToWrite", 10), since="v8")
def update_views() -> Response:
    _require_v8()
    module = module_param()
    given = items(body(), "custom_views", 10)
    results = [_outcome(n, _update, module, item) for n, item in enumerate(given)]
    return outcomes(results, "custom_views")


@bp.put("/settings/custom_views/<view_id>")
@needs("settings.custom_views.UPDATE")
@documented(MODULE, told("custom_views"), body=sent("custom_views", "ViewToWrite"), since="v8")
def update_view(view_id: str) -> Response:
    _require_v8()
    module = module_param()
    results = [_outcome(0, _update, module, item, view_id) for item in items(body(), "custom_views", 1)]
    return outcomes(results, "custom_views")


@bp.put("/settings/custom_views/actions/change_sort")
@needs("settings.custom_views.UPDATE")
@documented(MODULE, told("custom_views"), body=sent("custom_views", "ViewToSort", 10), since="v8")
def sort_views() -> Response:
    _require_v8()
    module = module_param()
    given = items(body(), "custom_views", 10)
    results = [_outcome(n, _sort, module, item) for n, item in enumerate(given)]
    return outcomes(results, "custom_views")


@bp.put("/settings/custom_views/<view_id>/actions/change_sort")
@needs("settings.custom_views.UPDATE")
@documented(MODULE, told("custom_views"), body=sent("custom_views", "ViewToSort"), since="v8")
def sort_view(view_id: str) -> Response:
    """Of predefined views too the order can be changed, and nothing else."""
    _require_v8()
    module = module_param()
    results = [_outcome(0, _sort, module, item, view_id) for item in items(body(), "custom_views", 1)]
    return outcomes(results, "custom_views")


@bp.delete("/settings/custom_views")
@needs("settings.custom_views.DELETE")
@documented(MODULE, IDS_NEEDED, told("custom_views"))
def delete_views() -> Response:
    module = module_param()
    if not request.args.get("ids"):
        raise RequiredParamMissing({"param_name": "ids"})
    return outcomes([_outcome(0, _delete, module, str(number)) for number in ids_param()], "custom_views")


@bp.delete("/settings/custom_views/<view_id>")
@needs("settings.custom_views.DELETE")
@documented(MODULE, told("custom_views"))
def delete_view(view_id: str) -> Response:
    return outcomes([_outcome(0, _delete, module_param(), view_id)], "custom_views")


def _require_v8() -> None:
    """Views are created and changed from v8 on (crm-api.md §9)."""
    if versions.current() < versions.V8:
        raise InvalidMethod


def _id_in(item: Any) -> Any:
    """
    Raises:
        MandatoryNotFound: when a view is to be changed and not said which.
    """
    view_id = an_object(item, PATH).get("id")
    if view_id is None:
        raise MandatoryNotFound(located("id", PATH))
    return view_id


def _outcome(place: int, act: Any, *given: Any) -> Outcome:
    """As `outcome`; the readers of views speak of the first one, so that the place of another is put in here."""
    result = outcome(act, *given)
    if isinstance(result, CrmError) and place and "json_path" in result.details:
        result.details["json_path"] = result.details["json_path"].replace(PATH, f"$.custom_views[{place}]", 1)
    return result


def _create(module: Module, given: Any) -> Outcome:
    view = ViewRow(id=ids.new_id(), module=module.api_name, created_by=access.user().id, access_type="only_to_me")
    fill_in(view, given, module, access.user())
    last = db.session.execute(select(func.max(ViewRow.sequence)).where(ViewRow.module == module.api_name)).scalar()
    view.sequence = (last or 0) + 1
    view.created_time = view.modified_time
    db.session.add(view)
    db.session.flush()
    return success({"id": str(view.id)}, "custom view created")


def _update(module: Module, given: Any, view_id: str | None = None) -> Outcome:
    """A change of the view in the address, or else of the one whose `id` is given."""
    view = _changeable(module, view_id or _id_in(given))
    with db.session.no_autoflush:
        fill_in(view, given, module, access.user())
    db.session.flush()
    return success({"id": str(view.id)}, "custom view updated")


def _sort(module: Module, given: Any, view_id: str | None = None) -> Outcome:
    view = _there(module, view_id or _id_in(given))
    if view.created_by is not None:
        _refuse_stranger(view)
    sort_in(view, given, module, access.user())
    db.session.flush()
    return success({"id": str(view.id)}, "custom view updated")


def _delete(module: Module, view_id: str) -> Outcome:
    view = _changeable(module, view_id)
    db.session.delete(view)
    db.session.flush()
    return success({"id": str(view.id)}, "deleted successfully")


def _changeable(module: Module, view_id: Any) -> ViewRow:
    """A view that this user may change: his own, or any made by users when he may customize the CRM."""
    view = _there(module, view_id)
    if view.created_by is None:
        raise NoPermission(CUSTOMIZE)
    _refuse_stranger(view)
    return view


def _there(module: Module, view_id: Any) -> ViewRow:
    view = _find(module, view_id)
    if view is None:
        raise InvalidId({"id": str(view_id)[:40]}, "The provided CustomView is either invalid or already Deleted")
    return view


def _refuse_stranger(view: ViewRow) -> None:
    """A view is its maker's; the others' need a right, and a locked one of another is out of reach (from memory)."""
    if view.created_by == access.user().id:
        return
    if not access.may(CUSTOMIZE):
        raise NoPermission(CUSTOMIZE)
    if view.is_locked:
        refusal = NoPermission()
        refusal.details = {"resource_path_index": 2}
        refusal.message = "Permission denied. Locked custom views cannot be customized."
        raise refusal


def _find(module: Module, view_id: Any) -> ViewRow | None:
    number = id_of(view_id)
    if number is None:
        raise InvalidId({"id": str(view_id)[:40]})
    view: ViewRow | None = db.session.get(ViewRow, number)
    if view is None or view.module != module.api_name or not is_visible(view, access.user()):
        return None
    return view


def _visible(module: Module) -> list[ViewRow]:
    statement = select(ViewRow).where(ViewRow.module == module.api_name).order_by(ViewRow.sequence, ViewRow.id)
    return [view for view in db.session.execute(statement).scalars() if is_visible(view, access.user())]


def _head(view: ViewRow) -> dict[str, Any]:
    people = state.people()
    zone = people.company.zone
    is_own = view.created_by == access.user().id
    category = "public_views" if view.created_by is None else "created_by_me" if is_own else "other_users_views"
    if category == "other_users_views" and view.access_type == "shared":
        category = "shared_with_me"
    return {
        "id": str(view.id),
        "name": view.name,
        "display_value": view.name,
        "system_name": view.system_name,
        "system_defined": view.created_by is None,
        "default": view.is_default,
        "category": category,
        by_version("access_type", "shared_type", versions.V2_1): view.access_type,
        "created_time": shown_moment(view.created_time, zone) if view.created_time else None,
        "modified_time": shown_moment(view.modified_time, zone) if view.modified_time else None,
        "last_accessed_time": None,
        "created_by": people.named(view.created_by),
        "modified_by": people.named(view.modified_by),
        "locked": view.is_locked,
        "favorite": None,
    }


def _detail(view: ViewRow, module: Module) -> dict[str, Any]:
    """Fields, sorting and criteria were plain strings in v2, objects later (crm-api.md §5.5, §9)."""
    names = wire.loads(view.fields)
    as_objects = [{"api_name": name, "id": _field_id(module, name), "_pin": False} for name in names]
    sort_by = {"api_name": view.sort_by, "id": _field_id(module, view.sort_by)} if view.sort_by else None
    return {
        **_head(view),
        "module": by_version(module.reference(), module.api_name, versions.V3),
        "criteria": _criteria(wire.loads(view.criteria), module) if view.criteria else None,
        "fields": by_version(as_objects, names, versions.V2_1),
        "sort_by": by_version(sort_by, view.sort_by, versions.V3),
        "sort_order": view.sort_order,
        "shared_to": [_share(share) for share in wire.loads(view.shared_to)] or None,
        "cross_filters": None,
        "wrap_text": False,
    }


def _share(share: dict[str, Any]) -> dict[str, Any]:
    """Whom a view is shared with, by the name he has now."""
    people = state.people()
    known: dict[str, dict[int, Any]] = {"users": people.users, "roles": people.roles, "profiles": people.profiles}
    found = known[share["type"]].get(int(share["id"]))
    name = (found.full_name if share["type"] == "users" else found.name) if found is not None else None
    return {**share, "name": name}


def _field_id(module: Module, name: str | None) -> str | None:
    known = module.fields.get(name or "")
    return str(known.id) if known else None


def _criteria(given: dict[str, Any], module: Module) -> dict[str, Any]:
    """Criteria as they are shown: with ids of fields, stage placeholders spelled out."""
    if "group" in given:
        members = [_criteria(member, module) for member in given["group"]]
        return {"group_operator": given["group_operator"], "group": members}
    named = given["field"]
    name = named["api_name"] if isinstance(named, dict) else named
    value = given.get("value")
    if isinstance(value, str) and value in STAGE_PLACEHOLDERS:
        value = list(stages_of(STAGE_PLACEHOLDERS[value]))
    return {
        "comparator": given["comparator"],
        "field": by_version({"api_name": name, "id": _field_id(module, name)}, name, versions.V2_1),
        "type": "value",
        "value": value,
    }
