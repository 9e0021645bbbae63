"""On which days a recurring invoice makes an invoice. Pure: knows no clock and no database."""

import calendar
from datetime import date, timedelta

#: Frequency → how many days or months one of them is.
DAYS = {"days": 1, "weeks": 7}
MONTHS = {"months": 1, "years": 12}
FREQUENCIES = (*DAYS, *MONTHS)


def first_from(start: date, frequency: str, every: int, day: date) -> date | None:
    """The first due day on or after `day`; none where the calendar ends before it.

    Days are counted from the start, so one that begins on the 31st is due on the last day of a shorter month and on
    the 31st again after it. [DESIGN]
    """
    if day <= start:
        return start
    if frequency in DAYS:
        step = DAYS[frequency] * every
        count = -((start - day).days // step)
    else:
        step = MONTHS[frequency] * every
        count = ((day.year - start.year) * 12 + day.month - start.month) // step
    found = _occurrence(start, frequency, step, count)
    return found if found is None or found >= day else _occurrence(start, frequency, step, count + 1)


def _occurrence(start: date, frequency: str, step: int, count: int) -> date | None:
    """So many steps after the start."""
    if frequency in DAYS:
        try:
            return start + timedelta(days=step * count)
        except OverflowError:
            return None
    year, month = divmod(start.year * 12 + start.month - 1 + step * count, 12)
    if year > date.max.year:
        return None
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))
