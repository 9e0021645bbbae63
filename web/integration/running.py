"""Running a sync: Instant Sync with its progress, Pause and Resume (guide: Auto-Sync and other options)."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.errors import NotAllowed, Refused
from web.htmx import is_htmx
from web.i18n import _
from web.integration.blueprint import bp, connection, say
from web.session import connector

RUNNING = ("queued", "running")


@bp.post("/sync")
def sync() -> ResponseReturnValue:
    run: dict[str, Any] | None = None
    try:
        run = connector().post("/connection/runs", {"kind": "instant"} | _wanted())["run"]
    except NotAllowed:
        raise
    except Refused as error:
        if is_htmx(request):
            return _widget(None, refused=error.message)
        say(error)
    if is_htmx(request):
        return _widget(run)
    return redirect(url_for("integration.settings"), 303)


def _wanted() -> dict[str, str]:
    """The section a button stands in, without one everything (S8); `full` where deletions are to be found too."""
    return {name: request.form[name] for name in ("section", "reading") if request.form.get(name)}


@bp.post("/preview")
def preview() -> ResponseReturnValue:
    """Plans a sync without doing it; the page of the run shows the plan and applies it (S6)."""
    try:
        run = connector().post("/connection/runs", {"kind": "dry"})["run"]
    except NotAllowed:
        raise
    except Refused as error:
        say(error)
        return redirect(url_for("integration.settings"), 303)
    return redirect(url_for("integration.runs_record", run_id=run["id"]), 303)


@bp.get("/progress")
def progress() -> ResponseReturnValue:
    """The widget of the sync; while a run is named it tells of that one to its end."""
    if not is_htmx(request):
        return redirect(url_for("integration.settings"), 303)
    asked = request.args.get("run")
    return _widget(connector().get(f"/connection/runs/{asked}")["run"] if asked else None)


@bp.post("/pause")
def pause() -> ResponseReturnValue:
    return _switch("pause", _("The sync is paused. A sync under way completes first."))


@bp.post("/resume")
def resume() -> ResponseReturnValue:
    return _switch("resume", _("Auto sync and Instant Sync are on again."))


def _switch(act: str, done: str) -> ResponseReturnValue:
    try:
        connector().post(f"/connection/{act}")
        flash(done, "good")
    except NotAllowed:
        raise
    except Refused as error:
        say(error)
    return redirect(url_for("integration.settings"), 303)


def _widget(run: dict[str, Any] | None, refused: str | None = None) -> str:
    now = connection()
    return render_template("integration/_sync_progress.html", connection=now, refused=refused, **states(now, run))


def states(found: dict[str, Any] | None, run: dict[str, Any] | None = None) -> dict[str, Any]:
    """What the widget shows: the run under way, or the one that has just ended."""
    run = run or (found or {}).get("active_run")
    is_running = bool(run) and (run or {}).get("state") in RUNNING
    return {"run": run if is_running else None, "ended": None if is_running else run}
