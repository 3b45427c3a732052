"""The pages of campaigns: who sees which buttons, what a form refuses, and that lists cost the same at any length."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns import actions
from campaigns.models import Asset, Campaign
from campaigns.waiting import counts, waiting
from tests.campaigns.factories import somebody

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def browser(actor):
    client = Client()
    client.force_login(actor.user, backend=BACKEND)
    return client


def at(name, campaign, *more):
    return reverse(f"campaigns:{name}", args=[campaign.pk, *more])


def test_from_a_blank_form_to_a_campaign_that_runs(scene):
    owner, partner = browser(scene.manager), browser(scene.joiner)
    typed = {"name": "Old pumps", "starts": "2031-01-01", "ends": "2031-02-01", "budget": "1000"}
    wrong = owner.post(reverse("campaigns:new"), {**typed, "ends": "2030-01-01"})
    assert wrong.status_code == 422 and "last day cannot come" in wrong.content.decode()
    assert owner.post(reverse("campaigns:new"), {**typed, "currency": "EUR"}).status_code == 302
    campaign = Campaign.objects.get()
    assert partner.get(at("detail", campaign)).status_code == 404
    refused = owner.post(at("plan", campaign))
    assert refused.status_code == 422 and "Invite at least one" in refused.content.decode()
    owner.post(at("invite", campaign), {"invite-organisation": scene.first.pk})
    mine, theirs = scene.seat(campaign, scene.owner), scene.seat(campaign, scene.first)
    short = owner.post(at("budget", campaign), {f"share-{mine.pk}": "600", f"share-{theirs.pk}": "300"})
    assert short.status_code == 422 and "is left over" in short.content.decode()
    owner.post(at("budget", campaign), {f"share-{mine.pk}": "600", f"share-{theirs.pk}": "400"})
    owner.post(at("plan", campaign))
    page = partner.get(at("detail", campaign)).content.decode()
    assert "Aurora invites you." in page and "€400.00" in page and "€600.00" not in page
    partner.post(at("accept", campaign), {"accept-contact": "Anna", "accept-email": "bad"})
    assert scene.seat(campaign, scene.first).state == "invited"
    partner.post(at("accept", campaign), {"accept-contact": "Anna", "accept-email": "anna@brenta.example"})
    assert owner.post(at("start", campaign)).status_code == 302
    assert Campaign.objects.get().state == "running"
    assert partner.post(at("finish", campaign)).status_code == 403
    left = partner.post(at("leave", campaign), {"leave-reason": "No time"})
    assert left["Location"] == reverse("campaigns:list")
    assert partner.get(at("detail", campaign)).status_code == 404


def test_every_page_opens_for_each_side_and_closes_for_others(scene):
    campaign = scene.running()
    letter = scene.asset(campaign)
    step = actions.save_step(
        actor=scene.manager, campaign=campaign, fields={"title": "Call <b>", "starts": campaign.starts}
    )
    owner, partner = browser(scene.manager), browser(scene.joiner)
    reader, stranger = browser(somebody(scene.first)), browser(scene.stranger)
    read = [
        at("detail", campaign), at("calendar", campaign), f"{at('calendar', campaign)}?view=month",
        at("ics", campaign), at("assets", campaign), at("asset", campaign, letter.pk),
        at("asset_print", campaign, letter.pk), at("results", campaign), f"{at('results', campaign)}?format=csv",
    ]  # fmt: skip
    for where in read:
        assert [each.get(where).status_code for each in (owner, partner, reader, stranger)] == [200, 200, 200, 404], (
            where
        )
    for name, more in (("edit", ()), ("budget", ()), ("step_new", ()), ("asset_new", ()), ("step", (step.pk,))):
        where = at(name, campaign, *more)
        assert owner.get(where).status_code == 200
        assert reader.get(where).status_code == 403
    assert partner.get(at("details", campaign)).status_code == 200
    assert reader.post(at("step_done", campaign, step.pk)).status_code == 403
    assert partner.post(at("step_done", campaign, step.pk)).status_code == 302
    assert partner.get(at("step_done", campaign, step.pk)).status_code == 405
    ics = partner.get(at("ics", campaign)).content.decode()
    assert f"UID:campaign-step-{step.pk}@" in ics and "SUMMARY:Call <b>" in ics
    assert "Call &lt;b&gt;" in partner.get(at("calendar", campaign)).content.decode()
    other = scene.planned(name="Another")
    assert owner.get(at("asset", other, letter.pk)).status_code == 404


def test_an_asset_is_filled_in_kept_in_versions_and_becomes_ones_own_mailing(scene):
    campaign = scene.running()
    owner, partner = browser(scene.manager), browser(scene.joiner)
    body = "Dear {{first_name}}, <script>x</script> *{{our_contact}}* of {{our_name}}: [ask]({{our_page}})"
    typed = {"kind": "letter", "title": "From {{our_name}}", "body": body}
    for bad in ({"body": "{{our_bank}}"}, {"kind": "page"}, {"kind": "war"}, {"body": "x" * 20_001}, {"title": " "}):
        assert owner.post(at("asset_new", campaign), {**typed, **bad}).status_code == 422, bad
    owner.post(at("asset_new", campaign), typed)
    asset = Asset.objects.get(kind="letter")
    seat = scene.seat(campaign, scene.first)
    actions.change_details(actor=scene.joiner, seat=seat, details={"contact": "Anna **B** [x](https://evil.example)"})
    made = partner.get(at("asset_pdf", campaign, asset.pk))
    assert made["Content-Type"] == "application/pdf" and b"".join(made.streaming_content).startswith(b"%PDF-")
    shown = partner.get(at("asset", campaign, asset.pk)).content.decode()
    assert "From Brenta" in shown and "&lt;script&gt;x" in shown and "evil.example)" in shown
    assert 'href="https://evil.example"' not in shown and f"/c/{seat.form.code}/?a={asset.pk}" in shown
    assert "Anna" in owner.get(f"{at('asset', campaign, asset.pk)}?as={seat.pk}").content.decode()
    theirs = scene.seat(campaign, scene.second)
    assert "From Brenta" in partner.get(f"{at('asset', campaign, asset.pk)}?as={theirs.pk}").content.decode()
    stale = owner.post(at("asset_edit", campaign, asset.pk), {"title": "T", "body": "B", "number": 9})
    assert stale.status_code == 422
    owner.post(at("asset_edit", campaign, asset.pk), {"title": asset.title, "body": f"{body} Soon.", "number": 1})
    asset.refresh_from_db()
    assert (asset.number, asset.versions.get().body) == (2, body)
    answer = partner.post(at("asset_use", campaign, asset.pk))
    mailing = scene.first.mailings.get()
    assert answer["Location"] == reverse("audiences:mailing_edit", args=[mailing.pk])
    assert (mailing.subject, mailing.source, mailing.source_id) == ("From Brenta", "campaign", campaign.pk)
    assert "{{first_name}}" in mailing.body and "of Brenta" in mailing.body and mailing.state == "draft"
    assert not scene.second.mailings.exists() and not scene.owner.mailings.exists()
    page = Asset.objects.get(kind="page")
    partner.post(at("asset_use", campaign, page.pk))
    browser(scene.other).post(at("asset_use", campaign, asset.pk))  # without the right to keep contacts
    assert scene.first.mailings.count() == 1 and not scene.second.mailings.exists()
    owner.post(at("asset_delete", campaign, page.pk))
    seat.refresh_from_db()
    assert not seat.form.open and Client().get(f"/c/{seat.form.code}/").status_code == 410


def test_figures_of_others_do_not_reach_the_page_or_the_file(scene):
    campaign = scene.running()
    seat = scene.seat(campaign, scene.first)
    actions.change_details(actor=scene.joiner, seat=seat, details={"shares_results": False})
    Client().get(f"/c/{seat.form.code}/")
    owner = browser(scene.manager)
    assert "keeps its figures to itself" in owner.get(at("results", campaign)).content.decode()
    lines = b"".join(owner.get(f"{at('results', campaign)}?format=csv").streaming_content).decode().splitlines()
    assert lines[2] == "Brenta,,,,,,,,"
    mine = b"".join(browser(scene.joiner).get(f"{at('results', campaign)}?format=csv").streaming_content).decode()
    assert "Brenta,0,0,0,0,1,0,0,0" in mine and "Dora,,,,,,,," in mine


@pytest.mark.parametrize("name", ["campaigns:list", "api:campaign-list"])
def test_a_list_costs_the_same_for_one_and_for_three(scene, name):
    client = browser(scene.joiner)
    scene.running()
    client.get(reverse(name))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse(name))
    for number in range(2):
        scene.running(name=f"Campaign {number}")
    with CaptureQueriesContext(connection) as three:
        client.get(reverse(name))
    assert len(three) == len(one)


def test_the_home_page_says_what_waits(scene):
    campaign = scene.planned()
    assert [each.title for each in waiting(scene.joiner)] == ["Old pumps"] and counts(scene.joiner) == {"campaigns": 1}
    assert waiting(somebody(scene.first)) == [] and waiting(scene.stranger) == []
    scene.accept(campaign, scene.joiner)
    actions.save_step(actor=scene.manager, campaign=campaign, fields={"title": "Call", "starts": campaign.starts})
    assert [each.title for each in waiting(scene.joiner)] == ["Call"]
