"""Writing layouts: their sections as JSON, and which fields stand on one at all."""

from typing import Any

from sqlalchemy import update

from mock_crm import access, state
from mock_crm.database import db
from mock_crm.metadata.catalog import Layout, Module
from mock_crm.metadata.model import FieldRow, LayoutRow
from simulator import clock, wire

Sections = list[dict[str, Any]]


def copied(layout: Layout) -> Sections:
    """The sections of a layout, to be changed."""
    return [{**section, "fields": [dict(placed) for placed in section["fields"]]} for section in layout.sections]


def write(layout: Layout, sections: Sections, **more: Any) -> None:
    """Writes the sections of a layout and whatever else changes with them."""
    values = {
        "sections": wire.dumps(sections).decode(),
        "modified_by": access.user().id,
        "modified_time": int(clock.now().timestamp()),
        "version": LayoutRow.version + 1,
        **more,
    }
    statement = update(LayoutRow).where(LayoutRow.id == layout.id).values(values)
    db.session.execute(statement.execution_options(synchronize_session=False))
    state.changed()


def place_field(module: Module, api_name: str, section: str | None = None, place: int | None = None) -> None:
    """Puts a new field on every layout: into the section with this id where there is one, else the first."""
    for layout in module.layouts:
        sections = copied(layout)
        chosen = next((known for known in sections if known["id"] == section), sections[0])
        spot = len(chosen["fields"]) if place is None else place
        chosen["fields"].insert(spot, {"api_name": api_name, "required": False})
        write(layout, sections)


def take_off(module: Module, api_name: str) -> None:
    """Takes a field off every layout."""
    for layout in module.layouts:
        sections = copied(layout)
        for section in sections:
            section["fields"] = [placed for placed in section["fields"] if placed["api_name"] != api_name]
        if sections != layout.sections:
            write(layout, sections)


def mark_used(module: Module, api_name: str, is_used: bool) -> None:
    """Says whether a field is in use; one that is not keeps its values (from memory)."""
    field = module.fields[api_name]
    if field.is_unused == (not is_used):
        return
    values = {"is_unused": not is_used, "version": FieldRow.version + 1}
    statement = update(FieldRow).where(FieldRow.id == field.id).values(values)
    db.session.execute(statement.execution_options(synchronize_session=False))
    state.changed()
