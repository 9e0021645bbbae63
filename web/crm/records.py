"""Lists and record pages of the modules."""

from functools import partial
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web import twins
from web.crm import section
from web.crm.blueprint import API, bp, escaped, outcome
from web.crm.modules import MODULES, Module, label_of
from web.crm.related import related_of
from web.crm.values import lines, shown
from web.crm.values import sections as layout_sections
from web.errors import NotAllowed, NotFound, Refused
from web.i18n import _
from web.session import crm

PER_PAGE = 50
#: Later versions sort by times and ids only.
SORTING_API = "/crm/v2"


@bp.post("/potentials/<key:record_id>/stage")
def potentials_move(record_id: str) -> ResponseReturnValue:
    stage = request.form.get("stage", "")
    try:
        outcome(crm().put(f"{API}/Deals/{record_id}", {"data": [{"Stage": stage}]}))
    except (NotAllowed, NotFound):
        raise
    except Refused as error:
        flash(error.message, "bad")
        return _after_move(record_id, has_moved=False)
    told = _("%(name)s moved to %(stage)s.", name=request.form.get("name") or _("It"), stage=stage)
    flash(told, "good")
    return _after_move(record_id, has_moved=True)


def _after_move(record_id: str, *, has_moved: bool) -> ResponseReturnValue:
    """Back to the board, where one came from there; else to the potential, which looks for what the trigger does."""
    if request.form.get("back") == "board":
        return redirect(url_for("crm.potentials_board"), 303)
    look = section.LOOKS if has_moved else None
    return redirect(url_for("crm.potentials_record", record_id=record_id, look=look), 303)


def _list(module: Module) -> ResponseReturnValue:
    page = max(request.args.get("page", 1, type=int), 1)
    q, view, stage = (request.args.get(name, "").strip() for name in ("q", "view", "stage"))
    views = views_of(module)
    chosen = next((one for one in views if str(one["id"]) == view), _default(views))
    sort, order = _sorted(module, chosen, is_searched=bool(q or stage))
    answer = _rows(module, q, stage, chosen, page, sort, order)
    records = answer.get("data") or []
    return render_template(
        "crm/list.html",
        module=module,
        views=views,
        view=chosen,
        q=q,
        stage=stage,
        page=page,
        has_more=bool((answer.get("info") or {}).get("more_records")),
        count=_count(module, q, stage, chosen),
        sort=sort,
        order=order,
        columns=[
            (label_of(field), CELL_CLASSES.get(field, ""), field if sort is not None else "")
            for field in module.columns
        ],
        rows=[(one["id"], [shown(one, field) for field in module.columns]) for one in records],
    )


#: How the cells of a list's columns are set: amounts to the right, dates and people on one line, addresses breakable.
CELL_CLASSES = {
    **dict.fromkeys(("Amount", "Unit_Price", "Probability", "Grand_Total"), "num"),
    **dict.fromkeys(("Closing_Date", "Valid_Till", "Due_Date", "Owner", "Phone"), "nowrap"),
    **dict.fromkeys(("Email", "Website"), "address"),
}


def _sorted(module: Module, view: dict[str, Any] | None, *, is_searched: bool) -> tuple[str | None, str]:
    """By what the list is sorted, and which way; None where that is the view's or the search's matter."""
    if is_searched or (view is not None and view.get("system_name") != "ALLVIEWS"):
        return None, "asc"
    asked, order = request.args.get("sort", ""), request.args.get("order", "asc")
    return asked if asked in module.columns else "", "desc" if order == "desc" else "asc"


def _rows(
    module: Module, q: str, stage: str, view: dict[str, Any] | None, page: int, sort: str | None, order: str
) -> dict[str, Any]:
    query: dict[str, Any] = {"fields": ",".join(module.columns), "page": page, "per_page": PER_PAGE}
    path = f"{API}/{module.api_name}"
    if sort:
        return crm().get(f"{SORTING_API}/{module.api_name}", **query, sort_by=sort, sort_order=order) or {}
    if q or stage:
        return crm().get(f"{path}/search", **query, **_searched(module, q, stage)) or {}
    return crm().get(path, **query, cvid=view["id"] if view else None) or {}


def _searched(module: Module, q: str, stage: str) -> dict[str, str]:
    """A word is looked for in all text fields; the CRM wants two letters for that, one begins a name."""
    if stage:
        return {"criteria": f"(Stage:equals:{escaped(stage)})"}
    if len(q) < 2:
        name = "Last_Name" if module.name_field == "Full_Name" else module.name_field
        return {"criteria": f"({name}:starts_with:{escaped(q)})"}
    return {"word": q}


def _count(module: Module, q: str, stage: str, view: dict[str, Any] | None) -> int | None:
    """How many there are; None where the CRM does not say."""
    query = _searched(module, q, stage) if q or stage else {"cvid": view["id"] if view else None}
    try:
        answer = crm().get(f"{API}/{module.api_name}/actions/count", **query)
    except Refused:
        return None
    return int(answer["count"]) if answer and "count" in answer else None


def views_of(module: Module) -> list[dict[str, Any]]:
    answer = crm().get(f"{API}/settings/custom_views", module=module.api_name)
    return list((answer or {}).get("custom_views", []))


def _default(views: list[dict[str, Any]]) -> dict[str, Any] | None:
    return next((one for one in views if one.get("default")), views[0] if views else None)


def _record(module: Module, record_id: str) -> ResponseReturnValue:
    answer = crm().get(f"{API}/{module.api_name}/{record_id}")
    if not answer or not answer.get("data"):
        abort(404)
    record = answer["data"][0]
    layout = crm().get(f"{API}/settings/layouts", module=module.api_name)["layouts"][0]
    meta = {one["api_name"]: one for section in layout["sections"] for one in section["fields"]}
    find = TWINS.get(module.key)
    found = find(record_id) if find else None
    if found:
        g.twins = {"invoice": found.href}
    is_potential = module.key == "potentials"
    return render_template(
        "crm/record.html",
        module=module,
        record_id=record_id,
        name=name_of(module, record),
        key_line=[shown(record, name, meta.get(name)) for name in module.key_fields],
        sections=layout_sections(record, layout),
        lines=lines(record, layout),
        stage=record.get("Stage") if is_potential else None,
        standing=_standing(record) if is_potential else None,
        stages=_stages(meta) if is_potential else [],
        twin=found,
        related=list(related_of(module, record_id, name_of(module, record))),
        **(section.context_of(module, record_id) if module.key in section.HAVE_IT else {}),
    )


def name_of(module: Module, record: dict[str, Any]) -> str:
    return str(record.get(module.name_field) or record.get("Last_Name") or record["id"])


def _stages(meta: dict[str, dict[str, Any]]) -> list[tuple[str, str]]:
    options = (meta.get("Stage") or {}).get("pick_list_values") or []
    return [(one["actual_value"], one["display_value"]) for one in options if one["actual_value"] != "-None-"]


def _standing(record: dict[str, Any]) -> str:
    """Won and lost are read from the probability (G2)."""
    return {100: "won", 0: "lost"}.get(record.get("Probability"), "open")  # type: ignore[arg-type]


#: How the counterpart of a record in Invoice is found, by module.
TWINS: dict[str, twins.Finder] = {"accounts": twins.of_account, "contacts": twins.of_crm_contact}

for _module in MODULES.values():
    bp.add_url_rule(f"/{_module.key}", _module.key, partial(_list, _module))
    bp.add_url_rule(f"/{_module.key}/<key:record_id>", f"{_module.key}_record", partial(_record, _module))
