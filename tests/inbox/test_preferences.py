"""Choosing how to be told, with undo, and stopping e-mail from a letter."""

import json

import pytest
from django.urls import reverse

from inbox.mail import of_token, unsubscribe_url
from inbox.models import Preference
from partners.models import Membership
from tests.inbox.conftest import KIND

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def _a_kind(rule):
    rule()


def test_the_page_offers_every_kind_that_tells(world, signed_in):
    text = signed_in(world.partner).get(reverse("inbox:preferences")).content.decode()
    assert "What tests tell." in text and world.partner.user.email in text


def test_a_choice_is_saved_at_once_and_undone_by_its_toast(world, signed_in):
    client = signed_in(world.partner)
    url = reverse("inbox:prefer", args=[KIND])
    answer = client.post(url, {"email": "hourly"}, **HTMX)
    chosen = Preference.objects.get(membership=world.partner)
    assert (answer.status_code, chosen.in_app, chosen.email) == (200, False, "hourly")
    undo = json.loads(answer["HX-Trigger"])["toast"]["undo"]
    client.post(undo)
    chosen.refresh_from_db()
    assert (chosen.in_app, chosen.email) == (True, "standard")
    assert not Preference.objects.exclude(membership=world.partner).exists()


def test_a_way_that_is_not_on_offer_changes_nothing(world, signed_in):
    client = signed_in(world.partner)
    answer = client.post(reverse("inbox:prefer", args=[KIND]), {"email": "pigeon"}, **HTMX)
    assert answer.status_code == 422 and not Preference.objects.exists()
    assert client.post(reverse("inbox:prefer", args=["unknown"]), {"email": "now"}).status_code == 404
    assert client.get(reverse("inbox:prefer", args=[KIND])).status_code == 405


def path_of(membership, kind=""):
    return unsubscribe_url(membership, kind).split("//", 1)[1].split("/", 1)[1]


def test_one_click_stops_e_mail_of_its_kind_only_and_keeps_the_portal(world, client):
    Preference.objects.create(membership=world.partner, kind="deals", email="now")
    url = "/" + path_of(world.partner, KIND)
    assert client.get(url).status_code == 200
    assert not Preference.objects.filter(kind=KIND).exists(), "asking alone changes nothing"
    from django.test import Client

    provider = Client(enforce_csrf_checks=True)
    assert provider.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
    stopped = Preference.objects.get(membership=world.partner, kind=KIND)
    assert (stopped.email, stopped.in_app) == ("none", True)
    assert Preference.objects.get(kind="deals").email == "now"
    assert not Preference.objects.filter(membership=world.colleague).exists()


def test_the_letter_of_a_digest_stops_all(world, client):
    Preference.objects.create(membership=world.partner, kind=KIND, in_app=False, email="now")
    client.post("/" + path_of(world.partner))
    mine = Preference.objects.filter(membership=world.partner)
    assert set(mine.values_list("email", flat=True)) == {"none"}
    assert mine.get(kind=KIND).in_app is False


def test_a_forged_or_outlived_address_is_not_found(world, client):
    url = "/" + path_of(world.partner, KIND)
    assert client.post(url[:-3] + "x/").status_code == 404
    assert of_token("nonsense") is None
    Membership.objects.filter(pk=world.partner.pk).update(active=False)
    assert client.post(url).status_code == 404
    assert not Preference.objects.exists()
