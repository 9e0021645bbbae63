"""Words for JSON schemas: what the shapes in the mocks' OpenAPI documents are made of."""

from collections.abc import Mapping
from typing import Any

from simulator.openapi import Content

Shape = dict[str, Any]

ANY: Shape = {}
TEXT: Shape = {"type": "string"}
WORDS: Shape = {"type": "string", "minLength": 1}
FLAG: Shape = {"type": "boolean"}
WHOLE: Shape = {"type": "integer"}
NUMBER: Shape = {"type": "number"}
COUNT: Shape = {"type": "integer", "minimum": 0}
POSITIVE: Shape = {"type": "integer", "minimum": 1, "maximum": 999_999_999}
OBJECT: Shape = {"type": "object"}
NULL: Shape = {"type": "null"}
MOMENT: Shape = {"type": "string", "format": "date-time"}
ID: Shape = {"type": "string", "pattern": "^[0-9]{1,19}$"}
#: Parameters that name several: ids of digits, names, in one string with commas.
ID_LIST: Shape = {"type": "string", "pattern": "^[0-9]{1,19}(,[0-9]{1,19})*$"}
NAME_LIST: Shape = {"type": "string", "pattern": r"^\$?[A-Za-z_]+(,\$?[A-Za-z_]+)*$"}
BINARY: Shape = {"type": "string", "format": "binary"}


def form(**also: Shape) -> Content:
    """A form with a file as its part `file`."""
    return Content({"multipart/form-data": {"type": "object", "properties": {"file": BINARY, **also}}})


FILE = form()


def ref(name: str) -> Shape:
    return {"$ref": f"#/components/schemas/{name}"}


def _of(shape: Shape | str) -> Shape:
    return ref(shape) if isinstance(shape, str) else shape


def choice(*words: str) -> Shape:
    return {"type": "string", "enum": list(words)}


def array_of(shape: Shape | str, most: int | None = None, least: int = 0) -> Shape:
    """An array; `most` and `least` are of bodies, where more or fewer are refused."""
    limits = {"minItems": least} if least else {}
    return {"type": "array", "items": _of(shape), **limits, **({"maxItems": most} if most else {})}


def or_null(shape: Shape | str) -> Shape:
    if isinstance(shape, dict) and isinstance(shape.get("type"), str) and "enum" not in shape:
        return {**shape, "type": [shape["type"], "null"]}
    return {"anyOf": [_of(shape), {"type": "null"}]}


def either(*shapes: Shape | str) -> Shape:
    return {"anyOf": [_of(shape) for shape in shapes]}


def an_object(
    description: str = "", /, *, also: Mapping[str, Shape | str] | None = None, **always: Shape | str
) -> Shape:
    """An object with keys that are always there, and `also` such as may be absent."""
    return keyed(always, also, description)


def keyed(
    always: Mapping[str, Shape | str], also: Mapping[str, Shape | str] | None = None, description: str = ""
) -> Shape:
    """As `an_object`, for keys that stand in a dict."""
    named = {name: _of(shape) for name, shape in {**always, **(also or {})}.items()}
    words = {"description": description} if description else {}
    return {"type": "object", **words, "properties": named, **({"required": list(always)} if always else {})}


TEXT_0, MOMENT_0, OBJECT_0, ID_0 = or_null(TEXT), or_null(MOMENT), or_null(OBJECT), or_null(ID)
WHOLE_0 = or_null(WHOLE)
