"""Saving a form of Invoice's records, and the acts on a record: told on the page one comes back to."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from web.errors import NotAllowed, NotFound, Refused
from web.i18n import _
from web.invoice import inputs
from web.invoice.inputs import Sections

Record = dict[str, Any]


def show_form(
    title: str, crumbs: Sequence[tuple[str, str]], sections: Sections, *, side: str, problem: str = ""
) -> str:
    """A form page; it is sent to its own address, and Cancel leads to the last crumb."""
    g.side = side
    return render_template("invoice/form.html", title=title, crumbs=crumbs, sections=sections, problem=problem)


def save_form(
    title: str,
    crumbs: Sequence[tuple[str, str]],
    sections: Sections,
    *,
    side: str,
    send: Callable[[Record], Record],
    then: Callable[[Record], str],
) -> ResponseReturnValue:
    """Saves what was entered, or shows the form again with what is wrong.

    Args:
        send: makes the call; its answer has the message that is told.
        then: where to go after that answer.
    """
    entered = inputs.entered(sections, request.form)
    errors, problem = inputs.missing(entered), ""
    if not errors:
        try:
            answer = send(inputs.read(sections, request.form))
            flash(str(answer.get("message") or _("Saved.")), "good")
            return redirect(then(answer), 303)
        except (NotAllowed, NotFound):
            raise
        except Refused as error:
            errors, problem = inputs.refused(sections, error)
    return show_form(title, crumbs, inputs.told(entered, errors), side=side, problem=problem), 422


def act(
    call: Callable[[], Record], to: str | Callable[[Record], str], otherwise: str | None = None
) -> ResponseReturnValue:
    """Does something with a record and goes on; a refusal is told where one came from.

    Args:
        to: where to, which may depend on the answer; then `otherwise` says where a refusal is told.
    """
    try:
        answer = call()
        flash(str(answer.get("message") or _("Done.")), "good")
    except (NotAllowed, NotFound):
        raise
    except Refused as error:
        flash(error.message, "bad")
        return redirect(otherwise or str(to), 303)
    return redirect(to if isinstance(to, str) else to(answer), 303)
