"""Segments into bytes: EDIFACT and X12, escaped, counted and enveloped right by construction."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime

from edi.syntax.charsets import CODECS

Element = str | Sequence[str]

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


class EdifactWriter:
    """Collects the segments of one interchange with default separators (UNA is written out for clarity)."""

    def __init__(self, charset: str = "UNOC") -> None:
        self.charset = charset if charset in CODECS else "UNOC"
        self.codec = CODECS[self.charset]
        self._segments: list[str] = []
        self._header_at = 0
        self._reference = ""
        self.messages = 0

    def segment(self, tag: str, *elements: Element) -> None:
        """Add one segment; an element is a value or the sequence of its components. Trailing blanks are left out."""
        parts = [tag]
        for element in elements:
            components = [element] if isinstance(element, str) else list(element)
            while components and not components[-1]:
                components.pop()
            parts.append(":".join(self._escape(component) for component in components))
        while len(parts) > 1 and not parts[-1]:
            parts.pop()
        self._segments.append("+".join(parts))

    def _escape(self, value: str) -> str:
        value = transliterate(clean(value), self.codec)
        if self.charset == "UNOA":
            value = value.upper()
        for char in "?+:'":
            value = value.replace(char, "?" + char)
        return value

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
        return ("UNA:+.? '" + "".join(segment + "'\r\n" for segment in self._segments)).encode(self.codec)


class X12Writer:
    """Collects the segments of one interchange; separators are chosen at the end so that no value contains them."""

    def __init__(self) -> None:
        self._segments: list[list[str]] = []
        self._set_at = 0
        self._set_reference = ""
        self._group_reference = ""
        self._sets = 0
        self.groups = 0

    def segment(self, tag: str, *elements: Element) -> None:
        """Add one segment; an element is a value or the sequence of its components. Trailing blanks are left out."""
        parts = [tag, *(_plain(element) for element in elements)]
        while len(parts) > 1 and not parts[-1]:
            parts.pop()
        self._segments.append(parts)

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


def _plain(element: Element) -> str:
    if isinstance(element, str):
        return transliterate(clean(element), "ascii")
    parts = [_plain(component) for component in element]
    while parts and not parts[-1]:
        parts.pop()
    return _BETWEEN_COMPONENTS.join(parts)


def _free(candidates: str, used: set[str]) -> str:
    """The first of `candidates` that nothing uses yet; it is used from now on. Values are clean, so control characters
    are free."""
    char = next(char for char in candidates if char not in used)
    used.add(char)
    return char
