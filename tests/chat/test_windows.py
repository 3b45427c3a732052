"""A long log in pieces: pages both ways, around a message, the first of a day."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chat.models import Message, ReadMark, Room
from tests.chat.factories import talk
from tests.chat.test_views import client_of

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 10, tzinfo=UTC)


def fill(room, membership, count, every=timedelta(hours=1)):
    Message.objects.bulk_create(
        Message(
            room=room, seq=n, said=n, membership=membership, author=membership.user,
            organisation=membership.organisation, body=f"m{n}", html=f"<p>m{n}</p>", created=START + every * (n - 1),
        )
        for n in range(1, count + 1)
    )  # fmt: skip
    Room.objects.filter(pk=room.pk).update(last_seq=count, said=count, last_said=count)


def numbers(text):
    return [int(found) for found in re.findall(r'data-seq="(\d+)"', text)]


@pytest.fixture
def scene():
    found = talk()
    fill(found.room, found.luca, 240)
    return found


def read(scene, path):
    return client_of(scene.marta).get(f"/rooms/{scene.room.pk}/{path}").content.decode()


def test_later_messages_come_in_pages(scene):
    text = read(scene, "later/?after=100")
    assert numbers(text) == list(range(101, 151))
    assert "data-newer" in text
    assert "data-older" not in text
    text = read(scene, "later/?after=190")
    assert numbers(text) == list(range(191, 241))
    assert "data-newer" not in text


def test_around_a_message_there_are_both_sides(scene):
    text = read(scene, "around/?at=120")
    assert numbers(text) == list(range(95, 145))
    assert "data-newer" in text
    assert "before=95" in text
    assert numbers(read(scene, "around/?at=1")) == list(range(1, 26))
    assert numbers(read(scene, "around/?at=240")) == list(range(215, 241))


@pytest.mark.parametrize(
    "query", ["", "at=", "at=x", "at=-1", "at=" + "9" * 40, "day=x", "day=0000-00-00", "day=9999-12-31"]
)
def test_a_senseless_place_shows_the_end(scene, query):
    assert numbers(read(scene, f"around/?{query}"))[-1] == 240
    assert client_of(scene.marta).get(f"/rooms/{scene.room.pk}/?{query}").status_code == 200


@pytest.mark.parametrize(
    ("day", "first"),
    [("2026-03-01", 1), ("2026-03-03", 14), ("2026-03-05", 62), ("2026-03-12", 230), ("2027-01-01", 240)],
)
def test_a_day_is_that_of_the_reader(scene, day, first):
    # The first message is of 11:00 on 2 March in Rome, so that the fourteenth begins the third of March there.
    assert scene.marta.user.time_zone == "Europe/Rome"
    assert numbers(read(scene, f"around/?day={day}"))[0] == max(1, first - 25)
    assert f'id="m-{first}"' in read(scene, f"?day={day}")


def test_who_left_much_unread_starts_where_they_stopped(scene):
    ReadMark.objects.update_or_create(room=scene.room, membership=scene.marta, defaults={"last_seq": 100, "said": 100})
    text = read(scene, "")
    assert numbers(text)[0] == 76
    assert text.index('class="new"') < text.index('id="m-101"')
    assert text.index('id="m-100"') < text.index('class="new"')
    assert "data-newer" in text
    assert 'data-last="240"' in text


def test_who_never_read_starts_at_the_end(scene):
    ReadMark.objects.filter(membership=scene.marta).delete()
    assert numbers(read(scene, ""))[-1] == 240


def test_a_stranger_learns_nothing(scene):
    eva = client_of(scene.eva)
    for path in ("later/?after=1", "around/?at=3", "around/?day=2026-03-03", "?day=2026-03-03"):
        assert eva.get(f"/rooms/{scene.room.pk}/{path}").status_code == 404
    for path in ("later/", "around/"):
        assert client_of(scene.marta).get(f"/rooms/{scene.side.pk}/{path}").status_code == 404


@pytest.mark.parametrize("path", ["later/?after=10", "around/?at=60", "around/?day=2026-03-04"])
def test_a_longer_room_costs_no_more(scene, path):
    client = client_of(scene.marta)
    client.get("/rooms/")
    counts = []
    for count in (90, 240):
        Message.objects.all().delete()
        fill(scene.room, scene.luca, count)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/rooms/{scene.room.pk}/{path}").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
