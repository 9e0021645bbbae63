"""Views as filters of records: what `cvid` selects, in which order (crm-api.md §5.5)."""

from dataclasses import dataclass
from typing import Any

from flask import has_request_context, request
from sqlalchemy import ColumnElement, select

from mock_crm import access, state
from mock_crm.database import db
from mock_crm.envelope import id_of
from mock_crm.errors import InvalidData
from mock_crm.metadata.catalog import Module
from mock_crm.metadata.model import ViewRow
from mock_crm.metadata.standard_views import UNREAD
from mock_crm.organization.people import User
from mock_crm.records import view_criteria
from mock_crm.records.asked import Asker
from mock_crm.records.criteria import Unread, compiled, sort_value
from mock_crm.records.model import CONVERTED, record
from mock_crm.records.paging import Order
from simulator import wire


@dataclass(frozen=True)
class ViewFilter:
    """A view for the user who asks: his conditions and its order."""

    conditions: tuple[ColumnElement[bool], ...]
    order: Order


def view_param(module: Module) -> ViewFilter | None:
    """The view named by `cvid`.

    Raises:
        InvalidData: when there is no such view of the module, or none that this user may see.
    """
    text = request.args.get("cvid")
    if not text:
        return None
    found = find(module, id_of(text))
    if found is None:
        raise InvalidData({"param_name": "cvid"})
    return found


def find(module: Module, number: int | None) -> ViewFilter | None:
    """A view of the module by its id, where the one who asks may see it."""
    view = None
    if number is not None:
        statement = select(*ViewRow.__table__.c).where(ViewRow.id == number, ViewRow.module == module.api_name)
        view = db.session.execute(statement).first()
    return filter_of(view, module, access.user()) if view is not None and is_visible(view, access.user()) else None


def filter_of(view: Any, module: Module, user: User) -> ViewFilter:
    """What a view row selects for a user."""
    conditions: list[ColumnElement[bool]] = []
    if view.system_name == UNREAD:
        conditions.append(compiled(Unread(user.id)))
    if view.criteria is not None:
        try:
            tree = view_criteria.read(wire.loads(view.criteria), module, Asker.of(user))
        except InvalidData:  # a field of the criteria is gone since
            raise InvalidData({"param_name": "cvid"}) from None
        conditions.append(compiled(tree))
    is_asked = has_request_context() and request.args.get("converted")
    if CONVERTED in module.fields and CONVERTED not in (view.criteria or "") and not is_asked:
        conditions.append(record.c.is_converted.is_(False))  # only views that ask for converted leads have them
    return ViewFilter(tuple(conditions), _order(view, module))


def _order(view: Any, module: Module) -> Order:
    known = module.fields.get(view.sort_by or "id") or module.fields["id"]
    descending = (view.sort_order or "desc") == "desc"
    return Order(known.api_name, sort_value(known), record.c.id, descending, may_be_empty=not known.column)


def is_visible(view: Any, user: User) -> bool:
    """Predefined and public views are everybody's; private ones their maker's; shared ones also those they name."""
    if view.created_by is None or view.access_type == "public" or view.created_by == user.id:
        return True
    if view.access_type != "shared":
        return False
    return any(_names(share, user) for share in wire.loads(view.shared_to))


def _names(share: dict[str, Any], user: User) -> bool:
    """Whether a view is shared with this user: by himself, by profile, by role, or by a role above his."""
    mine = {"users": user.id, "roles": user.role.id, "profiles": user.profile.id}
    named = int(share["id"])
    if mine.get(share["type"]) == named:
        return True
    return bool(share.get("subordinates")) and user.role.id in state.people().below(named)
