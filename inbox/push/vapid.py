"""Who sends a push message: a signed token for its service (RFC 8292, a JWT with ES256). Pure."""

import json
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from inbox.push.encryption import octets_of, to_base64url

LIFE = 12 * 3600  # seconds; RFC 8292, section 2: 24 hours at most


def authorization(endpoint: str, key: ec.EllipticCurvePrivateKey, contact: str, moment: float) -> str:
    """The Authorization header for a message to this endpoint; `contact` is a mailto: or https: address."""
    parts = urlsplit(endpoint)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": int(moment) + LIFE, "sub": contact}
    pieces = [{"typ": "JWT", "alg": "ES256"}, claims]
    signed = ".".join(to_base64url(json.dumps(piece, separators=(",", ":")).encode()) for piece in pieces)
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    signature = to_base64url(r.to_bytes(32, "big") + s.to_bytes(32, "big"))  # RFC 7518, section 3.4
    return f"vapid t={signed}.{signature}, k={to_base64url(octets_of(key.public_key()))}"
