"""Conflict cases: how they are opened, gathered and decided, and what is remembered."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import now

from core.errors import DomainError, InvalidTransition, StaleObject
from core.models import TrailEntry
from deals import actions
from deals.actions import Answer
from deals.models import CaseSide, ConflictCase, ConflictCheck, CustomerCluster, Deal, KnownPair, Petition
from inbox.models import Notification
from tests.deals.factories import ApprovedFactory, DealFactory, DraftFactory
from tests.factories import OrganisationFactory, PartnershipFactory

SAME = {"customer_name": "Acquedotto Sele S.p.A.", "customer_name_key": "acquedotto sele"}
REASON = "The customer confirmed it by telephone."


@pytest.fixture
def submit(act_for):
    def run(deal: Deal) -> Deal:
        actor = act_for(deal.partner, "deals.view", "deals.register", "customers.manage")
        return actions.submit_deal(actor=actor, deal=deal, terms=True)

    return run


@pytest.fixture
def rivals(submit):
    """Two partners' submitted registrations for one customer, as the check found them."""

    def make(**extra):
        first = DealFactory(**SAME, priority_at=now() - timedelta(days=2), **extra)
        second = submit(DraftFactory(partnership=PartnershipFactory(vendor=first.vendor), type=first.type, **SAME))
        return first, second

    return make


@pytest.fixture
def case(rivals, reviewer):
    first, second = rivals()
    return ConflictCase.objects.get(sides__deal=second), first, second, reviewer(first)


def answer(deal, fate="duplicate", note="We cannot protect this registration."):
    return {deal.pk: Answer(fate, note)}


def test_a_possible_match_opens_a_case_with_both_and_tells_the_vendor_alone(
    rivals, reviewer, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        first, second = rivals()
    case = ConflictCase.objects.get()
    assert {side.deal for side in case.sides.all()} == {first, second}
    assert case.number.startswith("C-")
    entry = TrailEntry.objects.get(verb="case.opened")
    assert set(entry.readers.values_list("organisation", flat=True)) == {first.vendor_id}


def test_the_vendors_reviewers_are_told_of_a_case(submit, reviewer, django_capture_on_commit_callbacks):
    first = DealFactory(**SAME)
    judge = reviewer(first)
    with django_capture_on_commit_callbacks(execute=True):
        submit(DraftFactory(partnership=PartnershipFactory(vendor=first.vendor), type=first.type, **SAME))
    told = Notification.objects.filter(entry__verb="case.opened")
    assert {each.membership for each in told} == {judge.membership}


def test_a_block_by_a_protection_opens_a_case_too(submit):
    held = ApprovedFactory(**SAME)
    second = submit(DraftFactory(partnership=PartnershipFactory(vendor=held.vendor), type=held.type, **SAME))
    case = ConflictCase.objects.get()
    assert {side.deal for side in case.sides.all()} == {held, second}
    assert second.conflict_check.queued


def test_a_third_partner_joins_the_case_that_is_open(case, submit):
    opened, first, _second, _judge = case
    third = submit(DraftFactory(partnership=PartnershipFactory(vendor=first.vendor), type=first.type, **SAME))
    assert opened.sides.count() == 3
    assert ConflictCase.objects.get().sides.filter(deal=third).exists()


def test_a_clear_check_opens_none(submit):
    submit(DraftFactory())
    assert not ConflictCase.objects.exists()


def test_ones_own_other_registration_is_no_rival(submit, reviewer):
    first = DealFactory(**SAME, lines=[{"product_line": "Pumps"}])
    submit(DraftFactory(partnership=first.partnership, type=first.type, lines=[{"product_line": "Valves"}], **SAME))
    assert not ConflictCase.objects.exists()


# -- by hand


def test_a_reviewer_opens_a_case_by_hand(reviewer):
    first = DealFactory()
    second = DealFactory(partnership__vendor=first.vendor, type=first.type)
    made = actions.open_case(actor=reviewer(first), deals=[first, second], reason=REASON)
    assert (made.opened_by is not None, made.reason, made.sides.count()) == (True, REASON, 2)


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_case_by_hand_needs_a_reason(reviewer, reason):
    first = DealFactory()
    second = DealFactory(partnership__vendor=first.vendor, type=first.type)
    with pytest.raises(DomainError):
        actions.open_case(actor=reviewer(first), deals=[first, second], reason=reason)


def test_one_deal_is_no_case(reviewer):
    deal = DealFactory()
    with pytest.raises(DomainError):
        actions.open_case(actor=reviewer(deal), deals=[deal, deal], reason=REASON)


def test_a_deal_is_in_one_undecided_case_at_most(case, reviewer):
    _case, first, _second, judge = case
    other = DealFactory(partnership__vendor=first.vendor, type=first.type)
    with pytest.raises(DomainError, match="already"):
        actions.open_case(actor=judge, deals=[first, other], reason=REASON)


@pytest.mark.parametrize("who", ["partner", "stranger", "colleague"])
def test_only_who_decides_for_the_vendor_opens_a_case(act_for, who):
    first = DealFactory()
    second = DealFactory(partnership__vendor=first.vendor, type=first.type)
    actor = {
        "partner": lambda: act_for(first.partner, "deals.view", "deals.decide"),
        "stranger": lambda: act_for(OrganisationFactory(), "deals.view", "deals.decide"),
        "colleague": lambda: act_for(first.vendor, "deals.view"),
    }[who]()
    with pytest.raises((PermissionDenied, Deal.DoesNotExist)):
        actions.open_case(actor=actor, deals=[first, second], reason=REASON)
    assert not ConflictCase.objects.exists()


def test_a_deal_comes_into_a_case_and_out_of_it(case):
    opened, first, _second, judge = case
    third = DealFactory(partnership__vendor=first.vendor, type=first.type)
    actions.add_deal(actor=judge, case=opened, deal=third)
    assert opened.sides.count() == 3
    actions.remove_deal(actor=judge, case=opened, deal=third)
    assert opened.sides.count() == 2
    with pytest.raises(DomainError, match="two deals"):
        actions.remove_deal(actor=judge, case=opened, deal=first)


def test_a_case_is_given_to_a_colleague_who_decides(case, act_for):
    opened, first, _second, judge = case
    reader = act_for(first.vendor, "deals.view")
    assert actions.assign_case(actor=judge, case=opened, member=judge.membership.pk).owner == judge.user
    with pytest.raises(DomainError):
        actions.assign_case(actor=judge, case=opened, member=reader.membership.pk)
    assert actions.assign_case(actor=judge, case=opened, member=None).owner is None


def test_a_note_is_kept_and_a_stale_one_refused(case):
    opened, _first, _second, judge = case
    actions.note_on_case(actor=judge, case=opened, note="Called Mr Rossi.", version=opened.version)
    with pytest.raises(StaleObject):
        actions.note_on_case(actor=judge, case=opened, note="Other.", version=opened.version)
    opened.refresh_from_db()
    assert opened.note == "Called Mr Rossi."


# -- decided


def test_one_keeps_and_the_other_is_rejected_with_a_neutral_reason(case):
    opened, first, second, judge = case
    decided = actions.decide_case(
        actor=judge, case=opened, outcome="keeps", keeper=first, answers=answer(second), reason=REASON
    )
    second.refresh_from_db()
    assert (decided.state, decided.outcome) == ("decided", "keeps")
    assert (second.state, second.closure_code) == ("rejected", "not_protected")
    assert {side.deal_id: side.fate for side in opened.sides.all()} == {first.pk: "keeps", second.pk: "duplicate"}


def test_a_refused_one_and_a_duplicate_look_the_same_to_their_partners(case, submit):
    opened, first, second, judge = case
    third = submit(DraftFactory(partnership=PartnershipFactory(vendor=first.vendor), type=first.type, **SAME))
    answers = answer(second) | answer(third, "refused")
    actions.decide_case(actor=judge, case=opened, outcome="keeps", keeper=first, answers=answers, reason=REASON)
    second.refresh_from_db()
    third.refresh_from_db()
    shown = ("state", "closure_code", "closure_note", "sla_due_at", "decided_by_id", "decision_note")
    assert [getattr(second, name) for name in shown] == [getattr(third, name) for name in shown]


def test_one_waits_behind_and_is_woken_when_the_keeper_ends(case, seller, django_capture_on_commit_callbacks):
    opened, first, second, judge = case
    with django_capture_on_commit_callbacks(execute=True):
        actions.decide_case(
            actor=judge, case=opened, outcome="keeps", keeper=first, answers=answer(second, "behind", ""), reason=REASON
        )
    check = ConflictCheck.objects.get(deal=second)
    second.refresh_from_db()
    assert (check.queued, check.blocker, second.state) == (True, first, "submitted")
    with django_capture_on_commit_callbacks(execute=True):
        actions.withdraw_deal(actor=seller(first), deal=first)
    assert not ConflictCheck.objects.get(deal=second).queued
    assert TrailEntry.objects.filter(verb="deal.unblocked", target_id=second.pk).exists()


def test_who_waits_behind_is_woken_when_the_keeper_is_rejected(case, django_capture_on_commit_callbacks):
    opened, first, second, judge = case
    actions.decide_case(
        actor=judge, case=opened, outcome="keeps", keeper=first, answers=answer(second, "behind", ""), reason=REASON
    )
    with django_capture_on_commit_callbacks(execute=True):
        actions.reject_deal(actor=judge, deal=first, reason="no_fit", note="It does not fit.")
    assert not ConflictCheck.objects.get(deal=second).queued


def test_who_waits_behind_goes_on_waiting_after_a_correction(case, seller):
    opened, first, second, judge = case
    actions.decide_case(
        actor=judge, case=opened, outcome="keeps", keeper=first, answers=answer(second, "behind", ""), reason=REASON
    )
    actions.take_deal(actor=judge, deal=second)
    actions.return_deal(actor=judge, deal=second, fields=["note"], reason="Which model?")
    actions.resubmit_deal(actor=seller(second), deal=second, fields={"note": "The VT-200."})
    assert ConflictCheck.objects.get(deal=second).blocker == first


def test_the_keeper_of_a_decided_case_is_clear_and_raises_no_new_one(case):
    opened, first, second, judge = case
    actions.decide_case(
        actor=judge, case=opened, outcome="keeps", keeper=first, answers=answer(second, "behind", ""), reason=REASON
    )
    assert ConflictCheck.objects.get(deal=first).verdict == "clear"
    assert ConflictCase.objects.count() == 1


def test_a_protected_loser_is_put_before_a_second_person(submit, reviewer):
    held = ApprovedFactory(**SAME)
    second = submit(DraftFactory(partnership=PartnershipFactory(vendor=held.vendor), type=held.type, **SAME))
    case = ConflictCase.objects.get()
    actions.decide_case(
        actor=reviewer(held), case=case, outcome="keeps", keeper=second, answers=answer(held, "refused"), reason=REASON
    )
    held.refresh_from_db()
    assert held.state == "approved"
    assert Petition.objects.get(deal=held).kind == "revocation"
    with pytest.raises(DomainError):
        actions.reopen_case(actor=reviewer(held), case=case, reason="")


def test_a_protected_one_cannot_wait_behind(submit, reviewer):
    held = ApprovedFactory(**SAME)
    second = submit(DraftFactory(partnership=PartnershipFactory(vendor=held.vendor), type=held.type, **SAME))
    with pytest.raises(InvalidTransition):
        actions.decide_case(
            actor=reviewer(held),
            case=ConflictCase.objects.get(),
            outcome="keeps",
            keeper=second,
            answers=answer(held, "behind", ""),
            reason=REASON,
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"outcome": "guess"},
        {"reason": " "},
        {"keeper": None},
        {"answers": {}},
        {"note": ""},
        {"fate": "keeps"},
        {"fate": "nonsense"},
        {"names": "partner"},
        {"names": "number"},
    ],
    ids=str,
)
def test_an_incomplete_or_telling_decision_is_refused_and_changes_nothing(case, wrong):
    opened, first, second, judge = case
    named = {"partner": first.partner.name.upper(), "number": first.number}.get(wrong.get("names", ""), "")
    note = f"Lost to {named}." if named else wrong.get("note", "We cannot protect it.")
    given = {
        "outcome": wrong.get("outcome", "keeps"),
        "reason": wrong.get("reason", REASON),
        "keeper": wrong.get("keeper", first),
        "answers": wrong.get("answers", answer(second, wrong.get("fate", "duplicate"), note)),
    }
    with pytest.raises(DomainError):
        actions.decide_case(actor=judge, case=opened, **given)
    opened.refresh_from_db()
    second.refresh_from_db()
    assert (opened.state, second.state) == ("open", "submitted")


def test_different_customers_are_never_raised_again_and_both_can_be_protected(case, seller):
    opened, first, second, judge = case
    actions.decide_case(actor=judge, case=opened, outcome="different", reason=REASON)
    assert KnownPair.objects.get().kind == "different"
    assert ConflictCheck.objects.get(deal=second).verdict == "clear"
    for deal in (first, second):
        actions.take_deal(actor=judge, deal=deal)
    actions.return_deal(actor=judge, deal=second, fields=["note"], reason="Which model?")
    actions.resubmit_deal(actor=seller(second), deal=second, fields={"note": "The VT-200."})
    assert ConflictCase.objects.count() == 1
    actions.take_deal(actor=judge, deal=second)
    for deal in (first, second):
        assert actions.approve_deal(actor=judge, deal=deal).state == "approved"
    assert {deal.protections.get().exclusive for deal in (first, second)} == {True}


def test_who_is_told_apart_from_a_protected_one_need_not_wait(submit, reviewer):
    held = ApprovedFactory(**SAME)
    second = submit(DraftFactory(partnership=PartnershipFactory(vendor=held.vendor), type=held.type, **SAME))
    judge = reviewer(held)
    actions.decide_case(actor=judge, case=ConflictCase.objects.get(), outcome="different", reason=REASON)
    assert not ConflictCheck.objects.get(deal=second).queued
    actions.take_deal(actor=judge, deal=second)
    assert actions.approve_deal(actor=judge, deal=second).state == "approved"


def test_a_shared_customer_is_protected_for_both_and_for_neither_alone(case):
    opened, first, second, judge = case
    actions.decide_case(actor=judge, case=opened, outcome="shared", reason=REASON)
    for deal in (first, second):
        actions.take_deal(actor=judge, deal=deal)
        actions.approve_deal(actor=judge, deal=deal)
    assert {deal.protections.get().exclusive for deal in (first, second)} == {False}


def test_what_is_promised_to_one_alone_cannot_be_shared(submit, reviewer):
    held = ApprovedFactory(**SAME)
    submit(DraftFactory(partnership=PartnershipFactory(vendor=held.vendor), type=held.type, **SAME))
    with pytest.raises(DomainError, match=held.number):
        actions.decide_case(actor=reviewer(held), case=ConflictCase.objects.get(), outcome="shared", reason=REASON)


@pytest.mark.parametrize("who", ["partner", "stranger", "colleague"])
def test_only_who_decides_for_the_vendor_decides_a_case(case, act_for, who):
    opened, first, second, _judge = case
    actor = {
        "partner": lambda: act_for(second.partner, "deals.view", "deals.decide"),
        "stranger": lambda: act_for(OrganisationFactory(), "deals.view", "deals.decide"),
        "colleague": lambda: act_for(first.vendor, "deals.view"),
    }[who]()
    refused = (PermissionDenied, ConflictCase.DoesNotExist)
    with pytest.raises(refused):
        actions.decide_case(actor=actor, case=opened, outcome="different", reason=REASON)
    with pytest.raises(refused):
        actions.dismiss_case(actor=actor, case=opened, reason=REASON)


def test_who_registered_one_of_the_deals_does_not_decide(case):
    opened, first, _second, judge = case
    Deal.objects.filter(pk=first.pk).update(submitter=judge.user)
    with pytest.raises(PermissionDenied, match="yourself"):
        actions.decide_case(actor=judge, case=opened, outcome="different", reason=REASON)


def test_a_decided_case_is_decided_once_and_reopened_with_a_reason(case):
    opened, _first, _second, judge = case
    actions.decide_case(actor=judge, case=opened, outcome="different", reason=REASON)
    with pytest.raises(InvalidTransition):
        actions.decide_case(actor=judge, case=opened, outcome="shared", reason=REASON)
    with pytest.raises(InvalidTransition):
        actions.dismiss_case(actor=judge, case=opened, reason=REASON)
    again = actions.reopen_case(actor=judge, case=opened, reason="New evidence.")
    assert (again.state, again.outcome, KnownPair.objects.count()) == ("open", "", 0)
    assert set(again.sides.values_list("fate", flat=True)) == {""}


def test_a_dismissed_case_leaves_the_deals_as_they_are(case):
    opened, _first, second, judge = case
    actions.dismiss_case(actor=judge, case=opened, reason="A slip of the pen.")
    second.refresh_from_db()
    assert (second.state, KnownPair.objects.count()) == ("submitted", 0)


def test_a_case_with_one_open_deal_left_closes_itself(case, seller, django_capture_on_commit_callbacks):
    opened, _first, second, _judge = case
    with django_capture_on_commit_callbacks(execute=True):
        actions.withdraw_deal(actor=seller(second), deal=second)
    opened.refresh_from_db()
    assert (opened.state, opened.sides.get(deal=second).fate) == ("dismissed", CaseSide.Fate.LEFT)


def test_an_appeal_that_is_upheld_raises_the_conflict_anew(case, seller, reviewer):
    opened, first, second, judge = case
    actions.decide_case(actor=judge, case=opened, outcome="keeps", keeper=first, answers=answer(second), reason=REASON)
    KnownPair.objects.all().delete()
    petition = actions.ask(actor=seller(second), deal=second, kind="appeal", reason="We were first.")
    actions.grant(actor=reviewer(first), petition=petition)
    assert ConflictCase.objects.pending().get().sides.count() == 2


# -- clusters


def test_clusters_merge_with_keys_and_protections(reviewer):
    one = ApprovedFactory()
    other = ApprovedFactory(partnership__vendor=one.vendor, type=one.type, lines=[{"product_line": "Valves"}])
    one.protections.update(product_line="Pumps")
    keep, gone = (deal.protections.get().cluster for deal in (one, other))
    actions.merge_known(actor=reviewer(one), keep=keep, gone=gone)
    assert {one.protections.get().cluster, other.protections.get().cluster} == {keep}
    assert not CustomerCluster.objects.filter(pk=gone.pk).exists()
    assert keep.keys.count() == 2


def test_a_merge_that_would_protect_twice_is_refused_with_both_names(reviewer):
    one = ApprovedFactory()
    other = ApprovedFactory(partnership__vendor=one.vendor, type=one.type)
    keep, gone = (deal.protections.get().cluster for deal in (one, other))
    with pytest.raises(DomainError) as refused:
        actions.merge_known(actor=reviewer(one), keep=keep, gone=gone)
    assert all(word in refused.value.message for word in (one.number, other.number, one.partner.name))
    assert CustomerCluster.objects.count() == 2
    with pytest.raises(DomainError, match="already"):
        actions.merge_known(actor=reviewer(one), keep=keep, gone=keep)


def test_clusters_split_again(reviewer):
    one = ApprovedFactory()
    other = ApprovedFactory(partnership__vendor=one.vendor, type=one.type, lines=[{"product_line": "Valves"}])
    one.protections.update(product_line="Pumps")
    keep, gone = (deal.protections.get().cluster for deal in (one, other))
    judge = reviewer(one)
    actions.merge_known(actor=judge, keep=keep, gone=gone)
    own = actions.split_known(actor=judge, cluster=keep, deals=[other])
    assert (one.protections.get().cluster, other.protections.get().cluster) == (keep, own)
    assert (keep.keys.count(), own.keys.count()) == (1, 1)
    with pytest.raises(DomainError):
        actions.split_known(actor=judge, cluster=keep, deals=[one])


@pytest.mark.parametrize("who", ["partner", "colleague"])
def test_clusters_are_the_vendors_alone(act_for, who):
    one = ApprovedFactory()
    other = ApprovedFactory(partnership__vendor=one.vendor, type=one.type)
    keep, gone = (deal.protections.get().cluster for deal in (one, other))
    actor = act_for(one.vendor, "deals.view") if who == "colleague" else act_for(one.partner, "deals.decide")
    with pytest.raises((PermissionDenied, CustomerCluster.DoesNotExist)):
        actions.merge_known(actor=actor, keep=keep, gone=gone)
    with pytest.raises((PermissionDenied, CustomerCluster.DoesNotExist)):
        actions.split_known(actor=actor, cluster=keep, deals=[one])
