"""One HTTP request to an address that somebody typed: never into our own network, never further than asked.

The name is resolved once, every address is judged, and the connection goes to the very address that was judged, so that
a name which changes its mind in between (DNS rebinding) gains nothing. Redirects are not followed, no cookies are kept,
and the whole request has one deadline, however slowly the other side drips.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Timer
from time import monotonic
from urllib.parse import urlsplit

from django.conf import settings

CONNECT_SECONDS, TOTAL_SECONDS = 15.0, 60.0
ANSWER_AT_MOST = 5_000_000
_STEP = 65_536
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address in the last 32 bits


class OutboundFault(Exception):
    """It did not work; the sentence may be shown to whoever set it up. `final`: trying again would change nothing."""

    def __init__(self, text: str, *, final: bool = False) -> None:
        super().__init__(text)
        self.final = final


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. Header names are in small letters; `whole` is False where the body was cut at its limit."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may take: seconds to connect and in all, bytes of the answer. `cut`: keep the beginning of a
    longer answer instead of refusing it."""

    connect: float
    total: float
    at_most: int
    cut: bool = False


def private_allowed() -> bool:
    """Whether addresses of private networks may be called (EDI_PRIVATE_ADDRESSES, for on-premises set-ups)."""
    return bool(getattr(settings, "EDI_PRIVATE_ADDRESSES", False))


def public_address(host: str, port: int, *, loopback: bool = False) -> str:
    """An address of the host that may be called. Raises OutboundFault when one of them may not, or none is found.

    `loopback` lets the host be this very machine, for trying things out.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as fault:
        raise OutboundFault(f"The name {host[:80]!r} was not found.") from fault
    addresses = [str(each[4][0]) for each in found]
    if private_allowed() or (loopback and all(map(is_loopback, addresses))):
        return addresses[0]
    if not all(map(is_public, addresses)):
        raise OutboundFault(f"{host[:80]!r} is an address of a private network, which is not called.", final=True)
    return addresses[0]


def is_loopback(text: str) -> bool:
    """True for 127.0.0.0/8 and ::1."""
    return ipaddress.ip_address(text.partition("%")[0]).is_loopback


def is_public(text: str) -> bool:
    """True for a unicast address of the public internet, whatever IPv6 clothes it wears."""
    address = ipaddress.ip_address(text.partition("%")[0])
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if address in _NAT64:
        inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if inner is not None:
        address = inner
    return address.is_global and not address.is_multicast and not address.is_reserved


def request(
    method: str,
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    at_most: int | None = None,
    limits: Limits | None = None,
    loopback: bool = False,
) -> Answer:
    """Send one request. Raises OutboundFault for an address that is not called, and when it cannot be reached, does
    not answer in time (a minute) or answers with more than `at_most` bytes (five million)."""
    limits = limits or Limits(CONNECT_SECONDS, TOTAL_SECONDS, ANSWER_AT_MOST if at_most is None else at_most)
    scheme, host, port, target = parts_of(url)
    address = public_address(host, port, loopback=loopback)
    connection = _connection(scheme, host, address, port, limits.connect)
    deadline = Timer(limits.total, connection.give_up)
    deadline.daemon = True
    deadline.start()
    try:
        connection.request(method, target, body=body, headers=dict(headers))
        return _answer(connection, limits)
    except (OSError, http.client.HTTPException, ValueError) as fault:
        late = TimeoutError() if connection.gave_up else fault
        raise OutboundFault(f"{host}: {_reason(late)}") from fault
    finally:
        deadline.cancel()
        connection.close()


def parts_of(url: str) -> tuple[str, str, int, str]:
    """Scheme, host, port and target of an address; OutboundFault for one that is not called at all."""
    try:
        parts = urlsplit(url)
    except ValueError as fault:
        raise OutboundFault("The address cannot be read.", final=True) from fault
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.password:
        raise OutboundFault("The address must begin with https:// and name a server.", final=True)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as fault:
        raise OutboundFault("The port of the address is not a number.", final=True) from fault
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if any(ord(letter) <= 32 or ord(letter) > 126 for letter in target):
        raise OutboundFault("The address holds spaces or letters that must be escaped.", final=True)
    return parts.scheme, parts.hostname, port, target


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was judged, under the name that was asked for."""

    def __init__(self, host: str, address: str, port: int, context: ssl.SSLContext | None, seconds: float) -> None:
        super().__init__(host, port, timeout=seconds)
        self.address, self.context = address, context
        self.gave_up = False
        if context is not None:
            self.default_port = 443

    def connect(self) -> None:
        """Connect, and prove the server's name where there is TLS."""
        self.sock = socket.create_connection((self.address, self.port), self.timeout)
        if self.context is not None:
            # the handshake comes after, so that the clock can end one that drips
            wrapped = self.context.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock = wrapped
            wrapped.do_handshake()

    def give_up(self) -> None:
        """Called by the clock: whoever waits on this connection is woken with an error."""
        self.gave_up = True
        try:
            if self.sock is not None:
                self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # closed already


def _connection(scheme: str, host: str, address: str, port: int, seconds: float) -> _Pinned:
    return _Pinned(host, address, port, ssl.create_default_context() if scheme == "https" else None, seconds)


def _answer(connection: _Pinned, limits: Limits) -> Answer:
    deadline = monotonic() + limits.total
    if connection.sock is not None:
        connection.sock.settimeout(limits.total)
    response = connection.getresponse()
    pieces, size = [], 0
    while piece := response.read1(_STEP):
        pieces.append(piece)
        size += len(piece)
        if size > limits.at_most:
            break
        if monotonic() > deadline:
            raise TimeoutError("the answer takes too long")
    if connection.gave_up:
        raise TimeoutError("the answer takes too long")
    if size > limits.at_most and not limits.cut:
        raise ValueError("the answer is too large")
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, headers, b"".join(pieces)[: limits.at_most], size <= limits.at_most)


def _reason(fault: Exception) -> str:
    if isinstance(fault, ssl.SSLCertVerificationError):
        return f"its certificate is not valid ({fault.verify_message})."
    if isinstance(fault, TimeoutError):
        return "it did not answer in time."
    if isinstance(fault, ConnectionRefusedError):
        return "it refused the connection."
    return f"it could not be reached ({str(fault)[:120] or type(fault).__name__})."
