"""The document made strict: an answer may have no key that is not said."""

from typing import Any


def closed(document: dict[str, Any]) -> dict[str, Any]:
    """The document with all that is answered closed; what is sent may have more keys, as Invoice ignores them."""
    schemas = document["components"]["schemas"]
    answers = {name: schema for name, schema in schemas.items() if not name.endswith("ToSend")}
    made = {**document, "components": {**document["components"], "schemas": {**schemas, **_closed(answers)}}}
    made["paths"] = {
        path: {method: {**one, "responses": _closed(one["responses"])} for method, one in operations.items()}
        for path, operations in document["paths"].items()
    }
    return made


def _closed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _closed(one) for name, one in schema.items()}
    if schema.get("type") == "object" and "properties" in schema and "additionalProperties" not in schema:
        made["additionalProperties"] = False
    return made
