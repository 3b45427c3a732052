"""Signatures of webhooks, by Standard Webhooks 1.0 (https://www.standardwebhooks.com).

A secret is "whsec_" and the Base64 of 24 to 64 random bytes. The signature is "v1," and the Base64 of the HMAC-SHA256
over "{webhook-id}.{webhook-timestamp}.{body}"; while a secret is replaced there are two, separated by a space, and a
receiver accepts either.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"


def new_secret() -> str:
    """A secret of 32 random bytes."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """One signature of version 1. `timestamp` in seconds since 1970, as it stands in the header."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers(keys: Iterable[str], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers of the standard, with a signature by each key."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(key, message_id, timestamp, body) for key in keys),
    }
