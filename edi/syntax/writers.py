"""Segments into bytes: EDIFACT and X12, escaped, counted and enveloped right by construction."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime

from edi.syntax.charsets import CODECS
from edi.syntax.findings import Findings, Place


class Repeated(tuple[str | Sequence[str], ...]):
    """The occurrences of a repeated element (ISO 9735 version 4, section 8.5), each a value or its components."""

    __slots__ = ()


Element = str | Sequence[str] | Repeated

_SPECIAL = {"ß": "ss", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "€": "EUR"}
_SPECIAL |= {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " "}
_ISA_ELEMENTS = "*|^\x1d\x1f"
_ISA_TERMINATORS = "~\x1c\n!\x15"
_ISA_COMPONENTS = ">:\\<\x1e"
_ISA_REPETITIONS = "^`]\x1b"
_BETWEEN_COMPONENTS = "\x1a"  # stands for the component separator until it is chosen; no clean value has it


def transliterate(text: str, codec: str) -> str:
    """`text` with every character that `codec` lacks replaced by the nearest it has, or by a full stop."""
    try:
        text.encode(codec)
    except UnicodeEncodeError:
        return "".join(_nearest(char, codec) for char in text)
    return text


def _nearest(char: str, codec: str) -> str:
    base = unicodedata.normalize("NFKD", char)
    bare = "".join(part for part in base if not unicodedata.combining(part))
    for candidate in (char, _SPECIAL.get(char, ""), bare):
        try:
            if candidate and candidate.encode(codec):
                return candidate
        except UnicodeEncodeError:
            continue
    return "."


def clean(text: str) -> str:
    """`text` on one line and without control characters, as both standards want their values."""
    return "".join(char if char.isprintable() else " " for char in text).strip()


def _tell_transliteration(findings: Findings | None, tag: str, value: str, written: str) -> None:
    if findings is not None and written != value:
        text = f"{tag} holds characters that the character set lacks: {value[:80]!r} was written {written[:80]!r}."
        findings.warning("transliterated", text, Place(tag=tag), value=value)


class EdifactWriter:
    """Collects the segments of one interchange with default separators (UNA is written out for clarity). `version` is
    that of the syntax; 4 has a repetition separator. What `charset` cannot say is told in `findings`."""

    def __init__(self, charset: str = "UNOC", findings: Findings | None = None, *, version: str = "3") -> None:
        self.charset = charset if charset in CODECS else "UNOC"
        self.codec = CODECS[self.charset]
        self.findings = findings
        self.version = version
        self._special = "?+:'*" if version == "4" else "?+:'"
        self._segments: list[str] = []
        self._header_at = 0
        self._reference = ""
        self.messages = 0

    def segment(self, tag: str, *elements: Element) -> None:
        """Add one segment; an element is a value or the sequence of its components. Trailing blanks are left out."""
        parts = [tag, *(self._element(tag, element) for element in elements)]
        while len(parts) > 1 and not parts[-1]:
            parts.pop()
        self._segments.append("+".join(parts))

    def _element(self, tag: str, element: Element) -> str:
        """One element; repeated ones stand side by side, but before version 4 there can be only the first."""
        if not isinstance(element, Repeated):
            return self._joined(tag, element)
        if self.version == "4":
            return "*".join(self._joined(tag, occurrence) for occurrence in element)
        for occurrence in element[1:]:
            if self.findings is not None:
                text = f"{tag} cannot repeat an element before syntax version 4; only the first was written."
                self.findings.warning("not-expressible", text, Place(tag=tag), value=":".join(occurrence))
        return self._joined(tag, element[0]) if element else ""

    def _joined(self, tag: str, element: str | Sequence[str]) -> str:
        components = [element] if isinstance(element, str) else list(element)
        while components and not components[-1]:
            components.pop()
        return ":".join(self._escape(tag, component) for component in components)

    def _escape(self, tag: str, value: str) -> str:
        value = clean(value)
        written = transliterate(value, self.codec)
        _tell_transliteration(self.findings, tag, value, written)
        if self.charset == "UNOA":
            written = written.upper()
        for char in self._special:
            written = written.replace(char, "?" + char)
        return written

    def open_message(self, reference: str, identifier: Sequence[str]) -> None:
        """UNH; `identifier` is S009 from the message type on."""
        self._header_at, self._reference = len(self._segments), reference
        self.messages += 1
        self.segment("UNH", reference, identifier)

    def close_message(self) -> None:
        """UNT with the count of segments from UNH to UNT."""
        self.segment("UNT", str(len(self._segments) - self._header_at + 1), self._reference)

    def interchange(self, header: Sequence[Element], control_number: str) -> bytes:
        """Everything between UNB (its elements are `header`) and UNZ."""
        body = self._segments
        self._segments = []
        self.segment("UNB", *header)
        self._segments += body
        self.segment("UNZ", str(self.messages), control_number)
        advice = "UNA:+.?*'" if self.version == "4" else "UNA:+.? '"
        return (advice + "".join(segment + "'\r\n" for segment in self._segments)).encode(self.codec)


class X12Writer:
    """Collects the segments of one interchange; separators are chosen at the end so that no value contains them. What
    ASCII cannot say is told in `findings`."""

    def __init__(self, findings: Findings | None = None) -> None:
        self.findings = findings
        self._segments: list[list[str]] = []
        self._set_at = 0
        self._set_reference = ""
        self._group_reference = ""
        self._sets = 0
        self.groups = 0

    def segment(self, tag: str, *elements: Element) -> None:
        """Add one segment; an element is a value or the sequence of its components. Trailing blanks are left out."""
        parts = [tag, *(self._plain(tag, element) for element in elements)]
        while len(parts) > 1 and not parts[-1]:
            parts.pop()
        self._segments.append(parts)

    def _plain(self, tag: str, element: Element) -> str:
        if isinstance(element, str):
            value = clean(element)
            written = transliterate(value, "ascii")
            _tell_transliteration(self.findings, tag, value, written)
            return written
        parts = [self._plain(tag, component) for component in element]
        while parts and not parts[-1]:
            parts.pop()
        return _BETWEEN_COMPONENTS.join(parts)

    def open_group(
        self, kind: str, parties: tuple[str, str], prepared_at: datetime, reference: str, version: str
    ) -> None:
        """GS; `parties` are application sender and receiver."""
        self.groups += 1
        self._sets, self._group_reference = 0, reference
        day, clock = prepared_at.strftime("%Y%m%d"), prepared_at.strftime("%H%M")
        self.segment("GS", kind, *parties, day, clock, reference, "X", version)

    def close_group(self) -> None:
        """GE with the count of transaction sets."""
        self.segment("GE", str(self._sets), self._group_reference)

    def open_set(self, kind: str, reference: str, convention: str = "") -> None:
        """ST; `convention` is ST03 of 005010 and later."""
        self._set_at, self._set_reference = len(self._segments), reference
        self._sets += 1
        self.segment("ST", kind, reference, convention)

    def close_set(self) -> None:
        """SE with the count of segments from ST to SE."""
        self.segment("SE", str(len(self._segments) - self._set_at + 1), self._set_reference)

    def interchange(self, header: Sequence[str], control_number: str) -> bytes:
        """Everything between ISA (elements 1 to 15 are `header`, already padded) and IEA."""
        used = set("".join(value for segment in self._segments for value in segment))
        element = _free(_ISA_ELEMENTS, used)
        terminator = _free(_ISA_TERMINATORS, used)
        component = _free(_ISA_COMPONENTS, used)
        opening = ["ISA", *header, component]
        if opening[11] != "U":  # from 00402 on ISA11 is the repetition separator, which no value may hold either
            opening[11] = _free(_ISA_REPETITIONS, used)
        rows = [opening, *self._segments, ["IEA", str(self.groups), control_number]]
        line_break = "" if terminator == "\n" else "\n"
        text = "".join(element.join(row) + terminator + line_break for row in rows)
        return text.replace(_BETWEEN_COMPONENTS, component).encode("ascii", "replace")


def _free(candidates: str, used: set[str]) -> str:
    """The first of `candidates` that nothing uses yet; it is used from now on. Values are clean, so control characters
    are free."""
    char = next(char for char in candidates if char not in used)
    used.add(char)
    return char
