"""Finding rows by their words: the same answers from both databases, whatever is typed."""

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.models import Message, MessageWords
from core.fulltext import Content, keep, matching, query_of, ranked
from tests.chat.factories import talk

pytestmark = pytest.mark.django_db

TEXTS = [
    "The tender of Malmö closes in January",
    "Booster pumps AP-100 and AP-200, see D-0041271",
    "Le offerte per la pompa: perché no?",
    "Our offer is a draft, a draft, a draft",
    "https://example.test/tender closing soon",
]


@pytest.fixture
def said():
    room = talk().room
    made = []
    for number, text in enumerate(TEXTS, 1):
        message = Message.objects.create(room=room, seq=number, said=number, body=text)
        keep(MessageWords, message, Content(text, ("link",) if "https" in text else ()), new=True)
        made.append(message)
    return made


def numbers(typed, marks=()):
    found = matching(Message.objects.all(), query_of(typed, marks)).order_by("seq")
    return [message.seq for message in found]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("tender", [1, 5]),
        ("TENDER", [1, 5]),
        ("malmo", [1]),
        ("closed ", [1, 5]),
        ("clos", [1, 5]),
        ('"closed"', []),
        ("pump", [2]),
        ("pompe", [3]),
        ("offerta", [3]),
        ("offer", [3, 4]),
        ("ap-100", [2]),
        ("ap-300", []),
        ("100 200", [2]),
        ('"100 200"', []),
        ('"ap 200"', [2]),
        ("41271", [2]),
        ("4127", [2]),
        ("D-0041271", [2]),
        ("tender -january", [5]),
        ("-tender", [2, 3, 4]),
        ('-"a draft" -tender', [2, 3]),
        ("perche", [3]),
        ("", []),
        ("!!!", []),
    ],
)
def test_what_is_found(said, typed, expected):
    assert numbers(typed) == expected


def test_marks_narrow_with_and_without_words(said):
    assert numbers("tender", ["link"]) == [5]
    assert numbers("", ["link"]) == [5]
    assert numbers("", ["file"]) == []


def test_marks_and_stems_cannot_be_typed(said):
    assert numbers("link", ()) == []
    assert numbers("\ue001link") == []
    assert numbers("\ue000clos ") == numbers("clos ")


def test_words_change_and_go_with_their_row(said):
    keep(MessageWords, said[0], Content("entirely new words"))
    assert (numbers("malmo"), numbers("entirely")) == ([], [1])
    keep(MessageWords, said[0], None)
    assert numbers("entirely") == []
    keep(MessageWords, said[0], None)
    said[1].delete()
    assert numbers("booster") == []


def test_what_is_rolled_back_was_never_found(said):
    with transaction.atomic():
        keep(MessageWords, said[0], Content("entirely new words"))
        transaction.set_rollback(True)
    assert (numbers("malmo"), numbers("entirely")) == ([1], [])


def test_the_best_comes_first():
    room = talk().room
    texts = ["draft " * 5, "one draft among a great many other words that say something else entirely"]
    for number, text in enumerate(texts, 1):
        message = Message.objects.create(room=room, seq=number, said=number, body=text)
        keep(MessageWords, message, Content(text), new=True)
    best = ranked(Message.objects.all(), query_of("draft")).order_by("-rank", "-pk")
    assert [message.seq for message in best] == [1, 2]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60) | st.text(alphabet="ab\"-*:()&|!<> '\\~^{}", max_size=40))
def test_whatever_is_typed_no_database_objects(said, typed):
    numbers(typed)
    list(ranked(Message.objects.all(), query_of(typed, ["link"])).order_by("-pk")[:3])


def test_hostile_texts_are_kept(said):
    for text in ("'; DROP TABLE x; --", "\\'\\", "\0", "x" * 200_000, "\ud7ff \U0010ffff", "' ' '", '"' * 50):
        keep(MessageWords, said[0], Content(text.replace("\0", "")))
    assert Message.objects.count() == len(TEXTS)


def test_the_index_is_there():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'messagewords_by_word'")
            assert "gin" in cursor.fetchone()[0]
        else:
            cursor.execute("SELECT COUNT(*) FROM sqlite_master WHERE name LIKE 'chat_messagewords_%%words%%'")
            assert cursor.fetchone()[0] == 3
