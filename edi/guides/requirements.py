"""A connection's rules about a message as a whole: "an order names a delivery party", "at most one price a line"."""

from dataclasses import dataclass

MESSAGE = "message"  # the name by which rules speak of what stands outside of any group


@dataclass(frozen=True, slots=True)
class Requirement:
    """A segment that must come at least once in a message: tag `tag` in group `group` ("" is anywhere, MESSAGE outside
    of any group), whose element has one of `values` (none given: any)."""

    tag: str
    group: str = ""
    element: int = 0
    component: int = 0
    values: frozenset[str] = frozenset()
    text: str = ""  # the sentence a partner reads; made up when empty

    @property
    def sentence(self) -> str:
        """What is missing, for a person."""
        if self.text:
            return self.text
        where = f" in group {self.group}" if self.group else ""
        what = f" with {' or '.join(sorted(self.values))}" if self.values else ""
        return f"The rules of this connection ask for a segment {self.tag}{what}{where}, which is missing."
