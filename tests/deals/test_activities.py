"""Calls, meetings, mails and tasks on a deal, and the reminders before them."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import localtime, now

from core.errors import DomainError, InvalidTransition
from core.models import TrailEntry
from deals import actions
from deals.models import Activity, Deal
from deals.tasks import sweep
from inbox.models import Notification
from tests.deals.factories import DealFactory, DraftFactory
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


def plan(actor, deal, shared=False, **fields):
    values = {"kind": "call", "subject": "Call the plant manager", "due_at": now() + timedelta(days=1), **fields}
    return actions.plan_activity(actor=actor, deal=deal, fields=values, shared=shared)


@pytest.fixture
def deal():
    return DealFactory()


def test_what_is_planned_is_ones_own_until_it_is_shared(deal, seller, reviewer):
    mine, theirs = seller(deal), reviewer(deal)
    inside, told = plan(mine, deal), plan(mine, deal, shared=True)
    assert inside.assignee == mine.user
    assert set(Activity.objects.visible_to(mine)) == {inside, told}
    assert list(Activity.objects.visible_to(theirs)) == [told]
    assert list(TrailEntry.objects.visible_to(theirs).filter(verb__startswith="activity.")) == list(
        TrailEntry.objects.filter(data__activity=told.pk)
    )
    plan(theirs, deal, subject="Their margin is thin")
    assert Activity.objects.visible_to(mine).count() == 2


def test_what_is_shared_of_a_draft_waits_for_its_submission(seller, reviewer):
    draft = DraftFactory()
    plan(seller(draft), draft, shared=True)
    vendor = reviewer(draft)
    assert not Activity.objects.visible_to(vendor).exists()
    assert not TrailEntry.objects.visible_to(vendor).exists()
    Deal.objects.filter(pk=draft.pk).update(state="submitted", number="D-1")
    assert Activity.objects.visible_to(vendor).count() == 1


def test_strangers_and_readers_plan_nothing(deal, act_for):
    with pytest.raises(Deal.DoesNotExist):
        plan(act_for(OrganisationFactory(), "deals.register"), deal)
    for organisation in (deal.partner, deal.vendor):
        with pytest.raises(PermissionDenied):
            plan(act_for(organisation, "deals.view"), deal)


def test_only_the_side_that_planned_it_changes_it(deal, seller, reviewer):
    row = plan(seller(deal), deal, shared=True)
    for act in (actions.complete_activity, actions.reopen_activity, actions.snooze_activity, actions.delete_activity):
        with pytest.raises(PermissionDenied, match="alone can change it"):
            act(actor=reviewer(deal), activity=row)
    inside = plan(seller(deal), deal)
    with pytest.raises(Activity.DoesNotExist):
        actions.complete_activity(actor=reviewer(deal), activity=inside)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"subject": "  "}, "subject"),
        ({"subject": "x" * 201}, "subject"),
        ({"kind": "dance"}, "kind"),
        ({"minutes": -1}, "minutes"),
        ({"minutes": 1441}, "minutes"),
        ({"due_at": None}, "due_at"),
        ({"due_at": now() + timedelta(days=9999)}, "due_at"),
        ({"remind_at": now() + timedelta(days=2)}, "remind_at"),
        ({"note": "x" * 2001}, "note"),
    ],
)
def test_nonsense_is_refused_at_its_field(deal, seller, fields, field):
    with pytest.raises(DomainError) as refused:
        plan(seller(deal), deal, **fields)
    assert refused.value.field == field
    assert not Activity.objects.exists()


def test_only_a_colleague_is_given_work(deal, seller, reviewer):
    mine, colleague = seller(deal), seller(deal)
    assert plan(mine, deal, assignee=colleague.user).assignee == colleague.user
    with pytest.raises(DomainError) as refused:
        plan(mine, deal, assignee=reviewer(deal).user)
    assert refused.value.field == "assignee"


def test_done_is_done_once_and_can_be_undone(deal, seller):
    mine = seller(deal)
    row = plan(mine, deal)
    for _ in range(2):
        row = actions.complete_activity(actor=mine, activity=row)
    assert (row.when, row.done_by) == ("done", mine.user)
    assert TrailEntry.objects.filter(verb="activity.done").count() == 1
    for act in (actions.snooze_activity, actions.delete_activity):
        with pytest.raises(InvalidTransition):
            act(actor=mine, activity=row)
    with pytest.raises(InvalidTransition):
        actions.change_activity(actor=mine, activity=row, fields={"subject": "Other"})
    row = actions.reopen_activity(actor=mine, activity=row)
    actions.delete_activity(actor=mine, activity=row)
    assert not Activity.objects.exists()


def test_snoozing_goes_to_the_same_hour_after_today(deal, seller):
    mine = seller(deal)
    late = now() - timedelta(days=4)
    row = plan(mine, deal, due_at=late, remind_at=late - timedelta(minutes=30))
    Activity.objects.filter(pk=row.pk).update(reminded_at=now())
    row = actions.snooze_activity(actor=mine, activity=row, days=1)
    tomorrow = (localtime() + timedelta(days=1)).date()
    assert localtime(row.due_at).date() == tomorrow
    assert localtime(row.due_at).hour == localtime(late).hour
    assert (row.due_at - row.remind_at, row.reminded_at) == (timedelta(minutes=30), None)
    for days in (0, -1, 366):
        with pytest.raises(DomainError):
            actions.snooze_activity(actor=mine, activity=row, days=days)


def test_a_reminder_comes_once_and_to_its_own_side_alone(deal, seller, reviewer, django_capture_on_commit_callbacks):
    mine, colleague, vendor = seller(deal), seller(deal), reviewer(deal)
    soon = now() + timedelta(minutes=10)
    row = plan(mine, deal, shared=True, assignee=colleague.user, due_at=soon, remind_at=now() - timedelta(minutes=1))
    done = plan(mine, deal, due_at=soon, remind_at=now() - timedelta(minutes=1))
    actions.complete_activity(actor=mine, activity=done)
    plan(mine, deal, due_at=soon, remind_at=soon)
    with django_capture_on_commit_callbacks(execute=True):
        sweep.call()
        sweep.call()
    told = Notification.objects.filter(entry__verb="activity.due")
    assert [each.membership.user for each in told] == [colleague.user]
    assert not TrailEntry.objects.visible_to(vendor).filter(verb="activity.due").exists()
    assert actions.remind_of_activity(activity=row) is False
    changed = {"due_at": soon + timedelta(minutes=5), "remind_at": now() - timedelta(seconds=1)}
    actions.change_activity(actor=mine, activity=row, fields=changed)
    assert actions.remind_of_activity(activity=row) is True
