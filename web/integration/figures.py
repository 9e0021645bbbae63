"""The figures of the dashboard as rows: what its charts draw, its tables say and its files hold (D1, D2, D3)."""

from typing import Any

from web.errors import NoEntry, Refused, ServiceUnreachable
from web.invoice import api
from web.session import connector

Row = dict[str, Any]

AGES = ("current", "days_1_30", "days_31_60", "days_61_90", "days_over_90")
INVOICED = ("draft", "sent", "paid")
#: How far back the history over time goes.
DAYS = 30
CUSTOMERS_SHOWN = 5


def board() -> Row:
    return dict(connector().get("/connection/dashboard"))


def history() -> Row:
    return dict(connector().get("/connection/history", days=DAYS))


def linked() -> Row:
    return dict(connector().get("/connection/linked/figures"))


def top_customers() -> list[Row]:
    """Who owes most; nobody where Invoice does not say, as the rest of the dashboard stands without it."""
    try:
        return list(api.get("/reports/customers", per_page=CUSTOMERS_SHOWN)["customers"])
    except (NoEntry, Refused, ServiceUnreachable):
        return []


def sales() -> Row:
    """Sales by month and how far quotes went; nothing where Invoice does not say."""
    try:
        return dict(api.get("/reports/sales"))
    except (NoEntry, Refused, ServiceUnreachable):
        return {"months": [], "conversion": []}


def invoiced_rows() -> list[Row]:
    invoiced = board().get("invoiced") or {}
    return [{"status": name, "amount": invoiced.get(name), "count": invoiced.get(f"{name}_count")} for name in INVOICED]


def age_rows() -> list[Row]:
    receivables = board().get("receivables") or {}
    return [{"age": name, "balance": receivables.get(name)} for name in AGES]


def stage_rows() -> list[Row]:
    return list(board()["pipeline"])


def linked_rows() -> list[Row]:
    return list(linked()["stages"])


def customer_rows() -> list[Row]:
    return list(api.get("/reports/customers", per_page=200)["customers"])


def day_rows() -> list[Row]:
    return [{"date": day["date"], **day["outcomes"]} for day in history()["days"]]


def failure_rows() -> list[Row]:
    return list(history()["failures"])


def month_rows() -> list[Row]:
    return list(api.get("/reports/sales")["months"])


def conversion_rows() -> list[Row]:
    return list(api.get("/reports/sales")["conversion"])
