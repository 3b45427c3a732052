"""STUN and TURN servers for browsers, with credentials that run out.

The scheme is the one that coturn calls `use-auth-secret` (draft-uberti-behave-turn-rest): the name is
`<expiry>:<member>`, the password base64(HMAC-SHA1(secret, name)). The secret never leaves the server.
"""

import base64
import hashlib
import hmac
import time
from typing import Any

from django.conf import settings

LIFETIME = 8 * 3600  # seconds: the longest call that need not be joined anew


def servers_for(membership_id: int, *, at: float | None = None) -> list[dict[str, Any]]:
    """`iceServers` of RTCPeerConnection for one member. Empty without settings: fine on one machine or network."""
    servers: list[dict[str, Any]] = []
    if settings.STUN_URLS:
        servers.append({"urls": settings.STUN_URLS})
    if settings.TURN_URLS and settings.TURN_SECRET:
        name, password = credentials(membership_id, secret=settings.TURN_SECRET, at=at)
        servers.append({"urls": settings.TURN_URLS, "username": name, "credential": password})
    return servers


def credentials(membership_id: int, *, secret: str, at: float | None = None) -> tuple[str, str]:
    """Name and password for a TURN server, good for LIFETIME seconds from `at` (seconds since 1970)."""
    expiry = int((time.time() if at is None else at) + LIFETIME)
    name = f"{expiry}:{membership_id}"
    digest = hmac.new(secret.encode(), name.encode(), hashlib.sha1).digest()
    return name, base64.b64encode(digest).decode()
