"""MIME entities, byte for byte: a signature covers the very bytes that travelled (RFC 1847, 5751)."""

import base64
import binascii
import quopri
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.message import Message

CRLF = b"\r\n"
HEADER_AT_MOST = 65_536
PARTS_AT_MOST = 20
_BLANK = re.compile(rb"\r?\n\r?\n")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")


class Malformed(ValueError):
    """The bytes are not the MIME that they claim to be."""


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity: its headers, its body as transmitted, and both together (`raw`), which is what is signed."""

    headers: Message
    body: bytes
    raw: bytes

    @property
    def kind(self) -> str:
        """Its media type in small letters."""
        return self.headers.get_content_type()

    def parameter(self, name: str) -> str:
        """A parameter of Content-Type, unquoted; empty without it."""
        value = self.headers.get_param(name, "")
        return value if isinstance(value, str) else ""

    @property
    def filename(self) -> str:
        """The name its sender gave the file, without any path."""
        name = one_line(self.headers.get_filename("") or "")
        return name.replace("\\", "/").rpartition("/")[2][:200]

    def content(self) -> bytes:
        """The body, its Content-Transfer-Encoding undone."""
        how = one_line(str(self.headers.get("Content-Transfer-Encoding", ""))).strip().lower()
        if how == "base64":
            try:
                return base64.b64decode(self.body)
            except binascii.Error as fault:
                raise Malformed("The Base64 of a part is damaged.") from fault
        return quopri.decodestring(self.body) if how == "quoted-printable" else self.body


def one_line(text: str) -> str:
    """Text without line breaks and other controls, so that it is safe as a header and in a log."""
    return _CONTROLS.sub(" ", text).strip()


def entity_of(headers: Mapping[str, str], body: bytes) -> Entity:
    """The entity of an HTTP request or response: its MIME headers are among those of HTTP."""
    found = Message()
    for name in ("Content-Type", "Content-Transfer-Encoding", "Content-Disposition"):
        if value := headers.get(name):
            found[name] = one_line(value)
    return Entity(found, body, body)


def parse(raw: bytes) -> Entity:
    """An entity with its own headers. Raises Malformed when no blank line ends them."""
    headers = Message()
    if raw.startswith((CRLF, b"\n")):  # no headers at all: plain text (RFC 2045 section 5.2)
        return Entity(headers, raw.partition(b"\n")[2], raw)
    end = _BLANK.search(raw, 0, HEADER_AT_MOST)
    if end is None:
        raise Malformed("The headers of a part never end.")
    for line in re.sub(rb"\r?\n[ \t]+", b" ", raw[: end.start()]).splitlines()[:100]:
        name, colon, value = line.decode("latin-1").partition(":")
        if colon and name.strip():
            headers[one_line(name)] = one_line(value)
    return Entity(headers, raw[end.end() :], raw)


def parts(entity: Entity) -> list[Entity]:
    """The parts of a multipart entity, each exactly as it travelled: the line break before a boundary is not part of
    what is before it (RFC 2046 section 5.1.1). Raises Malformed when the boundary is missing or never closes."""
    boundary = entity.parameter("boundary").encode("latin-1", "replace")
    if not boundary or len(boundary) > 200:
        raise Malformed("A multipart has no boundary.")
    mark = re.compile(rb"(?:\A|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r?\n|\Z)")
    found: list[Entity] = []
    begin = -1
    for match in mark.finditer(entity.body):
        if begin >= 0:
            found.append(parse(entity.body[begin : match.start()]))
        if match[1]:
            return found
        if len(found) >= PARTS_AT_MOST:
            raise Malformed("A multipart has too many parts.")
        begin = match.end() + (2 if entity.body[match.end() : match.end() + 2] == CRLF else 1)
    raise Malformed("A multipart never ends.")


def build(headers: Iterable[tuple[str, str]], body: bytes) -> bytes:
    """An entity of these headers; each is one line, whatever is in its value."""
    lines = [f"{name}: {one_line(value)}".encode("ascii", "replace") for name, value in headers]
    return CRLF.join([*lines, b"", body])


def multipart(boundary: str, pieces: Iterable[bytes]) -> bytes:
    """The body of a multipart: `pieces` are whole entities."""
    mark = boundary.encode()
    return b"".join(b"--%s\r\n%s\r\n" % (mark, piece) for piece in pieces) + b"--%s--\r\n" % mark
