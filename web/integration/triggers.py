"""Trigger for other entities, its stages, and what a trigger does only when asked (guide: Entity Triggers; G1, G8)."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.errors import NotAllowed, Refused, ServiceUnreachable
from web.i18n import _, ngettext
from web.integration.blueprint import bp, connection, say
from web.integration.choices import TRIGGER_STAGES, TRIGGERS
from web.integration.saving import read, settle
from web.session import connector, crm, person

#: What names a stage of the CRM behind it.
STAGE = "stage:"
#: The states of a connection in which triggers go on.
ON = ("active", "paused")


@bp.get("/settings/triggers")
def settings_triggers() -> ResponseReturnValue:
    return _form(read()["triggers"])


@bp.post("/settings/triggers")
def settings_triggers_save() -> ResponseReturnValue:
    saved = read()["triggers"]
    document = request.form.get("document", "")
    changed: dict[str, Any] = {"document": document}
    stages = {act: request.form[act] for act in TRIGGER_STAGES if act in request.form}
    if document == "estimate" and stages:
        changed["estimate"] = stages
    chosen = {**saved, "document": document, "estimate": {**saved.get("estimate", {}), **stages}}
    return settle({"triggers": changed}, lambda **more: _form(chosen, **more))


@bp.post("/settings/triggers/won")
def settings_triggers_apply() -> ResponseReturnValue:
    """Apply to N won potentials; the connector takes it only while it is that number."""
    count = request.form.get("count", 0, type=int)
    try:
        connector().post("/connection/potentials/won/apply", {"count": count})
        told = ngettext(
            "The trigger is applied to %(num)s won potential.",
            "The trigger is applied to %(num)s won potentials.",
            count,
        )
        flash(told, "good")
    except NotAllowed:
        raise
    except Refused as error:
        say(error)
    return redirect(url_for("integration.settings_triggers"), 303)


def _form(triggers: dict[str, Any], effect: Any = None, error: Refused | None = None) -> str:
    return render_template(
        "integration/triggers.html",
        triggers=triggers,
        choices=TRIGGERS,
        stage_choices=_stage_choices(triggers.get("estimate") or {}),
        won=_won(),
        effect=effect,
        error=error,
    )


def _stage_choices(chosen: dict[str, str]) -> list[dict[str, Any]]:
    """For each act of the estimate trigger when it may happen: the word of its default, or a stage of the CRM."""
    stages = [(f"{STAGE}{stage}", _("Stage: %(stage)s", stage=stage)) for stage in _stages()]
    made = []
    for act, (label, words) in TRIGGER_STAGES.items():
        value = chosen.get(act) or words[0][0]
        options = [*words, *stages]
        if value not in dict(options):
            options.append((value, _("Stage: %(stage)s", stage=value.removeprefix(STAGE))))
        made.append({"act": act, "label": label, "value": value, "options": options})
    return made


def _stages() -> list[str]:
    """The stages of the CRM; none where the person may not look there, or nobody answers."""
    if not person().may_enter("crm"):
        return []
    try:
        fields = crm().get("/crm/v8/settings/fields", module="Deals")["fields"]
    except (Refused, ServiceUnreachable):
        return []
    stage: dict[str, Any] = next((field for field in fields if field["api_name"] == "Stage"), {})
    return [str(one["actual_value"]) for one in stage.get("pick_list_values") or () if one["actual_value"] != "-None-"]


def _won() -> int:
    """How many won potentials have no document, while a trigger is set that could make them."""
    found = connection()
    if not found or found["state"] not in ON or read()["triggers"]["document"] == "none":
        return 0
    return int(connector().get("/connection/potentials/won")["count"])
