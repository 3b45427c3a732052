"""Tables that people paste or upload (CSV of any spreadsheet): text becomes rows with named cells. Pure."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from core.errors import DomainError

MAX_TEXT = 1_000_000  # characters
MAX_ROWS = 5000
MAX_CELL = 2000
SEPARATORS = (";", "\t", ",")
# What may stand before the decimal mark and three digits, where the mark may as well part the thousands.
UNCLEAR = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")


@dataclass(frozen=True, slots=True)
class PastedRow:
    """A line of the table that is not empty: its number in the text (from 1), and its cells by column."""

    number: int
    cells: Mapping[str, str]


def text_of(data: bytes) -> str:
    """An uploaded file as text: UTF-8 with or without its mark, else the Windows code page of western Europe."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def read_table(text: str, names: Mapping[str, frozenset[str]], bare: Sequence[str] = ()) -> list[PastedRow]:
    """The rows of a table. `names` are the headings by which each column is known, in lower case; without a heading
    the columns are those of `bare`, in that order. Raises DomainError (field "text") for what cannot be read."""
    text = text.replace("\x00", "").lstrip("\ufeff")
    if len(text) > MAX_TEXT:
        raise DomainError(_("That is more than a million characters. Take it in several parts."), field="text")
    lines = _lines(text)
    if not lines:
        raise DomainError(_("There is no line to take in."), field="text")
    columns = _columns(lines[0][1], names)
    if columns:
        lines = lines[1:]
    elif not bare:
        raise DomainError(_("The first line has to name the columns: %s.") % ", ".join(names), field="text")
    if len(lines) > MAX_ROWS:
        raise DomainError(_("There are more than %d lines. Take them in several parts.") % MAX_ROWS, field="text")
    order = columns or dict(enumerate(bare))
    return [
        PastedRow(number, {name: cells[at] for at, name in order.items() if at < len(cells)}) for number, cells in lines
    ]


def _lines(text: str) -> list[tuple[int, list[str]]]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(SEPARATORS, key=first.count)
    found: list[tuple[int, list[str]]] = []
    begins = 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return found
        except csv.Error as error:
            raise DomainError(_("Line %d cannot be read as a line of a table.") % begins, field="text") from error
        if any(cell.strip() for cell in cells):
            found.append((begins, [_unguarded(cell.strip())[:MAX_CELL] for cell in cells]))
        begins = reader.line_num + 1


def _unguarded(cell: str) -> str:
    """Without the apostrophe that our own CSV puts before what a spreadsheet would run."""
    return cell[1:] if cell.startswith(("'=", "'+", "'-", "'@")) else cell


def _columns(cells: Sequence[str], names: Mapping[str, frozenset[str]]) -> dict[int, str]:
    """Which column is which; nothing where the line is no heading. A column serves once."""
    found: dict[int, str] = {}
    for at, cell in enumerate(cells):
        key = " ".join(cell.casefold().replace("_", " ").split())
        name = next((name for name, known in names.items() if key in known and name not in found.values()), None)
        if name:
            found[at] = name
    return found if len(found) > 1 or (found and len(cells) == 1) else {}


def decimal_of(text: str) -> Decimal:
    """A number as people of any country write it: "1234.5", "1234,5", "1.234,50", "1,234.50", "1 234.50", with or
    without a currency sign. Raises DomainError for what is none, and for "1.234", which may be read in two ways."""
    if not text.strip():
        raise DomainError(_("A number is missing."))
    clean = re.sub(r"[\s\u00a0\u202f'’€$£%]", "", text)
    if UNCLEAR.fullmatch(clean):
        plain, more = re.sub(r"[.,]", "", clean), clean.replace(",", ".") + "0"
        raise DomainError(
            _("“%(text)s” may be %(plain)s or %(more)s: write one of these.")
            % {"text": text[:30], "plain": plain, "more": more}
        )
    if "." in clean and "," in clean:
        mark = "," if clean.rindex(",") > clean.rindex(".") else "."
        clean = clean.replace("." if mark == "," else ",", "")
    elif clean.count(",") > 1 or clean.count(".") > 1:
        clean = clean.replace(",", "").replace(".", "")
    try:
        number = Decimal(clean.replace(",", "."))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not re.fullmatch(r"[+-]?[0-9.,]+", clean):
        raise DomainError(_("“%s” is no number.") % text[:30])
    return number
