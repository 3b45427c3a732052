"""Web push against a push service of our own, which decrypts and checks what it gets as browsers do."""

import base64
import hashlib
import json
import os
from datetime import UTC, datetime, time

import pytest
import time_machine
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from inbox import actions, tasks
from inbox.models import Notification, Preference, PushDevice, PushKey, QuietHours
from inbox.push import keys
from inbox.push.encryption import encrypt, from_base64url, to_base64url
from partners.actors import acting
from tests.inbox.conftest import KIND
from tests.inbox.webhook_peers import receiver


def hkdf(salt, secret, info, length):
    """RFC 5869 by hand, apart from ours."""

    def mac(key, text):
        made = hmac.HMAC(key, hashes.SHA256())
        made.update(text)
        return made.finalize()

    return mac(mac(salt, secret), info + b"\x01")[:length]


class Browser:
    """A browser's half of RFC 8291."""

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.secret = os.urandom(16)
        self.public = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def decrypt(self, body):
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        assert len(sealed) <= size
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self.key.exchange(ec.ECDH(), point)
        keying = hkdf(self.secret, shared, b"WebPush: info\0" + self.public + sender, 32)
        key = hkdf(salt, keying, b"Content-Encoding: aes128gcm\0", 16)
        nonce = hkdf(salt, keying, b"Content-Encoding: nonce\0", 12)
        plain = AESGCM(key).decrypt(nonce, sealed, None)
        assert plain.endswith(b"\x02")
        return json.loads(plain[:-1])

    def subscription(self, url):
        return {"endpoint": url, "keys": {"p256dh": to_base64url(self.public), "auth": to_base64url(self.secret)}}


def claims_of(header, public_key):
    """The claims of a VAPID token, after its signature was checked."""
    scheme, rest = header.split(" ", 1)
    parts = dict(piece.strip().split("=", 1) for piece in rest.split(","))
    assert scheme == "vapid" and parts["k"] == public_key
    head, claims, signature = parts["t"].split(".")
    raw = from_base64url(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), from_base64url(public_key))
    key.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    assert json.loads(from_base64url(head)) == {"typ": "JWT", "alg": "ES256"}
    return json.loads(from_base64url(claims))


@pytest.fixture
def service():
    with receiver() as there:
        there.answers = [(201, {}, b"")]
        yield there


@pytest.fixture
def browser(world, rule, service, signed_in):
    """The partner's member asked to be told in this browser."""
    rule()
    found = Browser()
    client = signed_in(world.partner)
    body = json.dumps(found.subscription(service.url))
    agent = "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0"
    answer = client.post(
        reverse("inbox:device_add"), body, content_type="application/json", headers={"User-Agent": agent}
    )
    assert answer.status_code == 204
    assert PushDevice.objects.get().name == "Firefox, Linux"
    return found


def test_the_example_of_the_standard():
    """RFC 8291, appendix A: what its receiver's keys say of a message that we encrypt."""
    receiver_key = from_base64url("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94")
    there = Browser()
    there.key = ec.derive_private_key(int.from_bytes(receiver_key, "big"), ec.SECP256R1())
    there.public = there.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    there.secret = from_base64url("BTBZMqHH6r4Tts7J_aSIgg")
    assert to_base64url(there.public).startswith("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcx")
    sample = from_base64url(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    with pytest.raises(json.JSONDecodeError):  # it decrypts to a sentence, which is no JSON
        there.decrypt(sample)
    assert there.decrypt(encrypt(b'{"a":1}', there.public, there.secret)) == {"a": 1}


def test_what_happens_reaches_the_device_encrypted_and_signed(browser, world, happens, service):
    happens(world.vendor, world.partnership, note="please look")
    ((headers, body),) = service.seen
    item = Notification.objects.get(membership=world.partner)
    told = browser.decrypt(body)
    assert told["body"] == f"{world.vendor.user} tested {world.partnership}: please look"
    assert (told["title"], told["url"]) == (str(world.partnership), f"/inbox/{item.pk}/")
    assert b"please look" not in body and set(told) == {"title", "body", "url", "tag"}
    assert headers["content-encoding"] == "aes128gcm" and int(headers["ttl"]) > 0 and len(headers["topic"]) <= 32
    claims = claims_of(headers["authorization"], keys.public_key())
    assert claims["aud"] == service.url.removesuffix("/hook") and claims["sub"].startswith("mailto:")
    assert PushDevice.objects.get().used_at is not None


def test_only_this_person_is_pushed_to(browser, world, happens, service):
    happens(world.partner, world.partnership)
    assert service.seen == []


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_is_gone_is_removed(browser, world, happens, service, status):
    service.answers = [(status, {}, b"")]
    happens(world.vendor, world.partnership)
    assert not PushDevice.objects.exists()


@pytest.mark.parametrize("status", [400, 403, 413])
def test_a_refusal_keeps_the_device_and_is_not_tried_again(browser, world, happens, service, status):
    service.answers = [(status, {}, b"")]
    happens(world.vendor, world.partnership)
    assert PushDevice.objects.exists() and len(service.seen) == 1


def test_a_service_that_asks_for_time_is_tried_again(browser, world, happens, service):
    happens(world.vendor, world.partnership)
    service.answers = [(503, {}, b"")]
    from inbox.push import telling

    with pytest.raises(telling.NotTaken):
        telling.tell(PushDevice.objects.get().pk, Notification.objects.get(membership=world.partner).pk)


def test_what_was_read_meanwhile_is_not_pushed(browser, world, happens, service):
    happens(world.vendor, world.partnership)
    service.seen.clear()
    item = Notification.objects.get(membership=world.partner)
    actions.read(actor=acting(world.partner, "web"), notification=item)
    assert tasks.push_to.call(PushDevice.objects.get().pk, item.pk) == "dropped"
    assert service.seen == []


def test_a_kind_that_is_not_wanted_is_not_pushed(browser, world, happens, service):
    Preference.objects.create(membership=world.partner, kind=KIND, push=False)
    happens(world.vendor, world.partnership)
    assert service.seen == []


def test_quiet_hours_hold_it_back(browser, world, happens, service, monkeypatch):
    QuietHours.objects.create(user=world.partner.user, begins=time(20), ends=time(7, 30))
    later = []
    monkeypatch.setattr(type(tasks.push_to), "using", lambda self, **given: later.append(given) or self)
    monkeypatch.setattr(type(tasks.push_to), "enqueue", lambda self, *args, **kwargs: None)
    with time_machine.travel(datetime(2026, 3, 10, 22, tzinfo=UTC), tick=False):
        happens(world.vendor, world.partnership)
        item = Notification.objects.get(membership=world.partner)
        assert tasks.push_to.call(PushDevice.objects.get().pk, item.pk) == "postponed"
    assert later == [{"run_after": datetime(2026, 3, 11, 6, 30, tzinfo=UTC)}] and service.seen == []


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint": "http://10.0.0.1/x"},
        {"endpoint": "file:///etc/passwd"},
        {"endpoint": "https://" + "x" * 2000},
        {"endpoint": 7},
        {"keys": {"p256dh": "AAAA", "auth": "AAAA"}},
        {"keys": {"p256dh": to_base64url(b"\x04" + b"\0" * 64), "auth": to_base64url(b"0" * 16)}},
        {"keys": None},
        {"keys": {}},
    ],
)
def test_what_is_no_subscription_is_refused_with_a_sentence(world, rule, signed_in, service, change):
    body = json.dumps(Browser().subscription(service.url) | change)
    answer = signed_in(world.partner).post(reverse("inbox:device_add"), body, content_type="application/json")
    assert answer.status_code == 422 and answer.json()["detail"] and not PushDevice.objects.exists()


def test_the_device_is_the_persons_and_the_last_who_asked_has_it(browser, world, signed_in, service):
    device = PushDevice.objects.get()
    assert signed_in(world.colleague).post(reverse("inbox:device_remove", args=[device.pk])).status_code == 404
    body = json.dumps(browser.subscription(service.url))
    signed_in(world.colleague).post(reverse("inbox:device_add"), body, content_type="application/json")
    assert PushDevice.objects.get().user == world.colleague.user
    signed_in(world.colleague).post(reverse("inbox:device_remove", args=[device.pk]))
    assert not PushDevice.objects.exists()


def test_the_key_is_made_once_and_kept_sealed(db, settings):
    first = keys.public_key()
    assert keys.public_key() == first and PushKey.objects.count() == 1
    settings.SECRET_KEY = "another"
    assert keys.public_key() != first, "what can be read no longer is made anew"
    settings.WEBPUSH_KEY = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
    assert keys.public_key().startswith("BCVxsr7N_eNgVRqvHtD0zTZsEc6-")
    settings.WEBPUSH_KEY = base64.b64encode(hashlib.sha256().digest()[:9]).decode()
    with pytest.raises(ImproperlyConfigured):
        keys.public_key()


def test_the_service_worker_is_served_from_the_root(client, db, settings, tmp_path):
    (tmp_path / "frontend" / "dist").mkdir(parents=True)
    settings.BASE_DIR = tmp_path
    assert client.get("/sw.js").status_code == 404
    (tmp_path / "frontend" / "dist" / "sw.js").write_text("self")
    answer = client.get("/sw.js")
    assert answer["Content-Type"].startswith("text/javascript") and "no-cache" in answer["Cache-Control"]
