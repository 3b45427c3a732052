"""How often a partner may try, and what its vendor is told of many misses."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import now

from core.errors import DomainError
from core.models import TrailEntry
from deals import actions
from deals.actions.probing import TooOften, look_at_misses, set_probing_limit
from deals.models import Attempt, Deal, ProbingLimit
from inbox.models import Notification
from tests.deals.factories import DealFactory, DraftFactory

pytestmark = pytest.mark.django_db


def limited(deal, **values):
    ProbingLimit.objects.create(vendor=deal.vendor, **values)


def test_beyond_the_limit_a_partner_waits_and_keeps_its_draft(seller, time_machine):
    draft = DraftFactory()
    limited(draft, submissions=1)
    actions.submit_deal(actor=seller(draft), deal=draft, terms=True)
    other = DraftFactory(partnership=draft.partnership, type=draft.type)
    with pytest.raises(TooOften, match="the draft is kept"):
        actions.submit_deal(actor=seller(draft), deal=other, terms=True)
    other.refresh_from_db()
    assert other.state == "draft"
    time_machine.move_to(now() + timedelta(hours=25))
    assert actions.submit_deal(actor=seller(draft), deal=other, terms=True).state == "submitted"


def test_the_limit_is_of_one_partner_with_one_vendor(seller):
    draft = DraftFactory()
    limited(draft, submissions=1)
    actions.submit_deal(actor=seller(draft), deal=draft, terms=True)
    rival = DraftFactory(partnership__vendor=draft.vendor, type=draft.type)
    elsewhere = DraftFactory(partnership__partner=draft.partner)
    for deal in (rival, elsewhere):
        assert actions.submit_deal(actor=seller(deal), deal=deal, terms=True).state == "submitted"


def test_registering_ones_own_again_and_again_is_counted(seller):
    first = DealFactory(customer_name="Same", customer_name_key="same")
    limited(first, retries=2)
    again = DraftFactory(partnership=first.partnership, type=first.type, customer_name="Same", customer_name_key="same")
    for _ in range(2):
        with pytest.raises(actions.OwnDuplicate):
            actions.submit_deal(actor=seller(first), deal=again, terms=True)
    with pytest.raises(TooOften):
        actions.submit_deal(actor=seller(first), deal=again, terms=True)
    assert Attempt.objects.filter(kind="retry").count() == 2


def test_withdrawing_at_once_is_counted_and_later_is_not(seller):
    soon, late = DealFactory(), DealFactory(submitted_at=now() - timedelta(days=3))
    for deal in (soon, late):
        actions.withdraw_deal(actor=seller(deal), deal=deal)
    assert Attempt.objects.get().partner == soon.partner


def missed(partnership, type_, state="rejected", count=1):
    return [DealFactory(partnership=partnership, type=type_, state=state) for _ in range(count)]


def test_many_misses_are_told_to_the_vendor_alone_and_once(reviewer, seller, django_capture_on_commit_callbacks):
    first = DealFactory()
    limited(first, alert_from=4, alert_percent=50)
    judge, partner = reviewer(first), seller(first)
    missed(first.partnership, first.type, count=3)
    with django_capture_on_commit_callbacks(execute=True):
        actions.reject_deal(actor=judge, deal=first, reason="no_fit", note="It does not fit.")
    entry = TrailEntry.objects.get(verb="deal.many_missed")
    assert set(entry.readers.values_list("organisation", flat=True)) == {first.vendor_id}
    told = Notification.objects.filter(entry=entry)
    assert [each.membership for each in told] == [judge.membership]
    assert not Notification.objects.filter(entry=entry, membership=partner.membership).exists()
    look_at_misses(first)
    assert TrailEntry.objects.filter(verb="deal.many_missed").count() == 1


@pytest.mark.parametrize(("ended", "won"), [(3, 0), (4, 5)])
def test_few_or_rare_misses_are_not_told(ended, won):
    first = DealFactory(state=Deal.State.REJECTED)
    limited(first, alert_from=5, alert_percent=60)
    missed(first.partnership, first.type, count=ended - 1)
    missed(first.partnership, first.type, state="won", count=won)
    look_at_misses(first)
    assert not TrailEntry.objects.filter(verb="deal.many_missed").exists()


def test_the_limit_is_set_by_who_sets_the_terms(act_for):
    deal = DealFactory()
    row = set_probing_limit(actor=act_for(deal.vendor, "deals.terms"), fields={"submissions": 5})
    assert (row.submissions, row.retries) == (5, 12)
    assert TrailEntry.objects.get(verb="probing.changed").data["changed"] == {"submissions": [60, 5]}
    with pytest.raises(PermissionDenied):
        set_probing_limit(actor=act_for(deal.vendor, "deals.decide"), fields={"submissions": 5})
    for wrong in ({"hours": 0}, {"submissions": 0}, {"alert_percent": 101}):
        with pytest.raises(DomainError):
            set_probing_limit(actor=act_for(deal.vendor, "deals.terms"), fields=wrong)


def test_the_page_keeps_the_limit(sign_in):
    deal = DealFactory()
    client = sign_in(deal.vendor, "deals.view", "deals.terms")
    values = {"submissions": "7", "retries": "3", "hours": "24", "alert_percent": "60", "alert_from": "10"}
    assert client.post("/deals/limits/", values).status_code == 302
    assert ProbingLimit.objects.get().submissions == 7
    assert client.post("/deals/limits/", {**values, "hours": "0"}).status_code == 422
    assert sign_in(deal.vendor, "deals.view").get("/deals/limits/").status_code == 403
