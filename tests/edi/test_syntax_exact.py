"""Exactness where readers go wrong: code pages, escapes, release characters, binary data, odd separators, blocks."""

import pytest

from edi.mapping import acknowledge, read, segments
from edi.syntax import edifact, x12
from edi.syntax.blocks import SIZE, cut
from edi.syntax.edifact_envelope import messages_of
from edi.syntax.limits import Limits
from edi.syntax.source import Source
from edi.syntax.x12_envelope import messages_of as sets_of
from tests.edi.fixtures import NOW, ORDERS_D96A, PURCHASE_ORDER, codes, errors, finding, only, read_text

BODY = ORDERS_D96A[ORDERS_D96A.index("UNH") : ORDERS_D96A.index("UNZ")]


def documents(data: bytes) -> list:
    return [m.document for i in read(data).interchanges for m in i.messages]


# -- EBCDIC -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("codec", ["cp037", "cp500"])
@pytest.mark.parametrize("text", [ORDERS_D96A, PURCHASE_ORDER])
def test_ebcdic_is_read_in_its_own_code_page(codec, text):
    data = text.replace("Seal kit", "Seal [kit] 10^3!").encode(codec)
    reading = read(data)
    assert {(item.code, item.severity) for item in reading.all_findings} == {("ebcdic", "note")}
    assert reading.interchanges[0].messages[0].document.lines[1].description == "Seal [kit] 10^3!"


def test_places_in_ebcdic_are_those_of_the_file():
    data = ORDERS_D96A.replace("UNT+35", "UNT+34").replace("\n", "\x85").encode("cp037")
    fault = next(item for item in read(data).all_findings if item.code == "unt-count")
    assert data[fault.place.offset : fault.place.end].decode("cp037") == "34"
    assert (fault.place.line, fault.place.column) == (37, 5)
    interchange = read(data).interchanges[0]
    assert data[interchange.start : interchange.end].decode("cp037").startswith("UNA")


# -- character sets ---------------------------------------------------------------------------------------------------

SAMPLES = {
    "UNOD": ("iso8859-2", "Łódź"),
    "UNOE": ("iso8859-5", "Москва"),
    "UNOF": ("iso8859-7", "Αθήνα"),
    "UNOG": ("iso8859-3", "Ħal"),
    "UNOH": ("iso8859-4", "Rīga"),
    "UNOI": ("iso8859-6", "القاهرة"),
    "UNOJ": ("iso8859-8", "ירושלים"),
    "UNOK": ("iso8859-9", "İzmir"),
    "UNOL": ("iso8859-15", "10 €"),
    "UNOW": ("utf-8", "東京 Łódź"),
    "UNOX": ("iso2022_jp", "東京"),
    "UNOY": ("utf-8", "東京 Łódź"),
}


@pytest.mark.parametrize("identifier", SAMPLES)
def test_every_character_set_of_the_standard(identifier):
    codec, word = SAMPLES[identifier]
    data = ORDERS_D96A.replace("UNOC", identifier).replace("Seal kit", word).encode(codec)
    reading = read(data)
    assert not reading.all_findings
    assert reading.interchanges[0].messages[0].document.lines[1].description == word


def test_characters_of_two_bytes_that_look_like_separators():
    word = "".join(chr(c) for c in range(0x3041, 0x3094))  # hiragana: $! to $s, among them $' and $+ and $:
    assert b"'" in word.encode("iso2022_jp")
    assert b"+" in word.encode("iso2022_jp")
    text = ORDERS_D96A.replace("UNOC", "UNOX").replace("Pack in tens", word[:60])
    data = text.encode("iso2022_jp")
    reading = read(data)
    assert not {item.code for item in reading.all_findings} - {"element-too-long"}
    assert reading.interchanges[0].messages[0].document.lines[1].note == word[:60]


# -- releases and terminators -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("a?'b", "a'b"),
        ("a??", "a?"),
        ("a???'b", "a?'b"),
        ("a????", "a??"),
        ("?+?:?'", "+:'"),
        ("a?b", "ab"),
    ],
)
@pytest.mark.parametrize("gap", ["\n", "", "\r\n"])
def test_releases_in_every_layout(sent, expected, gap):
    text = ORDERS_D96A.replace("Pack in tens", sent).replace("\n", gap)
    assert only(text).messages[0].document.lines[1].note == expected
    assert not errors(text)


def test_one_una_for_each_interchange():
    other = ORDERS_D96A.replace("?'", "#").replace("'", "~").replace("#", "'").replace("4711", "4712")
    other = other.replace("UNA:+.? ~", "UNA:+.? ~")
    third = ORDERS_D96A.replace("UNA:+.? '\n", "").replace("4711", "4713")
    reading = read_text(ORDERS_D96A + other + third)
    assert [i.control_number for i in reading.interchanges] == ["4711", "4712", "4713"]
    assert not reading.all_findings


def test_one_bad_una_does_not_lose_the_next():
    bad = ORDERS_D96A.replace("UNA:+.? '", "UNA:::? '")
    reading = read_text(bad + ORDERS_D96A.replace("4711", "4712"))
    first, second = reading.interchanges
    assert "una-invalid" in {item.code for item in first.findings}
    assert not second.all_findings
    assert second.control_number == "4712"


def test_a_una_at_the_edge_of_a_block():
    for fill in range(SIZE - 60, SIZE + 10, 7):
        first = ORDERS_D96A.replace("UNA:+.? '\n", "")
        first = first.replace("FTX+AAI+++Pack in tens'\n", f"FTX+AAI+++{'x' * 50}'\n" * ((fill - len(first)) // 62))
        first = first.replace("Seal kit", "Seal kit" + "s" * (fill - len(first)))
        reading = read_text(first + ORDERS_D96A.replace("4711", "4712"))
        assert len(reading.interchanges) == 2
        assert not reading.interchanges[1].all_findings


def test_control_characters_as_separators_without_una():
    text = ORDERS_D96A.replace("UNA:+.? '\n", "").replace("\n", "").replace("UNOC:3", "UNOB:3")
    text = text.replace("?'", "’").replace("?:", ";").replace("?+", " ").replace("’", " ")
    text = text.replace("'", "\x1c").replace("+", "\x1d").replace(":", "\x1f")
    assert not {item for item in codes(text) if item != "charset-repertoire"}


def test_declared_by_no_known_name_is_read_as_it_is():
    assert codes(ORDERS_D96A.replace("UNOC", "KECA")) == {"syntax-identifier"}


# -- counts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", ["9" * 300, "1e3", "-35", "\xb3\xb5", "0x23", "", " 35x"])
def test_counts_that_are_none(count):
    assert finding(ORDERS_D96A.replace("UNT+35", f"UNT+{count}"), "unt-count").severity == "error"
    assert finding(PURCHASE_ORDER.replace("SE*22", f"SE*{count}"), "se-count").severity == "error"


def test_references_used_twice_among_many():
    bodies = "".join(BODY.replace("M1", f"M{n}") for n in [1, 2, 3, 5, 4, 5, 2, 10])
    reading = read_text(ORDERS_D96A.replace(BODY, bodies).replace("UNZ+1", "UNZ+8"))
    twice = [m.reference for m in reading.interchanges[0].messages if "duplicate-message-reference" in _codes(m)]
    assert twice == ["M5", "M2"]


def _codes(message) -> set[str]:
    return {item.code for item in message.findings}


# -- X12 --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["00200", "00300", "00305", "00400", "00401", "00403", "00406", "00501", "00801"])
def test_any_isa12(version):
    text = PURCHASE_ORDER.replace("*00401*", f"*{version}*")
    interchange = only(text)
    assert (interchange.version, interchange.messages[0].version) == (version, "004010")
    assert not interchange.all_findings


def test_isx_names_a_release_character():
    text = PURCHASE_ORDER.replace("*U*00401*", "*^*00704*").replace("*004010~", "*007040~")
    text = text.replace("GS*PO", "ISX*?*02~\nGS*PO").replace("Seal kit", "Seal?*kit?~ 1?? 2")
    interchange = only(text)
    assert not {item.code for item in interchange.findings}
    assert interchange.messages[0].document.lines[1].description == "Seal*kit~ 1? 2"
    assert "se-count" not in {item.code for item in interchange.all_findings}


def test_without_isx_there_is_no_release_character():
    assert "Seal? kit" in str(only(PURCHASE_ORDER.replace("Seal kit", "Seal? kit")).messages[0].document)


@pytest.mark.parametrize("data", ["AB~CD*EF~\nGH", "ISA*00*", "\nISA*00*~", "~", "~~~", "x" * 900 + "~" + "y" * 50])
def test_binary_data(data):
    text = PURCHASE_ORDER.replace("CTT*2", f"BIN*{len(data)}*{data}~\nCTT*2").replace("SE*22", "SE*23")
    source = Source(text.encode())
    (raw,) = x12.interchanges(source, 0, Limits())
    (message,) = sets_of(raw)
    assert message.complete
    assert not [item for item in message.findings if item.code in ("se-count", "missing-se")]
    (binary,) = (segment for segment in message.segments if segment.tag == "BIN")
    assert binary.elements[2] == data
    assert "se-count" not in codes(text)


def test_a_length_of_binary_data_that_leads_nowhere_is_not_believed():
    text = PURCHASE_ORDER.replace("CTT*2", "BIN*999999999*AB~\nCTT*2").replace("SE*22", "SE*23")
    assert "se-count" not in codes(text)
    assert only(text).messages[0].document.stated_line_count == 2


def test_indented_segments_and_blank_lines():
    text = PURCHASE_ORDER.replace("~\n", "~\r\n\r\n   \t")
    assert not codes(text)


# -- blocks -----------------------------------------------------------------------------------------------------------


def test_many_blocks_say_the_same_as_one():
    one = ORDERS_D96A.replace("?:", " ").replace("UNZ+1", "UNZ+120")
    many = one.replace(BODY.replace("?:", " "), "".join(BODY.replace("M1", f"M{n}") for n in range(120)))
    (raw,) = edifact.interchanges(Source(many.encode()), 0, Limits())
    messages = list(messages_of(raw))
    assert [len(message.segments) for message in messages] == [35] * 120
    assert not raw.findings.freeze()
    offsets = [segment.offset for message in messages for segment in message.segments]
    tags = [segment.tag for message in messages for segment in message.segments]
    assert [many[offset : offset + 3] for offset in offsets] == tags
    indexes = [segment.index for message in messages for segment in message.segments]
    assert indexes == list(range(2, 2 + 35 * 120))


def test_cut_is_exact():
    assert list(cut("A'\nB'  C'''D?'E'F??'", "'", "?")) == [(0, 1), (3, 4), (7, 8), (9, 9), (11, 15), (16, 19)]


@pytest.mark.parametrize("data", [b"UNA:+.? '" * 20_000, b"UNB+UNOA:1+" * 20_000, b"ISA*00*" * 20_000, b"?" * 300_000])
def test_headers_without_end(data):
    reading = read(data)
    assert reading.rejected
    segments(data)
    for interchange in reading.interchanges:
        acknowledge(interchange, control_number="1", prepared_at=NOW)


@pytest.mark.parametrize("body", [b"\x1b$B''" * 100_000, b"\x1b$B" + b"'" * 300_000, b"\x1b(B'" * 100_000])
def test_floods_of_shifts(body):
    data = b"UNB+UNOX:3+A+B+260101:1200+1'UNH+1+ORDERS:D:96A:UN'FTX+" + body + b"'UNT+3+1'UNZ+1+1'"
    assert read(data).rejected
