"""Setup → Developer Space → APIs: the CRM's one ZSC key, shown in full once (K3)."""

import secrets
import threading
from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from web.crm.blueprint import bp
from web.errors import NotAllowed
from web.i18n import _
from web.session import crm

PATH = "/crm/v8/settings/zsc_key"
KEPT = 100


class OnceShown:
    """Keys on their way from the answer that made them to the one page that shows them, never by cookie or address."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: dict[str, str] = {}

    def keep(self, key: str) -> str:
        """A ticket for the key."""
        ticket = secrets.token_urlsafe(16)
        with self._lock:
            while len(self._keys) >= KEPT:
                self._keys.pop(next(iter(self._keys)))
            self._keys[ticket] = key
        return ticket

    def take(self, ticket: str) -> str | None:
        with self._lock:
            return self._keys.pop(ticket, None)


def once_shown() -> OnceShown:
    kept: OnceShown = current_app.extensions.setdefault("web_keys_once_shown", OnceShown())
    return kept


@bp.get("/setup/developer-space/apis")
def zsc_key() -> ResponseReturnValue:
    fresh = once_shown().take(cookie.pop("zsc_ticket", ""))
    try:
        key = crm().get(PATH)["zsc_key"]
    except NotAllowed as error:
        return render_template("crm/zsc_key.html", refused=error, key=None, fresh=None), 403
    return render_template("crm/zsc_key.html", key=key and _shown(key), fresh=fresh, refused=None)


def _shown(key: dict[str, Any]) -> dict[str, Any]:
    names = [": ".join(filter(None, (one["name"], one["organization"]))) for one in key["connections"]]
    return {**key, "ends": str(key["ends"]).lstrip("…"), "connections": names}


@bp.post("/setup/developer-space/apis")
def zsc_key_generate() -> ResponseReturnValue:
    made = crm().post(PATH)["zsc_key"]
    cookie["zsc_ticket"] = once_shown().keep(made["key"])
    return redirect(url_for("crm.zsc_key"), 303)


@bp.post("/setup/developer-space/apis/revoke")
def zsc_key_revoke() -> ResponseReturnValue:
    crm().delete(PATH)
    flash(_("The ZSC key has been revoked. Connections that stood on it need a new one."), "good")
    return redirect(url_for("crm.zsc_key"), 303)
