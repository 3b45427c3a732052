"""Calls: starting, ringing, joining, declining, leaving, and what ends by itself."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.timezone import now

from chat import actions
from chat.actions import call_upkeep
from chat.calls import ice
from chat.calls.showing import talking_in
from chat.calls.tasks import tidy_calls
from chat.models import Call, Message, Participant, Room
from core.errors import DomainError, InvalidTransition
from core.models import TrailEntry
from core.states import move
from inbox.models import Notification
from partners.actors import system_actor
from tests.chat.factories import acting, member_of, talk

pytestmark = pytest.mark.django_db
State = Participant.State


@pytest.fixture
def it():
    return talk()


def start(it, *rung, who=None):
    return actions.start_call(actor=acting(who or it.luca), room=it.room, ring_members=[each.pk for each in rung]).call


def join(call, member, tab=""):
    return actions.join_call(actor=acting(member), call=call, tab=tab)


def leave(call, member, **extra):
    return actions.leave_call(actor=acting(member), call=call, **extra)


def state_of(call, member):
    return Participant.objects.get(call=call, membership=member).state


def verbs(room):
    found = TrailEntry.objects.filter(target="chat.room", target_id=room.pk, verb__startswith="call.")
    return list(found.order_by("pk").values_list("verb", flat=True))


def later(seconds):
    """Everything in calls was that much earlier."""
    gone = timedelta(seconds=seconds)
    for each in Participant.objects.all():
        for name in ("rung_at", "joined_at", "seen_at"):
            if getattr(each, name):
                setattr(each, name, getattr(each, name) - gone)
        each.save()
    for call in Call.objects.all():
        call.started -= gone
        call.save()


def renewed(call, member):
    Participant.objects.filter(call=call, membership=member).update(seen_at=now())


def direct(it):
    return actions.start_direct(actor=acting(it.luca), member=it.marta)


# Starting and joining -------------------------------------------------------------------------------------------------


def test_a_call_from_the_first_ring_to_the_line_in_the_room(it, django_capture_on_commit_callbacks, time_machine):
    time_machine.move_to(now(), tick=False)
    with django_capture_on_commit_callbacks(execute=True):
        call = start(it, it.marta)
        assert state_of(call, it.marta) == State.RINGING
        join(call, it.marta)
        later(723)
        renewed(call, it.luca)
        renewed(call, it.marta)
        leave(call, it.marta)
        call.refresh_from_db()
        assert call.ended is None
        leave(call, it.luca)
    call.refresh_from_db()
    assert call.ended is not None
    assert verbs(it.room) == [
        "call.started", "call.joined", "call.rang", "call.joined", "call.left", "call.left", "call.ended",
    ]  # fmt: skip
    lines = Message.objects.filter(room=it.room).exclude(entry=None).order_by("seq")
    assert [line.entry.verb for line in lines] == ["call.started", "call.rang", "call.ended"]
    ended = lines.last().entry.data
    assert (ended["length"], ended["who"]) == ("12:03", "Luca Conti 12:03, Marta Riva 12:03")


def test_a_room_has_one_call_and_starting_again_joins_it(it):
    call = start(it)
    assert start(it, who=it.marta) == call
    assert {each.membership for each in call.participants.filter(state=State.JOINED)} == {it.luca, it.marta}
    assert verbs(it.room).count("call.started") == 1


def test_the_side_thread_has_its_own_call_that_the_other_side_never_sees(it):
    call = actions.start_call(actor=acting(it.luca), room=it.side).call
    assert not Call.objects.visible_to(acting(it.marta)).exists()
    with pytest.raises(Http404):
        join(call, it.marta)
    readers = TrailEntry.objects.filter(verb__startswith="call.").values_list("readers__organisation", flat=True)
    assert set(readers) == {it.vendor.pk}


@pytest.mark.parametrize("act", [join, leave])
def test_a_stranger_finds_no_call(it, act):
    call = start(it)
    with pytest.raises(Http404):
        act(call, it.eva)
    for function in (actions.decline_call, lambda **kw: actions.ring(**kw, members=[it.luca.pk])):
        with pytest.raises(Http404):
            function(actor=acting(it.eva), call=call)
    with pytest.raises(Http404):
        start(it, who=it.eva)
    assert Participant.objects.count() == 1


def test_who_may_not_write_may_not_call(it):
    reader = member_of(it.partner, "partnerships.view")
    call = start(it)
    for act in (lambda: join(call, reader), lambda: start(it, who=reader)):
        with pytest.raises(PermissionDenied, match="Write in rooms"):
            act()
    assert talking_in(acting(reader), it.room).who == "Luca Conti is in a call"


def test_in_a_closed_room_nobody_calls(it):
    call = start(it)
    Room.objects.filter(pk=it.room.pk).update(closed_at=now())
    for act in (lambda: join(call, it.marta), lambda: start(it)):
        with pytest.raises(PermissionDenied, match="closed"):
            act()


def test_a_machine_does_not_talk(it):
    with pytest.raises(PermissionDenied, match="Only people"):
        actions.start_call(actor=system_actor(it.vendor), room=it.room)


def test_the_seventh_hears_a_sentence(it):
    call = start(it)
    for _n in range(5):
        join(call, member_of(it.partner, "chat.post"))
    with pytest.raises(DomainError, match="6 people talk already"):
        join(call, it.marta)
    leave(call, it.luca)
    assert join(call, it.marta).state == State.JOINED


def test_nobody_joins_a_call_that_is_over(it):
    call = start(it)
    leave(call, it.luca)
    with pytest.raises(DomainError, match="over"):
        join(call, it.marta)
    assert start(it) != call


def test_one_talks_in_one_call_at_a_time(it):
    start(it)
    other = direct(it)
    with pytest.raises(DomainError, match="another call") as refused:
        actions.start_call(actor=acting(it.luca), room=other)
    assert refused.value.code == "busy"


def test_a_call_that_a_dead_tab_left_behind_keeps_nobody_from_the_next(it):
    call = start(it)
    later(26)
    assert actions.start_call(actor=acting(it.luca), room=direct(it)).state == State.JOINED
    call.refresh_from_db()
    assert call.ended is not None


def test_another_tab_takes_the_seat_over_and_the_old_one_cannot_take_it_back(it):
    call = start(it)
    old = Participant.objects.get(membership=it.luca)
    assert join(call, it.luca, old.tab).tab == old.tab  # joining again changes nothing
    new = join(call, it.luca)
    assert (new.tab != old.tab, new.epoch) == (True, old.epoch + 1)
    with pytest.raises(DomainError, match="another tab"):
        join(call, it.luca, old.tab)
    leave(call, it.luca, tab=old.tab)  # what the old tab says late
    assert state_of(call, it.luca) == State.JOINED
    leave(call, it.luca, tab=new.tab)
    assert state_of(call, it.luca) == State.LEFT


def test_leaving_twice_and_declining_without_being_rung_change_nothing(it):
    call = start(it)
    join(call, it.marta)
    for _n in range(2):
        leave(call, it.marta)
        actions.decline_call(actor=acting(it.marta), call=call)
    assert verbs(it.room).count("call.left") == 1
    assert "call.declined" not in verbs(it.room)


def test_who_hangs_up_between_two_ends_the_call_for_both_and_closing_the_tab_does_not(it):
    room = direct(it)
    for hang_up in (False, True):
        call = actions.start_call(actor=acting(it.luca), room=room).call
        join(call, it.marta)
        leave(call, it.marta, hang_up=hang_up)
        call.refresh_from_db()
        assert (call.ended is not None) is hang_up
    assert state_of(call, it.luca) == State.LEFT


def test_states_change_through_the_table_alone(it):
    one = Participant(call=start(it), membership=it.marta)
    for name in ("leave", "decline", "miss"):
        with pytest.raises(InvalidTransition):
            move(one, name)


# Ringing --------------------------------------------------------------------------------------------------------------


def test_declining_tells_the_ringer(it):
    call = start(it, it.marta)
    actions.decline_call(actor=acting(it.marta), call=call)
    assert state_of(call, it.marta) == State.DECLINED
    assert join(call, it.marta).state == State.JOINED  # and one may change one's mind


def test_ringing_ends_after_half_a_minute_and_is_a_missed_call(it, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        call = start(it, it.marta)
        later(29)
        renewed(call, it.luca)
        actions.tidy_call(call_id=call.pk)
        assert state_of(call, it.marta) == State.RINGING
        later(2)
        actions.tidy_call(call_id=call.pk)
    assert state_of(call, it.marta) == State.MISSED
    told = Notification.objects.get()
    assert (told.membership, told.title) == (it.marta, "You missed a call from Luca Conti")
    assert told.url == f"/rooms/{it.room.pk}/"


def test_hanging_up_before_somebody_answers_is_a_missed_call_too(it, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        call = start(it, it.marta)
        leave(call, it.luca)
    assert state_of(call, it.marta) == State.MISSED
    assert Notification.objects.filter(membership=it.marta).count() == 1


def test_who_talks_elsewhere_is_busy_and_finds_a_missed_call(it, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        actions.start_call(actor=acting(it.marta), room=direct(it))
        call = start(it, it.marta)
    assert state_of(call, it.marta) == State.BUSY
    assert Notification.objects.get().membership == it.marta


def test_only_people_of_the_room_who_may_talk_can_be_rung(it):
    reader = member_of(it.partner, "partnerships.view")
    for nobody in (it.eva.pk, reader.pk, it.luca.pk, 0, 2**40):
        with pytest.raises(DomainError, match="not in this room"):
            actions.start_call(actor=acting(it.luca), room=it.room, ring_members=[nobody])
    assert not Participant.objects.exclude(membership=it.luca).exists()


def test_only_who_is_in_the_call_rings_others(it):
    call = start(it)
    with pytest.raises(PermissionDenied, match="Join the call first"):
        actions.ring(actor=acting(it.marta), call=call, members=[it.luca.pk])


def test_more_people_than_a_call_takes_are_not_rung(it):
    six = [member_of(it.partner, "chat.post").pk for _n in range(6)]
    with pytest.raises(DomainError, match="you can ring 5 more"):
        actions.start_call(actor=acting(it.luca), room=it.room, ring_members=six)
    assert start(it).participants.count() == 1


def test_ringing_does_not_become_a_nuisance(it):
    call = start(it, it.marta)
    for _n in range(4):
        actions.decline_call(actor=acting(it.marta), call=call)
        actions.ring(actor=acting(it.luca), call=call, members=[it.marta.pk])
    actions.decline_call(actor=acting(it.marta), call=call)
    with pytest.raises(DomainError, match="was rung 5 times"):
        actions.ring(actor=acting(it.luca), call=call, members=[it.marta.pk])


def test_a_flood_of_rings_is_stopped(it, monkeypatch):
    monkeypatch.setattr("chat.actions.calls.RINGS_AT_MOST", 2)
    for _n in range(2):
        leave(start(it, it.marta), it.luca)
    with pytest.raises(DomainError, match="many people") as refused:
        start(it, it.marta)
    assert refused.value.code == "flood"


# What ends by itself --------------------------------------------------------------------------------------------------


def test_silence_for_longer_than_the_lease_is_leaving(it):
    call = start(it)
    join(call, it.marta)
    later(26)
    renewed(call, it.luca)
    assert call_upkeep.is_overdue(call.pk)
    actions.tidy_call(call_id=call.pk)
    assert (state_of(call, it.marta), state_of(call, it.luca)) == (State.LEFT, State.JOINED)
    assert not call_upkeep.is_overdue(call.pk)


def test_a_process_that_died_leaves_no_call_behind(it):
    call = start(it, it.marta)
    later(40)
    tidy_calls.call()
    call.refresh_from_db()
    assert call.ended is not None
    assert (state_of(call, it.luca), state_of(call, it.marta)) == (State.LEFT, State.MISSED)
    assert call_upkeep.overdue_calls() == []


def test_an_untouched_call_is_not_overdue(it):
    start(it, it.marta)
    later(5)
    assert call_upkeep.overdue_calls() == []


def test_a_socket_that_ended_puts_out_only_its_own_tab_and_only_without_a_sign_of_life(it):
    call = start(it)
    join(call, it.marta)
    tab = Participant.objects.get(membership=it.marta).tab
    whose = {"call_id": call.pk, "membership_id": it.marta.pk}
    assert not call_upkeep.lapse(**whose, tab=tab, silent_for=4)
    assert not call_upkeep.lapse(**whose, tab=tab, barred_only=True)
    assert call_upkeep.lapse(**whose, tab="another")
    assert state_of(call, it.marta) == State.JOINED
    assert call_upkeep.lapse(**whose, tab=tab)
    assert state_of(call, it.marta) == State.LEFT


@pytest.mark.parametrize("loss", ["seat", "role", "membership", "closed"])
def test_who_lost_the_room_is_put_out_at_once(it, loss):
    call = start(it)
    tab = join(call, it.marta).tab
    if loss == "seat":
        it.room.seats.filter(organisation=it.partner).delete()
    elif loss == "role":
        it.marta.roles.clear()
    elif loss == "membership":
        type(it.marta).objects.filter(pk=it.marta.pk).update(active=False)
    else:
        Room.objects.filter(pk=it.room.pk).update(closed_at=now())
    assert call_upkeep.lapse(call_id=call.pk, membership_id=it.marta.pk, tab=tab, barred_only=True)
    assert state_of(call, it.marta) == State.LEFT


# What pages show, and TURN --------------------------------------------------------------------------------------------


def test_the_line_above_the_room_names_who_talks(it):
    assert talking_in(acting(it.marta), it.room) is None
    call = start(it)
    join(call, it.marta)
    assert talking_in(acting(it.marta), it.room).who == "Luca Conti and Marta Riva talk"
    for _n in range(2):
        join(call, member_of(it.partner, "chat.post"))
    assert talking_in(acting(it.luca), it.room).who == "Luca Conti, Marta Riva and 2 more talk"
    assert talking_in(acting(it.eva), it.room) is None


def test_turn_credentials_follow_the_rest_scheme():
    # openssl: printf %s 1700028800:7 | openssl dgst -sha1 -hmac north -binary | base64
    assert ice.credentials(7, secret="north", at=1_700_000_000) == ("1700028800:7", "0kbG6E9pKsexGEP3SOo3NLSx3Mw=")


def test_servers_are_settings(settings):
    settings.STUN_URLS, settings.TURN_URLS, settings.TURN_SECRET = [], [], ""
    assert ice.servers_for(7) == []
    settings.STUN_URLS = ["stun:turn.example:3478"]
    settings.TURN_URLS = ["turn:turn.example:3478"]
    assert ice.servers_for(7) == [{"urls": ["stun:turn.example:3478"]}]  # no secret: no TURN
    settings.TURN_SECRET = "north"
    turn = ice.servers_for(7)[1]
    assert turn["username"].endswith(":7")
    assert "north" not in str(turn)
