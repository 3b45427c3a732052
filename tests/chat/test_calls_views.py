"""The window of a call and its acts by HTTP."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from chat import actions
from chat.models import Call, Participant
from tests.chat.factories import acting, member_of, talk
from tests.chat.test_views import JSON, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def it():
    return talk()


def start(it):
    return actions.start_call(actor=acting(it.luca), room=it.room).call


def test_from_the_lobby_into_the_call_and_out(it):
    luca, marta = client_of(it.luca), client_of(it.marta)
    lobby = luca.get(f"/rooms/{it.room.pk}/call/")
    assert "Start the call" in lobby.content.decode()
    assert "Marta Riva" in lobby.content.decode()
    seat = luca.post(f"/rooms/{it.room.pk}/call/start/", {"ring": [it.marta.pk]}, **JSON).json()
    assert seat["url"] == f"/calls/{seat['call']}/"
    assert seat["ice"] == []
    assert marta.get(f"/rooms/{it.room.pk}/call/").url == seat["url"]
    assert "Join the call" in marta.get(seat["url"]).content.decode()
    theirs = marta.post(f"{seat['url']}join/", **JSON).json()
    assert theirs["tab"] != seat["tab"]
    assert "Luca Conti and Marta Riva talk" in marta.get(f"/rooms/{it.room.pk}/call/bar/").content.decode()
    for client, one in ((luca, seat), (marta, theirs)):
        assert client.post(f"{seat['url']}leave/", {"tab": one["tab"]}, **JSON).status_code == 200
    assert "This call is over" in marta.get(seat["url"]).content.decode()


def test_the_room_shows_who_talks_and_the_way_in(it):
    page = client_of(it.marta).get(f"/rooms/{it.room.pk}/").content.decode()
    assert "data-call-open" in page
    assert 'call-bar"' not in page
    call = start(it)
    page = client_of(it.marta).get(f"/rooms/{it.room.pk}/").content.decode()
    assert "Luca Conti is in a call" in page
    assert f'href="/calls/{call.pk}/"' in page
    assert "You are in it" in client_of(it.luca).get(f"/rooms/{it.room.pk}/").content.decode()


def test_a_broken_rule_is_a_sentence(it):
    call = start(it)
    other = actions.start_direct(actor=acting(it.luca), member=it.marta)
    refused = client_of(it.luca).post(f"/rooms/{other.pk}/call/start/", **JSON)
    assert (refused.status_code, refused.json()["code"]) == (422, "busy")
    actions.leave_call(actor=acting(it.luca), call=call)
    assert "over" in client_of(it.marta).post(f"/calls/{call.pk}/join/", **JSON).json()["error"]


@pytest.mark.parametrize("ring", ["x", "-1", "9" * 30, "1;2", "٣"])
def test_hostile_members_ring_nobody(it, ring):
    refused = client_of(it.luca).post(f"/rooms/{it.room.pk}/call/start/", {"ring": ring}, **JSON)
    assert refused.status_code == 422
    assert not Call.objects.exists()


def test_a_reader_sees_why_they_cannot_join(it):
    reader = client_of(member_of(it.partner, "partnerships.view"))
    call = start(it)
    page = reader.get(f"/calls/{call.pk}/").content.decode()
    assert "Write in rooms" in page
    assert "data-lobby-form" not in page
    assert reader.post(f"/calls/{call.pk}/join/", **JSON).status_code == 403
    assert "data-call-open" not in reader.get(f"/rooms/{it.room.pk}/").content.decode()


@pytest.mark.parametrize("path", ["", "join/", "leave/", "decline/", "ring/"])
def test_a_stranger_gets_the_404_of_a_missing_call(it, path):
    call, eva = start(it), client_of(it.eva)
    ask = eva.post if path else eva.get
    assert ask(f"/calls/{call.pk}/{path}").status_code == ask(f"/calls/999999/{path}").status_code == 404


@pytest.mark.parametrize("path", ["join/", "leave/", "decline/", "ring/"])
def test_acts_are_posted(it, path):
    assert client_of(it.luca).get(f"/calls/{start(it).pk}/{path}").status_code == 405


def test_only_the_window_of_a_call_may_ask_for_microphone_camera_and_screen(it):
    luca, call = client_of(it.luca), start(it)
    policy = luca.get(f"/calls/{call.pk}/")["Permissions-Policy"]
    for device in ("microphone", "camera", "display-capture"):
        assert f"{device}=(self)" in policy
        for page in ("/", f"/rooms/{it.room.pk}/", f"/rooms/{it.room.pk}/call/bar/"):
            assert f"{device}=()" in luca.get(page)["Permissions-Policy"]


def test_the_line_above_the_room_costs_the_same_for_one_and_for_three(it):
    call, client = start(it), client_of(it.luca)

    def cost():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(f"/rooms/{it.room.pk}/call/bar/")
        return len(queries)

    cost()
    one = cost()
    for _n in range(2):
        other = member_of(it.partner, "chat.post")
        Participant.objects.create(call=call, membership=other, state="joined", joined_at=now(), seen_at=now())
    assert cost() == one
