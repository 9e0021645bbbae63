"""The dashboard: figures first, each with the records behind it (D1, D2, D3)."""

from decimal import Decimal
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from web import formats
from web.i18n import _, ngettext
from web.integration import figures, leads, linked
from web.integration.blueprint import bp, connection
from web.integration.running import states

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

#: The outcomes the history draws, and how; what was unchanged would hide the rest.
OUTCOME_TONES = (("added", "good"), ("updated", ""), ("deleted", "attention"), ("skipped", "quiet"), ("failed", "bad"))
#: Step from quote to cash -> its label.
CONVERSION = {
    "sent": _("Quotes sent"),
    "accepted": _("Accepted"),
    "invoiced": _("Invoiced"),
    "paid": _("Paid in full"),
}
#: The states of a connection in which what is linked can be read anew.
ON = ("active", "paused")


@bp.get("")
def dashboard() -> ResponseReturnValue:
    found = connection()
    if not found:
        return render_template("integration/not_connected.html", title=_("Dashboard"))
    board = figures.board()
    history = figures.history()
    sales = figures.sales()
    return render_template(
        "integration/dashboard.html",
        connection=found,
        board=board,
        currency=board.get("currency_code"),
        invoiced=_invoiced(board),
        receivables_split=_due_and_overdue(board),
        ages=_ages(board),
        stages=_stages(board),
        customers=[
            {**one, "leads": leads.to_customer(one, board.get("receivables_date"))} for one in figures.top_customers()
        ],
        months=_months(board, sales),
        conversion=_conversion(board, sales["conversion"]),
        history=history,
        days=_days(history),
        series=OUTCOME_TONES,
        **linked.shown(figures.linked(), is_fresh=found["state"] not in ON),
        **states(found),
    )


def _invoiced(board: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        _bar(board, (board.get("invoiced") or {}).get(key), label, tone, leads.to_invoiced(key))
        for key, label, tone in INVOICED
    ]


def _ages(board: dict[str, Any]) -> list[dict[str, Any]]:
    on = board.get("receivables_date")
    return [
        _bar(board, (board.get("receivables") or {}).get(key), label, tone, leads.to_receivables(key, on))
        for key, label, tone in AGES
    ]


def _due_and_overdue(board: dict[str, Any]) -> list[dict[str, Any]]:
    receivables, on = board.get("receivables") or {}, board.get("receivables_date")
    due = formats.decimal(receivables.get("current")) or Decimal(0)
    overdue = (formats.decimal(receivables.get("total")) or Decimal(0)) - due
    return [
        _bar(board, due, _("Not due yet"), "quiet", leads.to_receivables("current", on)),
        _bar(board, overdue, _("Overdue"), "bad", leads.to_receivables("overdue", on)),
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


def _days(history: dict[str, Any]) -> list[dict[str, Any]]:
    """The days of the history as columns of a chart, each of its parts a link to its records."""
    return [
        {
            "label": formats.day(day["date"]),
            "date": day["date"],
            "syncs": sum(day["runs"].values()),
            "parts": [
                {
                    "name": name,
                    "tone": tone,
                    "value": day["outcomes"][name],
                    "href": url_for("integration.records", date=day["date"], outcome=name),
                }
                for name, tone in OUTCOME_TONES
            ],
        }
        for day in history["days"]
    ]


def _months(board: dict[str, Any], sales: dict[str, Any]) -> list[dict[str, Any]]:
    """What was paid and what is overdue still, as columns of a chart."""
    rows = []
    for month in sales["months"]:
        paid, overdue = leads.to_paid(month["month"]), leads.to_overdue(month["month"], sales["date"])
        drawn = (("paid", "good", paid), ("overdue", "bad", overdue))
        parts = [{"name": name, **_bar(board, month[name], name, tone, href)} for name, tone, href in drawn]
        rows.append({"label": month["month"], "parts": parts})
    return rows


def _conversion(board: dict[str, Any], steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The quotes by how far they went, each bar with what they came to."""
    rows = []
    for step in steps:
        name = step["step"]
        row = _bar(board, step["total"], CONVERSION[name], "", leads.to_quotes(name))
        rows.append({**row, "note": ngettext("%(num)s quote", "%(num)s quotes", int(step["count"]))})
    return rows


def _bar(board: dict[str, Any], amount: Any, label: str, tone: str, href: str) -> dict[str, Any]:
    value = formats.decimal(amount) or Decimal(0)
    text = formats.money(value, board.get("currency_code"))
    return {"label": label, "value": value, "text": text, "tone": tone, "href": href}
