"""What comes back of letters: bounces and complaints as mail servers write them, through the door for mail."""

import pytest
from django.core import mail
from django.test import override_settings

from audiences.models import Contact, Suppression
from audiences.tasks import send
from inbox.inbound.receiving import receive
from inbox.inbound.returns import read_report
from tests.audiences.test_mailings import draft, started

pytestmark = pytest.mark.django_db
DOMAIN = "reply.filiera.example"
__all__ = ["draft", "started"]

BOUNCE = """From: MAILER-DAEMON@mx.example
To: {to}
Subject: Undelivered Mail Returned to Sender
Message-ID: <{key}@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

Sorry.
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; somebody@example.com
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no such user
--B--
"""
COMPLAINT = """From: fbl@provider.example
To: complaints@filiera.example
Subject: FW: Kept among ourselves
Message-ID: <fbl-1@provider.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="B"

--B
Content-Type: text/plain

An abuse report.
--B
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: FBL/1.0
Version: 1

--B
Content-Type: message/rfc822

From: Aurora <portal@filiera.example>
Message-ID: {message_id}
Subject: Kept among ourselves

Dear you
--B--
"""


@pytest.fixture
def sent(started, reached):
    """A letter that has left: its recipient and the message."""
    reached(1)
    mailing = started()
    send.call(mailing.pk)
    return mailing.recipients.get(), mail.outbox[0]


def bounce(to, action="failed", status="5.1.1", key="b1"):
    return BOUNCE.format(to=to, action=action, status=status, key=key).encode()


@pytest.mark.parametrize(
    ("action", "status", "bounced", "suppressed"),
    [("failed", "5.1.1", True, True), ("failed", "5.2.2", True, False), ("delayed", "4.4.1", False, False),
     ("failed", "nonsense", True, False)],
)  # fmt: skip
def test_a_bounce_is_noted_and_a_hard_one_suppresses(sent, action, status, bounced, suppressed):
    row, message = sent
    assert receive(bounce(message.from_email, action, status)).outcome == "posted"
    row.refresh_from_db()
    assert (row.bounced_at is not None) is bounced
    assert Suppression.objects.exists() is suppressed
    assert Contact.objects.agreed_to("news").exists(), "a bounce is no word of theirs"


def test_the_same_bounce_counts_once_and_capitals_do_not_matter(sent):
    row, message = sent
    raw = bounce(message.from_email.upper().replace("RETURN+", "return+"))
    receive(raw)
    row.refresh_from_db()
    first = row.bounced_at
    receive(raw)
    row.refresh_from_db()
    assert row.bounced_at == first


def test_a_complaint_is_known_by_the_letter_that_it_quotes(sent):
    row, message = sent
    result = receive(COMPLAINT.format(message_id=message.extra_headers["Message-ID"]).encode())
    row.refresh_from_db()
    assert (result.outcome, row.complained_at is not None) == ("posted", True)
    assert Suppression.objects.get().reason == "complained"
    assert not Contact.objects.agreed_to("news").exists()


def test_what_is_no_report_changes_nothing(sent):
    row, message = sent
    away = f"From: x@y.example\nTo: {message.from_email}\nSubject: Out of office\nMessage-ID: <a@y>\n\nI am away.\n"
    assert receive(away.encode()).outcome == "ignored"
    row.refresh_from_db()
    assert (row.bounced_at, row.complained_at) == (None, None)


def test_forged_and_foreign_tokens_are_nobodys(sent):
    row, message = sent
    local = message.from_email.split("@")[0]
    for to in (f"return+{'a' * 40}@{DOMAIN}", f"{local}@elsewhere.example", f"{local[:-1]}@{DOMAIN}"):
        assert receive(bounce(to, key=f"k{len(to)}{to[8]}")).outcome == "ignored"
    with override_settings(REPLY_DOMAIN=""):
        assert receive(bounce(message.from_email, key="none")).outcome == "ignored"
    row.refresh_from_db()
    assert row.bounced_at is None


@pytest.mark.parametrize(
    "raw", [b"", b"\n\n", b"Content-Type: multipart/report\n\nnothing", b"\xff\xfe\n\n", BOUNCE.encode()]
)
def test_no_letter_breaks_the_reader(raw):
    assert read_report(raw, DOMAIN) is None
