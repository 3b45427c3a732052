"""Receipts: the message disposition notification of RFC 4130 section 7 and RFC 3798, written and read."""

import base64
import binascii
import hmac
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cryptography import x509

from edi.transports.as2.cms import CMSError, Key
from edi.transports.as2.mime import Entity, Malformed, build, multipart, one_line, parse, parts
from edi.transports.as2.names import MICALGS, plain_algorithm, quoted, unquoted
from edi.transports.as2.unwrap import Keys, Unwrapped, verified
from edi.transports.as2.wrap import new_message_id, signed_entity

PROCESSED = "processed"
AUTOMATIC = "automatic-action/MDN-sent-automatically"
FAILURES = frozenset({"unsupported format", "unsupported MIC-algorithms"})
_MICALG = re.compile(r"signed-receipt-micalg\s*=\s*(optional|required)\s*,\s*([^;]*)", re.IGNORECASE)
_PROTOCOL = re.compile(r"signed-receipt-protocol\s*=\s*(?:optional|required)\s*,\s*\"?pkcs7-signature", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Request:
    """What the headers of a message say of it, and of the receipt that its sender wants."""

    message_id: str
    sender: str
    receiver: str
    subject: str = ""
    wants_receipt: bool = False
    signed: bool = False
    algorithms: tuple[str, ...] = ()  # as they were asked for
    required: bool = False
    url: str = ""

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> "Request":
        """From the headers of an HTTP request, whose names are compared without case by `headers` itself."""
        options = headers.get("Disposition-Notification-Options") or ""
        micalg = _MICALG.search(options)
        names = tuple(one_line(name).strip(' "') for name in micalg[2].split(",")) if micalg else ()
        return cls(
            one_line(headers.get("Message-ID") or "")[:255],
            unquoted(one_line(headers.get("AS2-From") or "")),
            unquoted(one_line(headers.get("AS2-To") or "")),
            one_line(headers.get("Subject") or "")[:200],
            bool(headers.get("Disposition-Notification-To")),
            bool(_PROTOCOL.search(options)),
            tuple(name for name in names if name)[:10],
            bool(micalg and micalg[1].lower() == "required"),
            one_line(headers.get("Receipt-Delivery-Option") or "")[:500],
        )

    def algorithm(self, otherwise: str = "sha256") -> str:
        """How the receipt's integrity check is computed: the first asked for that is known, else as the signature."""
        return next((found for name in self.algorithms if (found := plain_algorithm(name))), otherwise or "sha256")

    def written(self, algorithm: str) -> str:
        """The name of the algorithm as the sender wrote it, for some compare it letter by letter."""
        asked = (name for name in self.algorithms if plain_algorithm(name) == algorithm)
        return next(asked, MICALGS.get(algorithm, algorithm))

    @property
    def unsupported(self) -> bool:
        """Whether it requires an integrity check that nobody here computes."""
        return self.required and bool(self.algorithms) and not any(map(plain_algorithm, self.algorithms))


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt that came: for which message, what became of it, over which bytes, and who signed it."""

    original_message_id: str
    disposition: str
    mic: bytes = b""
    mic_algorithm: str = ""
    text: str = ""
    signer: x509.Certificate | None = None

    @property
    def processed(self) -> bool:
        """Whether the partner took the message: processed, at most with a warning."""
        status = self.disposition.rpartition(";")[2].strip().lower()
        return status == PROCESSED or status.startswith("processed/warning")

    @property
    def modifier(self) -> str:
        """What was wrong: "decryption-failed"; empty when nothing was."""
        return self.disposition.rpartition(":")[2].strip() if ":" in self.disposition else ""

    def confirms(self, mic: bytes, algorithm: str) -> bool:
        """Whether it was given for these very bytes; a receipt without a check says nothing about them."""
        return bool(self.mic) and self.mic_algorithm == algorithm and hmac.compare_digest(self.mic, mic)


def disposition_of(what: str) -> str:
    """The disposition for an error modifier; "" is success."""
    if not what:
        return f"{AUTOMATIC}; processed"
    return f"{AUTOMATIC}; failed/failure: {what}" if what in FAILURES else f"{AUTOMATIC}; processed/error: {what}"


def write(
    request: Request,
    *,
    text: str,
    what: str = "",
    mic: bytes = b"",
    algorithm: str = "",
    signing: tuple[x509.Certificate, Key] | None = None,
    digest: str = "sha256",
    date: str = "",
) -> tuple[dict[str, str], bytes]:
    """Headers and body of the receipt for a message; signed when `signing` is given."""
    fields = [
        ("Reporting-UA", "Filiera"),
        ("Original-Recipient", f"rfc822; {quoted(request.receiver)}"),
        ("Final-Recipient", f"rfc822; {quoted(request.receiver)}"),
        ("Original-Message-ID", request.message_id),
        ("Disposition", disposition_of(what)),
    ]
    if mic:
        fields.append(("Received-Content-MIC", f"{base64.b64encode(mic).decode()}, {request.written(algorithm)}"))
    human = build(
        [("Content-Type", "text/plain; charset=us-ascii")], f"{one_line(text)}\r\n".encode("ascii", "replace")
    )
    machine = build([("Content-Type", "message/disposition-notification")], build(fields, b""))
    boundary = f"----=_Receipt_{secrets.token_hex(12)}"
    kind = f'multipart/report; report-type=disposition-notification; boundary="{boundary}"'
    entity = build([("Content-Type", kind)], multipart(boundary, [human, machine]))
    if signing:
        entity = signed_entity(entity, *signing, digest)
    head, _blank, body = entity.partition(b"\r\n\r\n")
    headers = {
        "Content-Type": head.decode().partition(": ")[2],
        "AS2-Version": "1.2",
        "AS2-From": quoted(request.receiver),
        "AS2-To": quoted(request.sender),
        "Message-ID": new_message_id(request.receiver),
        "MIME-Version": "1.0",
        **({"Date": date} if date else {}),
    }
    return headers, body


def read(entity: Entity, pinned: Sequence[x509.Certificate] = ()) -> Receipt:
    """A receipt, its signature verified where it has one. Raises CMSError when that fails or it is no receipt."""
    signer = None
    try:
        if entity.kind == "multipart/signed":
            entity, signer = unwrap_signature(entity, pinned)
        if entity.kind != "multipart/report":
            raise CMSError("unexpected-processing-error", "The answer is not a receipt.")
        return _receipt(parts(entity), signer)
    except Malformed as fault:
        raise CMSError("unexpected-processing-error", f"The receipt is damaged: {fault}") from fault


def unwrap_signature(entity: Entity, pinned: Sequence[x509.Certificate]) -> tuple[Entity, x509.Certificate | None]:
    """The signed part of a receipt and who signed it."""
    found = Unwrapped()
    return verified(entity, Keys(pinned=pinned), found), found.signer


def _receipt(pieces: list[Entity], signer: x509.Certificate | None) -> Receipt:
    machine = next((piece for piece in pieces if piece.kind == "message/disposition-notification"), None)
    if machine is None:
        raise CMSError("unexpected-processing-error", "The receipt says nothing that a machine can read.")
    human = next((piece for piece in pieces if piece.kind == "text/plain"), None)
    content = machine.content()
    fields = parse(content.rstrip(b"\r\n") + b"\r\n\r\n").headers
    mic, algorithm = _mic(str(fields.get("Received-Content-MIC", "")))
    return Receipt(
        one_line(str(fields.get("Original-Message-ID", "")))[:255],
        one_line(str(fields.get("Disposition", "")))[:200],
        mic,
        algorithm,
        human.content().decode("utf-8", "replace")[:2_000].strip() if human else "",
        signer,
    )


def _mic(text: str) -> tuple[bytes, str]:
    value, _comma, algorithm = text.partition(",")
    try:
        return base64.b64decode(value.strip(), validate=True), plain_algorithm(algorithm)
    except binascii.Error:
        return b"", ""
