"""Views of a module are made and edited: what they ask for, which columns they show, who sees them (guide: the tip)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.crm.blueprint import API, bp, outcome
from web.crm.modules import MODULES, Module
from web.errors import NotAllowed, NotFound, Refused
from web.i18n import _
from web.session import crm

MODULES_HERE = "any(accounts, contacts, potentials, products, leads)"
COMPARATORS = (
    ("equal", _("is")),
    ("not_equal", _("isn't")),
    ("contains", _("contains")),
    ("not_contains", _("doesn't contain")),
    ("starts_with", _("starts with")),
    ("greater_than", _("is greater than")),
    ("less_than", _("is less than")),
    ("empty", _("is empty")),
    ("not_empty", _("is not empty")),
)
#: What the CRM calls them: two of ours are said by a value.
BY_VALUE = {"empty": "equal", "not_empty": "not_equal"}
EMPTY = "${EMPTY}"
ACCESS = (("public", _("All users")), ("only_to_me", _("Only me")))
NUMBERS = ("integer", "bigint", "double", "currency", "percent")
MOST = 10


@dataclass(frozen=True)
class Criterion:
    """One line of what a view asks for."""

    field: str = ""
    comparator: str = "equal"
    value: str = ""


@dataclass(frozen=True)
class Draft:
    """A view as it stands on its form."""

    name: str
    access: str
    operator: str
    criteria: Sequence[Criterion]
    columns: Sequence[str]
    problem: str = ""


@bp.get(f"/<{MODULES_HERE}:key>/views/new")
def view_new(key: str) -> ResponseReturnValue:
    draft = Draft("", "public", "and", [Criterion()], MODULES[key].columns)
    return _form(MODULES[key], draft)


@bp.post(f"/<{MODULES_HERE}:key>/views/new")
def view_new_save(key: str) -> ResponseReturnValue:
    module, draft = MODULES[key], _read()
    if "add" in request.form:
        return _form(module, replace(draft, criteria=[*draft.criteria, Criterion()]))
    return _save(module, draft, None)


@bp.get(f"/<{MODULES_HERE}:key>/views/<key:view_id>/edit")
def view_edit(key: str, view_id: str) -> ResponseReturnValue:
    module = MODULES[key]
    return _form(module, _draft_of(_view(module, view_id)), view_id)


@bp.post(f"/<{MODULES_HERE}:key>/views/<key:view_id>/edit")
def view_edit_save(key: str, view_id: str) -> ResponseReturnValue:
    module, draft = MODULES[key], _read()
    if "add" in request.form:
        return _form(module, replace(draft, criteria=[*draft.criteria, Criterion()]), view_id)
    return _save(module, draft, view_id)


@bp.post(f"/<{MODULES_HERE}:key>/views/<key:view_id>/delete")
def view_delete(key: str, view_id: str) -> ResponseReturnValue:
    module = MODULES[key]
    answer = crm().delete(f"{API}/settings/custom_views", module=module.api_name, ids=view_id)
    outcome({"data": (answer or {}).get("custom_views")})
    flash(_("The view was deleted."), "good")
    return redirect(url_for(module.endpoint), 303)


def _save(module: Module, draft: Draft, view_id: str | None) -> ResponseReturnValue:
    kinds = {one["api_name"]: str(one["data_type"]) for one in _fields(module)}
    view = {
        "name": draft.name,
        "access_type": draft.access,
        "fields": [{"api_name": name} for name in draft.columns or module.columns],
        "criteria": criteria_of(draft, kinds),
    }
    path, query = f"{API}/settings/custom_views", {"module": module.api_name}
    try:
        method, address = ("PUT", f"{path}/{view_id}") if view_id else ("POST", path)
        saved = outcome({"data": crm().call(method, address, query, {"custom_views": [view]})["custom_views"]})
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        return _form(module, replace(draft, problem=_told(refused)), view_id), 422
    flash(_("The view %(name)s is saved.", name=draft.name), "good")
    return redirect(url_for(module.endpoint, view=saved["details"]["id"]), 303)


def _told(refused: Refused) -> str:
    field = refused.details.get("api_name") or refused.details.get("json_path") or ""
    return f"{refused.message} ({field})" if field else refused.message


def criteria_of(draft: Draft, kinds: Mapping[str, str]) -> dict[str, Any] | None:
    """What the view asks for as the CRM takes it; None for all records."""
    members = [_condition(one, kinds.get(one.field, "text")) for one in draft.criteria if one.field]
    if not members:
        return None
    return members[0] if len(members) == 1 else {"group_operator": draft.operator, "group": members}


def _condition(one: Criterion, kind: str) -> dict[str, Any]:
    value: Any = EMPTY if one.comparator in BY_VALUE else _value(one.value, kind)
    comparator = BY_VALUE.get(one.comparator, one.comparator)
    return {"comparator": comparator, "field": {"api_name": one.field}, "type": "value", "value": value}


def _value(text: str, kind: str) -> Any:
    if kind == "boolean":
        return text.strip().lower() in ("true", "yes", "on", "1", "selected")
    if kind in NUMBERS:
        try:
            return Decimal(text)
        except InvalidOperation:
            return text  # the CRM says what is wrong with it
    return text


def _read() -> Draft:
    names = ("field", "comparator", "value")
    rows = zip(*(request.form.getlist(name) for name in names), strict=False)
    criteria = [Criterion(field, comparator, value.strip()) for field, comparator, value in rows][:MOST]
    return Draft(
        name=request.form.get("name", "").strip(),
        access=request.form.get("access", "public"),
        operator=request.form.get("operator", "and"),
        criteria=criteria,
        columns=request.form.getlist("column"),
    )


def _draft_of(view: dict[str, Any]) -> Draft:
    criteria = view.get("criteria")
    members = criteria.get("group", [criteria]) if criteria else []
    columns = [str(one["api_name"]) for one in view["fields"]]
    return Draft(
        view["name"],
        view["access_type"],
        (criteria or {}).get("group_operator", "and"),
        [_criterion(one) for one in members if "field" in one] or [Criterion()],
        columns,
    )


def _criterion(condition: dict[str, Any]) -> Criterion:
    value, comparator = condition.get("value"), str(condition["comparator"])
    if value == EMPTY:
        comparator, value = ("empty" if comparator == "equal" else "not_empty"), ""
    text = str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
    return Criterion(str(condition["field"]["api_name"]), comparator, text)


def _view(module: Module, view_id: str) -> dict[str, Any]:
    answer = crm().get(f"{API}/settings/custom_views/{view_id}", module=module.api_name)
    if not answer:
        abort(404)
    found: dict[str, Any] = answer["custom_views"][0]
    return found


def _fields(module: Module) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = crm().get(f"{API}/settings/fields", module=module.api_name)["fields"]
    return [one for one in found if one["data_type"] not in ("subform", "fileupload", "imageupload")]


def _form(module: Module, draft: Draft, view_id: str | None = None) -> str:
    fields = sorted((str(one.get("display_label") or one["field_label"]), one["api_name"]) for one in _fields(module))
    return render_template(
        "crm/view_form.html",
        module=module,
        draft=draft,
        view_id=view_id,
        fields=[(name, label.replace("Deal ", "Potential ")) for label, name in fields],
        comparators=COMPARATORS,
        access=ACCESS,
        may_add=len(draft.criteria) < MOST,
    )
