"""The rule of tiers, for any figures."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from programmes.judging import Level, Step, calendar, earned, gaps, judge, next_level, rolling, year_before

LEVELS = [Level(1, {}), Level(2, {"revenue": Decimal(10)}), Level(3, {"revenue": Decimal(50), "won": Decimal(2)})]
DAY = date(2026, 11, 20)
VALUES = st.fixed_dictionaries({"revenue": st.integers(-100, 100).map(Decimal), "won": st.integers(0, 5).map(Decimal)})


def ruled(stands, earns, falls_on=None, day=DAY, grace=30, levels=LEVELS):
    return judge(levels, stands=stands, earns=earns, falls_on=falls_on, day=day, grace_days=grace)


@given(VALUES, st.integers(0, 50).map(Decimal))
def test_more_never_earns_less(values, more):
    assert earned(LEVELS, {**values, "revenue": values["revenue"] + more}) >= earned(LEVELS, values)


@given(VALUES)
def test_nothing_is_missing_of_an_earned_tier_and_something_of_the_next(values):
    rank = earned(LEVELS, values)
    level = next(each for each in LEVELS if each.rank == rank)
    assert not any(gap.missing for gap in gaps(level, values))
    above = next_level(LEVELS, rank)
    assert above is None or any(gap.missing for gap in gaps(above, values))


@given(st.lists(st.integers(1, 3), min_size=1, max_size=60), st.integers(0, 20), st.integers(1, 3))
def test_no_tier_falls_without_its_days_of_warning(earnings, grace, rank):
    falls_on, warned_on = None, None
    for at, earns in enumerate(earnings):
        day = DAY + timedelta(days=at)
        ruling = ruled(rank, earns, falls_on, day, grace)
        again = ruled(ruling.rank, earns, ruling.falls_on, day, grace)
        assert again.step == Step.STAY  # a second run on the same day changes nothing
        if ruling.step == Step.WARN:
            warned_on = day
        if ruling.step == Step.DEMOTE:
            assert ruling.rank == earns
            assert grace == 0 or (warned_on is not None and (day - warned_on).days >= grace)
        if ruling.step == Step.PROMOTE:
            assert ruling.rank == earns > rank
        rank, falls_on = ruling.rank, ruling.falls_on


def test_a_fall_that_was_announced_is_called_off_when_the_figures_are_back():
    assert ruled(3, 3, falls_on=DAY).step == Step.RECOVER
    assert ruled(3, 3, falls_on=DAY).falls_on is None


def test_a_tier_that_asks_for_nothing_is_given_by_hand_and_stays():
    levels = [*LEVELS, Level(4, {})]
    assert earned(levels, {"revenue": Decimal(100), "won": Decimal(9)}) == 3
    assert ruled(4, 1, levels=levels).step == Step.STAY


def test_who_stands_nowhere_begins_where_the_figures_are():
    assert ruled(None, 2).step == Step.PROMOTE


def test_a_gap_tells_how_much_is_reached():
    revenue, won = gaps(LEVELS[2], {"revenue": Decimal(25), "won": Decimal(3)})
    assert (revenue.missing, revenue.percent) == (Decimal(25), 50)
    assert (won.missing, won.percent) == (Decimal(0), 100)


def test_periods():
    assert rolling(DAY) == (date(2025, 11, 21), DAY)
    assert rolling(date(2028, 2, 29)) == (date(2027, 3, 1), date(2028, 2, 29))
    assert calendar(DAY) == (date(2026, 1, 1), DAY)
    assert year_before(DAY) == (date(2025, 1, 1), date(2025, 12, 31))
