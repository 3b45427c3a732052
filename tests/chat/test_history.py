"""Who comes later to a room that shows what is said from joining on; who is kept out of shared rooms."""

import pytest

from chat import actions
from chat.models import Message, Room, TalkPolicy
from tests.chat.factories import acting, member_of, talk

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return talk()


def say(who, room, body="Hello", **extra):
    return actions.post_message(actor=acting(who), room=room, body=body, **extra)


def seen(who, room=None):
    messages = Message.objects.visible_to(acting(who))
    return sorted(messages.filter(room=room).values_list("seq", flat=True) if room else messages.count())


@pytest.fixture
def group(scene):
    """Luca and Marta talked before Bruno came."""
    room = actions.open_group(actor=acting(scene.luca), title="Fair", members=[scene.marta])
    say(scene.luca, room, "before")
    say(scene.luca, room.sides.get(organisation=scene.vendor), "our margin, before")
    bruno = member_of(scene.vendor, "chat.post", name="Bruno Galli")
    actions.add_seat(actor=acting(scene.luca), room=room, member=bruno)
    say(scene.marta, room, "after")
    say(scene.luca, room.sides.get(organisation=scene.vendor), "our margin, after")
    room.bruno = bruno
    return room


def only_from_joining(room):
    Room.objects.filter(pk=room.pk).update(history="joining")
    room.sides.update(history="joining")


def test_everything_is_shown_as_long_as_the_room_says_nothing_else(scene, group):
    assert seen(group.bruno, group) == [1, 2]
    assert seen(group.bruno, group.sides.get(organisation=scene.vendor)) == [1, 2]


def test_who_comes_later_sees_what_was_said_since(scene, group):
    only_from_joining(group)
    assert seen(group.bruno, group) == [2]
    assert seen(group.bruno, group.sides.get(organisation=scene.vendor)) == [2]
    assert seen(scene.luca, group) == seen(scene.marta, group) == [1, 2]


def test_who_was_kept_out_sees_no_shared_room_and_no_thread_beside_it(scene):
    say(scene.luca, scene.room)
    say(scene.luca, scene.side)
    policy = TalkPolicy.objects.create(organisation=scene.vendor, seats="chosen")
    actor = acting(scene.luca)
    assert not Room.objects.visible_to(actor).exists()
    assert not Message.objects.visible_to(actor).exists()
    assert Room.objects.visible_to(acting(scene.marta)).count() == 2
    policy.members.add(scene.luca)
    assert Room.objects.visible_to(actor).count() == 2
    policy.members.clear()
    policy.roles.add(scene.luca.roles.get())
    assert Room.objects.visible_to(actor).count() == 2


def test_who_was_kept_out_still_talks_to_colleagues(scene):
    colleague = member_of(scene.vendor, "chat.post")
    room = actions.start_direct(actor=acting(scene.luca), member=colleague)
    TalkPolicy.objects.create(organisation=scene.vendor, seats="chosen")
    assert list(Room.objects.visible_to(acting(scene.luca))) == [room]


def test_the_policy_of_the_other_organisation_changes_nothing(scene):
    TalkPolicy.objects.create(organisation=scene.partner, seats="chosen")
    assert Room.objects.visible_to(acting(scene.luca)).count() == 2
    assert not Room.objects.visible_to(acting(scene.marta)).exists()
