"""What a push service must not read: RFC 8291 over the content coding aes128gcm of RFC 8188. Pure."""

import base64
import os

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
RECORD = 4096  # octets of the one record: what every push service takes (RFC 8030, section 7.2)
AT_MOST = RECORD - 86 - 17  # less the header, the delimiter and the tag
LAST = b"\x02"  # RFC 8188, section 2: the delimiter of the last record


def from_base64url(text: str) -> bytes:
    """Octets of base64url with or without padding (RFC 7515, appendix C). Raises ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def to_base64url(octets: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")


def point_of(octets: bytes) -> ec.EllipticCurvePublicKey:
    """A public key of 65 octets, uncompressed. Raises ValueError for a point that is not on the curve."""
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, octets)


def octets_of(key: ec.EllipticCurvePublicKey) -> bytes:
    """The 65 octets of a public key, uncompressed."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt=salt, info=info).derive(secret)


def encrypt(text: bytes, receiver: bytes, secret: bytes) -> bytes:
    """The body of a push message for the browser with this public key and authentication secret.

    Raises ValueError for a key that is none, and for more than 3,993 octets.
    """
    if len(text) > AT_MOST:
        raise ValueError(f"a push message holds {AT_MOST} octets at most")
    own, salt = ec.generate_private_key(CURVE), os.urandom(16)
    sender = octets_of(own.public_key())
    shared = own.exchange(ec.ECDH(), point_of(receiver))
    keying = _derived(shared, secret, b"WebPush: info\0" + receiver + sender, 32)  # RFC 8291, section 3.4
    key = _derived(keying, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(keying, salt, b"Content-Encoding: nonce\0", 12)
    header = salt + RECORD.to_bytes(4, "big") + bytes([len(sender)]) + sender
    return header + AESGCM(key).encrypt(nonce, text + LAST, None)
