"""The sync explained: one pair of records, how each field stands, and what the next sync would do and why."""

from typing import Any

from flask import g, render_template
from flask.typing import ResponseReturnValue

from web.i18n import _
from web.integration.blueprint import bp
from web.integration.history import field_words, pages_of
from web.session import connector

#: What a step of the next sync does to the pair, by kind and written side.
STEPS = {
    ("update", "invoice"): _("Writes to Zoho Invoice what is newer in Zoho CRM"),
    ("update", "crm"): _("Writes to Zoho CRM what is newer in Zoho Invoice"),
    ("delete", "invoice"): _("Deletes the record of Zoho Invoice"),
    ("delete", "crm"): _("Deletes the record of Zoho CRM"),
    ("create", "invoice"): _("Makes the record in Zoho Invoice anew"),
    ("create", "crm"): _("Makes the record in Zoho CRM anew"),
    ("unlink", "invoice"): _("Takes the two records apart"),
    ("leave_view", "invoice"): _("Leaves the pair alone from now on"),
    ("return_to_view", "invoice"): _("Takes the pair up again"),
}
EXTENTS = {"fetch": _("Fetch from CRM"), "both": _("Sync both ways")}


@bp.get("/pairs/<key:link_id>")
def pairs(link_id: str) -> ResponseReturnValue:
    answer = connector().get(f"/connection/links/{link_id}")
    link, found = answer["link"], answer["explanation"]
    pages = pages_of(link)
    g.side = "integration.links"
    g.twins = {product: page for product, page in pages.items() if page}
    return render_template(
        "integration/explained.html",
        link=link,
        pages=pages,
        acts=answer["acts"],
        found=found,
        why_not=answer["why_not"],
        is_live=answer["connection_state"] == "active",
        fields=[_field(row) for row in found["fields"]] if found else [],
        steps=[_step(step) for step in found["next"]] if found else [],
        extents=EXTENTS,
    )


def _field(row: dict[str, Any]) -> dict[str, Any]:
    """A mapped field; one that was last the same on both sides says it once."""
    is_one = row["crm_last"] == row["invoice_last"]
    return {**row, "words": field_words(row["invoice_field"]), "last": row["crm_last"] if is_one else None}


def _step(step: dict[str, Any]) -> dict[str, Any]:
    known = STEPS.get((step["kind"], step["side"]))
    text = _("Leaves the pair as it is") if step["kind"] == "none" else known or step["kind"].replace("_", " ")
    return {**step, "does": text}
