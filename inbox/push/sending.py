"""Posting to push services (RFC 8030), which people's browsers name: never into our own network."""

import json
import time
from email.utils import parseaddr
from enum import Enum

from django.conf import settings

from core import outbound
from inbox.models import PushDevice
from inbox.push import keys, vapid
from inbox.push.encryption import encrypt, from_base64url, point_of

LIMITS = outbound.Limits(connect=5, total=10, at_most=2_048, cut=True)
LIFE = 86_400  # seconds that the service keeps it for a device that is off
GONE = frozenset({404, 410})


class Sent(Enum):
    """What became of a message."""

    TAKEN = "taken"
    GONE = "gone"
    REFUSED = "refused"
    LATER = "later"


def loopback_allowed() -> bool:
    """Whether push services on this very machine may be called: in the demo and while developing."""
    return bool(settings.DEMO or settings.DEBUG)


def check(endpoint: str, public_key: str, secret: str) -> None:
    """Raises ValueError or OutboundFault for what is no subscription, or names a server that is not called."""
    scheme, host, port, _target = outbound.parts_of(endpoint)
    loopback = loopback_allowed()
    if len(endpoint) > 1000 or (scheme != "https" and not loopback):
        raise ValueError("a push service has an address of at most 1,000 letters that begins with https://")
    point_of(from_base64url(public_key))
    if len(from_base64url(secret)) != 16:
        raise ValueError("the secret has 16 octets")
    outbound.public_address(host, port, loopback=loopback)


def send(device: PushDevice, message: dict[str, str], *, topic: str, urgent: bool) -> Sent:
    """Encrypt and post one message; a newer one of the same `topic` takes the place of one not delivered yet."""
    text = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    body = encrypt(text, from_base64url(device.public_key), from_base64url(device.secret))
    contact = f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"
    headers = {
        "Authorization": vapid.authorization(device.endpoint, keys.private_key(), contact, time.time()),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(LIFE),
        "Urgency": "high" if urgent else "normal",
        "Topic": topic,
    }
    try:
        answer = outbound.request("POST", device.endpoint, body, headers, limits=LIMITS, loopback=loopback_allowed())
    except outbound.OutboundFault as fault:
        return Sent.REFUSED if fault.final else Sent.LATER
    if answer.status in GONE:
        return Sent.GONE
    if answer.status == 429 or answer.status >= 500:
        return Sent.LATER
    return Sent.TAKEN if 200 <= answer.status < 300 else Sent.REFUSED
