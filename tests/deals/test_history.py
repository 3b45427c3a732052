"""The history of each field, and what may still be changed of a deal that is with the vendor."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation
from django.utils.timezone import localdate, now

from core.errors import DomainError, InvalidTransition
from core.models import TrailEntry
from deals import actions
from deals.history import shown
from deals.models import Deal, FieldChange
from inbox.models import Notification
from tests.deals.factories import ApprovedFactory, DealFactory, DraftFactory
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


def revise(actor, deal, reason="", **fields):
    return actions.revise_deal(actor=actor, deal=deal, fields=fields, reason=reason)


def told(deal):
    return [(row.field, row.before, row.after) for row in FieldChange.objects.filter(deal=deal).order_by("pk")]


def test_a_drafts_history_is_the_partners_alone_and_one_row_a_sitting(seller, reviewer):
    draft = DraftFactory(title="Pumps")
    mine = seller(draft)
    for title in ("Pumps, six", "Pumps, six of them"):
        actions.save_draft(actor=mine, partnership=draft.partnership, deal=draft, fields={"title": title})
    assert told(draft) == [("title", "Pumps", "Pumps, six of them")]
    assert not TrailEntry.objects.filter(verb="deal.changed").exists()
    Deal.objects.filter(pk=draft.pk).update(state="submitted", number="D-1")
    assert not FieldChange.objects.visible_to(reviewer(draft)).exists()
    assert FieldChange.objects.visible_to(mine).count() == 1


def test_back_to_where_it_began_is_no_change(seller):
    draft = DraftFactory(title="Pumps")
    for title in ("Fans", "Pumps"):
        actions.save_draft(actor=seller(draft), partnership=draft.partnership, deal=draft, fields={"title": title})
    # two people: two sittings; the same person: none
    FieldChange.objects.all().delete()
    mine = seller(draft)
    for title in ("Fans", "Pumps"):
        actions.save_draft(actor=mine, partnership=draft.partnership, deal=draft, fields={"title": title})
    assert told(draft) == []


def test_a_correction_says_what_was_corrected(seller, reviewer):
    deal = DealFactory(state="returned", returned_fields=["amount"], returned_at=now(), returned_reason="?")
    actions.resubmit_deal(actor=seller(deal), deal=deal, fields={"amount": Decimal(13000)})
    assert told(deal) == [("amount", "12000", "13000")]
    assert FieldChange.objects.visible_to(reviewer(deal)).count() == 1
    entry = TrailEntry.objects.get(verb="deal.resubmitted")
    assert entry.data["changed"] == {"amount": ["12000", "13000"]}


def test_how_the_sale_stands_is_the_partners_to_say(seller, reviewer, act_for):
    deal = DealFactory()
    mine = seller(deal)
    deal = revise(mine, deal, stage="proposal")
    assert (deal.stage, deal.probability) == ("proposal", 60)
    deal = revise(mine, deal, probability=35, forecast="best_case", reason="A new buyer")
    assert (deal.probability, deal.category) == (35, "best_case")
    assert revise(mine, deal, probability=35).version == deal.version
    assert [row.reason for row in FieldChange.objects.filter(field="probability").order_by("pk")] == ["", "A new buyer"]
    assert list(TrailEntry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "deal.stage_changed",
        "deal.changed",
    ]
    with pytest.raises(PermissionDenied):
        revise(reviewer(deal), deal, stage="design")
    with pytest.raises(PermissionDenied):
        revise(act_for(deal.partner, "deals.view"), deal, stage="design")
    with pytest.raises(Deal.DoesNotExist):
        revise(act_for(OrganisationFactory(), "deals.register"), deal, stage="design")


@pytest.mark.parametrize("state", ["submitted", "in_review", "returned"])
@pytest.mark.parametrize("field", ["amount", "decision_date", "competitor", "note"])
def test_what_the_vendor_judges_stays_until_it_has_judged(seller, state, field):
    deal = DealFactory(state=state)
    with pytest.raises(InvalidTransition) as refused:
        revise(seller(deal), deal, **{field: "x"})
    assert refused.value.field == field


@pytest.mark.parametrize("state", ["draft", "won", "lost", "rejected", "expired", "withdrawn", "revoked"])
def test_a_closed_deal_stays_as_it_is(seller, state):
    deal = DealFactory(state=state)
    with pytest.raises(InvalidTransition):
        revise(seller(deal), deal, stage="proposal")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("stage", "x"),
        ("probability", 101),
        ("probability", -1),
        ("forecast", "sure"),
        ("decision_date", date(2000, 1, 1)),
        ("decision_date", None),
        ("amount", Decimal(0)),
        ("amount", Decimal("NaN")),
        ("amount", Decimal(10) ** 12),
        ("competitor", "x" * 121),
        ("note", "x" * 4001),
    ],
)
def test_impossible_values_are_refused_at_their_field(seller, field, value):
    deal = ApprovedFactory()
    with pytest.raises(DomainError) as refused:
        revise(seller(deal), deal, **{field: value})
    assert refused.value.field == field
    assert told(deal) == []


def test_a_sale_is_given_to_a_colleague_only(seller, reviewer):
    deal = DealFactory()
    mine, colleague = seller(deal), seller(deal)
    assert revise(mine, deal, seller=colleague.user).seller == colleague.user
    with pytest.raises(DomainError):
        revise(mine, deal, seller=reviewer(deal).user)
    assert told(deal)[0][2] == str(colleague.user)


def test_small_steps_do_not_carry_the_value_away_unseen(seller, reviewer, django_capture_on_commit_callbacks):
    deal = ApprovedFactory(amount=Decimal(10000), decided_at=now() - timedelta(days=3))
    vendor, mine = reviewer(deal), seller(deal)
    with django_capture_on_commit_callbacks(execute=True):
        revise(mine, deal, amount=Decimal(12000))
    assert not Notification.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        revise(mine, deal, amount=Decimal(12001), decision_date=localdate() + timedelta(days=9))
    note = Notification.objects.get()
    assert (note.entry.verb, note.membership.user) == ("deal.amount_changed", vendor.user)


def test_values_read_in_the_readers_language():
    assert shown("amount", "12000.5", "EUR") == "€12,000.50"
    assert shown("stage", "proposal", "EUR") == "Proposal"
    assert shown("amount", "no number", "EUR") == "no number"
    assert shown("competitor", "", "EUR") == "–"
    with translation.override("it"):
        assert "12.000,50" in shown("amount", "12000.5", "EUR")
