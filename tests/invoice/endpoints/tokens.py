"""Rows of the accounts server, where tokens come from (invoice-api.md §1.2, crm-api.md §2).

Who calls, and so the world, is told by what is sent; a token in the header is none of it.
"""

import re
from typing import Any
from urllib.parse import quote

from tests.invoice.endpoints.rows import Case, Row, but
from tests.support.answers import Answer, Fits

BACK = quote("http://localhost:9/back")
CONSENT = f"/oauth/v2/auth?client_id=$client_id&scope=ZohoInvoice.contacts.READ&response_type=code&redirect_uri={BACK}"
REFRESH = {
    "grant_type": "refresh_token",
    "client_id": "$client_id",
    "client_secret": "$client_secret",
    "refresh_token": "$refresh_token",
}
#: The door of the tokens before OAuth.
BEFORE = "/apiauthtoken/nb/create?SCOPE=ZohoInvoice/invoiceapi&EMAIL_ID=ben.carter@zylker.example&world=$world"
NEVER_ISSUED = "1000." + "a" * 32 + "." + "b" * 32


def error(word: str, **change: Any) -> Case:
    """The vendor's plain errors come with 200, so clients look for the key."""
    return but(Answer(200, {"error": word}), **change)


def cause(word: str, old: str, new: str) -> Case:
    """The words of the older door are [MEM]."""
    return but(Answer(200, {"": f"#\nCAUSE={word}\nRESULT=FALSE\n".encode()}), at=BEFORE.replace(old, new))


def has(text: bytes) -> Fits:
    return Fits(lambda page: isinstance(page, bytes) and text in page)


ROWS = (
    Row(
        "GET /oauth/v2/auth",
        CONSENT,
        works=Answer(200, {"": has(b"Ben Carter")}),
        missing=error("invalid_response_type", at=CONSENT.replace("&response_type=code", "")),
        wrong=error("invalid_redirect_uri", at=CONSENT.replace(BACK, "nowhere")),
        unknown=error("invalid_client", at=CONSENT.replace("$client_id", "1000.NOBODY")),
    ),
    Row(
        "POST /oauth/v2/auth",
        CONSENT,
        form={"email": "ben.carter@zylker.example"},
        works=Answer(302, {"": has(b"http://localhost:9/back?code=1000.")}),
        missing=error("access_denied", form={}),
        wrong=error("invalid_scope", at=CONSENT.replace("ZohoInvoice.contacts.READ", "everything")),
        unknown=error("access_denied", form={"email": "nobody@zylker.example"}),
    ),
    Row(
        "POST /oauth/v2/introspect",
        "/oauth/v2/introspect",
        form={"token": "$token"},
        works=Answer(200, {"active": True, "user.email": "asha.rao@zylker.example", "user.is_admin": True}),
        missing=but(Answer(200, {"": {"active": False}}), form={}),
        wrong=but(Answer(200, {"": {"active": False}}), form={"token": "x"}),
        unknown=but(Answer(200, {"": {"active": False}}), form={"token": NEVER_ISSUED}),
    ),
    Row(
        "POST /oauth/v2/token",
        "/oauth/v2/token",
        form=REFRESH,
        works=Answer(
            200,
            {
                "access_token": Fits(lambda token: token.startswith("1000.")),
                "api_domain": "http://invoice.test",
                "token_type": "Bearer",
                "expires_in": 3600,
            },
        ),
        missing=error("unsupported_grant_type", form={**REFRESH, "grant_type": ""}),
        wrong=error("invalid_client_secret", form={**REFRESH, "client_secret": "x"}),
        unknown=error("invalid_code", form={**REFRESH, "refresh_token": NEVER_ISSUED}),
    ),
    Row(
        "POST /oauth/v2/token/revoke",
        "/oauth/v2/token/revoke",
        form={"token": "$spare_token"},
        works=Answer(200, {"": {"status": "success"}}),
        missing=error("invalid_token", form={}),
        wrong=error("invalid_token", form={"token": "x"}),
        unknown=error("invalid_token", form={"token": NEVER_ISSUED}),
    ),
    *(
        Row(
            f"{method} /apiauthtoken/nb/create",
            BEFORE,
            works=Answer(
                200, {"": Fits(lambda told: re.fullmatch(rb"#\nAUTHTOKEN=\w{32}\nRESULT=TRUE\n", told) is not None)}
            ),
            missing=cause("INVALID_SCOPE", "SCOPE=ZohoInvoice/invoiceapi&", ""),
            wrong=cause("INVALID_SCOPE", "invoiceapi", "everything"),
            unknown=(cause("NO_SUCH_USER", "ben.carter", "nobody"), cause("NO_SUCH_USER", "$world", "nowhere0")),
        )
        for method in ("GET", "POST")
    ),
)
