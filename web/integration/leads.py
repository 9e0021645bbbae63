"""Where the sums of Invoice on the dashboard lead: to the list narrowed to exactly what each counts (D2)."""

import calendar
from datetime import date, timedelta
from typing import Any

from flask import url_for

#: Bucket of receivables -> the days overdue at which it begins and ends.
AGES: dict[str, tuple[int | None, int | None]] = {
    "current": (None, 0),
    "days_1_30": (1, 30),
    "days_31_60": (31, 60),
    "days_61_90": (61, 90),
    "days_over_90": (91, None),
    "overdue": (1, None),
}
#: Part of what was invoiced -> status of the invoices.
INVOICED = {"total": "invoiced", "draft": "draft", "sent": "unpaid", "paid": "paid"}


def to_invoiced(part: str, customer: str | None = None) -> str:
    return url_for("invoice.invoices", status=INVOICED[part], customer=customer)


def to_receivables(age: str | None, on: str | None, customer: str | None = None) -> str:
    """Invoices that were sent and have a balance, of an age as of a day; of any age without them."""
    newest, oldest = AGES[age] if age else (None, None)
    if on is None:
        newest, oldest = None, None
    return url_for(
        "invoice.invoices",
        status="unpaid",
        due_from=_days_before(on, oldest),
        due_until=_days_before(on, newest),
        customer=customer,
    )


def _days_before(on: str | None, days: int | None) -> str | None:
    return (date.fromisoformat(on) - timedelta(days=days)).isoformat() if on and days is not None else None


def to_paid(month: str) -> str:
    first, last = _ends(month)
    # `from` is a word of the language.
    query: dict[str, Any] = {"from": first, "until": last}
    return url_for("invoice.payments", **query)


def to_overdue(month: str, on: str) -> str:
    """What fell due in a month and is overdue still; the month under way ends the day before."""
    first, last = _ends(month)
    yesterday = str(_days_before(on, 1))
    return url_for("invoice.invoices", status="unpaid", due_from=first, due_until=min(last, yesterday))


def _ends(month: str) -> tuple[str, str]:
    year, number = (int(part) for part in month.split("-"))
    return f"{month}-01", f"{month}-{calendar.monthrange(year, number)[1]:02}"


def to_quotes(step: str) -> str:
    return url_for("invoice.estimates", status=f"reached_{step}")


def to_customer(customer: dict[str, Any], on: str | None) -> dict[str, str]:
    """Where each number of a customer's row leads."""
    who = customer["customer_id"]
    return {
        "invoiced": to_invoiced("total", who),
        "outstanding": to_receivables(None, None, who),
        "overdue": to_receivables("overdue", on, who),
    }
