"""`/__features`: what this organization may have how many of, and has (crm-api.md §7.4).

Only features that are emulated are listed, with the limits that are really kept. Their names are from memory.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import func, select

from mock_crm import state
from mock_crm.access import needs
from mock_crm.database import db
from mock_crm.envelope import LARGEST_PAGE, nothing, number_param
from mock_crm.metadata.catalog import Module
from mock_crm.metadata.field_creating import MOST_AUTO_NUMBERS, MOST_CUSTOM, MOST_UNIQUE
from mock_crm.metadata.model import ViewRow
from mock_crm.metadata.module_writing import MOST_CUSTOM as MOST_CUSTOM_MODULES
from mock_crm.notifications.model import Channel
from mock_crm.openapi.parameters import OF_MODULE, PAGED
from mock_crm.openapi.schemas import listed
from mock_crm.organization.profiles import LICENSED_PROFILES
from mock_crm.organization.user_writing import LICENSED_USERS
from mock_crm.records.acts_model import tag
from mock_crm.records.tagging import MOST_OF_MODULE
from simulator import clock, wire
from simulator.openapi import Parameter, documented
from simulator.shapes import NAME_LIST

bp = Blueprint("features", __name__)

API_NAMES = Parameter("api_names", "Comma list of features.", NAME_LIST)


@dataclass(frozen=True)
class Feature:
    """Something an organization, or each of its modules, may have a number of; no limit where none is kept.

    `used` counts them: of a module where the feature is the modules' own, else of the organization.
    """

    api_name: str
    label: str
    limit: int | None
    used: Callable[[Any], int]
    is_of_module: bool = False
    components: tuple["Feature", ...] = ()


def _custom_fields(module: Module) -> int:
    return sum(known.is_custom for known in module.fields.values())


def _unique_fields(module: Module) -> int:
    return sum(known.is_unique and not known.is_hidden for known in module.fields.values())


def _auto_numbers(module: Module) -> int:
    return sum(known.is_custom and known.data_type == "autonumber" for known in module.fields.values())


def _custom_views(module: Module) -> int:
    made = select(func.count()).where(ViewRow.module == module.api_name, ViewRow.created_by.is_not(None))
    return int(db.session.execute(made).scalar_one())


def _tags(module: Module) -> int:
    return int(db.session.execute(select(func.count()).where(tag.c.module == module.api_name)).scalar_one())


def _channels(_: None) -> int:
    live = select(func.count()).where(Channel.expiry > int(clock.now().timestamp()))
    return int(db.session.execute(live).scalar_one())


def _custom_modules(_: None) -> int:
    return sum(module.is_custom for module in state.catalog().modules.values())


def _users(_: None) -> int:
    return sum(user.is_active for user in state.people().users.values())


def _profiles(_: None) -> int:
    return len(state.people().profiles)


FEATURES = (
    Feature("custom_modules", "Custom Modules", MOST_CUSTOM_MODULES, _custom_modules),
    Feature(
        "custom_fields",
        "Custom Fields",
        MOST_CUSTOM,
        _custom_fields,
        is_of_module=True,
        components=(
            Feature("unique_fields", "Unique Fields", MOST_UNIQUE, _unique_fields, is_of_module=True),
            Feature("auto_number_fields", "Auto Number Fields", MOST_AUTO_NUMBERS, _auto_numbers, is_of_module=True),
        ),
    ),
    Feature("custom_views", "Custom Views", None, _custom_views, is_of_module=True),
    Feature("tags", "Tags", MOST_OF_MODULE, _tags, is_of_module=True),
    Feature("notification_channels", "Notification Channels", None, _channels),
    Feature("users", "Users", LICENSED_USERS, _users),
    Feature("profiles", "Profiles", LICENSED_PROFILES, _profiles),
)


@bp.get("/__features")
@needs("features.READ")
@documented(OF_MODULE, API_NAMES, *PAGED, _200=listed("__features", "Feature", info=True), _204=None)
def list_features() -> Response:
    """With `module` those that modules have, and how many this one has."""
    size, number = number_param("per_page", LARGEST_PAGE, LARGEST_PAGE), number_param("page", 1)
    module = state.catalog().module(request.args["module"]) if request.args.get("module") else None
    names = [name.strip() for name in request.args.get("api_names", "").split(",") if name.strip()]
    found = [
        feature
        for feature in FEATURES
        if (module is None or feature.is_of_module) and (not names or feature.api_name in names)
    ]
    page = found[(number - 1) * size : number * size]
    if not page:
        return nothing()
    info = {"per_page": size, "count": len(page), "page": number, "more_records": len(found) > number * size}
    return wire.reply({"__features": [_shown(feature, module) for feature in page], "info": info})


@bp.get("/__features/<api_name>")
@needs("features.READ")
@documented(OF_MODULE, _200=listed("__features", "Feature"), _204=None)
def show_feature(api_name: str) -> Response:
    module = state.catalog().module(request.args["module"]) if request.args.get("module") else None
    found = next((feature for feature in FEATURES if feature.api_name == api_name), None)
    return wire.reply({"__features": [_shown(found, module)]}) if found is not None else nothing()


def _shown(feature: Feature, module: Module | None) -> dict[str, Any]:
    components = [_part(component, module) for component in feature.components]
    return {**_part(feature, module), "parent_feature": None, "components": components or None}


def _part(feature: Feature, module: Module | None) -> dict[str, Any]:
    return {
        "api_name": feature.api_name,
        "feature_label": feature.label,
        "module_supported": feature.is_of_module,
        "details": _details(feature, module),
    }


def _details(feature: Feature, module: Module | None) -> dict[str, Any] | None:
    """Limits and counts; how many each module has is told of one module only."""
    limit = feature.limit
    details: dict[str, Any] = {} if limit is None else {"limits": {"total": limit, "edition_limit": limit}}
    if module is not None or not feature.is_of_module:
        used = feature.used(module)
        details["used_count"] = {"total": used}
        if limit is not None:
            details["available_count"] = {"total": max(0, limit - used)}
    return details or None
