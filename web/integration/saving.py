"""Saving the settings: what a change stops and starts is shown before, what the connector remarks after (S3)."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from web.errors import NotAllowed, Refused
from web.i18n import _
from web.session import connector

Page = Callable[..., str]


@dataclass(frozen=True)
class Effect:
    """What a change would stop and what it would start with the next sync."""

    stops: list[str]
    starts: list[str]

    @property
    def key(self) -> str:
        """What a form carries that has shown this."""
        return hashlib.sha256("\n".join(self.stops).encode()).hexdigest()[:16]

    @property
    def is_unseen(self) -> bool:
        """Whether something stops that the form sent has not shown."""
        return bool(self.stops) and request.form.get("effect") != self.key


def read() -> dict[str, Any]:
    """The settings as they are saved."""
    return dict(connector().get("/connection/settings")["settings"])


def save(changed: dict[str, Any]) -> None:
    """Saves a section and tells what the connector remarks on it."""
    answer = connector().put("/connection/settings", changed)
    flash(_("Saved. It applies from the next sync on."), "good")
    for notice in answer.get("notices") or []:
        flash(notice, "attention")


def effect_of(changed: dict[str, Any]) -> Effect:
    """What a change would do, of which nothing is saved."""
    answer = connector().post("/connection/settings/effect", changed)
    return Effect(answer["stops"], answer["starts"])


def settle(changed: dict[str, Any], page: Page) -> ResponseReturnValue:
    """Saves what a form changes, or shows its effect: when asked to, and before anything stops unseen.

    Args:
        page: makes the form's page again, with an `effect` or an `error`.
    """
    try:
        effect = effect_of(changed)
        if request.form.get("go") == "effect" or effect.is_unseen:
            return page(effect=effect)
        save(changed)
    except NotAllowed:
        raise
    except Refused as error:
        return page(error=error), 422
    return redirect(url_for("integration.settings"), 303)
