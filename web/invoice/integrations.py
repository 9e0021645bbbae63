"""Settings → Integrations → Zoho Apps (K1)."""

from flask import render_template
from flask.typing import ResponseReturnValue

from web.errors import ServiceUnreachable
from web.invoice.api import bp
from web.session import connector


@bp.get("/settings/integrations/zoho-apps")
def zoho_apps() -> ResponseReturnValue:
    connection, is_reachable = None, True
    try:
        connection = connector().get("/connection")["connection"]
    except ServiceUnreachable:
        is_reachable = False
    return render_template("invoice/zoho_apps.html", connection=connection, is_reachable=is_reachable)
