"""What follows from others' events and from time: deals won, reminders, ends, notifications, what waits."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from core.audit import DESCRIPTIONS, fan_out, record
from core.models import TrailEntry
from deals import actions
from deals.events import _reviewers, _sales
from deals.models import Deal, Reminder
from deals.search import search
from deals.subscribers import win_the_deal_of_an_order
from deals.tasks import sweep
from deals.waiting import counts, waiting
from tests.deals.factories import ApprovedFactory, DealFactory, DraftFactory, EndCustomerFactory
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


def accepted(actor, deal, parties, pk=None):
    """The trail entry of an order that its seller accepted."""
    data = {"deal": deal.pk if pk is None else pk, "number": "4500087121"}
    return record(actor=actor, verb="order.accepted", target=deal, parties=parties, **data)


def test_an_accepted_order_wins_its_deal(act_for):
    deal = ApprovedFactory()
    entry = accepted(act_for(deal.vendor), deal, [deal.partner_id])
    for _ in "12":  # delivered twice, it happens once
        win_the_deal_of_an_order(entry)
    deal.refresh_from_db()
    assert (deal.state, deal.closure_note) == ("won", "4500087121")
    won = TrailEntry.objects.get(verb="deal.won")
    assert won.data["related"] == [[entry.target, entry.target_id]]
    assert set(won.readers.values_list("organisation", flat=True)) == {deal.vendor_id, deal.partner_id}


def test_other_orders_win_nothing(act_for):
    deal, pending = ApprovedFactory(), DealFactory()
    stranger = OrganisationFactory()
    for entry in (
        accepted(act_for(stranger), deal, [deal.partner_id]),  # another seller quotes the number
        accepted(act_for(deal.vendor), deal, [stranger.pk]),  # another buyer quotes the number
        accepted(act_for(pending.vendor), pending, [pending.partner_id]),  # not approved yet
        accepted(act_for(deal.vendor), deal, [deal.partner_id], pk=999_999),
    ):
        win_the_deal_of_an_order(entry)
    assert set(Deal.objects.values_list("state", flat=True)) == {"approved", "submitted"}


def test_the_sweep_reminds_once_and_ends_what_is_over(reviewer):
    deal = DealFactory(state="in_review")
    actions.approve_deal(actor=reviewer(deal), deal=deal)
    Reminder.objects.filter(days=30).update(due_at=now() - timedelta(hours=1))
    sweep.call()
    sweep.call()
    assert TrailEntry.objects.get(verb="deal.expiring").data["days"] == 30
    Deal.objects.update(protected_until=now().date() - timedelta(days=2))
    sweep.call()
    sweep.call()
    deal.refresh_from_db()
    assert deal.state == "expired"
    assert TrailEntry.objects.filter(verb="deal.expired").count() == 1


def test_a_reminder_of_a_closed_deal_says_nothing(seller):
    deal = ApprovedFactory()
    Reminder.objects.create(deal=deal, days=7, due_at=now() - timedelta(minutes=1))
    Deal.objects.update(state="won")
    sweep.call()
    assert not TrailEntry.objects.exists()
    assert Reminder.objects.get().sent_at is not None


def test_every_verb_has_its_words():
    import re
    from pathlib import Path

    import deals

    sources = [path.read_text() for path in Path(deals.__path__[0]).rglob("*.py")]
    recorded = {verb for text in sources for verb in re.findall(r'"((?:deal|customer)\.[a-z_]+)"', text)}
    assert recorded - {"deal.pk"} <= set(DESCRIPTIONS)


def test_deciders_hear_of_submissions_and_the_partners_sales_of_decisions(act_for):
    deal = DealFactory()
    decider, _reader = act_for(deal.vendor, "deals.decide"), act_for(deal.vendor, "deals.view")
    colleague = act_for(deal.vendor, "deals.decide")
    seller = act_for(deal.partner, "deals.register")
    entry = record(actor=seller, verb="deal.submitted", target=deal)
    assert [each.user for each in _reviewers(entry)] == [decider.user, colleague.user]
    Deal.objects.update(owner=colleague.user)
    assert [each.user for each in _reviewers(entry)] == [colleague.user]
    assert [each.user for each in _sales(entry)] == [seller.user]


def test_delivering_a_submission_notifies_and_survives_a_deleted_deal(act_for):
    draft = DraftFactory()
    seller = act_for(draft.partner, "deals.register", "deals.view")
    entry = record(actor=seller, verb="deal.draft_deleted", target=draft)
    draft.delete()
    fan_out.call(entry.pk)
    entry.refresh_from_db()
    assert entry.fanned_out_at is not None


def test_what_waits_is_for_who_can_act(act_for):
    deal = DealFactory()
    Deal.objects.update(sla_due_at=now() - timedelta(hours=1))
    DealFactory(title="Of strangers")
    decider = act_for(deal.vendor, "deals.view", "deals.decide")
    assert [(item.title, item.tone) for item in waiting(decider)] == [(deal.title, "bad")]
    assert counts(decider) == {"queue": 1, "conflicts": 0}
    assert waiting(act_for(deal.vendor, "deals.view")) == []
    assert waiting(act_for(deal.vendor, "deals.decide", "direct_sales")) == []


def test_what_waits_for_the_partner(act_for):
    deal = DealFactory(state="returned", returned_fields=["amount"])
    ApprovedFactory(partnership=deal.partnership, type=deal.type, protected_until=now().date() + timedelta(days=3))
    seller = act_for(deal.partner, "deals.view", "deals.register")
    DraftFactory(partnership=deal.partnership, type=deal.type, submitter=seller.user)
    titles = [item.title for item in waiting(seller)]
    assert titles[0] == f"Correct {deal.title}"
    assert titles[1].startswith("The protection of ")
    assert titles[2] == "Finish 1 draft"
    assert counts(seller) == {}


def test_search_finds_what_one_may_see(act_for):
    deal = DealFactory(title="Adige pumping station")
    DealFactory(title="Adige of strangers")
    EndCustomerFactory(organisation=deal.partner, name="Adige Nord")
    EndCustomerFactory(name="Adige of strangers")
    partner = act_for(deal.partner, "deals.view")
    assert [hit.title for hit in search(partner, "adige", 10)] == [str(deal), "Adige Nord"]
    assert [hit.title for hit in search(partner, deal.number[-5:], 10)] == [str(deal)]
    assert search(act_for(deal.partner), "adige", 10) == []
    assert search(partner, "", 10) == []
