"""The dictionaries of segments of UNTDID D.96A and D.01B, put together from their tables when first needed."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

from edi.guides import edifact_elements, edifact_segments
from edi.guides.edifact_codes import CODES
from edi.guides.elements import Element, SegmentRule, element_format

_Line = tuple[str, list[str], str]  # tag or number, its elements ("M3035"), its name


@cache
def d96a() -> Mapping[str, SegmentRule]:
    """The segments of directory D.96A, by tag."""
    return _directory(_elements(edifact_elements.D96A), edifact_segments.COMPOSITES, edifact_segments.SEGMENTS)


@cache
def d01b() -> Mapping[str, SegmentRule]:
    """The segments of directory D.01B, by tag."""
    elements = _elements(edifact_elements.D96A)
    for line in edifact_elements.D01B.split("\n"):
        if line:
            number, form = line.split()
            elements[number] = _element(number, form, elements[number].name)
    composites = edifact_segments.COMPOSITES + edifact_segments.D01B_COMPOSITES
    return _directory(elements, composites, edifact_segments.SEGMENTS + edifact_segments.D01B_SEGMENTS)


def _elements(table: str) -> dict[str, Element]:
    split = (line.split(" ", 2) for line in table.split("\n") if line)
    return {number: _element(number, form, name) for number, form, name in split}


def _element(number: str, form: str, name: str) -> Element:
    kind, shortest, longest = element_format(form)
    return Element(number, name, type=kind, shortest=shortest, longest=longest, codes=CODES.get(number, {}))


def _directory(elements: dict[str, Element], composites: str, segments: str) -> dict[str, SegmentRule]:
    """Later lines of a table replace earlier ones."""
    known = dict(elements)
    for number, parts, name in _lines(composites):
        known[number] = Element(number, name, components=tuple(_used(part, known) for part in parts))
    return {
        tag: SegmentRule(tag, name, tuple(_used(part, known) for part in parts))
        for tag, parts, name in _lines(segments)
    }


def _lines(table: str) -> Iterator[_Line]:
    for line in table.split("\n"):
        if line:
            notation, name = line.split(": ", 1)
            number, *parts = notation.split()
            yield number, parts, name


def _used(part: str, known: dict[str, Element]) -> Element:
    return replace(known[part[1:]], mandatory=part[0] == "M")
