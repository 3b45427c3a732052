"""What rooms make of the trail."""

import json

import pytest

from chat import actions, changes, subscribers
from chat.actions import open_room
from chat.models import Message, ReadMark, Room
from chat.templatetags.chat import note_text
from core import audit
from core.models import TrailEntry
from tests.chat.factories import acting, member_of, talk
from tests.factories import PartnershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def verbs(monkeypatch):
    known = {
        "thing.shared": audit.Description("%(actor)s shared %(title)s", "good"),
        "thing.kept": audit.Description("%(actor)s kept something", "still", "partnerships.view"),
    }
    monkeypatch.setattr(audit, "DESCRIPTIONS", audit.DESCRIPTIONS | known)
    for each in (subscribers, changes):
        monkeypatch.setattr(each, "DESCRIPTIONS", audit.DESCRIPTIONS)


@pytest.fixture
def scene():
    """A partnership stands for a deal: any record of two organisations has its room in the same way."""
    scene = talk()
    scene.edge = PartnershipFactory(vendor=scene.vendor, partner=scene.partner, kind="services")
    scene.of_edge = open_room(
        actor=acting(scene.luca), record=scene.edge, title="<Edge>", organisations=[scene.vendor, scene.partner]
    )
    return scene


def happens(scene, verb, commit, *, who=None, target=None, **data):
    with commit(execute=True):
        entry = audit.record(actor=acting(who or scene.luca), verb=verb, target=target or scene.edge, **data)
    entry.refresh_from_db()
    assert entry.fanned_out_at
    return entry


def test_a_shared_act_is_one_line_for_both_sides_in_order(scene, django_capture_on_commit_callbacks):
    first = happens(scene, "thing.shared", django_capture_on_commit_callbacks)
    second = happens(scene, "thing.shared", django_capture_on_commit_callbacks, who=scene.marta)
    audit.fan_out.call(first.pk)
    lines = Message.objects.filter(room=scene.of_edge).order_by("seq")
    assert [(line.seq, line.entry_id) for line in lines] == [(1, first.pk), (2, second.pk)]
    assert ReadMark.objects.filter(room=scene.of_edge, membership=scene.marta).exists()


def test_what_one_side_keeps_to_itself_is_no_line(scene, django_capture_on_commit_callbacks):
    happens(scene, "thing.kept", django_capture_on_commit_callbacks, parties=())
    assert not Message.objects.exists()


def test_a_verb_without_a_description_is_no_line(scene, django_capture_on_commit_callbacks):
    happens(scene, "thing.unheard", django_capture_on_commit_callbacks)
    assert not Message.objects.exists()


def test_a_related_record_gets_the_line_too_with_a_link(scene, django_capture_on_commit_callbacks):
    related = [["partners.partnership", scene.edge.pk]]
    room = scene.room
    happens(scene, "thing.shared", django_capture_on_commit_callbacks, target=room, related=related)
    line = Message.objects.for_display().get(room=scene.of_edge)
    assert note_text(line) == f'Luca Conti shared <a href="/rooms/{room.pk}/">Pumping station</a>'
    assert note_text(Message.objects.for_display().get(room=room)) == "Luca Conti shared Pumping station"


def test_a_related_room_with_somebody_who_may_not_know_gets_no_line(scene, django_capture_on_commit_callbacks):
    other = PartnershipFactory(vendor=scene.vendor, partner=scene.stranger, kind="services")
    room = open_room(
        actor=acting(scene.luca), record=other, title="Other", organisations=[scene.vendor, scene.stranger]
    )
    related = [["partners.partnership", other.pk]]
    happens(scene, "thing.shared", django_capture_on_commit_callbacks, related=related)
    assert not Message.objects.filter(room=room).exists()
    assert Message.objects.filter(room=scene.of_edge).count() == 1


def test_titles_are_escaped_in_lines(scene):
    entry = TrailEntry.objects.create(
        organisation=scene.vendor,
        user=scene.luca.user,
        verb="thing.shared",
        via="web",
        target="chat.room",
        target_id=scene.room.pk,
        title="<img onerror=x>",
    )
    line = Message.objects.create(room=scene.of_edge, entry=entry, seq=1, said=0)
    assert "<img" not in note_text(line)
    assert "&lt;img" in note_text(line)


def test_pages_of_both_sides_are_woken_and_told_what_it_takes(scene, monkeypatch, django_capture_on_commit_callbacks):
    sent = []
    monkeypatch.setattr("core.realtime.control", lambda group, **order: sent.append((group, order)))
    happens(scene, "thing.kept", django_capture_on_commit_callbacks)
    woken = {group: order for group, order in sent if order.get("do") == "changed"}
    assert set(woken) == {f"organisation.{scene.vendor.pk}", f"organisation.{scene.partner.pk}"}
    order = woken[f"organisation.{scene.vendor.pk}"]
    assert order["needs"] == "partnerships.view"
    frame = {"on": "changed", "what": "partnership", "id": scene.edge.pk, "verb": "thing.kept"}
    assert json.loads(order["text"]) == frame


def test_pages_of_a_related_record_are_woken_too(scene, monkeypatch, django_capture_on_commit_callbacks):
    sent = []
    monkeypatch.setattr("core.realtime.control", lambda group, **order: sent.append((group, order)))
    related = [["partners.partnership", scene.edge.pk]]
    happens(scene, "thing.kept", django_capture_on_commit_callbacks, target=scene.room, related=related)
    told = [json.loads(order["text"]) for _group, order in sent if order.get("do") == "changed"]
    assert {(frame["what"], frame["id"]) for frame in told} >= {("room", scene.room.pk), ("partnership", scene.edge.pk)}


def test_private_acts_wake_ones_own_pages_only(scene, monkeypatch, django_capture_on_commit_callbacks):
    sent = []
    monkeypatch.setattr("core.realtime.control", lambda group, **order: sent.append(group))
    happens(scene, "thing.kept", django_capture_on_commit_callbacks, parties=())
    assert sent == [f"organisation.{scene.vendor.pk}"]


def test_the_room_of_a_record_takes_the_capability_that_its_page_takes(scene):
    assert scene.of_edge.capability == "partnerships.view"
    assert not Room.objects.visible_to(acting(scene.marta)).for_record(scene.edge).exists()
    reader = acting(member_of(scene.partner, "partnerships.view"))
    assert Room.objects.visible_to(reader).for_record(scene.edge).exists()


def test_a_partnership_opens_its_room_once_and_closing_it_keeps_the_words(scene, django_capture_on_commit_callbacks):
    edge = PartnershipFactory()
    for _ in range(2):
        happens(scene, "partnership.activated", django_capture_on_commit_callbacks, target=edge)
    room = Room.objects.for_record(edge).get()
    assert (room.kind, room.party_ids()) == ("partnership", {edge.vendor_id, edge.partner_id})
    edge.state = "ended"
    edge.save()
    actions.close_or_reopen(organisation_ids=[edge.vendor_id, edge.partner_id])
    room.refresh_from_db()
    assert room.closed_at
