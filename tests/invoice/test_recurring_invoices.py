"""A recurring invoice makes its invoices by itself, each on its day of the world's clock (invoice-api.md §7.4)."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import quote

import pytest

from mock_invoice.recurring_invoices.making import make_due
from mock_invoice.recurring_invoices.schedule import first_from
from tests.invoice.conftest import Invoice

pytestmark = pytest.mark.requirement("X4")

LINES = [{"name": "Rent", "rate": 250, "quantity": 2}]


def today(invoice: Invoice) -> date:
    return datetime.fromisoformat(invoice.control("GET", "/clock")["now"]).date()


def stand_on(invoice: Invoice, day: date) -> None:
    """The clock is put to noon of a day, where all organizations of the tests have that day."""
    invoice.control("PUT", "/clock", {"now": datetime(day.year, day.month, day.day, 12, tzinfo=UTC).isoformat()})
    invoice.token = invoice.as_(invoice.email).token


@pytest.fixture
def new_year(invoice: Invoice) -> date:
    """The clock stands on the first of a January to come."""
    invoice.control("PUT", "/clock", {"freeze": True})
    day = date(today(invoice).year + 1, 1, 1)
    stand_on(invoice, day)
    return day


def body_of(invoice: Invoice, name: str = "Rent of Acme", **more: Any) -> dict[str, Any]:
    found = invoice.get("/contacts?contact_name=Acme")["contacts"] or [invoice.add_contact("Acme", payment_terms=15)]
    asked = {"recurrence_name": name, "customer_id": found[0]["contact_id"], "line_items": LINES}
    return {**asked, "recurrence_frequency": "months", **more}


def add(invoice: Invoice, name: str = "Rent of Acme", **more: Any) -> Any:
    return invoice.post("/recurringinvoices", body_of(invoice, name, **more))["recurring_invoice"]


def shown(invoice: Invoice, recurring: Any) -> Any:
    return invoice.get(f"/recurringinvoices/{recurring['recurring_invoice_id']}")["recurring_invoice"]


def children(invoice: Invoice, recurring: Any) -> list[Any]:
    address = f"/invoices?recurring_invoice_id={recurring['recurring_invoice_id']}&sort_column=invoice_number"
    return list(invoice.get(address)["invoices"])


def days_of(invoice: Invoice, recurring: Any) -> list[str]:
    return [one["date"] for one in children(invoice, recurring)]


def history(invoice: Invoice, recurring: Any) -> list[str]:
    comments = invoice.get(f"/recurringinvoices/{recurring['recurring_invoice_id']}/comments")["comments"]
    return [one["description"] for one in comments]


@pytest.mark.parametrize(
    ("start", "frequency", "every", "day", "due"),
    [
        ("2026-01-10", "days", 3, "2026-01-11", "2026-01-13"),
        ("2026-01-10", "days", 3, "2026-01-13", "2026-01-13"),
        ("2026-01-10", "weeks", 2, "2026-02-01", "2026-02-07"),
        ("2026-01-31", "months", 1, "2026-02-01", "2026-02-28"),
        ("2026-01-31", "months", 1, "2026-03-01", "2026-03-31"),
        ("2026-01-31", "months", 3, "2026-05-01", "2026-07-31"),
        ("2024-02-29", "years", 1, "2024-03-01", "2025-02-28"),
        ("2024-02-29", "years", 1, "2027-03-01", "2028-02-29"),
        ("2026-05-01", "months", 1, "2026-01-01", "2026-05-01"),
        ("2026-01-10", "years", 999, "9990-01-01", None),
        ("2026-01-10", "days", 999, "9999-12-31", None),
    ],
)
def test_days_are_counted_from_the_start(start, frequency, every, day, due):
    found = first_from(date.fromisoformat(start), frequency, every, date.fromisoformat(day))

    assert found == (due and date.fromisoformat(due))


@pytest.mark.parametrize("frequency", ["days", "weeks", "months", "years"])
@pytest.mark.parametrize("every", [1, 2, 5])
def test_no_day_is_left_out_and_none_comes_twice(frequency, every):
    start = date(2023, 12, 31)
    walked, day = [], start
    for _ in range(30):
        found = first_from(start, frequency, every, day)
        assert found is not None
        walked.append(found)
        day = found + timedelta(days=1)

    asked = {first_from(start, frequency, every, start + timedelta(days=one)) for one in range(800)}
    assert walked == sorted(set(walked))
    assert {one for one in asked if one and one <= walked[-1]} <= set(walked)
    gaps = {(later - earlier).days for earlier, later in pairwise(walked)}
    usual = {"days": {1}, "weeks": {7}, "months": set(range(28, 32)), "years": {365, 366}}[frequency]
    assert all(min(usual) * every <= gap <= max(usual) * every for gap in gaps)


def test_one_that_starts_today_makes_its_first_invoice_at_once(invoice, new_year):
    recurring = add(invoice, reference_number="R-7", notes="Thank you", discount="10%", adjustment=5)

    (first,) = children(invoice, recurring)
    made = invoice.invoice(first["invoice_id"])
    assert (made["date"], made["due_date"]) == (str(new_year), str(new_year + timedelta(days=15)))
    assert (made["status"], made["total"]) == ("draft", 455)
    assert (made["reference_number"], made["notes"]) == ("R-7", "Thank you")
    assert made["recurring_invoice_id"] == recurring["recurring_invoice_id"]
    assert recurring["last_sent_date"] == str(new_year)
    assert recurring["next_invoice_date"] == str(new_year.replace(month=2))


def test_an_invoice_is_made_at_the_moment_that_was_told(invoice, new_year):
    recurring = add(invoice, start_date=str(new_year + timedelta(days=9)))
    until = datetime.fromisoformat(invoice.control("GET", "/clock")["now"]) + timedelta(days=20)

    events = invoice.control("GET", f"/due?until={quote(until.isoformat())}")["due"]

    (event,) = [one for one in events if one["kind"] == "recurring_invoice"]
    assert (event["what"], event["stops"]) == ("Recurring invoice Rent of Acme makes its next invoice", True)
    moment = datetime.fromisoformat(event["at"])
    invoice.control("PUT", "/clock", {"now": (moment - timedelta(seconds=1)).isoformat()})
    invoice.token = invoice.as_(invoice.email).token
    assert children(invoice, recurring) == []
    invoice.control("PUT", "/clock", {"now": moment.isoformat()})
    assert days_of(invoice, recurring) == [str(new_year + timedelta(days=9))]


def test_a_clock_that_jumps_by_months_makes_each_invoice_once_in_the_order_of_their_days(invoice, new_year):
    rent = add(invoice, start_date=str(new_year.replace(day=31)))
    weekly = add(invoice, "Cleaning", recurrence_frequency="weeks", repeat_every=2, start_date=str(new_year))

    stand_on(invoice, new_year.replace(month=4, day=10))
    stand_on(invoice, new_year.replace(month=4, day=10))

    last = 29 if new_year.year % 4 == 0 else 28
    assert days_of(invoice, rent) == [str(new_year.replace(month=m, day=d)) for m, d in ((1, 31), (2, last), (3, 31))]
    assert days_of(invoice, weekly) == [str(new_year + timedelta(days=14 * one)) for one in range(8)]
    both = sorted([*children(invoice, rent), *children(invoice, weekly)], key=lambda one: one["invoice_number"])
    assert [one["date"] for one in both] == sorted(one["date"] for one in both)
    assert shown(invoice, rent)["next_invoice_date"] == str(new_year.replace(month=4, day=30))


def test_a_clock_that_just_runs_on_is_looked_after_and_reads_make_nothing(invoice, new_year):
    recurring = add(invoice, start_date=str(new_year + timedelta(days=1)))
    worlds = invoice.app.extensions["worlds"]
    moved = invoice.app.extensions["clock_moved"]
    kept, moved[:] = list(moved), []
    try:
        stand_on(invoice, new_year + timedelta(days=1))
    finally:
        moved[:] = kept
    assert children(invoice, recurring) == []
    assert shown(invoice, recurring)["last_sent_date"] == ""

    make_due(worlds, invoice.world)
    make_due(worlds, invoice.world)

    assert days_of(invoice, recurring) == [str(new_year + timedelta(days=1))]


def test_after_its_end_it_has_expired_and_a_later_end_brings_it_back(invoice, new_year):
    recurring = add(invoice, end_date=str(new_year.replace(month=2, day=20)))
    assert recurring["status"] == "active"

    stand_on(invoice, new_year.replace(month=6, day=3))

    expired = shown(invoice, recurring)
    assert (expired["status"], expired["next_invoice_date"]) == ("expired", "")
    assert days_of(invoice, recurring) == [str(new_year), str(new_year.replace(month=2))]
    address = f"/recurringinvoices/{recurring['recurring_invoice_id']}"
    status, code, message = invoice.refused("POST", f"{address}/status/stop")
    assert (status, code) == (400, 90_001)
    assert message == "The status of this recurring invoice cannot be changed to stopped, as it is expired."
    back = invoice.put(address, {"end_date": str(new_year.replace(month=12))})["recurring_invoice"]
    assert (back["status"], back["next_invoice_date"]) == ("active", str(new_year.replace(month=7)))


def test_a_stopped_one_makes_nothing_and_goes_on_without_the_days_it_missed(invoice, new_year):
    recurring = add(invoice)
    address = f"/recurringinvoices/{recurring['recurring_invoice_id']}/status"

    invoice.post(f"{address}/stop")
    stand_on(invoice, new_year.replace(month=4, day=10))

    stopped = shown(invoice, recurring)
    assert (stopped["status"], stopped["next_invoice_date"]) == ("stopped", "")
    assert days_of(invoice, recurring) == [str(new_year)]
    invoice.post(f"{address}/resume")
    assert shown(invoice, recurring)["next_invoice_date"] == str(new_year.replace(month=5))
    stand_on(invoice, new_year.replace(month=5))
    assert days_of(invoice, recurring) == [str(new_year), str(new_year.replace(month=5))]


def test_stopped_and_resumed_on_its_day_it_makes_no_second_invoice(invoice, new_year):
    recurring = add(invoice)
    address = f"/recurringinvoices/{recurring['recurring_invoice_id']}"

    for action in ("stop", "stop", "resume", "resume"):
        invoice.post(f"{address}/status/{action}")
    invoice.put(address, {"recurrence_frequency": "weeks", "start_date": str(new_year)})

    assert days_of(invoice, recurring) == [str(new_year)]
    assert shown(invoice, recurring)["next_invoice_date"] == str(new_year + timedelta(days=7))


def test_what_cannot_be_made_is_noted_and_the_calendar_goes_on(invoice, new_year):
    recurring = add(invoice)
    invoice.post(f"/contacts/{recurring['customer_id']}/inactive")

    stand_on(invoice, new_year.replace(month=2))
    invoice.post(f"/contacts/{recurring['customer_id']}/active")
    stand_on(invoice, new_year.replace(month=3))

    assert days_of(invoice, recurring) == [str(new_year), str(new_year.replace(month=3))]
    numbers = [one["invoice_number"] for one in children(invoice, recurring)]
    assert numbers == ["INV-000001", "INV-000002"]
    told = f"The invoice of {new_year.replace(month=2)} could not be created: The Customer is not accessible"
    assert history(invoice, recurring)[:3] == ["Invoice INV-000002 created", told, "Invoice INV-000001 created"]


def test_a_change_is_seen_in_the_invoices_after_it_and_in_none_before(invoice, new_year):
    recurring = add(invoice)

    change = {"line_items": [{"name": "Rent", "rate": 300, "quantity": 2}], "payment_terms": 0}
    invoice.put(f"/recurringinvoices/{recurring['recurring_invoice_id']}", change)
    stand_on(invoice, new_year.replace(month=2))

    assert [one["total"] for one in children(invoice, recurring)] == [500, 600]
    assert children(invoice, recurring)[1]["due_date"] == str(new_year.replace(month=2))


def test_what_started_long_ago_begins_with_its_next_day_from_now(invoice, new_year):
    recurring = add(invoice, start_date=str(new_year.replace(year=new_year.year - 2, month=3, day=15)))

    assert children(invoice, recurring) == []
    assert recurring["next_invoice_date"] == str(new_year.replace(day=15))


def test_invoices_stay_when_what_made_them_is_deleted(invoice, new_year):
    recurring = add(invoice)
    (made,) = children(invoice, recurring)

    invoice.delete(f"/recurringinvoices/{recurring['recurring_invoice_id']}")
    stand_on(invoice, new_year.replace(month=3))

    assert invoice.invoice(made["invoice_id"])["recurring_invoice_id"] == ""
    assert [one["date"] for one in invoice.get("/invoices")["invoices"]] == [str(new_year)]


def test_an_invoice_made_by_hand_may_be_said_to_be_of_one_of_the_same_customer(invoice, new_year):
    recurring = add(invoice, start_date=str(new_year.replace(month=2)))
    recurring_id = recurring["recurring_invoice_id"]

    invoice.add_invoice(recurring["customer_id"], recurring_invoice_id=recurring_id)

    assert len(children(invoice, recurring)) == 1
    other = {"customer_id": invoice.add_contact("Zylker")["contact_id"], "line_items": LINES}
    refusal = invoice.refused("POST", "/invoices", {**other, "recurring_invoice_id": recurring_id})
    assert refusal == (400, 2, "Invalid value passed for recurring_invoice_id")


def test_names_are_unique_and_the_end_is_not_before_the_start(invoice, new_year):
    add(invoice)

    again = invoice.refused("POST", "/recurringinvoices", body_of(invoice))
    assert again[:2] == (400, 90_002)
    backwards = body_of(invoice, "Other", start_date="2030-05-02", end_date="2030-05-01")
    assert invoice.refused("POST", "/recurringinvoices", backwards)[2] == "Invalid value passed for end_date"


def test_the_list_is_filtered_by_status_and_name_and_sorted_by_the_next_day(invoice, new_year):
    soon = add(invoice, "Soon", start_date=str(new_year.replace(day=5)))
    add(invoice, "Late", start_date=str(new_year.replace(month=7)))
    stopped = add(invoice, "Stopped", start_date=str(new_year.replace(day=2)))
    invoice.post(f"/recurringinvoices/{stopped['recurring_invoice_id']}/status/stop")

    def names(query: str) -> list[str]:
        rows = invoice.get(f"/recurringinvoices?{query}")["recurring_invoices"]
        return [one["recurrence_name"] for one in rows]

    assert names("filter_by=Status.Active&sort_column=next_invoice_date") == ["Soon", "Late"]
    assert names("status=stopped") == ["Stopped"]
    assert names("recurrence_name_startswith=so") == ["Soon"]
    assert names(f"customer_id={soon['customer_id']}&sort_column=recurrence_name") == ["Late", "Soon", "Stopped"]


def test_its_customer_and_its_items_cannot_be_deleted(invoice, new_year):
    item = invoice.add_item("Desk")["item_id"]
    recurring = add(invoice, line_items=[{"item_id": item}], start_date=str(new_year.replace(month=2)))

    assert invoice.refused("DELETE", f"/contacts/{recurring['customer_id']}")[1] == 3000
    assert invoice.refused("DELETE", f"/items/{item}")[0] == 400
