"""A pattern is narrower than its rule: in what it lets pass, judging at length finds nothing. And nothing raises."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edi.guides.edifact_directory import d01b, d96a
from edi.guides.elements import EDIFACT_CODES, X12_CODES, ElementCodes, SegmentRule
from edi.guides.judging import Judge
from edi.guides.narrowing import RulesError, narrow
from edi.guides.patterns import Checker
from edi.guides.structure import EDIFACT_CODES as EDIFACT_WALK
from edi.guides.structure import Walk
from edi.guides.x12_dictionary import v4010, v5010
from edi.syntax.findings import Findings
from edi.syntax.segments import Context, Segment, Separators
from edi.syntax.source import Source
from tests.edi.edifact_text import MARKS, guide, segments

_X12_MARKS = Separators(">", "*", "~", repetition="^")
_PIECES = [
    "",
    " ",
    "1",
    "12",
    "9",
    "A",
    "AB",
    "abc",
    "X" * 17,
    "X" * 36,
    "x" * 600,
    "1.5",
    "1,5",
    "-1",
    "-",
    ".",
    "1.2.3",
]
_PIECES += [
    "20260302",
    "20260230",
    "260302",
    "1200",
    "2460",
    "ü",
    "00",
    "EA",
    "UK",
    "S",
    "D",
    "1" * 16,
    "0.00001",
    "\n",
]


DICTIONARIES = {"D.96A": d96a(), "D.01B": d01b(), "004010": v4010(), "005010": v5010()}


def judgement(rule: SegmentRule, text: str, marks: Separators, codes: ElementCodes) -> list[str]:
    segment = Segment(Context(Source(b""), marks), text, rule.tag, 1, 0, 0)
    findings = Findings()
    Judge(codes, findings).segment(segment, rule)
    return [finding.message for finding in findings]


def passes(rule: SegmentRule, text: str, marks: Separators, codes: ElementCodes) -> bool:
    segment = Segment(Context(Source(b""), marks), text, rule.tag, 1, 0, 0)
    checker = Checker(rule, marks, codes.loose_components)
    return bool(checker.match(text)) and (not checker.conditional or checker.keeps_conditions(segment))


def sound(dictionary: Mapping[str, SegmentRule], marks: Separators, codes: ElementCodes, data: st.DataObject) -> None:
    rule = dictionary[data.draw(st.sampled_from(sorted(dictionary)))]
    element = st.lists(st.sampled_from([*_PIECES, marks.release * 2, marks.repetition]), min_size=1, max_size=8)
    elements = data.draw(st.lists(element.map(marks.component.join), max_size=len(rule.elements) + 2))
    text = marks.element.join([rule.tag, *elements])
    if passes(rule, text, marks, codes):
        assert judgement(rule, text, marks, codes) == [], text


@pytest.mark.parametrize("name", DICTIONARIES)
def test_every_rule_has_a_pattern(name: str) -> None:
    marks, codes = (_X12_MARKS, X12_CODES) if name.isdigit() else (MARKS, EDIFACT_CODES)
    for rule in DICTIONARIES[name].values():
        assert Checker(rule, marks, codes.loose_components).rule is rule


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_edifact_patterns_hide_nothing(data: st.DataObject) -> None:
    sound(DICTIONARIES[data.draw(st.sampled_from(["D.96A", "D.01B"]))], MARKS, EDIFACT_CODES, data)


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_x12_patterns_hide_nothing(data: st.DataObject) -> None:
    sound(DICTIONARIES[data.draw(st.sampled_from(["004010", "005010"]))], _X12_MARKS, X12_CODES, data)


_TAGS = [
    "UNH",
    "BGM",
    "DTM",
    "RFF",
    "NAD",
    "CTA",
    "LIN",
    "QTY",
    "PRI",
    "MOA",
    "ALC",
    "UNS",
    "CNT",
    "UNT",
    "ZZZ",
    "x",
    "",
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(_TAGS), st.text(alphabet="1A:+?* ü", max_size=12)), max_size=40))
def test_any_segments_in_any_order_are_walked(lines: list[tuple[str, str]]) -> None:
    text = "".join(f"{tag}+{rest}'" for tag, rest in lines)
    Walk(guide(), EDIFACT_WALK, Findings()).run(segments(text))


_VALUES = st.one_of(
    st.sampled_from(["LIN", "NAD", "BGM", "UNH", "SG2", "SG25", "message", "required", "forbidden", "1", "2.1", "9.9"]),
    st.sampled_from(["P0102", "an..3!", "0", "", "é"]),
    st.integers(),
    st.none(),
    st.booleans(),
    st.lists(st.sampled_from(["1", "BY", "an..3", "2.1", ""]), max_size=3),
    st.fixed_dictionaries({"element": st.just("1"), "is": st.just(["BY"])}),
)
_KEYS = ["segment", "group", "element", "use", "max", "codes", "value", "max_length", "condition", "when", "require"]
_RULES = st.lists(
    st.dictionaries(st.sampled_from([*_KEYS, "add", "after", "elements", "expect", "is"]), _VALUES), max_size=4
)


@settings(max_examples=300, deadline=None)
@given(_RULES)
def test_rules_are_applied_or_explained(rules: list[dict[str, object]]) -> None:
    try:
        narrow(guide(), rules)
    except RulesError as error:
        problems = error.problems
    else:
        problems = ("none",)
    assert problems
