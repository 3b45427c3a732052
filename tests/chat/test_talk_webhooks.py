"""Messages told to other systems: to whom, when, with what, and what it costs where nobody listens."""

import json

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from chat import actions
from inbox.webhooks.catalogue import groups_for
from inbox.webhooks.models import WebhookDelivery
from tests.chat.factories import acting, talk
from tests.inbox.webhook_peers import endpoint_of, receiver

pytestmark = pytest.mark.django_db(transaction=True)
EVENTS = ["message.*", "room.*"]


@pytest.fixture
def crm():
    with receiver() as there:
        yield there


def listens(act_for, organisation, crm, events=EVENTS, capabilities=("chat.post",)):
    return endpoint_of(act_for, organisation, crm.url, events=list(events), capabilities=list(capabilities))


def say(member, room, body="Hello", **more):
    return actions.post_message(actor=acting(member), room=room, body=body, **more)


def test_what_is_said_changed_and_taken_back_is_told_thin_and_in_order(crm, act_for):
    scene = talk()
    listens(act_for, scene.vendor, crm)
    message = say(scene.marta, scene.room, "The secret price is 31")
    actions.edit_message(actor=acting(scene.marta), message=message, body="The price is 32")
    actions.delete_message(actor=acting(scene.marta), message=message)
    assert crm.types == ["message.posted", "message.edited", "message.deleted"]
    told = [json.loads(body)["data"] for _headers, body in crm.seen]
    assert [each["message"]["id"] for each in told] == [1, 1, 1]
    assert told[0]["record"] == {"type": "chat.room", "id": scene.room.pk, "title": "Pumping station"}
    assert told[0]["organisation"]["name"] == scene.partner.name
    assert told[0]["message"]["author"] == "Marta Riva"
    assert told[0]["link"].endswith(f"/rooms/{scene.room.pk}/?at=1#m-1")
    assert "price" not in "".join(body.decode() for _headers, body in crm.seen)


def test_a_side_thread_is_told_to_its_own_side_alone(crm, act_for):
    scene = talk()
    for organisation in (scene.vendor, scene.partner, scene.stranger):
        listens(act_for, organisation, crm)
    message = say(scene.luca, scene.side)
    actions.edit_message(actor=acting(scene.luca), message=message, body="x")
    actions.delete_message(actor=acting(scene.luca), message=message)
    assert {each.organisation_id for each in WebhookDelivery.objects.all()} == {scene.vendor.pk}
    assert len(crm.seen) == 3


def test_rooms_of_people_and_rooms_of_others_are_told_to_no_machine(crm, act_for):
    scene = talk()
    for organisation in (scene.vendor, scene.partner, scene.stranger):
        listens(act_for, organisation, crm)
    say(scene.luca, actions.start_direct(actor=acting(scene.luca), member=scene.marta))
    group = actions.open_group(actor=acting(scene.luca), title="Weir", members=[scene.marta])
    say(scene.luca, group)
    assert WebhookDelivery.objects.filter(verb__startswith="message.").count() == 0
    say(scene.luca, scene.room)
    assert {each.organisation_id for each in WebhookDelivery.objects.all()} == {scene.vendor.pk, scene.partner.pk}


def test_a_machine_without_the_rooms_capability_hears_nothing(crm, act_for):
    scene = talk("deals.view")
    listens(act_for, scene.vendor, crm)
    say(scene.luca, scene.room)
    assert not WebhookDelivery.objects.exists()
    listens(act_for, scene.vendor, crm, capabilities=("chat.post", "deals.view"))
    say(scene.luca, scene.room)
    assert crm.types == ["message.posted"]


def test_only_what_was_chosen_is_told_and_a_repeated_send_once(crm, act_for):
    scene = talk()
    listens(act_for, scene.vendor, crm, ["message.edited"])
    message = say(scene.luca, scene.room, client_id="a")
    assert say(scene.luca, scene.room, client_id="a") == message
    assert crm.types == []
    for body in ("new words", "new words"):
        actions.edit_message(actor=acting(scene.luca), message=message, body=body)
    assert crm.types == ["message.edited"]


def test_what_is_rolled_back_is_not_told(crm, act_for):
    scene = talk()
    listens(act_for, scene.vendor, crm)
    with transaction.atomic():
        say(scene.luca, scene.room)
        transaction.set_rollback(True)
    assert not WebhookDelivery.objects.exists()
    assert not crm.seen


def test_a_seat_lost_before_a_retry_is_a_right_lost(crm, act_for, time_machine):
    from datetime import timedelta

    from django.utils.timezone import now

    from inbox.webhooks.tasks import send_all_due

    scene = talk()
    listens(act_for, scene.partner, crm)
    crm.answers = [(500, {}, b"")]
    say(scene.luca, scene.room)
    seat = scene.room.seats.get(organisation=scene.partner)
    actions.remove_seat(actor=acting(scene.luca), room=scene.room, seat=seat)
    crm.answers = [(200, {}, b"")]
    time_machine.move_to(now() + timedelta(hours=1), tick=True)
    send_all_due.call()
    assert WebhookDelivery.objects.get(verb="message.posted").state == "dropped"


def test_seats_and_new_rooms_are_told(crm, act_for):
    scene = talk()
    listens(act_for, scene.vendor, crm)
    seat = scene.room.seats.get(organisation=scene.partner)
    actions.remove_seat(actor=acting(scene.luca), room=scene.room, seat=seat)
    actions.add_seat(actor=acting(scene.luca), room=scene.room, organisation=scene.partner)
    actions.open_partnership_room(actor=acting(scene.luca), title="Second", organisation=scene.partner)
    assert [verb for verb in crm.types if verb.startswith("room.")] == [
        "room.seat_removed",
        "room.seat_added",
        "room.opened",
    ]


def test_the_catalogue_offers_messages(act_for):
    scene = talk()
    groups = {group.code: dict(group.verbs) for group in groups_for(act_for(scene.vendor, "integration.manage"))}
    assert {"message.posted", "message.edited", "message.deleted"} <= set(groups["message"])
    assert {"room.opened", "room.seat_added", "room.seat_removed"} <= set(groups["room"])


def test_where_nobody_listens_it_is_one_look_up(act_for, crm):
    scene = talk()
    say(scene.luca, scene.room)
    counts = []
    for _each in range(2):
        with CaptureQueriesContext(connection) as queries:
            say(scene.luca, scene.room)
        counts.append([query["sql"] for query in queries if "webhookendpoint" in query["sql"].lower()])
    assert [len(each) for each in counts] == [1, 1]
    assert not [sql for each in counts for sql in each if "delivery" in sql.lower()]
