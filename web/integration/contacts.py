"""The five steps of syncing contacts (guide: Sync contacts); the cookie keeps the choices until the last one saves."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from web.errors import NotAllowed, Refused
from web.i18n import _
from web.integration import mapping
from web.integration.blueprint import bp, connection
from web.integration.choices import CONTACTS_MATCHED_BY, DUPLICATES, EXTENTS, MODULES, Choice, labels
from web.integration.saving import Effect, effect_of, read, save
from web.session import connector

STEPS = {
    "module": _("Module"),
    "extent": _("Extent of the sync"),
    "duplicates": _("Duplicate records"),
    "view": _("View"),
    "mapping": _("Mapping fields"),
}
#: Steps that ask for one choice, and the choices.
CHOICES: dict[str, tuple[Choice, ...]] = {"module": MODULES, "extent": EXTENTS, "duplicates": DUPLICATES}
#: Module chosen -> which CRM modules a view is chosen of.
VIEWED = {
    "accounts": ("account",),
    "contacts": ("contact",),
    "accounts_and_contacts": ("account", "contact"),
}
CRM_MODULES = {"account": "Accounts", "contact": "Contacts"}
DRAFT = "contacts_draft"
SAVED = ("module", "extent", "duplicates", "match_by", "account_view", "contact_view", "mapping")
#: Only contacts of the CRM that become customers can be matched by something else than their name.
MATCHED = "contacts"


@bp.get("/settings/contacts")
def settings_contacts() -> ResponseReturnValue:
    """Begins anew with what is saved."""
    cookie[DRAFT] = read()["contacts"]
    return redirect(url_for("integration.settings_contacts_step", step="module"), 303)


@bp.get("/settings/contacts/<step>")
def settings_contacts_step(step: str) -> ResponseReturnValue:
    if step == "done":
        return render_template("integration/contacts_done.html")
    return _page(step, _draft())


@bp.post("/settings/contacts/<step>")
def settings_contacts_choose(step: str) -> ResponseReturnValue:
    """Keeps what was chosen, then goes on, back, or shows the preview. Back asks for nothing, so nothing is lost."""
    if step not in STEPS:
        abort(404)
    draft = {**_draft(), **_chosen(step)}
    go = request.form.get("go", "next")
    if go in ("preview", "effect"):
        return _page(step, draft, previews=mapping.previews(draft) if go == "preview" else [])
    cookie[DRAFT] = draft
    if go == "back":
        return _to(_neighbour(step, -1))
    if missing := _missing(step, draft):
        return _page(step, draft, error=missing), 422
    if step != "mapping":
        return _to(_neighbour(step, 1))
    return _finish(draft)


def _finish(draft: dict[str, Any]) -> ResponseReturnValue:
    try:
        effect = _effect(draft)
        if effect and effect.is_unseen:
            return _page("mapping", draft)
        save(_changed(draft))
    except NotAllowed:
        raise
    except Refused as error:
        return _page(_step_of(error.field), draft, error=error.message), 422
    cookie.pop(DRAFT, None)
    return _to("done")


def _changed(draft: dict[str, Any]) -> dict[str, Any]:
    return {"contacts": {**{key: draft.get(key) for key in SAVED}, "match_by": _match_by(draft)}}


def _effect(draft: dict[str, Any]) -> Effect | None:
    """What saving the draft would stop and start; nothing does before the first set-up."""
    found = connection()
    return effect_of(_changed(draft)) if found and found["is_configured"] else None


def _effect_or_none(draft: dict[str, Any]) -> Effect | None:
    """The effect to show; a draft that would be refused has none, and saving it says why."""
    try:
        return _effect(draft)
    except NotAllowed:
        raise
    except Refused:
        return None


def _step_of(field: str | None) -> str:
    """The step a refused setting was chosen in."""
    name = (field or "").rsplit(".", 1)[-1]
    return "view" if name.endswith("_view") else name if name in STEPS else "mapping"


def _match_by(draft: dict[str, Any]) -> str:
    return str(draft.get("match_by") or "name") if draft.get("module") == MATCHED else "name"


def _draft() -> dict[str, Any]:
    if DRAFT not in cookie:
        cookie[DRAFT] = read()["contacts"]
    return dict(cookie[DRAFT])


def _chosen(step: str) -> dict[str, Any]:
    """What the form of a step says."""
    form = request.form
    if step == "view":
        return {key: form[key] for key in ("account_view", "contact_view") if key in form}
    if step == "mapping":
        return {"mapping": mapping.from_form(form, dict(_draft().get("mapping") or {}))}
    return {key: form[key] for key in (step, *(["match_by"] if step == "duplicates" else [])) if key in form}


def _missing(step: str, draft: dict[str, Any]) -> str | None:
    """Why one cannot go on from a step, if so."""
    if step in CHOICES:
        known = {choice.value for choice in CHOICES[step]}
        return None if draft.get(step) in known else _("Choose one to go on.")
    if step == "view":
        unchosen = [entity for entity in VIEWED[draft["module"]] if not draft.get(f"{entity}_view")]
        return _("Choose a view to go on.") if unchosen else None
    return mapping.unmapped_required(draft)


def _page(step: str, draft: dict[str, Any], **more: Any) -> str:
    if step not in STEPS:
        abort(404)
    views = _views(draft) if step == "view" or draft.get("account_view") or draft.get("contact_view") else {}
    return render_template(
        f"integration/contacts_{step if step in ('view', 'mapping') else 'choice'}.html",
        step=step,
        step_title=STEPS[step],
        steps=_steps(step, draft),
        previous=_neighbour(step, -1),
        draft=draft,
        choices=CHOICES.get(step),
        matched_by=CONTACTS_MATCHED_BY if step == "duplicates" and draft.get("module") == MATCHED else (),
        match_by=_match_by(draft),
        views=views,
        chosen=_so_far(draft, views),
        tables=mapping.tables(draft) if step == "mapping" else [],
        effect=_effect_or_none(draft) if step == "mapping" else None,
        **more,
    )


def _views(draft: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    wanted = VIEWED.get(str(draft.get("module")), ())
    return {entity: connector().get("/connection/views", module=CRM_MODULES[entity])["views"] for entity in wanted}


def _so_far(draft: dict[str, Any], views: dict[str, list[dict[str, Any]]]) -> list[tuple[str, str | None]]:
    pairs: list[tuple[str, str | None]] = [
        (STEPS[step], labels(choices).get(str(draft.get(step)))) for step, choices in CHOICES.items()
    ]
    pairs.append((_("Matched by"), labels(CONTACTS_MATCHED_BY).get(_match_by(draft))))
    for entity in VIEWED.get(str(draft.get("module")), ()):
        names = {str(view["id"]): view["name"] for view in views.get(entity, ())}
        title = _("Account view") if entity == "account" else _("Contact view")
        pairs.append((title, names.get(str(draft.get(f"{entity}_view")))))
    return pairs


def _steps(current: str, draft: dict[str, Any]) -> list[dict[str, Any]]:
    order = list(STEPS)
    here = order.index(current)
    return [
        {
            "key": key,
            "label": label,
            "is_done": place < here,
            "href": url_for("integration.settings_contacts_step", step=key)
            if all(not _missing(before, draft) for before in order[:place])
            else None,
        }
        for place, (key, label) in enumerate(STEPS.items())
    ]


def _neighbour(step: str, by: int) -> str | None:
    order = list(STEPS)
    place = order.index(step) + by
    return order[place] if 0 <= place < len(order) else None


def _to(step: str | None) -> ResponseReturnValue:
    return redirect(url_for("integration.settings_contacts_step", step=step or "module"), 303)
