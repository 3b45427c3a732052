"""The fold over the trail of one deal, and that keeping it up to date is the same as folding all of it anew."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.audit import record
from core.models import TrailEntry
from deals.actions import approve_deal, reject_deal, return_deal, take_deal
from insights.folding import VERBS, fold
from insights.keeping import COLUMNS, keep, keep_all
from insights.models import ConflictFact, DealFact
from partners.actors import system_actor
from tests.deals.factories import DealFactory, DraftFactory
from tests.factories import PartnershipFactory
from tests.insights.stories import at, story, tell


@dataclass
class Said:
    verb: str
    created: datetime
    user_id: int | None = None
    data: dict = field(default_factory=dict)


class AllDay:
    """A clock on which every minute is business."""

    def between(self, start, end):
        return int((end - start).total_seconds() // 60)

    def add(self, start, minutes):
        return start + timedelta(minutes=minutes)


def folded(*entries, promised=480):
    said = [Said(f"deal.{verb}", at(2) + timedelta(minutes=minute), 7, data) for verb, minute, data in entries]
    return fold(said, promised=promised, clock=AllDay(), key=lambda entry: entry.created)


def test_a_decision_is_measured_from_the_submission():
    found = folded(("submitted", 0, {}), ("approved", 100, {}))
    assert (found.minutes, found.in_time, found.decision, found.reviewer_id) == (100, True, "approved", 7)
    assert found.due_at is None


def test_time_with_the_partner_is_not_counted_and_the_reviewer_has_an_hour_left_at_least():
    steps = [("submitted", 0, {}), ("returned", 470, {}), ("resubmitted", 9000, {})]
    waiting = folded(*steps)
    assert waiting.due_at == at(2) + timedelta(minutes=9060)
    decided = folded(*steps, ("rejected", 9050, {}))
    assert (decided.minutes, decided.promised, decided.in_time, decided.returns) == (520, 530, True, 1)
    assert decided.approved_at is None


def test_while_it_is_with_the_partner_nothing_is_due():
    assert folded(("submitted", 0, {}), ("returned", 10, {})).due_at is None


def test_the_promise_of_its_day_counts():
    assert folded(("submitted", 0, {"promised": 60}), ("approved", 61, {})).in_time is False


def test_approval_by_a_rule_is_in_time():
    found = folded(("submitted", 0, {}), ("approved_by_rule", 0, {}))
    assert (found.decision, found.minutes, found.in_time) == ("rule", 0, True)


def test_approval_by_silence_is_late():
    assert folded(("submitted", 0, {}), ("deemed_approved", 10, {})).in_time is False


def test_the_first_decision_counts_and_an_appeal_does_not_rewrite_it():
    steps = [("submitted", 0, {}), ("rejected", 30, {}), ("returned", 50, {}), ("approved", 600, {})]
    found = folded(*steps)
    assert (found.decision, found.minutes, found.returns) == ("rejected", 30, 0)
    assert found.approved_at == at(2) + timedelta(minutes=600)


def test_a_reinstated_deal_has_not_ended():
    steps = [("submitted", 0, {}), ("approved", 1, {}), ("expired", 9, {}), ("reinstatement_granted", 10, {})]
    assert folded(*steps[:3]).outcome == "expired"
    assert (folded(*steps).outcome, folded(*steps).closed_at) == ("", None)


def test_what_happened_to_a_draft_counts_nowhere():
    assert folded(("withdrawn", 0, {})).submitted_at is None


def test_a_withdrawn_registration_owes_no_answer():
    found = folded(("submitted", 0, {}), ("withdrawn", 10, {}))
    assert (found.due_at, found.outcome, found.decided_at) == (None, "withdrawn", None)


@pytest.mark.django_db
def test_real_actions_leave_facts(reviewer, django_capture_on_commit_callbacks):
    deal = DealFactory(sla_due_at=None)
    with django_capture_on_commit_callbacks(execute=True):
        record(actor=system_actor(deal.partner), verb="deal.submitted", target=deal, promised=300)
        take_deal(actor=reviewer(deal), deal=deal)
        actor = reviewer(deal)
        approve_deal(actor=actor, deal=deal)
    keep([deal.pk])
    fact = DealFact.objects.get(deal=deal)
    assert (fact.decision, fact.promised, fact.reviewer) == ("approved", 300, actor.user)


@pytest.mark.django_db
def test_returns_and_rejections_leave_facts(reviewer):
    deal = DealFactory()
    record(actor=system_actor(deal.partner), verb="deal.submitted", target=deal)
    take_deal(actor=reviewer(deal), deal=deal)
    return_deal(actor=reviewer(deal), deal=deal, fields=["title"], reason="Which town?")
    reject_deal(actor=reviewer(deal), deal=deal, reason="no_fit", note="We do not make these.")
    keep([deal.pk])
    fact = DealFact.objects.get(deal=deal)
    assert (fact.returns, fact.decision) == (1, "rejected")


@pytest.mark.django_db
def test_a_draft_has_no_fact_and_a_wrong_one_is_mended():
    draft = DraftFactory()
    assert keep([draft.pk]).facts == 0
    deal = story(PartnershipFactory(), ("submitted", at(2)), ("approved", at(2, 10)))
    DealFact.objects.filter(deal=deal).update(minutes=1, decision="rejected")
    assert keep_all().mended == [deal.pk]
    assert DealFact.objects.get(deal=deal).minutes == 60
    assert keep_all().mended == []


@pytest.mark.django_db
def test_a_conflict_is_kept_apart_for_the_vendor_alone(act_for):
    deal = story(PartnershipFactory(), ("submitted", at(2)), ("queued", at(2)))
    assert ConflictFact.objects.visible_to(act_for(deal.vendor)).count() == 1
    assert ConflictFact.objects.visible_to(act_for(deal.partner)).count() == 0
    shared = {field.name for field in DealFact._meta.fields}
    assert not [name for name in shared if "conflict" in name or "queue" in name or "verdict" in name]


STEPS = st.lists(st.tuples(st.sampled_from(sorted(VERBS)), st.integers(0, 40_000)), min_size=1, max_size=9)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, repeats=st.lists(st.integers(0, 8), max_size=4), shuffle=st.randoms())
def test_kept_by_events_in_any_order_is_what_a_rebuild_gives(steps, repeats, shuffle):
    deal = DealFactory()
    entries = [tell(deal, verb, at(2) + timedelta(minutes=minute)) for verb, minute in steps]
    TrailEntry.objects.filter(target_id=deal.pk).update(target="elsewhere")  # not told yet
    order = [*entries, *(entries[number % len(entries)] for number in repeats)]
    shuffle.shuffle(order)
    for entry in order:  # told one after the other, some twice, in any order
        TrailEntry.objects.filter(pk=entry.pk).update(target="deals.deal")
        keep([deal.pk])
    by_events = DealFact.objects.filter(deal=deal).values(*COLUMNS).first()
    DealFact.objects.all().delete()
    keep_all()
    assert DealFact.objects.filter(deal=deal).values(*COLUMNS).first() == by_events
