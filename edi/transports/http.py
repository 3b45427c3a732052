"""Documents posted to a web address of the partner, proved by HMAC, bearer key or password (RFC 2104, 6750, 7617)."""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from time import time

from core import outbound as web
from core.vault import unseal
from edi.models.transport import Transport
from edi.transports.ways import Fetched, Sent, TransportFault

# What an answer must be to be taken in as a document; pages and plain words of a server are not.
DOCUMENTS = ("application/edi", "application/x12", "application/xml", "text/xml", "application/edifact")


def send(transport: Transport, data: bytes, filename: str, content_type: str, reference: int) -> Sent:
    """Post it. An acknowledgement in the answer is handed back, to be taken in."""
    headers = {
        "Content-Type": content_type,
        "Content-Disposition": f'attachment; filename="{filename}"',
        "X-Filiera-Reference": str(reference),
        "User-Agent": "Filiera",
        **_proof(transport, data),
    }
    answer = web.request("POST", transport.setting("url"), data, headers)
    if not 200 <= answer.status < 300:
        raise TransportFault(f"The server answered {answer.status}.{_words(answer)}")
    kind = answer.headers.get("content-type", "").lower()
    document = answer.body if answer.body.strip() and kind.startswith(DOCUMENTS) else b""
    return Sent(f"The server answered {answer.status}.", True, document, kind[:120])


def fetch(transport: Transport) -> Iterator[Fetched]:
    """Nothing: the partner posts to our API."""
    return iter(())


def check(transport: Transport) -> str:
    """Ask the server with OPTIONS, which changes nothing there."""
    answer = web.request("OPTIONS", transport.setting("url"), b"", {"User-Agent": "Filiera", **_proof(transport, b"")})
    if answer.status in {401, 403}:
        raise TransportFault(f"The server was reached, and does not accept the proof ({answer.status}).")
    if answer.status == 404 or answer.status >= 500:
        raise TransportFault(f"The server was reached, and answered {answer.status}.")
    return f"The server was reached, and answered {answer.status}."


def _proof(transport: Transport, data: bytes) -> dict[str, str]:
    """The header that proves who posts. The HMAC is over the time, a point and the body, in hexadecimal."""
    secret, how = unseal(transport.sealed).get("secret", ""), transport.setting("proof", "none")
    if how == "none":
        return {}
    if not secret:
        raise TransportFault("The secret is missing; enter it again.", final=True)
    if how == "bearer":
        return {"Authorization": f"Bearer {secret}"}
    if how == "basic":
        pair = f"{transport.setting('username')}:{secret}".encode()
        return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
    stamp = str(int(time()))
    proof = hmac.new(secret.encode(), stamp.encode() + b"." + data, hashlib.sha256).hexdigest()
    return {"X-Filiera-Signature": f"t={stamp},v1={proof}"}


def _words(answer: web.Answer) -> str:
    """The first words of a refusal, where they are words."""
    if not answer.headers.get("content-type", "").lower().startswith(("text/plain", "application/json")):
        return ""
    said = " ".join(answer.body[:300].decode("utf-8", "replace").split())
    return f" It said: {said}" if said else ""
