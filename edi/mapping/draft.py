"""A record under construction: what a mapping fills value by value, with the place of each, and freezes at the end."""

from typing import Any, TypeVar

from edi.syntax.segments import Segment
from orders.documents import Document, ItemLine, Origin, ResponseLineDocument

Record = TypeVar("Record", bound=Document | ItemLine | ResponseLineDocument)
# An Origin from all its values at once: there is one for every value of a file.
_origin = tuple.__new__


class Draft:
    """Values by field name and where each stood. `extras` are kept up to `EXTRAS_AT_MOST` a record."""

    EXTRAS_AT_MOST = 5_000

    __slots__ = ("extras", "origin", "ranks", "values")

    def __init__(self, **values: Any) -> None:
        self.values = values
        self.origin: list[Origin] = []
        self.extras: list[tuple[str, str]] = []
        self.ranks: dict[str, tuple[int, Segment]] = {}

    def set(self, name: str, value: Any, segment: Segment, element: int, component: int = 0) -> bool:
        """Take `value` for the field unless it has one; True when it was taken. The first one that was sent counts."""
        if name in self.values:
            return False
        literal = segment.get(element, component) if component else segment.whole(element)
        self.put(name, value, literal, segment, element, component)
        return True

    def put(self, name: str, value: Any, literal: str, segment: Segment, element: int, component: int = 0) -> None:
        """Take `value`, whatever the field held; the caller has the sender's `literal` at hand."""
        self.values[name] = value
        self.origin.append(_origin(Origin, (name, literal, segment.index, segment.tag, element, component, "", 0)))

    def prefer(
        self, name: str, value: Any, rank: int, segment: Segment, element: int, component: int = 0, literal: str = ""
    ) -> bool:
        """Take `value` unless one of the same or a better (lower) rank is held; True when it was taken. What it
        displaces goes to the extras, whatever order the two were sent in."""
        if name in self.values and not self._displaced(name, rank):
            return False
        if rank:  # what is preferred most is never displaced
            self.ranks[name] = (rank, segment)
        if not literal:
            literal = segment.get(element, component) if component else segment.whole(element)
        self.values[name] = value
        self.origin.append(_origin(Origin, (name, literal, segment.index, segment.tag, element, component, "", 0)))
        return True

    def _displaced(self, name: str, rank: int) -> bool:
        """Whether what the field holds gave way to a value of this rank."""
        held = self.ranks.get(name)
        if held is None or held[0] <= rank:
            return False
        del self.ranks[name]
        self.origin = [origin for origin in self.origin if origin.field != name]
        self.keep(held[1].tag, held[1].text)
        return True

    def mark(self, name: str, segment: Segment, element: int, component: int = 0) -> None:
        """Remember where a value stood that is set or added by other means."""
        literal = segment.get(element, component) if component else segment.whole(element)
        self.origin.append(_origin(Origin, (name, literal, segment.index, segment.tag, element, component, "", 0)))

    def add(self, name: str, item: Any) -> None:
        """Append to a field that holds several; it is a tuple when frozen."""
        items = self.values.get(name)
        if items is None:
            self.values[name] = [item]
        else:
            items.append(item)

    def keep(self, path: str, text: str) -> None:
        """Keep what has no field, so that nothing is lost."""
        if len(self.extras) < self.EXTRAS_AT_MOST:
            self.extras.append((path, text))

    def freeze(self, kind: type[Record], /, **more: Any) -> Record:
        """The record of this kind; lists become tuples. Raises TypeError when a mandatory field was never set: check
        before."""
        values = {**self.values, **more} if more else self.values
        if list in map(type, values.values()):
            values = {name: tuple(value) if type(value) is list else value for name, value in values.items()}
        return kind(**values, origin=tuple(self.origin), extras=tuple(self.extras))
