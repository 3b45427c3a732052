"""Landing pages: open to everybody while the campaign runs, counted, and their leads belong to whose page it is."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils.timezone import now

from campaigns import actions
from campaigns.branding import page_url
from campaigns.models import Visit
from campaigns.results import counts_of, results_for
from deals.models import Deal
from leads import actions as leads
from leads.models import Lead
from tests.campaigns.factories import Scene
from tests.factories import PartnershipFactory

TYPED = {"company": "Hotel Adler", "email": "info@adler.example", "need": "A check of our pumps", "consent": "on"}


def path(scene, campaign, organisation=None, query=""):
    seat = scene.seat(campaign, organisation or scene.first)
    return f"/c/{seat.form.code}/{query}"


@pytest.fixture
def send(time_machine):
    """Open a page, take one's time, and send what was typed."""

    def fill(where, **typed):
        client = Client(enforce_csrf_checks=True)
        time_machine.move_to(now() - timedelta(seconds=30), tick=False)
        stamp = client.get(where).context["stamp"]
        time_machine.move_to(now() + timedelta(seconds=30), tick=False)
        return client.post(where, {**TYPED, "stamp": stamp, **typed})

    return fill


def test_the_page_is_open_while_the_campaign_runs_and_shows_one_company_alone(scene):
    campaign = scene.running(goal="Between us: sell more.")
    where = path(scene, campaign)
    answer = Client().get(where)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert not answer.cookies and "<script" not in text and answer["Cache-Control"] == "no-store"
    assert "Ask <strong>Brenta</strong>, +39 049 1." in text
    for hidden in ("Dora", "Aurora", "Between us"):
        assert hidden not in text
    assert Client().get("/c/guessed/").status_code == 404
    actions.finish_campaign(actor=scene.manager, campaign=campaign)
    assert Client().get(where).status_code == 410
    assert Client().post(where, TYPED).status_code == 410


def test_visits_are_counted_by_day_and_asset_and_only_what_is_looked_at(scene):
    campaign = scene.running()
    letter, foreign = scene.asset(campaign), scene.asset(scene.planned(name="Another"))
    client = Client()
    for query in ("", "", f"?a={letter.pk}", f"?a={foreign.pk}", "?a=-1", "?a=9e9", f"?a={'9' * 40}"):
        assert client.get(path(scene, campaign, query=query)).status_code == 200
    client.head(path(scene, campaign))
    client.get(path(scene, campaign), headers={"Sec-Purpose": "prefetch;prerender"})
    assert dict(Visit.objects.values_list("asset", "count")) == {0: 6, letter.pk: 1}
    assert counts_of(campaign, [scene.first.pk])[scene.first.pk].visits == 7


def test_what_is_written_becomes_a_lead_of_that_company_with_where_it_came_from(scene, send):
    campaign = scene.running()
    letter = scene.asset(campaign)
    assert page_url(scene.seat(campaign, scene.first), letter).endswith(f"?a={letter.pk}")
    answer = send(path(scene, campaign, query=f"?a={letter.pk}"), contact="Jana", campaign="Mine", origin_id="7")
    assert answer.status_code == 200
    lead = Lead.objects.get()
    assert (lead.vendor, lead.campaign, lead.state, lead.source) == (scene.first, "Old pumps", "new", "form")
    assert (lead.origin, lead.origin_id, lead.origin_detail) == ("campaign", campaign.pk, f"asset:{letter.pk}")
    assert lead.route_at is None, "a company without rules works on it itself"
    assert not Lead.objects.visible_to(scene.manager).exists(), "the owner never sees a participant's lead"
    send(path(scene, campaign), fax="1", email="other@adler.example", company="Spam & Co")
    assert Lead.objects.get(state="spam").vendor == scene.first
    assert counts_of(campaign, [scene.first.pk])[scene.first.pk].leads == 1


def test_such_a_lead_is_registered_with_a_vendor_without_retyping(scene, send, act_for):
    campaign = scene.running()
    send(path(scene, campaign), message="Soon, please.")
    lead, edge = Lead.objects.get(), scene.edges[0]
    foreign = PartnershipFactory()
    for wrong in (foreign, scene.edges[1]):
        with pytest.raises(PermissionDenied):
            leads.register_lead(actor=scene.joiner, lead=lead, partnership=wrong)
    with pytest.raises(PermissionDenied):
        leads.register_lead(actor=act_for(scene.first, "leads.view"), lead=lead, partnership=edge)
    with pytest.raises(Lead.DoesNotExist):
        leads.register_lead(actor=scene.manager, lead=lead, partnership=edge)
    draft = leads.register_lead(actor=scene.joiner, lead=lead, partnership=edge)
    assert (draft.customer_name, draft.title, draft.vendor) == ("Hotel Adler", "A check of our pumps", scene.owner)
    assert "info@adler.example" in draft.note and "Soon, please." in draft.note
    assert leads.register_lead(actor=scene.joiner, lead=lead, partnership=edge) == draft
    lead.refresh_from_db()
    assert (lead.state, lead.deal, lead.holder) == ("converted", draft, None)
    assert counts_of(campaign, [scene.first.pk])[scene.first.pk].deals == 0, "a draft is no deal yet"
    Deal.objects.filter(pk=draft.pk).update(state="won", number="D-77")
    counts = counts_of(campaign, [scene.first.pk])[scene.first.pk]
    assert (counts.leads, counts.deals, counts.won) == (1, 1, 1)


def test_results_stand_beside_each_other_only_where_both_share(scene, send):
    campaign = scene.running()
    send(path(scene, campaign))

    def seen(actor):
        return [each.counts and each.counts.leads for each in results_for(actor, campaign)]

    assert seen(scene.manager) == [0, 1, 0]
    seat = scene.seat(campaign, scene.first)
    actions.change_details(actor=scene.joiner, seat=seat, details={"shares_results": False})
    assert seen(scene.manager) == [0, None, 0]
    assert seen(scene.other) == [0, None, 0]
    assert seen(scene.joiner) == [None, 1, None]
    assert [each.counts for each in results_for(Scene().joiner, campaign)] == [None, None, None]
