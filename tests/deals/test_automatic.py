"""Approval by a rule: when it comes, when it does not, and what a partner can tell from that."""

from decimal import Decimal

import pytest

from core.models import TrailEntry
from deals import actions
from deals.models import ConflictCheck, Deal, Protection, RegistrationType
from inbox.models import Notification
from tests.deals.factories import ApprovedFactory, DealFactory, DraftFactory
from tests.factories import OrganisationFactory, PartnershipFactory

pytestmark = pytest.mark.django_db
SMALL = {"field": "amount", "op": "lt", "value": {"amount": "25000", "currency": "EUR"}}
BIG = {"field": "amount", "op": "ge", "value": {"amount": "25000", "currency": "EUR"}}


def rule(*conditions, name="Small projects"):
    return {"name": name, "join": "all", "groups": [{"join": "all", "conditions": list(conditions)}]}


@pytest.fixture
def vendor(act_for):
    return act_for(OrganisationFactory(), "deals.terms", "deals.view", "deals.decide")


def with_rules(vendor, *rules):
    default = RegistrationType.objects.default_of(vendor.organisation.pk)
    return actions.save_type(actor=vendor, type_=default, fields={"rules": list(rules)})


def submitted(act_for, vendor, **values):
    edge = PartnershipFactory(vendor=vendor.organisation)
    deal = DraftFactory(partnership=edge, **values)
    me = act_for(edge.partner, "deals.register", "deals.view")
    return me, actions.submit_deal(actor=me, deal=deal, terms=True)


def verbs(deal):
    told = TrailEntry.objects.filter(target="deals.deal", target_id=deal.pk)
    return list(told.order_by("pk").values_list("verb", flat=True))


def test_a_rule_approves_what_it_lets_through(act_for, vendor, django_capture_on_commit_callbacks):
    with_rules(vendor, rule(BIG, name="Never"), rule(SMALL))
    with django_capture_on_commit_callbacks(execute=True):
        me, deal = submitted(act_for, vendor)
    deal.refresh_from_db()
    assert (deal.state, deal.decided_by, deal.sla_due_at) == ("approved", None, None)
    assert (deal.decided_rule["name"], deal.decided_rule["version"]) == ("Small projects", 1)
    assert Protection.objects.get(deal=deal).end == deal.protected_until
    assert verbs(deal) == ["deal.submitted", "deal.approved_by_rule"]
    entry = TrailEntry.objects.get(verb="deal.approved_by_rule")
    assert set(entry.readers.values_list("organisation", flat=True)) == {deal.vendor_id, deal.partner_id}
    assert entry.via == "system"
    assert Notification.objects.filter(membership__organisation=me.organisation, entry__verb=entry.verb).exists()


@pytest.mark.parametrize("amount", [Decimal("25000.00"), Decimal("99999.00")])
def test_what_no_rule_lets_through_waits_for_a_person(act_for, vendor, amount):
    with_rules(vendor, rule(SMALL))
    _me, deal = submitted(act_for, vendor, amount=amount)
    assert (deal.state, deal.decided_rule) == ("submitted", None)
    assert deal.sla_due_at is not None


def test_what_others_have_to_agree_to_waits_for_them(act_for, vendor):
    with_rules(vendor, rule(SMALL))
    actions.set_policy(actor=vendor, fields={"name": "Director", "amount_from": Decimal(12000)})
    assert submitted(act_for, vendor)[1].state == "submitted"
    assert submitted(act_for, vendor, amount=Decimal("11999.99"))[1].state == "approved"


def test_a_partnership_that_has_a_rival_waits_whatever_the_rules_say(act_for, vendor):
    with_rules(vendor, rule(SMALL))
    held = ApprovedFactory(partnership__vendor=vendor.organisation)
    same = {"customer_name": held.customer_name, "customer_name_key": held.customer_name_key}
    _me, queued = submitted(act_for, vendor, **same)
    assert (queued.state, queued.decided_rule) == ("submitted", None)
    assert ConflictCheck.objects.get(deal=queued).queued
    assert Protection.objects.count() == 1


def test_a_possible_match_waits_too(act_for, vendor):
    with_rules(vendor, rule(SMALL))
    other = DealFactory(partnership__vendor=vendor.organisation)
    same = {"customer_name": other.customer_name, "customer_name_key": other.customer_name_key}
    _me, deal = submitted(act_for, vendor, **same)
    assert (deal.state, ConflictCheck.objects.get(deal=deal).verdict) == ("submitted", "possible")


def test_a_protection_written_in_the_same_moment_leaves_it_to_a_person(act_for, vendor, monkeypatch):
    """The check said clear, but when the protection is to be written, somebody else holds the customer."""
    from deals.actions import submitting

    with_rules(vendor, rule(SMALL))
    held = ApprovedFactory(partnership__vendor=vendor.organisation)
    real = submitting.check

    def blind(deal):
        found = real(deal)
        found.verdict = ConflictCheck.Verdict.CLEAR
        return found

    monkeypatch.setattr(submitting, "check", blind)
    same = {"customer_name": held.customer_name, "customer_name_key": held.customer_name_key}
    _me, deal = submitted(act_for, vendor, **same)
    assert (deal.state, deal.decided_rule) == ("submitted", None)
    fresh = Deal.objects.get(pk=deal.pk)
    assert (fresh.state, fresh.decided_rule, fresh.protected_from) == ("submitted", None, None)
    assert ConflictCheck.objects.get(deal=deal).queued
    assert Protection.objects.filter(exclusive=True).count() == 1


def test_a_partner_cannot_tell_a_rule_that_failed_from_a_conflict(act_for, vendor):
    """Both wait: the same state, the same entries of the trail, the same answer."""
    with_rules(vendor, rule(SMALL))
    held = ApprovedFactory(partnership__vendor=vendor.organisation)
    same = {"customer_name": held.customer_name, "customer_name_key": held.customer_name_key}
    one, contested = submitted(act_for, vendor, **same)
    other, too_big = submitted(act_for, vendor, amount=Decimal(90_000))

    def told(actor, deal):
        entries = TrailEntry.objects.visible_to(actor).filter(target_id=deal.pk, target="deals.deal")
        return [(entry.verb, sorted(entry.data)) for entry in entries.order_by("pk")]

    assert told(one, contested) == told(other, too_big)
    names = ("state", "decided_rule", "decided_at", "protected_from", "granted_benefit", "version")
    assert [getattr(contested, name) for name in names] == [getattr(too_big, name) for name in names]


def test_the_rules_of_the_version_that_was_submitted_decide_after_a_return(act_for, vendor):
    with_rules(vendor, rule(SMALL))
    me, deal = submitted(act_for, vendor, amount=Decimal(90_000))
    with_rules(vendor, rule(BIG, name="Big"))
    actions.take_deal(actor=vendor, deal=deal)
    actions.return_deal(actor=vendor, deal=deal, fields=["amount"], reason="Really?")
    back = actions.resubmit_deal(actor=me, deal=deal, fields={"amount": Decimal(80_000)})
    assert back.state == "submitted"
    actions.take_deal(actor=vendor, deal=deal)
    actions.return_deal(actor=vendor, deal=deal, fields=["amount"], reason="Still?")
    assert actions.resubmit_deal(actor=me, deal=deal, fields={"amount": Decimal(8_000)}).state == "approved"


def test_where_others_have_to_agree_no_rule_decides(act_for, vendor):
    with_rules(vendor, rule(SMALL))
    director = act_for(vendor.organisation, "deals.view", "deals.approve")
    fields = {"name": "Director", "who": "persons", "persons": [director.user]}
    actions.set_policy(actor=act_for(vendor.organisation, preset="administrator"), fields=fields)
    _me, deal = submitted(act_for, vendor)
    assert (deal.state, deal.decided_rule) == ("submitted", None)
