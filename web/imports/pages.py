"""The pages of an import: choose a file, preview, import, report. Nothing is written before somebody says Import."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from simulator.csv_import.reading import ImportRefused, Sheet
from simulator.csv_import.running import Tally, run
from web.errors import NoEntry, Refused, ServiceUnreachable, SignInNeeded
from web.gateway import as_pages_tell
from web.i18n import _
from web.imports import files, kept
from web.imports.choices import DATES, EXAMPLES, Choices, chosen, dates_of, guessed, wrong_with
from web.imports.door import Door, Into
from web.imports.kept import Kept
from web.imports.told import as_report, column_rows, first_rows, refused_file, refused_rows

#: As many refused lines and records as a page lists; the file has all of them.
SHOWN = 200


def _choose(door: Door) -> ResponseReturnValue:
    with as_pages_tell(door.product):
        into = door.open()
    return _chooser(door, into)


def _chooser(door: Door, into: Into, problem: str = "") -> str:
    required = [into.labels[name] for name in into.target.required]
    limits = {"lines": files.MOST_LINES, "megabytes": files.LARGEST // files.MEGABYTE}
    return render_template("imports/choose.html", door=door, required=required, limits=limits, problem=problem)


def _take(door: Door) -> ResponseReturnValue:
    """Looks at the file that was chosen and keeps it, or says in place what is wrong with it."""
    with as_pages_tell(door.product):
        into = door.open()
    part = request.files.get("file")
    try:
        if part is None or not part.filename:
            raise ImportRefused(_("Choose a file first."))
        text = files.text_of(part.read(files.LARGEST + 1))
        files.sheet_of(text, part.filename)
    except ImportRefused as refused:
        return _chooser(door, into, str(refused)), 422
    return redirect(door.at("_preview", key=kept.keep(door.endpoint, part.filename, text)), 303)


def _preview(door: Door, key: str) -> ResponseReturnValue:
    file = _kept(door, key)
    if file.report or kept.is_claimed(key):
        return redirect(door.at("_report", key=key), 303)
    with as_pages_tell(door.product):
        return _previewed(door, file, *_opened(door, file, request.args))


def _opened(door: Door, file: Kept, asked: Mapping[str, str]) -> tuple[Into, Sheet, Choices]:
    """The importer, the file and what is chosen for it."""
    into, sheet = door.open(), Sheet(file.text, file.name)
    offered = [value for value, _label, _explanation in door.duplicates]
    guess = guessed(sheet.header, into.target.headers, offered[0])
    if dated := [place for place, name in guess.matched.items() if name in into.dates]:
        cells = [row.cells[place].strip() for row in sheet.rows() if not row.problem for place in dated]
        guess = Choices(guess.columns, guess.duplicates, dates_of([cell for cell in cells if cell]), guess.adds_values)
    choices = chosen(asked, guess, into.labels, offered)
    into.target.plan = choices.plan(into.picklists)
    return into, sheet, choices


def _previewed(door: Door, file: Kept, into: Into, sheet: Sheet, choices: Choices) -> ResponseReturnValue:
    wrong = wrong_with(choices, into.target, into.labels)
    tally = None if wrong else _tried(into, sheet, choices)
    page = render_template(
        "imports/preview.html",
        door=door,
        file=file,
        into=into,
        choices=choices,
        columns=column_rows(sheet, choices),
        has_dates=any(name in into.dates for name in choices.columns),
        has_picklists=any(name in into.picklists for name in choices.columns),
        forms=DATES,
        wrong=wrong,
        tally=tally,
        first=first_rows(sheet, choices, into.labels, tally) if tally else None,
        refused=_refused_rows(into, choices, tally) if tally else [],
        shown=SHOWN,
    )
    return (page, 422) if wrong and request.args else page


def _tried(into: Into, sheet: Sheet, choices: Choices) -> Tally:
    """What the import would do."""
    tally = Tally()
    run(into.target, sheet.lines(choices.matched), tally, is_dry=True)
    return tally


def _refused_rows(into: Into, choices: Choices, tally: Tally) -> list[dict[str, Any]]:
    return refused_rows(tally.rejected, into.labels, {choices.dates: EXAMPLES[choices.dates]})


def _look(door: Door, key: str) -> ResponseReturnValue:
    """The choices of the form go into the address of the preview."""
    file = _kept(door, key)
    with as_pages_tell(door.product):
        _into, _sheet, choices = _opened(door, file, request.form)
    return redirect(door.at("_preview", key=key, **choices.query), 303)


def _start(door: Door, key: str) -> ResponseReturnValue:
    """Imports what was previewed, once; choices that have not been previewed are shown first."""
    file = _kept(door, key)
    with as_pages_tell(door.product):
        into, sheet, choices = _opened(door, file, request.form)
    if wrong_with(choices, into.target, into.labels) or request.form.get("previewed") != choices.seal:
        flash(_("You changed something after this preview. Look at it again, then import."), "attention")
        return redirect(door.at("_preview", key=key, **choices.query), 303)
    if kept.claim(key):
        kept.note(file, _import(door, key, into, sheet, choices))
    return redirect(door.at("_report", key=key), 303)


def _import(door: Door, key: str, into: Into, sheet: Sheet, choices: Choices) -> dict[str, Any]:
    """The report; an import that breaks off tells how far it came, one that wrote nothing may be tried again."""
    tally, stopped = Tally(), ""
    try:
        with as_pages_tell(door.product):
            run(into.target, sheet.lines(choices.matched), tally, is_dry=False)
    except (Refused, ServiceUnreachable, NoEntry, SignInNeeded) as error:
        written = tally.so_far(getattr(error.__cause__, "may_have_worked", False))
        if not written:
            kept.release(key)
            raise
        stopped = f"{_why(error)}{written}"
    return as_report(tally, _refused_rows(into, choices, tally), stopped)


def _why(error: Exception) -> str:
    if isinstance(error, Refused):
        return _("%(product)s refused it: %(message)s.", product=error.product, message=error.message)
    if isinstance(error, ServiceUnreachable):
        return _("%(product)s did not answer: %(reason)s.", product=error.product, reason=error.reason)
    return _("Your sign-in has ended.")


def _report(door: Door, key: str) -> ResponseReturnValue:
    file = _kept(door, key)
    if not file.report and not kept.is_claimed(key):
        return redirect(door.at("_preview", key=key), 303)
    return render_template("imports/report.html", door=door, file=file, report=file.report, shown=SHOWN)


def _refused(door: Door, key: str) -> Response:
    """The refused lines as a CSV: of the import, or before it of what the preview shows."""
    file = _kept(door, key)
    if file.report:
        rows = file.report["refused"]
    else:
        with as_pages_tell(door.product):
            into, sheet, choices = _opened(door, file, request.args)
            rows = _refused_rows(into, choices, _tried(into, sheet, choices))
    return refused_file(door.endpoint, Sheet(file.text, file.name), rows)


def _kept(door: Door, key: str) -> Kept:
    return kept.kept_of(door.endpoint, key) or abort(404)


ROUTES: tuple[tuple[str, str, str, Callable[..., ResponseReturnValue]], ...] = (
    ("", "", "GET", _choose),
    ("_take", "", "POST", _take),
    ("_preview", "/<key:key>", "GET", _preview),
    ("_start", "/<key:key>", "POST", _start),
    ("_look", "/<key:key>/preview", "POST", _look),
    ("_report", "/<key:key>/report", "GET", _report),
    ("_refused", "/<key:key>/refused.csv", "GET", _refused),
)


def add_routes(bp: Blueprint, door: Door) -> None:
    """The pages of a door below the address of its list."""
    name = door.endpoint.removeprefix(f"{bp.name}.")
    for page, path, method, view in ROUTES:
        bp.add_url_rule(f"/{name}/import{path}", f"{name}_import{page}", partial(view, door), methods=[method])
