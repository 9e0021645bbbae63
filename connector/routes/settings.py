"""Settings of the sync: the five steps for contacts, items, triggers; and what the steps offer to choose from."""

from typing import Any

from flask import current_app, request
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate
from sqlalchemy import func, select

from connector import connections, mapping
from connector.currencies import currencies_of
from connector.database import db
from connector.errors import SettingsRefused
from connector.fields import CRM_MODULE, DEFAULT_MAPPING, FITTING, INVOICE_FIELDS, NAME_FIELD, Pair
from connector.models import Connection, Link
from connector.peers import Peers, peers_of
from connector.settings import (
    MAPPED,
    STAGE,
    US_EDITION,
    VIEW_OF,
    Document,
    MatchBy,
    SettingsSchema,
    entities,
    mapping_of,
    merged,
    stages_of,
)
from connector.settings_check import check, check_key
from connector.settings_effect import effect_of
from simulator import clock

bp = Blueprint("settings", __name__, url_prefix="/connection", description="What is synced, and how")

ENTITIES = (*MAPPED, "product")


class PreviewSchema(Schema):
    entity = fields.String(required=True, validate=validate.OneOf(MAPPED))
    mapping = fields.List(fields.Dict(keys=fields.String(), values=fields.String()), load_default=None)


def shown(connection: Connection, notices: list[str] | None = None) -> Any:
    settings = connection.settings
    unavailable = US_EDITION if connection.edition == "us" else None
    body: dict[str, Any] = {
        "settings": {
            **settings,
            "items": {**settings["items"], "mapping": _rows(DEFAULT_MAPPING["product"])},
            "triggers": {
                **settings["triggers"],
                "available": unavailable is None,
                "unavailable_reason": unavailable,
            },
        }
    }
    if notices is not None:
        body["notices"] = notices
    return current_app.json.response(body)


def _rows(pairs: tuple[Pair, ...]) -> list[dict[str, str]]:
    return [{"crm": pair.crm, "invoice": pair.invoice} for pair in pairs]


@bp.get("/settings")
def show_settings() -> Any:
    """The settings as they will count for the next sync."""
    return shown(connections.required())


@bp.put("/settings")
@bp.arguments(SettingsSchema)
def change_settings(change: dict[str, Any]) -> Any:
    """Changes any part of the settings; a run under way keeps those it began with (requirement S3)."""
    connection = connections.required()
    connection_id, before, peers = connection.id, connection.settings, peers_of(connection)
    edition, base = connection.edition, connection.currency_code
    db.session.rollback()  # the CRM is asked outside of any transaction
    settings = merged(before, change)
    check(settings, edition, _field_types(peers, change))
    _check_keys(peers, settings)
    _check_views(peers, settings)
    currencies_of(peers, base).check(settings)
    _check_stages(peers, settings, change)
    connection = db.session.get_one(Connection, connection_id)
    notices = _notices(before, settings)
    connection.settings = settings
    connection.is_configured = True
    if notices:
        connection.generation += 1
    if settings["triggers"]["document"] != before["triggers"]["document"]:
        is_set = settings["triggers"]["document"] != Document.NONE
        connection.triggers_since = clock.now() if is_set else None
    return shown(connection, notices)


@bp.post("/settings/effect")
@bp.arguments(SettingsSchema)
def show_effect(change: dict[str, Any]) -> Any:
    """What a change would stop and what it would start, before it is saved (requirement S3); saves nothing."""
    connection = connections.required()
    connection_id, before, peers, edition = connection.id, connection.settings, peers_of(connection), connection.edition
    base = connection.currency_code
    db.session.rollback()
    settings = merged(before, change)
    check(settings, edition, _field_types(peers, change))
    _check_keys(peers, settings)
    _check_views(peers, settings)
    currencies_of(peers, base).check(settings)
    _check_stages(peers, settings, change)
    effect = effect_of(before, settings, _linked(connection_id))
    return current_app.json.response({"stops": effect.stops, "starts": effect.starts})


def _linked(connection_id: int) -> dict[str, int]:
    mine = (Link.connection_id == connection_id, Link.state == "linked")
    rows = db.session.execute(select(Link.entity, func.count()).where(*mine).group_by(Link.entity))
    return dict(rows.all())


def _field_types(peers: Peers, change: dict[str, Any]) -> dict[str, dict[str, str]]:
    changed = change.get("contacts", {}).get("mapping", {})
    return {entity: _types_in(peers, CRM_MODULE[entity]) for entity in changed}


def _types_in(peers: Peers, module: str) -> dict[str, str]:
    return {field["api_name"]: field["data_type"] for field in peers.crm.fields(module)}


def _check_keys(peers: Peers, settings: dict[str, Any]) -> None:
    for entity in entities(settings):
        if entity.match_by is not MatchBy.NAME:
            check_key(entity, _types_in(peers, entity.module))


def _check_stages(peers: Peers, settings: dict[str, Any], change: dict[str, Any]) -> None:
    """The stages that the estimate trigger goes by are stages of the CRM."""
    named = {act: when.removeprefix(STAGE) for act, when in stages_of(settings).items() if when.startswith(STAGE)}
    if "triggers" not in change or not named:
        return
    field = next(field for field in peers.crm.fields("Deals") if field["api_name"] == "Stage")
    known = {value["actual_value"] for value in field["pick_list_values"]}
    for act, stage in named.items():
        if stage not in known:
            raise SettingsRefused(f"Zoho CRM has no stage {stage!r}.", field=f"triggers.estimate.{act}")


def _check_views(peers: Peers, settings: dict[str, Any]) -> None:
    for key, module in (("account_view", "Accounts"), ("contact_view", "Contacts")):
        chosen = settings["contacts"][key]
        if chosen and chosen not in {view["id"] for view in peers.crm.custom_views(module)}:
            raise SettingsRefused(f"There is no such view of {module} in Zoho CRM.", field=f"contacts.{key}")


def _notices(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What a person should know before the next sync: what stops and what starts (requirement S3)."""
    said = []
    old, new = before["contacts"], after["contacts"]
    if old["module"] != new["module"]:
        said.append(f"The module changes from {old['module']} to {new['module']}; old links and records are kept.")
    if (old["account_view"], old["contact_view"]) != (new["account_view"], new["contact_view"]):
        said.append("The view changes: records outside it stay where they are and are no longer synced.")
    if old["mapping"] != new["mapping"]:
        said.append("The mapping changes: linked records are compared anew in the next sync.")
    return said


@bp.get("/views")
def list_views() -> Any:
    """The CRM's views of a module, predefined and made by users (guide: Step 4)."""
    module = request.args.get("module", "")
    if module not in ("Accounts", "Contacts"):
        raise SettingsRefused("module is Accounts or Contacts.", field="module")
    peers = peers_of(connections.required())
    db.session.rollback()
    names = ("id", "name", "display_value", "system_defined")
    views = [{name: view.get(name) for name in names} for view in peers.crm.custom_views(module)]
    for view in views:
        view["name"] = view.pop("display_value") or view["name"]
    return current_app.json.response({"views": views})


@bp.get("/fields")
def list_fields() -> Any:
    """The fields of both sides that can be mapped (guide: Step 5)."""
    entity = request.args.get("entity", "")
    if entity not in ENTITIES:
        raise SettingsRefused(f"entity is one of {', '.join(ENTITIES)}.", field="entity")
    peers = peers_of(connections.required())
    db.session.rollback()
    crm = [
        {"api_name": field["api_name"], "label": field["display_label"], "data_type": field["data_type"]}
        for field in peers.crm.fields(CRM_MODULE[entity])
        if field["data_type"] in FITTING
    ]
    invoice = [
        {"name": field.name, "label": field.label, "data_type": field.kind, "is_required": field.is_required}
        for field in INVOICE_FIELDS[entity]
    ]
    if entity in ("account", "customer"):
        invoice += [
            {"name": field["api_name"], "label": field["label"], "data_type": "text", "is_required": False}
            for field in peers.invoice.custom_fields("contact")
        ]
    return current_app.json.response({"crm": crm, "invoice": invoice})


@bp.post("/mapping/preview")
@bp.arguments(PreviewSchema)
def preview_mapping(body: dict[str, Any]) -> Any:
    """One real record of the CRM through a mapping, before anything is saved (requirement C8)."""
    connection = connections.required()
    entity = body["entity"]
    contacts = connection.settings["contacts"]
    pairs = [Pair(row["crm"], row["invoice"]) for row in body["mapping"] or () if row.get("crm") and row.get("invoice")]
    pairs = pairs or list(mapping_of(contacts, entity))
    view = contacts[VIEW_OF[entity]]
    peers = peers_of(connection)
    db.session.rollback()
    found = peers.crm.get_records(CRM_MODULE[entity], sorted({pair.crm for pair in pairs}), view=view)["data"]
    if not found:
        return current_app.json.response({"source": None, "rows": []})
    record = found[0]
    values = mapping.from_crm(entity, pairs, record)
    name = values.get(NAME_FIELD[entity], "")
    shown_rows = [
        {
            "crm": pair.crm,
            "invoice": pair.invoice,
            "crm_value": record.get(pair.crm),
            "invoice_value": values[pair.invoice],
        }
        for pair in pairs
    ]
    return current_app.json.response({"source": {"id": record["id"], "name": name}, "rows": shown_rows})
