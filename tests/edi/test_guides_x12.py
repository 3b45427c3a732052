"""X12 guides: a sound set of each kind passes in both releases; one fault gives exactly its finding and AK code."""

import pytest

from edi.guides.guide import nodes
from edi.guides.x12_codes import CLOSED, CODES
from edi.guides.x12_dictionary import v4010, v5010
from edi.guides.x12_releases import KINDS, find_x12, guides
from tests.edi.x12_text import judged, told

SOUND = {
    "850": """
        BEG*00*SA*4500012345**20260302**AC
        CUR*BY*USD
        REF*DP*0042
        PER*BD*Ann Lee*TE*555-0100
        FOB*PP*OR*Milan
        SAC*C*D240***1500
        ITD*01*3*2**10**30
        DTM*002*20260315
        TD5**2*UPSN*M
        N9*ZZ*1
        MSG*Deliver at the back door
        N1*ST*Store 12*92*0012
        N3*1 Main Street
        N4*Springfield*IL*62701*US
        PO1*1*10*EA*12.50*PE*UP*012345678905*VN*W-1
        CTP**RTL*19.99
        PID*F****Widget
        PO4*12
        SDQ*EA*92*0001*4*0002*6
        SCH*10*EA***002*20260315
        SLN*1**I*2*EA*1*PE**VN*W-1A
        CTT*1*10
        AMT*TT*125""",
    "855": """
        BAK*00*AC*4500012345*20260302****SO-1*20260303
        N1*SU*Widgets Inc*1*123456789
        PO1*1*10*EA*12.50*PE*VN*W-1
        ACK*IB*4*EA*068*20260320
        ACK*IA*6*EA*068*20260315
        CTT*1""",
    "860": """
        BCH*04*SA*4500012345**1*20260302*****20260304
        POC*1*QD*8*0*EA*12.50*PE*VN*W-1
        CTT*1""",
    "865": """
        BCA*00*AC*4500012345**1*20260302*****20260304
        POC*1*QD*8*0*EA*12.50*PE*VN*W-1
        ACK*IA*8*EA
        CTT*1""",
    "856": """
        BSN*00*SHIP-1*20260310*1200*0001
        HL*1**S
        TD1*CTN25*2****G*10*LB
        TD5**2*UPSN*M
        REF*BM*BOL-1
        DTM*011*20260310
        N1*ST**92*0012
        HL*2*1*O
        PRF*4500012345***20260302
        HL*3*2*P
        MAN*GM*00300614141234567890
        HL*4*3*I
        LIN*1*VN*W-1
        SN1*1*10*EA
        CTT*4""",
    "810": """
        BIG*20260312*INV-1*20260302*4500012345***DI
        REF*VR*99
        N1*RE*Widgets Inc
        ITD*01*3*2**10**30
        DTM*011*20260310
        IT1*1*10*EA*12.50**VN*W-1
        TXI*ST*10
        PID*F****Widget
        TDS*13500
        TXI*ST*10
        CAD*M***UPSN
        SAC*C*D240***0
        ISS*10*EA
        CTT*1""",
    "846": """
        BIA*00*SI*STK-1*20260301
        N1*SU*Widgets Inc
        LIN*1*VN*W-1
        PID*F****Widget
        QTY*33*120*EA
        CTT*1""",
    "832": """
        BCT*PS*CAT-1
        DTM*007*20260401
        N1*SU*Widgets Inc
        LIN*1*VN*W-1
        PID*F****Widget
        CTP*RS*RES*12.50*1*EA
        CTT*1""",
    "820": """
        BPR*I*125*C*ACH*CTX*01*021000021*DA*1234*1234567890**01*031000503*DA*9876*20260401
        TRN*1*TRACE-1
        CUR*PR*USD
        N1*PR*Buyer Inc
        N1*PE*Widgets Inc
        ENT*1
        RMR*IV*INV-1**125*135*10
        REF*PO*4500012345
        DTM*003*20260312
        ADX*-10*01""",
    "824": """
        BGN*11*ADV-1*20260303
        N1*SU*Widgets Inc
        OTI*TR*TN*0001***20260303*1200*1*0001*850
        TED*012*Unknown item
        NTE*ZZZ*See the catalogue""",
    "864": """
        BMG*00*Holiday
        DTM*097*20260301
        N1*FR*Widgets Inc
        MIT*1*Closed
        MSG*We are closed on Monday""",
    "997": """
        AK1*PO*1
        AK2*850*0001
        AK3*PO1*14**8
        AK4*2*330*1
        AK5*R*5
        AK9*R*1*1*0""",
    "999": """
        AK1*PO*1*005010
        AK2*850*0001
        IK3*PO1*14**8
        CTX*SITUATIONAL TRIGGER*PO1*14
        IK4*2*330*1
        IK5*R*5
        AK9*R*1*1*0""",
}


@pytest.mark.parametrize("version", ["004010", "005010"])
@pytest.mark.parametrize("kind", sorted(SOUND))
def test_a_sound_set_has_no_findings(kind: str, version: str) -> None:
    body = SOUND[kind]
    if version == "005010" and kind == "850":
        body = body.replace("MSG*", "MTX**")
    if (kind, version) == ("999", "004010"):  # the set does not exist there; IK and CTX are lent
        version = "005010X231"
    assert told(judged(kind, body, version)) == []


def _with(kind: str, old: str, new: str) -> str:
    assert old in SOUND[kind]
    return SOUND[kind].replace(old, new, 1)


# (set, what is replaced, by what, the one finding)
FAULTS = [
    # structure: AK304
    ("850", "BEG*00*SA*4500012345**20260302**AC\n", "", ("error", "missing-segment", "AK304:3", "CUR")),
    ("850", "CTT*1*10\n", "BAL*M*TT*1\n        CTT*1*10\n", ("warning", "segment-not-allowed", "AK304:1", "BAL")),
    ("850", "CUR*BY*USD\n", "CUR*BY*USD\n        CUR*BY*USD\n", ("warning", "too-many-segments", "AK304:5", "CUR")),
    (
        "856",
        "HL*2*1*O",
        "BSN*00*AA*20260310*1200\n        HL*2*1*O",
        ("warning", "segment-out-of-place", "AK304:2", "BSN"),
    ),
    ("864", "MSG*We are closed on Monday", "", ("error", "missing-segment", "AK304:3", "SE")),
    # elements: AK403
    ("850", "BEG*00*SA*4500012345", "BEG*00*SA*", ("error", "missing-element", "AK403:1", "BEG03")),
    ("850", "N3*1 Main Street", "N3*1 Main Street***too much", ("warning", "too-many-elements", "AK403:3", "N303")),
    ("850", "N4*Springfield", "N4*S", ("warning", "element-too-short", "AK403:4", "N401")),
    ("850", "REF*DP*0042", "REF*DP*" + "4" * 31, ("warning", "element-too-long", "AK403:5", "REF02")),
    ("850", "PO1*1*10*EA", "PO1*1*ten*EA", ("error", "invalid-number", "AK403:6", "PO102")),
    ("850", "PO1*1*10*EA", "PO1*1*1,000*EA", ("error", "invalid-number", "AK403:6", "PO102")),
    ("850", "SAC*C*D240***1500", "SAC*C*D240***15,00x", ("error", "invalid-number", "AK403:6", "SAC05")),
    ("850", "PID*F****Widget", "PID*Q****Widget", ("warning", "unknown-code", "AK403:7", "PID01")),
    ("850", "BEG*00*SA", "BEG*9Q*SA", ("error", "code-not-allowed", "AK403:7", "BEG01")),
    ("850", "DTM*002*20260315", "DTM*002*20261315", ("error", "invalid-date", "AK403:8", "DTM02")),
    ("856", "20260310*1200", "20260310*2561", ("warning", "invalid-time", "AK403:9", "BSN04")),
    ("856", "HL*1**S", "HL*1**?", ("warning", "unknown-code", "AK403:7", "HL03")),
    ("855", "BAK*00*AC", "BAK*00*QQ", ("warning", "unknown-code", "AK403:7", "BAK02")),
    # conditions: AK403 2, exclusion 10
    ("850", "N1*ST*Store 12*92*0012", "N1*ST*Store 12*92", ("warning", "condition", "AK403:2", "N104")),
    ("850", "REF*DP*0042", "REF*DP", ("warning", "condition", "AK403:2", "REF03")),
    ("850", "CTP**RTL*19.99", "CTP**RTL*19.99*1", ("warning", "condition", "AK403:2", "CTP05")),
    ("850", "ITD*01*3*2**10**30", "ITD*01*3*2****30", ("warning", "condition", "AK403:2", "ITD13")),
    ("846", "QTY*33*120*EA", "QTY*33*120*EA*many", ("warning", "condition", "AK403:10", "QTY04")),
]


@pytest.mark.parametrize(("kind", "old", "new", "finding"), FAULTS)
def test_one_fault_gives_its_finding(kind: str, old: str, new: str, finding: tuple[str, ...]) -> None:
    assert told(judged(kind, _with(kind, old, new))) == [finding]


def test_what_the_releases_differ_in() -> None:
    long_reference = _with("850", "REF*DP*0042", "REF*DP*" + "4" * 50).replace("MSG*", "MTX**")
    assert told(judged("850", long_reference, "005010")) == []
    assert [code for _, code, _, _ in told(judged("850", long_reference, "004010"))] == [
        "element-too-long",
        "segment-out-of-place",
    ]
    assert ("MSG" in find_x12("850", "004010").tags, "MSG" in find_x12("850", "005010").tags) == (True, False)


def test_a_segment_that_comes_late_in_a_line_does_not_end_the_lines() -> None:
    late = _with("810", "TXI*ST*10\n        PID*F****Widget\n", "PID*F****Widget\n        TXI*ST*10\n")
    assert told(judged("810", late)) == [("warning", "segment-out-of-place", "AK304:2", "TXI")]
    without_total = late.replace("TDS*13500\n", "")
    assert ("error", "missing-segment", "AK304:3", "ISS") in told(judged("810", without_total))


def test_an_industry_subset_is_judged_by_its_release_and_others_leniently() -> None:
    without_beg = _with("850", "BEG*00*SA*4500012345**20260302**AC\n", "")
    for version, severity in (
        ("004010VICS", "error"),
        ("003010", "warning"),
        ("004030", "warning"),
        ("004060", "warning"),
        ("008010", "warning"),
        ("", "warning"),
    ):
        [finding, *_] = judged("850", without_beg, version)
        assert (finding.code, str(finding.severity)) == ("missing-segment", severity)
    assert find_x12("850", "003010").root is find_x12("850", "004010").root
    assert find_x12("850", "004060").root is find_x12("850", "005010").root
    assert find_x12("837", "004010") is None


def test_every_guide_loads_and_every_segment_has_its_elements() -> None:
    assert sorted(SOUND) == sorted(kind for kind in KINDS if kind != "TA1")
    for kind in KINDS:
        for guide, dictionary in zip(guides(kind), (v4010(), v5010()), strict=True):
            assert guide.title
            assert guide.tags <= dictionary.keys()
            assert all(guide.rule(node) for _, node in nodes(guide) if not node.children)


def test_conditions_and_codes_point_at_what_is_there() -> None:
    for dictionary in (v4010(), v5010()):
        for rule in dictionary.values():
            for condition in rule.conditions:
                assert all(1 <= element <= len(rule.elements) for element, _ in condition.positions), rule.tag
        numbers = {
            part.number for rule in dictionary.values() for each in rule.elements for part in (each, *each.components)
        }
        assert CODES.keys() <= numbers
        assert numbers >= CLOSED


def test_hostile_segments_stay_cheap() -> None:
    wide = "PO1*" + "*" * 50_000 + "x"
    many = "\n".join(["REF*DP*1"] * 5_000)
    assert [item.code for item in judged("850", _with("850", "CUR*BY*USD", wide))].count("too-many-elements") == 1
    assert told(judged("850", _with("850", "REF*DP*0042", many))) == []


def test_a_thousand_with_a_comma_is_refused_also_by_the_pattern_that_many_lines_earn() -> None:
    lines = "\n".join(["PO1*1*10*EA*12.50*PE*UP*012345678905"] * 200 + ["PO1*1*1,000*EA*12.50*PE*UP*012345678905"])
    body = _with("850", "CTT*1*10", lines + "\nCTT*1*10")
    assert told(judged("850", body)) == [("error", "invalid-number", "AK403:6", "PO102")]
