"""An AS2 message taken apart: decrypted, verified, unpacked, and the bytes its integrity check is computed over."""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography import x509

from edi.transports.as2 import cms
from edi.transports.as2.cms import CMSError, Key
from edi.transports.as2.mime import Entity, Malformed, parse, parts

DEPTH = 4  # compressed, signed, compressed, encrypted: nothing sound has more
ENVELOPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
SIGNATURES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature"})


@dataclass(frozen=True, slots=True)
class Keys:
    """Our certificates with their keys, the newest first, and the certificates of the partner that count. During a
    change of certificates there are two of each."""

    own: Sequence[tuple[x509.Certificate, Key]] = ()
    pinned: Sequence[x509.Certificate] = ()


@dataclass(frozen=True, slots=True)
class Payload:
    """One document of a message."""

    content: bytes
    content_type: str
    filename: str = ""


@dataclass(slots=True)
class Unwrapped:
    """What was in a message. `checked` are the bytes for the integrity check; `algorithm` is that of the signature."""

    payloads: tuple[Payload, ...] = ()
    checked: bytes = b""
    signer: x509.Certificate | None = None
    algorithm: str = ""
    encrypted: bool = False
    compressed: bool = False
    layers: list[str] = field(default_factory=list)


def unwrap(entity: Entity, keys: Keys, at_most: int) -> Unwrapped:
    """Take a message apart. Raises CMSError, whose `what` is the modifier of the receipt, for all that is wrong with
    it. What of it was found before that is lost: a document that is half proved is not proved."""
    found = Unwrapped()
    try:
        for _depth in range(DEPTH):
            if entity.kind in ENVELOPES:
                entity = _opened(entity, keys, at_most, found)
            elif entity.kind == "multipart/signed":
                entity = verified(entity, keys, found)
            else:
                return _finished(entity, found)
    except Malformed as fault:
        raise CMSError("unexpected-processing-error", str(fault)) from fault
    raise CMSError("unexpected-processing-error", "The message is wrapped more often than any sound one is.")


def _finished(entity: Entity, found: Unwrapped) -> Unwrapped:
    """The documents; without signature, encryption and compression the check is over the content alone (RFC 4130
    section 7.3.1), else over what `found` says already."""
    if not found.layers:
        found.checked = entity.content()
    inner = parts(entity) if entity.kind in {"multipart/mixed", "multipart/related"} else [entity]
    if any(part.kind.startswith("multipart/") or part.kind in ENVELOPES for part in inner):
        raise CMSError("unexpected-processing-error", "The documents of the message are nested; they were not opened.")
    found.payloads = tuple(Payload(part.content(), part.kind, part.filename) for part in inner)
    return found


def _opened(entity: Entity, keys: Keys, at_most: int, found: Unwrapped) -> Entity:
    data = _binary(entity)
    kind = _kind_of(data)
    if kind == "enveloped_data" and "encrypted" not in found.layers:
        raw = cms.decrypt(data, keys.own)
        found.encrypted = True
        found.layers.append("encrypted")
    elif kind == "compressed_data" and found.layers.count("compressed") < 1:
        raw = cms.decompress(data, at_most)
        found.compressed = True
        found.layers.append("compressed")
    else:
        raise CMSError("unexpected-processing-error", f"An envelope of the kind {kind[:30]!r} is not expected here.")
    if found.signer is None:  # RFC 5402 section 3: over the uncompressed content with its headers
        found.checked = raw
    return parse(raw)


def _binary(entity: Entity) -> bytes:
    """The bytes of an envelope; Base64 that its headers do not own up to is undone as well."""
    data = entity.content()
    if data[:2] == b"MI":
        try:
            return base64.b64decode(data)
        except binascii.Error:
            return data
    return data


def _kind_of(data: bytes) -> str:
    try:
        return str(cms.info_of(data)["content_type"].native)
    except (ValueError, TypeError, KeyError) as fault:
        raise CMSError("unexpected-processing-error", "The envelope of the message is damaged.") from fault


def verified(entity: Entity, keys: Keys, found: Unwrapped) -> Entity:
    """The signed part of a multipart/signed; the certificate that signed it is noted in `found`."""
    if found.signer is not None:
        raise CMSError("unexpected-processing-error", "The message is signed twice.")
    pieces = parts(entity)
    if len(pieces) != 2 or pieces[1].kind not in SIGNATURES:
        raise CMSError("authentication-failed", "The signed message does not hold one document and one signature.")
    content, signature = pieces[0].raw, _binary(pieces[1])
    found.signer, found.checked = _verify_either(content, signature, keys)
    found.algorithm = cms.digest_of(signature)
    found.layers.append("signed")
    return pieces[0]


def _verify_either(content: bytes, signature: bytes, keys: Keys) -> tuple[x509.Certificate, bytes]:
    """As transmitted; failing that, with the line ends of MIME, which some senders sign but do not send."""
    try:
        return cms.verify(content, signature, keys.pinned), content
    except CMSError as fault:
        canonical = re.sub(rb"\r?\n", b"\r\n", content)
        if fault.what != "integrity-check-failed" or canonical == content:
            raise
        return cms.verify(canonical, signature, keys.pinned), canonical
