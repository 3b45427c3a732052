"""What rules earn, for any lines in any order."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rebates.calculation import ZERO, Kind, Part, Rule, Running, Step, accrue, earned, late_credit, rate_at, total_of
from rebates.periods import period_before, period_of

CENTS = st.integers(-10_000_00, 50_000_00).map(lambda cents: Decimal(cents) / 100)
RATES = st.integers(0, 2_000).map(lambda number: Decimal(number) / 100)
STEPS = st.lists(
    st.tuples(st.integers(0, 60_000).map(Decimal), RATES), min_size=1, max_size=5, unique_by=lambda s: s[0]
)
RULES = st.builds(
    Rule,
    kind=st.sampled_from(Kind),
    currency=st.sampled_from(["EUR", "JPY", "KWD"]),
    rate=RATES,
    steps=STEPS.map(lambda steps: tuple(Step(*each) for each in steps)),
    retroactive=st.booleans(),
    of_units=st.booleans(),
    baseline=st.integers(0, 30_000).map(Decimal),
)


NOTHING = Running()


def run(rule, bases, running=NOTHING):
    parts = []
    for base in bases:
        running, more = accrue(rule, running, base)
        parts += more
    return running, parts


@given(RULES, st.lists(CENTS, max_size=30))
def test_lines_add_up_to_what_the_rule_says_of_their_sum(rule, bases):
    running, parts = run(rule, bases)
    assert sum((part.amount for part in parts), ZERO) == running.accrued
    assert running.accrued == total_of(rule, bases)


@given(RULES, st.lists(CENTS, max_size=20), st.randoms())
def test_crediting_everything_leaves_nothing(rule, bases, random):
    running, _parts = run(rule, bases)
    back = [-base for base in bases]
    random.shuffle(back)
    running, _parts = run(rule, back, running)
    assert running == Running(ZERO, ZERO)


@given(RULES, st.lists(CENTS.filter(lambda base: base > 0), max_size=20), st.randoms())
def test_the_order_of_lines_does_not_matter(rule, bases, random):
    shuffled = list(bases)
    random.shuffle(shuffled)
    assert run(rule, bases)[0] == run(rule, shuffled)[0]


@given(st.lists(st.integers(1, 90_000).map(Decimal), max_size=20), st.integers(0, 90_000).map(Decimal))
def test_late_credits_of_a_whole_period_take_all_of_it_back(bases, accrued):
    volume, credited, taken = sum(bases, ZERO), ZERO, ZERO
    for base in bases:
        taken += late_credit(Running(volume, accrued), credited, base, "EUR").amount
        credited += base
    assert taken == (-accrued if bases else 0)


def test_a_percentage():
    rule = Rule(Kind.PERCENT, "EUR", Decimal("2.5"))
    assert earned(rule, Decimal("1000.20")) == Decimal("25.01")


def test_an_amount_for_each_unit():
    assert earned(Rule(Kind.FIXED, "EUR", Decimal("1.50"), of_units=True), Decimal(7)) == Decimal("10.50")


def test_growth_counts_above_the_former_period():
    rule = Rule(Kind.GROWTH, "EUR", Decimal(10), baseline=Decimal(1000))
    assert [earned(rule, Decimal(volume)) for volume in (900, 1000, 1500)] == [0, 0, 50]


TWO_STEPS = (Step(ZERO, Decimal(1)), Step(Decimal(1000), Decimal(3)))


def test_steps_for_what_is_above_them():
    rule = Rule(Kind.TIERS, "EUR", steps=TWO_STEPS)
    assert earned(rule, Decimal(1500)) == 10 + 15
    assert rate_at(rule, Decimal(999)) == 1


def test_a_step_for_the_whole_volume_rates_the_earlier_lines_anew():
    rule = Rule(Kind.TIERS, "EUR", steps=TWO_STEPS, retroactive=True)
    running, parts = run(rule, [Decimal(800), Decimal(400)])
    assert running.accrued == 36
    assert [(part.part, part.base, part.rate, part.amount) for part in parts] == [
        (Part.LINE, 800, 1, 8),
        (Part.LINE, 400, 3, 12),
        (Part.RERATED, 800, 2, 16),
    ]
    _running, parts = run(rule, [Decimal(-400)], running)
    assert [part.amount for part in parts] == [-4, -24]


def test_below_the_first_step_nothing_is_earned():
    assert earned(Rule(Kind.TIERS, "EUR", steps=(Step(Decimal(100), Decimal(5)),)), Decimal(99)) == 0


@pytest.mark.parametrize(
    ("kind", "first", "last", "before"),
    [
        ("month", date(2026, 11, 1), date(2026, 11, 30), date(2026, 10, 1)),
        ("quarter", date(2026, 10, 1), date(2026, 12, 31), date(2026, 7, 1)),
        ("year", date(2026, 1, 1), date(2026, 12, 31), date(2025, 1, 1)),
    ],
)
def test_periods(kind, first, last, before):
    assert period_of(kind, date(2026, 11, 20)) == (first, last)
    assert period_before(kind, date(2026, 11, 20))[0] == before
