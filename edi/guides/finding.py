"""Which guides there are, whatever the standard, and how a person's word for one ("orders d96a") finds it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from edi.guides import cxml_structure, edifact_messages, fatturapa_structure, ubl_structure, x12_releases
from edi.guides.guide import Guide
from edi.guides.xml_structure import XmlGuide

AnyGuide = Guide | XmlGuide

_EDIFACT_RELEASE = re.compile(r"D[.:]?(\d\d[AB]|3)\Z|(\d\d[AB])\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Entry:
    """One guide that there is. `standard` is "edifact", "x12", "ubl", "cxml" or "fatturapa"; `title` says in English
    what the message is."""

    standard: str
    kind: str
    version: str
    title: str


def find(name: str, version: str = "") -> AnyGuide | None:
    """The guide of a message ("ORDERS", "850", "Order"), whatever the case. `version` is "D.96A", "D96A" or "96A",
    "004010" or "4010"; another release borrows the nearest; without one the oldest guide is taken. XML documents have
    one version. None when there is no guide."""
    kind = name.strip().upper()
    if kind in edifact_messages.KINDS:
        known = edifact_messages.guides(kind)
        return edifact_messages.guide_for(kind, _edifact_version(version)) if version else known[0]
    if kind in x12_releases.KINDS:
        return x12_releases.find_x12(kind, _x12_version(version) or "004010")
    return next((guide for guide in _xml_guides() if guide.kind.upper() == kind), None)


def all_of(kind: str) -> tuple[AnyGuide, ...]:
    """The guides of all releases of a message, oldest first."""
    segmented = edifact_messages.guides(kind) or x12_releases.guides(kind)
    return segmented or tuple(guide for guide in _xml_guides() if guide.kind == kind)


def _edifact_version(version: str) -> str:
    text = version.strip().upper()
    match = _EDIFACT_RELEASE.match(text)
    return f"D.{match[1] or match[2]}" if match else text


def _x12_version(version: str) -> str:
    text = version.strip().upper()
    return f"00{text}" if text.isdigit() and len(text) == 4 else text


def catalogue() -> tuple[Entry, ...]:
    """All guides, by standard in the order of the order flow. Loads them all."""
    return tuple(Entry(guide.standard, guide.kind, guide.version, guide.title) for guide in _guides())


def _guides() -> Iterator[AnyGuide]:
    for kind in edifact_messages.KINDS:
        yield from edifact_messages.guides(kind)
    for kind in x12_releases.KINDS:
        yield from x12_releases.guides(kind)
    yield from _xml_guides()


def _xml_guides() -> Iterator[XmlGuide]:
    found = [ubl_structure.find_ubl(kind) for kind in ubl_structure.KINDS]
    found += [cxml_structure.find_cxml(kind) for kind in cxml_structure.KINDS]
    yield from (guide for guide in found if guide)
    yield fatturapa_structure.fatturapa_guide()
