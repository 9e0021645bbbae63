"""From a real year of sales in the CRM to the invoices and figures that come of it, by command line and HTTP alone."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from tests.real_data import year
from tests.support.live import Live

pytestmark = [year.needs_the_data, pytest.mark.real_data, pytest.mark.xdist_group("year")]

WON, LOST, OPEN = 4_238, 2_473, 2_089
TOTAL = Decimal("10005534.00")


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A new world, connected, mode Accounts, invoice trigger on, the whole year imported."""
    live = Live(tmp_path_factory.mktemp("year"))
    try:
        live.connect(contacts={"module": "accounts"}, triggers={"document": "invoice"})
        year.import_accounts_and_products(live)
        live.first_sync = live.sync()  # type: ignore[attr-defined]
        year.import_potentials(live)
        live.settle()
        yield live
    finally:
        live.stop()


@pytest.fixture(scope="module")
def invoices(live: Live) -> list[dict[str, Any]]:
    return list(live.invoice.invoices())


def test_the_files_are_what_their_readme_says():
    assert year.stages() == {"Won": WON, "Lost": LOST, "Engaging": 1_589, "Prospecting": 500}
    assert sum(year.won_by_account().values()) == TOTAL


@pytest.mark.requirement("C1", "I1", "X9")
def test_the_first_sync_makes_85_contacts_and_7_items(live: Live):
    totals = {row["entity"]: row["added"] for row in live.first_sync["totals"]}

    assert totals == {"account": 85, "product": 7}
    assert len(list(live.invoice.contacts())) == 85
    assert len(list(live.invoice.items())) == 7


@pytest.mark.requirement("G1", "G4", "G9")
def test_every_won_potential_has_its_draft_invoice_and_they_add_up(invoices):
    assert len(invoices) == WON
    assert {row["status"] for row in invoices} == {"draft"}
    assert sum(row["total"] for row in invoices) == TOTAL
    assert len({row["zcrm_potential_id"] for row in invoices}) == WON


@pytest.mark.requirement("G3")
def test_each_customer_has_the_sum_of_his_won_potentials(invoices):
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in invoices:
        sums[row["customer_name"]] += row["total"]

    assert sums == year.won_by_account()
    largest = sorted(sums, key=lambda name: -sums[name])[:5]
    assert largest == ["Kan-code", "Konex", "Condax", "Cheers", "Hottechi"]


def test_each_invoice_belongs_to_the_potential_it_names(live: Live, invoices):
    by_name = {row["opportunity_id"]: row for row in year.potentials()}

    for row in invoices:
        potential = by_name[row["reference_number"]]
        assert (potential["deal_stage"], potential["account"]) == ("Won", row["customer_name"])
        assert Decimal(potential["close_value"]) == row["total"]


@pytest.mark.requirement("S5")
def test_the_history_tells_what_became_of_every_potential(live: Live):
    history = live.trigger_run()

    (totals,) = [row for row in history["totals"] if row["entity"] == "potential"]
    assert (totals["fetched"], totals["added"], totals["failed"]) == (8_800, WON, 0)
    reasons = {(row["outcome"], row["reason"]): row["count"] for row in history["reasons"]}
    assert reasons["added", "won"] == WON
    assert reasons["unchanged", "lost with nothing to void"] == LOST
    assert reasons["unchanged", "open and not due"] == OPEN


@pytest.mark.requirement("D1", "D2")
def test_the_dashboard_shows_the_same_totals_and_nothing_is_owed_until_invoices_are_sent(live: Live):
    shown = live.connector("GET", "/connection/dashboard")

    assert (shown["invoiced"]["total"], shown["invoiced"]["draft"], shown["invoiced"]["count"]) == (TOTAL, TOTAL, WON)
    assert shown["receivables"]["total"] == 0
    assert shown["triggers"] == {"created": WON, "nothing_to_void": LOST, "not_due": OPEN}
    assert shown["won_not_invoiced"] == {"count": 0, "amount": 0}


@pytest.mark.requirement("C11")
def test_a_second_sync_right_after_writes_nothing(live: Live):
    before = _writes(live)

    run = live.sync()

    assert _writes(live) == before
    counts = run["run"]["counts"]
    assert (counts["unchanged"], counts["added"], counts["updated"], counts["failed"]) == (92, 0, 0, 0)


@pytest.mark.requirement("G4", "G5")
def test_won_lost_won_voids_and_reopens_one_invoice_and_a_sent_one_is_left_alone(live: Live, invoices):
    row = invoices[0]
    potential, invoice_id = row["zcrm_potential_id"], row["invoice_id"]

    _move(live, potential, "Closed Lost")
    lost = _status(live, invoice_id)
    _move(live, potential, "Closed Won")
    won_again = _status(live, invoice_id)
    live.invoice.mark_invoice(invoice_id, "sent")
    _move(live, potential, "Closed Lost")

    assert (lost, won_again) == ("void", "draft")
    assert _status(live, invoice_id) in ("sent", "overdue")
    run = live.trigger_run()["run"]["id"]
    (told,) = live.connector("GET", f"/connection/runs/{run}/ops?outcome=skipped")["ops"]
    assert "marked sent" in told["reason"]
    assert len(list(live.invoice.invoices(zcrm_potential_id=potential))) == 1


def _move(live: Live, potential: str, stage: str) -> None:
    (outcome,) = live.crm.update_records("Deals", [{"id": potential, "Stage": stage}])
    assert outcome["code"] == "SUCCESS", outcome
    live.settle()


def _status(live: Live, invoice_id: str) -> str:
    invoice = live.invoice.invoice(invoice_id)
    assert invoice is not None
    return str(invoice["status"])


def _writes(live: Live) -> int:
    """Writes to records that the Invoice service has answered, by its own journal."""
    url = f"{live.url('invoice')}/_sim/worlds/demo0001/journal?writes=1&limit=10000"
    entries = live.outbound.call("GET", url).json()["entries"]
    return sum(1 for entry in entries if not entry["path"].startswith("/oauth"))
