"""Setup → Modules and Fields: whether the company uses custom modules (guide: Potential Linking, Pre-requisites).

Ours: at the vendor the edition decides it, and no call tells or changes it. On in a fresh company.
"""

from typing import Any

from flask import Blueprint, Response

from mock_crm.access import needs
from mock_crm.envelope import body
from mock_crm.errors import FeatureNotEnabled, InvalidData, MandatoryNotFound
from mock_crm.organization.permissions import CUSTOMIZE
from simulator import settings, wire
from simulator.openapi import documented

bp = Blueprint("custom_modules", __name__)

_SETTING = "custom_modules"
KEY = "custom_modules"


def is_enabled() -> bool:
    return bool(settings.read(_SETTING, True))


def require_enabled() -> None:
    """
    Raises:
        FeatureNotEnabled: the company has switched custom modules off.
    """
    if not is_enabled():
        raise FeatureNotEnabled({"api_name": KEY}, "Custom modules are switched off in Setup.")


@bp.get("/settings/custom_modules")
@needs("settings.modules.READ")
@documented(_200="CustomModules")
def show_switch() -> Response:
    """Every user may know: the option Link Potential of Zoho Invoice depends on it."""
    return _answer()


@bp.put("/settings/custom_modules")
@needs("settings.modules.UPDATE", permission=CUSTOMIZE)
@documented(body="CustomModules", _200="CustomModules")
def move_switch() -> Response:
    """Modules that are there already stay, with their records."""
    settings.write(_SETTING, _wanted(body()))
    return _answer()


def _wanted(given: dict[str, Any]) -> bool:
    if KEY not in given:
        raise MandatoryNotFound({"api_name": KEY, "json_path": f"$.{KEY}"})
    asked = given[KEY]
    if not isinstance(asked, dict):
        raise InvalidData({"expected_data_type": "jsonobject", "api_name": KEY, "json_path": f"$.{KEY}"})
    path = {"api_name": "enabled", "json_path": f"$.{KEY}.enabled"}
    if "enabled" not in asked:
        raise MandatoryNotFound(path)
    if not isinstance(asked["enabled"], bool):
        raise InvalidData({"expected_data_type": "boolean", **path})
    return asked["enabled"]


def _answer() -> Response:
    return wire.reply({KEY: {"enabled": is_enabled()}})
