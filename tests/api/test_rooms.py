"""Rooms by the API: works, repeated, side thread, reader, stranger, malformed, query counts."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from chat import actions
from chat.models import Message, ReadMark
from tests.chat.factories import acting, member_of, talk

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return talk()


def api(membership) -> APIClient:
    client = APIClient()
    client.force_login(membership.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def say(membership, room, body="Hello"):
    return actions.post_message(actor=acting(membership), room=room, body=body)


def test_rooms_are_listed_with_what_is_unread(scene):
    say(scene.luca, scene.room)
    rooms = api(scene.marta).get("/api/v1/rooms/").json()["results"]
    by_kind = {each["kind"]: each for each in rooms}
    assert (by_kind["partnership"]["unread"], by_kind["partnership"]["last"]) == (1, 1)
    assert by_kind["side"]["parent"] == scene.room.pk
    assert api(scene.eva).get("/api/v1/rooms/").json()["results"] == []


def test_the_room_of_a_record_is_found(scene):
    scene.room.record, scene.room.record_id = "deals.deal", 12
    scene.room.save()
    client = api(scene.marta)
    assert [each["id"] for each in client.get("/api/v1/rooms/?record=deals.deal:12").json()["results"]] == [
        scene.room.pk
    ]
    for wrong in ("deals.deal:13", "deals.deal:x", "deals.deal", ":12"):
        found = client.get(f"/api/v1/rooms/?record={wrong}").json()["results"]
        assert [each["id"] for each in found if each["record"] and wrong != ":12"] == []


def test_messages_after_a_number_come_in_order(scene):
    for number in range(5):
        say(scene.luca, scene.room, f"m{number}")
    answer = api(scene.marta).get(f"/api/v1/rooms/{scene.room.pk}/messages/?after=2&limit=2").json()
    assert ([each["id"] for each in answer["results"]], answer["last"]) == ([3, 4], 5)
    for odd in ("after=x", "after=-1", "limit=0", "limit=999999", "after=" + "9" * 18):
        assert api(scene.marta).get(f"/api/v1/rooms/{scene.room.pk}/messages/?{odd}").status_code == 200


def test_a_repeated_message_is_stored_once(scene):
    client, sent = api(scene.luca), {"body": "**Two** pumps", "client_id": "erp-1"}
    first, again = (client.post(f"/api/v1/rooms/{scene.room.pk}/messages/", sent, format="json") for _ in range(2))
    assert (first.status_code, first.json()) == (201, again.json())
    assert first.json()["html"] == "<p><strong>Two</strong> pumps</p>"
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"body": ""},
        {"body": "x" * 10_001},
        {"body": ["x"]},
        {"body": "x", "client_id": "ä"},
        {"body": "x", "reply_to": 0},
    ],
)
def test_malformed_messages_are_400(scene, sent):
    assert api(scene.luca).post(f"/api/v1/rooms/{scene.room.pk}/messages/", sent, format="json").status_code == 400


@pytest.mark.parametrize(("body", "status"), [("   ", 409), ("\\ud800", 400), ("\\u0000", 400)])
def test_odd_characters_are_no_error_of_ours(scene, body, status):
    sent = f'{{"body": "{body}"}}'
    answer = api(scene.luca).post(f"/api/v1/rooms/{scene.room.pk}/messages/", sent, content_type="application/json")
    assert answer.status_code == status


def test_a_flood_is_429_with_the_time_to_wait(scene, monkeypatch):
    monkeypatch.setattr("chat.actions.messages.FLOOD", ((1, 10),))
    say(scene.luca, scene.room)
    answer = api(scene.luca).post(f"/api/v1/rooms/{scene.room.pk}/messages/", {"body": "x"}, format="json")
    assert (answer.status_code, "Retry-After" in answer) == (429, True)


def test_the_other_side_and_strangers_get_the_404_of_a_missing_room(scene):
    for who, room in ((scene.marta, scene.side), (scene.eva, scene.room)):
        client = api(who)
        for path in ("", "messages/"):
            theirs, missing = (client.get(f"/api/v1/rooms/{pk}/{path}") for pk in (room.pk, 999_999))
            assert theirs.status_code == missing.status_code == 404
            assert theirs.json() == missing.json()
        for path, sent in (("messages/", {"body": "x"}), ("read/", {"id": 1})):
            assert client.post(f"/api/v1/rooms/{room.pk}/{path}", sent, format="json").status_code == 404
    assert not Message.objects.exists()


def test_a_reader_reads_and_does_not_write(scene):
    say(scene.luca, scene.room)
    client = api(member_of(scene.vendor))
    assert client.get(f"/api/v1/rooms/{scene.room.pk}/messages/").status_code == 200
    answer = client.post(f"/api/v1/rooms/{scene.room.pk}/messages/", {"body": "x"}, format="json")
    assert answer.status_code == 403
    assert "Write in rooms" in answer.json()["detail"]


def test_without_a_key_there_is_nothing(scene):
    assert Client().get(f"/api/v1/rooms/{scene.room.pk}/").status_code == 401


def test_reading_is_noted(scene):
    say(scene.luca, scene.room)
    assert api(scene.marta).post(f"/api/v1/rooms/{scene.room.pk}/read/", {"id": 1}, format="json").status_code == 204
    assert ReadMark.objects.get(membership=scene.marta).last_seq == 1


def test_query_counts_do_not_grow(scene):
    client = api(scene.marta)
    client.get("/api/v1/rooms/")
    for url in ("/api/v1/rooms/", f"/api/v1/rooms/{scene.room.pk}/messages/"):
        counts = []
        for _ in range(2):
            for _ in range(3):
                other = member_of(scene.vendor, "chat.post")
                say(scene.marta, actions.start_direct(actor=acting(scene.marta), member=other))
                say(scene.luca, scene.room)
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            counts.append(len(queries))
        assert counts[0] == counts[1]
