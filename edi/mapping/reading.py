"""Any bytes into a `Reading`: the standard is told from the bytes, then each interchange and message is read alone.

`read` takes bytes and hands over everything at once; `stream` takes a file of any size and hands out each message as it
closes. Both are the same code and come to the same judgement.
"""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from edi.mapping.collector import paused
from edi.mapping.edifact import reading as edifact_reading
from edi.mapping.model import Interchange, Message, Reading, Standard
from edi.mapping.own_rules import OwnRules
from edi.mapping.x12 import reading as x12_reading
from edi.mapping.xml.reading import read_xml
from edi.syntax import edifact, edifact_envelope, x12, x12_envelope
from edi.syntax.blocks import Blocks
from edi.syntax.cades import unwrapped
from edi.syntax.detect import detect
from edi.syntax.envelopes import RawInterchange, RawMessage
from edi.syntax.findings import Finding, Findings, Severity
from edi.syntax.limits import DEFAULT_LIMITS, Limits
from edi.syntax.source import Readable, Source


@dataclass(frozen=True, slots=True)
class Opened:
    """An interchange begins: `interchange` is what its header says. Nothing is judged yet."""

    interchange: Interchange


@dataclass(frozen=True, slots=True)
class Closed:
    """An interchange is over: `interchange` has its groups and the findings of the envelope, which may refuse messages
    that were handed out before. Its messages are not repeated, only those that stand outside of any set (TA1)."""

    interchange: Interchange


Event = Opened | Message | Closed | Reading


class _Family(NamedTuple):
    """How the interchanges of one standard are cut, judged and read."""

    interchanges: Callable[[Source, int, Limits], Iterator[RawInterchange]]
    messages_of: Callable[[RawInterchange], Iterator[RawMessage]]
    read_message: Callable[..., Message]  # raw interchange, raw message, own_rules=
    as_interchange: Callable[[RawInterchange, tuple[Message, ...]], Interchange]


_EDIFACT = _Family(
    edifact.interchanges,
    edifact_envelope.messages_of,
    edifact_reading.read_message,
    edifact_reading.as_interchange,
)
_X12 = _Family(x12.interchanges, x12_envelope.messages_of, x12_reading.read_message, x12_reading.as_interchange)


def read(data: bytes, *, limits: Limits = DEFAULT_LIMITS, own_rules: OwnRules | None = None) -> Reading:
    """Read EDIFACT, X12 or XML; the standard is told from the bytes. Never raises: faults become findings. `own_rules`
    gives the rules of a connection by which its EDIFACT and X12 messages are judged beyond the standard."""
    if len(data) > limits.size:
        return _too_large(limits, len(data))
    with paused():
        return _read(Source(unwrapped(data)), limits, own_rules)


def _read(source: Source, limits: Limits, own_rules: OwnRules | None) -> Reading:
    interchanges: list[Interchange] = []
    messages: list[Message] = []
    reading = Reading("unknown")
    for event in _events(source, limits, own_rules):
        if isinstance(event, Message):
            messages.append(event)
        elif isinstance(event, Closed):
            whole = replace(event.interchange, messages=(*event.interchange.messages, *messages))
            interchanges.append(whole)
            messages = []
        elif isinstance(event, Reading):
            reading = replace(event, interchanges=tuple(interchanges))
    return reading


def stream(file: Readable, *, limits: Limits = DEFAULT_LIMITS, own_rules: OwnRules | None = None) -> Iterator[Event]:
    """Read a file of any size in constant memory: for each interchange `Opened`, its messages, `Closed`; at the end one
    `Reading` with the findings of the file itself. A message may be applied only when its group and interchange closed
    without an error. XML is read whole, up to `limits.size`. Never raises, but for what `file.read` raises."""
    return _events(Source(file=file), limits, own_rules)


def _events(source: Source, limits: Limits, own_rules: OwnRules | None) -> Iterator[Event]:
    findings = source.findings(limits)
    family, start = detect(source, findings)
    standard: Standard = "ubl" if family == "xml" else family
    if family == "xml":
        data = source.rest(limits.size)
        if len(data) > limits.size:
            yield _too_large(limits)
            return
        standard = yield from _xml(Source(data), start, limits)
    elif family != "unknown":
        yield from _envelopes(_family(family, own_rules), source, start, limits, findings)
    yield Reading(standard, (), findings.freeze())


def _family(name: str, own_rules: OwnRules | None) -> _Family:
    family = _EDIFACT if name == "edifact" else _X12
    if own_rules is None:
        return family
    return family._replace(read_message=partial(family.read_message, own_rules=own_rules))


def _xml(source: Source, start: int, limits: Limits) -> Generator[Event, None, Standard]:
    with paused():
        interchange = read_xml(source, start, limits)
    outside = replace(interchange, messages=())
    yield Opened(replace(outside, findings=()))
    yield from interchange.messages
    yield Closed(outside)
    return interchange.standard


def _envelopes(family: _Family, source: Source, start: int, limits: Limits, findings: Findings) -> Iterator[Event]:
    seen: dict[tuple[str, str, str], Blocks] = {}
    for count, raw in enumerate(family.interchanges(source, start, limits)):
        if count >= limits.interchanges:
            text = f"The file holds more than {limits.interchanges} interchanges; the rest was not read."
            findings.error("too-many-interchanges", text, raw.at)
            return
        yield from _interchange(family, raw, seen, findings)
        if source.end > limits.size:
            return


def _interchange(
    family: _Family, raw: RawInterchange, seen: dict[tuple[str, str, str], Blocks], findings: Findings
) -> Iterator[Event]:
    is_open = False
    for message in family.messages_of(raw):
        if not is_open:
            yield Opened(replace(family.as_interchange(raw, ()), messages=(), groups=(), findings=()))
            is_open = True
        with paused():
            done = family.read_message(raw, message)
            del message  # its segments go before the collector would look at them
        yield done
        if raw.source.end > raw.limits.size:
            break
    if raw.source.end > raw.limits.size:
        text = f"The file is longer than {raw.limits.size} bytes; the rest was not read."
        raw.findings.error("file-too-large", text)
    interchange = family.as_interchange(raw, ())
    if not is_open:
        yield Opened(replace(interchange, messages=(), findings=()))
    _mark_duplicate(interchange, raw.blocks, seen, findings)
    yield Closed(interchange)


def _too_large(limits: Limits, length: int = 0) -> Reading:
    what = f"The file has {length} bytes" if length else "The file is too large"
    text = f"{what}; at most {limits.size} are read."
    return Reading("unknown", findings=(Finding(Severity.ERROR, "file-too-large", text),))


def _mark_duplicate(
    interchange: Interchange, blocks: Blocks, seen: dict[tuple[str, str, str], Blocks], findings: Findings
) -> None:
    """The same control number twice in one file: a copy is only remarked, other content under it is an error."""
    number = interchange.control_number
    first = seen.setdefault((interchange.sender.id, interchange.receiver.id, number), blocks) if number else blocks
    if not number or first is blocks:
        return
    if first.fingerprint() == blocks.fingerprint():
        text = f"Interchange {number} stands in the file twice; it counts once."
        findings.warning("duplicate-interchange", text, value=number)
    else:
        text = f"Control number {number} is used by two different interchanges of the file."
        findings.error("duplicate-control-number", text, value=number, syntax_error="26")
