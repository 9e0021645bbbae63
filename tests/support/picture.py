"""A picture of everything both products have, to compare what was with what is."""

from typing import Any

from tests.support.world import World

#: What tells when and by whom a record was written, and ids of Invoice: a record made again has other ones.
PASSING = frozenset(
    (
        "created_time", "last_modified_time", "contact_id", "item_id", "contact_person_id", "primary_contact_id",
        "address_id", "created_date", "created_at", "Modified_Time", "Modified_By", "Last_Activity_Time",
        "Change_Log_Time__s",
    )
)  # fmt: skip
MODULES = ("Accounts", "Contacts", "Products", "Deals")


def picture(world: World) -> dict[str, Any]:
    """All records of both products, each in full with its children, but for what is passing."""
    crm = {
        module: {
            row["id"]: _plain(world.crm.get_record(module, row["id"])) for row in world.crm.iterate(module, ["id"])
        }
        for module in MODULES
    }
    contacts = [world.invoice.contact(row["contact_id"]) for row in world.invoice.contacts()]
    items = [world.invoice.item(row["item_id"]) for row in world.invoice.items()]
    return {
        "crm": crm,
        "contacts": {one["contact_name"]: _plain(one) for one in contacts if one},
        "items": {one["name"]: _plain(one) for one in items if one},
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items() if name not in PASSING}
    if isinstance(value, list):
        return sorted((_plain(one) for one in value), key=repr)
    return value


def differences(one: Any, other: Any, path: str = "") -> list[str]:
    """Where two pictures differ, by the path of each value."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = sorted({*one, *other})
        return [found for key in keys for found in differences(one.get(key), other.get(key), f"{path}/{key}")]
    return [] if one == other else [f"{path}: {one!r} | {other!r}"]
