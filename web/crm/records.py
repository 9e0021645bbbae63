"""Lists and record pages of the modules."""

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web import twins
from web.crm.modules import MODULES, Module, label_of
from web.crm.values import sections, shown
from web.errors import NotAllowed, NotFound, Refused
from web.i18n import _
from web.session import crm

bp = Blueprint("crm", __name__, url_prefix="/crm", template_folder="templates")
PER_PAGE = 50
#: The fields a record is asked for in one call; the CRM takes no more.
API = "/crm/v8"


@bp.get("")
def start() -> ResponseReturnValue:
    return redirect(url_for("crm.accounts"), 303)


@bp.get("/accounts")
def accounts() -> ResponseReturnValue:
    return _list(MODULES["accounts"])


@bp.get("/contacts")
def contacts() -> ResponseReturnValue:
    return _list(MODULES["contacts"])


@bp.get("/potentials")
def potentials() -> ResponseReturnValue:
    return _list(MODULES["potentials"])


@bp.get("/products")
def products() -> ResponseReturnValue:
    return _list(MODULES["products"])


@bp.get("/accounts/<key:record_id>")
def accounts_record(record_id: str) -> ResponseReturnValue:
    return _record(MODULES["accounts"], record_id, twins.of_account)


@bp.get("/contacts/<key:record_id>")
def contacts_record(record_id: str) -> ResponseReturnValue:
    return _record(MODULES["contacts"], record_id, twins.of_crm_contact)


@bp.get("/products/<key:record_id>")
def products_record(record_id: str) -> ResponseReturnValue:
    return _record(MODULES["products"], record_id)


@bp.get("/potentials/<key:record_id>")
def potentials_record(record_id: str) -> ResponseReturnValue:
    return _record(MODULES["potentials"], record_id)


@bp.get("/potentials/<key:record_id>/documents")
def potentials_documents(record_id: str) -> ResponseReturnValue:
    """The Zoho Invoice section; right after a move it looks again a few times, for the trigger takes seconds."""
    return render_template("crm/_documents.html", record_id=record_id, **_documents(record_id))


@bp.post("/potentials/<key:record_id>/stage")
def potentials_move(record_id: str) -> ResponseReturnValue:
    stage = request.form.get("stage", "")
    try:
        answer = crm().put(f"{API}/Deals/{record_id}", {"data": [{"Stage": stage}]})
    except (NotAllowed, NotFound):
        raise
    except Refused as error:
        flash(error.message, "bad")
        return redirect(url_for("crm.potentials_record", record_id=record_id), 303)
    result = (answer or {}).get("data", [{}])[0]
    if result.get("status") == "error":
        flash(str(result.get("message")), "bad")
    else:
        flash(_("Moved to %(stage)s.", stage=stage), "good")
    return redirect(url_for("crm.potentials_record", record_id=record_id, look=LOOKS), 303)


#: How often the Zoho Invoice section looks again after a move, once a second.
LOOKS = 8


def _list(module: Module) -> ResponseReturnValue:
    page = max(request.args.get("page", 1, type=int), 1)
    q, view, stage = (request.args.get(name, "").strip() for name in ("q", "view", "stage"))
    views = _views(module)
    chosen = next((one for one in views if str(one["id"]) == view), _default(views))
    answer = _rows(module, q, stage, chosen, page)
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
        columns=[(label_of(field), CELL_CLASSES.get(field, "")) for field in module.columns],
        rows=[(one["id"], [shown(one, field) for field in module.columns]) for one in records],
    )


#: How the cells of a list's columns are set: amounts to the right, dates and people on one line, addresses breakable.
CELL_CLASSES = {
    **dict.fromkeys(("Amount", "Unit_Price", "Probability"), "num"),
    **dict.fromkeys(("Closing_Date", "Owner", "Phone"), "nowrap"),
    **dict.fromkeys(("Email", "Website"), "address"),
}


def _rows(module: Module, q: str, stage: str, view: dict[str, Any] | None, page: int) -> dict[str, Any]:
    query: dict[str, Any] = {"fields": ",".join(module.columns), "page": page, "per_page": PER_PAGE}
    path = f"{API}/{module.api_name}"
    if q or stage:
        return crm().get(f"{path}/search", **query, **_searched(module, q, stage)) or {}
    return crm().get(path, **query, cvid=view["id"] if view else None) or {}


def _searched(module: Module, q: str, stage: str) -> dict[str, str]:
    """A word is looked for in all text fields; the CRM wants two letters for that, one begins a name."""
    if stage:
        return {"criteria": f"(Stage:equals:{_escaped(stage)})"}
    if len(q) < 2:
        name = "Last_Name" if module.name_field == "Full_Name" else module.name_field
        return {"criteria": f"({name}:starts_with:{_escaped(q)})"}
    return {"word": q}


def _escaped(text: str) -> str:
    for sign in ("\\", "(", ")", ","):
        text = text.replace(sign, f"\\{sign}")
    return text


def _count(module: Module, q: str, stage: str, view: dict[str, Any] | None) -> int | None:
    """How many there are; None where the CRM does not say."""
    query = _searched(module, q, stage) if q or stage else {"cvid": view["id"] if view else None}
    try:
        answer = crm().get(f"{API}/{module.api_name}/actions/count", **query)
    except Refused:
        return None
    return int(answer["count"]) if answer and "count" in answer else None


def _views(module: Module) -> list[dict[str, Any]]:
    answer = crm().get(f"{API}/settings/custom_views", module=module.api_name)
    return list((answer or {}).get("custom_views", []))


def _default(views: list[dict[str, Any]]) -> dict[str, Any] | None:
    return next((one for one in views if one.get("default")), views[0] if views else None)


def _record(module: Module, record_id: str, twin: twins.Finder | None = None) -> ResponseReturnValue:
    answer = crm().get(f"{API}/{module.api_name}/{record_id}")
    if not answer or not answer.get("data"):
        abort(404)
    record = answer["data"][0]
    fields = crm().get(f"{API}/settings/fields", module=module.api_name)["fields"]
    meta = {one["api_name"]: one for one in fields}
    found = twin(record_id) if twin else None
    if found:
        g.twins = {"invoice": found.href}
    is_potential = module.key == "potentials"
    return render_template(
        "crm/record.html",
        module=module,
        record_id=record_id,
        name=record.get(module.name_field) or record.get("Last_Name") or record_id,
        key_line=[shown(record, name, meta.get(name)) for name in module.key_fields],
        sections=sections(record, fields, _("Information")),
        stage=record.get("Stage") if is_potential else None,
        standing=_standing(record) if is_potential else None,
        stages=_stages(meta) if is_potential else [],
        twin=found,
        **(_documents(record_id) if is_potential else {}),
    )


def _stages(meta: dict[str, dict[str, Any]]) -> list[tuple[str, str]]:
    options = (meta.get("Stage") or {}).get("pick_list_values") or []
    return [(one["actual_value"], one["display_value"]) for one in options if one["actual_value"] != "-None-"]


def _standing(record: dict[str, Any]) -> str:
    """Won and lost are read from the probability (G2)."""
    return {100: "won", 0: "lost"}.get(record.get("Probability"), "open")  # type: ignore[arg-type]


def _documents(record_id: str) -> dict[str, Any]:
    found = twins.documents_of_potential(record_id)
    look = request.args.get("look", 0, type=int)
    return {"documents": found, "look": max(min(look, LOOKS), 0)}
