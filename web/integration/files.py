"""Every table of the integration as .csv and .json: lists with all their rows, figures of the dashboard."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from flask import Response, request, url_for

from web.exports import Row, file_of
from web.integration import figures
from web.integration.blueprint import bp
from web.integration.potentials import wanted_of
from web.session import connector

#: The most rows the connector lists at once.
LISTED = 200


class Listed(NamedTuple):
    """A list: where the connector has it, by what it is narrowed, and its columns."""

    path: str
    key: str
    filters: tuple[str, ...]
    columns: tuple[str, ...]


OPS = (
    "id", "run_id", "entity", "record_name", "side", "kind", "state", "outcome", "reason", "target_name", "code",
    "crm_id", "invoice_id", "at",
)  # fmt: skip
LISTS = {
    "runs": Listed(
        "/connection/runs", "runs", ("kind", "section"),
        ("id", "kind", "section", "state", "started_at", "ended_at", "started_by", "counts", "cost", "reason"),
    ),
    "links": Listed(
        "/connection/links", "links", ("entity", "state", "q"),
        (
            "id", "entity", "name", "crm_id", "invoice_id", "state", "in_view", "origin", "crm_seen_at",
            "invoice_seen_at",
        ),
    ),
    "mails": Listed("/connection/mails", "mails", (), ("id", "run_id", "to", "subject", "sent_at")),
    "potentials": Listed(
        "/connection/potentials", "potentials", ("standing", "stage", "q"),
        (
            "potential_id", "potential_name", "account_name", "stage", "probability", "amount", "standing", "reason",
            "document_kind", "document_id", "document_number", "document_status", "total", "balance",
        ),
    ),
    "linked": Listed(
        "/connection/linked", "potentials", ("standing", "stage", "documents", "status", "currency_code", "q"),
        (
            "potential_id", "name", "stage", "probability", "amount", "closing_date", "customer_name", "state",
            "documents",
        ),
    ),
    "records": Listed("/connection/history/records", "ops", ("outcome", "entity", "reason", "date", "since"), OPS),
}  # fmt: skip
#: Figure -> its columns and what makes its rows.
FIGURES: dict[str, tuple[tuple[str, ...], Callable[[], list[Row]]]] = {
    "invoiced": (("status", "amount", "count"), figures.invoiced_rows),
    "ages": (("age", "balance"), figures.age_rows),
    "stages": (("stage", "probability", "count", "amount"), figures.stage_rows),
    "linked_stages": (("stage", "probability", "count", "amount", "documents"), figures.linked_rows),
    "customers": (
        ("customer_id", "customer_name", "invoiced", "outstanding", "overdue", "unused_credits"),
        figures.customer_rows,
    ),
    "sales": (("month", "invoiced", "paid", "overdue"), figures.month_rows),
    "conversion": (("step", "count", "total"), figures.conversion_rows),
    "history": (("date", "added", "updated", "deleted", "skipped", "unchanged", "failed"), figures.day_rows),
    "failures": (("entity", "code", "reason", "count", "last_at"), figures.failure_rows),
}


@bp.get(f"/<any({', '.join(LISTS)}):name>.<any(csv, json):ext>")
def list_file(name: str, ext: str) -> Response:
    """A list as its page is narrowed, with the rows of all pages."""
    listed = LISTS[name]
    wanted = _narrowed(listed)
    rows = _every_row(listed.path, listed.key, wanted_of(wanted) if name == "potentials" else wanted)
    return file_of(name, ext, listed.columns, rows)


@bp.get("/runs/<key:run_id>.json")
def runs_json(run_id: str) -> Response:
    """What a sync did, record by record."""
    return file_of(f"sync-{run_id}", "json", OPS, _every_row(f"/connection/runs/{run_id}/ops", "ops", {}))


@bp.get(f"/figures/<any({', '.join(FIGURES)}):name>.<any(csv, json):ext>")
def figure_file(name: str, ext: str) -> Response:
    """The table behind a chart of the dashboard."""
    columns, rows = FIGURES[name]
    return file_of(name, ext, columns, rows())


def _every_row(path: str, key: str, wanted: dict[str, Any]) -> Iterator[Row]:
    page, has_more = 1, True
    while has_more:
        found = connector().get(path, page=page, per_page=LISTED, **wanted)
        yield from found[key]
        page, has_more = page + 1, bool(found["page_context"].get("has_more_page"))


def _narrowed(listed: Listed) -> dict[str, Any]:
    return {name: request.args[name] for name in listed.filters if request.args.get(name)}


@bp.app_template_global()
def files_of(name: str) -> dict[str, str]:
    """The addresses of the files of a list, narrowed as the page is."""
    kept = _narrowed(LISTS[name])
    return {ext: url_for("integration.list_file", name=name, ext=ext, **kept) for ext in ("csv", "json")}
