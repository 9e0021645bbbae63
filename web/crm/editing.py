"""Records are made, edited and deleted on a form that follows their module's layout."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.crm.blueprint import API, bp, outcome
from web.crm.forms import Section, changes, entered, sections_of, told, unresolved, with_candidates, with_errors
from web.crm.lookups import resolve
from web.crm.modules import MODULES, Module
from web.errors import NotAllowed, NotFound, Refused
from web.i18n import _
from web.session import crm, person

CHANGED = _(
    "Somebody has changed this record since you opened the form. Look at what differs, then save again to keep yours."
)


def _new(module: Module) -> ResponseReturnValue:
    given = {name: {"id": value, "name": request.args.get(f"{name}.name", "")} for name, value in _lookups_given()}
    return _form(module, _sections(module, {"Owner": {"id": _me()}, **given}, "create"))


def _new_save(module: Module) -> ResponseReturnValue:
    before = _sections(module, {}, "create")
    now = entered(before, request.form)
    written, now, is_wrong = _read(before, now)
    if is_wrong:
        return _form(module, now), 422
    try:
        made = outcome(crm().post(f"{API}/{module.api_name}", {"data": [written]}))
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        return _refused(module, now, refused)
    flash(_("Saved."), "good")
    return redirect(url_for(f"{module.endpoint}_record", record_id=made["details"]["id"]), 303)


def _edit(module: Module, record_id: str) -> ResponseReturnValue:
    record = _record(module, record_id)
    return _form(module, _sections(module, record, "edit"), record)


def _edit_save(module: Module, record_id: str) -> ResponseReturnValue:
    """Writes what was entered otherwise than it stands; refused where somebody else was quicker."""
    record = _record(module, record_id)
    before = _sections(module, record, "edit")
    now = entered(before, request.form)
    if request.form.get("as_of") != record["Modified_Time"]:
        return _form(module, _beside(before, now), record, problem=CHANGED), 422
    written, now, is_wrong = _read(before, now)
    if is_wrong:
        return _form(module, now, record), 422
    if written:
        try:
            path = f"{API}/{module.api_name}/{record_id}"
            outcome(crm().put_if_unmodified(path, {"data": [written]}, record["Modified_Time"]))
        except (NotAllowed, NotFound):
            raise
        except Refused as refused:
            return _refused(module, now, refused, record)
    flash(_("Saved.") if written else _("Nothing was changed."), "good")
    return redirect(url_for(f"{module.endpoint}_record", record_id=record_id), 303)


def _delete(module: Module, record_id: str) -> ResponseReturnValue:
    outcome(crm().delete(f"{API}/{module.api_name}", ids=record_id))
    told = {
        "text": _("Deleted. It is in the recycle bin of Zoho CRM."),
        "href": url_for("crm.recycle_bin"),
        "link": _("Open the recycle bin"),
    }
    flash(told, "good")  # type: ignore[arg-type]  # a toast may be a text with a link
    return redirect(url_for(module.endpoint), 303)


def _record(module: Module, record_id: str) -> dict[str, Any]:
    answer = crm().get(f"{API}/{module.api_name}/{record_id}")
    if not answer or not answer.get("data"):
        abort(404)
    record: dict[str, Any] = answer["data"][0]
    return record


def _lookups_given() -> Iterable[tuple[str, str]]:
    """Lookups a new record begins with: a contact made on an account's page belongs to it."""
    return ((name, value) for name, value in request.args.items() if name[:1].isupper() and "." not in name)


def _sections(module: Module, record: dict[str, Any], act: str) -> list[Section]:
    layouts = crm().get(f"{API}/settings/layouts", module=module.api_name)["layouts"]
    users = crm().get(f"{API}/users", type="ActiveUsers")["users"]
    return sections_of(layouts[0], record, [(str(one["id"]), one["full_name"]) for one in users], act)


def _me() -> str:
    member = person().crm
    return member.id if member else ""


def _read(before: list[Section], now: list[Section]) -> tuple[dict[str, Any], list[Section], bool]:
    """What is to be written, the form as it stands by now, and whether something on it is wrong."""
    written, errors = changes(before, now)
    candidates = {}
    for one in unresolved(now, written):
        record_id, problem, offered = resolve(one)
        if record_id:
            written[one.name] = {"id": record_id}
        else:
            errors[one.name], candidates[one.name] = problem, offered
    return written, with_candidates(with_errors(now, errors), candidates), bool(errors)


def _refused(
    module: Module, now: list[Section], refused: Refused, record: dict[str, Any] | None = None
) -> ResponseReturnValue:
    field = str(refused.details.get("api_name") or "")
    if any(one.name == field for section in now for one in section.inputs):
        now = with_errors(now, {field: told(refused.code, refused.message, refused.details)})
        return _form(module, now, record), 422
    return _form(module, now, record, problem=refused.message), 422


def _beside(before: list[Section], now: list[Section]) -> list[Section]:
    """The form with what stands in the record by now beside what was entered otherwise."""
    stands = {one.name: one.value for section in before for one in section.inputs}
    differing = {
        one.name: _("In the record by now: %(value)s", value=stands[one.name] or "–")
        for section in now
        for one in section.inputs
        if one.value != stands[one.name]
    }
    return with_errors(now, differing)


def _form(module: Module, sections: list[Section], record: dict[str, Any] | None = None, problem: str = "") -> str:
    name = record.get(module.name_field) if record else None
    return render_template(
        "crm/form.html", module=module, sections=sections, record=record, name=name or "", problem=problem
    )


for _module in (one for one in MODULES.values() if one.is_editable):
    _record_at = f"/{_module.key}/<key:record_id>"
    for _name, _path, _method, _view in (
        ("new", f"/{_module.key}/new", "GET", _new),
        ("new_save", f"/{_module.key}/new", "POST", _new_save),
        ("edit", f"{_record_at}/edit", "GET", _edit),
        ("edit_save", f"{_record_at}/edit", "POST", _edit_save),
        ("delete", f"{_record_at}/delete", "POST", _delete),
    ):
        bp.add_url_rule(_path, f"{_module.key}_{_name}", partial(_view, _module), methods=[_method])
