"""Topics by e-mail: the post comes along, the answer is posted, once, and only by who may."""

import pytest

from core.audit import fan_out
from core.models import TrailEntry
from forums import actions
from forums.models import Post
from forums.replies import quote
from inbox.inbound.receiving import receive
from inbox.models import InboundMail, Preference
from tests.forums.factories import topic_by
from tests.inbox.letters import letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(settings, mailoutbox, guest, host, board, django_capture_on_commit_callbacks):
    """The guest asks, the host answers, and the guest is told of it at once by e-mail; the topic and that e-mail."""
    settings.REPLY_DOMAIN = "reply.filiera.example"
    Preference.objects.create(membership=guest.membership, kind="forums", email="now")
    topic = topic_by(guest, board)
    actions.add_post(actor=host, topic=topic, body="Is the pit **dry**?")
    with django_capture_on_commit_callbacks(execute=True):
        for entry in TrailEntry.objects.filter(fanned_out_at=None):
            fan_out.call(entry.pk)
    (message,) = [each for each in mailoutbox if each.to == [guest.user.email]]
    return topic, message


@pytest.fixture
def receives(django_capture_on_commit_callbacks):
    def post(raw):
        with django_capture_on_commit_callbacks(execute=True):
            return receive(raw)

    return post


def test_the_post_stands_in_the_mail_and_the_answer_in_the_topic(asked, guest, receives):
    topic, message = asked
    assert "Is the pit **dry**?" in message.body and "<strong>dry</strong>" in message.alternatives[0][0]
    raw = letter(guest.user.email, message.reply_to[0], "It is.\n\nOn Tue, 10 Mar 2026, Vendor wrote:\n> Is the pit?")
    for _ in range(2):
        assert receives(raw).outcome == "posted"
        InboundMail.objects.all().delete()  # where that was lost, the id of the letter still knows it
    said = Post.objects.filter(topic=topic).order_by("seq").last()
    assert (said.body, said.membership, said.reply_to.seq, said.seq) == ("It is.", guest.membership, 2, 3)


def test_somebody_else_and_a_locked_topic_are_refused(asked, guest, host, receives):
    topic, message = asked
    address = message.reply_to[0]
    assert receives(letter(host.user.email, address, "Me too", message_id="<a@x>")).outcome == "refused"
    actions.lock_topic(actor=host, topic=topic, on=True)
    refused = receives(letter(guest.user.email, address, "Too late", message_id="<b@x>"))
    assert (refused.outcome, "locked" in refused.reason) == ("refused", True)
    assert Post.objects.filter(topic=topic).count() == 2


def test_a_post_that_was_hidden_meanwhile_does_not_come_along(settings, mailoutbox, guest, host, board):
    settings.REPLY_DOMAIN = "reply.filiera.example"
    Preference.objects.create(membership=guest.membership, kind="forums", email="now")
    topic = topic_by(guest, board)
    post = actions.add_post(actor=host, topic=topic, body="A word too much")
    entry = TrailEntry.objects.get(verb="post.added")
    actions.hide_post(actor=host, post=post, reason="Not here")
    assert quote(guest, entry) is None
