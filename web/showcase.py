"""/components: every building block with made-up data, to look at in both schemes."""

from decimal import Decimal

from flask import Blueprint, flash, g, render_template
from flask.typing import ResponseReturnValue

from web.formats import money
from web.i18n import _

bp = Blueprint("showcase", __name__)

AGES = (
    ("Not due yet", 18_250, "quiet"),
    ("1–30 days overdue", 7_420, "attention"),
    ("31–60 days overdue", 2_100, "attention"),
    ("61–90 days overdue", 0, "bad"),
    ("Over 90 days overdue", 640, "bad"),
)


@bp.get("/components")
def show() -> ResponseReturnValue:
    g.product = "integration"
    flash(_("The invoice INV-000012 has been created."), "good")
    rows = [
        {"label": label, "value": Decimal(value), "text": money(value, "USD"), "tone": tone, "href": "#chart"}
        for label, value, tone in AGES
    ]
    points = [
        {"label": f"Day {place + 1}", "value": value, "text": str(value)}
        for place, value in enumerate((4, 9, 7, 12, 12, 18, 11, 15, 22, 19))
    ]
    steps = [
        {"key": "module", "label": _("Module"), "is_done": True, "href": "#wizard"},
        {"key": "extent", "label": _("Extent of the sync"), "is_done": False, "href": "#wizard"},
        {"key": "duplicates", "label": _("Duplicate records"), "is_done": False, "href": None},
    ]
    changes = [
        {"field": "Phone", "before": "+1 555 0111", "after": "+1 555 0199", "is_changed": True},
        {"field": "Website", "before": None, "after": "https://acme.example", "is_changed": True},
        {"field": "Contact name", "before": "Acme", "after": "Acme", "is_changed": False},
    ]
    effect = {
        "stops": [_("Syncing contacts of accounts as contact persons stops; nothing is deleted.")],
        "starts": [_("Writing to the CRM what is new or edited in Invoice.")],
    }
    lines = [
        {"name": "Anvil", "item_id": "1", "description": "Heavy", "quantity": "3", "rate": "19.9", "tax_id": "1"},
        {"name": "Work", "item_id": "", "description": "", "quantity": "1", "rate": "much", "tax_id": ""},
    ]
    return render_template(
        "components.html",
        rows=rows,
        points=points,
        steps=steps,
        changes=changes,
        effect=effect,
        lines=lines,
        lines_address=lambda **_change: "#lines",
        totals={"sub_total": 159.7, "taxes": [{"tax_name": "VAT (20 %)", "tax_amount": 11.94}], "total": 171.64},
    )
