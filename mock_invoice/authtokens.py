"""Tokens of the kind there was before OAuth: `authtoken=` in the query or the form (invoice-api.md §1.2).

The vendor gives them for an email and a password. The address says nothing of a world: where there are several, ours
is named by the parameter `world`. The words of the answer are [MEM].
"""

from flask import Blueprint, Response, current_app, request

from simulator.accounts.routes import password_fits
from simulator.accounts.scopes import ALL_SCOPES
from simulator.accounts.tokens import issue_authtoken
from simulator.openapi import Content, Parameter, documented
from simulator.shapes import TEXT, choice
from simulator.worlds import UnknownWorld

bp = Blueprint("authtokens", __name__)
SCOPES = ("zohoinvoice/invoiceapi", "zohobooks/booksapi")


_TAKES = (
    Parameter(
        "SCOPE", "Of which product; either is good for both.", choice("ZohoInvoice/invoiceapi", "ZohoBooks/booksapi")
    ),
    Parameter("EMAIL_ID", "Whose token it is to be."),
    Parameter("PASSWORD", "The password, where one is set (`--shared`)."),
    Parameter("world", "Ours: which world, where there are several."),
)


@bp.route("/apiauthtoken/nb/create", methods=["GET", "POST"])
@documented(*_TAKES, _200=Content({"text/plain": TEXT}))
def create_authtoken() -> Response:
    """What it takes may stand in a form too. A refusal comes with status 200 and its cause."""
    worlds = current_app.extensions["worlds"]
    known = worlds.ids()
    world_id = request.values.get("world") or (known[0] if len(known) == 1 else "")
    if request.values.get("SCOPE", "").lower() not in SCOPES:
        return _refused("INVALID_SCOPE")
    if not password_fits(request.values.get("PASSWORD")):
        return _refused("INVALID_PASSWORD")
    try:
        with worlds.transaction(world_id):
            user = current_app.extensions["directory"].find_user(request.values.get("EMAIL_ID", ""))
            if user is None or not user.is_active:
                return _refused("NO_SUCH_USER")
            return _told(f"AUTHTOKEN={issue_authtoken(user.id, ALL_SCOPES)}\nRESULT=TRUE")
    except UnknownWorld:
        return _refused("NO_SUCH_USER")


def _refused(cause: str) -> Response:
    return _told(f"CAUSE={cause}\nRESULT=FALSE")


def _told(text: str) -> Response:
    return Response(f"#\n{text}\n", mimetype="text/plain")
