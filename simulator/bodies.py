"""The JSON body of a control request, through a schema."""

from typing import Any

from flask import request
from marshmallow import Schema, ValidationError

from simulator import wire


def load(schema: type[Schema]) -> dict[str, Any]:
    """The request's JSON body through a schema.

    Raises:
        ValidationError: also when the body is no JSON object.
    """
    try:
        body = wire.loads(request.get_data() or b"{}")
    except ValueError:
        raise ValidationError("The body is not JSON.") from None
    loaded: dict[str, Any] = schema().load(body)
    return loaded
