"""What can go wrong between a page and the three APIs, and the calm page that tells it."""

import dataclasses
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, current_app, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from web.i18n import _

PRODUCTS = {"crm": "Zoho CRM", "invoice": "Zoho Invoice", "connector": "The integration"}


@dataclass(eq=False)
class ServiceUnreachable(Exception):
    """The service does not answer, or fails."""

    service: str
    reason: str = ""

    @property
    def product(self) -> str:
        return PRODUCTS[self.service]


@dataclass(eq=False)
class Refused(Exception):
    """The service understood and said no; `message` is what it said."""

    service: str
    status: int
    message: str
    code: str = ""
    field: str | None = None
    details: dict[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def product(self) -> str:
        return PRODUCTS[self.service]


class NotAllowed(Refused):
    """The person lacks a permission (403)."""

    @property
    def permissions(self) -> list[str]:
        """The permissions the service named, in words: Crm_Implied_View_Accounts is *View Accounts*."""
        named = self.details.get("permissions") or []
        return [str(name).removeprefix("Crm_Implied_").replace("_", " ") for name in named]


class NotFound(Refused):
    """There is no such record (404)."""


class NotConnected(Refused):
    """The products are not connected yet."""


class ReconnectNeeded(Refused):
    """Zoho CRM has withdrawn the access of the integration (requirement K3)."""


class TokenRefused(NotAllowed):
    """A fresh token was refused too (401): the person was deactivated, or Invoice's role does not allow this."""


@dataclass(eq=False)
class NoEntry(Exception):
    """The person has no user in this product."""

    service: str
    person: str

    @property
    def product(self) -> str:
        return PRODUCTS["invoice" if self.service == "connector" else self.service]


class SignInNeeded(Exception):
    """Nobody is signed in, or the sign-in has ended."""


def register(app: Flask) -> None:
    """Each situation has one page."""
    app.register_error_handler(ServiceUnreachable, _unreachable)
    app.register_error_handler(NotAllowed, _not_allowed)
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(NotConnected, _not_connected)
    app.register_error_handler(ReconnectNeeded, _reconnect_needed)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(NoEntry, _no_entry)
    app.register_error_handler(SignInNeeded, _sign_in)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _plain)


def _unreachable(error: ServiceUnreachable) -> tuple[str, int]:
    return render_template("errors/unreachable.html", error=error), 503


def _not_allowed(error: NotAllowed) -> tuple[str, int]:
    return render_template("errors/not_allowed.html", error=error), 403


def _not_found(error: NotFound) -> tuple[str, int]:
    return _message(_("Not found"), error.message, 404)


def _not_connected(error: NotConnected) -> tuple[str, int]:
    return render_template("integration/not_connected.html", title=_("Integration")), 409


def _reconnect_needed(error: ReconnectNeeded) -> tuple[str, int]:
    return render_template("integration/reconnect_needed.html", title=_("Integration"), error=error), 409


def _refused(error: Refused) -> tuple[str, int]:
    # A record id that leads nowhere is 400 at the CRM; on a page it is simply not there.
    if error.code == "INVALID_DATA" and "id given" in error.message:
        return _message(_("Not found"), _("There is no such record. It may have been deleted."), 404)
    return render_template("errors/refused.html", error=error), 422


def _no_entry(error: NoEntry) -> tuple[str, int]:
    return render_template("errors/no_entry.html", error=error), 403


def _sign_in(error: Exception) -> Response | tuple[str, int, dict[str, str]]:
    target = url_for("signin.show", next=request.full_path.rstrip("?") if request.method == "GET" else None)
    if request.headers.get("HX-Request"):
        return "", 200, {"HX-Redirect": target}
    return redirect(target, 303)  # type: ignore[return-value]


def _stale_form(error: CSRFError) -> tuple[str, int]:
    text = _("This form was open for too long or in another sign-in. Go back, reload the page and send it again.")
    return _message(_("The form is out of date"), text, 400)


def _plain(error: HTTPException) -> tuple[str, int] | HTTPException:
    if request.path.startswith(("/_sim", "/static", "/assets")):
        return error
    if error.code == 404:
        return _message(_("Not found"), _("There is no page at this address."), 404)
    if error.code == 413:
        most = current_app.config["MAX_CONTENT_LENGTH"] // (1024 * 1024)
        return _message(
            _("Too large"), _("At most %(most)s MB can be sent at once. Nothing was taken.", most=most), 413
        )
    return _message(error.name, error.description or "", error.code or 500)


def _message(title: str, text: str, status: int) -> tuple[str, int]:
    return render_template("errors/message.html", title=title, text=text), status
