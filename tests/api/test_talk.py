"""Rooms and messages by the API beyond reading: opening, seats, changing, files, search; and who gets nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from chat import actions
from chat.models import Message, Room
from tests.api.test_rooms import api, say
from tests.chat.factories import acting, member_of, talk
from tests.chat.test_files import EXE, PNG

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return talk()


def keyed(organisation, *capabilities) -> APIClient:
    """A client with the key of a service account."""
    from partners.actions.services import create_key
    from tests.inbox.webhook_peers import account_of

    account = account_of(organisation, *capabilities)
    manager = acting(member_of(organisation, "integration.manage", "chat.post", *capabilities))
    _key, key = create_key(actor=manager, account=account)
    return APIClient(headers={"Authorization": f"Bearer {key}"})


def test_rooms_are_opened_named_and_seated(scene):
    client = api(scene.luca)
    people = {each["name"]: each["id"] for each in client.get("/api/v1/rooms/people/").json()}
    assert set(people) >= {"Marta Riva", "Eva Stahl"}
    group = client.post("/api/v1/rooms/", {"title": "Weir", "members": [people["Marta Riva"]]}, format="json")
    assert (group.status_code, group.json()["kind"]) == (201, "group")
    url = f"/api/v1/rooms/{group.json()['id']}/"
    assert client.patch(url, {"title": "Lock"}, format="json").json()["title"] == "Lock"
    assert client.post(f"{url}seats/", {"member": people["Eva Stahl"]}, format="json").status_code == 201
    seats = client.get(f"{url}seats/").json()
    assert [each["name"] for each in seats] == ["Luca Conti", "Marta Riva", "Eva Stahl"]
    assert client.delete(f"{url}seats/{seats[2]['id']}/").status_code == 204
    assert api(scene.eva).get(url).status_code == 404
    direct = client.post("/api/v1/rooms/direct/", {"member": people["Marta Riva"]}, format="json").json()
    again = client.post("/api/v1/rooms/direct/", {"member": people["Marta Riva"]}, format="json").json()
    assert direct["id"] == again["id"]


def test_a_room_with_a_partner_and_with_nobody(scene):
    client = api(scene.luca)
    sent = {"title": "Both", "organisation": scene.partner.pk}
    assert client.post("/api/v1/rooms/", sent, format="json").json()["kind"] == "partnership"
    for wrong in ({"title": "x"}, {"members": [1]}, {"title": "x", "members": ["a"]}, {"title": "", "organisation": 1}):
        assert client.post("/api/v1/rooms/", wrong, format="json").status_code == 400
    unknown = {"title": "x", "members": [999_999]}
    assert client.post("/api/v1/rooms/", unknown, format="json").status_code == 404
    reader = api(member_of(scene.vendor))
    assert reader.post("/api/v1/rooms/", sent, format="json").status_code == 403


def test_messages_are_changed_and_taken_back_by_their_author_alone(scene):
    say(scene.luca, scene.room)
    url = f"/api/v1/rooms/{scene.room.pk}/messages/1/"
    assert api(scene.luca).patch(url, {"body": "**New**"}, format="json").json()["body"] == "**New**"
    assert api(scene.marta).patch(url, {"body": "x"}, format="json").status_code == 403
    assert api(scene.marta).delete(url).status_code == 403
    signed = api(scene.marta).post(f"{url}reactions/", {"sign": "check"}, format="json").json()
    assert signed["reactions"] == [{"sign": "check", "count": 1, "names": "Marta Riva"}]
    assert api(scene.marta).post(f"{url}reactions/", {"sign": "skull"}, format="json").status_code == 400
    assert api(scene.luca).delete(url).status_code == 204
    assert api(scene.luca).get(url).json()["body"] == ""
    assert api(scene.luca).patch(url, {"body": "x"}, format="json").status_code == 403


def test_messages_before_a_number(scene):
    for number in range(5):
        say(scene.luca, scene.room, f"m{number}")
    for query, expected in (("before=4&limit=2", [2, 3]), ("before=1", []), ("before=x", [1, 2, 3, 4, 5])):
        answer = api(scene.marta).get(f"/api/v1/rooms/{scene.room.pk}/messages/?{query}").json()
        assert [each["id"] for each in answer["results"]] == expected


def test_files_go_up_and_come_down_as_downloads(scene):
    client, url = api(scene.luca), f"/api/v1/rooms/{scene.room.pk}/messages/"
    sent = {"body": "", "client_id": "f1", "files": [SimpleUploadedFile("plan.png", PNG)]}
    first = client.post(url, sent, format="multipart")
    assert first.status_code == 201
    [file] = first.json()["files"]
    answer = api(scene.marta).get(f"/api/v1/rooms/{scene.room.pk}/files/{file['id']}/")
    assert b"".join(answer.streaming_content) == PNG
    assert answer["Content-Disposition"] == 'attachment; filename="plan.png"'
    assert (answer["X-Content-Type-Options"], "sandbox" in answer["Content-Security-Policy"]) == ("nosniff", True)
    for who, room in ((scene.eva, scene.room), (scene.marta, scene.side), (scene.luca, scene.side)):
        assert api(who).get(f"/api/v1/rooms/{room.pk}/files/{file['id']}/").status_code == 404
    refused = client.post(url, {"files": [SimpleUploadedFile("plan.png", EXE)]}, format="multipart")
    assert (refused.status_code, refused.json()["field"]) == (409, "files")
    assert Message.objects.count() == 1


def test_search_finds_what_the_actor_may_see(scene):
    say(scene.luca, scene.room, "The tender closes")
    say(scene.luca, scene.side, "Our margin on the tender")
    answer = api(scene.marta).get("/api/v1/rooms/search/?q=tender").json()
    [one] = answer["results"]
    assert one["excerpt"] == "The <mark>tender</mark> closes"
    assert (one["room"], one["message"]["id"], answer["page"]) == (scene.room.pk, 1, "")
    assert len(api(scene.luca).get("/api/v1/rooms/search/?q=tender&by=best").json()["results"]) == 2
    assert api(scene.eva).get("/api/v1/rooms/search/?q=tender").json()["results"] == []
    assert api(scene.luca).get("/api/v1/rooms/search/?q=before:x").json()["problems"]
    theirs, missing = (api(scene.marta).get(f"/api/v1/rooms/search/?q=x&room={pk}") for pk in (scene.side.pk, 999_999))
    assert (theirs.status_code, theirs.json()) == (404, missing.json())


def test_the_other_side_and_strangers_get_the_404_of_what_is_missing(scene):
    say(scene.luca, scene.side)
    say(scene.luca, scene.room)
    seat = scene.room.seats.first()
    steps = [
        ("get", "messages/1/", None),
        ("patch", "messages/1/", {"body": "x"}),
        ("delete", "messages/1/", None),
        ("post", "messages/1/reactions/", {"sign": "check"}),
        ("get", "seats/", None),
        ("post", "seats/", {"member": 1}),
        ("delete", f"seats/{seat.pk}/", None),
        ("patch", "", {"title": "x"}),
        ("get", "files/1/", None),
    ]
    for who, room in ((scene.marta, scene.side), (scene.eva, scene.room)):
        client = api(who)
        for method, path, sent in steps:
            theirs, missing = (
                getattr(client, method)(f"/api/v1/rooms/{pk}/{path}", sent, format="json") for pk in (room.pk, 999_999)
            )
            assert (theirs.status_code, theirs.json()) == (404, missing.json()), path
    assert Message.objects.filter(deleted_at=None).count() == 2


def test_a_machine_posts_where_its_role_may(scene):
    url = f"/api/v1/rooms/{scene.room.pk}/messages/"
    client = keyed(scene.vendor, "chat.post")
    sent = {"body": "Shipped", "client_id": "erp-7"}
    first, again = (client.post(url, sent, format="json") for _ in range(2))
    assert (first.status_code, first.json()) == (201, again.json())
    assert client.patch(f"{url}1/", {"body": "Shipped today"}, format="json").status_code == 200
    assert client.post(f"{url}1/reactions/", {"sign": "check"}, format="json").status_code == 409
    group = actions.open_group(actor=acting(scene.luca), title="People", members=[scene.marta])
    assert client.get(f"/api/v1/rooms/{group.pk}/").status_code == 404
    assert client.post("/api/v1/rooms/direct/", {"member": scene.marta.pk}, format="json").status_code == 409
    assert keyed(scene.vendor).post(url, {"body": "x"}, format="json").status_code == 403
    assert keyed(scene.stranger, "chat.post").post(url, {"body": "x"}, format="json").status_code == 404


def test_an_idempotency_key_opens_one_room(scene):
    client, sent = api(scene.luca), {"title": "Once", "organisation": scene.partner.pk}
    for _each in range(2):
        client.post("/api/v1/rooms/", sent, format="json", headers={"Idempotency-Key": "once"})
    assert Room.objects.filter(title="Once", parent=None).count() == 1


def test_a_search_costs_the_same_for_many(scene):
    client, counts = api(scene.marta), []
    client.get("/api/v1/rooms/search/?q=weir")
    for _round in range(2):
        for number in range(3):
            say(scene.luca, scene.room, f"weir {number}")
        with CaptureQueriesContext(connection) as queries:
            client.get("/api/v1/rooms/search/?q=weir")
        counts.append(len(queries))
    assert counts[0] == counts[1]
