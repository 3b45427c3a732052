"""Searching the talk: what is found, how it is narrowed and paged, and what nobody else ever learns."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from chat import actions
from chat.asking import asked_of
from chat.finding import find
from chat.models import Bookmark, Message, Room
from tests.chat.factories import acting, member_of, talk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_flood(monkeypatch):
    monkeypatch.setattr("chat.actions.messages.FLOOD", ())


@pytest.fixture
def scene():
    scene = talk()
    say(scene.luca, scene.room, "The tender closes in January")
    say(scene.marta, scene.room, "Booster pumps: see https://example.test/list")
    say(scene.luca, scene.side, "Our margin on the tender is 31")
    return scene


def say(member, room, body, **more):
    return actions.post_message(actor=acting(member), room=room, body=body, **more)


def found(member, typed, **more):
    page = find(acting(member), asked_of(typed), **more)
    return [one.message.body for place in page.places for one in place.finds]


def client_of(member):
    client = Client()
    client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


# What is asked -------------------------------------------------------------------------------------------------------


def test_typed_filters_are_taken_out_of_the_words():
    asked = asked_of(
        'pump from:"Luca Conti" in:station before:2026-12-01 after:2026-11-01 has:file is:saved "two words"'
    )
    assert (asked.words.split(), asked.sender, asked.room) == (["pump", '"two', 'words"'], "Luca Conti", "station")
    assert (asked.before, asked.after) == (date(2026, 12, 1), date(2026, 11, 1))
    assert (asked.has, asked.of, asked.problems) == ({"file"}, {"saved"}, ())


def test_chosen_filters_stand_beside_the_typed_ones():
    asked = asked_of("pump has:file", [("has", "link"), ("from", "me"), ("in", " "), ("after", "2026-11-01")])
    assert (asked.has, asked.of, asked.room, asked.after) == ({"file", "link"}, {"mine"}, "", date(2026, 11, 1))


@pytest.mark.parametrize("typed", ["before:soon", "after:2026-13-01", "has:money", "is:important", "has:\0"])
def test_filters_that_mean_nothing_are_named(typed):
    [problem] = asked_of(f"pump {typed}").problems
    assert typed.replace("\0", "") in problem.replace("\0", "")


def test_addresses_and_times_are_words():
    assert asked_of("https://example.test 10:30 login:x").words == "https://example.test 10:30 login:x"


# What is found -------------------------------------------------------------------------------------------------------


def test_words_filters_and_both(scene):
    assert found(scene.marta, "tender") == ["The tender closes in January"]
    assert sorted(found(scene.luca, "tender")) == ["Our margin on the tender is 31", "The tender closes in January"]
    assert found(scene.luca, "from:marta") == ["Booster pumps: see https://example.test/list"]
    assert found(scene.marta, "from:me has:link pump") == ["Booster pumps: see https://example.test/list"]
    assert found(scene.marta, "in:pumping tender") == ["The tender closes in January"]
    assert found(scene.marta, "in:elsewhere tender") == []
    assert found(scene.marta, "") == found(scene.marta, "before:soon") == []


def test_days_are_those_of_the_reader(scene):
    Message.objects.filter(body__startswith="Booster").update(created=now() - timedelta(days=10))
    day = (now() - timedelta(days=5)).date()
    assert found(scene.marta, f"before:{day}") == ["Booster pumps: see https://example.test/list"]
    assert found(scene.marta, f"after:{day}") == ["The tender closes in January"]


def test_saved_ones_are_ones_own(scene):
    message = scene.room.messages.first()
    Bookmark.objects.create(message=message, membership=scene.marta)
    assert found(scene.marta, "is:saved") == [message.body]
    assert found(scene.luca, "is:saved") == []


def test_files_are_found_by_their_names(scene):
    from tests.chat.test_files import PNG, upload

    say(scene.luca, scene.room, "", files=[upload("Site plan Malmö.png", PNG)])
    [place] = find(acting(scene.marta), asked_of("malmo has:file")).places
    assert [str(name) for name in place.finds[0].files] == ["Site plan <mark>Malmö</mark>.png"]
    assert found(scene.marta, "has:file") == [""]


def test_deleted_words_vanish_at_once_and_edited_ones_are_found_by_the_new(scene):
    first, second = scene.room.messages.order_by("seq")
    actions.edit_message(actor=acting(scene.luca), message=first, body="The auction closes in March")
    assert (found(scene.marta, "tender"), found(scene.marta, "auction")) == ([], ["The auction closes in March"])
    actions.delete_message(actor=acting(scene.marta), message=second)
    assert found(scene.marta, "booster") == found(scene.luca, "has:link") == []
    assert not hasattr(Message.objects.get(pk=second.pk), "words")


def test_what_was_said_around_a_find_is_shown_once(scene):
    say(scene.marta, scene.room, "Thank you")
    [place] = find(acting(scene.luca), asked_of("booster")).places
    [one] = place.finds
    assert (one.before, one.after) == ("Luca Conti: The tender closes in January", "Marta Riva: Thank you")


# Who learns what ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["margin", "31", "from:luca", "in:pumping", "our", "-nothing tender", "has:link", '"the tender"']
)
def test_a_side_thread_is_found_by_its_own_side_alone(scene, typed):
    assert "Our margin on the tender is 31" not in found(scene.marta, typed)
    assert found(scene.eva, typed) == []
    assert "margin" not in client_of(scene.marta).get("/rooms/search/", {"q": typed}).text.replace(typed, "")


def test_whether_hidden_talk_holds_a_word_changes_nothing_for_the_other_side(scene):
    pages = [client_of(scene.marta).get("/rooms/search/", {"q": word}).text for word in ("margin", "nargim")]
    one, other = (re.sub(r'(value|content)="[A-Za-z0-9]{64}"|(nonce|data-moment)="[^"]+"', "", page) for page in pages)
    assert one.replace("margin", "nargim") == other


def test_the_room_of_others_is_no_filter_and_no_page(scene):
    client = client_of(scene.marta)
    for number in (scene.side.pk, 999_999):
        page = client.get("/rooms/search/", {"q": "tender", "room": number})
        assert "Our margin" not in page.text
        assert "Only in" not in page.text
    theirs, missing = (client.get(f"/rooms/{pk}/find/", {"q": "x"}) for pk in (scene.side.pk, 999_999))
    assert theirs.status_code == missing.status_code == 404
    assert found(scene.marta, "tender", page=f"{scene.side.pk}.1") == found(scene.marta, "tender")


def test_what_was_said_before_one_joined_stays_unfound():
    scene = talk()
    group = actions.open_group(actor=acting(scene.luca), title="Weir", members=[])
    Room.objects.filter(pk=group.pk).update(history=Room.History.JOINING)
    say(scene.luca, group, "An early word")
    actions.add_seat(actor=acting(scene.luca), room=group, member=scene.marta)
    say(scene.luca, group, "A later word")
    assert found(scene.luca, "word") == ["A later word", "An early word"]
    assert found(scene.marta, "word") == ["A later word"]
    [place] = find(acting(scene.marta), asked_of("later")).places
    assert place.finds[0].before == ""


def test_nothing_is_found_after_a_seat_is_lost(scene):
    seat = scene.room.seats.get(organisation=scene.partner)
    actions.remove_seat(actor=acting(scene.luca), room=scene.room, seat=seat)
    assert found(scene.marta, "tender") == []


def test_addresses_do_not_count_other_talk(scene):
    for number in range(40):
        say(scene.luca, scene.side, f"aside {number}")
        say(scene.luca, scene.room, f"weir {number}")
    page = find(acting(scene.marta), asked_of("weir"))
    last = page.places[0].finds[-1].message
    assert page.next_page == f"{scene.room.pk}.{last.seq}"


# Pages ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("best", [False, True])
def test_pages_show_each_find_once(scene, best):
    for number in range(75):
        say(scene.luca, scene.room, f"weir {number} " + "weir " * (number % 3))
    seen, page = [], ""
    for _each in range(3):
        shown = find(acting(scene.marta), asked_of("weir "), best=best, page=page)
        seen += [one.message.seq for place in shown.places for one in place.finds]
        page = shown.next_page
    assert page == ""
    assert sorted(seen) == list(range(3, 78))
    assert best or seen == sorted(seen, reverse=True)


@pytest.mark.parametrize("page", ["x", "1", "1.1.1.1", "-1.1", "9" * 30, "1.99999999", "%00", "1.2.3'--"])
def test_pages_that_are_none_begin_again(scene, page):
    assert client_of(scene.marta).get("/rooms/search/", {"q": "tender", "page": page}).status_code == 200


@pytest.mark.parametrize(
    "query",
    ["", "q=tender", "q=tender&by=best", "has=file&has=link&is=mine", "before=x&after=9999-99-99", "room=" + "9" * 30],
)
def test_the_page_and_its_part_answer(scene, query):
    client = client_of(scene.marta)
    whole, part = (
        client.get(f"/rooms/search/?{query}"),
        client.get(f"/rooms/search/?{query}", headers={"HX-Request": "true"}),
    )
    assert whole.status_code == part.status_code == 200
    assert 'id="finds"' in whole.text
    assert part.text.strip().startswith('<div id="finds">')


def test_words_are_marked_and_nothing_else_becomes_an_element(scene):
    say(scene.luca, scene.room, "`<script>alert(1)</script>` tender <b>x</b>")
    page = client_of(scene.marta).get("/rooms/search/", {"q": 'tender "<script>"'})
    assert "<script>alert" not in page.text
    assert "<b>x</b>" not in page.text
    assert "<mark>" in page.text


def test_a_room_is_searched_alone(scene):
    other = talk().room
    Room.objects.filter(pk=other.pk).update(title="Other")
    page = client_of(scene.luca).get(f"/rooms/{scene.room.pk}/find/", {"q": "tender"})
    assert "closes in January" in page.text
    assert "margin" not in page.text
    assert "Nothing in this room" in client_of(scene.luca).get(f"/rooms/{scene.room.pk}/find/", {"q": "zzz"}).text


def test_the_number_of_queries_does_not_grow(scene):
    client = client_of(scene.marta)
    client.get("/rooms/search/", {"q": "weir"})
    counts = []
    for _round in range(2):
        for _each in range(3):
            say(scene.luca, scene.room, "weir")
            other = member_of(scene.vendor, "chat.post")
            say(scene.marta, actions.start_direct(actor=acting(scene.marta), member=other), "weir")
        with CaptureQueriesContext(connection) as queries:
            client.get("/rooms/search/", {"q": "weir"})
        counts.append(len(queries))
    assert counts[0] == counts[1]
