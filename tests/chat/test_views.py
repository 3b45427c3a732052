"""Rooms by HTTP: works, side thread, colleague, stranger, wrong method, query counts."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from chat import actions
from chat.models import Message, ReadMark, Room
from tests.chat.factories import acting, member_of, talk
from tests.chat.test_files import PNG

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json, text/html"}


def client_of(membership):
    client = Client()
    client.force_login(membership.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def say(membership, room, body="Hello", **extra):
    return actions.post_message(actor=acting(membership), room=room, body=body, **extra)


@pytest.fixture
def scene():
    return talk()


def test_the_list_shows_rooms_with_what_is_unread(scene):
    say(scene.luca, scene.room, "Is the 7 % for the pumps alone?")
    page = client_of(scene.marta).get("/rooms/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "Pumping station" in text
    assert "Luca Conti: Is the 7 % for the pumps alone?" in text
    assert '<span class="badge-count">1</span>' in text
    assert "Pumping station" not in client_of(scene.eva).get("/rooms/").content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("only=unread", True),
        ("only=direct", False),
        ("only=group", True),
        ("only=x", True),
        ("q=pump", True),
        ("q=zz", False),
    ],
)
def test_the_list_narrows(scene, query, found):
    say(scene.luca, scene.room)
    page = client_of(scene.marta).get(f"/rooms/?{query}", headers={"HX-Request": "true"})
    assert ("Pumping station" in page.content.decode()) is bool(found)
    assert "<html" not in page.content.decode()
    assert "HX-Request" in page["Vary"]


def test_the_room_shows_what_was_said_and_what_is_new(scene):
    say(scene.luca, scene.room, "first")
    actions.mark_read(actor=acting(scene.marta), room=scene.room, seq=1)
    say(scene.luca, scene.room, "<b>second</b>")
    text = client_of(scene.marta).get(f"/rooms/{scene.room.pk}/").content.decode()
    log = text[text.index("data-log") :]
    assert log.index("first") < log.index('class="new"') < log.index("&lt;b&gt;second")
    assert f'data-topic="room.{scene.room.pk}"' in text
    assert 'data-last="2"' in text
    assert "Everyone" in text
    assert f"Only {scene.partner}" in text


def test_the_side_thread_has_a_page_for_its_side_and_none_for_the_other(scene):
    say(scene.luca, scene.side, "our margin is 31 %")
    assert "31 %" in client_of(scene.luca).get(f"/rooms/{scene.side.pk}/").content.decode()
    marta = client_of(scene.marta)
    for url in (
        "",
        "sheet/",
        "earlier/",
        "people/",
        "seats/",
        "post/",
        "read/",
        "m/1/edit/",
        "m/1/delete/",
        "m/1/react/",
    ):
        method = marta.get if url in {"", "sheet/", "earlier/", "people/", "seats/"} else marta.post
        theirs, missing = method(f"/rooms/{scene.side.pk}/{url}"), method(f"/rooms/999999/{url}")
        assert theirs.status_code == missing.status_code == 404, url
    for page in (f"/rooms/{scene.room.pk}/", "/rooms/", "/rooms/?only=unread", "/rooms/?q=margin"):
        text = marta.get(page).content.decode()
        assert "31 %" not in text
        assert '<span class="badge-count">' not in text
        assert str(scene.side.topic) not in text


def test_a_stranger_gets_the_404_of_a_missing_room(scene):
    message = say(scene.luca, scene.room)
    eva = client_of(scene.eva)
    for url in ("", "sheet/", "earlier/", "people/", "seats/"):
        assert eva.get(f"/rooms/{scene.room.pk}/{url}").status_code == 404
    for url in ("post/", "read/", "rename/", "seats/add/", f"m/{message.seq}/edit/", f"m/{message.seq}/delete/"):
        assert eva.post(f"/rooms/{scene.room.pk}/{url}", {"body": "x", "seq": 1, "title": "x"}).status_code == 404
    message.refresh_from_db()
    assert message.body == "Hello"


def test_strangers_to_the_portal_are_led_to_the_sign_in(scene):
    for url in ("/rooms/", f"/rooms/{scene.room.pk}/", "/rooms/direct/", "/rooms/new/"):
        assert Client().get(url).status_code == 302


def test_a_reader_reads_and_cannot_write(scene):
    reader = client_of(member_of(scene.vendor))
    page = reader.get(f"/rooms/{scene.room.pk}/")
    assert page.status_code == 200
    assert "data-composer" not in page.content.decode()
    assert "Your role does not allow" in page.content.decode()
    answer = reader.post(f"/rooms/{scene.room.pk}/post/", {"body": "x"}, **JSON)
    assert answer.status_code == 403
    assert reader.get("/rooms/direct/").status_code == 403
    assert reader.get("/rooms/new/").status_code == 403


def test_posting_answers_with_the_message_and_a_repetition_with_the_same(scene):
    client = client_of(scene.luca)
    fields = {"body": "**Two** pumps", "client_id": "abc-1"}
    first, again = (client.post(f"/rooms/{scene.room.pk}/post/", fields, **JSON) for _ in range(2))
    assert first.status_code == 200
    assert first.json() == again.json()
    assert first.json()["id"] == 1
    assert "<strong>Two</strong>" in first.json()["html"]
    assert Message.objects.count() == 1


def test_posting_without_script_leads_back_to_the_message(scene):
    answer = client_of(scene.luca).post(f"/rooms/{scene.room.pk}/post/", {"body": "Hello"})
    assert answer.url == f"/rooms/{scene.room.pk}/?at=1#m-1"


def test_files_and_answers_travel_with_the_message(scene):
    say(scene.marta, scene.room, "Which drive?")
    answer = client_of(scene.luca).post(
        f"/rooms/{scene.room.pk}/post/",
        {"body": "This one", "reply_to": 1, "files": [SimpleUploadedFile("drive.png", PNG)]},
        **JSON,
    )
    html = answer.json()["html"]
    assert "Which drive?" in html
    assert 'alt="drive.png"' in html


@pytest.mark.parametrize(
    ("fields", "status", "sentence"),
    [
        ({"body": ""}, 422, "empty"),
        ({"body": "x" * 10_001}, 422, "10001 characters"),
        ({"body": "x" * 1_000_000}, 422, "1000000 characters"),
        ({"body": "x", "client_id": "<script>"}, 422, "valid"),
        ({"body": "x", "reply_to": "-1"}, 422, "greater"),
        ({"body": "x\0"}, 422, "Null"),
    ],
)
def test_what_cannot_be_sent_says_why(scene, fields, status, sentence):
    answer = client_of(scene.luca).post(f"/rooms/{scene.room.pk}/post/", fields, **JSON)
    assert answer.status_code == status
    assert sentence in answer.json()["error"]
    assert not Message.objects.exists()


def test_a_file_that_lies_is_refused_by_name(scene):
    files = [SimpleUploadedFile("plan.png", b"MZ" + b"\0" * 100)]
    answer = client_of(scene.luca).post(f"/rooms/{scene.room.pk}/post/", {"body": "x", "files": files}, **JSON)
    assert answer.status_code == 422
    assert "plan.png" in answer.json()["error"]


def test_a_flood_is_answered_with_429(scene, monkeypatch):
    monkeypatch.setattr("chat.actions.messages.FLOOD", ((1, 10),))
    client = client_of(scene.luca)
    client.post(f"/rooms/{scene.room.pk}/post/", {"body": "1"}, **JSON)
    answer = client.post(f"/rooms/{scene.room.pk}/post/", {"body": "2"}, **JSON)
    assert (answer.status_code, answer.json()["code"]) == (429, "flood")


def test_only_the_author_changes_and_takes_back(scene):
    say(scene.luca, scene.room, "frist")
    luca, marta = client_of(scene.luca), client_of(scene.marta)
    base = f"/rooms/{scene.room.pk}/m/1/"
    assert marta.post(f"{base}edit/", {"body": "mine"}, **JSON).status_code == 403
    assert marta.post(f"{base}delete/", **JSON).status_code == 403
    assert "first" in luca.post(f"{base}edit/", {"body": "first"}, **JSON).json()["html"]
    assert "Agreed: " in marta.post(f"{base}react/", {"sign": "thumbs-up"}, **JSON).json()["html"]
    assert marta.post(f"{base}react/", {"sign": "x"}, **JSON).status_code == 422
    assert "was deleted" in luca.post(f"{base}delete/", **JSON).json()["html"]
    assert luca.get(f"{base}edit/").status_code == 405


def test_reading_moves_the_mark(scene):
    say(scene.luca, scene.room)
    client = client_of(scene.marta)
    assert client.post(f"/rooms/{scene.room.pk}/read/", {"seq": "1"}).status_code == 204
    assert ReadMark.objects.get(membership=scene.marta).last_seq == 1
    for seq in ("", "x", "-1", "9" * 50):
        assert client.post(f"/rooms/{scene.room.pk}/read/", {"seq": seq}).status_code == 204


def test_earlier_messages_come_in_pages_and_a_link_opens_in_the_middle(scene):
    fill(scene.room, scene.luca, 130)
    client = client_of(scene.marta)
    text = client.get(f"/rooms/{scene.room.pk}/").content.decode()
    assert 'id="m-81"' in text
    assert 'id="m-80"' not in text
    assert "before=81" in text
    page = client.get(f"/rooms/{scene.room.pk}/earlier/?before=81").content.decode()
    assert ('id="m-31"' in page, 'id="m-81"' in page, "before=31" in page) == (True, False, True)
    last = client.get(f"/rooms/{scene.room.pk}/earlier/?before=31").content.decode()
    assert ('id="m-1"' in last, "data-older" in last) == (True, False)
    middle = client.get(f"/rooms/{scene.room.pk}/?at=40").content.decode()
    assert ('id="m-40"' in middle, 'id="m-130"' in middle, "data-newer" in middle) == (True, False, True)


def fill(room, membership, count):
    Message.objects.bulk_create(
        Message(
            room=room, seq=n, said=n, membership=membership, author=membership.user,
            organisation=membership.organisation, body=f"m{n}", html=f"<p>m{n}</p>", created=now(),
        )
        for n in range(1, count + 1)
    )  # fmt: skip
    Room.objects.filter(pk=room.pk).update(last_seq=count, said=count, last_said=count)


@pytest.mark.parametrize("url", ["/rooms/", "/rooms/{}/", "/rooms/{}/earlier/?before=99"])
def test_query_counts_do_not_grow(scene, url):
    client = client_of(scene.marta)
    client.get("/rooms/")  # the first request of a session notes the browser
    counts = []
    for _round in range(2):
        for who in (scene.luca, scene.marta, scene.luca):
            message = say(who, scene.room, "x", files=[SimpleUploadedFile("a.png", PNG)], reply_to=1)
            actions.react(actor=acting(scene.marta), message=message, sign="thumbs-up")
            other = member_of(scene.vendor, "chat.post", "chat.manage")
            say(scene.marta, actions.start_direct(actor=acting(scene.marta), member=other))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(url.format(scene.room.pk)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_writing_to_somebody_in_reach_and_not_beyond(scene):
    client = client_of(scene.marta)
    text = client.get("/rooms/direct/").content.decode()
    assert "Luca Conti" in text
    assert "Eva Stahl" not in text
    assert "Eva Stahl" not in client.get("/rooms/direct/?q=Eva").content.decode()
    answer = client.post("/rooms/direct/", {"member": scene.luca.pk})
    room = Room.objects.get(kind="direct")
    assert answer.url == f"/rooms/{room.pk}/"
    assert client.post("/rooms/direct/", {"member": scene.eva.pk}).status_code == 422
    assert client.post("/rooms/direct/", {"member": 999_999}).status_code == 422
    assert client_of(member_of(scene.vendor, "chat.post")).get(f"/rooms/{room.pk}/").status_code == 404


def test_opening_rooms_seating_and_renaming(scene):
    client = client_of(scene.luca)
    assert client.get("/rooms/new/").status_code == 200
    assert client.post("/rooms/new/", {"title": "Fair"}).status_code == 422
    assert client.post("/rooms/new/", {"title": "Fair", "members": [scene.eva.pk]}).status_code == 302
    room = Room.objects.get(title="Fair", kind="group")
    assert client.post(f"/rooms/{room.pk}/seats/add/", {"member": scene.marta.pk}).status_code == 302
    assert room.seats.count() == 3
    assert client.get(f"/rooms/{room.pk}/seats/").status_code == 200
    client.post(f"/rooms/{room.pk}/rename/", {"title": "Fair 2027"})
    room.refresh_from_db()
    assert room.title == "Fair 2027"
    seat = room.seats.get(membership=scene.marta)
    client.post(f"/rooms/{room.pk}/seats/{seat.pk}/remove/")
    assert client_of(scene.marta).get(f"/rooms/{room.pk}/").status_code == 404
    assert client.post("/rooms/new/", {"title": "Ours", "organisation": scene.partner.pk}).status_code == 302
    assert Room.objects.get(title="Ours", kind="partnership").party_ids() == {scene.vendor.pk, scene.partner.pk}


def test_seats_of_another_room_cannot_be_taken(scene):
    other = actions.open_group(actor=acting(scene.luca), title="Fair", members=[scene.marta])
    seat = other.seats.first()
    assert client_of(scene.luca).post(f"/rooms/{scene.room.pk}/seats/{seat.pk}/remove/").status_code == 404


def test_people_of_a_room_can_be_mentioned_and_nobody_else(scene):
    people = client_of(scene.luca).get(f"/rooms/{scene.room.pk}/people/").json()["people"]
    assert [each["name"] for each in people] == ["Luca Conti", "Marta Riva"]
    ours = client_of(scene.luca).get(f"/rooms/{scene.side.pk}/people/").json()["people"]
    assert [each["name"] for each in ours] == ["Luca Conti"]
    assert "Marta" not in json.dumps(ours)
