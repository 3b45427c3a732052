"""The authenticator app of a test: RFC 6238 with SHA-1, 30 seconds and six digits, which is what such apps do."""

import base64
import hashlib
import hmac
import struct
import time

STEP = 30


def code_at(secret: str, moment: float) -> str:
    """The code of a moment (seconds of POSIX time) for a secret in Base32 (RFC 4226, 5.3)."""
    counter = struct.pack(">Q", int(moment // STEP))
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def code_now(secret: str) -> str:
    """A code that holds for some seconds more: at the end of a step the next one is waited for."""
    left = STEP - time.time() % STEP
    if left < 4:
        time.sleep(left + 0.1)
    return code_at(secret, time.time())
