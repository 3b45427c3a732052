"""Search, what waits, the badge: only what the actor may see."""

import pytest

from chat import actions
from chat.search import search
from chat.waiting import counts, waiting
from tests.chat.factories import acting, member_of, talk

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    scene = talk()
    actions.post_message(actor=acting(scene.luca), room=scene.room, body="The tender closes in January")
    actions.post_message(actor=acting(scene.luca), room=scene.side, body="Our margin in January is 31")
    return scene


def titles(membership, text):
    return [hit.title for hit in search(acting(membership), text, 10)]


def test_messages_and_rooms_are_found_by_those_who_may_see_them(scene):
    assert titles(scene.marta, "january") == ["The tender closes in January"]
    assert sorted(titles(scene.luca, "january")) == ["Our margin in January is 31", "The tender closes in January"]
    assert titles(scene.marta, "pumping") == ["Pumping station"]
    assert titles(scene.eva, "january") == titles(scene.eva, "pumping") == []
    assert titles(scene.luca, "") == []


def test_a_hit_opens_at_its_message(scene):
    [hit] = search(acting(scene.marta), "tender", 10)
    assert hit.url == f"/rooms/{scene.room.pk}/?at=1#m-1"


def test_deleted_words_are_not_found(scene):
    message = scene.room.messages.get()
    actions.delete_message(actor=acting(scene.luca), message=message)
    assert titles(scene.marta, "tender") == []


def test_mentions_and_direct_messages_wait_until_they_are_read(scene):
    actions.post_message(actor=acting(scene.luca), room=scene.room, body="@Marta Riva, the survey?")
    direct = actions.start_direct(actor=acting(scene.luca), member=scene.marta)
    actions.post_message(actor=acting(scene.luca), room=direct, body="Are you there?")
    marta = acting(scene.marta)
    assert [str(item.title) for item in waiting(marta)] == ["Luca Conti mentioned you", "Luca Conti"]
    assert [str(item.sub) for item in waiting(marta)][1] == "1 unread message"
    assert waiting(acting(scene.luca)) == waiting(acting(scene.eva)) == []
    actions.mark_read(actor=marta, room=scene.room, seq=99)
    actions.mark_read(actor=marta, room=direct, seq=99)
    assert waiting(marta) == []


def test_the_badge_counts_rooms_that_one_follows_and_may_see():
    scene = talk("partnerships.view")
    actions.post_message(actor=acting(scene.luca), room=scene.room, body="x")
    assert counts(acting(scene.marta)) == {"rooms": 1}
    assert counts(acting(member_of(scene.partner, "partnerships.view"))) == {"rooms": 0}
    role = scene.marta.roles.get()
    role.capabilities = ["chat.post"]
    role.save()
    assert counts(acting(scene.marta)) == {"rooms": 0}
    assert waiting(acting(scene.marta)) == []


def test_a_side_thread_never_counts_for_the_other_side(scene):
    before = counts(acting(scene.marta))
    for _ in range(3):
        actions.post_message(actor=acting(scene.luca), room=scene.side, body="@Marta Riva @Luca Conti x")
    assert counts(acting(scene.marta)) == before
    assert waiting(acting(scene.marta)) == []
