"""Documents that travel by themselves: HTTP, SFTP and folders, with real servers at the other end; the queue."""

import base64
import hashlib
import hmac
import os
import socket
import threading
from datetime import timedelta

import asyncssh
import pytest
from django.utils.timezone import now

from core import outbound as web
from core.vault import seal, unseal
from edi.models import DeliveryAttempt, Interchange
from edi.transports.delivering import TRIES, deliver, deliver_waiting
from edi.transports.fetching import fetch_all, fetch_from
from edi.transports.steady import is_partial, is_steady, safe_name
from edi.transports.ways import TransportFault, way_of
from orders.models import Order
from tests.edi.traffic import edifact, orders_message, pair
from tests.edi.transport_peers import outgoing, sftp_server, transport_of, web_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def couple(db):
    return pair(connection={})


@pytest.fixture(autouse=True)
def at_home(settings, tmp_path):
    settings.EDI_PRIVATE_ADDRESSES = True
    settings.EDI_FOLDER_ROOT = str(tmp_path / "folders")


def old(path):
    """As if it had been written a while ago."""
    os.utime(path, (1_600_000_000, 1_600_000_000))


def tried(row) -> list[tuple[str, str]]:
    row.refresh_from_db()
    return [(each.outcome, each.text) for each in row.attempts.all()]


def later(row):
    """As if the wait before the next try were over."""
    DeliveryAttempt.objects.filter(interchange=row).exclude(next_at=None).update(next_at=now() - timedelta(seconds=1))


# Secrets ------------------------------------------------------------------------------------------------------------


def test_secrets_are_not_stored_as_they_are(settings):
    sealed = seal({"secret": "correct horse", "empty": ""})
    assert "horse" not in sealed and unseal(sealed) == {"secret": "correct horse"}
    assert seal({}) == "" and unseal("") == {} and unseal("nonsense") == {}
    before, settings.SECRET_KEY = settings.SECRET_KEY, "another"
    assert unseal(sealed) == {}
    settings.SECRET_KEY_FALLBACKS = [before]
    assert unseal(sealed) == {"secret": "correct horse"}


# HTTP ---------------------------------------------------------------------------------------------------------------


def test_a_document_is_posted_with_its_proof(couple):
    row = outgoing(couple)
    with web_server() as server:
        transport_of(couple, "http", {"secret": "s3cret"}, url=server.url, proof="hmac")
        assert deliver(row.pk)
    [(method, path, headers, body)] = server.seen
    assert (method, path, body) == ("POST", "/edi", row.raw)
    stamp, proof = headers["X-Filiera-Signature"].removeprefix("t=").split(",v1=")
    assert proof == hmac.new(b"s3cret", stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert tried(row) == [("delivered", "The server answered 200.")]
    assert row.delivery == Interchange.Delivery.DELIVERED and row.confirmed_at


@pytest.mark.parametrize(
    ("proof", "header"),
    [("bearer", "Bearer s3cret"), ("basic", f"Basic {base64.b64encode(b'erp:s3cret').decode()}"), ("none", None)],
)
def test_other_proofs(couple, proof, header):
    row = outgoing(couple)
    with web_server() as server:
        transport_of(couple, "http", {"secret": "s3cret"}, url=server.url, proof=proof, username="erp")
        deliver(row.pk)
    assert server.seen[0][2].get("Authorization") == header


def test_a_failure_is_tried_again_later_and_given_up_at_last(couple):
    row = outgoing(couple)
    with web_server() as server:
        server.answers = [(503, {"Content-Type": "text/plain"}, b"we are\r\nclosed")]
        transport_of(couple, "http", url=server.url, proof="none")
        assert deliver_waiting() == 1
        assert tried(row) == [("failed", "The server answered 503. It said: we are closed")]
        assert row.delivery == "pending" and row.attempts.get().next_at > now() + timedelta(seconds=60)
        assert deliver_waiting() == 0 and not deliver(row.pk)
        for _again in range(TRIES - 1):
            later(row)
            assert deliver_waiting() == 1
        assert len(tried(row)) == TRIES and row.delivery == "failed"
        later(row)
        assert deliver_waiting() == 0
        Interchange.objects.filter(pk=row.pk).update(delivery="pending")  # offered again by hand
        server.answers = [(500, {}, b""), (200, {}, b"")]
        assert deliver_waiting() == 1
        assert tried(row)[0][0] == "failed" and row.delivery == "pending"
        later(row)
        assert deliver_waiting() == 1
    assert tried(row)[0][0] == "delivered" and row.delivery == "delivered"
    assert len({body for *_rest, body in server.seen}) == 1


def test_a_server_that_is_down_is_asked_once_a_round(couple):
    rows = [outgoing(couple, number=str(number)) for number in range(3)]
    with web_server() as server:
        server.answers = [(503, {}, b"")]
        transport_of(couple, "http", url=server.url, proof="none")
        assert deliver_waiting() == 1
        server.answers = [(200, {}, b"")]
        assert deliver_waiting() == 2
    assert [len(tried(row)) for row in rows] == [1, 1, 1]


def test_an_acknowledgement_in_the_answer_is_taken_in(couple):
    row = outgoing(couple)
    with web_server() as server:
        server.answers = [(200, {"Content-Type": "application/edifact"}, edifact(control="9001").encode())]
        transport_of(couple, "http", url=server.url, proof="none")
        deliver(row.pk)
        page = outgoing(couple, number="78")
        server.answers = [(200, {"Content-Type": "text/html"}, b"<h1>Thanks</h1>")]
        deliver(page.pk)
    assert Order.objects.count() == 1
    assert Interchange.objects.filter(direction="in").count() == 1


def test_a_paused_transport_or_connection_sends_nothing(couple):
    outgoing(couple)
    transport = transport_of(couple, "http", url="http://127.0.0.1:9/", proof="none")
    transport.state = "paused"
    transport.save()
    assert deliver_waiting() == 0
    transport.state, couple.connection.state = "active", "paused"
    transport.save()
    couple.connection.save()
    assert deliver_waiting() == 0


def test_what_a_dead_worker_held_is_sent_by_another(couple):
    row = outgoing(couple)
    with web_server() as server:
        transport_of(couple, "http", url=server.url, proof="none")
        DeliveryAttempt.objects.create(interchange=row, kind="http", next_at=now() + timedelta(minutes=9))
        assert deliver_waiting() == 0
        later(row)
        assert deliver_waiting() == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://10.1.2.3/",
        "http://169.254.169.254/latest/meta-data/",
        "http://192.168.0.1/",
        "http://0.0.0.0/",
        "http://[::ffff:10.0.0.1]/",
        "http://[fe80::1]/",
        "http://2130706433/",
        "http://100.64.0.1/",
    ],
)
def test_our_own_network_is_never_called(settings, url):
    settings.EDI_PRIVATE_ADDRESSES = False
    with pytest.raises(TransportFault, match=r"private network|not found"):
        web.request("GET", url, b"", {})


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/",
        "file:///etc/passwd",
        "http:///x",
        "http://a:b@example.com/",
        "http://h:x/",
        "http://127.0.0.1/ b",
    ],
)
def test_addresses_that_are_not_called(url):
    with pytest.raises(TransportFault) as caught:
        web.request("GET", url, b"", {})
    assert caught.value.final


def test_a_name_with_one_private_address_is_not_called(settings, monkeypatch):
    settings.EDI_PRIVATE_ADDRESSES = False
    found = [(2, 1, 6, "", ("93.184.216.34", 80)), (2, 1, 6, "", ("127.0.0.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: found)
    with pytest.raises(TransportFault, match="private"):
        web.public_address("rebinding.example", 80)


def test_redirects_are_not_followed_and_large_answers_are_cut(couple):
    with web_server() as server:
        server.answers = [(302, {"Location": "http://169.254.169.254/"}, b"")]
        assert web.request("POST", server.url, b"x", {}).status == 302
        server.answers = [(200, {}, b"x" * 3_000)]
        with pytest.raises(TransportFault, match="too large"):
            web.request("POST", server.url, b"x", {}, at_most=1_000)
    with pytest.raises(TransportFault, match="refused the connection"):
        web.request("POST", server.url, b"x", {})


def test_a_server_that_says_nothing_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(web, "TOTAL_SECONDS", 0.2)
    listener = socket.create_server(("127.0.0.1", 0))
    with listener, pytest.raises(TransportFault, match="in time"):
        web.request("GET", f"http://127.0.0.1:{listener.getsockname()[1]}/", b"", {})


def test_a_server_that_drips_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(web, "TOTAL_SECONDS", 0.3)
    listener = socket.create_server(("127.0.0.1", 0))

    def drip():
        peer, _address = listener.accept()
        with peer:
            peer.recv(1_000)
            peer.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            try:
                for _step in range(100):
                    peer.sendall(b"x")
                    threading.Event().wait(0.05)
            except OSError:
                pass

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    with listener, pytest.raises(TransportFault, match=r"in time|too long"):
        web.request("GET", f"http://127.0.0.1:{listener.getsockname()[1]}/", b"", {})
    thread.join()


def test_headers_cannot_be_smuggled():
    with web_server() as server, pytest.raises(TransportFault):
        web.request("POST", server.url, b"", {"X-Name": "a\r\nX-Evil: 1"})


# Folders ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(couple, settings, tmp_path):
    transport = transport_of(couple, "folder")
    way_of("folder").check(transport)
    home = tmp_path / "folders" / str(couple.buyer.pk) / str(couple.connection.pk)
    return transport, home


def drop(home, name, text) -> None:
    (home / "inbox" / name).write_text(text)
    old(home / "inbox" / name)


def test_what_lies_in_the_inbox_is_taken_in_once_and_archived(folder):
    _transport, home = folder
    drop(home, "order.edi", edifact())
    assert fetch_all() == 1 and fetch_all() == 0
    assert Order.objects.count() == 1
    assert not list((home / "inbox").iterdir())
    [kept] = (home / "archive").iterdir()
    assert kept.name.endswith("order.edi") and kept.read_text() == edifact()


def test_drafts_and_growing_files_are_left_alone(folder):
    transport, home = folder
    for name in ("a.tmp", "b.part", ".hidden", "c.edi~"):
        drop(home, name, edifact())
    growing = home / "inbox" / "growing.edi"
    growing.write_text(edifact()[:100])
    assert fetch_from(transport) == 0
    growing.write_text(edifact())
    assert fetch_from(transport) == 0  # it changed since it was last looked at
    assert fetch_from(transport) == 1
    assert len(list((home / "inbox").iterdir())) == 4
    assert is_partial("x.PART") and not is_partial("x.edi") and not is_steady("k", 0, 0)


def test_links_pipes_and_folders_are_not_followed(folder, tmp_path):
    _transport, home = folder
    secret = tmp_path / "secret.edi"
    secret.write_text(edifact())
    old(secret)
    (home / "inbox" / "link.edi").symlink_to(secret)
    os.mkfifo(home / "inbox" / "pipe.edi")
    (home / "inbox" / "sub.edi").mkdir()
    assert fetch_all() == 0 and secret.exists()
    for name in ("inbox", "outbox"):
        assert (home / name).is_dir()


def test_an_outbox_that_became_a_link_is_not_written_to(folder, couple, tmp_path):
    _transport, home = folder
    (home / "outbox").rmdir()
    (home / "outbox").symlink_to(tmp_path)
    row = outgoing(couple)
    deliver(row.pk)
    assert row.attempts.get().outcome == "failed"
    assert not list(tmp_path.glob("*ORDRSP*"))


def test_a_document_is_written_whole_and_twice_is_once(folder, couple):
    _transport, home = folder
    row = outgoing(couple)
    deliver(row.pk)
    Interchange.objects.filter(pk=row.pk).update(delivery="pending")
    deliver(row.pk)
    [written] = (home / "outbox").iterdir()
    assert written.read_bytes() == row.raw and written.name == f"{row.pk}-ORDRSP-77.edi"


def test_a_server_without_folders_says_so(folder, couple, settings):
    transport, _home = folder
    settings.EDI_FOLDER_ROOT = ""
    with pytest.raises(TransportFault, match="EDI_FOLDER_ROOT"):
        way_of("folder").check(transport)
    assert fetch_from(transport) == 0
    transport.refresh_from_db()
    assert "EDI_FOLDER_ROOT" in transport.fault


@pytest.mark.parametrize("name", ["../../etc/passwd", "-rf", "a b\n.edi", "..", "ORDRSP, CONTRL-1.edi", "é"])
def test_names_are_safe(name):
    safe = safe_name(name)
    assert safe and not safe.startswith((".", "-")) and set(safe) <= set(safe.replace("/", "")) and "\n" not in safe
    assert "/" not in safe


# What comes in is the organisation's own, or it is refused ----------------------------------------------------------


def test_a_document_of_another_company_is_refused(folder):
    _transport, home = folder
    drop(home, "spoof.edi", edifact(sender="8099999000006"))
    assert fetch_all() == 1
    row = Interchange.objects.get(direction="in")
    assert row.validation == "invalid" and row.findings.filter(code="sender-not-yours").exists()
    assert not Order.objects.exists()


def test_an_account_that_may_no_longer_act_takes_nothing_in(folder, couple):
    _transport, home = folder
    drop(home, "order.edi", edifact())
    couple.account.active = False
    couple.account.save()
    assert fetch_all() == 0
    couple.account.active = True
    couple.account.save()
    couple.account.role.capabilities = ["edi.view"]
    couple.account.role.save()
    assert fetch_all() == 0
    assert (home / "inbox" / "order.edi").exists()


# SFTP ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def server(tmp_path):
    root = tmp_path / "partner"
    for name in ("inbox", "outbox", "archive"):
        (root / name).mkdir(parents=True)
    with sftp_server(root) as (port, key):
        yield root, port, key


def sftp_of(couple, server, **changed):
    _root, port, key = server
    secrets = {"secret": changed.pop("secret", "correct horse")}
    settings = {"host": "127.0.0.1", "port": port, "username": "erp", "host_key": key, "archive": "archive"}
    return transport_of(couple, "sftp", secrets, **{**settings, **changed})


def test_an_order_comes_and_an_answer_goes_by_sftp(couple, server):
    root = server[0]
    transport = sftp_of(couple, server)
    drop(root, "order.edi", edifact())
    drop(root, "later.tmp", edifact(orders_message(number="PO-9"), control="9"))
    assert way_of("sftp").check(transport) == "Signed in; 1 files wait in the inbox."
    assert fetch_all() == 1
    assert Order.objects.count() == 1
    assert [each.name for each in (root / "inbox").iterdir()] == ["later.tmp"]
    assert [each.read_text() for each in (root / "archive").iterdir()] == [edifact()]
    row = outgoing(couple)
    assert deliver(row.pk)
    [written] = (root / "outbox").iterdir()
    assert written.read_bytes() == row.raw
    assert tried(row) == [("delivered", f"Written to outbox/{row.pk}-ORDRSP-77.edi.")]


def test_without_an_archive_what_was_taken_is_removed(couple, server):
    sftp_of(couple, server, archive="")
    drop(server[0], "order.edi", edifact())
    assert fetch_all() == 1
    assert not list((server[0] / "inbox").iterdir()) and not list((server[0] / "archive").iterdir())


def test_a_file_that_grows_is_left_until_it_rests(couple, server):
    transport = sftp_of(couple, server)
    growing = server[0] / "inbox" / "growing.edi"
    growing.write_text(edifact()[:50])
    assert fetch_from(transport) == 0
    growing.write_text(edifact())
    assert fetch_from(transport) == 0
    assert fetch_from(transport) == 1


def test_a_server_with_another_key_is_not_spoken_to(couple, server):
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    sftp_of(couple, server, host_key=other)
    row = outgoing(couple)
    deliver(row.pk)
    assert "another key" in tried(row)[0][1]
    assert not list((server[0] / "outbox").iterdir())


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"secret": "wrong"}, "does not accept"),
        ({"host_key": ""}, "Compare this key with your partner"),
        ({"host_key": "nonsense"}, "cannot be read"),
        ({"outbox": "nowhere"}, "no folder 'nowhere'"),
        ({"inbox": "nowhere"}, "not there"),
    ],
)
def test_what_is_wrong_is_told_in_words(couple, server, changed, words):
    transport = sftp_of(couple, server, **changed)
    with pytest.raises(TransportFault, match=words):
        way_of("sftp").check(transport)


def test_the_key_that_the_server_shows_can_be_compared(couple, server):
    transport = sftp_of(couple, server, host_key="")
    with pytest.raises(TransportFault) as caught:
        way_of("sftp").check(transport)
    assert server[2] in str(caught.value)


def test_an_sftp_server_of_our_own_network_is_not_called(couple, server, settings):
    settings.EDI_PRIVATE_ADDRESSES = False
    with pytest.raises(TransportFault, match="private network"):
        way_of("sftp").check(sftp_of(couple, server))
