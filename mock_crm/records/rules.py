"""Rules that belong to single modules, over kept values: what a stage means, what a person is called."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from mock_crm import state
from mock_crm.errors import InvalidData
from mock_crm.records.drafts import Draft


def settle(draft: Draft) -> None:
    """Fills in what follows from what was written."""
    if "Currency" in draft.module.fields:
        _settle_currency(draft)
    if draft.module.api_name == "Deals":
        _settle_potential(draft)
    elif draft.module.api_name in ("Contacts", "Leads"):
        names = (draft.after.get("First_Name", ""), draft.after.get("Last_Name", ""))
        draft.after["Full_Name"] = " ".join(name.strip() for name in names if name)


def _settle_currency(draft: Draft) -> None:
    """A record is in an active currency, at first the home currency; its rate is then what the currency's was."""
    company = state.people().company
    active = {known.iso_code: known for known in company.currencies.values() if known.is_active}
    code = draft.after.setdefault("Currency", company.currency)
    is_moved = code != draft.before.get("Currency")
    if code not in active:
        if is_moved:
            draft.errors.append(InvalidData(draft.located("Currency")))
        return
    if is_moved and draft.changes.get("Exchange_Rate") is None:
        scale = draft.module.fields["Exchange_Rate"].scale
        draft.after["Exchange_Rate"] = int(active[code].exchange_rate * scale)


def _settle_potential(draft: Draft) -> None:
    """A stage sets the probability, an explicit one in the same write wins (requirement G2); both set the revenue."""
    after, changes = draft.after, draft.changes
    catalog = state.catalog()
    pipeline = catalog.pipeline(after.get("Pipeline"))
    if pipeline is None and changes.get("Pipeline"):
        draft.errors.append(InvalidData(draft.located("Pipeline")))
    stage = catalog.stages.get(after.get("Stage", ""))
    is_strange = stage is None or (pipeline is not None and stage.actual_value not in pipeline.stages)
    if is_strange and changes.get("Stage"):
        draft.errors.append(InvalidData(draft.located("Stage"), "Pipeline doesn't contain the Stage"))
    probability = changes.get("Probability")
    if probability is not None and not 0 <= probability <= 100:
        draft.errors.append(InvalidData(draft.located("Probability"), "Given Probability is not valid"))
    is_moved = after.get("Stage") != draft.before.get("Stage")
    if stage is not None and probability is None and (is_moved or "Probability" in changes):
        after["Probability"] = stage.probability
    revenue = expected_revenue(after.get("Amount"), after.get("Probability"))
    if revenue is None:
        after.pop("Expected_Revenue", None)
    else:
        after["Expected_Revenue"] = revenue


def expected_revenue(units: int | None, probability: int | None) -> int | None:
    """Amount × Probability / 100 in whole units, rounded half up (crm-api.md §4.3)."""
    if units is None or probability is None:
        return None
    return int((Decimal(units) * probability / 100).to_integral_value(ROUND_HALF_UP))


def name_of(draft: Draft) -> str:
    """What the record is called where others refer to it."""
    value: Any = draft.after.get(draft.module.name_field)
    return "" if value is None else str(value)
