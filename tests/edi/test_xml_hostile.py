"""Hostile XML: each document is refused with a finding, in bounded work, and nothing outside is touched."""

import pytest

from edi.mapping import acknowledge, read, segments
from tests.edi.fixtures import NOW, UBL_ORDER

HEAD = '<?xml version="1.0"?>\n'
ORDER = UBL_ORDER.split("?>", 1)[1]
ROOT = "<Order " + ORDER.partition("<Order ")[2].partition(">")[0] + ">"


def judged(data: bytes) -> set[str]:
    """The codes of the errors; whatever the bytes, nothing raises on the way."""
    reading = read(data)
    segments(data, most=50)
    for interchange in reading.interchanges:
        acknowledge(interchange, control_number="1", prepared_at=NOW)
    return {item.code for item in reading.all_findings if item.severity == "error"}


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
QUADRATIC = f'<!ENTITY a "{"a" * 50_000}">'


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE Order [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE Order [<!ENTITY e SYSTEM "http://127.0.0.1:9/">]>',
        '<!DOCTYPE Order [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]>',
        '<!DOCTYPE Order PUBLIC "-//X//Y" "http://127.0.0.1:9/x.dtd">',
        f'<!DOCTYPE Order [<!ENTITY l0 "ha">{LAUGHS}]>',
        f"<!DOCTYPE Order [{QUADRATIC}]>",
        '<!DOCTYPE Order [<!ATTLIST Order x CDATA "y">]>',
        "<!DOCTYPE Order>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "iso-8859-1"])
def test_doctypes_in_every_encoding(doctype, encoding):
    text = (
        f'<?xml version="1.0" encoding="{encoding.removesuffix("-be")}"?>{doctype}{ORDER.replace("Ring", "&e;&l9;&a;")}'
    )
    assert judged(text.encode(encoding)) <= {"doctype-refused", "xml-malformed", "unknown-standard", "utf16-encoding"}
    assert judged(text.encode(encoding))
    assert "root:" not in repr(read(text.encode(encoding)))


@pytest.mark.parametrize("encoding", ["UTF-7", "cp037", "UTF-32", "UCS-4", "x-user-defined", "shift_jis", "base64"])
def test_encodings_that_hide_things(encoding):
    text = UBL_ORDER.replace("UTF-8", encoding)
    assert judged(text.encode("ascii", "replace")) == {"xml-malformed"}


def test_utf_7_does_not_hide_a_doctype():
    hidden = (
        '<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE Order [+ADwAIQ-ENTITY e SYSTEM "file:///etc/passwd">]>'
    )
    assert judged(hidden.encode() + ORDER.encode())


@pytest.mark.parametrize(
    "bad",
    [
        b"\xc0\xaf",
        b"\xe0\x80\xaf",
        b"\xf0\x80\x80\xaf",
        b"\xc0\xbc!DOCTYPE x>",
        b"\xed\xa0\x80",
        b"\xff",
        b"\x00",
        b"\x1b",
    ],
    ids=["overlong-2", "overlong-3", "overlong-4", "overlong-doctype", "surrogate", "no-utf-8", "nul", "escape"],
)
def test_bytes_that_are_no_text(bad):
    assert judged(UBL_ORDER.encode().replace(b"Ring at gate 3", bad)) == {"xml-malformed"}


def test_depth_is_bounded():
    assert judged((HEAD + ROOT + "<a>" * 300_000).encode()) == {"xml-malformed"}
    closed = ORDER.replace("<cbc:Note>Ring at gate 3</cbc:Note>", "<a>" * 250 + "</a>" * 250)
    assert judged((HEAD + closed).encode()) <= {"xml-malformed", "xml-element-unknown"}


def test_attributes_are_bounded():
    many = " ".join(f'a{n}="{n}"' for n in range(200_000))
    assert judged((HEAD + ORDER.replace("<cbc:Note>Ring", f"<cbc:Note {many}>Ring")).encode()) == {"xml-malformed"}
    spaces = " ".join(f'xmlns:a{n}="urn:{n}"' for n in range(20_000))
    assert judged((HEAD + ORDER.replace("<Order ", f"<Order {spaces} ")).encode()) <= {"xml-malformed"}


def test_texts_are_bounded():
    assert judged((HEAD + ORDER.replace("Ring", "x" * 12_000_000)).encode()) == {"xml-malformed"}


def test_what_would_be_kept_is_bounded():
    leaves = "".join(f"<cbc:UUID>{n}</cbc:UUID><cbc:Unknown{n % 7}>x</cbc:Unknown{n % 7}>" for n in range(20_000))
    (interchange,) = read((HEAD + ORDER.replace("<cac:Contract>", leaves + "<cac:Contract>")).encode()).interchanges
    document = interchange.messages[0].document
    assert len(document.extras) <= 5_000
    assert len(interchange.all_findings) <= 502


def test_xinclude_and_processing_instructions_are_inert():
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
    sheet = '<?xml-stylesheet type="text/xsl" href="http://127.0.0.1:9/x.xsl"?>'
    reading = read((HEAD + sheet + ORDER.replace("<cbc:Note>Ring at gate 3</cbc:Note>", include)).encode())
    assert "root:" not in repr(reading)
    assert reading.interchanges[0].messages[0].document.number == "BR-2026-0818"


def test_numbers_beyond_reason():
    for value in ("9" * 5_000, "1e999999999", "NaN", "Infinity", "0x10", "١٢", "1_000"):
        assert "invalid-number" in judged((HEAD + ORDER.replace(">250<", f">{value}<")).encode())


@pytest.mark.parametrize("cut", range(0, len(UBL_ORDER) - 10, 97))
def test_cut_anywhere(cut):
    assert judged(UBL_ORDER[:cut].encode())
