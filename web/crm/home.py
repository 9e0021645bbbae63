"""The CRM's first page: figures, each a link to the records it counts, the pipeline, and what was changed last."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from web import formats
from web.crm.blueprint import API, bp
from web.crm.board import stages_of_potentials, sums_by_stage
from web.crm.modules import MODULES, Module, label_of
from web.crm.records import CELL_CLASSES, views_of
from web.crm.values import Shown, currency, shown
from web.errors import NotAllowed
from web.i18n import _, ngettext
from web.session import crm

#: Key of the module, the view that is counted, and what it is called.
COUNTED = (
    ("leads", "OPENLEADVIEWS", _("Open leads")),
    ("accounts", "ALLVIEWS", _("Accounts")),
    ("contacts", "ALLVIEWS", _("Contacts")),
    ("potentials", "OPENVIEWS", _("Open potentials")),
    ("potentials", "WONVIEWS", _("Won potentials")),
    ("potentials", "CLOSINGTHISMONTH", _("Closing this month")),
)
#: The modules whose latest records are shown, and how many of each.
LATEST = ("accounts", "contacts", "potentials")
SHOWN = 5
COLUMNS = 3


@dataclass(frozen=True)
class Figure:
    """A number and the list behind it; `refused` where the person may not see its module."""

    label: str
    number: str = ""
    href: str = ""
    refused: str = ""


@dataclass(frozen=True)
class Latest:
    """The records of a module that were changed last."""

    module: Module
    columns: Sequence[tuple[str, str]] = ()
    rows: Sequence[tuple[str, list[Shown]]] = ()
    refused: str = ""


@bp.get("")
def start() -> ResponseReturnValue:
    known: dict[str, list[dict[str, Any]]] = {}
    return render_template(
        "crm/home.html",
        figures=[_figure(MODULES[key], view, label, known) for key, view, label in COUNTED],
        stages=_stages(),
        latest=[_latest(MODULES[key]) for key in LATEST],
    )


def _figure(module: Module, system_name: str, label: str, known: dict[str, list[dict[str, Any]]]) -> Figure:
    """What a predefined view of a module holds; `known` keeps the views that were asked for."""
    try:
        views = known[module.key] if module.key in known else known.setdefault(module.key, views_of(module))
        view = next(one for one in views if one.get("system_name") == system_name)
        count = crm().get(f"{API}/{module.api_name}/actions/count", cvid=view["id"])["count"]
    except NotAllowed as error:
        return Figure(label, refused=_needed(error))
    return Figure(label, formats.number(count), url_for(module.endpoint, view=view["id"]))


def _needed(error: NotAllowed) -> str:
    return _("Permission needed: %(names)s", names=", ".join(error.permissions) or error.message)


def _stages() -> list[dict[str, Any]]:
    """The stages that have potentials, as rows of a chart; none for who may not see potentials."""
    try:
        sums = sums_by_stage()
        stages = stages_of_potentials() if sums else []
    except NotAllowed:
        return []
    return [
        {
            "label": label,
            "value": total,
            "text": formats.money(total, currency()),
            "note": ngettext("%(num)s potential", "%(num)s potentials", count),
            "tone": {100: "good", 0: "quiet"}.get(probability, ""),
            "href": url_for("crm.potentials", stage=stage),
        }
        for stage, label, probability in stages
        for count, total in [sums.get(stage, (0, Decimal(0)))]
        if count
    ]


def _latest(module: Module) -> Latest:
    fields = module.columns[:COLUMNS]
    query = {"fields": ",".join(fields), "sort_by": "Modified_Time", "sort_order": "desc", "per_page": SHOWN}
    try:
        answer = crm().get(f"{API}/{module.api_name}", **query) or {}
    except NotAllowed as error:
        return Latest(module, refused=_needed(error))
    rows = [(str(one["id"]), [shown(one, field) for field in fields]) for one in answer.get("data") or ()]
    return Latest(module, [(label_of(field), CELL_CLASSES.get(field, "")) for field in fields], rows)
