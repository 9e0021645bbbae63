"""Faults on demand: rules of all services with their counters, from a list or written, on, off and away (X5)."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from simulator.hub import HubError
from web import session
from web.control_room.blueprint import acted, bp, hub
from web.control_room.fault_list import READY
from web.i18n import _

KINDS = {
    "latency": _("Latency: a wait before or after the work"),
    "timeout": _("Timeout: the answer comes too late"),
    "status": _("An error status"),
    "rate_limit": _("Rate limit: 429 with Retry-After"),
    "cut": _("The connection drops"),
    "malformed": _("JSON that is broken"),
    "drip": _("The answer comes in drops"),
}
SERVICES = {"crm": _("Zoho CRM"), "invoice": _("Zoho Invoice"), "connector": _("The integration")}
#: Fields of a rule as one writes it: those that are text, whole numbers and shares. Empty ones are left to the rule.
TEXTS = ("kind", "method", "route", "path", "when", "code")
NUMBERS = ("status", "milliseconds", "retry_after", "times", "skip", "every", "nth", "seed")
SHARES = ("probability", "seconds")


@bp.get("/faults")
def faults() -> ResponseReturnValue:
    return _page({})


@bp.post("/faults")
def faults_write() -> ResponseReturnValue:
    """Adds a rule as it is written; one that is refused stands in the form again."""
    try:
        rule = _written()
        hub().add_fault(session.world(), request.form.get("service", ""), rule)
    except (HubError, ValueError) as error:
        flash(str(error), "bad")
        return _page(request.form.to_dict()), 422
    flash(_("The rule is on."), "good")
    return redirect(url_for("control_room.faults"), 303)


@bp.post("/faults/ready")
def faults_ready() -> ResponseReturnValue:
    ready = READY.get(request.form.get("ready", ""))
    if ready is None:
        flash(_("There is no such fault in the list."), "bad")
        return redirect(url_for("control_room.faults"), 303)
    done = _("%(title)s: the rule is on.", title=ready.title)
    return acted(lambda: hub().add_fault(session.world(), ready.service, ready.rule), done, "faults")


@bp.post("/faults/off")
def faults_off() -> ResponseReturnValue:
    return acted(lambda: hub().switch_faults(session.world(), False), _("All faults are off."), "faults")


@bp.post("/faults/clear")
def faults_clear() -> ResponseReturnValue:
    return acted(lambda: hub().clear_faults(session.world()), _("All faults are gone."), "faults")


@bp.post("/faults/<key:service>/<key:fault_id>/<any(on, off, delete):act>")
def faults_one(service: str, fault_id: str, act: str) -> ResponseReturnValue:
    path = f"/worlds/{session.world()}/faults/{fault_id}"
    if act == "delete":
        return acted(lambda: hub().call(service, "DELETE", path), _("The rule is gone."), "faults")
    done = _("The rule is on.") if act == "on" else _("The rule is off.")
    return acted(lambda: hub().call(service, "PATCH", path, {"enabled": act == "on"}), done, "faults")


def _page(written: dict[str, str]) -> str:
    return render_template(
        "control_room/faults.html",
        faults=hub().faults(session.world()),
        services={name: SERVICES[name] for name in hub().keepers},
        ready={name: one for name, one in READY.items() if one.service in hub().keepers},
        kinds=KINDS,
        calls_of=_calls,
        written=written,
    )


def _written() -> dict[str, Any]:
    """The rule in the form.

    Raises:
        ValueError: when a number is none; what the service refuses it says itself.
    """
    rule: dict[str, Any] = {}
    for names, kind in ((TEXTS, str), (NUMBERS, int), (SHARES, float)):
        for name in names:
            if text := request.form.get(name, "").strip():
                rule[name] = _number(name, text, kind)
    return rule | ({"html": True} if request.form.get("html") else {})


def _number(name: str, text: str, kind: Any) -> Any:
    try:
        return kind(text)
    except ValueError:
        raise ValueError(_("%(name)s is a number, not %(given)s.", name=name, given=repr(text))) from None


def _calls(fault: dict[str, Any]) -> str:
    """Which calls a rule hits, in words."""
    where = [fault["method"], fault["route"] or fault["path"]]
    parts = [" ".join(filter(None, where)) or _("every call")]
    if fault["skip"]:
        parts.append(_("after the first %(skip)s", skip=fault["skip"]))
    if fault["nth"]:
        parts.append(_("number %(nth)s only", nth=fault["nth"]))
    if fault["every"]:
        parts.append(_("one of %(every)s", every=fault["every"]))
    if fault["probability"] < 1:
        parts.append(_("a share of %(share)s", share=fault["probability"]))
    if fault["times"]:
        parts.append(_("%(times)s at most", times=fault["times"]))
    return ", ".join(parts)
