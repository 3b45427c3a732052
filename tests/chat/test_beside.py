"""Beside a room: threads, pins, saved messages, quiet, former texts, who has read."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404

from chat import actions, badges
from chat.actions import messages as messages_module
from chat.actions import own, pins
from chat.models import Attachment, Bookmark, Hold, Message, Pin, ReadMark, Revision, Room, TalkPolicy
from core.errors import DomainError
from tests.chat.factories import acting, member_of, talk
from tests.chat.test_files import PNG
from tests.chat.test_views import JSON, client_of, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return talk()


@pytest.fixture(autouse=True)
def no_flood_limit(monkeypatch):
    monkeypatch.setattr(messages_module, "FLOOD", ((10_000, 60),))


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


# Threads --------------------------------------------------------------------------------------------------------------


def test_answers_and_answers_to_answers_are_counted_under_the_first(scene):
    root = say(scene.luca, scene.room, "Which drive?")
    first = say(scene.marta, scene.room, "The small one", reply_to=root.seq)
    second = say(scene.luca, scene.room, "Sure?", reply_to=first.seq)
    root.refresh_from_db()
    assert (first.root_id, second.root_id, root.answers) == (root.pk, root.pk, 2)
    assert [first.seq, second.seq] == [2, 3]
    actions.delete_message(actor=acting(scene.marta), message=first)
    root.refresh_from_db()
    assert root.answers == 1


def test_the_thread_shows_what_answers_and_nothing_else(scene):
    root = say(scene.luca, scene.room, "Which drive?")
    say(scene.marta, scene.room, "Something else")
    answer = say(scene.marta, scene.room, "The small one", reply_to=root.seq)
    for seq in (root.seq, answer.seq):
        text = text_of(client_of(scene.luca).get(f"/rooms/{scene.room.pk}/m/{seq}/thread/"))
        assert "The small one" in text
        assert "Something else" not in text
        assert 'id="t-1"' in text
    assert "1 answer" in text_of(client_of(scene.luca).get(f"/rooms/{scene.room.pk}/"))


def test_an_answer_to_what_is_not_in_the_room_stands_alone(scene):
    say(scene.luca, scene.side, "aside")
    assert say(scene.luca, scene.room, "x", reply_to=77).root_id is None


def test_the_thread_of_a_side_thread_is_missing_for_the_other_side(scene):
    root = say(scene.luca, scene.side, "our margin")
    say(scene.luca, scene.side, "is 31 %", reply_to=root.seq)
    for page in ("thread", "about"):
        answer = client_of(scene.marta).get(f"/rooms/{scene.side.pk}/m/1/{page}/")
        assert answer.status_code == 404
    assert "31 %" not in text_of(client_of(scene.marta).get(f"/rooms/{scene.room.pk}/"))


def test_a_thread_costs_the_same_with_many_answers(scene, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    root = say(scene.luca, scene.room, "Which drive?")
    client, url = client_of(scene.luca), f"/rooms/{scene.room.pk}/m/1/thread/"
    say(scene.marta, scene.room, "1", reply_to=root.seq)
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for n in range(3):
        say(scene.marta, scene.room, str(n), reply_to=root.seq)
    with django_assert_num_queries(len(one)):
        client.get(url)


# Pins -----------------------------------------------------------------------------------------------------------------


def test_a_pin_is_seen_by_everybody_and_let_go_again(scene):
    message = say(scene.luca, scene.room, "Eight weeks")
    url = f"/rooms/{scene.room.pk}/m/{message.seq}/pin/"
    answer = client_of(scene.marta).post(url, {"pinned": "1"}, **JSON)
    assert "data-pinned" in answer.json()["html"]
    assert "Eight weeks" in text_of(client_of(scene.luca).get(f"/rooms/{scene.room.pk}/pins/"))
    client_of(scene.luca).post(url, {"pinned": "0"})
    assert not Pin.objects.exists()


def test_pinning_twice_is_harmless_and_strangers_find_nothing(scene):
    message = say(scene.luca, scene.room)
    for _ in range(2):
        actions.pin_message(actor=acting(scene.luca), message=message, pinned=True)
    assert Pin.objects.count() == 1
    with pytest.raises(Http404):
        actions.pin_message(actor=acting(scene.eva), message=message, pinned=False)
    with pytest.raises(PermissionDenied):
        actions.pin_message(actor=acting(member_of(scene.vendor)), message=message, pinned=False)


def test_a_room_may_leave_pinning_to_who_manages_it(scene):
    Room.objects.filter(pk=scene.room.pk).update(pinning="managers")
    message = say(scene.luca, scene.room)
    with pytest.raises(PermissionDenied):
        actions.pin_message(actor=acting(member_of(scene.vendor, "chat.post")), message=message, pinned=True)
    assert actions.pin_message(actor=acting(scene.luca), message=message, pinned=True)


def test_there_is_an_end_to_pins_and_deleted_messages_lose_theirs(scene, monkeypatch):
    monkeypatch.setattr(pins, "MAX_PINS", 1)
    first, second = say(scene.luca, scene.room, "1"), say(scene.luca, scene.room, "2")
    actions.pin_message(actor=acting(scene.luca), message=first, pinned=True)
    with pytest.raises(DomainError, match="1 pinned"):
        actions.pin_message(actor=acting(scene.luca), message=second, pinned=True)
    actions.delete_message(actor=acting(scene.luca), message=first)
    assert not Pin.objects.exists()
    with pytest.raises(DomainError, match="nothing here"):
        actions.pin_message(actor=acting(scene.luca), message=first, pinned=True)


def test_pins_of_a_side_thread_are_not_counted_in_the_shared_room(scene):
    actions.pin_message(actor=acting(scene.luca), message=say(scene.luca, scene.side, "31 %"), pinned=True)
    text = text_of(client_of(scene.marta).get(f"/rooms/{scene.room.pk}/pins/"))
    assert "31 %" not in text
    assert "Nothing is pinned" in text


# Saved ----------------------------------------------------------------------------------------------------------------


def test_saved_messages_are_ones_own(scene):
    say(scene.luca, scene.room, "Eight weeks")
    url = f"/rooms/{scene.room.pk}/m/1/save/"
    assert client_of(scene.marta).post(url, {"saved": "1"}, **JSON).json()["saved"] is True
    assert client_of(scene.marta).post(url, {"saved": "1"}, **JSON).json()["saved"] is True
    assert "Eight weeks" in text_of(client_of(scene.marta).get("/rooms/saved/"))
    assert "Eight weeks" not in text_of(client_of(scene.luca).get("/rooms/saved/"))
    assert 'data-saved-here="1"' in text_of(client_of(scene.marta).get(f"/rooms/{scene.room.pk}/"))
    assert client_of(scene.marta).post(url, {"saved": "0"}, **JSON).json()["saved"] is False
    assert not Bookmark.objects.exists()


def test_who_lost_the_room_finds_what_they_saved_no_more(scene):
    message = say(scene.luca, scene.room, "Eight weeks")
    actions.save_message(actor=acting(scene.marta), message=message, saved=True)
    scene.room.seats.filter(organisation=scene.partner).delete()
    assert "Eight weeks" not in text_of(client_of(scene.marta).get("/rooms/saved/"))


def test_saved_messages_come_in_pages_and_have_an_end(scene, monkeypatch):
    monkeypatch.setattr("chat.beside.SAVED", 2)
    monkeypatch.setattr(own, "MAX_BOOKMARKS", 3)
    for n in range(3):
        message = say(scene.luca, scene.room, f"number {n}")
        actions.save_message(actor=acting(scene.marta), message=message, saved=True)
    text = text_of(client_of(scene.marta).get("/rooms/saved/"))
    assert "number 2" in text
    assert "number 0" not in text
    before = text.split("?before=")[1].split('"')[0]
    assert "number 0" in text_of(client_of(scene.marta).get(f"/rooms/saved/?before={before}"))
    for odd in ("x", "-1", "9" * 40, "٣"):
        assert client_of(scene.marta).get(f"/rooms/saved/?before={odd}").status_code == 200
    with pytest.raises(DomainError, match="3 messages"):
        actions.save_message(actor=acting(scene.marta), message=say(scene.luca, scene.room), saved=True)


# Quiet ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("until", ["hour", "tomorrow", "always"])
def test_a_quiet_room_counts_in_no_badge(scene, until):
    say(scene.luca, scene.room)
    client_of(scene.marta).post(f"/rooms/{scene.room.pk}/mute/", {"until": until})
    assert badges.unread_rooms(acting(scene.marta)) == 0
    assert badges.load(acting(scene.marta)).count == 0
    assert "Quiet" in text_of(client_of(scene.marta).get("/rooms/"))
    client_of(scene.marta).post(f"/rooms/{scene.room.pk}/mute/", {"until": "no"})
    assert badges.unread_rooms(acting(scene.marta)) == 1


def test_a_quiet_room_quiets_its_side_thread_and_no_other(scene):
    actions.mute(actor=acting(scene.marta), room=scene.room, until="always")
    rooms = set(
        ReadMark.objects.filter(membership=scene.marta).exclude(muted_until=None).values_list("room", flat=True)
    )
    assert rooms == {scene.room.pk, scene.room.sides.get(organisation=scene.partner).pk}
    with pytest.raises(DomainError):
        actions.mute(actor=acting(scene.marta), room=scene.room, until="soon")
    with pytest.raises(Http404):
        actions.mute(actor=acting(scene.eva), room=scene.room, until="always")


# Former texts and readers ---------------------------------------------------------------------------------------------


def test_former_texts_are_kept_shown_and_go_with_the_message(scene):
    message = say(scene.luca, scene.room, "Six weeks")
    actions.edit_message(actor=acting(scene.luca), message=message, body="Eight weeks")
    actions.edit_message(actor=acting(scene.luca), message=message, body="Nine weeks")
    text = text_of(client_of(scene.marta).get(f"/rooms/{scene.room.pk}/m/1/about/"))
    assert text.index("Nine weeks") < text.index("Eight weeks") < text.index("Six weeks")
    actions.delete_message(actor=acting(scene.luca), message=message)
    assert not Revision.objects.exists()
    assert "Six weeks" not in text_of(client_of(scene.marta).get(f"/rooms/{scene.room.pk}/m/1/about/"))


def test_a_message_is_not_changed_for_ever(scene, monkeypatch):
    monkeypatch.setattr(messages_module, "MAX_EDITS", 1)
    message = say(scene.luca, scene.room, "1")
    actions.edit_message(actor=acting(scene.luca), message=message, body="2")
    with pytest.raises(DomainError, match="1 times"):
        actions.edit_message(actor=acting(scene.luca), message=message, body="3")


def readers(who, room):
    text = text_of(client_of(who).get(f"/rooms/{room.pk}/m/1/about/"))
    return text[text.index("Has been read by") : text.index("</section>")]


def test_who_has_read_up_to_here(scene):
    say(scene.luca, scene.room)
    assert "Marta Riva" not in readers(scene.luca, scene.room)
    actions.mark_read(actor=acting(scene.marta), room=scene.room, seq=1)
    assert "Marta Riva" in readers(scene.luca, scene.room)
    assert "Luca Conti" not in readers(scene.luca, scene.room)


def test_an_organisation_may_keep_to_itself_what_its_people_read(scene):
    say(scene.luca, scene.room)
    colleague = member_of(scene.partner, "chat.post", name="Pia Longo")
    for who in (scene.marta, colleague):
        actions.mark_read(actor=acting(who), room=scene.room, seq=1)
    TalkPolicy.objects.create(organisation=scene.partner, receipts=False)
    assert "Marta Riva" not in readers(scene.luca, scene.room)
    assert "does not tell" in readers(scene.luca, scene.room)
    assert "Marta Riva" in readers(colleague, scene.room)
    say(scene.marta, scene.room)
    actions.mark_read(actor=acting(scene.luca), room=scene.room, seq=2)
    text = text_of(client_of(scene.marta).get(f"/rooms/{scene.room.pk}/m/2/about/"))
    assert "Luca Conti" not in text[text.index("Has been read by") :]


# Under a legal hold ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("whose", ["vendor", "partner"])
def test_under_a_hold_what_is_deleted_is_out_of_sight_and_kept(scene, whose, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    Hold.objects.create(organisation=getattr(scene, whose), reason="Case 12")
    files = [SimpleUploadedFile("plan.png", PNG)]
    message = actions.post_message(actor=acting(scene.luca), room=scene.room, body="our margin", files=files)
    actions.delete_message(actor=acting(scene.luca), message=message)
    assert [each.body for each in Revision.objects.all()] == ["our margin"]
    kept = Attachment.objects.get()
    assert kept.file.storage.exists(kept.file.name)
    for who in (scene.luca, scene.marta):
        assert client_of(who).get(kept.get_absolute_url()).status_code == 404
        assert "our margin" not in text_of(client_of(who).get(f"/rooms/{scene.room.pk}/m/1/about/"))
        assert "plan.png" not in text_of(client_of(who).get(f"/rooms/{scene.room.pk}/"))
    shown = Message.objects.visible_to(acting(scene.luca)).for_display().get(seq=1)
    assert not list(shown.attachments.all())


def test_a_hold_of_one_side_does_not_reach_the_other_sides_thread(scene):
    Hold.objects.create(organisation=scene.vendor, reason="Case 12", room=scene.room)
    theirs = scene.room.sides.get(organisation=scene.partner)
    for who, room in ((scene.marta, theirs), (scene.luca, scene.side)):
        actions.delete_message(actor=acting(who), message=say(who, room, "aside"))
    assert [each.message.room_id for each in Revision.objects.all()] == [scene.side.pk]
