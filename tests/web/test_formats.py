"""How money, dates and durations are written."""

from decimal import Decimal

import pytest

from web import formats


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        (Decimal("1234.5"), "USD", "$1,234.50"),
        (Decimal("1.005"), "USD", "$1.01"),
        (Decimal("1.025"), "USD", "$1.03"),
        (1200, "JPY", "¥1,200"),
        (Decimal("0.1234"), "BHD", "BHD\xa00.123"),
        (Decimal("99999999999.99"), None, "99,999,999,999.99"),
        (0, "USD", "$0.00"),
        (None, "USD", "–"),
        ("", "USD", "–"),
    ],
)
def test_money_is_written_to_the_places_of_its_currency_and_rounded_half_up(amount, currency, written):
    assert formats.money(amount, currency) == written


def test_a_date_is_written_as_day_month_year():
    assert formats.day("2026-11-22") == "22 Nov 2026"
    assert formats.day(None) == "–"
    assert formats.day("") == "–"


def test_a_moment_keeps_its_zone_on_hover():
    written = formats.time("2026-11-22T14:05:09+05:30")

    assert "22 Nov 2026, 14:05" in written
    assert "UTC+05:30" in written


@pytest.mark.parametrize(
    ("end", "written"),
    [
        ("2026-11-22T10:00:00+00:00", "under 1 s"),
        ("2026-11-22T10:00:42+00:00", "42 s"),
        ("2026-11-22T10:02:05+00:00", "2 min 05 s"),
        ("2026-11-22T11:05:00+00:00", "1 h 05 min"),
        (None, "–"),
    ],
)
def test_a_duration_is_written_in_its_two_largest_units(end, written):
    assert formats.duration("2026-11-22T10:00:00+00:00", end) == written


def test_a_bar_never_passes_its_frame():
    assert formats.share(5, 10) == "50.00%"
    assert formats.share(20, 10) == "100.00%"
    assert formats.share(-5, 10) == "0%"
    assert formats.share(5, 0) == "0%"
