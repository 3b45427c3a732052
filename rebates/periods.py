"""Months, quarters and years as first and last day. Pure."""

from datetime import date, timedelta

MONTHS = {"month": 1, "quarter": 3, "year": 12}


def period_of(kind: str, day: date) -> tuple[date, date]:
    """The month, quarter or calendar year of a day: its first and its last day."""
    months = MONTHS[kind]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return first, _shifted(first, months) - timedelta(days=1)


def period_before(kind: str, day: date) -> tuple[date, date]:
    """The period before that of a day."""
    return period_of(kind, period_of(kind, day)[0] - timedelta(days=1))


def _shifted(first: date, months: int) -> date:
    at = first.year * 12 + first.month - 1 + months
    return date(at // 12, at % 12 + 1, 1)
