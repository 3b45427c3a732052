"""Data elements that the mappings read: presence, length and type, as the directories state them.

A rule is (element, component, presence, format). Formats: "an..35", "n..15", "an3", "dt" (X12 date), "r..15" (X12 R).
"""

import re
from dataclasses import dataclass
from functools import partial

from edi.syntax.findings import Findings
from edi.syntax.numbers import parse_decimal, parse_x12_date
from edi.syntax.segments import Segment

_FORMAT = re.compile(r"(?P<type>an|a|n|dt|r|id)(?P<upto>\.\.)?(?P<length>\d+)?\Z")


@dataclass(frozen=True, slots=True)
class Rule:
    """What one data element must be. `component` 0 means the element has none."""

    element: int
    component: int
    mandatory: bool
    type: str
    shortest: int
    longest: int
    is_text: bool


def rule(element: int, component: int, presence: str, form: str) -> Rule:
    """A rule from its notation: presence "M" or "C", `form` as in the directory. Raises ValueError when malformed."""
    match = _FORMAT.match(form)
    if not match:
        raise ValueError(form)
    length = int(match["length"] or 0)
    shortest = length if length and not match["upto"] else 0
    is_text = match["type"] in ("an", "a", "id")
    return Rule(element, component, presence == "M", match["type"], shortest, length, is_text)


@dataclass(frozen=True, slots=True)
class ElementCodes:
    """The standard's own codes for faults of a data element."""

    missing: str
    too_long: str
    too_short: str
    wrong_type: str
    bad_date: str


EDIFACT_CODES = ElementCodes("13", "39", "40", "37", "37")
X12_CODES = ElementCodes("AK403:1", "AK403:5", "AK403:4", "AK403:6", "AK403:8")

# UNTDID D.96A, segments and composites of ORDERS. Lengths grew later; the longer one of D.01B stands here.
EDIFACT: dict[str, tuple[Rule, ...]] = {
    "BGM": (rule(2, 1, "C", "an..35"), rule(3, 1, "C", "an..3")),
    "DTM": (rule(1, 1, "M", "an..3"), rule(1, 2, "C", "an..35"), rule(1, 3, "C", "an..3")),
    "RFF": (rule(1, 1, "M", "an..3"), rule(1, 2, "C", "an..70")),
    "NAD": (rule(1, 1, "M", "an..3"), rule(2, 1, "C", "an..35"), rule(9, 1, "C", "an..3")),
    "CUX": (rule(1, 1, "C", "an..3"), rule(1, 2, "C", "an..3")),
    "LIN": (rule(1, 1, "C", "an..6"), rule(3, 1, "C", "an..35"), rule(3, 2, "C", "an..3")),
    "PIA": (rule(1, 1, "M", "an..3"), rule(2, 1, "C", "an..35")),
    "QTY": (rule(1, 1, "M", "an..3"), rule(1, 2, "M", "n..35"), rule(1, 3, "C", "an..8")),
    "PRI": (rule(1, 1, "C", "an..3"), rule(1, 2, "C", "n..15"), rule(1, 5, "C", "n..9")),
    "MOA": (rule(1, 1, "M", "an..3"), rule(1, 2, "C", "n..35"), rule(1, 3, "C", "an..3")),
    "ALC": (rule(1, 1, "M", "an..3"),),
    "PCD": (rule(1, 1, "M", "an..3"), rule(1, 2, "C", "n..10")),
    "CNT": (rule(1, 1, "M", "an..3"), rule(1, 2, "M", "n..18")),
}

# ASC X12 004010, elements of 850.
X12: dict[str, tuple[Rule, ...]] = {
    "BEG": (
        rule(1, 0, "M", "id2"),
        rule(2, 0, "M", "id2"),
        rule(3, 0, "M", "an..22"),
        rule(5, 0, "M", "dt"),
    ),
    "CUR": (rule(1, 0, "M", "id..3"), rule(2, 0, "M", "id3")),
    "REF": (rule(1, 0, "M", "id..3"), rule(2, 0, "C", "an..80")),
    "DTM": (rule(1, 0, "M", "id3"), rule(2, 0, "C", "dt")),
    "N1": (rule(1, 0, "M", "id..3"), rule(2, 0, "C", "an..60"), rule(3, 0, "C", "id..2"), rule(4, 0, "C", "an..80")),
    "PO1": (rule(1, 0, "C", "an..20"), rule(2, 0, "C", "r..15"), rule(3, 0, "C", "id2"), rule(4, 0, "C", "r..17")),
    "AMT": (rule(1, 0, "M", "id..3"), rule(2, 0, "M", "r..18")),
    "CTT": (rule(1, 0, "M", "n..6"), rule(2, 0, "C", "r..10")),
    "SAC": (rule(1, 0, "M", "id1"), rule(5, 0, "C", "n..15")),
}


def check_elements(
    segment: Segment, rules: dict[str, tuple[Rule, ...]], codes: ElementCodes, findings: Findings
) -> None:
    """Compare the elements of one segment with its rules."""
    for item in rules.get(segment.tag, ()):
        value = segment.get(item.element, item.component) if item.component else segment.whole(item.element)
        if value:
            if item.is_text and item.shortest <= len(value) <= item.longest:
                continue
            _check_value(segment, item, value, codes, findings)
        elif item.mandatory:
            text = f"{_name(segment, item)} is mandatory and missing."
            place = partial(segment.place, item.element, item.component)
            findings.error("missing-element", text, place, syntax_error=codes.missing)


def _check_value(segment: Segment, item: Rule, value: str, codes: ElementCodes, findings: Findings) -> None:
    if item.type in ("n", "r"):
        if parse_decimal(value) is None:
            text = f"{_name(segment, item)} must be a number, but is {value[:40]!r}."
            findings.error(
                "invalid-number",
                text,
                partial(segment.place, item.element, item.component),
                value=value,
                syntax_error=codes.wrong_type,
            )
        return
    if item.type == "dt":
        if parse_x12_date(value) is None:
            text = f"{_name(segment, item)} must be a date CCYYMMDD, but is {value[:40]!r}."
            findings.error(
                "invalid-date", text, partial(segment.place, item.element), value=value, syntax_error=codes.bad_date
            )
        return
    if item.longest and len(value) > item.longest:
        text = f"{_name(segment, item)} may have {item.longest} characters, but has {len(value)}."
        findings.warning(
            "element-too-long",
            text,
            partial(segment.place, item.element, item.component),
            value=value,
            syntax_error=codes.too_long,
        )
    elif len(value) < item.shortest:
        text = f"{_name(segment, item)} must have {item.shortest} characters, but has {len(value)}."
        findings.warning(
            "element-too-short",
            text,
            partial(segment.place, item.element, item.component),
            value=value,
            syntax_error=codes.too_short,
        )


def _name(segment: Segment, item: Rule) -> str:
    position = f"{segment.tag}{item.element:02}"
    return f"{position}.{item.component}" if item.component else position
