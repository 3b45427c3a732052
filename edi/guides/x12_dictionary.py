"""The dictionaries of segments of X12 004010 and 005010, put together from their tables when first needed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

from edi.guides.conditions import Condition, parse_condition
from edi.guides.elements import Element, SegmentRule
from edi.guides.x12_codes import CLOSED, CODES
from edi.guides.x12_elements import ELEMENTS
from edi.guides.x12_segments import SEGMENTS

_ONLY = re.compile(r"\[(?P<release>\d{4})\s(?P<notation>[^\]]*)\]")
_LINE = re.compile(r"(?P<tag>[A-Z][A-Z0-9]{1,3})(?P<name>[^:]*): (?P<elements>[^|]*)(?:\| (?P<conditions>.*))?\Z")
_REPEATED = re.compile(r"(?P<times>\d+)\((?P<elements>[^)]*)\)")
_PAIRS = re.compile(r"P(?P<first>\d\d)(?P<second>\d\d)\.\.(?P<last>\d\d)\d\d\Z")


def of_release(notation: str, release: str) -> str:
    """What stands in `release` ("004010") of a notation that encloses the differences in `[4010 …]`, `[5010 …]`."""
    return _ONLY.sub(lambda match: match["notation"] if release.endswith(match["release"]) else "", notation)


@cache
def v4010() -> Mapping[str, SegmentRule]:
    """The segments of release 004010, by tag."""
    return _dictionary("004010")


@cache
def v5010() -> Mapping[str, SegmentRule]:
    """The segments of release 005010, by tag."""
    return _dictionary("005010")


def _dictionary(release: str) -> Mapping[str, SegmentRule]:
    elements = _elements(newer=release == "005010")
    rules: dict[str, SegmentRule] = {}
    for line in of_release(SEGMENTS.replace("\n    ", " "), release).split("\n"):
        match = _LINE.match(line)
        if match:
            tag, name = match["tag"], match["name"].strip()
            parts = tuple(_used(part, elements) for part in _unfolded(match["elements"]))
            if re.match(r"C\d", tag):
                elements[tag] = Element(tag, name, components=parts)
            else:
                rules[tag] = SegmentRule(tag, name, parts, tuple(_conditions(match["conditions"] or "")))
    return rules


def _elements(*, newer: bool) -> dict[str, Element]:
    found: dict[str, Element] = {}
    for line in ELEMENTS.strip().split("\n"):
        number, kind, length, name = line.split(" ", 3)
        found[number] = _element(number, kind, _length(length, newer=newer), name)
    return found


def _length(length: str, *, newer: bool) -> str:
    """ "1/30,50" is 1/30 in 004010 and 1/50 in 005010."""
    older, _, other = length.partition(",")
    if not newer or not other:
        return older
    return other if "/" in other else f"{older.split('/')[0]}/{other}"


def _element(number: str, kind: str, length: str, name: str = "") -> Element:
    shortest, longest = length.split("/")
    codes = CODES.get(number, {})
    return Element(number, name, type=kind.lower(), shortest=int(shortest), longest=int(longest), codes=codes)


def _unfolded(notation: str) -> list[str]:
    """ "M559 9(O1000 O234)" with the repeats written out."""
    return _REPEATED.sub(lambda match: " ".join([match["elements"]] * int(match["times"])), notation).split()


def _used(part: str, known: Mapping[str, Element]) -> Element:
    """ "M353" or "O=AN1/30" at its position."""
    mandatory, number = part[0] == "M", part[1:]
    if number.startswith("="):
        kind = re.match(r"=(AN|ID|N\d|R|DT|TM)(.*)", number)
        if not kind:
            raise ValueError(f"{part!r} is not an element")
        return replace(_element("", kind[1], kind[2]), mandatory=mandatory)
    element = known[number]
    return replace(element, mandatory=mandatory, closed=mandatory and number in CLOSED)


def _conditions(notation: str) -> Iterator[Condition]:
    for word in notation.split():
        pairs = _PAIRS.match(word)
        if pairs:
            for first in range(int(pairs["first"]), int(pairs["last"]) + 1, 2):
                yield parse_condition(f"P{first:02}{first + 1:02}")
        else:
            yield parse_condition(word)
