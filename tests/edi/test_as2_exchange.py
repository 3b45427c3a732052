"""AS2 with the exchange behind it: who may post, what is taken in once, receipts at once and later, what is sent."""

import base64
import re
from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.test import Client
from django.utils.timezone import now

from edi.models import AS2Message, DeliveryAttempt, Interchange
from edi.transports.as2 import keys, mdn
from edi.transports.as2.mime import entity_of
from edi.transports.as2.receiving import send_receipts_owed
from edi.transports.as2.unwrap import Keys, unwrap
from edi.transports.as2.wrap import Identity, Packing, wrap
from edi.transports.delivering import HANDED_OVER_AT_MOST, deliver, deliver_waiting
from edi.transports.ways import TransportFault, way_of
from orders.models import Order
from tests.edi.as2_peers import certificate, pem, pem_key
from tests.edi.traffic import edifact, orders_message, pair
from tests.edi.transport_peers import AURORA, BRENTA, as2_of, outgoing, web_server

pytestmark = pytest.mark.django_db
AURORA_CERTIFICATE, BRENTA_CERTIFICATE = certificate("aurora")[0], certificate("brenta")[0]


@pytest.fixture(autouse=True)
def at_home(settings):
    settings.EDI_PRIVATE_ADDRESSES = True


@pytest.fixture
def couple(db):
    return pair(connection={})


def partner(signer="brenta", sender=BRENTA, receiver=AURORA) -> Identity:
    """The partner, who knows our certificate."""
    return Identity(sender, receiver, *certificate(signer), AURORA_CERTIFICATE)


def message(data=None, who=None, **how):
    more = {name: how.pop(name) for name in ("message_id",) if name in how}
    return wrap((data or edifact()).encode(), "application/EDIFACT", "o.edi", who or partner(), Packing(**how), **more)


def post(made, **headers):
    """Post a message as the partner's server does."""
    sent = {**made.headers, **headers}
    kind = sent.pop("Content-Type")
    return Client().generic("POST", "/as2/", made.body, content_type=kind, headers=sent)


def receipt_of(response) -> mdn.Receipt:
    return mdn.read(entity_of(dict(response.items()), response.content), [AURORA_CERTIFICATE])


def refusal(response) -> str:
    assert response.status_code == 200
    assert not Interchange.objects.filter(direction="in").exists()
    return receipt_of(response).modifier


# Coming in ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", [{}, {"compress": True, "cipher": "aes256_cbc"}, {"cipher": ""}, {"digest": "sha512"}])
def test_an_order_comes_in_and_its_receipt_confirms_the_very_bytes(couple, how):
    as2_of(couple)
    made = message(**how)
    response = post(made)
    receipt = receipt_of(response)
    assert receipt.processed and receipt.signer == AURORA_CERTIFICATE
    assert receipt.original_message_id == made.message_id
    assert receipt.confirms(made.mic, made.mic_algorithm)
    assert (response["AS2-From"], response["AS2-To"]) == ('"Aurora AS2"', "BRENTA")
    assert Order.objects.get().buyer == couple.buyer
    assert Interchange.objects.get(direction="in").transmission.service_account == couple.account


def test_the_same_message_again_gets_the_same_receipt_and_nothing_happens_twice(couple):
    as2_of(couple)
    made = message()
    first, second = post(made), post(made)
    assert first.content == second.content and first["Message-ID"] == second["Message-ID"]
    assert Order.objects.count() == 1 and AS2Message.objects.count() == 1
    assert Interchange.objects.get(direction="in").transmission.times_received == 1


def test_a_message_id_used_again_for_something_else_is_refused(couple):
    as2_of(couple)
    post(message(message_id="<1@brenta>"))
    other = edifact(orders_message(number="PO-9"), control="4712")
    receipt = receipt_of(post(message(other, message_id="<1@brenta>")))
    assert receipt.modifier == "unexpected-processing-error"
    assert Order.objects.count() == 1


def test_another_message_id_with_the_same_document_is_no_second_order(couple):
    as2_of(couple)
    assert receipt_of(post(message())).processed
    assert receipt_of(post(message())).processed
    assert Order.objects.count() == 1


@pytest.mark.parametrize(
    "who",
    [
        partner(sender="SOMEBODY"),
        partner(receiver="SOMEBODY"),
        partner(sender="brenta"),
        partner(sender='BRENTA"\r\nX: y'),
    ],
)
def test_names_that_do_not_belong_together_are_told_nothing(couple, who):
    as2_of(couple)
    response = post(message(who=who))
    assert response.status_code == 403
    assert response.content == b"These AS2 names do not belong together here."
    assert not Interchange.objects.exists()


def test_the_right_name_with_the_wrong_certificate_is_refused(couple):
    as2_of(couple)
    assert refusal(post(message(who=partner("mallory")))) == "authentication-failed"
    assert not AS2Message.objects.exists()


def test_the_partner_of_one_cannot_speak_for_another(couple):
    """Mallory has a connection of her own; her certificate counts there and nowhere else."""
    as2_of(couple)
    other = pair(buyer_ids=("8099999000006",), connection={})
    as2_of(other, their_name="MALLORY", their_certificates=pem(certificate("mallory")[0]))
    assert refusal(post(message(who=partner("mallory")))) == "authentication-failed"
    receipt = receipt_of(post(message(who=partner("mallory", sender="MALLORY"))))
    assert receipt.processed  # the message came; the document in it is Brenta's, and is refused
    row = Interchange.objects.get(direction="in")
    assert row.validation == "invalid" and row.findings.filter(code="sender-not-yours").exists()
    assert not Order.objects.exists()


def test_an_unsigned_message_counts_in_test_mode_alone(couple):
    as2_of(couple)
    assert refusal(post(message(digest=""))) == "insufficient-message-security"
    couple.connection.mode = "test"
    couple.connection.save()
    assert receipt_of(post(message(digest="", cipher=""))).processed
    assert not Order.objects.exists()


def test_encryption_may_be_demanded(couple):
    as2_of(couple, needs_encryption=True)
    assert refusal(post(message(cipher=""))) == "insufficient-message-security"


def test_what_cannot_be_decrypted_is_refused_with_the_standards_word(couple):
    as2_of(couple)
    who = Identity(BRENTA, AURORA, *certificate("brenta"), certificate("mallory")[0])
    assert refusal(post(message(who=who))) == "decryption-failed"


def test_an_integrity_check_that_nobody_computes_is_refused(couple):
    as2_of(couple)
    options = "signed-receipt-protocol=required, pkcs7-signature; signed-receipt-micalg=required, sha3-999"
    response = post(message(), **{"Disposition-Notification-Options": options})
    assert receipt_of(response).disposition.endswith("failed/failure: unsupported MIC-algorithms")


@pytest.mark.parametrize("name", ["AS2-From", "AS2-To", "Message-ID"])
def test_a_message_without_its_headers_is_a_bad_request(couple, name):
    as2_of(couple)
    assert post(message(), **{name: ""}).status_code == 400


def test_other_methods_and_oversized_bodies(couple, settings):
    as2_of(couple)
    assert Client().get("/as2/").status_code == 405
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    assert post(message()).status_code == 413


@pytest.mark.parametrize("body", [b"", b"nonsense", b"0\x80\x06\t*\x86H\x86\xf7\r\x01\x07\x03", b"--x\r\n"])
def test_nonsense_is_answered_with_a_receipt(couple, body):
    as2_of(couple)
    made = message()
    for kind in ("application/pkcs7-mime", 'multipart/signed; boundary="x"', "multipart/mixed"):
        response = Client().generic("POST", "/as2/", body, content_type=kind, headers=_without_type(made.headers))
        assert not receipt_of(response).processed


def _without_type(headers) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name != "Content-Type"}


def test_a_paused_transport_is_not_there(couple):
    transport = as2_of(couple)
    transport.state = "paused"
    transport.save()
    assert post(message()).status_code == 403


def test_a_receipt_is_given_only_where_it_is_asked_for(couple):
    as2_of(couple)
    response = post(message(receipt=""))
    assert (response.status_code, response.content) == (200, b"")
    assert Order.objects.exists()


def test_a_bomb_is_refused(couple):
    as2_of(couple)
    made = wrap(b"\0" * 30_000_000, "text/plain", "b", partner(), Packing(compress=True))
    assert len(made.body) < 200_000
    assert refusal(post(made)) == "decompression-failed"


def test_during_a_change_of_certificates_old_and_new_count(couple):
    transport = as2_of(couple)
    transport.settings["their_certificates"] = pem(certificate("brenta new")[0]) + pem(BRENTA_CERTIFICATE)
    new, key = certificate("aurora new")
    transport.settings["own_certificates"] = [pem(new), *transport.settings["own_certificates"]]
    transport.sealed = _sealed(key0=key, key1=certificate("aurora")[1])
    transport.save()
    made = message()
    receipt = mdn.read(_entity(post(made)), [new])
    assert receipt.processed and receipt.signer == new  # ours signs with the new one, and opens with the old
    who = Identity(BRENTA, AURORA, *certificate("brenta new"), new)
    other = edifact(orders_message(number="PO-2"), control="2")
    assert mdn.read(_entity(post(message(other, who=who))), [new]).processed
    assert Order.objects.count() == 2


def _sealed(**found) -> str:
    from core.vault import seal

    return seal({name: pem_key(key) for name, key in found.items()})


def _entity(response):
    return entity_of(dict(response.items()), response.content)


def test_certificates_that_are_weak_or_unreadable_are_not_taken():
    for text in ("", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"):
        with pytest.raises(ValueError):
            keys.certificates_in(text)
    made, key = keys.make("Aurora", now())
    [found] = keys.certificates_in(made)
    assert found.subject.rfc4514_string() == "CN=Aurora" and "PRIVATE KEY" in key
    assert re.fullmatch(r"([0-9A-F]{2}:){31}[0-9A-F]{2}", keys.fingerprint(found))


# Receipts that go their own way -------------------------------------------------------------------------------------


def test_an_asynchronous_receipt_is_sent_until_it_is_taken(couple):
    as2_of(couple)
    with web_server() as server:
        server.answers = [(503, {}, b""), (200, {}, b"")]
        made = message(receipt="async", receipt_url=server.url)
        response = post(made)
        assert (response.status_code, response.content) == (200, b"") and not server.seen
        assert [send_receipts_owed(), send_receipts_owed(), send_receipts_owed()] == [0, 1, 0]
    _method, _path, headers, body = server.seen[-1]
    receipt = mdn.read(entity_of(headers, body), [AURORA_CERTIFICATE])
    assert receipt.confirms(made.mic, made.mic_algorithm)


def test_an_asynchronous_receipt_is_not_sent_into_our_own_network(couple, settings):
    settings.EDI_PRIVATE_ADDRESSES = False
    as2_of(couple)
    with web_server() as server:
        post(message(receipt="async", receipt_url=server.url))
        assert send_receipts_owed() == 0
        post(message(receipt="async", receipt_url=server.url, who=partner("mallory")))
        assert not server.seen


# Going out ----------------------------------------------------------------------------------------------------------


class Answering:
    """The partner's AS2 server: opens what comes and gives its receipt."""

    def __init__(self, server, what="", signer="brenta", spoil=False) -> None:
        self.server, self.what, self.signer, self.spoil = server, what, signer, spoil
        self.opened = []
        server.answer = self.answer

    def answer(self, method, path, headers, body):
        self.server.seen.append((method, path, headers, body))
        if method == "OPTIONS":
            return 200, {}, b""
        request = mdn.Request.of(headers)
        opened = unwrap(entity_of(headers, body), Keys([certificate("brenta")], [AURORA_CERTIFICATE]), 10**7)
        self.opened.append(opened)
        mic = b"x" * 32 if self.spoil else mdn_mic(opened)
        made, content = mdn.write(
            request, text="Said.", what=self.what, mic=mic, algorithm="sha256", signing=certificate(self.signer)
        )
        self.made = made, content
        return (200, {}, b"") if request.url else (200, made, content)


def mdn_mic(opened) -> bytes:
    from edi.transports.as2.names import mic_of

    return mic_of(opened.checked, "sha256")


def sent(couple, **settings):
    row = outgoing(couple)
    transport = as2_of(couple, **settings)
    return row, transport


def outcome(row) -> tuple[str, str, str]:
    row.refresh_from_db()
    last = row.attempts.first()
    return row.delivery, last.outcome, last.text


def test_a_document_goes_and_its_receipt_confirms_it(couple):
    with web_server() as server:
        partner_server = Answering(server)
        row, _transport = sent(couple, url=server.url, cipher="aes256_cbc", compress=True)
        deliver(row.pk)
    assert outcome(row) == ("delivered", "delivered", "The receipt confirms it, signed.")
    [opened] = partner_server.opened
    assert opened.payloads[0].content == row.raw and opened.encrypted and opened.compressed
    assert opened.signer == AURORA_CERTIFICATE
    assert opened.payloads[0].filename == "ORDRSP-77.edi"


def test_it_is_tried_again_with_the_same_id_and_bytes(couple):
    with web_server() as server:
        server.answers = [(503, {}, b"")]
        row, transport = sent(couple, url=server.url)
        deliver(row.pk)
        assert outcome(row)[:2] == ("pending", "failed")
        DeliveryAttempt.objects.update(next_at=now() - timedelta(seconds=1))
        Answering(server)
        deliver(row.pk)
        first, second = server.seen
        assert first[2]["Message-ID"] == second[2]["Message-ID"] and first[3] == second[3]
        Interchange.objects.filter(pk=row.pk).update(delivery="pending")
        deliver(row.pk)
    assert server.seen[2][2]["Message-ID"] != first[2]["Message-ID"]  # it was answered: sent anew, it is a new message
    assert AS2Message.objects.filter(transport=transport, interchange=row).count() == 2


@pytest.mark.parametrize(
    ("answering", "expected"),
    [
        (
            {"what": "decryption-failed"},
            ("failed", "The partner refused the message: decryption-failed. It said: Said."),
        ),
        ({"spoil": True}, ("failed", "The receipt confirms other bytes than those that were sent.")),
        ({"signer": "mallory"}, ("pending", "The answer is no receipt that counts: The signature was not made")),
    ],
)
def test_receipts_that_do_not_confirm(couple, answering, expected):
    with web_server() as server:
        Answering(server, **answering)
        row, _transport = sent(couple, url=server.url)
        deliver(row.pk)
    delivery, _outcome, text = outcome(row)
    assert delivery == expected[0] and text.startswith(expected[1])


def test_a_page_instead_of_a_receipt_is_a_failure_to_try_again(couple):
    with web_server() as server:
        server.answers = [(200, {"Content-Type": "text/html"}, b"<h1>Welcome</h1>")]
        row, _transport = sent(couple, url=server.url)
        deliver(row.pk)
    assert outcome(row)[0] == "pending" and "no receipt" in outcome(row)[2]


def test_an_asynchronous_receipt_settles_what_was_handed_over(couple):
    with web_server() as server:
        partner_server = Answering(server)
        row, _transport = sent(couple, url=server.url, receipt="async")
        deliver(row.pk)
    assert outcome(row)[:2] == ("sent", "handed_over")
    assert server.seen[0][2]["Receipt-Delivery-Option"] == f"{configured.BASE_URL}/as2/"
    headers, body = partner_server.made
    kind = headers.pop("Content-Type")

    def give(content, **more):
        return Client().generic("POST", "/as2/", content, content_type=kind, headers={**headers, **more})

    assert give(body.replace(b"processed", b"proceeded")).status_code == 200
    assert outcome(row)[0] == "sent"  # altered: it counts for nothing
    assert give(body, **{"AS2-From": "SOMEBODY"}).status_code == 403
    assert give(body).status_code == 200
    assert outcome(row) == ("delivered", "delivered", "The receipt confirms it, signed.")
    assert give(body).status_code == 200
    assert row.attempts.count() == 2


def test_a_receipt_that_never_comes_has_the_same_message_sent_again_until_it_is_given_up(couple):
    with web_server() as server:
        Answering(server)
        row, _transport = sent(couple, url=server.url, receipt="async")
        for _round in range(8):
            deliver_waiting()
            deliver_waiting()
            DeliveryAttempt.objects.update(started_at=now() - timedelta(hours=2))
    assert len(server.seen) == HANDED_OVER_AT_MOST
    assert len({(headers["Message-ID"], body) for _method, _path, headers, body in server.seen}) == 1
    row.refresh_from_db()
    assert row.delivery == "failed"


def test_an_asynchronous_refusal_is_an_exception(couple):
    with web_server() as server:
        partner_server = Answering(server, what="unexpected-processing-error")
        row, _transport = sent(couple, url=server.url, receipt="async")
        deliver(row.pk)
    headers, body = partner_server.made
    kind = headers.pop("Content-Type")
    Client().generic("POST", "/as2/", body, content_type=kind, headers=headers)
    assert outcome(row)[0] == "failed"


def test_an_unsigned_receipt_that_somebody_posts_settles_nothing(couple):
    with web_server() as server:
        Answering(server)
        row, _transport = sent(couple, url=server.url, receipt="async")
        deliver(row.pk)
    message_id = server.seen[0][2]["Message-ID"]
    mic = base64.b64decode(AS2Message.objects.get(inbound=False).mics["sha256"])
    request = mdn.Request(message_id, AURORA, BRENTA, wants_receipt=True)
    headers, body = mdn.write(request, text="x", mic=mic, algorithm="sha256")
    kind = headers.pop("Content-Type")
    assert Client().generic("POST", "/as2/", body, content_type=kind, headers=headers).status_code == 200
    assert outcome(row)[0] == "sent"


def test_the_check_says_what_is_missing(couple):
    with web_server() as server:
        Answering(server)
        _row, transport = sent(couple, url=server.url)
        assert "are in order" in way_of("as2").check(transport)
        transport.settings["their_certificates"] = ""
        with pytest.raises(TransportFault, match="certificate of the partner"):
            way_of("as2").check(transport)
        transport.sealed = ""
        transport.settings["their_certificates"] = pem(BRENTA_CERTIFICATE)
        with pytest.raises(TransportFault, match="certificate of ours"):
            way_of("as2").check(transport)
