"""How money, numbers, dates and times are written on every page; nowhere else is one formatted."""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from babel.dates import format_date as babel_date
from babel.dates import format_datetime as babel_datetime
from babel.numbers import format_currency, format_decimal, get_currency_precision
from flask import Flask
from markupsafe import Markup, escape

LOCALE = "en_US"
EMPTY = "–"


def decimal(value: Any) -> Decimal | None:
    """The value as an exact number, None when it is none."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def money(value: Any, currency: str | None = None) -> str:
    """An amount to the currency's places, rounded half up: $1,234.50."""
    amount = decimal(value)
    if amount is None:
        return EMPTY
    places = get_currency_precision(currency) if currency else 2
    # Babel rounds half to even for display, the products half up; so round before.
    rounded = amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    if not currency:
        return str(format_decimal(rounded, "#,##0.00", LOCALE))
    text = str(format_currency(rounded, currency, locale=LOCALE))
    # A currency without a sign of its own stands as its code, which wants a space.
    return text.replace(currency, f"{currency}\xa0", 1)


def number(value: Any) -> str:
    amount = decimal(value)
    return EMPTY if amount is None else str(format_decimal(amount, locale=LOCALE))


def plain(value: Any) -> str:
    """A number as one types it into a field: no thousands, no zeros at the end."""
    amount = decimal(value)
    if amount is None:
        return ""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def share(value: Any, whole: Any) -> str:
    """The width of a bar: the value's part of the whole, as a percentage between 0 and 100."""
    part, all_of_it = decimal(value) or Decimal(0), decimal(whole) or Decimal(0)
    if all_of_it <= 0 or part <= 0:
        return "0%"
    return f"{min(part / all_of_it, Decimal(1)) * 100:.2f}%"


def day(value: Any) -> str:
    """A date as 22 Nov 2026."""
    moment = _moment(value)
    if moment is None:
        return str(value) if value else EMPTY
    return str(babel_date(moment, "d MMM yyyy", LOCALE))


def time(value: Any) -> Markup | str:
    """A moment as 22 Nov 2026, 14:05 with its zone on hover."""
    moment = _moment(value)
    if moment is None:
        return str(value) if value else EMPTY
    shown = babel_datetime(moment, "d MMM yyyy, HH:mm", locale=LOCALE)
    zone = f"{moment:%H:%M:%S} UTC{moment.isoformat()[-6:]}" if isinstance(moment, datetime) and moment.tzinfo else ""
    return Markup('<time datetime="{}" title="{}" class="nowrap">{}</time>').format(escape(value), zone, shown)


def duration(start: Any, end: Any) -> str:
    """The time between two moments: 4 s, 2 min 10 s, 1 h 05 min."""
    first, last = _moment(start), _moment(end)
    if not isinstance(first, datetime) or not isinstance(last, datetime):
        return EMPTY
    seconds = max(int((last - first) / timedelta(seconds=1)), 0)
    if seconds < 1:
        return "under 1 s"
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60:02} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60:02} min"


def _moment(value: Any) -> datetime | date | None:
    if isinstance(value, datetime | date):
        return value
    try:
        text = str(value or "")
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        return None


def register(app: Flask) -> None:
    """Makes the formats filters of the templates."""
    for name, function in (
        ("money", money),
        ("number", number),
        ("share", share),
        ("day", day),
        ("time", time),
    ):
        app.jinja_env.filters[name] = function
    app.jinja_env.globals["duration"] = duration
    app.jinja_env.globals.update(EMPTY=EMPTY, zip=zip)
