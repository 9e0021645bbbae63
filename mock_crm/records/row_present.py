"""Rows of a record as they go out: subforms, line items, lookups of several records (crm-api.md §4.2, §4.3)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from mock_crm import state
from mock_crm.database import db
from mock_crm.metadata.catalog import Field, Module
from mock_crm.records.line_items import values_of
from mock_crm.records.line_shapes import is_old, old_line, wire_name
from mock_crm.records.model import record
from mock_crm.records.row_values import inner_fields, targets_of
from mock_crm.records.showing import SHOWN_APART, shower

Pairs = Sequence[tuple[Any, dict[str, Any]]]


def show_rows(module: Module, fields: Sequence[Field], pairs: Pairs, shown: Sequence[dict[str, Any]]) -> None:
    """Adds the rows of these fields to records as they are shown."""
    wanted = {target for _, kept in pairs for field in fields for target in targets_of(field, kept.get(field.api_name))}
    names = _names_of(wanted)
    for field in fields:
        products = values_of(wanted) if field.has_line_items and wanted else {}
        for (_, kept), out in zip(pairs, shown, strict=True):
            parent = {"name": kept.get(module.name_field), "id": out["id"]}
            rows = kept.get(field.api_name) or []
            out[wire_name(field)] = _shown_rows(field, rows, names, parent, products)


def _shown_rows(
    field: Field,
    rows: Sequence[dict[str, Any]],
    names: dict[int, str],
    parent: dict[str, Any],
    products: dict[int, dict[str, Any]],
) -> list[dict[str, Any]]:
    fields = inner_fields(field)
    if field.has_line_items:
        return [_shown_line(fields, row, place, names, parent, products) for place, row in enumerate(rows, start=1)]
    shown = [_shown_row(fields, row, names) for row in rows]
    if field.data_type == "subform":
        return [{**row, "Parent_Id": parent} for row in shown]
    if field.data_type == "multiselectlookup":  # from memory: what is in the recycle bin is not named any more
        return [row for row in shown if row[field.api_name] is not None]
    return shown


def _shown_row(fields: dict[str, Field], row: dict[str, Any], names: dict[int, str]) -> dict[str, Any]:
    people = state.people()
    shown: dict[str, Any] = {"id": str(row["id"])}
    for name, inner in fields.items():
        value = row.get(name)
        if inner.api_name == "id":
            continue
        if inner.data_type == "lookup":
            shown[name] = {"name": names[value], "id": str(value)} if value in names else None
        elif inner.data_type in SHOWN_APART:
            shown[name] = shower(inner, people, state.catalog().modules[inner.module])(value)
        else:
            shown[name] = value
    return shown


def _shown_line(
    fields: dict[str, Field],
    row: dict[str, Any],
    place: int,
    names: dict[int, str],
    parent: dict[str, Any],
    products: dict[int, dict[str, Any]],
) -> dict[str, Any]:
    line = {**_shown_row(fields, row, names), "Sequence_Number": place}
    product = products.get(row["Product_Name"], {})
    if line["Product_Name"] is not None:
        line["Product_Name"]["Product_Code"] = product.get("Product_Code")
    if not is_old():
        return {**line, "Parent_Id": parent, "Price_Book_Name": None}
    theirs = state.catalog().modules["Products"].fields
    now = {
        name: shower(theirs[name], state.people(), state.catalog().modules["Products"])(product.get(name))
        for name in ("Unit_Price", "Qty_in_Stock")
    }
    return old_line(line, now)


def _names_of(targets: set[int]) -> dict[int, str]:
    if not targets:
        return {}
    statement = select(record.c.id, record.c.name).where(record.c.id.in_(targets), record.c.deleted_time.is_(None))
    return {row[0]: row[1] for row in db.session.execute(statement)}
