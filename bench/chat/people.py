"""Rooms, members and sessions, made inside a Django process of the stage (see `Stage.call`)."""

import contextlib
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.utils.timezone import now  # noqa: E402

from bench import lay_tables  # noqa: E402
from chat.actions import open_room  # noqa: E402
from chat.models import Message, Room  # noqa: E402
from partners.models import User  # noqa: E402
from tests import factories  # noqa: E402
from tests.chat.factories import acting, member_of  # noqa: E402
from tests.chat.sockets import session_for  # noqa: E402
from tests.factories import PartnershipFactory  # noqa: E402


def prepare(members: int, rooms: int = 1) -> dict[str, Any]:
    """Rooms of two organisations with their members: ids of the rooms, a session for each member."""
    if not connection.introspection.table_names():
        lay_tables()
    for each in vars(factories).values():  # what an earlier run made has its names
        if (
            isinstance(each, type)
            and issubclass(each, factories.factory.django.DjangoModelFactory)
            and not each._meta.abstract
        ):
            with contextlib.suppress(ValueError):  # it counts with its parent
                each.reset_sequence(1000 * (1 + User.objects.count()))
    edge = PartnershipFactory()
    with transaction.atomic():
        people = [member_of((edge.vendor, edge.partner)[n % 2], "chat.post") for n in range(members)]
        both = [edge.vendor, edge.partner]
        opened = [
            open_room(actor=acting(people[0]), kind="partnership", title=f"Bench {n}", organisations=both)
            for n in range(rooms)
        ]
        sessions = [session_for(member).session_key for member in people]
    return {"rooms": [room.pk for room in opened], "sessions": sessions, "members": [each.pk for each in people]}


def fill(room_id: int, count: int, member_id: int) -> int:
    """Put `count` messages into a room in bulk."""
    from partners.models import Membership

    member = Membership.objects.get(pk=member_id)
    who = {"membership": member, "author": member.user, "organisation": member.organisation}
    text = "The pumps for the second station are ready, see the drawing."
    made = [
        Message(room_id=room_id, seq=n, said=n, body=f"{n} {text}", html=f"<p>{n} {text}</p>", created=now(), **who)
        for n in range(1, count + 1)
    ]
    Message.objects.bulk_create(made, batch_size=5000)
    Room.objects.filter(pk=room_id).update(last_seq=count, said=count, last_said=count)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return count


def stored(room_id: int) -> list[list[Any]]:
    """Number and text of every message of a room, in order."""
    return [list(row) for row in Message.objects.filter(room=room_id).order_by("seq").values_list("seq", "body")]


def opening(long: int, short: int, turns: int = 60) -> list[float]:
    """p50 in ms of opening the page of a room with so many messages, and with so few; by turns."""
    from statistics import median
    from time import perf_counter

    from django.conf import settings
    from django.test import Client

    made = prepare(2, 2)
    for room, count in zip(made["rooms"], (long, short), strict=True):
        fill(room, count, made["members"][0])
    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    client.cookies["sessionid"] = made["sessions"][1]
    took: dict[int, list[float]] = {room: [] for room in made["rooms"]}
    for turn in range(turns + 5):
        for room, times in took.items():
            began = perf_counter()
            response = client.get(f"/rooms/{room}/")
            assert response.status_code == 200
            if turn >= 5:
                times.append((perf_counter() - began) * 1e3)
    return [median(times) for times in took.values()]
