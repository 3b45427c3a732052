"""Offer, accept, decline, recall, pull back, convert, close: each works, and refuses other states and actors."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils.timezone import now

from core.errors import DomainError, InvalidTransition
from core.models import TrailEntry
from deals import actions as deals
from leads import actions
from leads.actions.answering import TooLate
from leads.models import Lead, LeadOffer
from leads.tasks import sweep
from partners.models import Partnership
from tests.leads.factories import LeadFactory

pytestmark = pytest.mark.django_db


def fresh(row):
    row.refresh_from_db()
    return row


def run_out(offer, *columns):
    LeadOffer.objects.filter(pk=offer.pk).update(**{name: now() - timedelta(minutes=1) for name in columns})


def test_an_offer_says_until_when(offered):
    offer = offered()
    lead = fresh(offer.lead)
    assert (offer.state, lead.state, lead.holder) == ("offered", "offered", None)
    assert lead.due_at == offer.expires_at > now()


def test_only_the_vendor_offers(vendor, edge, act_for):
    lead, partner = LeadFactory(vendor=vendor), edge()
    with pytest.raises(PermissionDenied):
        actions.offer_lead(actor=act_for(vendor, "leads.view"), lead=lead, partnerships=[partner])
    with pytest.raises(Lead.DoesNotExist):
        actions.offer_lead(actor=act_for(partner.partner, "leads.manage"), lead=lead, partnerships=[partner])


def test_an_offer_needs_active_partners_and_not_too_many(vendor, edge, manager):
    lead = LeadFactory(vendor=vendor)
    for chosen in ([], [edge(state=Partnership.State.SUSPENDED)], [edge()] * 51):
        with pytest.raises(DomainError):
            actions.offer_lead(actor=manager, lead=lead, partnerships=chosen)
    assert not lead.offers.exists()


def test_a_lead_is_not_offered_twice_at_once(offered, manager, edge):
    offer = offered()
    with pytest.raises(InvalidTransition):
        actions.offer_lead(actor=manager, lead=offer.lead, partnerships=[edge()])


def test_accepting_gives_the_lead_to_the_partner(offered, worker):
    offer = offered()
    actor = worker(offer.partnership)
    assert not Lead.objects.visible_to(actor).exists()
    offer = actions.accept_offer(actor=actor, offer=offer)
    lead = Lead.objects.visible_to(actor).get()
    assert (offer.state, lead.state, lead.holder) == ("accepted", "accepted", offer.partner)
    assert lead.due_at == offer.first_touch_due > now()
    assert actions.accept_offer(actor=actor, offer=offer).pk == offer.pk, "a second click changes nothing"


def test_accepting_takes_the_partner_its_capability_and_an_active_partnership(offered, manager, act_for, worker):
    offer = offered()
    with pytest.raises(PermissionDenied):
        actions.accept_offer(actor=manager, offer=offer)
    with pytest.raises(PermissionDenied):
        actions.accept_offer(actor=act_for(offer.partner, "leads.view"), offer=offer)
    with pytest.raises(LeadOffer.DoesNotExist):
        actions.accept_offer(actor=act_for(LeadFactory().vendor, "leads.work"), offer=offer)
    Partnership.objects.filter(pk=offer.partnership_id).update(state="suspended")
    with pytest.raises(PermissionDenied):
        actions.accept_offer(actor=worker(offer.partnership), offer=offer)


def test_what_has_run_out_is_not_accepted_even_before_the_sweep(offered, worker):
    offer = offered()
    run_out(offer, "expires_at")
    with pytest.raises(TooLate):
        actions.accept_offer(actor=worker(offer.partnership), offer=offer)


def test_of_a_pool_the_first_has_it(vendor, edge, manager, worker):
    edges = [edge() for _ in range(3)]
    lead = LeadFactory(vendor=vendor)
    first, second, third = actions.offer_lead(actor=manager, lead=lead, partnerships=edges)
    actions.decline_offer(actor=worker(edges[2]), offer=third, code="capacity")
    assert fresh(lead).state == "offered", "two are left"
    actions.accept_offer(actor=worker(edges[1]), offer=second)
    assert [fresh(each).state for each in (first, second, third)] == ["taken", "accepted", "declined"]
    with pytest.raises(TooLate, match="quicker"):
        actions.accept_offer(actor=worker(edges[0]), offer=first)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="one writer at a time by itself")
def test_of_many_at_once_exactly_one_accepts(vendor, edge, manager, worker):
    edges = [edge() for _ in range(6)]
    lead = LeadFactory(vendor=vendor)
    offers = actions.offer_lead(actor=manager, lead=lead, partnerships=edges)
    actors, start, results = [worker(each) for each in edges], Barrier(len(edges)), []

    def run(actor, offer):
        start.wait()
        try:
            actions.accept_offer(actor=actor, offer=offer)
            results.append("accepted")
        except TooLate:
            results.append("late")
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in zip(actors, offers, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["accepted"] + ["late"] * 5
    assert LeadOffer.objects.filter(lead=lead, state="accepted").count() == 1
    assert LeadOffer.objects.filter(lead=lead, state="taken").count() == 5


def test_declining_says_why_and_the_details_stay_hidden(offered, worker):
    offer = offered()
    actor = worker(offer.partnership)
    for wrong in ({"code": "nonsense"}, {"code": "other"}, {"code": ""}):
        with pytest.raises(DomainError):
            actions.decline_offer(actor=actor, offer=offer, **wrong)
    offer = actions.decline_offer(actor=actor, offer=offer, code="no_fit", note="We do wells only.")
    assert (offer.state, offer.decline_code, offer.decline_note) == ("declined", "no_fit", "We do wells only.")
    assert fresh(offer.lead).state == "routed"
    with pytest.raises(InvalidTransition):
        actions.decline_offer(actor=actor, offer=offer, code="no_fit")


def test_only_the_partner_declines(offered, manager, act_for):
    offer = offered()
    with pytest.raises(PermissionDenied):
        actions.decline_offer(actor=manager, offer=offer, code="no_fit")
    with pytest.raises(PermissionDenied):
        actions.decline_offer(actor=act_for(offer.partner, "leads.view"), offer=offer, code="no_fit")


def test_a_refusal_is_taken_back_while_nobody_else_was_asked(offered, worker, edge, manager):
    offer = offered()
    actor = worker(offer.partnership)
    actions.decline_offer(actor=actor, offer=offer, code="capacity")
    offer = actions.reconsider_offer(actor=actor, offer=offer)
    assert (offer.state, fresh(offer.lead).state, offer.lead.route_at) == ("offered", "offered", None)
    actions.decline_offer(actor=actor, offer=offer, code="capacity")
    actions.offer_lead(actor=manager, lead=offer.lead, partnerships=[edge()])
    with pytest.raises(TooLate):
        actions.reconsider_offer(actor=actor, offer=offer)


def test_a_lead_given_back_is_out_of_sight(held):
    offer, actor = held()
    assert Lead.objects.visible_to(actor).exists()
    actions.decline_offer(actor=actor, offer=offer, code="no_fit")
    assert not Lead.objects.visible_to(actor).exists()
    assert fresh(offer.lead).holder is None


def test_the_vendor_recalls_what_is_offered_or_held(offered, held, manager, worker):
    offer = offered()
    actions.recall_lead(actor=manager, lead=offer.lead, note="Typed twice.")
    assert (fresh(offer).state, fresh(offer.lead).state, offer.lead.route_at) == ("recalled", "routed", None)
    offer, actor = held()
    actions.recall_lead(actor=manager, lead=offer.lead)
    assert not Lead.objects.visible_to(actor).exists()
    with pytest.raises(InvalidTransition):
        actions.recall_lead(actor=manager, lead=offer.lead)
    with pytest.raises(Lead.DoesNotExist):
        actions.recall_lead(actor=actor, lead=offer.lead)


def test_who_holds_a_lead_does_not_recall_it(held):
    offer, actor = held()
    with pytest.raises(PermissionDenied):
        actions.recall_lead(actor=actor, lead=offer.lead)


def test_offers_that_run_out_go_to_the_next_but_never_back(offered, edge, to_all):
    offer, other = offered(), edge()
    to_all()
    run_out(offer, "expires_at")
    sweep.call()
    assert fresh(offer).state == "expired"
    now_with = LeadOffer.objects.get(lead=offer.lead, state="offered")
    assert now_with.partnership == other
    run_out(now_with, "expires_at")
    sweep.call()
    lead = fresh(offer.lead)
    assert (lead.state, lead.route_at, lead.offers.count()) == ("routed", None, 2)
    assert "Nobody fits" in lead.why_waiting
    sweep.call()
    assert lead.offers.count() == 2


@pytest.mark.parametrize(("touched", "column"), [(False, "first_touch_due"), (True, "idle_due")])
def test_silent_partners_lose_what_they_hold(held, touched, column):
    offer, actor = held()
    if touched:
        actions.touch_lead(actor=actor, offer=offer, note="Spoke to the buyer.")
    sweep.call()
    assert fresh(offer).state == "accepted", "the clock still runs"
    run_out(offer, column)
    sweep.call()
    sweep.call()
    assert (fresh(offer).state, fresh(offer.lead).state) == ("pulled_back", "routed")
    assert not Lead.objects.visible_to(actor).exists()
    assert TrailEntry.objects.filter(verb="lead.pulled_back").count() == 1


def test_a_contact_stops_the_first_clock_and_starts_patience(held):
    offer, actor = held()
    offer = actions.touch_lead(actor=actor, offer=offer, note="Visit on Tuesday.")
    lead = fresh(offer.lead)
    assert (lead.state, offer.first_touch_due) == ("working", None)
    assert lead.due_at == offer.idle_due > now()
    actions.touch_lead(actor=actor, offer=offer, note="Quote sent.")
    with pytest.raises(DomainError):
        actions.touch_lead(actor=actor, offer=offer, note=" ")


def test_only_who_holds_it_reports_contacts(offered, held, worker, manager):
    offer = offered()
    with pytest.raises(InvalidTransition):
        actions.touch_lead(actor=worker(offer.partnership), offer=offer, note="Hello")
    offer, _actor = held()
    with pytest.raises(PermissionDenied):
        actions.touch_lead(actor=manager, offer=offer, note="Hello")


def test_a_lead_becomes_a_registration_without_retyping(held):
    offer, actor = held()
    lead = offer.lead
    deal = actions.convert_lead(actor=actor, offer=offer)
    assert (deal.state, deal.source, deal.partnership) == ("draft", "lead", offer.partnership)
    assert (deal.customer_name, deal.customer_country, deal.customer_city) == (lead.company, "DE", "Leverkusen")
    assert (deal.customer_domain, deal.title, deal.amount) == ("zirkonia.example", lead.need, lead.value)
    for part in (lead.number, lead.contact, lead.email, lead.phone, lead.message):
        assert part in deal.note
    assert [line.product_text for line in deal.lines.all()] == ["Booster sets"]
    lead = fresh(lead)
    assert (lead.state, lead.deal, lead.due_at) == ("converted", deal, None)
    assert actions.convert_lead(actor=actor, offer=offer) == deal, "asked again it is the same draft"
    run_out(offer, "expires_at")
    sweep.call()
    assert fresh(lead).state == "converted"
    deals.delete_draft(actor=actor, deal=deal)
    again = actions.convert_lead(actor=actor, offer=offer)
    assert again.pk != deal.pk
    assert fresh(lead).deal == again


def test_converting_takes_the_lead_and_the_capability_to_register(offered, held, worker, act_for, manager):
    offer = offered()
    with pytest.raises(InvalidTransition):
        actions.convert_lead(actor=worker(offer.partnership), offer=offer)
    offer, _actor = held()
    with pytest.raises(PermissionDenied):
        actions.convert_lead(actor=act_for(offer.partner, "leads.view", "leads.work"), offer=offer)
    with pytest.raises(PermissionDenied):
        actions.convert_lead(actor=manager, offer=offer)
    assert fresh(offer.lead).state == "accepted"


def test_both_sides_close_and_the_vendor_reopens(held, offered, manager):
    offer, actor = held()
    lead = actions.close_lead(actor=actor, lead=offer.lead, code="no_budget", note="Next year.")
    assert (lead.state, lead.closure_code) == ("closed", "no_budget")
    assert TrailEntry.objects.filter(verb="lead.finished", readers__organisation=lead.vendor_id).exists()
    with pytest.raises(InvalidTransition):
        actions.close_lead(actor=manager, lead=lead, code="no_need")
    with pytest.raises(PermissionDenied):
        actions.reopen_lead(actor=actor, lead=lead)
    lead = actions.reopen_lead(actor=manager, lead=lead)
    assert (lead.state, lead.holder, lead.closure_code, fresh(offer).state) == ("routed", None, "", "recalled")
    other = offered()
    with pytest.raises(DomainError):
        actions.close_lead(actor=manager, lead=other.lead, code="x")
    actions.close_lead(actor=manager, lead=other.lead, code="duplicate")
    assert fresh(other).state == "recalled"


def test_spam_is_put_aside_and_brought_back(vendor, manager, offered, act_for):
    lead = LeadFactory(vendor=vendor)
    with pytest.raises(PermissionDenied):
        actions.bin_lead(actor=act_for(vendor, "leads.view"), lead=lead)
    assert actions.bin_lead(actor=manager, lead=lead).state == "spam"
    assert not Lead.objects.of_vendor(vendor.pk).exists()
    assert actions.restore_lead(actor=manager, lead=lead).state == "new"
    with pytest.raises(InvalidTransition):
        actions.bin_lead(actor=manager, lead=offered().lead)


def test_the_trail_of_an_offer_names_no_company(held, manager):
    offer, actor = held()
    actions.touch_lead(actor=actor, offer=offer, note="Fine.")
    actions.recall_lead(actor=manager, lead=offer.lead)
    for entry in TrailEntry.objects.filter(readers__organisation=offer.partner_id):
        assert "irkonia" not in f"{entry.title}{entry.data}", entry.verb
        assert "uandt" not in f"{entry.title}{entry.data}", entry.verb
