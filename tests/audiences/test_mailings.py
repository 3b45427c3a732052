"""Mailings: written, started, each letter once whatever is killed, stopped at once, and left with one click."""

import re
import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now
from hypothesis import given
from hypothesis import strategies as st

from audiences import actions, tokens, writing
from audiences.actions import sending
from audiences.models import AudienceSettings, Contact, Mailing, Recipient, Suppression
from audiences.tasks import send, sweep
from core.errors import DomainError, InvalidTransition
from tests.audiences.factories import ContactFactory, MailingFactory, SegmentFactory

pytestmark = pytest.mark.django_db
State = Recipient.State
TO_ALL = {
    "join": "all",
    "groups": [{"join": "all", "conditions": [{"field": "name", "op": "filled", "value": None}]}],
}


@pytest.fixture
def draft(sender, keeper):
    return lambda **columns: MailingFactory(organisation=sender, written_by=keeper.user, **columns)


@pytest.fixture
def started(draft, keeper):
    """A mailing whose recipients are written down, and of which no letter has left."""

    def build(**columns):
        mailing = actions.start_mailing(actor=keeper, mailing=draft(**columns))
        sending.write_down(pk=mailing.pk)
        mailing.refresh_from_db()
        return mailing

    return build


def states(mailing):
    return sorted(mailing.recipients.values_list("state", flat=True))


def addresses():
    return sorted(message.to[0] for message in mail.outbox)


def links_in(message):
    return re.findall(r'href="([^"]+)"', message.alternatives[0][0])


def test_each_reachable_person_gets_it_once(started, reached, sender, keeper):
    anna, *_others = reached(3)
    nowhere = ContactFactory(organisation=sender, email="")
    ContactFactory(organisation=sender)
    actions.suppress_contact(actor=keeper, contact=reached()[0])
    everybody = SegmentFactory(organisation=sender, rule=TO_ALL)
    mailing = started(segment=everybody)
    assert mailing.left_out == {"no_address": 1, "suppressed": 1, "no_consent": 1}, "each is counted once"
    send.call(mailing.pk)
    send.call(mailing.pk)
    mailing.refresh_from_db()
    assert len(mail.outbox) == len(set(addresses())) == 3
    assert (mailing.state, states(mailing)) == ("sent", ["sent"] * 3)
    letter = next(message for message in mail.outbox if message.to == [anna.email])
    assert "Dear Xaver," in letter.body
    assert letter.from_email.startswith("return+")
    assert letter.extra_headers["From"].startswith("Aurora Pumps <")
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert nowhere.name not in letter.body


def test_recipients_are_those_of_the_start(started, reached, keeper):
    reached(2)
    mailing = started()
    late = reached()[0]
    gone = Contact.objects.order_by("pk").first()
    actions.withdraw_consent(actor=keeper, contact=gone, purpose="news")
    send.call(mailing.pk)
    assert addresses() == [Contact.objects.exclude(pk__in=[late.pk, gone.pk]).get().email]
    assert states(mailing) == ["dropped", "sent"]


class Killed(BaseException):
    """The process dies here: no except clause of the code may catch it."""


class Server:
    """A mail server that takes letters until it dies, before or after it took the fatal one."""

    def __init__(self, dies_at=None, takes_it=False, says=None):
        self.taken, self.dies_at, self.takes_it, self.says = [], dies_at, takes_it, says or {}

    def __call__(self, **_options):
        return self

    def open(self):
        return True

    def close(self):
        return None

    def send_messages(self, messages):
        [message] = messages
        fatal = len(self.taken) == self.dies_at
        if error := self.says.pop(message.to[0], None):
            raise error
        if not fatal or self.takes_it:
            self.taken.append((message.to[0], message.extra_headers["Message-ID"]))
        if fatal:
            raise Killed
        return 1


@pytest.mark.parametrize("takes_it", [False, True])
@pytest.mark.parametrize("dies_at", [0, 1, 2, 4])
def test_killed_at_any_letter_none_leaves_twice(started, reached, monkeypatch, dies_at, takes_it, keeper):
    monkeypatch.setattr(sending, "TOGETHER", 3)
    reached(5)
    mailing = started()
    server = Server(dies_at, takes_it)
    monkeypatch.setattr(sending, "get_connection", server)
    with pytest.raises(Killed):
        send.call(mailing.pk)
    server.dies_at = None
    send.call(mailing.pk)  # the lease of what the dead one had in hand is not over
    Recipient.objects.exclude(claimed_at=None).update(claimed_at=now() - timedelta(minutes=6))
    Mailing.objects.update(beat_at=now() - timedelta(minutes=2))
    sweep.call()
    mailing.refresh_from_db()
    got = [address for address, _key in server.taken]
    assert len(got) == len(set(got)), "nobody got two"
    assert states(mailing) == ["sent"] * 4 + ["unsure"]
    assert len(got) == (5 if takes_it else 4)
    assert mailing.state == "sent"
    assert actions.resend_unsure(actor=keeper, mailing=mailing) == 1
    send.call(mailing.pk)
    assert states(mailing) == ["sent"] * 5
    assert len({key for _address, key in server.taken}) == 5, "the second has the Message-ID of the first"


def test_killed_while_writing_down_or_claiming_nothing_is_lost(draft, keeper, reached, monkeypatch):
    reached(3)
    mailing = actions.start_mailing(actor=keeper, mailing=draft())
    with monkeypatch.context() as patch:
        patch.setattr(sending, "record", lambda **_about: (_ for _ in ()).throw(Killed()))
        with pytest.raises(Killed):
            sending.write_down(pk=mailing.pk)
    assert not Recipient.objects.exists()
    sending.write_down(pk=mailing.pk)
    sending.write_down(pk=mailing.pk)
    assert sending.claim(pk=mailing.pk) is not None  # and the process dies before the first letter
    assert sending.claim(pk=mailing.pk)[1] == [], "what another has claimed is left to it"
    Recipient.objects.update(claimed_at=now() - timedelta(minutes=6))
    assert sending.take_back_lost() == (3, 0)
    send.call(mailing.pk)
    assert len(mail.outbox) == 3


def test_a_job_that_was_taken_for_dead_sends_nothing_that_another_took(started, reached, monkeypatch):
    reached(2)
    mailing = started()
    slow = sending.claim(pk=mailing.pk)[1]
    Recipient.objects.update(claimed_at=now() - timedelta(minutes=6))
    sending.take_back_lost()
    send.call(mailing.pk)
    assert not sending._begin(slow[0], None)
    assert len(mail.outbox) == 2


@pytest.mark.parametrize(
    ("error", "state", "suppressed"),
    [
        (smtplib.SMTPRecipientsRefused({"x": (550, b"5.1.1 no such user")}), "failed", True),
        (smtplib.SMTPRecipientsRefused({"x": (550, b"5.7.1 policy")}), "failed", False),
        (smtplib.SMTPRecipientsRefused({"x": (451, b"4.7.1 greylisted")}), "waiting", False),
        (smtplib.SMTPDataError(554, b"spam"), "failed", False),
        (smtplib.SMTPServerDisconnected("gone"), "unsure", False),
        (TimeoutError("silence"), "unsure", False),
    ],
)
def test_what_the_mail_server_says_is_taken_at_its_word(started, reached, monkeypatch, error, state, suppressed):
    anna, _bob = reached(2)
    mailing = started()
    monkeypatch.setattr(sending, "get_connection", Server(says={anna.email: error}))
    send.call(mailing.pk)
    assert states(mailing) == sorted([state, "sent"])
    assert Suppression.objects.exists() is suppressed
    mailing.refresh_from_db()
    assert mailing.state == ("sending" if state == "waiting" else "sent")


def test_without_a_mail_server_everything_waits(started, reached, monkeypatch):
    reached(2)
    mailing = started()
    server = Server()
    monkeypatch.setattr(server, "open", lambda: (_ for _ in ()).throw(ConnectionRefusedError()))
    monkeypatch.setattr(sending, "get_connection", server)
    send.call(mailing.pk)
    assert states(mailing) == ["waiting"] * 2
    assert not Recipient.objects.exclude(claim="").exists()


def test_a_minute_has_its_measure(started, reached, keeper):
    reached(5)
    AudienceSettings.objects.create(organisation=keeper.organisation, per_minute=2)
    mailing = started()
    send.call(mailing.pk)
    send.call(mailing.pk)
    assert len(mail.outbox) == 2
    for many in (4, 5):
        Mailing.objects.update(minute_at=now() - timedelta(seconds=61))
        send.call(mailing.pk)
        assert len(mail.outbox) == many


@pytest.mark.parametrize("step", ["pause", "stop"])
def test_pause_and_stop_hold_from_the_next_letter_on(started, reached, monkeypatch, keeper, step):
    reached(4)
    mailing = started()
    server = Server()
    take = server.send_messages

    def send_messages(messages):
        take(messages)
        getattr(actions, f"{step}_mailing")(actor=keeper, mailing=mailing)
        return 1

    monkeypatch.setattr(server, "send_messages", send_messages)
    monkeypatch.setattr(sending, "get_connection", server)
    send.call(mailing.pk)
    sweep.call()
    assert len(server.taken) == 1
    mailing.refresh_from_db()
    if step == "stop":
        assert states(mailing) == ["dropped"] * 3 + ["sent"]
        with pytest.raises(InvalidTransition):
            actions.resume_mailing(actor=keeper, mailing=mailing)
    else:
        monkeypatch.setattr(server, "send_messages", take)
        actions.resume_mailing(actor=keeper, mailing=mailing)
        send.call(mailing.pk)
        assert states(mailing) == ["sent"] * 4


def test_writing_and_starting_are_refused_where_they_should(draft, keeper, reader, rival, act_for, sender):
    mailing = draft()
    other = act_for(sender, "audiences.view", "audiences.manage")
    for actor, error in ((reader, PermissionDenied), (other, PermissionDenied), (rival, Mailing.DoesNotExist)):
        with pytest.raises(error):
            actions.start_mailing(actor=actor, mailing=mailing)
    with pytest.raises(DomainError):
        actions.start_mailing(actor=keeper, mailing=draft(segment=None))
    for wrong in (
        {"body": "{{password}}"}, {"body": " "}, {"subject": ""}, {"purpose": "spam"}, {"share_b": 0},
        {"body": "[x](https://a.example/{{email}})"}, {"reply_to": "nobody"}, {"subject": "{{shoe}}"},
        {"segment": MailingFactory().segment},
    ):  # fmt: skip
        with pytest.raises(DomainError):
            actions.write_mailing(actor=keeper, mailing=mailing, fields=wrong)
    AudienceSettings.objects.create(organisation=sender, four_eyes=True)
    with pytest.raises(PermissionDenied, match="somebody else"):
        actions.start_mailing(actor=keeper, mailing=mailing)
    second = act_for(sender, "mailings.send")
    actions.start_mailing(actor=second, mailing=mailing)
    with pytest.raises(InvalidTransition):
        actions.start_mailing(actor=second, mailing=mailing)
    for act in (
        lambda: actions.write_mailing(actor=keeper, mailing=mailing, fields={"subject": "x"}),
        lambda: actions.delete_mailing(actor=keeper, mailing=mailing),
    ):
        with pytest.raises(InvalidTransition):
            act()


def test_a_scheduled_mailing_starts_by_itself(draft, keeper, reached):
    reached(1)
    mailing = draft()
    with pytest.raises(DomainError):
        actions.schedule_mailing(actor=keeper, mailing=mailing, at=now())
    actions.schedule_mailing(actor=keeper, mailing=mailing, at=now() + timedelta(hours=1))
    sweep.call()
    assert not mail.outbox
    Mailing.objects.update(scheduled_at=now() - timedelta(minutes=1))
    sweep.call()
    Mailing.objects.update(beat_at=now() - timedelta(minutes=1))
    sweep.call()
    assert len(mail.outbox) == 1


def test_two_subjects_are_dealt_by_their_share(started, reached):
    reached(40)
    mailing = started(subject_b="The other one", share_b=50)
    dealt = list(mailing.recipients.values_list("variant", flat=True))
    assert 5 < dealt.count("B") < 35
    send.call(mailing.pk)
    subjects = {message.to[0]: message.subject for message in mail.outbox}
    for row in mailing.recipients.all():
        assert subjects[row.email] == ("The other one" if row.variant == "B" else mailing.subject)


def test_opens_and_clicks_are_counted_and_lead_nowhere_else(started, reached):
    reached(1)
    mailing = started()
    send.call(mailing.pk)
    row, [message], anybody = mailing.recipients.get(), mail.outbox, Client()
    link = next(url for url in links_in(message) if "/m/c/" in url)
    path = link[link.index("/m/") :]
    assert anybody.head(path).status_code == 302
    row.refresh_from_db()
    assert row.clicked_at is None, "who asks without looking has not clicked"
    for _time in range(2):
        answer = anybody.get(f"{path}?to=https://evil.example")
        assert answer["Location"] == "https://aurora.example/pump"
    row.refresh_from_db()
    assert (row.opened_at is None, row.clicked_at is None, row.clicks.get().times) == (False, False, 2)
    token = path.split("/")[3]
    for forged in ("a" * 40, token[:-1] + ("a" if token[-1] != "a" else "b"), token.upper() + "x", "%00"):
        assert anybody.get(f"/m/c/{forged}/").status_code == 404
    assert anybody.get(f"/m/u/{token}/").status_code == 404, "a link unsubscribes nobody"
    assert anybody.get(reverse("audiences_public:follow", args=[tokens.token_for(b"c", row.pk, 9)])).status_code == 404
    picture = reverse("audiences_public:opened", args=[tokens.token_for(b"o", row.pk)])
    assert anybody.get(picture)["Content-Type"] == "image/gif"
    assert anybody.get("/m/o/forged.gif").status_code == 200


def test_the_frame_speaks_the_contacts_language(started, reached):
    for language in ("it", "IT-it", "de", ""):
        reached(1, language=language)
    send.call(started().pk)
    said = ["Annulla l'iscrizione" in message.body for message in mail.outbox]
    html = ['<html lang="it"' in message.alternatives[0][0] for message in mail.outbox]
    assert html == [True, True, False, False]
    assert said == html, "where the portal does not speak it, in the writer's"
    assert all("Dear Xaver" in message.body for message in mail.outbox)


def test_where_nothing_is_counted_letters_carry_no_picture_and_plain_links(started, reached):
    reached(1)
    send.call(started(tracking=False).pk)
    html = mail.outbox[0].alternatives[0][0]
    assert "<img" not in html
    assert "https://aurora.example/pump" in html
    assert "https://aurora.example/pump" in mail.outbox[0].body


def test_leaving_takes_one_click_and_looking_changes_nothing(started, reached, sender):
    [anna] = reached(1)
    mailing = started()
    send.call(mailing.pk)
    url = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>")
    path, anybody = url[url.index("/m/") :], Client(enforce_csrf_checks=True)
    page = anybody.get(path)
    assert str(sender) in page.content.decode()
    assert anna.email not in page.content.decode()
    assert Contact.objects.agreed_to("news").exists()
    for _again in range(2):
        assert anybody.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Contact.objects.agreed_to("news").exists()
    assert list(Contact.objects.suppressed()) == [anna]
    assert mailing.recipients.get().unsubscribed_at
    assert anna.consents.get().withdrawn_how


def test_of_an_erased_person_the_letters_keep_only_the_count(started, reached, keeper):
    [anna] = reached(1)
    mailing = started()
    send.call(mailing.pk)
    actions.erase_contact(actor=keeper, contact=anna)
    row = mailing.recipients.get()
    assert (row.email, row.contact, row.state) == ("", None, "sent")


def test_what_stands_in_a_contact_never_becomes_markup(started, reached):
    reached(1, name="<b>Bobby</b> [x](https://evil.example) {{email}}", first_name="<script>&")
    send.call(started(body="# Hi {{first_name}}\n\n{{name}} of {{language|nowhere}}").pk)
    html = mail.outbox[0].alternatives[0][0]
    assert "&lt;script&gt;&amp;" in html
    assert "<script" not in html
    assert 'href="https://evil' not in html
    assert "{{email}}" in mail.outbox[0].body, "a value is put in once, and never read again"


def test_an_empty_field_says_what_was_written_for_it():
    body = writing.written("Dear {{first_name | friend}}", ["first_name"])
    assert body.fields == (writing.Field("first_name", "friend"),)
    assert writing.said_of(body.fields[0], {"first_name": ""}) == "friend"


@given(st.text(max_size=200))
def test_any_text_can_be_written_or_is_refused_with_a_sentence(text):
    try:
        body = writing.written(text, ["name"])
    except DomainError:
        return
    assert "<script" not in body.html.lower()
    assert "".join(p if isinstance(p, str) else "" for p in writing.pieces_of(body.html)).count("\ue000") == 0


@given(st.binary(max_size=60))
def test_no_forged_token_is_read(octets):
    import base64

    assert tokens.read(tokens.UNSUBSCRIBE, base64.b32encode(octets).decode()) is None


def test_the_pages_lead_from_the_draft_to_the_results(page, sender, reached, keeper):
    [anna] = reached(1)
    segment = MailingFactory(organisation=sender).segment
    said = {"subject": "Hello", "body": "Hi {{first_name}}", "sender_name": "A", "purpose": "news", "tracking": "on"}
    assert page.post(reverse("audiences:mailing_new"), {**said, "body": "{{x}}"}).status_code == 422
    url = page.post(reverse("audiences:mailing_new"), {**said, "segment": segment.pk})["Location"]
    mailing = Mailing.objects.get(subject="Hello")
    assert url == mailing.get_absolute_url()
    assert "Would get it now" in page.get(url).content.decode()
    letter = page.get(reverse("audiences:letter", args=[mailing.pk]) + f"?contact={anna.pk}")
    assert "Hi Xaver" in letter.content.decode()
    assert "script-src 'none'" in letter["Content-Security-Policy"]

    def step(name, status=302):
        assert page.post(reverse("audiences:step", args=[mailing.pk, name])).status_code == status

    page.post(reverse("audiences:mailing_test", args=[mailing.pk]))
    assert mail.outbox.pop().to == [page.user.email]
    later = (now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    assert page.post(reverse("audiences:schedule", args=[mailing.pk]), {"at": "soon"}).status_code == 422
    assert page.post(reverse("audiences:schedule", args=[mailing.pk]), {"at": later}).status_code == 302
    step("unschedule")
    step("pause", 422)
    step("nonsense", 404)
    step("start")
    send.call(mailing.pk)
    shown = page.get(url).content.decode()
    assert "Delivered" in shown
    rows = reverse("audiences:recipients", args=[mailing.pk])
    assert anna.email in page.get(f"{rows}?view=sent&is_sent=1").content.decode()
    assert anna.email not in page.get(f"{rows}?view=opened&is_opened=1").content.decode()
    assert anna.email.encode() in b"".join(page.get(f"{rows}?view=all&format=csv").streaming_content)
    assert page.get(reverse("audiences:settings")).status_code == 200


def test_pages_cost_the_same_for_one_and_for_three(page, started, reached, sender):
    reached(1)
    mailing = started(subject_b="B")
    send.call(mailing.pk)
    pages = [
        reverse("audiences:mailings"),
        mailing.get_absolute_url(),
        reverse("audiences:recipients", args=[mailing.pk]),
    ]

    def costs():
        found = []
        for each in pages:
            with CaptureQueriesContext(connection) as queries:
                assert page.get(each).status_code == 200
            found.append(len(queries))
        return found

    costs()
    first = costs()
    MailingFactory.create_batch(2, organisation=sender)
    for row in reached(2):
        Recipient.objects.create(mailing=mailing, organisation=sender, contact=row, email=row.email, state="sent")
    assert costs() == first
