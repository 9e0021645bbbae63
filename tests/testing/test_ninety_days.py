"""Three months of the demo company at once: what falls due on the way happens at its moment and is told in order."""

from datetime import datetime, timedelta

import pytest

from simulator.testing import Zoho, assert_converged

DAYS = 90


@pytest.mark.requirement("X4", "S1", "G10")
@pytest.mark.zoho(scenario="demo")
def test_ninety_days_of_the_demo_company_happen_in_their_order(zoho: Zoho):
    zoho.connect(contacts={"duplicates": "overwrite"}, auto_sync_minutes=120)
    zoho.sync()
    zoho.clock.freeze()
    start, mark = zoho.clock.now(), zoho.journal.mark()
    sent = {one["invoice_id"] for one in zoho.invoice.invoices(status="sent")}
    offered = {one["estimate_id"] for one in zoho.invoice.iterate("/estimates", "estimates", status="sent")}

    assert sent
    assert offered
    happened = zoho.clock.advance(days=DAYS)

    assert zoho.clock.now() == start + timedelta(days=DAYS)
    moments = [datetime.fromisoformat(row["at"]) for row in happened]
    assert moments == sorted(moments)
    kinds = [row["kind"] for row in happened]
    assert {kind: kinds.count(kind) for kind in ("auto_sync", "channel_renewal", "channel_end")} == {
        "auto_sync": 25,
        "channel_renewal": 15,
        "channel_end": 0,
    }
    assert {one["status"] for one in zoho.invoice.invoices() if one["invoice_id"] in sent} == {"overdue"}
    estimates = zoho.invoice.iterate("/estimates", "estimates")
    assert {one["status"] for one in estimates if one["estimate_id"] in offered} == {"expired"}
    told = {kind: sum(row["count"] for row in happened if row["kind"] == kind) for kind in {*kinds}}
    assert (told["invoice_due"], told["estimate_expiry"]) == (len(sent), len(offered))

    runs = [datetime.fromisoformat(run["started_at"]) for run in zoho.connector_api.runs(kind="auto")][::-1]
    assert runs == sorted(runs)
    syncs = [moment for moment, kind in zip(moments, kinds, strict=True) if kind == "auto_sync"]
    assert [moment.replace(microsecond=0) for moment in syncs] == runs
    renewals = zoho.journal.calls(mark, ["crm"], writes=True, path="/actions/watch")
    assert len(renewals) == 15
    assert_converged(zoho)
