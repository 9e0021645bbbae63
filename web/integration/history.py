"""Show sync history: syncs, what each did, and each record's before and after."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.errors import NotAllowed, Refused
from web.integration.blueprint import ENTITIES, OUTCOMES, SYNC_KINDS, bp, connection, page_number, say
from web.session import connector

PER_PAGE = 50
#: fetched = the sum of these (S5).
COUNTS = ("added", "updated", "deleted", "skipped", "unchanged", "failed")


@bp.get("/runs")
def runs() -> ResponseReturnValue:
    page = page_number()
    kind = _one_of(request.args.get("kind"), tuple(SYNC_KINDS))
    answer = connector().get("/connection/runs", page=page, per_page=PER_PAGE, kind=kind)
    return render_template(
        "integration/runs.html",
        runs=answer["runs"],
        context=answer["page_context"],
        page=page,
        kind=kind,
        connection=connection(),
    )


@bp.get("/runs/<key:run_id>")
def runs_record(run_id: str) -> ResponseReturnValue:
    page = page_number()
    found = connector().get(f"/connection/runs/{run_id}")
    wanted = {
        "outcome": _one_of(request.args.get("outcome"), OUTCOMES),
        "entity": _one_of(request.args.get("entity"), tuple(ENTITIES)),
        "reason": request.args.get("reason"),
    }
    ops = connector().get(f"/connection/runs/{run_id}/ops", page=page, per_page=PER_PAGE, **wanted)
    return render_template(
        "integration/run.html",
        run=found["run"],
        totals=found["totals"],
        reasons=found["reasons"],
        plan=found["plan"],
        counts=COUNTS,
        ops=ops["ops"],
        context=ops["page_context"],
        page=page,
        wanted=wanted,
    )


@bp.post("/runs/<key:run_id>/<any(confirm, discard):act>")
def runs_decide(run_id: str, act: str) -> ResponseReturnValue:
    """Confirm applies the very plan that stopped before its first write, Discard drops it (C12)."""
    try:
        connector().post(f"/connection/runs/{run_id}/{act}")
    except NotAllowed:
        raise
    except Refused as error:
        say(error)
    return redirect(url_for("integration.runs_record", run_id=run_id), 303)


@bp.get("/runs/<key:run_id>/ops/<key:op_id>")
def runs_op(run_id: str, op_id: str) -> ResponseReturnValue:
    op = connector().get(f"/connection/ops/{op_id}")["op"]
    return render_template(
        "integration/op.html",
        op=op,
        run_id=run_id,
        rows=differences(op),
        conflicts=conflicts_of(op),
        pair=_pages_of(op),
    )


#: Entity -> page of the record in the CRM, and in Invoice.
PAGES = {
    "account": ("crm.accounts_record", "invoice.contacts_record"),
    "contact": ("crm.contacts_record", None),
    "customer": ("crm.contacts_record", "invoice.contacts_record"),
    "product": ("crm.products_record", "invoice.items_record"),
    "potential": ("crm.potentials_record", "invoice.invoices_record"),
}


def _pages_of(op: dict[str, Any]) -> dict[str, str | None]:
    """The addresses of the two records of an operation, where they have a page."""
    crm_page, invoice_page = PAGES.get(op["entity"], (None, None))
    return {
        "crm": url_for(crm_page, record_id=op["crm_id"]) if crm_page and op.get("crm_id") else None,
        "invoice": url_for(invoice_page, record_id=op["invoice_id"]) if invoice_page and op.get("invoice_id") else None,
    }


def differences(op: dict[str, Any]) -> list[dict[str, Any]]:
    """Field by field what stood there before and after; a field that is empty on both ends is none."""
    before, after = _flat(op.get("before") or {}), _flat(op.get("after") or {})
    return [
        {
            "field": _field_words(name),
            "before": before.get(name),
            "after": after.get(name),
            "is_changed": before.get(name) != after.get(name),
        }
        for name in dict.fromkeys([*before, *after])
    ]


def conflicts_of(op: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields that both sides had changed, with both values and whose stands (C11)."""
    return [{"field": _field_words(name), **conflict} for name, conflict in (op.get("conflicts") or {}).items()]


def _field_words(name: str) -> str:
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


def _one_of(value: str | None, known: tuple[str, ...]) -> str | None:
    return value if value in known else None
