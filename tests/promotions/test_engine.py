"""The engine alone: each kind of promotion, how they meet, budgets, hints; and what holds for any basket."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.money import round_money
from promotions.engine import Break, Item, Offer, price

D = Decimal


def item(ref="1", product=1, quantity=10, unit_price=100, line="pumps", currency="EUR"):
    return Item(ref, product, line, D(quantity), D(unit_price), currency)


def offer(pk=1, kind="percent", value=10, **more):
    return Offer(id=pk, kind=kind, currency="EUR", value=D(value), **more)


def unit_price(outcome, ref="1", start=100):
    steps = outcome.applied.get(ref, ())
    return steps[-1].after if steps else D(start)


def codes(outcome):
    return {(each.offer, each.code) for each in outcome.refused}


def test_a_percentage_falls_on_each_unit():
    outcome = price([item()], [offer()])
    assert unit_price(outcome) == 90 and outcome.savings() == {1: D(100)}


def test_an_amount_never_goes_below_nothing():
    assert unit_price(price([item(unit_price=8)], [offer(kind="amount", value=10)])) == 0


def test_a_fixed_price_above_todays_does_not_apply():
    outcome = price([item(unit_price=80)], [offer(kind="fixed", value=95, named=True)])
    assert outcome.applied == {} and codes(outcome) == {(1, "better")}


def test_units_of_all_lines_together_reach_a_break():
    volume = offer(kind="volume", breaks=(Break(D(10), D(5)), Break(D(20), D(8))))
    outcome = price([item("1", quantity=12), item("2", product=2, quantity=9)], [volume])
    assert unit_price(outcome, "1") == 92 and unit_price(outcome, "2") == 92


def test_who_nearly_reaches_the_next_break_is_told():
    volume = offer(kind="volume", breaks=(Break(D(10), D(5)), Break(D(20), D(8))))
    outcome = price([item(quantity=18)], [volume])
    [hint] = outcome.refused
    assert unit_price(outcome) == 95 and (hint.code, hint.lacks, hint.goal) == ("near_tier", 2, 20)
    assert price([item(quantity=12)], [volume]).refused == ()


def test_a_bundle_gives_units_on_top():
    outcome = price([item(quantity=25)], [offer(kind="bundle", buy=10, get=1)])
    [step] = outcome.applied["1"]
    assert (step.given, step.after, step.saving) == (2, 100, 200)


def test_a_bundle_of_another_product_needs_its_line():
    gift = offer(kind="bundle", buy=5, get=1, reward=7, products=frozenset({1}))
    alone = price([item(quantity=10)], [gift])
    assert alone.applied == {} and codes(alone) == {(1, "near_reward")}
    both = price([item(quantity=10), item("2", product=7, quantity=1, unit_price=30)], [gift])
    assert both.applied["2"][0].given == 2 and both.savings() == {1: D(60)}


def test_what_is_given_is_worth_what_the_line_costs_after_all():
    outcome = price([item(quantity=10)], [offer(kind="bundle", buy=10, get=1), offer(2, value=20)])
    assert outcome.savings() == {1: D(80), 2: D(200)}


def test_a_rebate_is_noted_and_leaves_the_price():
    outcome = price([item()], [offer(kind="rebate", value=3)])
    assert unit_price(outcome) == 100 and outcome.savings() == {1: D(30)}


def test_combining_promotions_follow_each_other_by_priority():
    outcome = price([item()], [offer(1, "amount", 10, priority=1), offer(2, "percent", 10, priority=5)])
    assert [step.offer for step in outcome.applied["1"]] == [2, 1] and unit_price(outcome) == 80


def test_the_best_of_a_group_joins_the_others():
    group = {"stacking": "best", "group": "spring"}
    outcome = price([item()], [offer(1, value=5, **group), offer(2, value=7, **group), offer(3, value=1)])
    assert {step.offer for step in outcome.applied["1"]} == {2, 3}


def test_an_exclusive_one_stands_alone_where_it_saves_more():
    alone = {"stacking": "exclusive"}
    outcome = price([item()], [offer(1, value=15, **alone), offer(2, value=8), offer(3, value=6)])
    assert [step.offer for step in outcome.applied["1"]] == [1]
    outcome = price([item()], [offer(1, value=10, named=True, **alone), offer(2, value=8), offer(3, value=6)])
    assert {step.offer for step in outcome.applied["1"]} == {2, 3} and codes(outcome) == {(1, "better")}


def test_conditions_are_told_for_what_was_named():
    few = offer(1, min_quantity=D(20), named=True)
    poor = offer(2, min_value=D(9000), named=True)
    dealt = offer(3, needs_deal=True, named=True)
    other = offer(4, products=frozenset({99}), named=True)
    found = codes(price([item()], [few, poor, dealt, other]))
    assert found == {(1, "quantity"), (2, "value"), (3, "deal"), (4, "no_product")}
    assert codes(price([item()], [dealt], deal=True)) == set()
    assert codes(price([item()], [replace(each, named=False) for each in (few, poor, dealt, other)])) == set()


def test_a_basket_that_nearly_qualifies_is_told_unasked():
    found = codes(price([item(quantity=18)], [offer(1, min_quantity=D(20)), offer(2, min_value=D(2000))]))
    assert found == {(1, "near_quantity"), (2, "near_value")}


def test_another_currency_is_not_touched():
    assert price([item(currency="USD")], [offer()]).applied == {}


def test_a_budget_covers_a_basket_whole_or_not_at_all():
    short, enough = offer(amount_left=D("99.99")), offer(amount_left=D(100))
    outcome = price([item()], [short])
    [refusal] = outcome.refused
    assert outcome.applied == {} and (refusal.code, refusal.lacks) == ("budget", D("0.01"))
    assert price([item()], [enough]).savings() == {1: D(100)}


def test_what_steps_back_makes_room_for_the_next():
    alone = {"stacking": "exclusive"}
    outcome = price([item()], [offer(1, value=20, amount_left=D(50), **alone), offer(2, value=5)])
    assert outcome.savings() == {2: D(50)} and codes(outcome) == {(1, "budget")}


def test_what_is_used_up_is_told_although_nobody_named_it():
    found = codes(price([item()], [offer(1, uses_left=0), offer(2, amount_left=D(0))]))
    assert found == {(1, "uses"), (2, "budget_gone")}


# -- any basket -------------------------------------------------------------------------------------------------------

ANY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the first draw loads tables
numbers = st.decimals(min_value=0, max_value=500, places=2)
items = st.lists(
    st.builds(
        Item,
        ref=st.integers(1, 10_000).map(str),
        product=st.integers(1, 4),
        line=st.sampled_from(["pumps", "valves"]),
        quantity=st.decimals(min_value=0, max_value=60, places=1),
        unit_price=numbers,
        currency=st.sampled_from(["EUR", "EUR", "EUR", "JPY"]),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda each: each.ref,
)
shapes = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["percent", "amount", "fixed", "volume", "bundle", "rebate"]),
        "value": st.decimals(min_value=0, max_value=100, places=2),
        "stacking": st.sampled_from(["exclusive", "combines", "best"]),
        "group": st.sampled_from(["a", "b"]),
        "priority": st.integers(0, 3),
        "products": st.frozensets(st.integers(1, 4), max_size=2),
        "lines": st.frozensets(st.sampled_from(["pumps", "valves"]), max_size=1),
        "buy": st.integers(1, 12),
        "get": st.integers(1, 3),
        "reward": st.sampled_from([None, None, 1]),
        "min_quantity": st.sampled_from([D(0), D(15)]),
        "named": st.booleans(),
        "amount_left": st.sampled_from([None, None, D(0), D(40), D(900)]),
    }
)
BREAKS = (Break(D(5), D(3)), Break(D(30), D("7.5")))
offers = st.lists(shapes, max_size=7).map(
    lambda found: [Offer(id=pk, currency="EUR", breaks=BREAKS, **each) for pk, each in enumerate(found, 1)]
)


@ANY
@given(items, offers, st.randoms(use_true_random=False))
def test_the_order_of_lines_and_of_offers_does_not_matter(basket, running, rng):
    shuffled, others = rng.sample(basket, len(basket)), rng.sample(running, len(running))
    first, again = price(basket, running), price(shuffled, others)
    assert first.applied == again.applied
    assert sorted(first.refused, key=str) == sorted(again.refused, key=str)


@ANY
@given(items, offers)
def test_nothing_costs_less_than_nothing_and_steps_follow_each_other(basket, running):
    outcome = price(basket, running)
    for each in basket:
        now = each.unit_price
        for step in outcome.applied.get(each.ref, ()):
            assert step.before == now and 0 <= step.after <= now and step.saving >= 0 and step.given >= 0
            now = step.after


@ANY
@given(items, offers)
def test_savings_are_what_the_rounded_amounts_differ_by(basket, running):
    cuts = [each for each in running if each.kind not in ("bundle", "rebate")]
    outcome = price(basket, cuts)
    for each in basket:
        steps = outcome.applied.get(each.ref, ())
        last = steps[-1].after if steps else each.unit_price
        paid = round_money(each.unit_price * each.quantity, each.currency) - round_money(
            last * each.quantity, each.currency
        )
        assert sum(step.saving for step in steps) == paid


@ANY
@given(items, offers)
def test_an_exclusive_one_is_never_combined_and_a_group_sends_one(basket, running):
    known = {each.id: each for each in running}
    for steps in price(basket, running).applied.values():
        used = [known[step.offer] for step in steps]
        assert len(used) == 1 or all(each.stacking != "exclusive" for each in used)
        groups = [each.group for each in used if each.stacking == "best"]
        assert len(groups) == len(set(groups))


@ANY
@given(items, st.lists(st.decimals(min_value=0, max_value=100, places=2), min_size=1, max_size=5))
def test_the_best_of_a_group_is_the_cheapest(basket, percents):
    running = [offer(pk, value=each, stacking="best", group="a") for pk, each in enumerate(percents, 1)]
    outcome = price(basket, running)
    for each in (found for found in basket if found.currency == "EUR"):
        cheapest = min(round_money(each.unit_price * (100 - cut) / 100 * each.quantity, "EUR") for cut in percents)
        assert round_money(unit_price(outcome, each.ref, each.unit_price) * each.quantity, "EUR") == cheapest


@ANY
@given(items, offers, shapes)
def test_a_promotion_of_something_else_changes_nothing(basket, running, shape):
    elsewhere = {**shape, "products": frozenset({77}), "lines": frozenset(), "named": False}
    assert price(basket, [*running, Offer(id=99, currency="EUR", **elsewhere)]) == price(basket, running)


@ANY
@given(items, offers)
def test_no_budget_is_passed(basket, running):
    spent = price(basket, running).savings()
    for each in running:
        assert each.amount_left is None or spent.get(each.id, D(0)) <= each.amount_left
