"""AS2 names and algorithm names as they stand in headers (RFC 4130 section 6.2, RFC 5751 section 3.4.3.2)."""

import hashlib
import re

MICALGS = {
    "sha256": "sha-256",
    "sha384": "sha-384",
    "sha512": "sha-512",
    "sha1": "sha1",
    "md5": "md5",
}
_PLAIN = re.compile(r"[A-Za-z0-9!#$%&'*+./:;<=>?@^_`{|}~,()\[\]-]+\Z", re.ASCII)
NAME = re.compile(r"[\x20-\x7e]{1,128}\Z", re.ASCII)


def quoted(name: str) -> str:
    """An AS2 name as it is sent: in quotes where it has spaces, quotes or backslashes."""
    if _PLAIN.match(name):
        return name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def unquoted(text: str) -> str:
    """An AS2 name as it is meant; case counts."""
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return text


def plain_algorithm(name: str) -> str:
    """sha-256, SHA256, "sha-256" → sha256; empty when it is not one that is computed here."""
    found = name.strip().strip('"').lower().replace("-", "").replace("_", "")
    return found if found in MICALGS else ""


def mic_of(content: bytes, algorithm: str) -> bytes:
    """The message integrity check: a digest, which proves nothing by itself but what was received."""
    return hashlib.new(algorithm, content, usedforsecurity=False).digest()
