"""XLSX: values and days as they are meant, and archives that are not to be opened."""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest

from edi.mapping.tables import read_table, suggest
from edi.syntax import workbooks
from edi.syntax.findings import Findings
from edi.syntax.limits import Limits
from edi.syntax.workbooks import read_workbook

openpyxl = pytest.importorskip("openpyxl")


def workbook(*rows, sheets=("Orders",)) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title in sheets:
        sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(data: bytes, name: str, content: bytes, *, replace=False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if not (replace and entry.filename == name):
                new.writestr(entry, old.read(entry))
        new.writestr(name, content)
    return out.getvalue()


def codes(data: bytes, **more) -> list[str]:
    findings = Findings()
    read_workbook(data, findings, **more)
    return [each.code for each in findings]


ORDER = workbook(
    ["Our orders of the week"],
    ["Order number", "Order date", "SKU", "EAN", "Qty", "Price", "Delivery date"],
    ["PO-1", datetime(2026, 3, 2, 9, 30), "AP-100", 8024670010024, 10, 0.1 + 0.2, date(2026, 3, 20)],
    ["PO-1", datetime(2026, 3, 2), 4711, None, 2.5, 1e-3, None],
)


def test_an_order_in_a_workbook():
    reading = read_table(ORDER, suggest(ORDER))
    (message,) = reading.interchanges[0].messages
    document = message.document
    assert document.issued_on == date(2026, 3, 2)
    first, second = document.lines
    assert (first.gtin, first.quantity, first.unit_price) == ("8024670010024", 10, Decimal("0.3"))
    assert first.delivery_date == date(2026, 3, 20)
    assert (second.seller_sku, second.quantity, second.unit_price) == ("4711", Decimal("2.5"), Decimal("0.001"))
    assert first.place == "row 3"


def test_the_first_sheet_with_rows_is_read_and_a_missing_one_is_told_of():
    data = workbook(["SKU", "Qty"], ["A", 1], sheets=("Cover", "Lines"))
    findings = Findings()
    table = read_workbook(data, findings)
    assert (table.sheet, table.sheets) == ("Lines", ("Cover", "Lines"))
    assert codes(data, sheet="Nowhere") == ["sheet-missing"]
    assert codes(workbook()) == ["empty-file"]


def test_formulas_are_never_computed():
    data = workbook(["SKU", "Qty"], ["=HYPERLINK(1)", "=1+1"])
    assert [row.cells for row in read_workbook(data, Findings()).rows] == [("SKU", "Qty")]


def test_macros_and_links_are_ignored_with_a_warning():
    data = with_part(ORDER, "xl/vbaProject.bin", b"macro")
    data = with_part(data, "xl/externalLinks/externalLink1.xml", b"<externalLink/>")
    assert sorted(codes(data)) == ["workbook-links", "workbook-macros"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("../../etc/passwd", b"x", "archive-unsafe"),
        ("/etc/passwd", b"x", "archive-unsafe"),
        ("xl\\..\\..\\x", b"x", "archive-unsafe"),
        ("xl/inner.zip", b"PK", "archive-unsafe"),
        ("XL/WORKBOOK.XML", b"<a/>", "archive-unsafe"),
        ("xl/bomb.bin", b"\0" * 30_000_000, "archive-too-large"),
        ("xl/entity.xml", b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "doctype-refused"),
        ("xl/wide.xml", '<!DOCTYPE a [<!ENTITY x "y">]><a/>'.encode("utf-16"), "doctype-refused"),
    ],
)
def test_archives_that_are_not_to_be_opened(name, content, code):
    assert codes(with_part(ORDER, name, content)) == [code]


def test_a_declaration_across_two_steps_is_seen(monkeypatch):
    monkeypatch.setattr(workbooks, "_STEP", 7)
    assert codes(with_part(ORDER, "xl/entity.xml", b"<a>12345</a><!DOCTYPE a>")) == ["doctype-refused"]


def test_too_many_parts():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(1_100):
            archive.writestr(f"{number}", b"")
    assert codes(out.getvalue()) == ["archive-too-large"]


@pytest.mark.parametrize("data", [b"PK\x03\x04", ORDER[:-200], ORDER[:3000], b"PK\x03\x04" + b"x" * 500])
def test_damaged_archives(data):
    assert codes(data) == ["workbook-damaged"]


def test_an_archive_that_is_no_workbook():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", b"hello")
    assert codes(out.getvalue()) == ["workbook-unknown"]


def test_a_sheet_that_is_damaged():
    assert codes(with_part(ORDER, "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row", replace=True)) == [
        "workbook-damaged"
    ]


def test_a_cell_at_the_far_end_costs_nothing():
    far = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    assert codes(with_part(ORDER, "xl/worksheets/sheet1.xml", far, replace=True)) == ["too-many-lines"]


def test_limits_hold():
    assert codes(ORDER, limits=Limits(size=100)) == ["file-too-large"]
    assert codes(workbook(*[["A", 1]] * 30), limits=Limits(lines=10)) == ["too-many-lines"]
