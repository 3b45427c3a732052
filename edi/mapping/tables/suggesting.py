"""A first guess at a mapping, from header words and from what stands below them; a person looks at it afterwards."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from edi.mapping.tables.fields import FIELDS, WORDS
from edi.mapping.tables.mapping import ColumnMapping
from edi.mapping.tables.values import DATE_FORMATS, as_day, as_number, as_text, plain_words
from edi.syntax.findings import Findings
from edi.syntax.limits import DEFAULT_LIMITS, Limits
from edi.syntax.tables import Cell, Dialect, Row, Table, is_workbook, read_csv
from edi.syntax.workbooks import read_workbook

HEADER_WITHIN = 30  # rows: above a header stand titles and addresses, not pages
_SAMPLES = 200
_FIELDS_OF = {word: name for name, words in reversed(WORDS.items()) for word in words.split("|") if word}


@dataclass(frozen=True, slots=True)
class Head:
    """The row of headers: its position among the rows, and a name of each column that is unique in it."""

    position: int
    names: tuple[str, ...]


def open_table(data: bytes, mapping: ColumnMapping, findings: Findings, limits: Limits = DEFAULT_LIMITS) -> Table:
    """The rows of a CSV or XLSX file, as the mapping says they are written; faults are findings."""
    if is_workbook(data):
        return read_workbook(data, findings, sheet=mapping.sheet, limits=limits)
    if not mapping.delimiter and not mapping.encoding:
        return read_csv(data, findings, limits=limits)
    sniffed = read_csv(data[:65_536], Findings(), limits=limits).dialect or Dialect()
    dialect = Dialect(mapping.encoding or sniffed.encoding, mapping.delimiter or sniffed.delimiter, sniffed.quote)
    return read_csv(data, findings, dialect=dialect, limits=limits)


def head_of(table: Table, stated: int = 0) -> Head:
    """The row of headers: the stated one (1-based), else the one among the first with most known words, else the first
    row that is as wide as most."""
    rows = table.rows[:HEADER_WITHIN]
    if not rows:
        return Head(0, ())
    position = min(stated, len(table.rows)) - 1 if stated else max(range(len(rows)), key=lambda at: _likeness(rows, at))
    return Head(position, unique_names(table.rows[position].cells))


def _likeness(rows: Sequence[Row], position: int) -> tuple[int, int, int]:
    cells = [as_text(cell) for cell in rows[position].cells]
    known = sum(plain_words(cell) in _FIELDS_OF for cell in cells if cell and len(cell) < 80)
    return (known if known > 1 else 0, len([cell for cell in cells if cell]), -position)


def unique_names(cells: Iterable[Cell]) -> tuple[str, ...]:
    """A name for each column: its header, "#3" without one; a second one of the same name is "Name (2)"."""
    names: list[str] = []
    for column, cell in enumerate(cells, 1):
        name = " ".join(as_text(cell).split())[:100] or f"#{column}"
        again, count = name, 1
        while again in names:
            count += 1
            again = f"{name} ({count})"
        names.append(again)
    return tuple(names)


def suggest(data: bytes, kind: str = "order", limits: Limits = DEFAULT_LIMITS) -> ColumnMapping:
    """A mapping for a sample file; what no header word tells is left open. Never raises."""
    table = open_table(data, ColumnMapping(kind), Findings(), limits)
    head = head_of(table)
    columns: dict[str, str] = {}
    for name in head.names:
        field = _field_of(name, kind)
        if field and field not in columns:
            columns[field] = name
    mapping = ColumnMapping(kind, columns, sheet=table.sheet)
    return _with_forms(mapping, table, head)


def _field_of(header: str, kind: str) -> str:
    words = plain_words(header.rpartition(" (")[0] if header.endswith(")") else header) or plain_words(header)
    found = _FIELDS_OF.get(words) or _FIELDS_OF.get(plain_words(header), "")
    if kind == "response" and found == "number":
        found = "order_number"
    if kind == "stock" and found == "issued_on":
        found = "as_of"
    return found if found in FIELDS.get(kind, {}) else ""


def _with_forms(mapping: ColumnMapping, table: Table, head: Head) -> ColumnMapping:
    kinds = FIELDS.get(mapping.kind, {})
    below = table.rows[head.position + 1 :][:_SAMPLES]

    def samples(kind: str) -> list[str]:
        columns = [head.names.index(header) + 1 for name, header in mapping.columns.items() if kinds[name] == kind]
        cells = (row.cell(column) for row in below for column in columns)
        return [cell for cell in cells if isinstance(cell, str) and cell]

    mark = decimal_mark_of(samples("number"))
    return replace(mapping, decimal_mark=mark, date_format=date_format_of(samples("day"), mark))


def decimal_mark_of(samples: Sequence[str]) -> str:
    """The mark with which more samples are numbers; where both explain all, the one that leaves less to thousands."""

    def worth(mark: str) -> tuple[int, int]:
        read = sum(as_number(text, mark) is not None for text in samples)
        return read, sum(mark in text for text in samples)

    return max((".", ","), key=worth)


def date_format_of(samples: Sequence[str], mark: str = ".") -> str:
    """The format that reads most samples; between day-first and month-first, which only a person can know where no day
    is above 12, the day goes first unless numbers are written with a point. Empty without samples."""
    if not samples:
        return ""
    order = DATE_FORMATS if mark == "," else tuple(sorted(DATE_FORMATS, key=lambda form: not form.startswith("MM")))
    return max(order, key=lambda form: _fit(form, samples))


def _fit(form: str, samples: Sequence[str]) -> tuple[int, int]:
    """How many samples a format reads, then how many are parted by the very mark that it has."""
    read = [text for text in samples if _plausible(as_day(text, form))]
    return len(read), sum(text.strip("0123456789")[:1] == form.strip("DMY")[:1] for text in read)


def _plausible(day: date | None) -> bool:
    return day is not None and 1990 <= day.year <= 2100
