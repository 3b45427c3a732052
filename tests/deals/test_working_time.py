from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deals.working_time import add_days, add_minutes, minutes_between

ROME = ZoneInfo("Europe/Rome")


def at(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=ROME)


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        (at(18, 12), 60, at(18, 13)),
        (at(18, 17), 120, at(19, 10)),  # Wednesday evening goes on on Thursday
        (at(20, 17), 120, at(23, 10)),  # Friday goes on on Monday
        (at(21, 3), 30, at(23, 9, 30)),  # Saturday night starts on Monday
        (at(18, 20), 0, at(19, 9)),
        (at(18, 8), 480, at(18, 17)),
    ],
)
def test_business_time_is_monday_to_friday_nine_to_six(start, minutes, end):
    assert add_minutes(start, minutes) == end


def test_days_are_full_business_days():
    assert add_days(at(18, 12), 5) == at(25, 12)


def test_between_counts_business_minutes_only():
    assert minutes_between(at(20, 17), at(23, 10)) == 120
    assert minutes_between(at(18, 13), at(18, 12)) == 0


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)), st.integers(0, 20_000))
def test_adding_and_measuring_agree(start, minutes):
    start = start.replace(second=0, microsecond=0, tzinfo=ZoneInfo("UTC"))
    assert minutes_between(start, add_minutes(start, minutes)) == minutes
