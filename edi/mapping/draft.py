"""A record under construction: what a mapping fills value by value, with the place of each, and freezes at the end."""

from typing import Any, TypeVar

from edi.syntax.segments import Segment
from orders.documents import Document, ItemLine, Origin

Record = TypeVar("Record", Document, ItemLine)


class Draft:
    """Values by field name and where each stood. `extras` are kept up to `EXTRAS_AT_MOST` a record."""

    EXTRAS_AT_MOST = 5_000

    __slots__ = ("extras", "origin", "values")

    def __init__(self, **values: Any) -> None:
        self.values = values
        self.origin: list[Origin] = []
        self.extras: list[tuple[str, str]] = []

    def set(self, name: str, value: Any, segment: Segment, element: int, component: int = 0) -> bool:
        """Take `value` for the field unless it has one; True when it was taken. The first one that was sent counts."""
        if name in self.values:
            return False
        self.values[name] = value
        literal = segment.get(element, component) if component else segment.whole(element)
        self.origin.append(Origin(name, literal, segment.index, segment.tag, element, component))
        return True

    def keep(self, path: str, text: str) -> None:
        """Keep what has no field, so that nothing is lost."""
        if len(self.extras) < self.EXTRAS_AT_MOST:
            self.extras.append((path, text))

    def freeze(self, kind: type[Record], **more: Any) -> Record:
        """The record of this kind. Raises TypeError when a mandatory field was never set: check before."""
        values = {**self.values, **more}
        return kind(**values, origin=tuple(self.origin), extras=tuple(self.extras))
