"""More time, reinstatement, appeal, revocation: each works, refuses another state, another actor and a second time."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import localdate, now

from core.errors import DomainError, InvalidTransition
from core.models import TrailEntry
from deals import actions
from deals.actions import AlreadyProtected
from deals.actions.checking import blocking
from deals.models import ConflictCheck, Deal, Petition, Protection, RegistrationType, Reminder
from deals.tasks import sweep
from inbox.models import Notification
from tests.deals.factories import ApprovedFactory, DealFactory, DraftFactory
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sides(act_for):
    """The partner's seller and two of the vendor's reviewers for a deal."""

    def build(deal):
        return (
            act_for(deal.partner, "deals.view", "deals.register"),
            act_for(deal.vendor, "deals.view", "deals.decide"),
            act_for(deal.vendor, "deals.view", "deals.decide"),
        )

    return build


def rejected(sides, **columns):
    deal = DealFactory(state="in_review", **columns)
    seller, reviewer, second = sides(deal)
    actions.reject_deal(actor=reviewer, deal=deal, reason="no_fit", note="Our pumps are too small.")
    deal.refresh_from_db()
    return deal, seller, reviewer, second


def expired(sides, days_ago=1):
    deal = ApprovedFactory()
    end = localdate() - timedelta(days=days_ago)
    Protection.objects.filter(deal=deal).update(start=end - timedelta(days=90), end=end)
    Deal.objects.filter(pk=deal.pk).update(protected_from=end - timedelta(days=90), protected_until=end)
    sweep.call()
    deal.refresh_from_db()
    assert deal.state == "expired"
    return (deal, *sides(deal))


def verbs(deal):
    return list(
        TrailEntry.objects.filter(target="deals.deal", target_id=deal.pk).order_by("pk").values_list("verb", flat=True)
    )


def test_more_time_is_added_to_the_old_end(sides):
    deal = ApprovedFactory()
    seller, manager, _ = sides(deal)
    until = deal.protected_until
    petition = actions.ask(actor=seller, deal=deal, kind="extension", reason="The tender was put off to March.")
    assert (petition.state, petition.asked_by) == ("pending", seller.user)
    actions.grant(actor=manager, petition=petition, answer="Good luck.")
    deal.refresh_from_db()
    assert deal.protected_until == until + timedelta(days=60)
    assert {row.end for row in deal.protections.all()} == {deal.protected_until}
    assert set(deal.reminders.filter(sent_at=None).values_list("days", flat=True)) == set(Reminder.DAYS)
    petition.refresh_from_db()
    assert (petition.state, petition.decided_by, petition.answer) == ("granted", manager.user, "Good luck.")
    assert verbs(deal)[-2:] == ["deal.extension_asked", "deal.extension_granted"]


def test_a_deal_is_extended_as_often_as_its_type_allows(sides):
    deal = ApprovedFactory()
    seller, manager, _ = sides(deal)
    first = actions.ask(actor=seller, deal=deal, kind="extension", reason="More time.")
    with pytest.raises(DomainError, match="asked for already"):
        actions.ask(actor=seller, deal=deal, kind="extension", reason="Again.")
    actions.refuse(actor=manager, petition=first, answer="Too early.")
    actions.grant(actor=manager, petition=actions.ask(actor=seller, deal=deal, kind="extension", reason="Now."))
    with pytest.raises(DomainError, match="as often as its type allows"):
        actions.ask(actor=seller, deal=deal, kind="extension", reason="Once more.")


def test_while_more_time_is_asked_for_the_clock_stands_still(sides):
    deal = ApprovedFactory()
    seller, manager, _ = sides(deal)
    petition = actions.ask(actor=seller, deal=deal, kind="extension", reason="More time.")
    yesterday = localdate() - timedelta(days=1)
    Protection.objects.filter(deal=deal).update(start=yesterday - timedelta(days=90), end=yesterday)
    Deal.objects.filter(pk=deal.pk).update(protected_until=yesterday)
    sweep.call()
    deal.refresh_from_db()
    assert deal.state == "approved"
    rival = DealFactory(partnership__vendor=deal.vendor)
    assert blocking(rival, deal.protections.get().cluster, localdate(), localdate()) == deal.protections.get()
    actions.refuse(actor=manager, petition=petition, answer="No news from the customer.")
    sweep.call()
    deal.refresh_from_db()
    assert deal.state == "expired"


@pytest.mark.parametrize("state", ["submitted", "in_review", "rejected", "withdrawn", "won", "lost", "expired"])
def test_only_what_is_protected_is_extended_or_revoked(sides, state):
    deal = DealFactory(state=state)
    seller, manager, _ = sides(deal)
    with pytest.raises(InvalidTransition):
        actions.ask(actor=seller, deal=deal, kind="extension", reason="More time.")
    with pytest.raises(InvalidTransition):
        actions.ask(actor=manager, deal=deal, kind="revocation", reason="Wrong customer.")
    assert not Petition.objects.exists()


def test_who_may_ask_decide_and_take_back(sides, act_for):
    deal = ApprovedFactory()
    seller, manager, _ = sides(deal)
    reader, stranger = (
        act_for(deal.partner, "deals.view"),
        act_for(OrganisationFactory(), "deals.register", "deals.decide"),
    )
    for actor, kind in ((manager, "extension"), (reader, "extension"), (seller, "revocation")):
        with pytest.raises(PermissionDenied):
            actions.ask(actor=actor, deal=deal, kind=kind, reason="More time.")
    with pytest.raises(Deal.DoesNotExist):
        actions.ask(actor=stranger, deal=deal, kind="extension", reason="More time.")
    petition = actions.ask(actor=seller, deal=deal, kind="extension", reason="More time.")
    for actor, run in ((seller, actions.grant), (reader, actions.drop), (manager, actions.drop)):
        with pytest.raises(PermissionDenied):
            run(actor=actor, petition=petition)
    with pytest.raises(Deal.DoesNotExist):
        actions.grant(actor=stranger, petition=petition)
    actions.drop(actor=seller, petition=petition)
    with pytest.raises(InvalidTransition):
        actions.grant(actor=manager, petition=petition)
    deal.refresh_from_db()
    assert deal.protected_until == localdate() + timedelta(days=90)


@pytest.mark.parametrize("reason", ["", "   \n"])
def test_a_request_says_why_and_a_refusal_too(sides, reason):
    deal = ApprovedFactory()
    seller, manager, _ = sides(deal)
    with pytest.raises(DomainError) as refused:
        actions.ask(actor=seller, deal=deal, kind="extension", reason=reason)
    assert refused.value.field == "reason"
    petition = actions.ask(actor=seller, deal=deal, kind="extension", reason="More time.")
    with pytest.raises(DomainError) as refused:
        actions.refuse(actor=manager, petition=petition, answer=reason)
    assert refused.value.field == "answer"


def test_an_appeal_is_decided_by_another_person_and_reopens_the_deal(sides):
    deal, seller, reviewer, second = rejected(sides)
    priority = deal.priority_at
    petition = actions.ask(actor=seller, deal=deal, kind="appeal", reason="The bigger series fits; see the data sheet.")
    with pytest.raises(PermissionDenied, match="second person"):
        actions.grant(actor=reviewer, petition=petition)
    actions.grant(actor=second, petition=petition)
    deal.refresh_from_db()
    assert (deal.state, deal.owner, deal.closure_note, deal.priority_at) == ("submitted", None, "", priority)
    assert deal.sla_due_at > now()
    actions.take_deal(actor=second, deal=deal)
    actions.reject_deal(actor=second, deal=deal, reason="no_fit", note="No.")
    with pytest.raises(DomainError, match="appealed once"):
        actions.ask(actor=seller, deal=deal, kind="appeal", reason="Again.")


def test_a_dismissed_appeal_stands(sides):
    deal, seller, _, second = rejected(sides)
    actions.refuse(
        actor=second, petition=actions.ask(actor=seller, deal=deal, kind="appeal", reason="Look again."), answer="No."
    )
    deal.refresh_from_db()
    assert deal.state == "rejected"
    with pytest.raises(DomainError, match="appealed once"):
        actions.ask(actor=seller, deal=deal, kind="appeal", reason="Once more.")


def test_an_appeal_has_ten_days(sides):
    deal, seller, *_ = rejected(sides)
    Deal.objects.filter(pk=deal.pk).update(decided_at=now() - timedelta(days=10, minutes=1))
    with pytest.raises(InvalidTransition, match="10 days"):
        actions.ask(actor=seller, deal=deal, kind="appeal", reason="Look again.")


def test_a_revocation_needs_two_and_the_partner_hears_of_it_only_then(sides):
    deal = ApprovedFactory()
    seller, manager, second = sides(deal)
    petition = actions.ask(actor=manager, deal=deal, kind="revocation", reason="The customer was named wrongly.")
    assert not Petition.objects.visible_to(seller).exists()
    assert not TrailEntry.objects.visible_to(seller).filter(verb__startswith="deal.revocation").exists()
    with pytest.raises(PermissionDenied, match="second person"):
        actions.grant(actor=manager, petition=petition)
    actions.grant(actor=second, petition=petition)
    deal.refresh_from_db()
    assert (deal.state, deal.closure_note) == ("revoked", "The customer was named wrongly.")
    assert not deal.protections.exists()
    assert not deal.reminders.filter(sent_at=None).exists()
    assert Petition.objects.visible_to(seller).get() == petition


def test_a_lapsed_deal_is_reinstated_within_its_grace(sides):
    deal, seller, manager, _ = expired(sides, days_ago=14)
    actions.grant(
        actor=manager, petition=actions.ask(actor=seller, deal=deal, kind="reinstatement", reason="They came back.")
    )
    deal.refresh_from_db()
    assert (deal.state, deal.protected_until) == ("approved", localdate() + timedelta(days=60))
    assert deal.protections.get().start == localdate()


def test_after_the_grace_it_is_over(sides):
    deal, seller, *_ = expired(sides, days_ago=15)
    with pytest.raises(InvalidTransition, match="is over"):
        actions.ask(actor=seller, deal=deal, kind="reinstatement", reason="They came back.")


def test_nobody_is_reinstated_over_another(sides):
    deal, seller, manager, _ = expired(sides)
    petition = actions.ask(actor=seller, deal=deal, kind="reinstatement", reason="They came back.")
    kept = Protection.objects.get(deal=deal)
    rival = ApprovedFactory(vendor=deal.vendor)
    Protection.objects.filter(deal=rival).update(cluster=kept.cluster, product_line=kept.product_line)
    with pytest.raises(AlreadyProtected):
        actions.grant(actor=manager, petition=petition)
    deal.refresh_from_db()
    petition.refresh_from_db()
    assert (deal.state, petition.state) == ("expired", "pending")


def test_what_nobody_answers_counts_as_approved_where_the_type_says_so(sides):
    deal = DealFactory(state="submitted")
    ConflictCheck.objects.update_or_create(deal=deal, defaults={"vendor": deal.vendor, "verdict": "clear"})
    long_ago = now() - timedelta(days=21)
    Deal.objects.filter(pk=deal.pk).update(sla_due_at=long_ago)
    sweep.call()
    deal.refresh_from_db()
    assert deal.state == "submitted"
    RegistrationType.objects.filter(pk=deal.type_id).update(deemed_approval=True)
    ConflictCheck.objects.filter(deal=deal).update(verdict="possible")
    sweep.call()
    deal.refresh_from_db()
    assert deal.state == "submitted"
    ConflictCheck.objects.filter(deal=deal).update(verdict="clear")
    sweep.call()
    deal.refresh_from_db()
    assert (deal.state, deal.protected_until) == ("approved", localdate() + timedelta(days=90))
    assert verbs(deal)[-1] == "deal.deemed_approved"


def test_an_answer_is_promised_by_the_terms_of_the_day_of_submission(sides):
    """Who registered under a promise keeps it, and who did not gets none by a later change of the type."""
    kept, late = DealFactory(state="submitted"), DealFactory(state="submitted")
    for deal, then in ((kept, True), (late, False)):
        deal.type.deemed_approval = then
        deal.type.save()
        Deal.objects.filter(pk=deal.pk).update(type_version=deal.type.current(), sla_due_at=now() - timedelta(days=21))
        ConflictCheck.objects.update_or_create(deal=deal, defaults={"vendor": deal.vendor, "verdict": "clear"})
        RegistrationType.objects.filter(pk=deal.type_id).update(deemed_approval=not then, version=2)
    assert list(Deal.objects.unanswered()) == [kept]
    sweep.call()
    assert [Deal.objects.get(pk=deal.pk).state for deal in (kept, late)] == ["approved", "submitted"]


def test_there_is_time_until_twice_the_promise(sides):
    deal = DealFactory(state="submitted")
    ConflictCheck.objects.update_or_create(deal=deal, defaults={"vendor": deal.vendor, "verdict": "clear"})
    RegistrationType.objects.filter(pk=deal.type_id).update(deemed_approval=True)
    Deal.objects.filter(pk=deal.pk).update(sla_due_at=now() - timedelta(minutes=1))
    with pytest.raises(InvalidTransition, match="time left"):
        actions.deem_approved(deal=Deal.objects.get(pk=deal.pk))


def test_a_sale_is_won_by_hand_with_its_proof(sides):
    deal = ApprovedFactory()
    seller, manager, _ = sides(deal)
    with pytest.raises(DomainError) as refused:
        actions.win_by_hand(actor=manager, deal=deal, proof=" ")
    assert refused.value.field == "proof"
    with pytest.raises(PermissionDenied):
        actions.win_by_hand(actor=seller, deal=deal, proof="Invoice 7")
    actions.win_by_hand(actor=manager, deal=deal, proof="Invoice 7 of 3 March")
    deal.refresh_from_db()
    assert (deal.state, deal.closure_note, deal.probability) == ("won", "Invoice 7 of 3 March", 100)


def test_a_lapsed_protection_is_not_renewed_by_registering_anew(sides, act_for):
    deal, seller, *_ = expired(sides, days_ago=30)
    same = ("partnership", "type", "customer_name", "customer_vat", "customer_country", "customer_name_key")
    again = DraftFactory(**{name: getattr(deal, name) for name in same})
    with pytest.raises(DomainError, match="has just ended"):
        actions.submit_deal(actor=seller, deal=again, terms=True)
    RegistrationType.objects.filter(pk=deal.type_id).update(cool_off_days=29)
    assert actions.submit_deal(actor=seller, deal=Deal.objects.get(pk=again.pk), terms=True).state == "submitted"


def test_the_cool_off_is_the_one_under_which_the_deal_was_registered(sides):
    deal, seller, *_ = expired(sides, days_ago=29)
    deal.type.cool_off_days = 10
    deal.type.save()
    Deal.objects.filter(pk=deal.pk).update(type_version=deal.type.current())
    RegistrationType.objects.filter(pk=deal.type_id).update(cool_off_days=90, version=2)
    same = ("partnership", "type", "customer_name", "customer_vat", "customer_country", "customer_name_key")
    again = DraftFactory(**{name: getattr(deal, name) for name in same})
    again.refresh_from_db()
    assert actions.submit_deal(actor=seller, deal=again, terms=True).state == "submitted"


def test_the_vendors_reviewers_are_told_of_a_request(sides, django_capture_on_commit_callbacks):
    deal = ApprovedFactory()
    seller, manager, second = sides(deal)
    with django_capture_on_commit_callbacks(execute=True):
        actions.ask(actor=seller, deal=deal, kind="extension", reason="More time.")
    assert {row.membership.user for row in Notification.objects.filter(entry__verb="deal.extension_asked")} == {
        manager.user,
        second.user,
    }


def test_on_the_page_a_request_is_made_seen_and_answered(sign_in):
    deal = ApprovedFactory()
    seller = sign_in(deal.partner, "deals.view", "deals.register")
    manager = sign_in(deal.vendor, "deals.view", "deals.decide")
    page = deal.get_absolute_url()
    assert 'id="extension"' in seller.get(page).content.decode()
    answer = seller.post(f"{page}ask/extension/", {"extension-reason": ""}, headers={"HX-Request": "true"})
    assert (answer.status_code, "dialog" in answer.content.decode()) == (422, False)
    assert seller.post(f"{page}ask/extension/", {"extension-reason": "The tender <moved>."}).status_code == 302
    shown = manager.get(page).content.decode()
    assert "The tender &lt;moved&gt;." in shown and "requests/" in shown
    petition = Petition.objects.get()
    refused = manager.post(f"{page}requests/{petition.pk}/refuse/", {f"refuse-{petition.pk}-answer": " "})
    assert refused.status_code == 422
    assert manager.post(f"{page}requests/{petition.pk}/grant/").status_code == 302
    petition.refresh_from_db()
    assert petition.state == "granted"
    assert manager.post(f"{page}requests/{petition.pk}/grant/").status_code == 422


def test_a_reader_is_told_why_not_and_an_unknown_request_is_missing(sign_in):
    deal = ApprovedFactory()
    page = deal.get_absolute_url()
    reader = sign_in(deal.partner, "deals.view")
    assert reader.post(f"{page}ask/extension/", {"extension-reason": "More."}).status_code == 403
    assert reader.post(f"{page}ask/nonsense/", {"nonsense-reason": "More."}).status_code == 404
    manager = sign_in(deal.vendor, "deals.view", "deals.decide")
    assert manager.post(f"{page}requests/77/grant/").status_code == 404
    assert manager.get(f"{page}requests/77/grant/").status_code == 405


def test_a_proposed_revocation_is_nowhere_for_the_partner(sign_in):
    deal = ApprovedFactory()
    seller = sign_in(deal.partner, "deals.view", "deals.register")
    manager = sign_in(deal.vendor, "deals.view", "deals.decide")
    page = deal.get_absolute_url()
    before = seller.get(page).content
    assert manager.post(f"{page}ask/revocation/", {"revocation-reason": "Secret doubts."}).status_code == 302
    petition = Petition.objects.get()
    assert "Secret doubts." in manager.get(page).content.decode()
    assert "Secret doubts." not in seller.get(page).content.decode()
    assert len(seller.get(page).content) == len(before)
    for act in ("grant", "refuse", "drop"):
        assert seller.post(f"{page}requests/{petition.pk}/{act}/").status_code in {403, 404}
