"""What helps while one writes: the preview, people and organisations to name, rooms and records to point to."""

import pytest

from chat import actions
from chat.markdown import mentioned, render
from chat.models import Mention, Message, Room
from chat.people import names_of, people_of
from tests.chat.factories import acting, member_of, talk
from tests.chat.test_views import JSON, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return talk()


def preview(scene, who, body, room=None):
    return client_of(who).post(f"/rooms/{(room or scene.room).pk}/preview/", {"body": body}, **JSON)


def test_a_preview_is_what_the_message_will_be(scene):
    body = "**Two** pumps, @Marta Riva\n\n- a\n- b\n\n<b>x</b> [x](javascript:alert(1))"
    shown = preview(scene, scene.luca, body).json()["html"]
    assert shown == actions.post_message(actor=acting(scene.luca), room=scene.room, body=body).html.strip()
    assert "<b>" not in shown
    assert 'href="javascript' not in shown
    assert Message.objects.count() == 1


def test_a_preview_stores_and_tells_nothing(scene):
    assert preview(scene, scene.luca, "@Marta Riva").status_code == 200
    assert not Message.objects.exists()
    assert not Mention.objects.exists()


@pytest.mark.parametrize(("body", "status"), [("x" * 10_001, 422), ("", 200), ("\0", 200), ("> " * 5000, 200)])
def test_a_preview_of_what_is_odd(scene, body, status):
    assert preview(scene, scene.luca, body).status_code == status


def test_a_preview_is_for_who_may_write(scene):
    assert preview(scene, member_of(scene.vendor), "x").status_code == 403
    assert preview(scene, scene.eva, "x").status_code == 404
    assert preview(scene, scene.marta, "x", scene.side).status_code == 404
    assert client_of(scene.luca).get(f"/rooms/{scene.room.pk}/preview/").status_code == 405


def test_an_organisation_stands_for_its_people_in_the_room(scene):
    second = member_of(scene.partner, "chat.post", name="Anna Blu")
    message = actions.post_message(actor=acting(scene.luca), room=scene.room, body=f"@{scene.partner}: who comes?")
    assert set(message.mentions.values_list("membership_id", flat=True)) == {scene.marta.pk, second.pk}
    assert '<span class="mention">' in message.html
    actions.edit_message(
        actor=acting(scene.luca), message=message, body=f"@{scene.partner} and @Marta Riva: who comes?"
    )
    assert message.mentions.count() == 2


def test_an_organisation_without_a_seat_cannot_be_named(scene):
    message = actions.post_message(actor=acting(scene.luca), room=scene.room, body=f"@{scene.stranger} hello")
    aside = actions.post_message(actor=acting(scene.luca), room=scene.side, body=f"@{scene.partner} hello")
    assert "mention" not in message.html + aside.html
    assert not Mention.objects.exists()


def test_a_person_wins_over_an_organisation_of_the_same_name(scene):
    scene.partner.name = "Marta Riva"
    scene.partner.save()
    member_of(scene.partner, "chat.post", name="Anna Blu")
    names = names_of(people_of(scene.room))
    assert mentioned("@marta riva", names) == {scene.marta.pk}
    assert mentioned("`@marta riva` and me@marta riva", names) == set()
    assert render("@Marta Riva", {"marta riva": (1, 2)}) == '<p><span class="mention">@Marta Riva</span></p>'


def test_organisations_with_several_people_are_offered(scene):
    member_of(scene.vendor, "chat.post", name="Anna Blu")
    answer = client_of(scene.marta).get(f"/rooms/{scene.room.pk}/people/").json()
    assert answer["organisations"] == [{"name": str(scene.vendor), "people": "2 people"}]


def offered(scene, who, text, room=None):
    answer = client_of(who).get(f"/rooms/{(room or scene.room).pk}/offers/", {"q": text})
    assert answer.status_code == 200
    return answer.json()["offers"]


def test_rooms_are_offered_with_the_link_that_leads_there(scene):
    url = f"/rooms/{scene.room.pk}/"
    assert offered(scene, scene.luca, "pump") == [
        {"label": "Pumping station", "sub": "Partnership", "insert": f"[#Pumping station]({url}) "}
    ]
    message = actions.post_message(actor=acting(scene.luca), room=scene.room, body=f"see [#Pumping station]({url}) ")
    assert f'<a href="{url}"' in message.html


def test_a_record_is_pointed_to_by_its_number(scene):
    Room.objects.filter(pk=scene.room.pk).update(
        kind="record", record="partners.partnership", record_id=1, title="D-0041 [Secret] plant"
    )
    assert offered(scene, scene.luca, "0041")[0]["insert"].startswith("[#D-0041](/")


def test_nothing_is_offered_that_one_may_not_see(scene):
    hidden = actions.open_group(actor=acting(scene.luca), title="Pumps for us", members=[])
    direct = actions.start_direct(actor=acting(scene.luca), member=scene.marta)
    assert {each["label"] for each in offered(scene, scene.luca, "pump")} == {"Pumping station", hidden.title}
    assert {each["label"] for each in offered(scene, scene.marta, "pump")} == {"Pumping station"}
    assert offered(scene, scene.marta, "luca") == [], direct
    assert offered(scene, scene.marta, "") == []
    assert offered(scene, scene.marta, "x" * 5000) == []
    assert client_of(scene.eva).get(f"/rooms/{scene.room.pk}/offers/?q=p").status_code == 404
