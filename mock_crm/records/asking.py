"""What acts on records have in common: ids in a body, the owner given, what a call says of automations."""

from typing import Any

from mock_crm import state
from mock_crm.envelope import id_of
from mock_crm.errors import InvalidData, LimitExceeded, MandatoryNotFound
from mock_crm.metadata.catalog import Module
from mock_crm.organization.people import User
from mock_crm.organization.permissions import module_permission
from mock_crm.records.refusals import CannotAssign, ModuleNotSupported
from mock_crm.records.store import BESIDE

MOST_IDS = 500

TRIGGERS = ("workflow", "approval", "blueprint", "pathfinder", "orchestration")
FEATURES = (
    "layout_rules",
    "range_validation",
    "assignment_rules",
    "function_validation_rule",
    "criteria_validation_rule",
    "global_map_dependency",
    "territory_subordinates",
)


def check_automations(given: dict[str, Any]) -> None:
    """Reads what a write says of the automations it may set off (crm-api.md §4.3).

    There are no workflows, approvals, blueprints or layout rules here, so that nothing follows from any of it but
    refusals. From memory: channels are no automation and hear of a write whatever `trigger` says.

    Raises:
        InvalidData: for words the vendor does not know, and for an assignment rule (there are none).
    """
    triggers = given.get("trigger")
    if triggers is not None:
        if not isinstance(triggers, list):
            raise InvalidData({"expected_data_type": "jsonarray", "api_name": "trigger", "json_path": "$.trigger"})
        for place, word in enumerate(triggers):
            if word not in TRIGGERS:
                details = {"api_name": "trigger", "json_path": f"$.trigger[{place}]"}
                raise InvalidData({**details, "supported_values": list(TRIGGERS)})
    _check_features(given, "apply_feature_execution", FEATURES)
    _check_features(given, "skip_feature_execution", None)
    if given.get("lar_id") is not None:
        raise InvalidData({"api_name": "lar_id", "json_path": "$.lar_id"}, "the id given seems to be invalid")


def _check_features(given: dict[str, Any], key: str, known: tuple[str, ...] | None) -> None:
    features = given.get(key)
    if features is None:
        return
    if not isinstance(features, list):
        raise InvalidData({"expected_data_type": "jsonarray", "api_name": key, "json_path": f"$.{key}"})
    for place, feature in enumerate(features):
        name = feature.get("name") if isinstance(feature, dict) else None
        if not isinstance(name, str) or (known is not None and name not in known):
            supported = {} if known is None else {"supported_values": list(known)}
            raise InvalidData({"api_name": "name", "json_path": f"$.{key}[{place}].name", **supported})


def refuse_beside(module: Module) -> None:
    """
    Raises:
        ModuleNotSupported: for notes, attachments and rows of subforms.
    """
    if module.api_name in BESIDE or module.is_subform:
        raise ModuleNotSupported


def ids_in(given: dict[str, Any], most: int = MOST_IDS) -> list[int]:
    """The array `ids` of a body, without repeats, in order.

    Raises:
        MandatoryNotFound, InvalidData, LimitExceeded: when it is absent, no array of ids, or too long.
    """
    ids = given.get("ids")
    if ids in (None, []):
        raise MandatoryNotFound({"api_name": "ids", "json_path": "$.ids", "expected_data_type": "jsonarray"})
    if not isinstance(ids, list):
        raise InvalidData({"expected_data_type": "jsonarray", "api_name": "ids", "json_path": "$.ids"})
    if len(ids) > most:
        raise LimitExceeded({"limit": most, "api_name": "ids", "json_path": "$.ids"})
    found = []
    for place, one in enumerate(ids):
        number = id_of(one)
        if number is None:
            raise InvalidData({"expected_data_type": "long", "api_name": "ids", "json_path": f"$.ids[{place}]"})
        found.append(number)
    return list(dict.fromkeys(found))


def flag_in(given: dict[str, Any], name: str) -> bool:
    """A boolean of a body; absent means no."""
    value = given.get(name)
    if value is not None and not isinstance(value, bool):
        raise InvalidData({"expected_data_type": "boolean", "api_name": name, "json_path": f"$.{name}"})
    return bool(value)


def owner_in(given: dict[str, Any], module: Module) -> User:
    """The user to whom records of a module are given.

    Raises:
        CrmError: when none is given, he is unknown or inactive, or may not see the module.
    """
    owner = given.get("owner")
    if owner is None:
        raise MandatoryNotFound({"api_name": "owner", "json_path": "$.owner"})
    if not isinstance(owner, dict):
        raise InvalidData({"expected_data_type": "jsonobject", "api_name": "owner", "json_path": "$.owner"})
    if owner.get("id") is None:
        raise MandatoryNotFound({"api_name": "id", "json_path": "$.owner.id"})
    place = {"api_name": "id", "json_path": "$.owner.id"}
    user = state.people().users.get(id_of(owner["id"]) or 0)
    if user is None:
        raise InvalidData({**place, "owner_status": "not_crm_user"})
    if not user.is_active:
        message = "The user to whom you are trying to transfer the records is not active."
        raise InvalidData({**place, "owner_status": "inactive"}, message)
    needed = module_permission(module.api_name, "View")
    if not user.profile.allows(needed):
        raise CannotAssign({"permissions": [needed]})
    return user
