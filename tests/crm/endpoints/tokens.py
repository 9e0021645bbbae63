"""Rows of the accounts server, where tokens come from (crm-api.md §2)."""

from typing import Any
from urllib.parse import quote

from tests.crm.endpoints.rows import NO_TOKEN, Call, Case, Row, gives, looks
from tests.support.answers import Answer, Fits

#: Who calls, and so the world, is told by what is sent; a token in the header is none of it.
OPEN = {"denied": NO_TOKEN, "elsewhere": NO_TOKEN}
BACK = quote("http://localhost:9/back")
CONSENT = f"/oauth/v2/auth?client_id=$client_id&scope=ZohoCRM.users.READ&response_type=code&redirect_uri={BACK}"
REFRESH = {
    "grant_type": "refresh_token",
    "client_id": "$client_id",
    "client_secret": "$client_secret",
    "refresh_token": "$refresh_token",
}
PAIR = {
    "email": "asha.rao@zylker.example",
    "zsc_key": "$zsc_key",
    "product": "ZohoInvoice",
    "organization": "Zylker Inc",
}


def error(word: str, status: int = 200, **call: Any) -> Case:
    """The vendor's plain errors come with 200, so clients look for the key (crm-api.md §2.2)."""
    return Case(Call(**call), Answer(status, {"error": word}))


def has(text: bytes) -> Fits:
    return Fits(lambda page: isinstance(page, bytes) and text in page)


ROWS = (
    Row(
        "GET /oauth/v2/auth",
        CONSENT,
        works=gives(200, {"": has(b"Ben Carter")}),
        missing=error("invalid_response_type", at=CONSENT.replace("&response_type=code", "")),
        wrong=error("invalid_redirect_uri", at=CONSENT.replace(BACK, "nowhere")),
        unknown=error("invalid_client", at=CONSENT.replace("$client_id", "1000.NOBODY")),
        **OPEN,
    ),
    Row(
        "POST /oauth/v2/auth",
        CONSENT,
        form={"email": "ben.carter@zylker.example"},
        works=gives(302, {"": has(b"http://localhost:9/back?code=1000.")}),
        missing=error("access_denied", form={}),
        wrong=error("invalid_scope", at=CONSENT.replace("ZohoCRM.users.READ", "everything")),
        unknown=error("access_denied", form={"email": "nobody@zylker.example"}),
        **OPEN,
    ),
    Row(
        "POST /oauth/v2/introspect",
        "/oauth/v2/introspect",
        form={"token": "$token"},
        works=gives(200, {"active": True, "user.email": "asha.rao@zylker.example", "user.is_admin": True}),
        missing=Case(Call(form={}), gives(200, {"active": False})),
        wrong=Case(Call(form={"token": "x"}), gives(200, {"": {"active": False}})),
        unknown=Case(Call(form={"token": "1000." + "a" * 32 + "." + "b" * 32}), gives(200, {"active": False})),
        **OPEN,
    ),
    Row(
        "POST /oauth/v2/token",
        "/oauth/v2/token",
        form=REFRESH,
        works=gives(
            200,
            {
                "access_token": Fits(lambda token: isinstance(token, str) and token.startswith("1000.")),
                "token_type": "Bearer",
                "expires_in": 3600,
                "api_domain": "http://crm.test",
                "refresh_token": None,
                "expires_in_sec": None,
            },
        ),
        missing=error("unsupported_grant_type", form={**REFRESH, "grant_type": ""}),
        wrong=error("invalid_client_secret", form={**REFRESH, "client_secret": "x"}),
        unknown=error("invalid_code", form={**REFRESH, "refresh_token": "$token"}),
        **OPEN,
    ),
    Row(
        "POST /oauth/v2/token/revoke",
        "/oauth/v2/token/revoke",
        form={"token": "$spare"},
        works=gives(200, {"": {"status": "success"}}),
        missing=error("invalid_token", form={}),
        wrong=error("invalid_token", form={"token": "x"}),
        unknown=error("invalid_token", form={"token": "1000." + "a" * 32 + "." + "b" * 32}),
        **OPEN,
    ),
    Row(
        "POST /oauth/v2/zsc",
        "/oauth/v2/zsc",
        body=PAIR,
        works=gives(200, {"user.email": "asha.rao@zylker.example", "org.company_name": "Zylker", "expires_in": 3600}),
        then=looks("/settings/integrations", {"integrations.*.organization": ["Zylker Inc"]}),
        missing=error("bad_request", 400, body={"email": "asha.rao@zylker.example"}),
        wrong=error("bad_request", 400, body={**PAIR, "email": 5}),
        unknown=error("unknown_email", 400, body={**PAIR, "email": "nobody@zylker.example"}),
        **OPEN,
    ),
)
