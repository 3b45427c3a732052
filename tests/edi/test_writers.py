"""The writers: whatever the values, what is written reads back the same; what cannot be written is told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edi.syntax import edifact, x12
from edi.syntax.findings import Findings
from edi.syntax.limits import Limits
from edi.syntax.source import Source
from edi.syntax.writers import EdifactWriter, Repeated, X12Writer, clean
from tests.edi.fixtures import NOW

UNB = (["UNOC", "3"], ["A", "14"], ["B", "14"], ["260302", "1415"], "1")
ISA = ["00", " " * 10, "00", " " * 10, "ZZ", "A" + " " * 14, "ZZ", "B" + " " * 14, "260302", "1415", "U", "00401"]
ISA += ["000000001", "0", "P"]


def written_edifact(value: str, charset: str = "UNOY", version: str = "3") -> bytes:
    out = EdifactWriter(charset, version=version)
    out.open_message("1", ["ORDERS", "D", "96A", "UN"])
    out.segment("FTX", "AAI", "", "", ["", value, "end"])
    out.close_message()
    return out.interchange([[charset, version], *UNB[1:]], "1")


def segments_of(data: bytes) -> list:
    family = x12 if data.startswith(b"ISA") else edifact
    (raw,) = family.interchanges(Source(data), 0, Limits())
    reader = family.SegmentReader(raw)
    found = []
    for segment in reader:
        if segment.tag == "UNB":
            reader.declare(segment)
        found.append(segment)
    assert not [item for item in raw.findings if item.severity != "note"]
    return found


@given(st.text(max_size=60))
@settings(deadline=None)
def test_any_value_comes_back_from_edifact(value):
    for version in ("3", "4"):
        ftx = segments_of(written_edifact(value, version=version))[2]
        assert (ftx.tag, ftx.get(4, 2), ftx.get(4, 3)) == ("FTX", clean(value), "end")


@given(st.text(st.characters(max_codepoint=126), max_size=60))
@settings(deadline=None)
def test_any_ascii_value_comes_back_from_x12(value):
    out = X12Writer()
    out.open_group("PO", ("A", "B"), NOW, "1", "004010")
    out.open_set("850", "0001")
    out.segment("MSG", value, "end")
    out.close_set()
    out.close_group()
    msg = segments_of(out.interchange(ISA, "000000001"))[3]
    assert (msg.tag, msg.whole(1), msg.whole(2)) == ("MSG", clean(value), "end")


@pytest.mark.parametrize(
    ("charset", "value", "expected"),
    [
        ("UNOA", "Müller", "MULLER"),
        ("UNOB", "Müller & Søn", "Muller & Son"),
        ("UNOC", "Łódź", "Lódz"),
        ("UNOD", "Łódź", "Łódź"),
        ("UNOC", "日本", ".."),
        ("UNOX", "日本", "日本"),
        ("UNOY", "日本", "日本"),
    ],
)
def test_what_a_character_set_lacks_is_told(charset, value, expected):
    findings = Findings()
    out = EdifactWriter(charset, findings)
    out.segment("FTX", "AAI", value)
    data = out.interchange([[charset, "3"], *UNB[1:]], "1")
    ftx = segments_of(data)[1]
    assert ftx.get(2) == expected
    lost = expected.casefold() != value.casefold()
    assert [(item.code, item.value, item.place.tag) for item in findings] == (
        [("transliterated", value, "FTX")] if lost else []
    )


def test_x12_tells_what_ascii_lacks():
    findings = Findings()
    X12Writer(findings).segment("N1", "ST", "Zürich")
    assert [(item.code, item.severity, item.value) for item in findings] == [("transliterated", "warning", "Zürich")]


def test_repeated_elements_are_of_version_4():
    element = Repeated((["1", "EN"], ["2", "SA"]))
    out = EdifactWriter("UNOC", version="4")
    out.segment("LIN", "1", "", element, "a*b")
    data = out.interchange([["UNOC", "4"], *UNB[1:]], "1")
    assert data.startswith(b"UNA:+.?*'")
    lin = segments_of(data)[1]
    assert lin.repetitions(3) == [["1", "EN"], ["2", "SA"]]
    assert lin.get(4) == "a*b"
    findings = Findings()
    EdifactWriter("UNOC", findings).segment("LIN", "1", "", element)
    assert [item.code for item in findings] == ["not-expressible"]
