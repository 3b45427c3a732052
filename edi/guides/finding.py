"""Which guides there are, whatever the standard, and how a person's word for one ("orders d96a") finds it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from edi.guides import edifact_messages, x12_releases
from edi.guides.guide import Guide

_EDIFACT_RELEASE = re.compile(r"D[.:]?(\d\d[AB]|3)\Z|(\d\d[AB])\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Entry:
    """One guide that there is. `standard` is "edifact", "x12" or "ubl"; `title` says in English what the message is."""

    standard: str
    kind: str
    version: str
    title: str


def find(name: str, version: str = "") -> Guide | None:
    """The guide of a message ("ORDERS", "850"), whatever the case. `version` is "D.96A", "D96A" or "96A", "004010" or
    "4010"; another release borrows the nearest; without one the oldest guide is taken. None when there is none."""
    kind = name.strip().upper()
    if kind in edifact_messages.KINDS:
        known = edifact_messages.guides(kind)
        return edifact_messages.guide_for(kind, _edifact_version(version)) if version else known[0]
    if kind in x12_releases.KINDS:
        return x12_releases.find_x12(kind, _x12_version(version) or "004010")
    return None


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


def _guides() -> Iterator[Guide]:
    for kind in edifact_messages.KINDS:
        yield from edifact_messages.guides(kind)
    for kind in x12_releases.KINDS:
        yield from x12_releases.guides(kind)
