"""The editor of estimates, sales orders and invoices: one form, whose sums come from the API after each change."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.errors import NotAllowed, NotFound, Refused
from web.htmx import is_htmx
from web.i18n import _
from web.invoice import customers, potentials
from web.invoice.api import each_kind, get, organization, post, put, taxes, today
from web.invoice.custom_fields import custom_body, custom_section
from web.invoice.draft import (
    Draft,
    Problems,
    body_of,
    filled,
    from_document,
    from_form,
    problems_of,
    with_customer,
    with_items_named,
    with_line_added,
    with_line_moved,
    with_line_removed,
)
from web.invoice.inputs import showing
from web.invoice.kinds import KINDS, Kind

#: As many items as the field offers; others are found by their whole name.
ITEMS_OFFERED = 200
#: The parts of the page that a change may ask for by `?part=`.
PARTS = {"lines": "_lines", "totals": "_totals", "customer": "_customer"}

Record = dict[str, Any]


@each_kind("/new")
def document_new(kind: str) -> ResponseReturnValue:
    """An empty form, with the customer of `?customer=`; without one the picker stands open."""
    notes, terms = _standing_texts(KINDS[kind])
    draft = with_customer(Draft(date=today(), notes=notes, terms=terms), request.args.get("customer", ""))
    return _page(KINDS[kind], draft, picker=customers.asked() or ("" if draft.customer_id else "customers"))


@each_kind("/<key:document_id>/edit")
def document_edit(kind: str, document_id: str) -> ResponseReturnValue:
    document = _saved(KINDS[kind], document_id)
    return _page(KINDS[kind], from_document(document, KINDS[kind]), document)


@each_kind("/new/changed", "POST")
def document_new_changed(kind: str) -> ResponseReturnValue:
    return _changed(KINDS[kind])


@each_kind("/<key:document_id>/edit/changed", "POST")
def document_edit_changed(kind: str, document_id: str) -> ResponseReturnValue:
    return _changed(KINDS[kind], _saved(KINDS[kind], document_id))


@each_kind("/new", "POST")
def document_create(kind: str) -> ResponseReturnValue:
    return _save(KINDS[kind])


@each_kind("/<key:document_id>/edit", "POST")
def document_update(kind: str, document_id: str) -> ResponseReturnValue:
    return _save(KINDS[kind], _saved(KINDS[kind], document_id))


def _saved(kind: Kind, document_id: str) -> Record:
    return dict(get(f"/{kind.key}/{document_id}")[kind.entity])


def _standing_texts(kind: Kind) -> tuple[str, str]:
    """The notes and terms that each document of the kind begins with."""
    texts = get(f"/settings/{kind.key}/notesandterms").get("notes_and_terms") or {}
    return str(texts.get("notes") or ""), str(texts.get("terms") or "")


def _changed(kind: Kind, document: Record | None = None) -> ResponseReturnValue:
    """The form after one of its buttons or fields; a part of it for a script, else all of it."""
    draft, picker = from_form(request.form), customers.asked()
    try:
        draft = customers.chosen(potentials.chosen(_with_lines(draft)))
    except (NotAllowed, NotFound):
        raise
    except Refused as error:
        return _page(kind, draft, document, Problems(whole=error.message), picker or "customers"), 422
    return _page(kind, draft, document, picker=picker)


def _with_lines(draft: Draft) -> Draft:
    """What the buttons of the lines ask for in the address."""
    place = request.args.get("line", -1, type=int)
    match request.args.get("do"):
        case "add":
            return with_line_added(draft)
        case "remove":
            return with_line_removed(draft, place)
        case "up":
            return with_line_moved(draft, place, -1)
        case "down":
            return with_line_moved(draft, place, 1)
    return draft


def _save(kind: Kind, document: Record | None = None) -> ResponseReturnValue:
    given = from_form(request.form)
    draft = with_items_named(given, _items_for(given, _items()))
    problems = problems_of(draft, is_saved=True)
    if problems:
        return _page(kind, draft, document, problems), 422
    try:
        potentials.let_go(kind, document, draft)
        answer = _sent(kind, document, draft)
    except (NotAllowed, NotFound):
        raise
    except Refused as error:
        return _page(kind, draft, document, Problems(whole=error.message)), 422
    flash(str(answer["message"]), "good")
    saved = answer[kind.entity]
    potentials.link(kind, saved, draft)
    if request.args.get("then") == "send":
        return redirect(url_for("invoice.mail", kind=kind.key, document_id=kind.id_of(saved)), 303)
    return redirect(url_for(kind.record_endpoint, record_id=kind.id_of(saved)), 303)


def _sent(kind: Kind, document: Record | None, draft: Draft) -> Record:
    body = {**body_of(draft, kind), **custom_body(draft.custom)}
    if document is None:
        return post(f"/{kind.key}", body)
    return put(f"/{kind.key}/{kind.id_of(document)}", body)


def _page(
    kind: Kind, draft: Draft, document: Record | None = None, problems: Problems | None = None, picker: str = ""
) -> str:
    g.side = kind.list_endpoint
    part = request.args.get("part", "") if is_htmx(request) else ""
    offered = _items()
    draft = with_items_named(draft, _items_for(draft, offered))
    problems = problems or problems_of(draft, is_saved=False)
    totals, problems = _totals(draft, kind, problems)
    if totals:
        draft = filled(draft, totals["line_items"])
    template = f"invoice/{PARTS[part]}.html" if part in PARTS else "invoice/editor.html"
    return render_template(
        template,
        kind=kind,
        document=document,
        draft=draft,
        totals=totals,
        amounts=_amounts(draft, totals),
        currency=totals.get("currency_code") or organization().get("currency_code"),
        problems=problems,
        items=offered,
        taxes=[("", _("No tax")), *taxes()],
        picker=picker,
        address=_addresses(kind, document),
        custom=showing(custom_section(kind.entity), {"custom": draft.custom}) if not part else (),
        **({} if part in ("totals", "lines") else customers.shown(draft, picker)),
        **({} if part in ("totals", "lines") else potentials.shown(kind, document, draft, picker)),
    )


def _totals(draft: Draft, kind: Kind, problems: Problems) -> tuple[Record, Problems]:
    """The sums, or what the API has against the form."""
    if problems.fields:
        told = {name: text for name, text in problems.fields.items() if name not in ("customer", "lines")}
        if told:
            return {}, problems
    try:
        return dict(post("/invoices/totals", body_of(draft, kind))["totals"]), problems
    except (NotAllowed, NotFound):
        raise
    except Refused as error:
        return {}, problems if problems else Problems(whole=error.message)


def _amounts(draft: Draft, totals: Record) -> dict[int, Any]:
    """The amount of each line, by its place in the form."""
    if not totals:
        return {}
    return {place: one["item_total"] for (place, _line), one in zip(draft.written, totals["line_items"], strict=True)}


def _addresses(kind: Kind, document: Record | None) -> Any:
    """Where the form goes: to be saved, or to be shown again after a change."""
    if document is None:
        save, changed = "invoice.document_create", "invoice.document_new_changed"
        own: dict[str, Any] = {}
    else:
        save, changed = "invoice.document_update", "invoice.document_edit_changed"
        own = {"document_id": kind.id_of(document)}

    def address(what: str = "changed", **query: Any) -> str:
        return url_for(save if what == "save" else changed, kind=kind.key, **own, **query)

    return address


def _items() -> list[Record]:
    return list(get("/items", filter_by="Status.Active", sort_column="name", per_page=ITEMS_OFFERED)["items"])


def _items_for(draft: Draft, offered: list[Record]) -> dict[str, Record]:
    """The items the lines name, by their names in lower case."""
    known = {str(one["name"]).casefold(): one for one in offered}
    if len(known) >= ITEMS_OFFERED:
        for _place, line in draft.written:
            if line.name and line.name.casefold() not in known:
                found = get("/items", filter_by="Status.Active", name=line.name, per_page=1)["items"]
                known |= {str(one["name"]).casefold(): one for one in found}
    return known
