"""A connection's own rules narrow a guide: a retailer's rules for ORDERS, and sentences for rules that cannot be."""

import json

import pytest

from edi.guides.guide import nodes
from edi.guides.narrowing import RulesError, narrow, problems_of
from edi.guides.x12_releases import find_x12
from tests.edi.edifact_text import guide, judged, told

ORDERS = """
UNH+1+ORDERS:D:96A:UN:EAN008'
BGM+220+4711+9'
DTM+137:20260302:102'
NAD+BY+5412345000013::9'
NAD+SU+4012345500004::9'
NAD+DP+5412345000020::9'
LIN+1++4000862141404:EN'
PIA+1+10-4711:SA'
QTY+21:120:PCE'
MTX+DEP+017'
PRI+AAA:4.50'
UNS+S'
CNT+2:1'
UNT+14+1'
"""

# As a person writes them on the connection's page.
RETAILER = json.loads("""
[
  {"note": "Only these parties", "segment": "NAD", "group": "SG2", "element": "1", "codes": ["BY", "SU", "DP"]},
  {"segment": "NAD", "group": "SG2", "element": "2.1", "use": "required"},
  {"expect": "NAD", "group": "SG2", "element": "1", "is": ["DP"], "text": "Name the delivery party."},
  {"segment": "NAD", "group": "SG2", "when": {"element": "1", "is": ["DP"]}, "require": ["2.1", "2.3"]},
  {"group": "SG2", "max": 3},
  {"segment": "BGM", "element": "1.1", "value": "220"},
  {"segment": "BGM", "element": "2", "max_length": 10},
  {"segment": "FTX", "group": "message", "use": "forbidden"},
  {"segment": "PIA", "group": "SG25", "use": "required"},
  {"segment": "PRI", "use": "required"},
  {"segment": "LIN", "element": "2", "use": "forbidden"},
  {"segment": "LIN", "condition": "R0103"},
  {"add": "MTX", "group": "SG25", "after": "QTY", "max": 1, "elements": ["an..3!", "an..10"], "name": "Retailer text"}
]
""")
RULES = narrow(guide(), RETAILER)
MANY = pytest.mark.parametrize("times", [1, 40], ids=["judged", "by pattern"])


@MANY
def test_what_keeps_the_rules_is_told_nothing(times: int) -> None:
    assert told(ORDERS, RULES, times) == []


def test_the_guide_itself_is_left_as_it_was() -> None:
    assert told(ORDERS, guide()) == [("warning", "segment-not-allowed", "15")]
    serials = [node.serial for _, node in nodes(RULES)]
    assert len(set(serials)) == len(serials)


BROKEN = [
    ("NAD+SU+4012345500004::9'", "NAD+UC+4012345500004::9'", [("error", "code-not-allowed", "12")]),
    ("NAD+SU+4012345500004::9'", "NAD+SU'", [("error", "missing-element", "13")]),
    ("NAD+DP+5412345000020::9'", "", [("error", "required-segment", "13")]),
    ("NAD+DP+5412345000020::9'", "NAD+DP+5412345000020'", [("error", "condition", "13")]),
    ("LIN+1", "NAD+BY+5412345000013::9'LIN+1", [("error", "too-many-segments", "36")]),
    ("BGM+220", "BGM+224", [("error", "code-not-allowed", "12")]),
    ("BGM+220+4711", "BGM++4711", [("error", "missing-element", "13")]),
    ("BGM+220+4711", "BGM+220+47110000000", [("error", "element-too-long", "39")]),
    ("NAD+BY", "FTX+AAI+++Hello'NAD+BY", [("error", "segment-forbidden", "35")]),
    ("PIA+1+10-4711:SA'", "", [("error", "missing-segment", "13")]),
    ("PRI+AAA:4.50'", "", [("error", "missing-segment", "13")]),
    ("LIN+1++", "LIN+1+1+", [("error", "element-forbidden", "15")]),
    ("LIN+1++4000862141404:EN'", "LIN'", [("error", "condition", "13")]),
    ("MTX+DEP+017'", "MTX+DEP+017'MTX+X'", [("error", "too-many-segments", "35")]),
    ("MTX+DEP+017'", "MTX++017'", [("error", "missing-element", "13")]),
    ("MTX+DEP+017'", "", []),
]


@MANY
@pytest.mark.parametrize(("old", "new", "expected"), BROKEN)
def test_what_breaks_a_rule_is_an_error(old: str, new: str, expected: list[tuple[str, str, str]], times: int) -> None:
    text = ORDERS.replace(old, new, 1)
    assert text != ORDERS
    assert told(text, RULES, times) == expected


def test_the_sentences_are_for_the_partner() -> None:
    text = ORDERS.replace("NAD+DP+5412345000020::9'", "").replace("PRI+AAA:4.50'", "")
    assert [finding.message for finding in judged(text, RULES)] == [
        "Segment PRI is missing in group SG25; it must stand before UNS.",
        "Name the delivery party.",
    ]


def test_a_release_that_borrows_its_guide_still_keeps_the_rules_of_the_connection() -> None:
    lent = narrow(guide("ORDERS", "D.95B"), RETAILER)
    text = ORDERS.replace("D:96A", "D:95B").replace("PRI+AAA:4.50'", "").replace("DTM+137:20260302:102'", "")
    assert told(text, lent) == [("warning", "missing-segment", "13"), ("error", "missing-segment", "13")]


def test_rules_can_be_narrowed_further() -> None:
    twice = narrow(RULES, [{"segment": "MTX", "use": "required"}])
    assert told(ORDERS.replace("MTX+DEP+017'", ""), twice) == [("error", "missing-segment", "13")]


def test_an_x12_guide_is_narrowed_the_same_way() -> None:
    base = find_x12("850", "004010")
    assert base is not None
    rules = [
        {"segment": "REF", "group": "message", "element": "1", "codes": ["DP", "IA"]},
        {"expect": "REF", "group": "message", "element": "1", "is": ["DP"]},
        {"add": "MTX", "group": "LPO1", "after": "PO1", "max": 5},
    ]
    narrowed = narrow(base, rules)
    added = next(node for _, node in nodes(narrowed) if node.name == "MTX" and node.group == "LPO1")
    assert added.rule is base.dictionary()["MTX"]
    assert added.most == 5


PROBLEMS = [
    ("x", "a rule must be an object in braces."),
    ({}, "a rule must have exactly one of use, max, codes, value, max_length, condition, when, add, expect."),
    (
        {"segment": "LIN", "use": "required", "max": 1},
        "a rule must have exactly one of use, max, codes, value, max_length, condition, when, add, expect.",
    ),
    ({"segment": "LIN", "use": "required", "colour": "red"}, "colour has no meaning together with 'use'."),
    ({"segment": "NAX", "use": "required"}, "ORDERS D.96A has no segment NAX."),
    ({"segment": "PIA", "use": "maybe"}, '"use" must be "required" or "forbidden".'),
    ({"segment": 5, "use": "required"}, "'segment' must be a text in quotes."),
    ({"segment": "", "use": "required"}, "'segment' is missing."),
    ({"segment": "NAD", "use": "required"}, 'NAD stands in SG2, SG35; say which by "group".'),
    (
        {"segment": "NAD", "group": "SG9", "max": 1},
        "NAD does not stand in group SG9 of ORDERS D.96A; it stands in SG2, SG35.",
    ),
    ({"group": "SG99", "use": "required"}, "ORDERS D.96A has no group SG99."),
    ({"segment": "BGM", "use": "forbidden"}, "BGM is mandatory in ORDERS D.96A and cannot be forbidden."),
    ({"group": "SG2", "max": 100}, "'max' must be a whole number from 1 to 99."),
    ({"group": "SG2", "max": True}, "'max' must be a whole number from 1 to 99."),
    ({"segment": "LIN", "element": "9", "value": "1"}, "LIN has 6 elements; there is no element 9."),
    ({"segment": "LIN", "element": "3.5", "value": "1"}, "LIN03 has 4 components; there is no 5."),
    ({"segment": "LIN", "element": "x", "value": "1"}, '\'x\' is not the position of an element; write "2" or "2.1".'),
    ({"segment": "LIN", "element": "3", "value": "1"}, 'C212 is a composite; name the component, as "2.1".'),
    (
        {"segment": "LIN", "element": "2", "value": ""},
        '"value" must not be empty; to keep an element empty write "use": "forbidden".',
    ),
    ({"segment": "LIN", "element": "2", "codes": []}, '\'codes\' must be a list of texts, as ["A", "B"].'),
    ({"segment": "LIN", "element": "2", "codes": ["LONG"]}, "'LONG' is longer than element 1229 may be (an..3)."),
    ({"segment": "LIN", "element": "2", "max_length": 9}, "'max_length' must be a whole number from 1 to 3."),
    (
        {"segment": "LIN", "condition": "P03"},
        "'P03' is not a condition; write a letter of PREOCLN and two or more positions, as P0304.",
    ),
    ({"segment": "LIN", "condition": "R0109"}, "LIN has 6 elements; there is no element 9."),
    (
        {"segment": "LIN", "when": {"element": "1"}, "require": ["2"]},
        '"when" must be an object with "element" and "is".',
    ),
    ({"add": "mtx", "after": "LIN"}, "'mtx' is not a tag; a segment has two or three capital letters or digits."),
    ({"add": "MTX", "after": "LIN"}, 'MTX is not in the dictionary; give its "elements", as ["an..3!", "n..9"].'),
    ({"add": "MTX", "after": "NAD", "elements": ["an..3"]}, 'NAD stands in SG2, SG35; say which by "group".'),
    ({"add": "MTX", "after": "LIN", "elements": ["text"]}, "'text' is not a format; write one such as an..35 or n6."),
    ({"expect": "NAD", "is": ["DP"]}, '"is" needs an "element" to look at.'),
]


@pytest.mark.parametrize(("rule", "sentence"), PROBLEMS)
def test_a_rule_that_cannot_be_is_explained(rule: object, sentence: str) -> None:
    assert problems_of(guide(), [rule]) == (f"Rule 1: {sentence}",)


def test_all_problems_are_told_at_once() -> None:
    rules = [{"group": "SG2", "max": 0}, {"segment": "PIA", "group": "SG25", "use": "required"}, {"add": "X"}]
    with pytest.raises(RulesError) as error:
        narrow(guide(), rules)
    assert [problem[:7] for problem in error.value.problems] == ["Rule 1:", "Rule 3:"]


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ("[]", "The rules must be a list."),
        ({"segment": "LIN"}, "The rules must be a list."),
        ([{}] * 501, "There are 501 rules; at most 500 are allowed."),
    ],
)
def test_rules_that_are_no_list_of_sensible_length(rules: object, sentence: str) -> None:
    assert problems_of(guide(), rules) == (sentence,)
