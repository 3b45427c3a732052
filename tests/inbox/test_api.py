"""Notifications through the API: one's own, and nobody else's."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inbox.models import Notification
from partners.models import Partnership

API = "/api/v1/notifications/"


@pytest.fixture
def mine(world, rule, happens):
    rule()
    happens(world.vendor, world.partnership, note="please look")
    return Notification.objects.get(membership=world.partner)


def test_it_lists_what_i_was_told(mine, world, signed_in):
    (item,) = signed_in(world.partner).get(API).json()["results"]
    assert item["title"] == f"{world.vendor.user} tested {world.partnership}: please look"
    assert item["record"] == {"type": "partners.partnership", "id": world.partnership.pk}
    assert (item["verb"], item["by"], item["read_at"]) == ("partnership.tested", str(world.vendor.user), None)


def test_reading_and_unreading(mine, world, signed_in):
    client = signed_in(world.partner)
    assert client.post(f"{API}{mine.pk}/read/?unread=true").json()["read_at"] is not None
    assert client.get(f"{API}?unread=true").json()["results"] == []
    assert client.post(f"{API}{mine.pk}/unread/").json()["read_at"] is None
    assert client.post(f"{API}read-all/").json() == {"read": 1}
    assert client.post(f"{API}read-all/").json() == {"read": 0}
    assert Notification.objects.filter(membership=world.colleague, read_at=None).count() == 1


@pytest.mark.parametrize("who", ["colleague", "vendor", "stranger"])
def test_nobody_elses(mine, world, signed_in, who):
    client = signed_in(getattr(world, who))
    for call in (client.get(f"{API}{mine.pk}/"), client.post(f"{API}{mine.pk}/read/")):
        assert call.status_code == 404
    assert client.get(f"{API}{mine.pk}/").content == client.get(f"{API}{mine.pk + 999}/").content
    assert mine.pk not in [item["id"] for item in client.get(API).json()["results"]]


def test_what_went_out_of_sight_is_gone(mine, world, signed_in):
    Partnership.objects.filter(pk=world.partnership.pk).update(partner=world.stranger.organisation)
    assert signed_in(world.partner).get(API).json()["results"] == []


def test_a_visitor_is_refused(client, db):
    assert client.get(API).status_code == 401


def test_queries_do_not_grow(mine, world, happens, signed_in, django_assert_num_queries):
    client = signed_in(world.partner)
    client.get(API)
    with CaptureQueriesContext(connection) as one:
        client.get(API)
    for _ in range(2):
        happens(world.vendor, world.partnership)
    with django_assert_num_queries(len(one)):
        client.get(API)
