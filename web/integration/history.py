"""Show sync history: syncs, what each did, and each record's before and after."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.i18n import _
from web.integration import plans
from web.integration.blueprint import ENTITIES, OUTCOMES, SYNC_KINDS, bp, connection, one_of, page_number
from web.session import connector

PER_PAGE = 50
#: fetched = the sum of these (S5).
COUNTS = ("added", "updated", "deleted", "skipped", "unchanged", "failed")
#: Kinds of run that compare both sides, and those that can be undone.
SYNCS = ("auto", "instant", "dry")
UNDOABLE = ("auto", "instant", "single", "trigger")
LIVE = ("queued", "running", "needs_confirmation")
#: The kinds of record a sync links.
LINKED = ("account", "contact", "customer", "product")
#: How a kind of record was read in a run.
WAYS = {"full": _("Everything"), "changes": _("Only what was changed")}


@bp.get("/runs")
def runs() -> ResponseReturnValue:
    page = page_number()
    kind = one_of(request.args.get("kind"), tuple(SYNC_KINDS))
    section = one_of(request.args.get("section"), ("contacts", "items"))
    answer = connector().get("/connection/runs", page=page, per_page=PER_PAGE, kind=kind, section=section)
    return render_template(
        "integration/runs.html",
        runs=answer["runs"],
        context=answer["page_context"],
        page=page,
        kind=kind,
        section=section,
        connection=connection(),
    )


@bp.get("/runs/<key:run_id>")
def runs_record(run_id: str) -> ResponseReturnValue:
    page = page_number()
    found = connector().get(f"/connection/runs/{run_id}")
    wanted = {
        "outcome": one_of(request.args.get("outcome"), OUTCOMES),
        "entity": one_of(request.args.get("entity"), tuple(ENTITIES)),
        "kind": request.args.get("kind"),
        "reason": request.args.get("reason"),
    }
    ops = connector().get(f"/connection/runs/{run_id}/ops", page=page, per_page=PER_PAGE, **wanted)
    return render_template(
        "integration/run.html",
        run=found["run"],
        totals=found["totals"],
        reasons=found["reasons"],
        plan=found["plan"],
        deletes=plans.deleted_by(found["run"], found["plan"]),
        counts=COUNTS,
        ways=WAYS,
        groups=plans.grouped(ops["ops"], found["plan"]),
        shown=len(ops["ops"]),
        context=ops["page_context"],
        page=page,
        wanted=wanted,
        duplicates=_duplicates(found["run"]),
        may_undo=may_undo(found["run"]),
    )


def _duplicates(run: dict[str, Any]) -> int:
    """How many pairs of records a sync met that look like one."""
    if run["kind"] not in SYNCS:
        return 0
    context = connector().get(f"/connection/runs/{run['id']}/pairs", per_page=1)["page_context"]
    return int(context["total"])


def may_undo(run: dict[str, Any]) -> bool:
    """Whether there may be something to take back; the connector decides."""
    written = sum(run["counts"][outcome] for outcome in ("added", "updated", "deleted"))
    return run["kind"] in UNDOABLE and run["state"] not in LIVE and written > 0


@bp.get("/runs/<key:run_id>/ops/<key:op_id>")
def runs_op(run_id: str, op_id: str) -> ResponseReturnValue:
    op = connector().get(f"/connection/ops/{op_id}")["op"]
    potential = _potential_of(op)
    return render_template(
        "integration/op.html",
        op=op,
        run_id=run_id,
        rows=differences(op),
        would_write=[(field_words(name), value) for name, value in _flat(op.get("would_write") or {}).items()],
        conflicts=conflicts_of(op),
        potential=potential,
        pair=pages_of(op, str(potential.get("document_kind") or "invoice")),
        link_id=_link_of(op),
    )


def _link_of(op: dict[str, Any]) -> str | None:
    """The id of the link between the two records of an operation; None where no sync links them."""
    keys = {side: op[side] for side in ("crm_id", "invoice_id") if op.get(side)}
    if op["entity"] not in LINKED or not keys:
        return None
    found = connector().get("/connection/links", entity=op["entity"], per_page=1, **keys)["links"]
    return str(found[0]["id"]) if found else None


def _potential_of(op: dict[str, Any]) -> dict[str, Any]:
    """How the potential a trigger acted on stands now: what is offered about it, and what it was made into (G11)."""
    if op["entity"] != "potential" or not op["crm_id"]:
        return {}
    found = connector().get("/connection/potentials", potential_id=op["crm_id"])["potentials"]
    return dict(found[0]) if found else {}


#: Entity -> page of the record in the CRM, and in Invoice.
PAGES = {
    "account": ("crm.accounts_record", "invoice.contacts_record"),
    "contact": ("crm.contacts_record", None),
    "customer": ("crm.contacts_record", "invoice.contacts_record"),
    "product": ("crm.products_record", "invoice.items_record"),
    "potential": ("crm.potentials_record", None),
}


def pages_of(pair: dict[str, Any], document: str = "invoice") -> dict[str, str | None]:
    """The addresses of the two records of an operation or a link, where they have a page.

    Args:
        document: what a potential was made into, `invoice` or `estimate`.
    """
    crm_page, invoice_page = PAGES.get(pair["entity"], (None, None))
    if pair["entity"] == "potential":
        invoice_page = f"invoice.{document}s_record"
    return {
        "crm": url_for(crm_page, record_id=pair["crm_id"]) if crm_page and pair.get("crm_id") else None,
        "invoice": url_for(invoice_page, record_id=pair["invoice_id"])
        if invoice_page and pair.get("invoice_id")
        else None,
    }


def differences(op: dict[str, Any]) -> list[dict[str, Any]]:
    """Field by field what stood there before and after; a field that is empty on both ends is none."""
    before, after = _flat(op.get("before") or {}), _flat(op.get("after") or {})
    return [
        {
            "field": field_words(name),
            "before": before.get(name),
            "after": after.get(name),
            "is_changed": before.get(name) != after.get(name),
        }
        for name in dict.fromkeys([*before, *after])
    ]


def conflicts_of(op: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields that both sides had changed, with both values and whose stands (C11)."""
    return [{"field": field_words(name), **conflict} for name, conflict in (op.get("conflicts") or {}).items()]


def field_words(name: str) -> str:
    """billing_address.zip as Billing address › zip."""
    words = name.replace("_", " ").replace(".", " › ")
    return words[:1].upper() + words[1:]


def _flat(values: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            flat.update(_flat(value, f"{prefix}{name} › "))
        elif value not in (None, "", []):
            flat[prefix + name] = value
    return flat
