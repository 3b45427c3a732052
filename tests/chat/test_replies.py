"""Rooms by e-mail: the words come along, the answer comes back, and nobody else's answer does."""

import re
from datetime import timedelta
from email.utils import parseaddr

import pytest
import time_machine
from django.utils.timezone import now

from chat import actions
from chat.models import Message, ReadMark
from core.audit import fan_out
from core.models import TrailEntry
from inbox import replies, tasks
from inbox.inbound.receiving import receive
from inbox.models import InboundMail, Preference
from partners.models import Membership
from tests.chat.factories import acting, talk
from tests.inbox.letters import letter

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


@pytest.fixture
def rooms(settings, mailoutbox):
    settings.REPLY_DOMAIN = "reply.filiera.example"
    return talk()


def mail_to(mailoutbox, membership):
    return [message for message in mailoutbox if message.to == [membership.user.email]]


@pytest.fixture
def mentioned(rooms, mailoutbox, django_capture_on_commit_callbacks):
    """Luca names Marta, who is told at once by e-mail; the e-mail."""
    Preference.objects.create(membership=rooms.marta, kind="chat", email="now")
    with django_capture_on_commit_callbacks(execute=True):
        actions.post_message(
            actor=acting(rooms.luca), room=rooms.room, body="@Marta Riva, can you come on **Tuesday**?"
        )
    with django_capture_on_commit_callbacks(execute=True):
        for entry in TrailEntry.objects.filter(fanned_out_at=None):
            fan_out.call(entry.pk)
    (message,) = mail_to(mailoutbox, rooms.marta)
    return message


@pytest.fixture
def receives(django_capture_on_commit_callbacks):
    def post(raw):
        with django_capture_on_commit_callbacks(execute=True):
            return receive(raw)

    return post


def answer(mentioned, sender, text="Yes, at nine.", **more):
    return letter(sender.user.email, mentioned.reply_to[0], text, **more)


def last(rooms):
    return Message.objects.filter(room=rooms.room).order_by("-seq").first()


def test_the_words_stand_in_the_mail_with_an_address_to_answer(mentioned, rooms):
    html = mentioned.alternatives[0][0]
    assert "can you come on **Tuesday**" in mentioned.body and "<strong>Tuesday</strong>" in html
    assert "Luca Conti" in html and "answer this e-mail" in html
    _name, address = parseaddr(mentioned.reply_to[0])
    local, domain = address.split("@")
    assert domain == "reply.filiera.example" and local.startswith("reply+") and len(local) <= 64
    assert mentioned.extra_headers["References"] == f"<chat.room-{rooms.room.pk}@127.0.0.1>"


def test_the_answer_stands_in_the_room_as_an_answer(mentioned, rooms, receives, mailoutbox):
    asked = last(rooms)
    result = receives(answer(mentioned, rooms.marta, "Yes, at nine.\n\nOn Tue, 10 Mar 2026, Luca wrote:\n> Can you?"))
    said = last(rooms)
    assert result.outcome == "posted"
    assert (said.body, said.membership, said.reply_to) == ("Yes, at nine.", rooms.marta, asked)
    assert len(mailoutbox) == 1, "nothing is answered to what was posted"


def test_the_same_letter_twice_is_one_message(mentioned, rooms, receives):
    raw = answer(mentioned, rooms.marta)
    assert [receives(raw).outcome for _ in range(2)] == ["posted", "posted"]
    InboundMail.objects.all().delete()  # and where that was lost, its client id still knows it
    receives(raw)
    assert Message.objects.filter(room=rooms.room, body="Yes, at nine.").count() == 1


def test_files_come_along_checked_like_uploads(mentioned, rooms, receives):
    receives(answer(mentioned, rooms.marta, files=[("plan.pdf", "application/pdf", PDF)]))
    assert [each.name for each in last(rooms).attachments.all()] == ["plan.pdf"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("run.exe", b"MZ\x90"),
        ("plan.pdf", b"MZ\x90 no pdf"),
        ("bomb.zip", b"PK\x03\x04"),
        ("../../x.docx", b"PK\x05\x06" + b"\0" * 18),
    ],
)
def test_a_file_that_is_not_taken_posts_nothing_and_says_why(mentioned, rooms, receives, mailoutbox, name, content):
    before = last(rooms)
    result = receives(answer(mentioned, rooms.marta, files=[(name, "application/octet-stream", content)]))
    assert result.outcome == "refused" and last(rooms) == before
    assert "was not posted" in mailoutbox[-1].body and mailoutbox[-1].to == [rooms.marta.user.email]
    assert mailoutbox[-1].extra_headers["Auto-Submitted"] == "auto-replied"


def test_another_sender_is_refused_with_a_letter_at_most_three_times(mentioned, rooms, receives, mailoutbox):
    before, many = last(rooms), len(mailoutbox)
    for number in range(5):
        raw = answer(mentioned, rooms.luca, message_id=f"<{number}@evil.example>")
        assert receives(raw).outcome == "refused"
    assert last(rooms) == before
    assert [message.to for message in mailoutbox[many:]] == [[rooms.luca.user.email]] * 3
    assert "somebody else" in mailoutbox[-1].body


def test_no_loop_with_machines(mentioned, rooms, receives, mailoutbox):
    before, many = last(rooms), len(mailoutbox)
    assert receives(answer(mentioned, rooms.marta, Auto_Submitted="auto-replied")).outcome == "ignored"
    assert receives(answer(mentioned, rooms.luca, message_id="<2@x>", Return_Path="<>")).outcome == "ignored"
    raw = letter(mentioned.reply_to[0], mentioned.reply_to[0], message_id="<3@x>")
    assert receives(raw).outcome == "ignored", "an address of ours never writes"
    assert last(rooms) == before and len(mailoutbox) == many


def test_an_address_that_is_over_or_a_lost_seat_is_refused_with_the_reason(mentioned, rooms, receives, mailoutbox):
    with time_machine.travel(now() + replies.LIFE + timedelta(days=2)):
        assert "too old" in receives(answer(mentioned, rooms.marta, message_id="<a@x>")).reason
    rooms.room.seats.filter(organisation=rooms.partner).delete()
    assert "no seat" in receives(answer(mentioned, rooms.marta, message_id="<b@x>")).reason
    Membership.objects.filter(pk=rooms.marta.pk).update(active=False)
    assert "does not act" in receives(answer(mentioned, rooms.marta, message_id="<c@x>")).reason
    assert Message.objects.filter(room=rooms.room, body="Yes, at nine.").count() == 0
    assert len(mail_to(mailoutbox, rooms.marta)) == 4


def test_a_role_that_may_not_write_is_told_so(mentioned, rooms, receives):
    rooms.marta.roles.clear()
    assert "does not allow" in receives(answer(mentioned, rooms.marta)).reason


def test_a_letter_without_words_is_refused(mentioned, rooms, receives):
    assert "no words" in receives(answer(mentioned, rooms.marta, "> only what was quoted")).reason


def test_too_long_is_refused_with_the_rooms_own_sentence(mentioned, rooms, receives):
    assert "10000 is the most" in receives(answer(mentioned, rooms.marta, "x " * 10_000)).reason


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1] + ("a" if t[-1] != "a" else "b"), lambda t: "a" * 56, lambda t: t[::-1]]
)
def test_a_forged_address_is_ignored_without_a_word(mentioned, rooms, receives, mailoutbox, change):
    token = re.search(r"reply\+(\w+)@", mentioned.reply_to[0]).group(1)
    to = f"reply+{change(token)}@reply.filiera.example"
    many = len(mailoutbox)
    assert receives(letter(rooms.marta.user.email, to)).outcome == "ignored"
    assert len(mailoutbox) == many


def test_tokens_survive_a_change_of_the_key(mentioned, rooms, settings):
    token = re.search(r"reply\+(\w+)@", mentioned.reply_to[0]).group(1)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a new one"
    assert replies.read(token).membership_id == rooms.marta.pk
    assert replies.read(token.upper()).target_id == rooms.room.pk
    settings.SECRET_KEY_FALLBACKS = []
    assert replies.read(token) is None


def test_without_a_reply_domain_there_is_no_address(rooms, settings):
    settings.REPLY_DOMAIN = ""
    assert replies.address_for(rooms.marta, "r", rooms.room.pk) == ""


def test_words_that_went_out_of_sight_do_not_travel(rooms, mailoutbox, django_capture_on_commit_callbacks):
    Preference.objects.create(membership=rooms.marta, kind="chat", email="now")
    with django_capture_on_commit_callbacks():
        said = actions.post_message(actor=acting(rooms.luca), room=rooms.room, body="@Marta Riva secret")
        actions.delete_message(actor=acting(rooms.luca), message=said)
    with django_capture_on_commit_callbacks(execute=True):
        for entry in TrailEntry.objects.filter(fanned_out_at=None):
            fan_out.call(entry.pk)
    (message,) = mail_to(mailoutbox, rooms.marta)
    assert "secret" not in message.body and "secret" not in message.alternatives[0][0] and not message.reply_to


# Who was away ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def away(rooms):
    """Three messages that Marta, who follows the room and wants a digest, has not read."""
    Preference.objects.create(membership=rooms.marta, kind="rooms", email="now")
    ReadMark.objects.update_or_create(room=rooms.room, membership=rooms.marta, defaults={"last_seq": 0, "said": 0})
    for number in range(3):
        actions.post_message(actor=acting(rooms.luca), room=rooms.room, body=f"word {number} <b>")
    return rooms


def later(minutes=30):
    return time_machine.travel(now() + timedelta(minutes=minutes))


def test_who_was_away_gets_the_unread_once_and_answers_into_the_room(away, mailoutbox, receives):
    tasks.tell_away.call()
    assert not mail_to(mailoutbox, away.marta), "there is time to read it in the portal"
    with later():
        tasks.tell_away.call()
        tasks.tell_away.call()
        (message,) = mail_to(mailoutbox, away.marta)
        assert "3 unread messages" in message.subject and "word 0" in message.body
        assert (
            "&lt;b&gt;" in message.alternatives[0][0] and "<b>" not in message.alternatives[0][0].split("word 0")[1][:9]
        )
        assert receives(letter(away.marta.user.email, message.reply_to[0])).outcome == "posted"
    assert last(away).body == "Yes, at nine."
    assert not mail_to(mailoutbox, away.luca), "nobody is told of their own words"


def test_what_was_read_in_the_portal_is_not_mailed(away, mailoutbox):
    actions.mark_read(actor=acting(away.marta), room=away.room, seq=99)
    with later():
        tasks.tell_away.call()
    assert not mailoutbox


def test_a_muted_room_and_a_side_thread_of_the_others_stay_quiet(away, mailoutbox):
    ReadMark.objects.filter(membership=away.marta).update(muted_until=now() + timedelta(days=9))
    actions.post_message(actor=acting(away.luca), room=away.side, body="among us")
    with later():
        tasks.tell_away.call()
    assert not mail_to(mailoutbox, away.marta)


def test_a_lost_seat_ends_the_digest(away, mailoutbox):
    away.room.seats.filter(organisation=away.partner).delete()
    with later():
        tasks.tell_away.call()
    assert not mail_to(mailoutbox, away.marta)


@pytest.mark.parametrize(("email", "many"), [("none", 0), ("hourly", 1), ("daily", 1), ("standard", 1)])
def test_each_at_the_time_that_they_chose(away, mailoutbox, email, many):
    Preference.objects.filter(kind="rooms").update(email=email)
    with time_machine.travel((now() + timedelta(days=1)).replace(hour=10, minute=5)):
        for _ in range(3):
            tasks.tell_away.call()
    assert len(mail_to(mailoutbox, away.marta)) == many


def test_a_mail_server_that_fails_is_asked_again(away, mailoutbox, monkeypatch):
    from django.core.mail import EmailMultiAlternatives

    working = EmailMultiAlternatives.send
    monkeypatch.setattr(EmailMultiAlternatives, "send", lambda *_a, **_k: (_ for _ in ()).throw(OSError("down")))
    with later():
        tasks.tell_away.call()
    monkeypatch.setattr(EmailMultiAlternatives, "send", working)
    with later(40):
        tasks.tell_away.call()
    assert len(mail_to(mailoutbox, away.marta)) == 1
