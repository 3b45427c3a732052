"""A document made into an AS2 message: compressed, then signed, then encrypted (RFC 4130 section 2.3, RFC 5402)."""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography import x509

from edi.transports.as2 import cms
from edi.transports.as2.cms import Key
from edi.transports.as2.mime import build, multipart, one_line
from edi.transports.as2.names import MICALGS, mic_of, quoted


@dataclass(frozen=True, slots=True)
class Packing:
    """How a partner wants its messages. `cipher` is aes128_cbc or aes256_cbc, empty for none; `digest` sha256, … for
    signature and receipt, empty for no signature. `receipt`: "", "sync" or "async"; `signed_receipt` asks for a signed
    one; `receipt_url` is where an asynchronous one is sent to."""

    digest: str = "sha256"
    cipher: str = "aes128_cbc"
    compress: bool = False
    receipt: str = "sync"
    signed_receipt: bool = True
    receipt_url: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who sends to whom: AS2 names, our certificate with its key, the certificate that theirs is to be opened with."""

    own_name: str
    their_name: str
    certificate: x509.Certificate | None = None
    key: Key | None = None
    theirs: x509.Certificate | None = None


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A message ready to be sent, as often as it takes: the same id and bytes every time. `mic` is what its receipt
    must say."""

    message_id: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    mic: bytes = b""
    mic_algorithm: str = "sha256"
    checked: bytes = b""  # what the check is over


def new_message_id(name: str) -> str:
    """A Message-ID of ours (RFC 5322 section 3.6.4)."""
    host = "".join(letter for letter in name if letter.isascii() and letter.isalnum()) or "filiera"
    return f"<{secrets.token_hex(16)}@{host[:60]}>"


def wrap(
    content: bytes,
    content_type: str,
    filename: str,
    who: Identity,
    how: Packing,
    *,
    message_id: str = "",
    subject: str = "",
    date: str = "",
) -> Wrapped:
    """The message. Raises CMSError when a certificate that it needs is missing or of a kind that cannot do it."""
    digest = how.digest or "sha256"
    entity, checked = _layers(content, content_type, filename, who, how)
    head, _blank, body = entity.partition(b"\r\n\r\n")
    message_id = message_id or new_message_id(who.own_name)
    headers = {
        "AS2-Version": "1.2",
        "AS2-From": quoted(who.own_name),
        "AS2-To": quoted(who.their_name),
        "Message-ID": message_id,
        "Subject": one_line(subject) or "EDI",
        "MIME-Version": "1.0",
        "EDIINT-Features": "AS2-Reliability",
        **({"Date": date} if date else {}),
        **_receipt_headers(who, how, digest),
    }
    for line in head.decode("ascii", "replace").split("\r\n"):
        name, _colon, value = line.partition(": ")
        headers[name] = value
    return Wrapped(message_id, headers, body, mic_of(checked, digest), digest, checked)


def _layers(content: bytes, content_type: str, filename: str, who: Identity, how: Packing) -> tuple[bytes, bytes]:
    """The outermost entity, and the bytes that the integrity check is over."""
    disposition = f'attachment; filename="{one_line(filename).replace(chr(34), "")}"'
    headers = [("Content-Type", content_type), ("Content-Disposition", disposition)]
    entity = build([*headers, ("Content-Transfer-Encoding", "binary")], content)
    plain, uncompressed = not (how.digest or how.cipher or how.compress), entity
    if how.compress:
        entity = _envelope(cms.compress(entity), "compressed-data", "smime.p7z")
    checked = entity if how.digest else content if plain else uncompressed
    if how.digest:
        entity = _signed(entity, who, how.digest)
    if how.cipher:
        if who.theirs is None:
            raise cms.CMSError("unexpected-processing-error", "There is no certificate of the partner to encrypt for.")
        entity = _envelope(cms.encrypt(entity, who.theirs, how.cipher), "enveloped-data", "smime.p7m")
    return entity, checked


def _envelope(data: bytes, kind: str, filename: str) -> bytes:
    headers = [
        ("Content-Type", f"application/pkcs7-mime; smime-type={kind}; name={filename}"),
        ("Content-Transfer-Encoding", "binary"),
        ("Content-Disposition", f"attachment; filename={filename}"),
    ]
    return build(headers, data)


def _signed(entity: bytes, who: Identity, digest: str) -> bytes:
    if who.certificate is None or who.key is None:
        raise cms.CMSError("unexpected-processing-error", "There is no certificate of ours to sign with.")
    return signed_entity(entity, who.certificate, who.key, digest)


def signed_entity(entity: bytes, certificate: x509.Certificate, key: Key, digest: str) -> bytes:
    """multipart/signed (RFC 1847) over an entity."""
    boundary = f"----=_Filiera_{secrets.token_hex(12)}"
    headers = [
        ("Content-Type", "application/pkcs7-signature; name=smime.p7s; smime-type=signed-data"),
        ("Content-Transfer-Encoding", "base64"),
        ("Content-Disposition", "attachment; filename=smime.p7s"),
    ]
    signature = base64.encodebytes(cms.sign(entity, certificate, key, digest)).replace(b"\n", b"\r\n").rstrip()
    value = f'multipart/signed; protocol="application/pkcs7-signature"; micalg={MICALGS[digest]}; boundary="{boundary}"'
    return build([("Content-Type", value)], multipart(boundary, [entity, build(headers, signature)]))


def _receipt_headers(who: Identity, how: Packing, digest: str) -> dict[str, str]:
    """What asks for a receipt (RFC 4130 section 7.3)."""
    if not how.receipt:
        return {}
    headers = {"Disposition-Notification-To": quoted(who.own_name)}
    if how.signed_receipt:
        headers["Disposition-Notification-Options"] = (
            f"signed-receipt-protocol=optional, pkcs7-signature; signed-receipt-micalg=optional, {MICALGS[digest]}"
        )
    if how.receipt == "async":
        headers["Receipt-Delivery-Option"] = one_line(how.receipt_url)
    return headers
