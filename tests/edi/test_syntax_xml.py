"""Hostile and damaged XML, and files of no known standard."""

import pytest

from edi.mapping import Limits, read, segments
from tests.edi.fixtures import ORDERS_D96A, PURCHASE_ORDER, UBL_ORDER, codes, errors, read_text

HEAD = '<?xml version="1.0"?>\n'
XXE = HEAD + '<!DOCTYPE Order [<!ENTITY e SYSTEM "file:///etc/passwd">]>\n'


@pytest.mark.parametrize(
    "prolog",
    [
        XXE,
        HEAD + '<!DOCTYPE Order [<!ENTITY % p SYSTEM "http://example.invalid/x.dtd"> %p;]>',
        HEAD + '<!DOCTYPE Order SYSTEM "http://example.invalid/x.dtd">',
        HEAD + "<!-- a comment --> <?target data?>\n<!doctype Order>",
        HEAD + '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    ],
)
def test_every_doctype_is_refused(prolog):
    text = prolog + UBL_ORDER.split("?>", 1)[1].replace("Ring at gate 3", "&e;")
    assert errors(text) == {"doctype-refused"} or errors(text) == {"xml-malformed"}
    assert "root:" not in str(read_text(text))


def test_a_doctype_in_utf_16_is_refused():
    data = (XXE + UBL_ORDER.split("?>", 1)[1]).replace('version="1.0"', 'version="1.0" encoding="UTF-16"')
    assert {item.code for item in read(data.encode("utf-16")).all_findings} == {"doctype-refused"}


def test_the_word_doctype_in_the_content_is_no_doctype():
    assert not codes(UBL_ORDER.replace("Ring at gate 3", "<![CDATA[<!DOCTYPE x>]]>"))


def test_xinclude_is_not_followed():
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
    assert "root:" not in str(read_text(UBL_ORDER.replace("<cbc:Note>Ring at gate 3</cbc:Note>", include)))


@pytest.mark.parametrize(
    "text",
    [
        UBL_ORDER[:500],
        UBL_ORDER.replace("</Order>", ""),
        UBL_ORDER + "<more/>",
        UBL_ORDER.replace("Ring at gate 3", "&undefined;"),
        "<Order>" * 100_000,
        "<?xml version='1.0' encoding='no-such'?><Order/>",
    ],
)
def test_damaged_xml(text):
    reading = read_text(text)
    assert {item.code for item in reading.all_findings} == {"xml-malformed"}
    assert reading.all_findings[0].place.line >= 1


def test_encodings():
    for encoding in ("iso-8859-1", "utf-16", "windows-1252"):
        text = UBL_ORDER.replace("UTF-8", encoding).replace("Seal kit", "Dichtsätze")
        reading = read(text.encode(encoding))
        assert not reading.all_findings
        assert reading.interchanges[0].messages[0].document.lines[1].description == "Dichtsätze"


def test_prefixes_do_not_matter_namespaces_do():
    renamed = (
        UBL_ORDER.replace("cbc:", "b:")
        .replace("xmlns:cbc", "xmlns:b")
        .replace("cac:", "a:")
        .replace("xmlns:cac", "xmlns:a")
    )
    assert not codes(renamed)
    foreign = UBL_ORDER.replace("xsd:Order-2", "xsd:Order-9x").replace("urn:oasis:names:specification:ubl", "urn:other")
    assert errors(foreign) == {"unsupported-document"}


def test_xml_that_is_no_ubl_and_ubl_that_is_not_read():
    assert errors("<unknown payloadID='1'/>") == {"unsupported-document"}
    statement = (
        UBL_ORDER.replace("Order-2", "Statement-2")
        .replace("<Order ", "<Statement ")
        .replace("</Order>", "</Statement>")
    )
    assert errors(statement) == {"unsupported-message"}
    misnamed = UBL_ORDER.replace("xsd:Order-2", "xsd:Invoice-2")
    assert errors(misnamed) == {"unsupported-message"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty-file"),
        (b" \n\x00", "empty-file"),
        (b"hello world", "unknown-standard"),
        (b"%PDF-1.7", "unknown-standard"),
        ("ISA*00*".encode("cp037"), "ebcdic"),
        ("UNB+UNOA:1".encode("cp037"), "ebcdic"),
        (ORDERS_D96A.encode("utf-16"), "utf16-encoding"),
        (b"STX=ANAA:1+5000000000000:SUPPLIER+5000000000001'", "unsupported-standard"),
        (b"UNB", "header-incomplete"),
    ],
)
def test_files_that_are_not_read(data, code):
    reading = read(data)
    assert code in {item.code for item in reading.all_findings}
    assert reading.rejected


def test_limits_end_in_findings():
    def told(text: str, **limits) -> set[str]:
        return {item.code for item in read(text.encode(), limits=Limits(**limits)).all_findings}

    assert "file-too-large" in told(ORDERS_D96A, size=100)
    assert "segment-too-long" in told(ORDERS_D96A, segment=40)
    assert "segment-too-long" in told(PURCHASE_ORDER, segment=40)
    assert "element-too-long" in told(ORDERS_D96A, element=15)
    assert "element-too-long" in told(PURCHASE_ORDER, element=15)
    assert "too-many-lines" in told(ORDERS_D96A, lines=1)
    assert "too-many-lines" in told(PURCHASE_ORDER, lines=1)
    assert "too-many-lines" in told(UBL_ORDER, lines=1)
    assert "too-many-messages" in told(ORDERS_D96A, messages=0)
    assert "too-many-messages" in told(PURCHASE_ORDER, messages=0)
    assert "too-many-interchanges" in told(ORDERS_D96A * 3, interchanges=2)
    assert "too-many-findings" in told(ORDERS_D96A.replace("QTY+21:", "QTY+21:x"), findings=1)


@pytest.mark.parametrize(
    "body",
    [
        b"FTX+AAI+++" + b"?" * 300_001 + b"'",
        b"?'" * 300_000,
        b"'" * 300_000,
        b"LIN+" * 100_000,
        b"LIN+1'" * 20_000,
        b"UNH+1+ORDERS:D:96A:UN'" * 2_000,
        b"UNA:+.? '" * 50_000,
    ],
)
def test_floods_are_read_in_linear_time(body):
    """Each of these took minutes in a reader that counts release characters or places anew for every piece."""
    data = b"UNB+UNOC:3+A+B+260101:1200+1'UNH+1+ORDERS:D:96A:UN'" + body + b"UNT+3+1'UNZ+1+1'"
    assert read(data).rejected


def test_segments_for_the_raw_view():
    rows = segments(ORDERS_D96A.encode())
    assert [row.tag for row in rows[:3]] == ["UNB", "UNH", "BGM"]
    assert (rows[2].index, rows[2].line, rows[2].text) == (3, 4, "BGM+220+BR-2026-0815+9")
    assert ORDERS_D96A.encode()[rows[2].offset : rows[2].end] == b"BGM+220+BR-2026-0815+9"
    assert [row.tag for row in segments(PURCHASE_ORDER.encode())][:3] == ["ISA", "GS", "ST"]
    lines = segments(UBL_ORDER.encode())
    assert lines[0].text.startswith("<?xml")
    assert UBL_ORDER.encode()[lines[1].offset : lines[1].end].startswith(b"<Order ")
    assert segments(b"") == [] or segments(b"")[0].text == ""
    assert len(segments(ORDERS_D96A.encode(), most=5)) == 5
