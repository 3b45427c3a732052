"""Signed names of letters, for addresses in them: what was opened, followed, unsubscribed from, or came back.

40 letters of base32 without case, as mail servers may change case and the local part of an address has 64 octets.
"""

import base64
import binascii
import hmac
from typing import NamedTuple

from django.conf import settings
from django.utils.crypto import salted_hmac

SALT = "audiences.letters"
MAC = 16
OPENED, FOLLOWED, UNSUBSCRIBE, RETURN = b"o", b"c", b"u", b"r"


class Named(NamedTuple):
    """Which letter, and which link of it (0 for none)."""

    recipient_id: int
    link: int


def token_for(kind: bytes, recipient_id: int, link: int = 0) -> str:
    """The token of a letter; each kind of its own, so that a link that was followed unsubscribes nobody."""
    body = kind + recipient_id.to_bytes(6, "big") + link.to_bytes(2, "big")
    return base64.b32encode(body + _mac(body, settings.SECRET_KEY)).decode().lower()


def read(kind: bytes, token: str) -> Named | None:
    """What a token of this kind names; None for one that is not ours."""
    try:
        octets = base64.b32decode(token, casefold=True) if len(token) == 40 else b""
    except (binascii.Error, ValueError):
        return None
    body, mac = octets[:-MAC], octets[-MAC:]
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    if body[:1] != kind or not any(hmac.compare_digest(mac, _mac(body, key)) for key in keys):
        return None
    return Named(int.from_bytes(body[1:7], "big"), int.from_bytes(body[7:9], "big"))


def _mac(body: bytes, key: str | bytes) -> bytes:
    return salted_hmac(SALT, body, secret=key, algorithm="sha256").digest()[:MAC]
