"""The door: who one is, and in which world."""

from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from web import session
from web.i18n import _

bp = Blueprint("signin", __name__, template_folder="templates")


@bp.get("/")
def home() -> ResponseReturnValue:
    """The integration, where the person may see it and it is the simulator's; else the CRM."""
    is_ours = "connector" not in session.sessions().config.without
    if is_ours and session.person().may_enter("connector"):
        return redirect(url_for("integration.dashboard"), 303)
    return redirect(url_for("crm.start"), 303)


@bp.get("/sign-in")
def show() -> ResponseReturnValue:
    return _page()


@bp.post("/sign-in")
def enter() -> ResponseReturnValue:
    world, email = request.form.get("world", ""), request.form.get("email", "").strip().lower()
    password = request.form.get("password") if session.sessions().config.shared else None
    if not session.sessions().sign_in(world, email, password):
        text = _("This email and password do not fit.") if password is not None else _("This person cannot sign in.")
        return _page(error=text), 422
    cookie.clear()
    cookie["world"], cookie["email"] = world, email
    return redirect(_local(request.form.get("next")) or url_for("signin.home"), 303)


@bp.post("/sign-out")
def leave() -> ResponseReturnValue:
    session.sessions().sign_out(session.world(), str(cookie.get("email", "")))
    cookie.clear()
    return redirect(url_for("signin.show"), 303)


def _page(error: str | None = None) -> str:
    store = session.sessions()
    worlds = store.worlds()
    asked = request.values.get("world") or cookie.get("world")
    world = asked if asked in worlds else (worlds[0] if worlds else None)
    return render_template(
        "signin/sign_in.html",
        worlds=worlds,
        world=world,
        people=[] if store.config.shared or world is None else store.people(world),
        is_shared=store.config.shared,
        email=request.form.get("email", ""),
        next=_local(request.values.get("next")) or "",
        error=error,
    )


def _local(address: str | None) -> str | None:
    """The address when it is one of ours; a sign-in never leads elsewhere."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return None
    parts = urlsplit(address)
    return address if not parts.scheme and not parts.netloc else None
