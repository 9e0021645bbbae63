"""The recycle bin: deleted records of all modules or of one, brought back or removed for good."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from simulator import wire
from web.crm.blueprint import API, bp
from web.crm.modules import KEYS, MODULES
from web.i18n import _, ngettext
from web.session import crm, person

BIN = f"{API}/settings/recycle_bin"
PER_PAGE = 50
#: As many as the CRM takes in one call.
AT_ONCE = 200


@bp.get("/recycle-bin")
def recycle_bin() -> ResponseReturnValue:
    page = max(request.args.get("page", 1, type=int), 1)
    key = request.args.get("module", "")
    query: dict[str, Any] = {"page": page, "per_page": PER_PAGE}
    if key in MODULES:
        module = {"comparator": "equal", "field": {"api_name": "module"}, "value": MODULES[key].api_name}
        query["filters"] = wire.dumps(module).decode()
    answer = crm().get(BIN, **query) or {}
    member = person().crm
    return render_template(
        "crm/recycle_bin.html",
        rows=[{**one, "module": _module_of(one)} for one in answer.get("recycle_bin") or ()],
        has_more=bool((answer.get("info") or {}).get("more_records")),
        page=page,
        key=key if key in MODULES else "",
        modules=[(_("All modules"), None), *((one.title, one.key) for one in MODULES.values())],
        is_admin=bool(member and member.is_admin),
        count=None if key in MODULES else crm().get(f"{BIN}/actions/count")["count"],
    )


def _module_of(record: dict[str, Any]) -> str:
    """The title of a record's module; modules without pages here go by the CRM's own name."""
    name = str((record.get("module") or {}).get("api_name"))
    return MODULES[KEYS[name]].title if name in KEYS else name.replace("_", " ")


@bp.post("/recycle-bin/restore")
def recycle_bin_restore() -> ResponseReturnValue:
    def restore(ids: list[str]) -> Any:
        return crm().post(f"{BIN}/actions/restore", {"ids": ids})

    return _do(restore, lambda count: ngettext("%(num)s record is restored.", "%(num)s records are restored.", count))


@bp.post("/recycle-bin/delete")
def recycle_bin_delete() -> ResponseReturnValue:
    def purge(ids: list[str]) -> Any:
        return crm().delete(BIN, ids=",".join(ids))

    return _do(
        purge,
        lambda count: ngettext("%(num)s record is deleted for good.", "%(num)s records are deleted for good.", count),
    )


def _do(act: Callable[[list[str]], Any], told: Callable[[int], str]) -> ResponseReturnValue:
    """Does it to the records that were ticked; those that are refused are told with the reason."""
    ids = request.form.getlist("record")[:AT_ONCE]
    back = redirect(url_for("crm.recycle_bin", module=request.form.get("module") or None), 303)
    if not ids:
        flash(_("Choose at least one record."), "attention")
        return back
    outcomes = _outcomes(act, ids)
    refused = [one for one in outcomes if one.get("status") == "error"]
    if done := len(outcomes) - len(refused):
        flash(told(done), "good")
    for one in refused:
        flash(_("Refused: %(why)s", why=one.get("message")), "bad")
    return back


def _outcomes(act: Callable[[list[str]], Any], ids: list[str]) -> list[dict[str, Any]]:
    answer = act(ids)
    return list((answer or {}).get("recycle_bin") or ())


@bp.post("/recycle-bin/empty")
def recycle_bin_empty() -> ResponseReturnValue:
    crm().post(f"{BIN}/actions/empty")
    flash(_("The recycle bin is empty."), "good")
    return redirect(url_for("crm.recycle_bin"), 303)
