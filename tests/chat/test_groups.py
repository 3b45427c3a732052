"""Open rooms, joining and leaving, settings, archive."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from chat import actions
from chat.models import Room, TalkPolicy
from core.errors import DomainError
from core.models import TrailEntry
from partners.models import Partnership
from tests.chat.factories import acting, member_of, talk
from tests.chat.test_views import client_of, say

pytestmark = pytest.mark.django_db
PLAIN = {"purpose": "", "history": "all", "pinning": "everyone"}


@pytest.fixture
def scene():
    return talk()


@pytest.fixture
def fair(scene):
    """A group of Luca that is open to both organisations."""
    room = actions.open_group(actor=acting(scene.luca), title="Fair", members=[], purpose="The stand in hall 22")
    both = [scene.vendor, scene.partner]
    return actions.settle_room(actor=acting(scene.luca), room=room, **{**PLAIN, "purpose": "Hall 22"}, open_to=both)


def test_an_open_room_is_found_and_joined_and_no_other(scene, fair):
    marta = client_of(scene.marta)
    text = marta.get("/rooms/browse/").content.decode()
    assert "Hall 22" in text
    assert "Pumping station" not in text
    assert marta.get(f"/rooms/{fair.pk}/").status_code == 404
    assert marta.post(f"/rooms/{fair.pk}/join/").url == f"/rooms/{fair.pk}/"
    assert marta.get(f"/rooms/{fair.pk}/").status_code == 200
    assert marta.post(f"/rooms/{fair.pk}/join/").status_code == 302
    assert fair.seats.count() == 2


def test_the_list_narrows_and_says_when_nothing_fits(scene, fair):
    marta = client_of(scene.marta)
    assert "Hall 22" in marta.get("/rooms/browse/?q=hall").content.decode()
    text = marta.get("/rooms/browse/?q=zz").content.decode()
    assert "No open room fits" in text


def test_a_room_of_others_is_missing_for_whom_it_is_not_open(scene, fair):
    eva = client_of(scene.eva)
    assert "Hall 22" not in eva.get("/rooms/browse/").content.decode()
    with pytest.raises(Http404):
        actions.join_room(actor=acting(scene.eva), room=fair)
    with pytest.raises(Http404):
        actions.join_room(actor=acting(scene.marta), room=scene.room)


def test_a_room_can_be_opened_to_partners_alone(scene, fair):
    with pytest.raises(DomainError, match="active partners"):
        actions.settle_room(actor=acting(scene.luca), room=fair, **PLAIN, open_to=[talk().vendor])


def test_when_the_partnership_ends_the_door_closes(scene, fair):
    Partnership.objects.filter(vendor=scene.vendor, partner=scene.partner).update(state="ended")
    with pytest.raises(Http404):
        actions.join_room(actor=acting(scene.marta), room=fair)


def test_whom_their_organisation_keeps_out_finds_no_door(scene, fair):
    TalkPolicy.objects.create(organisation=scene.partner, seats="chosen")
    assert "Hall 22" not in client_of(scene.marta).get("/rooms/browse/").content.decode()


def test_who_only_reads_cannot_join(scene, fair):
    with pytest.raises(PermissionDenied):
        actions.join_room(actor=acting(member_of(scene.partner)), room=fair)


def test_leaving_and_the_last_one_stays(scene, fair):
    actions.join_room(actor=acting(scene.marta), room=fair)
    client_of(scene.marta).post(f"/rooms/{fair.pk}/leave/")
    assert not Room.objects.visible_to(acting(scene.marta)).filter(pk=fair.pk).exists()
    with pytest.raises(DomainError, match="last one"):
        actions.leave_room(actor=acting(scene.luca), room=fair)
    with pytest.raises(PermissionDenied, match="quiet"):
        actions.leave_room(actor=acting(scene.luca), room=scene.room)


def test_who_joins_sees_what_the_room_shows_to_newcomers(scene, fair):
    say(scene.luca, fair, "before")
    actions.settle_room(actor=acting(scene.luca), room=fair, purpose="", history="joining", pinning="everyone",
                        open_to=[scene.partner])  # fmt: skip
    actions.join_room(actor=acting(scene.marta), room=fair)
    say(scene.luca, fair, "after")
    text = client_of(scene.marta).get(f"/rooms/{fair.pk}/").content.decode()
    assert "after" in text
    assert "before" not in text[text.index("data-log") :]
    for page in (f"/rooms/{fair.pk}/earlier/?before=99", f"/rooms/{fair.pk}/?at=1", f"/rooms/{fair.pk}/sheet/?at=1"):
        assert "<p>before</p>" not in client_of(scene.marta).get(page).content.decode()
    assert client_of(scene.marta).get(f"/rooms/{fair.pk}/m/1/thread/").status_code == 404
    with pytest.raises(PermissionDenied, match="beginning"):
        actions.settle_room(actor=acting(scene.marta), room=fair, **PLAIN)


def test_archiving_brings_a_room_to_rest_until_it_is_opened_again(scene, fair):
    message = say(scene.luca, fair)
    client_of(scene.luca).post(f"/rooms/{fair.pk}/archive/")
    fair.refresh_from_db()
    assert fair.archived_at
    with pytest.raises(PermissionDenied, match="archived"):
        say(scene.luca, fair)
    with pytest.raises(PermissionDenied, match="archived"):
        actions.edit_message(actor=acting(scene.luca), message=message, body="x")
    side = fair.sides.get(organisation=scene.vendor)
    with pytest.raises(PermissionDenied, match="archived"):
        say(scene.luca, side)
    assert "Hall 22" not in client_of(scene.marta).get("/rooms/browse/").content.decode()
    page = client_of(scene.luca).get(f"/rooms/{fair.pk}/").content.decode()
    assert "This room is archived" in page
    assert "Fair" in client_of(scene.luca).get("/rooms/?q=fair").content.decode()
    actions.archive_room(actor=acting(scene.luca), room=fair)
    assert TrailEntry.objects.filter(verb="room.archived").count() == 1
    client_of(scene.luca).post(f"/rooms/{fair.pk}/reopen/")
    assert say(scene.luca, fair)


def test_only_who_manages_rooms_settles_and_archives(scene):
    plain = member_of(scene.vendor, "chat.post")
    for act in (actions.archive_room, actions.reopen_room):
        with pytest.raises(PermissionDenied):
            act(actor=acting(plain), room=scene.room)
    with pytest.raises(PermissionDenied):
        actions.settle_room(actor=acting(plain), room=scene.room, **PLAIN)
    with pytest.raises(DomainError):
        actions.settle_room(actor=acting(scene.luca), room=scene.room, **{**PLAIN, "history": "never"})
    answer = client_of(scene.luca).post(f"/rooms/{scene.room.pk}/settings/", {**PLAIN, "purpose": "x" * 999})
    assert answer.status_code == 302
    scene.room.refresh_from_db()
    assert scene.room.purpose == ""
