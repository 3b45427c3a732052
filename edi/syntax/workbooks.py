"""Workbooks (XLSX, ISO/IEC 29500) into rows of cells. The archive is judged before anything in it is read."""

import io
import zipfile
from collections import Counter
from datetime import date, datetime, time
from decimal import Decimal
from math import isfinite
from typing import Any

from edi.syntax.findings import Findings, Place
from edi.syntax.limits import DEFAULT_LIMITS, Limits
from edi.syntax.tables import CELL_AT_MOST, COLUMNS_AT_MOST, Cell, Row, Table

ENTRIES_AT_MOST = 1_000
UNPACKED_AT_MOST = 64_000_000  # bytes, all parts together
RATIO_AT_MOST = 200  # unpacked to packed, where it is worth asking
_RATIO_FROM = 1_000_000
_STEP = 1 << 16
_CODECS = ("ascii", "utf-16-le", "utf-16-be")
_DECLARATIONS = tuple(word.encode(codec) for word in ("<!DOCTYPE", "<!ENTITY") for codec in _CODECS)
_ARCHIVES = (".zip", ".xlsx", ".xlsm", ".7z", ".gz", ".rar", ".tar")


class _Refused(Exception):
    """The archive is not one to open; code and sentence say why."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def read_workbook(data: bytes, findings: Findings, *, sheet: str = "", limits: Limits = DEFAULT_LIMITS) -> Table:
    """The rows of one sheet (by name, else the first with rows). Values, not formulas; macros and links to other files
    are never followed. Never raises: faults are findings. Needs openpyxl (the extra "edi")."""
    if len(data) > limits.size:
        findings.error("file-too-large", f"The file has {len(data)} bytes; at most {limits.size} are read.")
        return Table()
    try:
        _inspect(data, findings)
        return _opened(data, sheet, findings, limits)
    except _Refused as refusal:
        findings.error(refusal.code, str(refusal))
    except ImportError:
        findings.error("workbook-unsupported", "XLSX files are not read on this server; save the sheet as CSV.")
    except Exception as fault:  # openpyxl raises whatever a damaged part makes it stumble over
        text = f"The workbook is damaged and cannot be read ({type(fault).__name__}); save it again as XLSX or CSV."
        findings.error("workbook-damaged", text)
    return Table()


def _inspect(data: bytes, findings: Findings) -> None:
    """Refuse bombs, nested archives, paths that leave, doubles and DOCTYPE; tell of macros and links."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        _check_names(entries)
        unpacked = 0
        for entry in entries:
            unpacked = _check_part(archive, entry, unpacked)
    names = {entry.filename.lower() for entry in entries}
    if "xl/workbook.xml" not in names:
        raise _Refused("workbook-unknown", "This archive is not an Excel workbook; save the sheet as XLSX or CSV.")
    if any(name.startswith("xl/externallinks/") for name in names):
        text = "The workbook refers to other files; they were not followed, the last values it holds were read."
        findings.warning("workbook-links", text)
    if "xl/vbaproject.bin" in names:
        findings.warning("workbook-macros", "The workbook holds macros; they were ignored.")


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > ENTRIES_AT_MOST:
        raise _Refused("archive-too-large", f"The workbook has {len(entries)} parts, more than {ENTRIES_AT_MOST}.")
    twice = [name for name, times in Counter(entry.filename.lower() for entry in entries).items() if times > 1]
    if twice:
        raise _Refused("archive-unsafe", f"The workbook holds {twice[0][:80]!r} twice; it was not opened.")
    for entry in entries:
        name = entry.filename
        if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or entry.flag_bits & 1:
            raise _Refused("archive-unsafe", f"The part {name[:80]!r} of the workbook is not safe; it was not opened.")
        if name.lower().endswith(_ARCHIVES):
            raise _Refused("archive-unsafe", f"The workbook holds another archive, {name[:80]!r}; it was not opened.")


def _check_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, unpacked: int) -> int:
    """Unpack a part step by step, keeping nothing, and stop where it grows beyond reason."""
    before, tail, xml = unpacked, b"", entry.filename.lower().endswith((".xml", ".rels", ".vml"))
    with archive.open(entry) as part:
        while piece := part.read(_STEP):
            unpacked += len(piece)
            if unpacked > UNPACKED_AT_MOST:
                raise _Refused("archive-too-large", f"The workbook unpacks to more than {UNPACKED_AT_MOST} bytes.")
            grown = unpacked - before
            if grown > _RATIO_FROM and grown > RATIO_AT_MOST * max(1, entry.compress_size):
                raise _Refused("archive-too-large", f"The part {entry.filename[:80]!r} unpacks to far too much.")
            if xml and any(word in tail + piece for word in _DECLARATIONS):
                raise _Refused("doctype-refused", "A part of the workbook declares a DOCTYPE; it was not opened.")
            tail = piece[-32:]
    return unpacked


def _opened(data: bytes, wanted: str, findings: Findings, limits: Limits) -> Table:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False, keep_vba=False)
    try:
        sheets = tuple(sheet.title for sheet in book.worksheets)
        if wanted and wanted not in sheets:
            findings.error("sheet-missing", f"The workbook has no sheet {wanted[:60]!r}.", value=wanted)
            return Table(sheets=sheets)
        for name in [wanted] if wanted else sheets:
            rows = _rows(book[name], findings, limits)
            if rows or any(finding.code == "too-many-lines" for finding in findings):
                return Table(rows, sheet=name, sheets=sheets)
        findings.error("empty-file", "The workbook has no rows.")
        return Table(sheets=sheets)
    finally:
        book.close()


def _rows(sheet: Any, findings: Findings, limits: Limits) -> tuple[Row, ...]:
    rows: list[Row] = []
    sheet.reset_dimensions()  # what a file says of its own extent is not to be believed
    values = sheet.iter_rows(values_only=True, max_row=limits.lines + 1, max_col=COLUMNS_AT_MOST)
    for number, cells in enumerate(values, 1):
        if number > limits.lines:
            text = f"The sheet has more than {limits.lines} rows; the rest was not read."
            findings.error("too-many-lines", text, Place(line=number))
            break
        kept = list(map(_cell, cells))
        while kept and kept[-1] == "":
            kept.pop()
        if kept:
            rows.append(Row(number, tuple(kept)))
    return tuple(rows)


def _cell(value: Any) -> Cell:
    """A cell as text, number or day. Numbers as a spreadsheet shows them: 15 significant digits."""
    if value is None or isinstance(value, time):
        return "" if value is None else value.isoformat()
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int | float):
        return Decimal(f"{value:.15g}") if isfinite(value) and abs(value) < 1e30 else str(value)[:CELL_AT_MOST]
    return str(value)[:CELL_AT_MOST].strip()
