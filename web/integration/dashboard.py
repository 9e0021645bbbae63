"""The dashboard: figures first, each with the records behind it (D1, D2, D3)."""

from decimal import Decimal
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from web import formats
from web.i18n import _, ngettext
from web.integration.blueprint import bp, connection, page_number
from web.integration.running import states
from web.invoice.api import organization
from web.session import connector

AGES = (
    ("current", _("Not due yet"), "quiet"),
    ("days_1_30", _("1–30 days overdue"), "attention"),
    ("days_31_60", _("31–60 days overdue"), "attention"),
    ("days_61_90", _("61–90 days overdue"), "bad"),
    ("days_over_90", _("Over 90 days overdue"), "bad"),
)
INVOICED = (
    ("draft", _("Draft"), "quiet"),
    ("sent", _("Sent"), "attention"),
    ("paid", _("Paid"), "good"),
)
#: (label, value of `standing`)
STANDINGS = (
    (_("All"), None),
    (_("Won, not invoiced"), "won_not_invoiced"),
    (_("Invoiced"), "invoiced"),
)


@bp.get("")
def dashboard() -> ResponseReturnValue:
    found = connection()
    if not found:
        return render_template("integration/not_connected.html", title=_("Dashboard"))
    board = connector().get("/connection/dashboard")
    return render_template(
        "integration/dashboard.html",
        connection=found,
        board=board,
        currency=board.get("currency_code"),
        invoiced=_invoiced(board),
        receivables_split=_due_and_overdue(board),
        ages=_ages(board),
        stages=_stages(board),
        **states(found),
    )


@bp.get("/potentials")
def potentials() -> ResponseReturnValue:
    page = page_number()
    standing, stage, q = (request.args.get(name) for name in ("standing", "stage", "q"))
    wanted = {"outcome": "won", "without_document": 1} if standing == "won_not_invoiced" else {"standing": standing}
    answer = connector().get("/connection/potentials", page=page, stage=stage, q=q, **wanted)
    return render_template(
        "integration/potentials.html",
        potentials=answer["potentials"],
        context=answer.get("page_context") or {},
        page=page,
        q=q,
        standing=standing,
        stage=stage,
        currency=organization().get("currency_code"),
        standings=STANDINGS,
    )


def _invoiced(board: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        _bar(board, (board.get("invoiced") or {}).get(key), label, tone, url_for("invoice.invoices", status=key))
        for key, label, tone in INVOICED
    ]


def _ages(board: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        _bar(
            board,
            (board.get("receivables") or {}).get(key),
            label,
            tone,
            url_for("invoice.invoices", status="unpaid" if key == "current" else "overdue"),
        )
        for key, label, tone in AGES
    ]


def _due_and_overdue(board: dict[str, Any]) -> list[dict[str, Any]]:
    receivables = board.get("receivables") or {}
    due = formats.decimal(receivables.get("current")) or Decimal(0)
    overdue = (formats.decimal(receivables.get("total")) or Decimal(0)) - due
    return [
        _bar(board, due, _("Not due yet"), "quiet", url_for("invoice.invoices", status="unpaid")),
        _bar(board, overdue, _("Overdue"), "bad", url_for("invoice.invoices", status="overdue")),
    ]


def _stages(board: dict[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for stage in board["pipeline"]:
        tone = {100: "good", 0: "quiet"}.get(stage.get("probability"), "")
        row = _bar(
            board, stage["amount"], stage["stage"], tone, url_for("integration.potentials", stage=stage["stage"])
        )
        count = int(stage["count"])
        rows.append({**row, "note": ngettext("%(num)s potential", "%(num)s potentials", count)})
    return rows


def _bar(board: dict[str, Any], amount: Any, label: str, tone: str, href: str) -> dict[str, Any]:
    value = formats.decimal(amount) or Decimal(0)
    text = formats.money(value, board.get("currency_code"))
    return {"label": label, "value": value, "text": text, "tone": tone, "href": href}
