"""A letter as it came (RFC 5322, RFC 2045) to what the portal asks of it. Pure; bounded in all it reads."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses

from inbox.inbound.html import text_of
from inbox.inbound.quotes import answer_of

AT_MOST = 25_000_000  # octets of a letter
HEADERS_AT_MOST = 256_000
PARTS_AT_MOST, DEEPEST = 60, 8
TEXT_AT_MOST = 500_000
LOGO = 10_000  # octets: smaller pictures within the text belong to signatures
SIGNATURES = {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
ABSENT = re.compile(
    r"^\s*(?:Auto(?:matic)?[- ]?re(?:ply|sponse)|Out of (?:the )?office|Risposta automatica|Fuori sede"
    r"|Automatische Antwort|Abwesenheit\w*"
    r"|Réponse automatique|Absence du bureau|Respuesta automática|Fuera de la oficina"
    r"|Undeliver(?:able|ed)|Delivery Status Notification|Mail delivery failed)\b",
    re.IGNORECASE,
)
TOKEN = re.compile(r"reply\+([a-z2-7]{56})@([a-z0-9.-]{1,253})", re.IGNORECASE)
RECIPIENTS = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To", "Cc")


class Unreadable(Exception):
    """It is no letter that can be read here; the sentence may be shown to whoever sent it."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file of the letter."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """`tokens` are those of the reply addresses it was sent to; `automatic` says why it is no person's, or is empty."""

    message_id: str
    sender: str
    subject: str
    tokens: tuple[str, ...]
    text: str
    files: tuple[Enclosure, ...]
    automatic: str


def read_letter(raw: bytes, domain: str) -> Letter:
    """Read a letter addressed to `domain`. Raises Unreadable for one that is too large, too deep or no letter."""
    _refuse_monsters(raw)
    try:
        message = message_from_bytes(raw)
        sender = _sender(message)
        automatic = _automatic(message, sender)
        text, files = ("", ()) if automatic else _content(message)
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError, IndexError) as fault:
        raise Unreadable("This letter cannot be read.") from fault
    return Letter(
        message_id=" ".join(str(message.get("Message-ID", "")).split())[:500],
        sender=sender,
        subject=_words(message.get("Subject", ""))[:200],
        tokens=_tokens(message, domain),
        text=text,
        files=files,
        automatic=automatic,
    )


def _refuse_monsters(raw: bytes) -> None:
    if len(raw) > AT_MOST:
        raise Unreadable(f"The letter is larger than {AT_MOST // 1_000_000} MB.")
    ends = [at for at in (raw.find(b"\n\n"), raw.find(b"\r\n\r\n")) if at >= 0]
    if not ends or min(ends) > HEADERS_AT_MOST:
        raise Unreadable("The head of the letter is missing or too long.")
    if len(re.findall(rb"boundary\s*=|message/rfc822", raw, re.IGNORECASE)) > PARTS_AT_MOST:
        raise Unreadable("The letter is made of too many parts.")


def _words(value: object) -> str:
    """A header in words (RFC 2047), on one line."""
    try:
        text = str(make_header(decode_header(str(value))))
    except (ValueError, LookupError, UnicodeError):
        text = str(value)
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _sender(message: Message) -> str:
    """The one address of From, in small letters; "" for none or several."""
    given = [str(value) for value in message.get_all("From", [])]
    if len(given) != 1 or len(given[0]) > 2_000:
        return ""
    found = [address for _name, address in getaddresses(given) if "@" in address]
    return found[0].strip().lower() if len(found) == 1 else ""


def _tokens(message: Message, domain: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in RECIPIENTS:
        for value in message.get_all(name, []):
            for token, at in TOKEN.findall(str(value)):
                if at.lower() == domain.lower():
                    found[token.lower()] = None
    return tuple(found)


def _automatic(message: Message, sender: str) -> str:
    """Why no person wrote it (RFC 3834, section 2; RFC 5321, section 4.5.5); "" where one did."""
    submitted = str(message.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    if submitted != "no":
        return "Auto-Submitted"
    for name in ("X-Auto-Response-Suppress", "X-Autoreply", "X-Autorespond", "List-Id", "X-Loop"):
        if message.get(name):
            return name
    if str(message.get("Precedence", "")).strip().lower() in {"bulk", "junk", "list", "auto_reply"}:
        return "Precedence"
    if str(message.get("Return-Path", "-")).strip() == "<>":
        return "Return-Path"
    if message.get_content_type() == "multipart/report":
        return "multipart/report"
    if sender.partition("@")[0] in {"mailer-daemon", "postmaster", "noreply", "no-reply"}:
        return "From"
    return "Subject" if ABSENT.match(_words(message.get("Subject", ""))) else ""


def _content(message: Message) -> tuple[str, tuple[Enclosure, ...]]:
    text, files = "", []
    for part in _leaves(message, 0):
        kind = part.get_content_type()
        if kind in SIGNATURES:
            continue
        enclosed = part.get_content_disposition() == "attachment" or part.get_filename()
        if kind in {"text/plain", "text/html"} and not enclosed:
            text = f"{text}\n\n{_said(part, kind)}" if text else _said(part, kind)
        elif (file := _enclosure(part)) is not None:
            files.append(file)
    return answer_of(text), tuple(files)


def _leaves(part: Message, depth: int) -> Iterator[Message]:
    """The parts that hold something; of alternatives the plain one. Letters within the letter are not the writer's."""
    if depth > DEEPEST:
        raise Unreadable("The letter is nested too deep.")
    if part.get_content_maintype() == "message":
        return
    if not part.is_multipart():
        yield part
        return
    inside: list[Message] = [each for each in part.get_payload() if isinstance(each, Message)]
    if part.get_content_type() == "multipart/alternative":
        plain = [each for each in inside if each.get_content_type() == "text/plain"]
        with_words = [each for each in plain if _decoded(each).strip()]
        inside = with_words[:1] or inside[-1:]
    for each in inside:
        yield from _leaves(each, depth + 1)


def _decoded(part: Message) -> str:
    """The text of a part: in the charset that it names, or the one that its octets fit."""
    payload = part.get_payload(decode=True)
    octets = payload[: TEXT_AT_MOST * 4] if isinstance(payload, bytes) else b""
    for charset in (part.get_content_charset() or "utf-8", "utf-8"):
        try:
            return octets.decode(charset)[:TEXT_AT_MOST]
        except (LookupError, UnicodeError, ValueError):
            continue
    return octets.decode("cp1252", "replace")[:TEXT_AT_MOST]


def _said(part: Message, kind: str) -> str:
    text = _decoded(part)
    if kind == "text/html":
        return text_of(text)
    if str(part.get_param("format", "")).lower() == "flowed":
        return _unflowed(text, str(part.get_param("delsp", "")).lower() == "yes")
    return text


def _unflowed(text: str, delete_space: bool) -> str:
    """Lines that end in a space go on in the next (RFC 3676, section 4.1); quoted ones and signatures stay."""
    lines: list[str] = []
    flows = False
    for line in text.replace("\r\n", "\n").split("\n"):
        plain = line.removeprefix(" ")
        if flows and not plain.startswith(">"):
            lines[-1] += plain
        else:
            lines.append(plain)
        flows = line.endswith(" ") and line != "-- " and not plain.startswith(">")
        if flows and delete_space:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)


def _enclosure(part: Message) -> Enclosure | None:
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    kind = part.get_content_type()
    within = part.get_content_disposition() != "attachment" and bool(part.get("Content-ID"))
    if not content or (within and kind.startswith("image/") and len(content) < LOGO):
        return None
    name = _words(part.get_filename() or "") or f"file.{kind.rpartition('/')[2][:10]}"
    return Enclosure(name[:200], kind, content)
