"""EDIFACT guides: structures and elements of the directories, and what is told of a message that breaks them."""

import pytest

from edi.guides.edifact_directory import d01b, d96a
from edi.guides.edifact_messages import KINDS, guide_for, guides
from edi.guides.guide import Guide, Node, nodes, parse_guide
from edi.guides.structure import EDIFACT_CODES, Walk
from edi.syntax.findings import Findings
from edi.syntax.segments import Separators
from tests.edi.edifact_text import guide, judged, segments, told

ORDERS = """
UNH+1+ORDERS:D:96A:UN:EAN008'
BGM+220+4711+9'
DTM+137:20260302:102'
RFF+CT:C-1'
DTM+171:20260101:102'
NAD+BY+5412345000013::9'
CTA+PD+:Mary Smith'
COM+mary@example.com:EM'
NAD+SU+4012345500004::9'
CUX+2:EUR:9'
LIN+1++4000862141404:EN'
PIA+1+10-4711:SA'
IMD+F++:::Olive oil'
QTY+21:120:PCE'
MOA+203:540.00'
PRI+AAA:4.50'
RFF+ON:1'
LIN+2++4000862141411:EN'
QTY+21:60:PCE'
PRI+AAA:2,15'
UNS+S'
MOA+79:669'
CNT+2:2'
UNT+24+1'
"""
ONCE_AND_OFTEN = pytest.mark.parametrize("times", [1, 60], ids=["judged", "by pattern"])


# -- the data ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_each_message_has_guides_of_which_every_segment_is_known(kind: str) -> None:
    assert guides(kind)
    for each in guides(kind):
        assert each.tags <= set(each.dictionary()), each.version
        assert (each.standard, each.exact) == ("edifact", True)
        assert each.title
        serials = [node.serial for _, node in nodes(each)]
        assert len(set(serials)) == len(serials)


def test_positions_of_the_directory() -> None:
    orders = [(level, node.name, node.mandatory, node.most) for level, node in nodes(guide())]
    assert orders[:12] == [
        (0, "UNH", True, 1),
        (0, "BGM", True, 1),
        (0, "DTM", True, 35),
        (0, "PAI", False, 1),
        (0, "ALI", False, 5),
        (0, "IMD", False, 1),
        (0, "FTX", False, 99),
        (0, "SG1", False, 10),
        (1, "RFF", True, 1),
        (1, "DTM", False, 5),
        (0, "SG2", False, 99),
        (1, "NAD", True, 1),
    ]
    groups = {name: most for _, name, _, most in orders if name.startswith("SG")}
    assert (len(groups), groups["SG25"], groups["SG54"]) == (54, 200_000, 10)


@pytest.mark.parametrize(
    ("kind", "version", "groups"),
    [
        ("ORDCHG", "D.96A", 56),
        ("ORDRSP", "D.96A", 56),
        ("DESADV", "D.96A", 23),
        ("RECADV", "D.96A", 32),
        ("INVOIC", "D.96A", 51),
        ("APERAK", "D.96A", 4),
        ("PRICAT", "D.96A", 47),
        ("SLSRPT", "D.96A", 8),
        ("INVRPT", "D.96A", 17),
        ("CONTRL", "D.3", 5),
        ("ORDERS", "D.01B", 60),
        ("ORDCHG", "D.01B", 58),
        ("ORDRSP", "D.01B", 56),
        ("DESADV", "D.01B", 25),
        ("RECADV", "D.01B", 32),
        ("INVOIC", "D.01B", 53),
        ("APERAK", "D.01B", 5),
        ("PRICAT", "D.01B", 60),
        ("SLSRPT", "D.01B", 14),
        ("INVRPT", "D.01B", 18),
    ],
)
def test_number_of_segment_groups(kind: str, version: str, groups: int) -> None:
    names = [node.name for _, node in nodes(guide(kind, version)) if node.children]
    assert names == [f"SG{number}" for number in range(1, groups + 1)]


def test_elements_of_the_directories() -> None:
    nad = d96a()["NAD"]
    assert nad.name == "Name and address"
    assert [element.number for element in nad.elements] == [
        *("3035", "C082", "C058", "C080", "C059", "3164", "3229", "3251", "3207")
    ]
    party = nad.elements[1]
    assert [(each.number, each.mandatory, each.format) for each in party.components] == [
        ("3039", True, "an..35"),
        ("1131", False, "an..3"),
        ("3055", False, "an..3"),
    ]
    assert d01b()["NAD"].elements[6].number == "C819"
    assert d01b()["FTX"].elements[3].components[0].format == "an..512"
    assert d96a()["FTX"].elements[3].components[0].format == "an..70"
    assert d96a()["BGM"].elements[2].codes["9"] == "Original"
    number = d96a()["DGS"].elements[2].components[0]
    assert (number.type, number.shortest, number.longest, number.format) == ("n", 4, 4, "n4")


@pytest.mark.parametrize(
    ("version", "second"),
    [("D.93A", "1004"), ("D.97A", "1004"), ("D.99B", "1004"), ("", "1004"), ("D.00A", "C106"), ("D.07A", "C106")],
)
def test_a_release_without_a_guide_borrows_the_nearer(version: str, second: str) -> None:
    lent = guide("ORDERS", version)
    assert (lent.version, lent.exact) == (version, False)
    assert lent.dictionary()["BGM"].elements[1].number == second


def test_a_message_without_a_guide_has_none() -> None:
    assert guide_for("IFTMIN", "D.96A") is None


@pytest.mark.parametrize("notation", ["", "SG1*2(", "SG1()", "SG1(SG2(A))", "BGM! ?", "SG1(BGM"])
def test_a_notation_that_is_not_well_formed_is_refused(notation: str) -> None:
    with pytest.raises(ValueError):
        parse_guide("X", "1", notation)


# -- the walk ---------------------------------------------------------------------------------------------------------


@ONCE_AND_OFTEN
def test_a_sound_message_is_told_nothing(times: int) -> None:
    assert told(ORDERS, guide(), times) == []


def test_the_walk_tells_where_each_segment_stands() -> None:
    walk = Walk(guide(), EDIFACT_CODES, Findings())
    places = [walk.advance(segment) for segment in segments(ORDERS)]
    assert [f"{node.group}/{node.name}" for node in places if node] == [
        *("/UNH", "/BGM", "/DTM", "SG1/RFF", "SG1/DTM", "SG2/NAD", "SG5/CTA", "SG5/COM", "SG2/NAD", "SG7/CUX"),
        *("SG25/LIN", "SG25/PIA", "SG25/IMD", "SG25/QTY", "SG25/MOA", "SG28/PRI", "SG29/RFF"),
        *("SG25/LIN", "SG25/QTY", "SG28/PRI", "/UNS", "/MOA", "/CNT", "/UNT"),
    ]
    assert places[10] is places[17], "the same place is the same node"


def test_a_segment_out_of_place_is_told_and_does_not_move_the_walk() -> None:
    walk = Walk(guide(), EDIFACT_CODES, Findings())
    late = segments(ORDERS.replace("RFF+ON:1'", "PIA+1+X:SA'QTY+21:1'"))
    places = [walk.advance(segment) for segment in late]
    assert places[16] is None
    assert places[17] is None
    assert isinstance(places[18], Node)
    assert places[18].name == "LIN"


STRUCTURE = [
    ("BGM+220+4711+9'", "", [("error", "missing-segment", "13")]),
    ("DTM+137:20260302:102'", "", [("error", "missing-segment", "13")]),
    ("UNS+S'", "", [("error", "missing-segment", "13")]),
    ("CUX+2:EUR:9'", "CUX+2:EUR:9'BGM+220+4711+9'", [("warning", "segment-out-of-place", "15")]),
    ("CUX+2:EUR:9'", "MTX+1'", [("warning", "segment-not-allowed", "15")]),
    ("CUX+2:EUR:9'", "mtx+1'", [("error", "segment-not-allowed", "15")]),
    ("CUX+2:EUR:9'", "CUX+2:EUR:9'" * 6, [("warning", "too-many-segments", "36")]),
    ("QTY+21:60:PCE'", "QTY+21:60:PCE'" * 12, [("warning", "too-many-segments", "35")]),
]


@ONCE_AND_OFTEN
@pytest.mark.parametrize(("old", "new", "expected"), STRUCTURE)
def test_faults_of_structure(old: str, new: str, expected: list[tuple[str, str, str]], times: int) -> None:
    assert told(ORDERS.replace(old, new, 1), guide(), times) == expected


def test_repeats_are_counted_anew_in_each_group() -> None:
    line = "LIN+9'" + "QTY+21:1'" * 10 + "PRI+AAA:1'" * 25
    assert told(ORDERS.replace("UNS+S'", line * 3 + "UNS+S'"), guide()) == []


def test_a_lent_guide_only_warns_of_what_is_missing() -> None:
    assert told(ORDERS.replace("BGM+220+4711+9'", ""), guide("ORDERS", "D.95B")) == [
        ("warning", "missing-segment", "13")
    ]


# -- elements ---------------------------------------------------------------------------------------------------------

ELEMENTS = [
    ("NAD+BY", "NAD+", ("error", "missing-element", "13"), "NAD01 (Party function code) is mandatory and missing."),
    ("PIA+1+10-4711:SA", "PIA+1+:", ("error", "missing-element", "13"), None),
    ("RFF+ON:1", "RFF+:1", ("error", "missing-element", "13"), "RFF01.1 (Reference code qualifier) is mandatory"),
    ("NAD+BY+5412345000013::9", "NAD+BY+::9", ("error", "missing-element", "13"), "NAD02.1 (Party identifier)"),
    ("QTY+21:120:PCE", "QTY+21:ten:PCE", ("error", "invalid-number", "37"), "QTY01.2 (Quantity) must be a number"),
    ("PRI+AAA:4.50", "PRI+AAA:1.000.50", ("error", "invalid-number", "37"), None),
    ("MOA+203:540.00", "MOA+203:1e9", ("error", "invalid-number", "37"), None),
    ("PRI+AAA:4.50", "PRI+AAA:1234567890123456", ("warning", "element-too-long", "39"), "may have 15 characters"),
    ("BGM+220+4711+9", "BGM+2200+4711+9", ("warning", "element-too-long", "39"), None),
    ("IMD+F++:::Olive oil", f"IMD+F++:::{'x' * 36}", ("warning", "element-too-long", "39"), "has 36"),
    ("BGM+220+4711+9", "BGM+220+4711+9+AB+X", ("warning", "too-many-elements", "16"), "BGM has at most 4 elements"),
    ("CUX+2:EUR:9", "CUX+2:EUR:9:1:2", ("warning", "too-many-components", "16"), None),
    ("BGM+220+4711+9", "BGM+220+4711:X+9", ("warning", "too-many-components", "16"), None),
    ("BGM+220+4711+9", "BGM+220+4711+77", ("note", "unknown-code", "12"), "BGM03 (Message function code)"),
    ("LIN+1++", "LIN+1+ZZ+", ("note", "unknown-code", "12"), None),
]


@ONCE_AND_OFTEN
@pytest.mark.parametrize(("old", "new", "expected", "sentence"), ELEMENTS)
def test_faults_of_elements(
    old: str, new: str, expected: tuple[str, str, str], sentence: str | None, times: int
) -> None:
    text = ORDERS.replace(old, new, 1)
    assert text != ORDERS
    assert told(text, guide(), times) == [expected]
    if sentence:
        assert sentence in judged(text, guide(), times)[0].message


def test_the_place_of_a_fault_is_its_component() -> None:
    (finding,) = judged(ORDERS.replace("QTY+21:120", "QTY+21:ten"), guide())
    assert (finding.place.segment, finding.place.element, finding.place.component) == (14, 1, 2)
    assert finding.value == "ten"


@ONCE_AND_OFTEN
@pytest.mark.parametrize(
    "sound",
    [
        "QTY+21:-120:PCE",  # sign and mark do not count in the length (ISO 9735 section 10)
        "QTY+21:-12345678901234.5:PCE",
        "QTY+21:,5:PCE",
        "QTY+21:120:PCE:::",
        "QTY+21:120:PCE++++",
        "QTY+21:120",
        "QTY+21: 120 :PCE",
    ],
)
def test_sound_ways_to_write_a_quantity(sound: str, times: int) -> None:
    assert told(ORDERS.replace("QTY+21:120:PCE", sound), guide(), times) == []


@ONCE_AND_OFTEN
def test_released_characters_are_no_separators_and_do_not_count(times: int) -> None:
    name = "O?'Hara ?+ Sons?: ?? " + "x" * 18  # 35 without the release characters
    assert told(ORDERS.replace("Olive oil", name), guide(), times) == []
    assert told(ORDERS.replace("Olive oil", name + "x"), guide(), times) == [("warning", "element-too-long", "39")]


def test_repeated_elements_of_version_4_are_each_judged() -> None:
    marks = Separators(":", "+", "'", "?", "*")
    text = ORDERS.replace("LIN+1++4000862141404:EN", "LIN+1++4000862141404:EN*X:SA*Y:TOOLONG")
    findings = Findings()
    Walk(guide(), EDIFACT_CODES, findings).run(segments(text, marks))
    assert [finding.code for finding in findings] == ["element-too-long"]


def test_other_service_characters_have_patterns_of_their_own() -> None:
    marks = Separators("!", "^", "~", "\\")
    text = ORDERS.replace(":", "!").replace("+", "^").replace("'", "~").replace("QTY^21!60", "QTY^21!sixty")
    guide_of_many = guide()
    for _ in range(60):
        findings = Findings()
        Walk(guide_of_many, EDIFACT_CODES, findings).run(segments(text, marks))
        assert [finding.code for finding in findings] == ["invalid-number"]


def test_a_sender_who_changes_his_service_characters_does_not_fill_the_memory() -> None:
    each_time: Guide = parse_guide("X", "1", "AAA! BBB*M", d96a)
    for number in range(100):
        marks = Separators(chr(200 + number), "+", "'")
        Walk(each_time, EDIFACT_CODES, Findings()).run(segments("AAA'BBB'", marks))
    assert len(each_time.compiled.patterns) <= 16


def test_hostile_tags_are_not_remembered() -> None:
    each_time = parse_guide("X", "1", "AAA! BBB*M UNT!", d96a)
    walk = Walk(each_time, EDIFACT_CODES, Findings())
    for number in range(1_000):
        walk.advance(segments(f"X{number:03}'")[0])
    assert sum(len(state.steps) for state in each_time.compiled.states.values()) == 0


@pytest.mark.parametrize(
    "filler", [":" * 60_000, "?" * 60_001, "+" * 60_000, "x" * 60_000, "1" * 60_000, "?:" * 30_000]
)
def test_floods_in_one_segment_are_judged(filler: str) -> None:
    text = ORDERS.replace("4000862141411:EN", "1" + filler)
    for times in (1, 30):
        assert len(judged(text, guide(), times)) <= 3


def test_a_long_message_in_which_every_line_is_remarkable_is_not_refused() -> None:
    line = f"LIN+1'IMD+F++:::{'x' * 40}'QTY+21:1'"
    findings = judged(ORDERS.replace("UNS+S'", line * 700 + "QTY+21:ten'UNS+S'"), guide())
    assert [finding.code for finding in findings] == ["element-too-long"] * 20 + ["invalid-number"]


def test_the_same_is_told_with_and_without_patterns() -> None:
    """Each segment of a sound message damaged at each element: patterns hide nothing that judging would tell."""
    lines = [line for line in ORDERS.split("\n") if line]
    for index, line in enumerate(lines):
        tag, *elements = line[:-1].split("+")
        for position in range(len(elements)):
            for wrong in ("", "x" * 80, "1:2:3:4:5:6:7:8:9:10:11:12"):
                damaged = [*elements[:position], wrong, *elements[position + 1 :]]
                text = "\n".join([*lines[:index], "+".join([tag, *damaged]) + "'", *lines[index + 1 :]])
                assert told(text, guide(), 1) == told(text, guide(), 40), text
