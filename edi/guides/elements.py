"""What the data elements of a segment must be. A directory is a mapping from tag to `SegmentRule`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from edi.guides.conditions import Condition
from edi.syntax.findings import Severity

_FORMAT = re.compile(r"(?P<type>an|a|n|dt|tm|r|id|b)(?P<upto>\.\.)?(?P<length>\d+)?\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Element:
    """A data element, a composite (then it has `components`) or a component.

    `type` is a (letters), an (any text), id (code), n (number; n2 with two implied decimals), r (decimal), dt, tm, b.
    `codes` are the known values and what they mean; another value is remarked, and refused when `closed`.
    """

    number: str
    name: str = ""
    mandatory: bool = False
    type: str = "an"
    shortest: int = 0
    longest: int = 0  # 0: no limit
    repeats: int = 1
    components: tuple["Element", ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    closed: bool = False
    forbidden: bool = False  # a connection's rule: must stay empty
    strict: bool = False  # a connection's own rule: what breaks it is an error

    @property
    def format(self) -> str:
        """As the directories write it: "an..35", "n6"; empty for a composite."""
        if self.components:
            return ""
        dots = ".." if self.longest and self.shortest != self.longest else ""
        return f"{self.type}{dots}{self.longest or ''}"


@dataclass(frozen=True, slots=True)
class SegmentRule:
    """One segment: its elements in order, and the conditions between them."""

    tag: str
    name: str = ""
    elements: tuple[Element, ...] = ()
    conditions: tuple[Condition, ...] = ()


def element_format(form: str) -> tuple[str, int, int]:
    """(type, shortest, longest) of "an..35", "n6", "dt", "id2..3"… Raises ValueError when malformed."""
    match = _FORMAT.match(form)
    if not match:
        raise ValueError(f"{form!r} is not a format; write one such as an..35 or n6.")
    length = int(match["length"] or 0)
    return match["type"], 0 if match["upto"] else length, length


@dataclass(frozen=True, slots=True)
class ElementCodes:
    """The standard's own codes for faults of a data element."""

    missing: str
    too_long: str
    too_short: str
    wrong_type: str
    bad_date: str
    bad_time: str
    bad_code: str
    too_many: str
    too_many_parts: str
    too_many_repeats: str  # empty: not judged
    condition: str
    exclusion: str
    # Whether a data element that is no composite may hold the component separator (X12 senders do it).
    loose_components: bool = False
    # How a code outside a list that is not closed is told.
    unknown_code: Severity = Severity.NOTE


# Directories before syntax version 4 do not say which elements may be repeated, so that it is not judged.
EDIFACT_CODES = ElementCodes("13", "39", "40", "37", "37", "37", "12", "16", "16", "", "13", "15")
X12_CODES = ElementCodes(
    missing="AK403:1",
    too_long="AK403:5",
    too_short="AK403:4",
    wrong_type="AK403:6",
    bad_date="AK403:8",
    bad_time="AK403:9",
    bad_code="AK403:7",
    too_many="AK403:3",
    too_many_parts="AK403:13",
    too_many_repeats="AK403:12",
    condition="AK403:2",
    exclusion="AK403:10",
    loose_components=True,
    unknown_code=Severity.WARNING,
)
