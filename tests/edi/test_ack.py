"""Acknowledgements: CONTRL, TA1 and 997, ApplicationResponse, from the same findings that the screen shows."""

import pytest

from edi.mapping import Finding, Place, Severity, acknowledge, read
from tests.edi.fixtures import NOW, ORDERS_D96A, PURCHASE_ORDER, UBL_ORDER, only, recount, without
from tests.edi.test_mapping_round_trip import rows, ubl_schema

__all__ = ["ubl_schema"]

UNKNOWN_BUYER = Finding(Severity.ERROR, "unknown-buyer", "The buyer is not known here.", Place())


def answer(text: str, extra=None) -> bytes | None:
    return acknowledge(only(text), control_number="900", prepared_at=NOW, extra=extra)


def contrl(text: str, extra=None) -> list[str]:
    return rows(answer(text, extra), "'")


def x12(text: str, extra=None) -> list[str]:
    return rows(answer(text, extra), "~")


def test_contrl_accepts():
    got = contrl(ORDERS_D96A)
    assert got[0] == "UNA:+.?"
    assert got[1] == "UNB+UNOC:3+8024670010017:14+8033661230013:14+260302:1430+900++CONTRL"
    assert got[2:5] == [
        "UNH+1+CONTRL:D:3:UN",
        "UCI+4711+8033661230013:14+8024670010017:14+7",
        "UCM+M1+ORDERS:D:96A:UN:EAN008+7",
    ]
    assert got[5:7] == ["UNT+4+1", "UNZ+1+900"]


def test_contrl_names_segment_and_element():
    got = contrl(ORDERS_D96A.replace("QTY+21:10:PCE", "QTY+21:ten:PCE"))
    assert "UCM+M1+ORDERS:D:96A:UN:EAN008+4" in got
    position = got.index("UCS+22")
    assert got[position + 1] == "UCD+37+2:2"


def test_contrl_of_a_wrong_count_and_a_missing_segment():
    got = contrl(ORDERS_D96A.replace("UNT+35", "UNT+34"))
    assert "UCM+M1+ORDERS:D:96A:UN:EAN008+4+29+UNT+2" in got
    assert "UCS+32+13" in contrl(without(ORDERS_D96A, "UNS"))


def test_contrl_of_a_refused_interchange_stops_there():
    got = contrl(ORDERS_D96A.replace("UNZ+1+4711", "UNZ+1+4712"))
    assert "UCI+4711+8033661230013:14+8024670010017:14+4+28+UNZ+3" in got
    assert not [row for row in got if row.startswith("UCM")]


def test_contrl_of_one_bad_message_among_good_ones():
    body = ORDERS_D96A[ORDERS_D96A.index("UNH") : ORDERS_D96A.index("UNZ")]
    got = contrl(ORDERS_D96A.replace("UNZ+1", body.replace("M1", "M2").replace("UNT+35", "UNT+99") + "UNZ+2"))
    assert "UCM+M1+ORDERS:D:96A:UN:EAN008+7" in got
    assert "UCM+M2+ORDERS:D:96A:UN:EAN008+4+29+UNT+2" in got


def test_contrl_of_groups():
    text = ORDERS_D96A.replace("UNH+M1", "UNG+ORDERS+BRENTA+AURORA+260302:1415+G1+UN+D:96A'\nUNH+M1")
    got = contrl(text.replace("UNZ+1", "UNE+1+G1'\nUNZ+1"))
    assert got[got.index("UCF+G1+BRENTA+AURORA+7") + 1].startswith("UCM+M1")
    assert "UCF+G1+BRENTA+AURORA+4+29+UNE+2" in contrl(text.replace("UNZ+1", "UNE+5+G1'\nUNZ+1"))


def test_contrl_keeps_syntax_version_character_set_and_test_flag():
    text = (
        ORDERS_D96A.replace("UNOC:3", "UNOY:4")
        .replace("260302:1415", "20260302:1415")
        .replace("ORDERS++1'", "ORDERS++1++1'", 1)
    )
    got = contrl(text)
    assert got[1] == "UNB+UNOY:4+8024670010017:14+8033661230013:14+20260302:1430+900++CONTRL++++1"
    assert got[2] == "UNH+1+CONTRL:4:1:UN"


def test_997_accepts():
    got = x12(PURCHASE_ORDER)
    assert got[0].startswith(
        "ISA*00*          *00*          *ZZ*AURORA         *ZZ*BRENTA         *260302*1430*U*00401*000000900*0*P*"
    )
    assert got[1] == "TA1*000004711*260302*1415*A*000"
    assert got[2] == "GS*FA*AURORA*BRENTA*20260302*1430*900*X*004010"
    assert got[3:8] == ["ST*997*0001", "AK1*PO*77", "AK2*850*0001", "AK5*A", "AK9*A*1*1*1"]
    assert got[8:11] == ["SE*6*0001", "GE*1*900", "IEA*1*000000900"]


def test_no_ta1_unless_asked_for_or_refused():
    silent = PURCHASE_ORDER.replace("*000004711*1*P", "*000004711*0*P")
    assert not [row for row in x12(silent) if row.startswith("TA1")]
    refused = x12(silent.replace("IEA*1*000004711", "IEA*1*000004712"))
    assert refused[1] == "TA1*000004711*260302*1415*R*001"
    assert refused[2].startswith("IEA*0*")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("SE*22*0001", "SE*21*0001", ["AK5*R*4"]),
        ("SE*22*0001", "SE*22*0002", ["AK5*R*3"]),
        ("*10*EA*123.45", "*ten*EA*123.45", ["AK3*PO1*15**8", "AK4*2*330*6*ten", "AK5*R*5"]),
        ("**20260302~", "**20261302~", ["AK3*BEG*2**8", "AK4*5*373*8*20261302", "AK5*R*5"]),
        ("ST*850", "ST*888", ["AK2*888*0001", "AK5*R*1"]),
        ("CTT*2*260", "CTT*3*260", ["AK5*R*5"]),
    ],
)
def test_997_refuses(old, new, expected):
    got = x12(PURCHASE_ORDER.replace(old, new))
    for row in expected:
        assert row in got
    assert "AK9*R*1*1*0" in got


def test_997_missing_segment_group_error_and_partial():
    assert "AK3*BEG*2**3" in x12(without(PURCHASE_ORDER, "BEG"))
    assert "AK9*R*2*1*0*5" in x12(PURCHASE_ORDER.replace("GE*1*77", "GE*2*77"))
    body = PURCHASE_ORDER[PURCHASE_ORDER.index("ST*") : PURCHASE_ORDER.index("GE*")]
    both = PURCHASE_ORDER.replace("GE*1", body.replace("0001", "0002").replace("SE*22", "SE*9") + "GE*2")
    assert "AK9*P*2*2*1" in x12(both)


def test_997_tells_of_extra_segments_but_accepts():
    got = x12(recount(PURCHASE_ORDER.replace("CTT*2", "ZZZ*1~\nCTT*2")))
    assert "AK3*ZZZ*20**1" in got
    assert "AK5*E*5" in got
    assert "AK9*E*1*1*1" in got


def test_997_of_5010_names_the_version():
    text = PURCHASE_ORDER.replace("*U*00401*", "*^*00501*").replace("*X*004010~", "*X*005010~")
    assert "AK1*PO*77*005010" in x12(text)


def test_application_response(ubl_schema):
    data = answer(UBL_ORDER)
    assert b"<cbc:ResponseCode>AB<" in data
    assert b"<cbc:ID>BR-2026-0818<" in data
    assert ubl_schema(data) == []


def test_application_response_refuses_with_reasons(ubl_schema):
    data = answer(UBL_ORDER.replace(">250<", ">many<"))
    assert b"<cbc:ResponseCode>RE<" in data
    assert b"/Order/cac:OrderLine[2]/cac:LineItem/cbc:Quantity<" in data
    assert b"[invalid-number]" in data
    assert ubl_schema(data) == []


@pytest.mark.parametrize("text", [UBL_ORDER[:300], "<!DOCTYPE Order><Order/>", "<other/>"])
def test_application_response_for_what_cannot_be_read(text, ubl_schema):
    data = answer(text)
    assert b"<cbc:ResponseCode>RE<" in data
    assert b"<cbc:ID>NA<" in data
    assert ubl_schema(data) == []


def test_findings_of_the_receiver_refuse_too():
    assert "UCM+M1+ORDERS:D:96A:UN:EAN008+4+18" in contrl(ORDERS_D96A, {"M1": (UNKNOWN_BUYER,)})
    assert "UCI+4711+8033661230013:14+8024670010017:14+4+18" in contrl(ORDERS_D96A, {"": (UNKNOWN_BUYER,)})
    assert "AK5*R*5" in x12(PURCHASE_ORDER, {"0001": (UNKNOWN_BUYER,)})
    assert x12(PURCHASE_ORDER, {"": (UNKNOWN_BUYER,)})[1].endswith("*R*024")
    assert b">RE<" in answer(UBL_ORDER, {"BR-2026-0818": (UNKNOWN_BUYER,)})


def test_warnings_do_not_refuse():
    assert "UCM+M1+ORDERS:D:96A:UN:EAN008+7" in contrl(ORDERS_D96A.replace("MOA+86:1424", "MOA+86:1524"))


@pytest.mark.parametrize("text", [ORDERS_D96A, PURCHASE_ORDER, UBL_ORDER])
def test_an_acknowledgement_is_never_acknowledged(text):
    ours = read(answer(text))
    assert not ours.rejected
    (interchange,) = ours.interchanges
    assert all(message.is_acknowledgement for message in interchange.messages)
    assert acknowledge(interchange, control_number="1", prepared_at=NOW) is None
    damaged = read(answer(text).replace(b"900", b"901", 1)).interchanges[0]
    assert acknowledge(damaged, control_number="1", prepared_at=NOW) is None


def test_nobody_to_answer():
    assert answer(ORDERS_D96A[ORDERS_D96A.index("UNH") :]) is None
    assert answer(PURCHASE_ORDER[:60]) is None


def test_a_message_without_guide_still_gets_its_refusal():
    got = contrl(ORDERS_D96A.replace("ORDERS:D:96A", "QUOTES:D:96A"))
    assert "UCM+M1+QUOTES:D:96A:UN:EAN008+4+14+UNH+3:1" in got
