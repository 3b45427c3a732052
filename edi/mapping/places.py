"""Where the values of a document stand: from the origins that mappings record to places of findings."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from edi.syntax.findings import NOWHERE, Place
from edi.syntax.segments import Segment
from orders.documents import Origin

PlaceOf = Callable[[], Place]
Locate = Callable[[Origin], Place]


class Located(Protocol):
    """A document, a line, or one under construction: it remembers where its values stood."""

    @property
    def origin(self) -> Sequence[Origin]:
        """Where each value stood, in the order in which they were read."""


def in_segments(segments: Sequence[Segment]) -> Locate:
    """Places of origins in one message, whose `segments` stand in a row from its header on."""
    first = segments[0].index if segments else 0

    def locate(origin: Origin) -> Place:
        position = origin.segment - first
        if not 0 <= position < len(segments):
            return Place(segment=origin.segment, tag=origin.tag, element=origin.element, component=origin.component)
        return segments[position].place(origin.element, origin.component)

    return locate


def by_path(origin: Origin) -> Place:
    """The place of an origin in XML: its path and line."""
    return Place(line=origin.line, xpath=origin.xpath)


def place_of(record: Located, locate: Locate, *names: str) -> PlaceOf:
    """Where the first of the fields `names` stands that was read, else where the record begins. Worked out when it is
    called: most findings are never made."""
    return partial(_find, record, locate, names)


def _find(record: Located, locate: Locate, names: tuple[str, ...]) -> Place:
    for name in names:
        for origin in record.origin:
            if origin.field == name:
                return locate(origin)
    return locate(record.origin[0]) if record.origin else NOWHERE
