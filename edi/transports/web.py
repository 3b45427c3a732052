"""One HTTP request to an address that somebody typed: never into our own network, never further than asked.

The name is resolved once, every address is judged, and the connection goes to the very address that was judged, so that
a name which changes its mind in between (DNS rebinding) gains nothing. Redirects are not followed.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from urllib.parse import urlsplit

from django.conf import settings

from edi.transports.ways import TransportFault

CONNECT_SECONDS, TOTAL_SECONDS = 15.0, 60.0
ANSWER_AT_MOST = 5_000_000
_STEP = 65_536


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. Header names are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def private_allowed() -> bool:
    """Whether addresses of private networks may be called (EDI_PRIVATE_ADDRESSES, for on-premises set-ups)."""
    return bool(getattr(settings, "EDI_PRIVATE_ADDRESSES", False))


def public_address(host: str, port: int) -> str:
    """An address of the host that may be called. Raises TransportFault when one of them may not, or none is found."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as fault:
        raise TransportFault(f"The name {host[:80]!r} was not found.") from fault
    addresses = [str(each[4][0]) for each in found]
    if not private_allowed() and not all(map(_is_public, addresses)):
        raise TransportFault(f"{host[:80]!r} is an address of a private network, which is not called.", final=True)
    return addresses[0]


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if mapped is not None:
        address = mapped
    return address.is_global and not address.is_multicast and not address.is_reserved


def request(method: str, url: str, body: bytes, headers: Mapping[str, str], *, at_most: int = ANSWER_AT_MOST) -> Answer:
    """Send one request. Raises TransportFault for an address that is not called, and when it cannot be reached, does
    not answer within a minute or answers with more than `at_most` bytes."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.password:
        raise TransportFault("The address must begin with https:// and name a server.", final=True)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as fault:
        raise TransportFault("The port of the address is not a number.", final=True) from fault
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if any(ord(letter) <= 32 or ord(letter) > 126 for letter in target):
        raise TransportFault("The address holds spaces or letters that must be escaped.", final=True)
    address = public_address(parts.hostname, port)
    connection = _connection(parts.scheme, parts.hostname, address, port)
    try:
        connection.request(method, target, body=body, headers=dict(headers))
        return _answer(connection, at_most)
    except (OSError, http.client.HTTPException, ValueError) as fault:
        raise TransportFault(f"{parts.hostname}: {_reason(fault)}") from fault
    finally:
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was judged, under the name that was asked for."""

    def __init__(self, host: str, address: str, port: int, context: ssl.SSLContext | None) -> None:
        super().__init__(host, port, timeout=CONNECT_SECONDS)
        self.address, self.context = address, context
        if context is not None:
            self.default_port = 443

    def connect(self) -> None:
        """Connect, and prove the server's name where there is TLS."""
        plain = socket.create_connection((self.address, self.port), self.timeout)
        self.sock = self.context.wrap_socket(plain, server_hostname=self.host) if self.context else plain


def _connection(scheme: str, host: str, address: str, port: int) -> _Pinned:
    return _Pinned(host, address, port, ssl.create_default_context() if scheme == "https" else None)


def _answer(connection: http.client.HTTPConnection, at_most: int) -> Answer:
    deadline = monotonic() + TOTAL_SECONDS
    if connection.sock is not None:
        connection.sock.settimeout(TOTAL_SECONDS)
    response = connection.getresponse()
    pieces, size = [], 0
    while piece := response.read1(_STEP):
        pieces.append(piece)
        size += len(piece)
        if size > at_most:
            raise ValueError("the answer is too large")
        if monotonic() > deadline:
            raise TimeoutError("the answer takes too long")
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, headers, b"".join(pieces))


def _reason(fault: Exception) -> str:
    if isinstance(fault, ssl.SSLCertVerificationError):
        return f"its certificate is not valid ({fault.verify_message})."
    if isinstance(fault, TimeoutError):
        return "it did not answer in time."
    if isinstance(fault, ConnectionRefusedError):
        return "it refused the connection."
    return f"it could not be reached ({str(fault)[:120] or type(fault).__name__})."
