"""What comes back of letters to many: delivery reports (RFC 3464) and complaints (RFC 5965). Reading is pure.

Letters that an app sends to many carry an envelope sender `return+<token>@<REPLY_DOMAIN>`, so a report says by its
address which letter it is about. Complaints come to an address that the mail provider was told; there the token is
found in what the report quotes of the letter. The app registers who takes the tokens: `register(take)`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message

from inbox.inbound.letters import RECIPIENTS

PREFIX = "return+"
TOKEN = re.compile(r"return[+.]([a-z2-7]{40})@([a-z0-9.-]{1,253})", re.IGNORECASE)
QUOTED = ("Return-Path", "Message-ID", "Original-Mail-From", "From")
STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
LONGEST = 20_000  # characters of what is quoted


@dataclass(frozen=True, slots=True)
class Report:
    """What a machine says of a letter. `kind`: bounce, delay, complaint, or other for what is no report.

    `status` is the enhanced code (RFC 3463), such as "5.1.1"; empty where none was given.
    """

    tokens: tuple[str, ...]
    kind: str
    status: str = ""
    words: str = ""


Taker = Callable[[str, Report], bool]
TAKERS: list[Taker] = []


def register(take: Taker) -> None:
    """Hear of reports: `take(token, report)` is asked for each token, and returns True for one of its own."""
    if take not in TAKERS:
        TAKERS.append(take)


def read_report(raw: bytes, domain: str) -> Report | None:
    """What is reported of letters sent from `domain`; None for a letter that names none of them.

    The letter was found to be of bounded size and depth before (inbox.inbound.letters).
    """
    message = message_from_bytes(raw)
    addressed = _tokens((str(value) for name in RECIPIENTS for value in message.get_all(name, [])), domain)
    if message.get_content_type() != "multipart/report":
        return Report(addressed, "other") if addressed else None
    parts = list(message.walk())
    quoted = _tokens(_quoted(parts), domain)
    tokens = tuple(dict.fromkeys((*addressed, *quoted)))
    return _judged(tokens, parts) if tokens else None


def _tokens(values: Iterator[str], domain: str) -> tuple[str, ...]:
    found = (match for value in values for match in TOKEN.findall(value[:LONGEST]))
    return tuple(dict.fromkeys(token.lower() for token, at in found if domain and at.lower() == domain.lower()))


def _quoted(parts: list[Message]) -> Iterator[str]:
    for part in parts[1:]:
        if part.get_content_type() == "text/rfc822-headers":
            payload = part.get_payload(decode=True)
            yield payload.decode("latin-1") if isinstance(payload, bytes) else ""
        yield from (str(value) for name in QUOTED for value in part.get_all(name, []))


def _judged(tokens: tuple[str, ...], parts: list[Message]) -> Report:
    for part in parts:
        if kind := str(part.get("Feedback-Type", "")).strip().lower():
            return Report(tokens, "complaint" if kind in {"abuse", "fraud", "opt-out"} else "other", words=kind[:40])
    for part in parts:
        action = str(part.get("Action", "")).strip().lower()
        if action in {"failed", "delayed"}:
            status = STATUS.search(str(part.get("Status", "")))
            words = " ".join(str(part.get("Diagnostic-Code", "")).split())[:300]
            return Report(tokens, "bounce" if action == "failed" else "delay", status.group() if status else "", words)
    return Report(tokens, "other")


def taken(report: Report) -> bool:
    """Hand the report to whoever knows its tokens; True when somebody did."""
    return any(take(token, report) for token in report.tokens for take in TAKERS)
