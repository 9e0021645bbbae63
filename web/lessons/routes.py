"""Lessons: begun in the world one is signed in to, looked at by an administrator's eyes, not by the trainee's."""

from typing import cast

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from simulator.http import Outbound, PeerError
from simulator.hub import Hub, HubError
from simulator.lessons import FAILURES, GUIDE, LESSONS, Lesson, lesson_of
from simulator.lessons.progress import Progress
from simulator.lessons.sight import Access, IntegrationRefused, Refusal, Sight
from simulator.lessons.starting import CannotStart, begin, refusal
from web import session
from web.htmx import is_htmx
from web.i18n import _

bp = Blueprint("lessons", __name__, url_prefix="/control-room/lessons", template_folder="templates")

#: A lesson begins with a sync at most, of which the largest scenario's takes some minutes.
PATIENCE_SECONDS = 300


@bp.before_request
def stand_in_control_room() -> None:
    g.product, g.side = "control_room", "lessons.show"


@bp.get("")
def show() -> ResponseReturnValue:
    progress = _progress(session.world())
    parts = ((_("Procedures of the guide"), GUIDE), (_("What goes wrong"), FAILURES))
    scenario = _scenario(session.world())
    refused = {lesson.id for lesson in LESSONS.values() if refusal(lesson, scenario)}
    return render_template("lessons/list.html", parts=parts, progress=progress, refused=refused)


@bp.get("/trainees")
def trainees() -> ResponseReturnValue:
    """Each world with how far it has come; in a shared simulator only one's own."""
    is_shared = session.sessions().config.shared
    worlds = [world for world in _hub().worlds() if not is_shared or world["id"] == session.world()]
    rows = []
    for world in worlds:
        progress = _progress(world["id"])
        rows.append((world, progress, sum(progress.is_done(lesson) for lesson in LESSONS.values())))
    return render_template("lessons/trainees.html", rows=rows, lessons=LESSONS)


@bp.get("/<key:lesson_id>")
def show_one(lesson_id: str) -> ResponseReturnValue:
    """The page, and for a poll its steps alone; each look may tick some."""
    lesson, progress = _lesson(lesson_id), _progress(session.world())
    missing, trouble = None, None
    if progress.lesson == lesson.id and not progress.is_done(lesson):
        try:
            progress, missing = _look(lesson, progress)
        except (PeerError, IntegrationRefused, Refusal, HubError) as error:
            trouble = str(error)
            _accesses().pop(session.world(), None)  # its tokens may be those of a world that was there before
    known = {"lesson": lesson, "progress": progress, "missing": missing, "trouble": trouble}
    known["refused"] = refusal(lesson, _scenario(session.world())) if lesson.needs else None
    return render_template("lessons/_steps.html" if is_htmx(request) else "lessons/one.html", **known)


@bp.post("/<key:lesson_id>/begin")
def start(lesson_id: str) -> ResponseReturnValue:
    lesson, world = _lesson(lesson_id), session.world()
    try:
        if refused := refusal(lesson, _scenario(world)):
            raise CannotStart(refused)
        run = begin(_access(world), lesson.start, lambda: _hub().rest(world, PATIENCE_SECONDS))
        session.sessions().forget(world)
        _hub().note_progress(world, _progress(world).begun(lesson, run).noted())
    except (CannotStart, HubError, PeerError) as error:
        flash(str(error), "bad")
    return redirect(url_for("lessons.show_one", lesson_id=lesson.id), 303)


def _look(lesson: Lesson, progress: Progress) -> tuple[Progress, str | None]:
    looked, missing = progress.looked(lesson, Sight(_access(session.world()), progress.since, progress.run))
    if looked != progress:
        _hub().note_progress(session.world(), looked.noted())
    return looked, missing


def _lesson(lesson_id: str) -> Lesson:
    return lesson_of(lesson_id) or abort(404)


def _progress(world: str) -> Progress:
    return Progress.of(_hub().progress(world))


def _scenario(world: str) -> str:
    return next((str(one["scenario"]) for one in _hub().worlds() if one["id"] == world), "")


def _hub() -> Hub:
    return cast(Hub, current_app.extensions["hub"])


def _access(world: str) -> Access:
    """The eyes of the lessons in a world; made once, for their tokens are kept."""
    known = _accesses()
    if world not in known:
        known[world] = Access(_hub(), cast(Outbound, current_app.extensions["outbound"]), world)
    return known[world]


def _accesses() -> dict[str, Access]:
    known: dict[str, Access] = current_app.extensions.setdefault("lesson_access", {})
    return known
