"""List parameters about what stands on a document's lines and in its custom fields (invoice-api.md §2.3)."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, exists

from mock_invoice.fields import id_of
from mock_invoice.settings.custom_field_model import CustomFieldValue


def line_filters(model: Any, line: Any, owner: Any) -> dict[str, Callable[[str], ColumnElement[bool]]]:
    """A document fits when one of its lines does."""

    def on_line(condition: ColumnElement[bool]) -> ColumnElement[bool]:
        return exists().where(owner == model.id, condition)

    makers: dict[str, Callable[[str], ColumnElement[bool]]] = {
        "item_id": lambda text: on_line(line.item_id == id_of(text, "item_id")),
        "custom_field": lambda text: _custom(model, CustomFieldValue.value == text),
        "custom_field_startswith": lambda text: _custom(
            model, CustomFieldValue.value.istartswith(text, autoescape=True)
        ),
        "custom_field_contains": lambda text: _custom(model, CustomFieldValue.value.icontains(text, autoescape=True)),
    }
    for name, column in {"item_name": line.name, "item_description": line.description}.items():
        makers[name] = lambda text, column=column: on_line(column == text)  # type: ignore[misc]
        makers[f"{name}_startswith"] = lambda text, column=column: on_line(  # type: ignore[misc]
            column.istartswith(text, autoescape=True)
        )
        makers[f"{name}_contains"] = lambda text, column=column: on_line(  # type: ignore[misc]
            column.icontains(text, autoescape=True)
        )
    return makers


def _custom(model: Any, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(CustomFieldValue.holder_id == model.id, condition)
