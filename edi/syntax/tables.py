"""Tables as they are sent: CSV of any dialect and encoding, and XLSX. Bytes into rows of cells; no meaning yet."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from edi.syntax.findings import Findings, Place
from edi.syntax.limits import DEFAULT_LIMITS, Limits

Cell = str | Decimal | date  # XLSX knows numbers and days; CSV has only text
DELIMITERS = ";,\t|"
COLUMNS_AT_MOST = 200
CELL_AT_MOST = 32_767  # characters, as spreadsheets allow
_SNIFFED = 65_536
_SEP_LINE = re.compile(r"\ufeff?sep=(.)\r?\n?\Z", re.IGNORECASE)
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV file is written: its encoding, what parts its cells, and what quotes them (RFC 4180 and its kin)."""

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not empty; `line` is where it begins in the file (CSV), or its number in the sheet (XLSX)."""

    line: int
    cells: tuple[Cell, ...]

    def cell(self, column: int) -> Cell:
        """The cell of a column (1-based), empty text beyond the last."""
        return self.cells[column - 1] if 0 < column <= len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Table:
    """A file's rows. `dialect` is that of a CSV; `sheets` names the sheets of a workbook, `sheet` the one read."""

    rows: tuple[Row, ...] = ()
    dialect: Dialect | None = None
    sheet: str = ""
    sheets: tuple[str, ...] = ()


def is_workbook(data: bytes) -> bool:
    """Whether the bytes are a ZIP archive, as XLSX and XLSM are."""
    return data.startswith(b"PK\x03\x04")


def read_csv(
    data: bytes, findings: Findings, *, dialect: Dialect | None = None, limits: Limits = DEFAULT_LIMITS
) -> Table:
    """The rows of a CSV file in `dialect`, or in the one its bytes suggest. Never raises: faults are findings."""
    if len(data) > limits.size:
        findings.error("file-too-large", f"The file has {len(data)} bytes; at most {limits.size} are read.")
        return Table()
    encoding = dialect.encoding if dialect else encoding_of(data)
    text, encoding = _decoded(data, encoding, findings)
    lines = text.splitlines(keepends=True)
    skipped = 1 if lines and _SEP_LINE.match(lines[0]) else 0
    if dialect is None:
        dialect = Dialect(encoding, *_punctuation(lines, skipped))
    rows = _rows(lines, skipped, dialect, findings, limits)
    if not rows and not len(findings):
        findings.error("empty-file", "The file has no rows.")
    return Table(rows, dialect)


def encoding_of(data: bytes) -> str:
    """The encoding by BOM, by the zeros of UTF-16, by being sound UTF-8, else Windows-1252."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name
    head = data[:2_000]
    if head.count(0) > len(head) // 4:
        return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _decoded(data: bytes, encoding: str, findings: Findings) -> tuple[str, str]:
    """The text; bytes that the encoding does not know stay as ISO 8859-1, with a finding, so that nothing is lost."""
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        message = f"The file is not in {encoding[:20]}; it was read as ISO 8859-1, so accents may be wrong."
        findings.warning("charset-mismatch", message, Place(line=1), value=encoding)
        return data.decode("latin-1"), "latin-1"
    return text.removeprefix("\ufeff"), encoding


def _punctuation(lines: list[str], skipped: int) -> tuple[str, str]:
    """Delimiter and quote: what Excel's "sep=" line says, else what cuts the first lines most evenly."""
    if skipped and (stated := _SEP_LINE.match(lines[0])):
        return stated[1], '"'
    sample = "".join(lines[:60])[:_SNIFFED]
    quote = "'" if '"' not in sample and re.search(r"(?:^|[;,\t|])'[^']*'(?:[;,\t|]|$)", sample, re.MULTILINE) else '"'
    return max(DELIMITERS, key=lambda mark: _evenness(sample, mark, quote)), quote


def _evenness(sample: str, delimiter: str, quote: str) -> tuple[float, int]:
    """How well a delimiter explains the sample: the share of rows with the commonest width, then that width."""
    try:
        widths = [len(row) for row in csv.reader(io.StringIO(sample), delimiter=delimiter, quotechar=quote) if row]
    except csv.Error:
        return 0.0, 0
    wide = Counter(width for width in widths if width > 1)
    if not wide:
        return 0.0, 0
    width, rows = wide.most_common(1)[0]
    return round(rows / len(widths), 1), width


def _rows(lines: list[str], skipped: int, dialect: Dialect, findings: Findings, limits: Limits) -> tuple[Row, ...]:
    reader = csv.reader(lines[skipped:], delimiter=dialect.delimiter, quotechar=dialect.quote)
    rows: list[Row] = []
    line = skipped + 1
    while True:
        begins = line
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as fault:
            text = f"Row {begins} cannot be read ({fault}); the rest of the file was left out."
            findings.error("row-unreadable", text, Place(line=begins))
            break
        line = skipped + reader.line_num + 1
        if len(rows) >= limits.lines:
            findings.error(
                "too-many-lines",
                f"The file has more than {limits.lines} rows; the rest was not read.",
                Place(line=begins),
            )
            break
        if any(cell.strip() for cell in cells):
            rows.append(Row(begins, _kept(cells, begins, findings)))
    _check_last_quote(lines, skipped, dialect, rows, findings)
    return tuple(rows)


def _kept(cells: list[str], line: int, findings: Findings) -> tuple[Cell, ...]:
    if len(cells) > COLUMNS_AT_MOST:
        text = f"Row {line} has {len(cells)} columns; {COLUMNS_AT_MOST} are read."
        findings.error("too-many-columns", text, Place(line=line, column=COLUMNS_AT_MOST))
        cells = cells[:COLUMNS_AT_MOST]
    return tuple(_cell(cell, line, column, findings) for column, cell in enumerate(cells, 1))


def _cell(text: str, line: int, column: int, findings: Findings) -> str:
    if len(text) > CELL_AT_MOST:
        message = f"The cell in row {line}, column {column} is longer than {CELL_AT_MOST} characters; it was cut."
        findings.error("element-too-long", message, Place(line=line, column=column))
        text = text[:CELL_AT_MOST]
    return text.replace("\x00", "").strip()


def _check_last_quote(lines: list[str], skipped: int, dialect: Dialect, rows: list[Row], findings: Findings) -> None:
    """A quote that is never closed swallows the rest of the file into one cell: say so."""
    if not rows:
        return
    tail = "".join(lines[rows[-1].line - 1 :])
    opened = re.search(rf"(?:^|{re.escape(dialect.delimiter)}){re.escape(dialect.quote)}", tail)
    if opened and tail.count(dialect.quote) % 2:
        text = f"A quotation mark that opens in row {rows[-1].line} is never closed; what follows is in one cell."
        findings.error("quote-not-closed", text, Place(line=rows[-1].line))
