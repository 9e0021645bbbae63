"""What Invoice's answers and bodies have in common: the envelope, pages, and values that may be unset.

An unset value is an empty text, never null and never left out (invoice-api.md §0.2).
"""

from typing import Any

from mock_invoice.tables import CSV, XLSX
from simulator.openapi import JSON, Content
from simulator.shapes import BINARY, TEXT, WORDS, Shape, an_object, array_of, keyed

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"

DAY: Shape = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "examples": ["2026-10-09"]}
TIME: Shape = {
    "type": "string",
    "pattern": "^[0-9-]{10}T[0-9:]{8}[+-][0-9]{4}$",
    "examples": ["2026-10-09T13:36:23-0400"],
}
#: Such as may be unset.
MAYBE_DAY: Shape = {**DAY, "pattern": "^([0-9]{4}-[0-9]{2}-[0-9]{2})?$"}
MAYBE_ID: Shape = {"type": "string", "pattern": "^[0-9]{0,19}$", "examples": ["410000000000172019"]}
COLOR: Shape = {"type": "string", "pattern": "^#[0-9a-f]{3,6}$"}

#: What stands in every success.
TOLD: dict[str, Shape | str] = {"code": {"type": "integer", "const": 0}, "message": WORDS}
_AS_TEXT = an_object(JSONString={**TEXT, "contentMediaType": JSON, "description": "The same JSON as a text."})

PDF = Content({"application/pdf": BINARY})
PAGE_TO_PRINT = Content({"text/html": TEXT})
FILE = Content({"application/octet-stream": BINARY})
ANY_FILE = Content({"*/*": BINARY})


def told(**content: Shape | str) -> Shape:
    """A success: code, message and what was asked for, under its name (invoice-api.md §2.1)."""
    return keyed({**TOLD, **content})


DONE = told()


def page(key: str, row: Shape | str, context: str = "PageContext") -> Shape:
    """A success with one page of a list (invoice-api.md §2.2)."""
    return told(page_context=context, **{key: array_of(row)})


def also_on_paper(answer: Shape) -> Content:
    """An answer that may be asked for as PDF or as a page too (invoice-api.md §1.5)."""
    return Content({JSON: answer, **PDF, **PAGE_TO_PRINT})


def also_as_file(answer: Shape) -> Content:
    """A page that may be asked for as a file for a spreadsheet too (invoice-api.md §1.5)."""
    return Content({JSON: answer, CSV: TEXT, XLSX: BINARY})


def sent(schema: Any, *needed: str) -> Content:
    """A body in the two forms that are described; the keys that are `needed` are refused when they are missing."""
    must = {"type": "object", "required": list(needed)}
    return Content({JSON: {"allOf": [schema, must]} if needed else schema, FORM: _AS_TEXT})


def files_sent(name: str) -> Content:
    """A form with a file under this name."""
    return Content({MULTIPART: an_object(**{name: BINARY})})


FIELDS_SENT = sent(array_of("FieldValueToSend"))
