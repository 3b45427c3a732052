"""The doors of letters: the webhook of a provider, the mailbox, and the command line."""

import base64
import io
import json
import sys

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.http import Http404
from django.urls import reverse

from inbox import replies, tasks
from inbox.inbound import imap
from inbox.models import InboundMail
from tests.inbox.imap_peer import imap_server
from tests.inbox.letters import letter

SECRET = {"X-Filiera-Secret": "let me in"}


@pytest.fixture
def place(world, settings, monkeypatch):
    """A place that takes answers: the address of the partner's member there, and what was posted."""
    settings.REPLY_DOMAIN = "reply.filiera.example"
    settings.INBOUND_MAIL_SECRET = "let me in"
    posted = []

    def post(*, actor, target_id, item, text, files, client_id):
        if target_id != 7:
            raise Http404
        posted.append((actor.membership.pk, item, text, [each.name for each in files], client_id))
        return "/there/"

    monkeypatch.setitem(replies.HANDLERS, "z", replies.Handler("z", "tests.place", lambda *_: None, post))
    place.address = replies.address_for(world.partner, "z", 7, 3)
    place.raw = letter(world.partner.user.email, place.address)
    place.posted = posted
    return place


def send(client, body, content_type="message/rfc822", headers=SECRET):
    return client.post(reverse("inbound_mail"), body, content_type=content_type, headers=headers)


def test_a_provider_posts_the_letter_itself(place, client, world):
    answer = send(client, place.raw)
    assert (answer.status_code, answer.json()["outcome"]) == (200, "posted")
    ((member, item, text, files, client_id),) = place.posted
    assert (member, item, text, files) == (world.partner.pk, 3, "Yes, at nine.", [])
    assert send(client, place.raw).json()["outcome"] == "posted" and len(place.posted) == 1
    assert client_id.startswith("mail-") and len(client_id) <= 64


@pytest.mark.parametrize("field", ["email", "body-mime"])
@pytest.mark.parametrize("as_file", [True, False])
def test_or_a_form_with_the_letter_in_it(place, client, field, as_file):
    given = SimpleUploadedFile("m.eml", place.raw) if as_file else place.raw.decode()
    answer = client.post(reverse("inbound_mail"), {field: given, "from": "x"}, headers=SECRET)
    assert answer.json()["outcome"] == "posted"


def test_or_json(place, client):
    answer = send(client, json.dumps({"RawEmail": place.raw.decode()}), "application/json")
    assert answer.json()["outcome"] == "posted"


def test_the_secret_is_asked_for_in_three_ways_and_by_default_there_is_no_door(place, client, settings):
    basic = base64.b64encode(b"mail:let me in").decode()
    for headers, status in [
        ({}, 401),
        ({"X-Filiera-Secret": "let me"}, 401),
        ({"Authorization": "Basic !!!"}, 401),
        ({"Authorization": f"Basic {basic}"}, 200),
        ({"Authorization": "Bearer let me in"}, 200),
    ]:
        assert send(client, place.raw, headers=headers).status_code == status
    settings.INBOUND_MAIL_SECRET = ""
    assert send(client, place.raw).status_code == 404
    assert client.get(reverse("inbound_mail")).status_code == 405


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "message/rfc822"),
        (b"[1]", "application/json"),
        (b"{", "application/json"),
        (b'{"RawEmail": 1}', "application/json"),
    ],
)
def test_where_there_is_no_letter_it_says_so(place, client, body, content_type):
    assert send(client, body, content_type).status_code == 422
    assert not InboundMail.objects.exists()


def test_too_large_a_letter_is_refused(place, client):
    assert send(client, b"x" * 26_100_000).status_code == 413


def test_monsters_are_refused_once_and_for_all(place, client):
    answer = send(client, b"From: a@b.example\nTo: " + b"x@y.example, " * 100_000 + b"\n\nx")
    assert (answer.status_code, answer.json()["outcome"]) == (200, "refused")


def test_a_header_that_would_inject_another_stays_one_line(
    place, client, world, mailoutbox, django_capture_on_commit_callbacks
):
    address = replies.address_for(world.partner, "z", 8)
    raw = letter(world.partner.user.email, address).replace(
        b"Subject: Re: Pumping station", b"Subject: =?utf-8?q?Hi=0D=0ABcc:_all=40evil.example?="
    )
    with django_capture_on_commit_callbacks(execute=True):
        assert send(client, raw).json()["outcome"] == "refused"
    (message,) = mailoutbox
    assert message.recipients() == [world.partner.user.email] and "\n" not in message.subject
    assert message.message()["Bcc"] is None


# The mailbox ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("moves", [True, False])
def test_the_mailbox_is_read_and_each_letter_put_away(place, settings, moves):
    other = letter("spam@evil.example", "info@filiera.example", message_id="<2@x>")
    with imap_server([place.raw, other], moves=moves) as box:
        settings.IMAP_URL, settings.IMAP_DONE = box.url, "Done"
        assert imap.poll() == 2
        assert imap.poll() == 0
        assert box.folders == {"Done": [1, 2]} and box.letters == {}
    assert len(place.posted) == 1


def test_without_a_folder_letters_are_marked_as_read(place, settings):
    with imap_server([place.raw]) as box:
        settings.IMAP_URL = box.url
        assert tasks.poll_mailbox.call() == 1
        assert box.flags == {1: {r"\Seen"}} and tasks.poll_mailbox.call() == 0


def test_one_that_was_seen_before_a_crash_has_its_effect_once(place, settings):
    with imap_server([place.raw]) as box:
        settings.IMAP_URL = box.url
        imap.poll()
        box.flags[1].clear()  # the mark got lost
        imap.poll()
    assert len(place.posted) == 1


def test_a_giant_is_put_away_unread(place, settings):
    with imap_server([b"x" * 25_000_001, place.raw]) as box:
        settings.IMAP_URL = box.url
        assert imap.poll() == 2
        assert box.fetched == [2] and len(place.posted) == 1


def test_without_an_address_nothing_is_asked_and_a_wrong_one_says_so(place, settings):
    assert tasks.poll_mailbox.call() == 0
    with imap_server([]) as box:
        settings.IMAP_URL = box.url.replace("se%20cret", "wrong")
        with pytest.raises(imap.imaplib.IMAP4.error):
            imap.poll()
        settings.IMAP_URL = box.url.replace("/INBOX", "/Nowhere")
        with pytest.raises(imap.imaplib.IMAP4.error):
            imap.poll()


# The command line -----------------------------------------------------------------------------------------------------
def test_the_command_takes_a_file_or_a_pipe(place, tmp_path, monkeypatch, capsys):
    (tmp_path / "a.eml").write_bytes(place.raw)
    call_command("receive_mail", str(tmp_path / "a.eml"))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(place.raw)))
    call_command("receive_mail", "-")
    assert capsys.readouterr().out.split() == ["posted", "/there/", "posted"] and len(place.posted) == 1
    with pytest.raises(CommandError):
        call_command("receive_mail")
