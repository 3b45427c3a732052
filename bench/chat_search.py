"""A million messages in 5,000 rooms, searched on PostgreSQL by somebody who sees 500 of the rooms.

Rare and common words, the best first, a room, and somebody who sees nothing; beside each the same with `LIKE`, as it
was before there was an index. `BENCH_MESSAGES` sets another number. It needs PostgreSQL's binaries, or the
TEST_DATABASE_URL of an empty database.
"""

import json
import os
import time
from collections.abc import Callable
from statistics import median

from bench import Row, lay_tables, on_postgres, set_up

MESSAGES = int(os.environ.get("BENCH_MESSAGES", "1000000"))
ROOMS, SEEN, TIMES = 5_000, 500, 15
# Every message has one of 40,000 rare words, one of 300 usual ones and sometimes a common one.
FILL = """
INSERT INTO chat_message (room_id, seq, said, body, html, created, answers, expired, organisation_id)
SELECT (SELECT min(id) FROM chat_room WHERE kind = 'partnership') + (n % {rooms}), n / {rooms} + 1, n / {rooms} + 1,
       t, '<p>' || t || '</p>', now() - make_interval(secs => {messages} - n), 0, false, {organisation}
FROM (SELECT n, 'rare' || (n % 40000) || ' usual' || (n % 300)
             || CASE WHEN n % 5 = 0 THEN ' common' ELSE ' other' END
             AS t FROM generate_series(1, {messages}) AS n) AS made
"""
WORDS = """
INSERT INTO chat_messagewords (message_id, vector)
SELECT id, array_to_tsvector(string_to_array(body, ' ')) FROM chat_message ORDER BY id
"""


def run() -> list[Row]:
    """A row a question: the median of what the search takes, beside LIKE over the same rows."""
    told = on_postgres("bench.chat_search")
    return [
        Row(f"{what}, of {MESSAGES:,}", f"{ours * 1000:.1f} ms", f"{like * 1000:.1f} ms", "LIKE", ours / like)
        for what, (ours, like) in told.items()
    ]


def measure() -> dict[str, tuple[float, float]]:
    """Fill the tables, then ask."""
    set_up()
    from django.db import connection

    from chat.asking import asked_of
    from chat.finding import find
    from chat.models import Message, Room, Seat
    from tests.chat.factories import acting, talk

    lay_tables()
    scene = talk()
    Room.objects.all().delete()
    made = Room.objects.bulk_create(Room(kind="partnership", title=f"Room {n}") for n in range(ROOMS))
    seats = [Seat(room=room, organisation=scene.partner) for room in made]
    Seat.objects.bulk_create([*seats, *(Seat(room=room, organisation=scene.vendor) for room in made[:: ROOMS // SEEN])])
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX messagewords_by_word")  # made anew below: filling goes ten times as fast
        cursor.execute(FILL.format(rooms=ROOMS, messages=MESSAGES, organisation=scene.vendor.pk))
        cursor.execute(WORDS)
        cursor.execute(
            "CREATE INDEX messagewords_by_word ON chat_messagewords USING gin (vector) WITH (fastupdate = off)"
        )
        cursor.execute("VACUUM ANALYZE chat_message, chat_messagewords, chat_room, chat_seat")
    luca, eva, room = acting(scene.luca), acting(scene.eva), made[0]

    def like(actor, word):
        rows = Message.objects.visible_to(actor).said().filter(body__icontains=word).order_by("-pk")
        return list(rows[:31])

    questions: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "a rare word": (lambda: find(luca, asked_of("rare123 ")), lambda: like(luca, "rare123 ")),
        "a usual word": (lambda: find(luca, asked_of("usual7 ")), lambda: like(luca, "usual7 ")),
        "a common word": (lambda: find(luca, asked_of("common ")), lambda: like(luca, "common")),
        "a common word, best first": (lambda: find(luca, asked_of("common "), best=True), lambda: like(luca, "common")),
        "in one room": (lambda: find(luca, asked_of("common "), room=room), lambda: like(luca, "common")),
        "a word that is nowhere": (lambda: find(luca, asked_of("nowhere ")), lambda: like(luca, "nowhere")),
        "by one who sees nothing": (lambda: find(eva, asked_of("common ")), lambda: like(eva, "common")),
    }
    return {what: (_p50(ours), _p50(theirs, 3)) for what, (ours, theirs) in questions.items()}


def _p50(ask: Callable[[], object], times: int = TIMES) -> float:
    """The median of several times, in seconds, after one that is not counted."""
    taken = []
    for _each in range(times + 1):
        began = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - began)
    return median(taken[1:])


if __name__ == "__main__":
    print(json.dumps(measure()))
