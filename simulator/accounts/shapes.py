"""What the accounts server takes and answers, for the OpenAPI documents of both mocks."""

from typing import Any

from simulator.openapi import Content, Parameter

_TEXT = {"type": "string"}
_FORM = "application/x-www-form-urlencoded"


def _shape(*required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


def _texts(*names: str) -> dict[str, Any]:
    return dict.fromkeys(names, _TEXT)


REFUSED = _shape("error", error=_TEXT)
#: Several refusals come with status 200 and the vendor's word for them.
GRANTED = {
    "anyOf": [
        _shape(
            *("access_token", "scope", "api_domain", "token_type", "expires_in"),
            **_texts("access_token", "refresh_token", "scope", "api_domain", "token_type"),
            expires_in={"type": "integer"},
        ),
        REFUSED,
    ]
}
THROTTLED = _shape(
    "error", "error_description", "status", **_texts("error", "error_description"), status={"enum": ["failure"]}
)
_GRANT_TYPES = ["refresh_token", "authorization_code", "client_credentials"]
TOKEN_FORM = Content(
    {
        _FORM: _shape(
            *("grant_type", "client_id", "client_secret"),
            grant_type={"type": "string", "enum": _GRANT_TYPES},
            **_texts("client_id", "client_secret", "refresh_token", "code", "redirect_uri", "soid", "scope"),
        )
    }
)
OF_CONSENT = (
    Parameter("client_id", "The application that asks.", required=True),
    Parameter("scope", "What it asks for, a comma list.", required=True),
    Parameter("redirect_uri", "Where the answer goes.", required=True),
    Parameter("response_type", "code.", {"type": "string", "enum": ["code"]}, required=True),
    Parameter("access_type", "offline for a refresh token.", {"type": "string", "enum": ["offline", "online"]}),
    Parameter("state", "Comes back as it was."),
)
CONSENT_FORM = Content({_FORM: _shape(**_texts("email", "password", "decision"))})
CONSENT_PAGE = Content({"text/html": _TEXT, "application/json": REFUSED})
TOKEN_SENT = Content({_FORM: _shape("token", token=_TEXT)})
REVOKED = {"anyOf": [_shape("status", status={"enum": ["success"]}), REFUSED]}
INTROSPECTED = _shape(
    "active",
    active={"type": "boolean"},
    **_texts("world", "scope", "client_id"),
    expires_at={"type": "integer"},
    user=_shape("id", "email", "name", "is_admin", **_texts("id", "email", "name"), is_admin={"type": "boolean"}),
)
