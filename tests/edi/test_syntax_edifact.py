"""EDIFACT envelopes: what is read, and what is said of each way in which one can be wrong."""

import pytest

from edi.mapping import read
from tests.edi.fixtures import ORDERS_D96A, codes, errors, finding, only, read_text, recount, without


def test_reads_the_envelope():
    interchange = only(ORDERS_D96A)
    assert interchange.standard == "edifact"
    assert (interchange.version, interchange.control_number) == ("UNOC:3", "4711")
    assert (interchange.sender.id, interchange.sender.qualifier) == ("8033661230013", "14")
    assert interchange.receiver.id == "8024670010017"
    assert interchange.prepared_at.isoformat() == "2026-03-02T14:15:00"
    assert interchange.ack_requested
    assert not interchange.test
    assert not interchange.all_findings


def test_spans_cut_the_raw_bytes():
    data = ORDERS_D96A.encode()
    interchange = only(ORDERS_D96A)
    assert data[interchange.start : interchange.end].startswith(b"UNA")
    assert data[interchange.start : interchange.end].endswith(b"UNZ+1+4711'")
    (message,) = interchange.messages
    assert data[message.start : message.end].startswith(b"UNH+M1+")
    assert data[message.start : message.end].endswith(b"UNT+35+M1'")


@pytest.mark.parametrize(
    ("old", "new", "code", "syntax_error"),
    [
        ("UNT+35+M1", "UNT+34+M1", "unt-count", "29"),
        ("UNT+35+M1", "UNT+" + "9" * 400 + "+M1", "unt-count", "29"),
        ("UNT+35+M1", "UNT++M1", "unt-count", "29"),
        ("UNT+35+M1", "UNT+35+M2", "unt-reference", "28"),
        ("UNT+35+M1'\n", "", "missing-unt", "13"),
        ("UNZ+1+4711", "UNZ+2+4711", "unz-count", "29"),
        ("UNZ+1+4711", "UNZ+1+4712", "unz-reference", "28"),
        ("UNZ+1+4711'\n", "", "missing-unz", "13"),
        ("UNB+UNOC:3+8033661230013:14+8024670010017:14+260302:1415+4711++ORDERS++1'\n", "", "missing-unb", "13"),
        ("+4711++ORDERS", "+++ORDERS", "unb-element-missing", "13"),
        ("UNOC:3", "UNOC:7", "syntax-version", "2"),
        ("UNZ+1", "BGM+220+stray'\nUNZ+1", "segment-outside-message", "33"),
        ("UNZ+1", "UNB+UNOQ'\nUNZ+1", "misplaced-unb", "33"),
    ],
)
def test_a_broken_envelope_is_an_error(old, new, code, syntax_error):
    assert old in ORDERS_D96A
    fault = finding(ORDERS_D96A.replace(old, new), code)
    assert fault.severity == "error"
    assert fault.syntax_error == syntax_error
    assert fault.message.endswith(".")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("UNOC:3", "ABCD:3", "syntax-identifier"),
        ("260302:1415", "269902:1415", "unb-date"),
        ("RFF+CT", "'RFF+CT", "empty-segment"),
        ("FRAME-7'", "FRA\nME-7'", "newline-in-segment"),
    ],
)
def test_lesser_faults_do_not_refuse(old, new, code):
    reading = read_text(ORDERS_D96A.replace(old, new))
    assert not reading.rejected
    assert code in {item.code for item in reading.all_findings}


def test_place_points_at_the_element():
    fault = finding(ORDERS_D96A.replace("UNZ+1+4711", "UNZ+1+4712"), "unz-reference")
    assert (fault.place.tag, fault.place.element, fault.place.segment) == ("UNZ", 2, 37)
    assert (fault.place.line, fault.place.column) == (38, 7)
    assert ORDERS_D96A.encode()[fault.place.offset : fault.place.offset + 3] == b"471"


def test_trailing_bytes_and_leading_bytes_are_told():
    assert "trailing-bytes" in codes(ORDERS_D96A + "HELLO'")
    assert "leading-bytes" in codes("From: someone\n\n" + ORDERS_D96A)
    assert not codes(ORDERS_D96A + "\r\n\x1a\x00 \n")
    assert not codes("\n  " + ORDERS_D96A)
    assert not read(b"\xef\xbb\xbf" + ORDERS_D96A.encode()).all_findings


def test_default_separators_without_una():
    assert not codes(ORDERS_D96A.replace("UNA:+.? '\n", ""))


def test_separators_of_its_own():
    custom = ORDERS_D96A.replace("?'", "\0").replace("?:", "\1").replace("?+", "\2").replace("'", "~").replace("+", "^")
    custom = custom.replace(":", "!").replace("\0", "'").replace("\1", ":").replace("\2", "+")
    custom = "UNA!^,\\ ~" + custom[custom.index("\n") :]
    reading = read_text(custom)
    assert not reading.all_findings
    assert reading.interchanges[0].messages[0].document.notes == ("Ring at gate 3: ask for Ms. O'Hara",)


def test_una_that_names_no_separators():
    assert "una-invalid" in errors(ORDERS_D96A.replace("UNA:+.? '", "UNA:+.? +"))


def test_released_release_before_a_terminator():
    text = ORDERS_D96A.replace("RFF+CT:FRAME-7'", "RFF+CT:FRAME??'")
    assert ("contract", "FRAME?") in only(text).messages[0].document.references


def test_two_interchanges_the_second_with_una():
    first = ORDERS_D96A.replace("UNA:+.? '\n", "")
    second = ORDERS_D96A.replace("4711", "4712")
    reading = read_text(first + second)
    assert [interchange.control_number for interchange in reading.interchanges] == ["4711", "4712"]
    assert not reading.all_findings


def test_a_bad_interchange_never_loses_the_next():
    cut = ORDERS_D96A[: ORDERS_D96A.index("QTY+21:250")] + "\n"
    reading = read_text(cut + ORDERS_D96A.replace("4711", "4712"))
    bad, good = reading.interchanges
    assert {"missing-unz", "unterminated-segment"} & {item.code for item in bad.findings}
    assert bad.applicable == ()
    assert not good.all_findings
    assert len(good.applicable) == 1


def test_an_embedded_header_in_a_text_is_not_an_interchange():
    text = ORDERS_D96A.replace("Pack in tens", "see UNB?+UNOA?:1?+X")
    assert len(read_text(text).interchanges) == 1
    assert not codes(text)


def test_one_bad_message_does_not_block_the_others():
    body = ORDERS_D96A[ORDERS_D96A.index("UNH") : ORDERS_D96A.index("UNZ")]
    broken = body.replace("M1", "M2").replace("UNT+35", "UNT+99")
    text = ORDERS_D96A.replace("UNZ+1", broken + "UNZ+2")
    interchange = only(text)
    assert [message.rejected for message in interchange.messages] == [False, True]
    assert [message.reference for message in interchange.applicable] == ["M1"]


def test_message_reference_used_twice():
    body = ORDERS_D96A[ORDERS_D96A.index("UNH") : ORDERS_D96A.index("UNZ")]
    fault = finding(ORDERS_D96A.replace("UNZ+1", body + "UNZ+2"), "duplicate-message-reference")
    assert fault.syntax_error == "26"


GROUPED = ORDERS_D96A.replace(
    "UNH+M1", "UNG+ORDERS+8033661230013:14+8024670010017:14+260302:1415+G1+UN+D:96A:EAN008'\nUNH+M1"
).replace("UNZ+1", "UNE+1+G1'\nUNZ+1")


def test_functional_groups():
    interchange = only(GROUPED)
    assert not interchange.all_findings
    (group,) = interchange.groups
    assert (group.reference, group.kind, group.stated_count) == ("G1", "ORDERS", 1)
    assert interchange.messages[0].group == "G1"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("UNE+1+G1", "UNE+2+G1", "une-count"),
        ("UNE+1+G1", "UNE+1+G9", "une-reference"),
        ("UNE+1+G1'\n", "", "missing-une"),
        ("UNG+ORDERS", "UNG+INVOIC", "group-type"),
    ],
)
def test_a_broken_group_refuses_its_messages(old, new, code):
    text = GROUPED.replace(old, new)
    assert code in errors(text)
    assert only(text).applicable == ()


def test_groups_and_loose_messages_do_not_mix():
    body = ORDERS_D96A[ORDERS_D96A.index("UNH") : ORDERS_D96A.index("UNZ")].replace("M1", "M2")
    assert "groups-mixed" in errors(GROUPED.replace("UNZ+1", body + "UNZ+1"))


def test_fixed_width_wrapping_is_undone():
    flat = ORDERS_D96A.replace("\n", "")
    wrapped = "\n".join(flat[i : i + 80] for i in range(0, len(flat), 80))
    reading = read_text(wrapped)
    assert {item.code for item in reading.all_findings} == {"wrapped-lines"}
    assert reading.interchanges[0].messages[0].document == only(flat).messages[0].document


def test_segments_that_end_with_line_breaks():
    text = ORDERS_D96A.replace("UNA:+.? '\n", "").replace("?'", "").replace("'", "")
    reading = read_text(text)
    assert {item.code for item in reading.all_findings} == {"terminator-newline"}
    assert not reading.rejected


@pytest.mark.parametrize(
    ("encoding", "declared", "expected"),
    [
        ("latin-1", "UNOC", set()),
        ("utf-8", "UNOY", set()),
        ("utf-8", "UNOW", set()),
        ("iso8859-2", "UNOD", set()),
        ("utf-8", "UNOC", {"charset-mismatch"}),
        ("latin-1", "UNOY", {"charset-mismatch"}),
        ("latin-1", "UNOA", {"charset-mismatch"}),
    ],
)
def test_character_sets(encoding, declared, expected):
    text = ORDERS_D96A.replace("UNOC", declared).replace("Seal kit", "Dichtsätze für")
    reading = read(text.encode(encoding))
    assert {item.code for item in reading.all_findings if item.code != "charset-repertoire"} == expected
    assert reading.interchanges[0].messages[0].document.lines[1].description == "Dichtsätze für"


def test_lower_case_in_level_a_is_only_a_note():
    text = ORDERS_D96A.replace("UNOC", "UNOA")
    assert finding(text, "charset-repertoire").severity == "note"


def test_version_4_has_repetitions_and_a_century():
    text = (
        ORDERS_D96A.replace("UNOC:3", "UNOC:4")
        .replace("260302:1415", "20260302:1415")
        .replace("UNA:+.? '", "UNA:+.?*'")
    )
    text = text.replace("LIN+2++8024670010031:EN", "LIN+2++8024670010031:EN*X:SA")
    reading = read_text(text)
    assert not reading.all_findings
    assert reading.interchanges[0].messages[0].document.lines[1].gtin == "8024670010031"


def test_century_in_version_3_is_noted():
    assert finding(ORDERS_D96A.replace("260302:1415", "20260302:1415"), "unb-date-century").severity == "note"


def test_test_indicator():
    assert only(ORDERS_D96A.replace("ORDERS++1'", "ORDERS++1++1'", 1)).test


def test_messages_that_are_no_orders():
    payment = ORDERS_D96A.replace("ORDERS:D:96A", "PAYMUL:D:96A")
    assert finding(payment, "unsupported-message").severity == "error"
    assert only(payment).messages[0].document is None
    for kind in ("CONTRL:D:3", "APERAK:D:96A"):
        answer = ORDERS_D96A.replace("ORDERS:D:96A", kind)
        assert only(answer).messages[0].is_acknowledgement


def test_missing_segments_and_wrong_ones():
    assert "missing-segment" in errors(without(ORDERS_D96A, "BGM"))
    assert "order-number-missing" in errors(without(ORDERS_D96A, "BGM"))
    missing = finding(without(ORDERS_D96A, "UNS"), "missing-segment")
    assert (missing.value, missing.syntax_error) == ("UNS", "13")
    extra = recount(ORDERS_D96A.replace("UNS+S'", "XYZ+1'\nUNS+S'"))
    assert finding(extra, "segment-not-allowed").severity == "warning"
    assert finding(extra, "segment-not-allowed").syntax_error == "15"
    misspelt = ORDERS_D96A.replace("PRI+AAA:123.45", "PRICE+AAA:123.45")
    assert finding(misspelt, "segment-not-allowed").severity == "error"
    moved = recount(ORDERS_D96A.replace("UNS+S'", "QTY+12:3'\nUNS+S'"))
    assert finding(moved, "segment-out-of-place").severity == "warning"
    often = recount(ORDERS_D96A.replace("CUX+2:EUR:9'", "CUX+2:EUR:9'\n" * 6))
    assert finding(often, "too-many-segments").syntax_error == "36"


def test_other_releases_are_judged_leniently():
    text = without(ORDERS_D96A.replace("D:96A:UN:EAN008", "D:03A:UN"), "UNS")
    assert finding(text, "missing-segment").severity == "warning"
    assert not read_text(text).rejected


@pytest.mark.parametrize(
    ("old", "new", "code", "syntax_error"),
    [
        ("QTY+21:10:PCE", "QTY+21:ten:PCE", "invalid-number", "37"),
        ("QTY+21:10:PCE", "QTY+21:1E5:PCE", "invalid-number", "37"),
        ("QTY+21:10:PCE", "QTY+21:NaN:PCE", "invalid-number", "37"),
        ("QTY+21:10:PCE", "QTY+21", "missing-element", "13"),
        ("DTM+137:20260302:102", "DTM+137:20260231:102", "invalid-date", "37"),
        ("DTM+137:20260302:102", "DTM+137:02.03.2026:102", "invalid-date", "37"),
        ("CNT+2:2", "CNT+2:two", "invalid-number", "37"),
    ],
)
def test_elements_of_the_wrong_kind(old, new, code, syntax_error):
    fault = finding(ORDERS_D96A.replace(old, new), code)
    assert (fault.severity, fault.syntax_error) == ("error", syntax_error)


def test_elements_of_the_wrong_length_and_dates_without_format():
    assert finding(ORDERS_D96A.replace("BR-2026-0815", "X" * 36), "element-too-long").syntax_error == "39"
    assert (
        finding(ORDERS_D96A.replace("DTM+137:20260302:102", "DTM+137:20260302"), "missing-element").severity
        == "warning"
    )
    assert finding(ORDERS_D96A.replace("BGM+220+BR-2026-0815+9", "BGM+220+BR-2026-0815+77"), "unknown-function")


def test_decimal_comma_is_read():
    text = ORDERS_D96A.replace("PRI+AAA:123.45", "PRI+AAA:123,45")
    assert str(only(text).messages[0].document.lines[0].unit_price) == "123.45"


def test_an_interchange_without_messages():
    text = ORDERS_D96A[: ORDERS_D96A.index("UNH")] + "UNZ+0+4711'\n"
    assert finding(text, "empty-interchange").syntax_error == "32"


def test_an_order_without_date():
    text = recount(ORDERS_D96A.replace("DTM+137:20260302:102'\n", ""))
    assert finding(text, "order-date-missing").severity == "warning"
