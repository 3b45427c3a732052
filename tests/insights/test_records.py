"""How a vendor keeps its promise, as partners may know it: rounded, slow, and never about so few that one can count."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.models import VendorRecord
from insights.records import (
    MIN_ANSWERS,
    MIN_PARTNERS,
    WEEKS,
    Answer,
    is_safe,
    newest_for,
    own_records,
    publication_of,
    publish,
    publish_all,
    window_of,
)
from partners.models import Partnership
from tests.factories import OrganisationFactory, PartnershipFactory
from tests.insights.stories import at, story

UNTIL = date(2026, 11, 15)
MONDAY = date(2026, 11, 16)


def answers(*partners: int, day: date = UNTIL, in_time: bool = True, minutes: int = 100) -> list[Answer]:
    return [Answer(partner, day, in_time, minutes) for partner in partners]


def test_two_partners_are_never_enough():
    assert publication_of(answers(*[1] * 50, *[2] * 50)) is None


def test_who_takes_its_own_away_must_be_left_with_five():
    assert publication_of(answers(*[1] * 90, 2, 2, 3, 3)) is None
    assert publication_of(answers(*[1] * 90, 2, 2, 2, 3, 3)) is not None


def test_what_is_said_is_rounded_against_the_vendor():
    said = publication_of([*answers(*[1] * 40, *[2] * 40, *[3] * 30, minutes=181), *answers(1, 2, in_time=False)])
    assert (said.answers, said.kept_percent, said.median_minutes) == (110, 95, 210)


SOME = st.lists(st.tuples(st.integers(1, 5), st.booleans(), st.integers(0, 2000)), max_size=80)


@settings(deadline=None)
@given(rows=SOME)
def test_nothing_is_said_unless_every_partner_is_hidden_among_others(rows):
    found = [Answer(partner, UNTIL, kept, minutes) for partner, kept, minutes in rows]
    said = publication_of(found)
    theirs = Counter(answer.partner for answer in found)
    hidden = len(theirs) >= MIN_PARTNERS and all(len(found) - n >= MIN_ANSWERS for n in theirs.values())
    assert (said is not None) == hidden == is_safe(found)
    if said:
        assert said.answers % 5 == 0 and said.kept_percent % 5 == 0 and said.median_minutes % 30 == 0
        assert said.answers <= len(found)
        assert said.kept_percent * len(found) <= 100 * sum(answer.in_time for answer in found)


HISTORY = st.lists(st.tuples(st.integers(1, 5), st.integers(0, 300)), min_size=1, max_size=150)


@settings(deadline=None)
@given(rows=HISTORY)
def test_two_publications_never_differ_by_a_single_deal(rows):
    first = date(2026, 1, 4)
    found = [Answer(partner, first + timedelta(days=day), True, 60) for partner, day in rows]
    last, before = None, []
    for week in range(45):
        until = first + timedelta(days=7 * week)
        start = window_of(found, until, last)
        if start is None:
            continue
        inside = [answer for answer in found if start <= answer.day <= until]
        if publication_of(inside) is None:
            continue
        if last is not None:
            joined = [answer for answer in inside if answer not in before or answer.day > last[1]]
            left = [answer for answer in before if answer.day < start]
            assert len(joined) >= MIN_ANSWERS and len({answer.partner for answer in joined}) >= MIN_PARTNERS
            assert not left or (len(left) >= MIN_ANSWERS and len({answer.partner for answer in left}) >= MIN_PARTNERS)
        last, before = (start, until), inside


@pytest.fixture
def busy(db, time_machine):
    """A vendor with three active partners and three answers to each, one of them late."""
    time_machine.move_to(at(18, 12), tick=False)
    vendor = OrganisationFactory(name="Busy vendor")
    edges = PartnershipFactory.create_batch(3, vendor=vendor)
    for edge in edges:
        for day in (2, 3, 4):
            story(edge, ("submitted", at(day, 9)), ("approved", at(day, 12)))
    story(edges[0], ("submitted", at(5, 9)), ("rejected", at(9, 9)))
    return vendor, edges


def test_the_weeks_that_are_over_are_published_once(busy):
    vendor, _edges = busy
    found = publish(vendor.pk, MONDAY)
    assert (found.until, found.start) == (UNTIL, UNTIL - timedelta(days=WEEKS * 7 - 1))
    assert (found.answers, found.kept_percent, found.median_minutes) == (10, 90, 180)
    assert publish(vendor.pk, MONDAY) is None
    assert publish(vendor.pk, MONDAY + timedelta(days=6)) is None


def test_one_more_deal_changes_nothing_that_is_said(busy):
    vendor, edges = busy
    publish(vendor.pk, MONDAY)
    story(edges[1], ("submitted", at(16, 9)), ("approved", at(17, 17)))
    assert publish(vendor.pk, MONDAY + timedelta(days=7)) is None
    assert VendorRecord.objects.count() == 1


def test_an_answer_that_never_came_counts_as_broken(busy):
    vendor, edges = busy
    for edge in edges:
        story(edge, ("submitted", at(10, 9)), state="submitted")
    assert publish(vendor.pk, MONDAY).kept_percent == 65  # 9 of 13


def test_publishing_all_goes_through_the_vendors(busy):
    assert publish_all() == 1
    assert publish_all() == 0


def test_only_the_vendor_and_its_active_partners_see_it(busy, act_for):
    vendor, edges = busy
    publish(vendor.pk, MONDAY)
    assert newest_for(act_for(vendor)).keys() == {vendor.pk}
    assert newest_for(act_for(edges[0].partner)).keys() == {vendor.pk}
    assert newest_for(act_for(OrganisationFactory())) == {}
    Partnership.objects.filter(pk=edges[0].pk).update(state="ended")
    assert newest_for(act_for(edges[0].partner)) == {}


def test_what_is_out_of_date_is_not_shown(busy, act_for, time_machine):
    vendor, _edges = busy
    publish(vendor.pk, MONDAY)
    time_machine.move_to(at(16, 12, month=11).replace(year=2027), tick=False)
    assert newest_for(act_for(vendor)) == {}


def test_ones_own_record_is_exact_and_ones_own(busy, act_for):
    vendor, edges = busy
    mine = own_records(act_for(edges[0].partner), [vendor.pk])[vendor.pk]
    assert mine == {"answers": 4, "kept": 3, "median": 180}
    assert own_records(act_for(OrganisationFactory()), [vendor.pk])[vendor.pk]["answers"] == 0
