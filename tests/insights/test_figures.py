"""Each figure against a month worked out by hand, and each number against the list that it opens."""

from decimal import Decimal

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from insights.figures import FIGURES, figures_for
from insights.measuring import measure, pipeline, table, trend
from insights.models import DealFact
from insights.percentiles import percentile, percentiles
from insights.rows import narrowed
from insights.scopes import scope_of
from insights.sets import SETS, set_for
from insights.showing import show
from orders.models import Invoice, InvoiceLine, Order
from tests.deals.factories import DealFactory
from tests.factories import PartnershipFactory
from tests.insights.stories import at, story

DAYS = "from=2026-11-02&to=2026-11-15"


@pytest.fixture
def scope(month, analyst):
    return scope_of(analyst(month.vendor), QueryDict(DAYS))


# By hand: decided 5 (60, 120, 180, 240, 540 minutes; promised 480), one more overdue; first time right 4 of 5;
# approved 4 of 5; registered 6, one met another; first protected 4, one extended; ended 3: won, lost, expired.
BY_HAND = {
    "registered": (Decimal(6), 6, None),
    "decision_median": (Decimal(180), 5, None),
    "decision_p90": (Decimal(540), 5, None),
    "sla_hit": (Decimal("66.7"), 6, 4),
    "first_time_right": (Decimal("80.0"), 5, 4),
    "approval_rate": (Decimal("80.0"), 5, 4),
    "conflict_rate": (Decimal("16.7"), 6, 1),
    "extension_rate": (Decimal("25.0"), 4, 1),
    "expiry_rate": (Decimal("33.3"), 3, 1),
    "win_rate": (Decimal("33.3"), 3, 1),
    "coverage": (None, 0, 0),
    "first_deal": (Decimal(10), 2, None),  # 2 and 3 November, from 23 October: 10 and 11 days
}


@pytest.mark.parametrize("code", [figure.code for figure in FIGURES if not figure.offers])
def test_each_figure_is_what_was_worked_out_by_hand(scope, code):
    found = measure(scope)[code]
    assert (found.value, found.base, found.part) == BY_HAND[code]


@pytest.mark.parametrize("side", ["vendor", "partner"])
def test_each_number_opens_a_list_of_that_many(month, reading, analyst, side):
    organisation = month.vendor if side == "vendor" else month.first.partner
    scope = scope_of(analyst(organisation), QueryDict(DAYS))
    client = reading(organisation)
    shown = show(scope, measure(scope))
    assert len(shown) == len(figures_for(side))
    for figure in shown:
        for url, number in ((figure.url, figure.base), (figure.part_url, figure.part)):
            if number is not None and figure.code != "coverage":
                assert client.get(url).context["total"] == number, figure.code


def test_each_cell_of_a_table_opens_a_list_of_that_many(scope, month, reading):
    client = reading(month.vendor)
    for by, key in (("partner", "with"), ("reviewer", "reviewer")):
        for row in table(scope, by):
            mine = scope.narrowed(**{key: row.key if row.key is not None else 0})
            for code in ("registered", "decided", "in_time", "answers", "approved", "won"):
                url = f"{reverse('insights:rows')}?{mine.query(set=code)}"
                assert client.get(url).context["total"] == row.counts[code], (by, row.name, code)


def test_every_set_lists_exactly_its_deals(scope, month):
    everything = DealFact.objects.all()
    named = {fact.deal_id: name for name, fact in _named(month)}
    found = {code: {named[fact.deal_id] for fact in narrowed(everything, scope, code)} for code in SETS}
    decided = {"won", "lost", "rejected", "returned", "late"}
    assert found["decided"] == decided
    assert found["in_time"] == decided - {"late"}
    assert found["late"] == {"late"}
    assert found["overdue"] == {"overdue"}
    assert found["answers"] == decided | {"overdue"}
    assert found["first_time"] == decided - {"returned"}
    assert found["conflicts"] == found["rejected"] == {"rejected"}
    assert found["extended"] == found["won"] == found["cohort_won"] == {"won"}
    assert found["ended"] == {"won", "lost", "returned"}
    assert found["open"] == {"late", "overdue", "waiting"}
    assert found["first_deals"] == {"won", "lost"}
    assert found["registered"] == decided | {"overdue"}


def _named(month):
    for name, value in vars(month).items():
        fact = DealFact.objects.filter(deal=getattr(value, "pk", 0)).first() if hasattr(value, "title") else None
        if fact is not None:
            yield name, fact


def test_what_was_returned_before_is_right_the_second_time(scope, month):
    assert [row.name for row in table(scope, "partner")] == ["First", "Second"]
    first = table(scope, "partner")[0]
    assert first.measures["first_time_right"].value == Decimal("66.7")
    assert first.measures["decision_median"].value == 240


def test_filters_narrow_every_figure(month, analyst):
    actor = analyst(month.vendor)
    south = measure(scope_of(actor, QueryDict(f"{DAYS}&territory=South")))
    assert (south["approval_rate"].base, south["sla_hit"].base) == (2, 3)
    one = measure(scope_of(actor, QueryDict(f"{DAYS}&with={month.first.partner_id}")))
    assert one["registered"].value == 3
    none = measure(scope_of(actor, QueryDict(f"{DAYS}&line=nothing")))
    assert none["registered"].value == 0 and none["approval_rate"].value is None


def test_the_product_line_and_the_type_narrow(month, analyst):
    actor = analyst(month.vendor)
    story(month.first, ("submitted", at(6)), lines=[{"product_line": "Valves"}, {"product_line": "Valves"}])
    valves = scope_of(actor, QueryDict(f"{DAYS}&line=Valves"))
    assert measure(valves)["registered"].value == 1
    kind = month.won.type_id
    assert measure(scope_of(actor, QueryDict(f"{DAYS}&type={kind}")))["registered"].value == 7
    assert measure(scope_of(actor, QueryDict(f"{DAYS}&type={kind + 999}")))["registered"].value == 0


def test_the_days_before_are_as_many(scope):
    before = scope.before()
    assert (before.end.isoformat(), before.days) == ("2026-11-01", scope.days)


def test_the_trend_has_every_week_and_adds_up(scope):
    weeks = trend(scope)
    assert [(week.start.isoformat(), week.counts) for week in weeks] == [
        ("2026-11-02", {"registered": 4, "approved": 2}),
        ("2026-11-09", {"registered": 2, "approved": 2, "won": 1}),
    ]


def test_a_year_is_shown_by_month(month, analyst):
    scope = scope_of(analyst(month.vendor), QueryDict("from=2025-11-16&to=2026-11-15"))
    months = trend(scope)
    assert len(months) == 13
    assert months[0].start.isoformat() == "2025-11-16"
    assert months[-1].counts["registered"] == 6


def test_the_pipeline_counts_what_is_open_now(scope, month):
    piles = pipeline(scope)
    assert {key: pile.count for key, pile in piles.items()} == {"proposal": 1, "design": 1, "qualified": 1}
    assert piles["proposal"].sums == {"EUR": Decimal("12000.00")}
    assert piles["proposal"].weighted["EUR"] == Decimal(12000) * month.late.probability / 100


def test_coverage_is_of_invoice_lines(scope, month):
    parties = {"seller": month.vendor, "buyer": month.first.partner}
    with_deal = Order.objects.create(number="A", deal=month.won, partnership=month.first, **parties)
    without = Order.objects.create(number="B", partnership=month.first, **parties)
    values = {**parties, "issued_on": "2026-11-12", "document": {}}
    invoice = Invoice.objects.create(number="1", currency="EUR", **values)
    credit = Invoice.objects.create(number="2", currency="EUR", kind="credit_note", **values)
    for position, (order, on) in enumerate(
        ((with_deal, invoice), (with_deal, invoice), (without, invoice), (with_deal, credit))
    ):
        InvoiceLine.objects.create(invoice=on, position=position, order=order, quantity=1)
    found = measure(scope)["coverage"]
    assert (found.value, found.base, found.part) == (Decimal("66.7"), 3, 2)
    carried = narrowed(DealFact.objects.all(), scope, "invoiced")
    assert [fact.deal for fact in carried] == [month.won]


def test_a_partner_never_gets_the_sets_of_the_vendor(month, analyst):
    partner = scope_of(analyst(month.second.partner), QueryDict(DAYS))
    assert partner.side == "partner"
    assert set_for(partner, "conflicts").code == "registered"
    assert "conflict_rate" not in measure(partner)


def test_a_partner_measures_its_own_alone(month, analyst):
    found = measure(scope_of(analyst(month.second.partner), QueryDict(DAYS)))
    assert (found["registered"].value, found["decision_median"].value, found["win_rate"].value) == (
        3,
        120,
        Decimal("0.0"),
    )


def test_the_discrete_percentile():
    assert percentile([], 0.5) is None
    assert percentile([7], 0.9) == 7
    assert percentile([1, 2, 3, 4], 0.5) == 2
    assert percentile(list(range(1, 11)), 0.9) == 9


def test_the_database_and_python_agree_on_percentiles(month):
    rows = DealFact.objects.filter(decided_at__isnull=False)
    values = sorted(rows.values_list("minutes", flat=True))
    assert percentiles(rows, "minutes") == {None: (percentile(values, 0.5), percentile(values, 0.9))}
    grouped = percentiles(rows, "minutes", "partner")
    assert grouped[month.second.partner_id] == (120, 180)


def test_nothing_costs_more_queries_when_there_is_more(month, reading, django_assert_num_queries):
    client = reading(month.vendor)
    url = f"{reverse('insights:deals')}?{DAYS}"
    client.get(url)
    with CaptureQueriesContext(connection) as first:
        assert client.get(url).status_code == 200
    for number in range(4):
        edge = PartnershipFactory(vendor=month.vendor)
        story(edge, ("submitted", at(3 + number)), ("approved", at(4 + number)), ("won", at(6)), user=None)
    DealFactory(partnership=month.first)
    with django_assert_num_queries(len(first)):
        client.get(url)


def test_the_figures_take_five_queries_and_one_more_for_the_vendor(scope, month, analyst, django_assert_num_queries):
    with django_assert_num_queries(5):
        measure(scope)
    partner = scope_of(analyst(month.second.partner), QueryDict(DAYS))
    with django_assert_num_queries(4):
        measure(partner)
