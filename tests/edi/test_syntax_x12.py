"""X12 envelopes: what is read, and what is said of each way in which one can be wrong."""

import pytest

from edi.mapping import read
from tests.edi.fixtures import PURCHASE_ORDER, codes, errors, finding, only, read_text, recount, without


def test_reads_the_envelope():
    interchange = only(PURCHASE_ORDER)
    assert interchange.standard == "x12"
    assert (interchange.version, interchange.control_number) == ("00401", "000004711")
    assert (interchange.sender.id, interchange.sender.qualifier, interchange.receiver.id) == ("BRENTA", "ZZ", "AURORA")
    assert interchange.prepared_at.isoformat() == "2026-03-02T14:15:00"
    assert interchange.ack_requested
    assert not interchange.test
    assert not interchange.all_findings
    (group,) = interchange.groups
    assert (group.kind, group.reference, group.version, group.stated_count) == ("PO", "77", "004010", 1)
    (message,) = interchange.messages
    assert (message.kind, message.version, message.reference, message.group) == ("850", "004010", "0001", "77")


@pytest.mark.parametrize(
    ("old", "new", "code", "syntax_error"),
    [
        ("SE*22*0001", "SE*21*0001", "se-count", "AK502:4"),
        ("SE*22*0001", "SE*22*0002", "se-reference", "AK502:3"),
        ("SE*22*0001~\n", "", "missing-se", "AK502:2"),
        ("GE*1*77", "GE*2*77", "ge-count", "AK905:5"),
        ("GE*1*77", "GE*1*78", "ge-reference", "AK905:4"),
        ("GE*1*77~\n", "", "missing-ge", "AK905:3"),
        ("IEA*1*", "IEA*7*", "iea-count", "TA105:021"),
        ("IEA*1*000004711", "IEA*1*000004712", "iea-reference", "TA105:001"),
        ("IEA*1*000004711~\n", "", "missing-iea", "TA105:023"),
        ("GS*PO*BRENTA*AURORA*20260302*1415*77*X*004010~\n", "", "missing-gs", "TA105:022"),
        ("GS*PO", "GS*IN", "group-type", "AK502:1"),
        ("*>~\n", "*~~\n", "separators-invalid", "TA105:026"),
        ("IEA*1", "REF*AA*1~\nIEA*1", "segment-outside-message", "TA105:022"),
    ],
)
def test_a_broken_envelope_is_an_error(old, new, code, syntax_error):
    assert old in PURCHASE_ORDER
    fault = finding(PURCHASE_ORDER.replace(old, new), code)
    assert fault.severity == "error"
    assert fault.syntax_error == syntax_error


def test_control_number_or_sender_missing():
    assert "isa-element-missing" in errors(PURCHASE_ORDER.replace("*000004711*1*P", "*         *1*P"))


def test_padding_is_forgiven_and_told():
    narrow = PURCHASE_ORDER.replace("*BRENTA         *", "*BRENTA*")
    assert codes(narrow) == {"isa-width"}
    assert not read_text(narrow).rejected
    assert only(narrow).sender.id == "BRENTA"


@pytest.mark.parametrize("cut", [3, 50, 104])
def test_a_header_that_is_cut_short(cut):
    assert errors(PURCHASE_ORDER[:cut]) & {"isa-incomplete", "header-incomplete"}


@pytest.mark.parametrize("terminator", ["\n", "\r\n", "~\r\n", "\x1c", "…"])
def test_terminators(terminator):
    text = PURCHASE_ORDER.replace("~\n", terminator)
    reading = read(text.encode("utf-8"))
    assert not reading.all_findings
    assert len(reading.interchanges[0].messages[0].document.lines) == 2


def test_terminator_padded_with_blanks():
    reading = read_text(PURCHASE_ORDER.replace("~\n", " \r\n"))
    assert not reading.rejected
    assert reading.interchanges[0].messages[0].document.lines[1].number == "2"


def test_repetition_separator_only_from_00402():
    assert only(PURCHASE_ORDER).separators == "*>~"
    newer = PURCHASE_ORDER.replace("*U*00401*", "*^*00501*").replace("*004010~", "*005010~")
    assert only(newer).separators == "*>^~"


def test_two_interchanges_and_a_bad_first_one():
    cut = PURCHASE_ORDER[: PURCHASE_ORDER.index("PO1*2")]
    reading = read_text(cut + PURCHASE_ORDER.replace("000004711", "000004712"))
    bad, good = reading.interchanges
    assert "missing-iea" in {item.code for item in bad.findings}
    assert not good.all_findings


def test_the_same_interchange_twice_is_a_remark_other_content_an_error():
    assert finding(PURCHASE_ORDER * 2, "duplicate-interchange").severity == "warning"
    other = PURCHASE_ORDER + PURCHASE_ORDER.replace("*10*EA", "*11*EA")
    assert finding(other, "duplicate-control-number").severity == "error"


def test_several_sets_and_groups():
    body = PURCHASE_ORDER[PURCHASE_ORDER.index("ST*") : PURCHASE_ORDER.index("GE*")]
    text = PURCHASE_ORDER.replace("GE*1", body.replace("0001", "0002") + "GE*2")
    group = text[text.index("GS*") : text.index("IEA")].replace("*77*X", "*78*X").replace("GE*2*77", "GE*2*78")
    text = text.replace("IEA*1", group + "IEA*2")
    interchange = only(text)
    assert not interchange.all_findings
    assert [message.group for message in interchange.messages] == ["77", "77", "78", "78"]


def test_set_and_group_numbers_used_twice():
    body = PURCHASE_ORDER[PURCHASE_ORDER.index("ST*") : PURCHASE_ORDER.index("GE*")]
    again = finding(PURCHASE_ORDER.replace("GE*1", body + "GE*2"), "duplicate-message-reference")
    assert again.syntax_error == "AK502:23"
    group = PURCHASE_ORDER[PURCHASE_ORDER.index("GS*") : PURCHASE_ORDER.index("IEA")]
    assert "duplicate-group" in errors(PURCHASE_ORDER.replace("IEA*1", group + "IEA*2"))


def test_ta1_between_isa_and_gs():
    text = PURCHASE_ORDER.replace("GS*PO", "TA1*000000050*260301*1200*A*000~\nGS*PO")
    interchange = only(text)
    assert {item.code for item in interchange.all_findings} == {"unsupported-message"}
    assert (interchange.messages[0].kind, interchange.messages[0].reference) == ("TA1", "000000050")
    assert [message.kind for message in interchange.applicable if not message.is_acknowledgement] == ["850"]
    late = PURCHASE_ORDER.replace("IEA*1", "TA1*000000050*260301*1200*A*000~\nIEA*1")
    assert "misplaced-ta1" in codes(late)


def test_binary_data_may_hold_separators():
    text = recount(PURCHASE_ORDER.replace("CTT*2", "BIN*12*AB~CD*EF~\nGH~\nCTT*2")).replace("SE*24", "SE*23")
    assert "se-count" not in codes(text)


def test_line_break_within_a_segment():
    text = PURCHASE_ORDER.replace("N3*Via Roma 1~", "N3*Via Roma 1")
    assert "newline-in-segment" in codes(text)


def test_trailing_bytes():
    assert codes(PURCHASE_ORDER + "HELLO~") == {"trailing-bytes"}
    assert not codes(PURCHASE_ORDER + "\r\n\x1a\x00")


def test_last_terminator_lost():
    assert finding(PURCHASE_ORDER.rstrip("~\n"), "unterminated-segment").severity == "warning"


def test_characters_outside_of_ascii_are_kept():
    for encoding in ("utf-8", "latin-1"):
        reading = read(PURCHASE_ORDER.replace("Seal kit", "Dichtsätze").encode(encoding))
        assert reading.interchanges[0].messages[0].document.lines[1].description == "Dichtsätze"
        assert {item.code for item in reading.all_findings} == {"charset-mismatch"}


def test_missing_segments_and_wrong_elements():
    assert {"missing-segment", "order-number-missing"} <= errors(without(PURCHASE_ORDER, "BEG"))
    assert {"missing-segment", "no-lines"} <= errors(without(PURCHASE_ORDER, "PO1", "PID", "CTT", "AMT"))
    assert (
        finding(PURCHASE_ORDER.replace("*10*EA*123.45", "*ten*EA*123.45"), "invalid-number").syntax_error == "AK403:6"
    )
    assert finding(PURCHASE_ORDER.replace("**20260302~", "**20261302~"), "invalid-date").syntax_error == "AK403:8"
    assert (
        finding(PURCHASE_ORDER.replace("BEG*00*SA*BR-2026-0817", "BEG*00*SA*"), "missing-element").severity == "error"
    )
    extra = recount(PURCHASE_ORDER.replace("CTT*2", "ZZZ*1~\nCTT*2"))
    assert finding(extra, "segment-not-allowed").severity == "warning"
    assert finding(PURCHASE_ORDER.replace("BEG*00", "BEG*77"), "unknown-function")


def test_isa_date():
    assert "isa-date" in codes(PURCHASE_ORDER.replace("*260302*1415*U", "*269902*1415*U"))


def test_sets_that_are_no_orders():
    assert (
        finding(PURCHASE_ORDER.replace("ST*850", "ST*837").replace("GS*PO", "GS*HC"), "unsupported-message").severity
        == "error"
    )
    answer = PURCHASE_ORDER.replace("ST*850", "ST*997").replace("GS*PO", "GS*FA")
    assert only(answer).messages[0].is_acknowledgement


def test_an_interchange_without_sets():
    text = PURCHASE_ORDER[: PURCHASE_ORDER.index("GS*")] + "IEA*0*000004711~\n"
    assert finding(text, "empty-interchange").syntax_error == "TA105:024"


def test_a_second_header_without_trailer_of_the_first():
    text = PURCHASE_ORDER.replace("CTT*2", "ISA*00~\nCTT*2")
    assert finding(text, "misplaced-isa").severity == "error"


def test_an_element_that_is_too_short():
    assert finding(PURCHASE_ORDER.replace("*10*EA*", "*10*E*"), "element-too-short").syntax_error == "AK403:4"
