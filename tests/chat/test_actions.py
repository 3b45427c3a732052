"""Saying, changing, taking back, seating."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from chat import actions
from chat.actions import messages as messages_module
from chat.models import Mention, Message, ReadMark, Room
from core.errors import DomainError
from core.models import TrailEntry
from tests.chat.factories import acting, member_of, talk

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return talk()


def say(scene, who, body="Hello", **extra):
    return actions.post_message(actor=acting(who), room=extra.pop("room", scene.room), body=body, **extra)


def test_messages_are_numbered_from_one_without_a_gap(scene):
    assert [say(scene, who).seq for who in (scene.luca, scene.marta, scene.luca)] == [1, 2, 3]
    scene.room.refresh_from_db()
    assert (scene.room.last_seq, scene.room.said) == (3, 3)


def test_a_side_thread_has_numbers_of_its_own(scene):
    say(scene, scene.luca)
    assert say(scene, scene.luca, room=scene.side).seq == 1
    assert say(scene, scene.marta).seq == 2


def test_a_stranger_finds_no_room(scene):
    with pytest.raises(Http404):
        say(scene, scene.eva)


def test_the_other_side_finds_no_side_thread(scene):
    with pytest.raises(Http404):
        say(scene, scene.marta, room=scene.side)


def test_writing_takes_a_capability(scene):
    reader = member_of(scene.vendor)
    with pytest.raises(PermissionDenied, match="Write in rooms"):
        say(scene, reader)
    assert not Message.objects.exists()


def test_a_repeated_client_id_is_harmless_and_each_author_has_their_own(scene):
    first = say(scene, scene.luca, "One", client_id="abc")
    again = say(scene, scene.luca, "One, sent twice", client_id="abc")
    other = say(scene, scene.marta, "Two", client_id="abc")
    assert again.pk == first.pk
    assert other.pk != first.pk
    assert Message.objects.count() == 2


@pytest.mark.parametrize(
    ("body", "sentence"),
    [("", "empty"), (" \0\n ", "empty"), ("x" * 10_001, "10001 characters"), ("x" * 1_000_000, "1000000 characters")],
)
def test_empty_and_huge_messages_are_refused(scene, body, sentence):
    with pytest.raises(DomainError, match=sentence):
        say(scene, scene.luca, body)
    scene.room.refresh_from_db()
    assert scene.room.last_seq == 0


def test_what_no_database_takes_is_cleaned(scene):
    assert say(scene, scene.luca, "a\0b \ud800 c").body == "ab ? c"


def test_a_flood_is_stopped_for_its_author_alone(scene, monkeypatch):
    monkeypatch.setattr(messages_module, "FLOOD", ((3, 10),))
    for _ in range(3):
        say(scene, scene.luca)
    with pytest.raises(messages_module.FloodError, match="3 messages in 10 seconds"):
        say(scene, scene.luca)
    assert say(scene, scene.marta).seq == 4
    assert say(scene, scene.luca, room=scene.side).seq == 1


def test_the_author_edits_and_nobody_else(scene):
    message = say(scene, scene.luca, "frist")
    edited = actions.edit_message(actor=acting(scene.luca), message=message, body="**first**")
    assert (edited.html, edited.edited_at is not None) == ("<p><strong>first</strong></p>", True)
    with pytest.raises(PermissionDenied, match="Only the author"):
        actions.edit_message(actor=acting(scene.marta), message=message, body="mine")
    with pytest.raises(Http404):
        actions.edit_message(actor=acting(scene.eva), message=message, body="mine")


def test_deleting_leaves_a_trace_without_the_words(scene):
    message = say(scene, scene.luca, "secret @Marta Riva")
    deleted = actions.delete_message(actor=acting(scene.luca), message=message)
    assert (deleted.body, deleted.html, deleted.seq) == ("", "", 1)
    assert not Mention.objects.exists()
    entry = TrailEntry.objects.get(verb="message.deleted")
    assert "secret" not in str(entry.data)
    with pytest.raises(PermissionDenied):
        actions.delete_message(actor=acting(scene.luca), message=message)


def test_who_manages_rooms_deletes_colleagues_messages_but_not_the_partners(scene):
    colleague = member_of(scene.vendor, "chat.post")
    mine, theirs = say(scene, colleague), say(scene, scene.marta)
    assert actions.delete_message(actor=acting(scene.luca), message=mine).deleted_at
    with pytest.raises(PermissionDenied, match="own organisation"):
        actions.delete_message(actor=acting(scene.luca), message=theirs)
    with pytest.raises(PermissionDenied):
        actions.delete_message(actor=acting(colleague), message=say(scene, scene.luca))


def test_reactions_toggle_and_only_offered_signs_are_taken(scene):
    message = say(scene, scene.luca)
    actions.react(actor=acting(scene.marta), message=message, sign="thumbs-up")
    assert message.reactions.count() == 1
    actions.react(actor=acting(scene.marta), message=message, sign="thumbs-up")
    assert message.reactions.count() == 0
    with pytest.raises(DomainError):
        actions.react(actor=acting(scene.marta), message=message, sign="<b>")


def test_mentions_reach_only_people_of_the_room(scene):
    say(scene, scene.luca, "@Marta Riva and @Eva Stahl, see `@Marta Riva`")
    mention = Mention.objects.get()
    assert mention.membership == scene.marta
    entry = TrailEntry.objects.get(verb="message.mentioned")
    assert entry.data["members"] == [scene.marta.pk]
    assert scene.stranger.pk not in entry.readers.values_list("organisation_id", flat=True)


def test_a_mention_in_a_side_thread_stays_inside(scene):
    colleague = member_of(scene.vendor, "chat.post", name="Giulia Ferri")
    say(scene, scene.luca, "@Giulia Ferri @Marta Riva what margin?", room=scene.side)
    assert [each.membership for each in Mention.objects.all()] == [colleague]
    entry = TrailEntry.objects.get(verb="message.mentioned")
    assert list(entry.readers.values_list("organisation_id", flat=True)) == [scene.vendor.pk]


def test_the_first_word_is_for_everybody_of_the_other_side_and_the_next_for_those_who_follow(scene):
    say(scene, scene.luca)
    mark = ReadMark.objects.get(membership=scene.marta)
    assert (mark.said, mark.last_seq) == (0, 0)
    late = member_of(scene.partner, "chat.post")
    say(scene, scene.luca)
    assert not ReadMark.objects.filter(membership=late).exists()


def test_reading_goes_forward_only_and_never_beyond_the_end(scene):
    for _ in range(3):
        say(scene, scene.luca)
    actor = acting(scene.marta)
    assert actions.mark_read(actor=actor, room=scene.room, seq=2).said == 2
    assert actions.mark_read(actor=actor, room=scene.room, seq=1).last_seq == 2
    assert actions.mark_read(actor=actor, room=scene.room, seq=999).last_seq == 3


def test_a_note_is_one_line_however_often_it_is_delivered(scene):
    entry = TrailEntry.objects.create(
        organisation=scene.vendor, verb="room.renamed", via="web", target="chat.room", target_id=scene.room.pk
    )
    assert actions.post_note(entry=entry, room=scene.room).pk == actions.post_note(entry=entry, room=scene.room).pk
    scene.room.refresh_from_db()
    assert (scene.room.last_seq, scene.room.said) == (1, 0)


def test_opening_the_room_of_a_record_twice_gives_the_same_room(scene):
    record = SimpleNamespace(_meta=SimpleNamespace(label_lower="deals.deal", app_label="deals"), pk=7)
    luca = acting(scene.luca)
    first = actions.open_room(actor=luca, record=record, title="D-7", organisations=[scene.vendor])
    again = actions.open_room(actor=luca, record=record, title="D-7", organisations=[scene.vendor, scene.partner])
    assert first.pk == again.pk
    assert again.party_ids() == {scene.vendor.pk, scene.partner.pk}
    assert again.sides.count() == 2


def test_direct_rooms_are_one_a_pair_and_only_with_people_in_reach(scene):
    luca = acting(scene.luca)
    room = actions.start_direct(actor=luca, member=scene.marta)
    assert actions.start_direct(actor=acting(scene.marta), member=scene.luca).pk == room.pk
    assert room.title_for("Luca Conti") == "Marta Riva"
    colleague = acting(member_of(scene.vendor, "chat.post"))
    assert not Room.objects.visible_to(colleague).filter(pk=room.pk).exists()
    with pytest.raises(Http404):
        actions.start_direct(actor=acting(scene.marta), member=scene.eva)


def test_groups_seat_people_and_their_organisations_get_side_threads(scene):
    room = actions.open_group(actor=acting(scene.luca), title=" Trade  fair ", members=[scene.marta])
    assert (room.title, room.seats.count(), room.sides.count()) == ("Trade fair", 2, 2)
    colleague = member_of(scene.vendor, "chat.post", "chat.manage")
    side = room.sides.get(organisation=scene.vendor)
    assert not Room.objects.visible_to(acting(colleague)).filter(pk__in=[room.pk, side.pk]).exists()
    actions.add_seat(actor=acting(scene.luca), room=room, member=colleague)
    assert Room.objects.visible_to(acting(colleague)).filter(pk__in=[room.pk, side.pk]).count() == 2
    with pytest.raises(DomainError, match="cannot be reached"):
        actions.add_seat(actor=acting(scene.marta), room=room, member=scene.eva)


def test_seats_are_taken_away_by_their_own_side_or_by_who_opened(scene):
    seat = scene.room.seats.get(organisation=scene.vendor)
    with pytest.raises(DomainError, match="Only its own organisation"):
        actions.remove_seat(actor=acting(scene.marta), room=scene.room, seat=seat)
    theirs = scene.room.seats.get(organisation=scene.partner)
    actions.remove_seat(actor=acting(scene.luca), room=scene.room, seat=theirs)
    assert not Room.objects.visible_to(acting(scene.marta)).exists()
    with pytest.raises(DomainError, match="last seat"):
        actions.remove_seat(actor=acting(scene.luca), room=scene.room, seat=seat)


def test_managing_takes_a_capability_and_a_room_that_has_seats_of_its_own(scene):
    plain = member_of(scene.vendor, "chat.post")
    with pytest.raises(PermissionDenied):
        actions.rename_room(actor=acting(plain), room=scene.room, title="Mine")
    with pytest.raises(PermissionDenied):
        actions.open_group(actor=acting(plain), title="Mine", members=[])
    direct = actions.start_direct(actor=acting(scene.luca), member=scene.marta)
    with pytest.raises(PermissionDenied, match="follow from what it is about"):
        actions.rename_room(actor=acting(scene.luca), room=direct, title="Ours")


def test_rooms_close_with_the_last_partnership_and_open_again(scene):
    from partners.models import Partnership

    edge = Partnership.objects.get(vendor=scene.vendor, partner=scene.partner)
    Partnership.objects.filter(pk=edge.pk).update(state="ended")
    assert actions.close_or_reopen(organisation_ids=[scene.vendor.pk, scene.partner.pk]) == [scene.room]
    with pytest.raises(PermissionDenied, match="closed"):
        say(scene, scene.marta)
    assert Room.objects.visible_to(acting(scene.marta)).filter(pk=scene.room.pk).exists()
    assert say(scene, scene.luca, room=scene.side).seq == 1
    Partnership.objects.filter(pk=edge.pk).update(state="active")
    actions.close_or_reopen(organisation_ids=[scene.vendor.pk, scene.partner.pk])
    assert say(scene, scene.marta).seq == 1


def test_a_room_of_a_record_is_for_those_who_may_see_the_record():
    scene = talk("partnerships.view")
    plain = acting(member_of(scene.vendor, "chat.post"))
    assert not Room.objects.visible_to(plain).exists()
    assert Room.objects.visible_to(acting(scene.luca)).count() == 2
