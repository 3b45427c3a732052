"""Documents on paper: A4 pages of text and tables as a PDF, in the typeface of the pages.

The typeface is what the front end was built with (Inter, SIL Open Font Licence): Latin with all European accents, Greek
and Cyrillic. What it has not is shown as an empty box. The same document gives the same bytes each time.
"""

import hashlib
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont
from fpdf import FPDF
from fpdf.enums import TableBordersLayout, TableHeadingsDisplay
from fpdf.fonts import FontFace

from core.pictures import size_of

FOLDER = settings.BASE_DIR / "frontend" / "dist" / "fonts"
FACE, USUAL = "latin", "latin-ext"
# What else there is, and the letters that ask for it.
SCRIPTS = {
    "greek": re.compile("[\u0370-\u03ff]"),
    "cyrillic": re.compile("[\u0400-\u04ff]"),
    "vietnamese": re.compile("[\u1ea0-\u1ef9]"),
}
WEIGHTS = {"": 400, "B": 650}
MM_PER_PIXEL = 25.4 / 120  # at most: a small picture stays small, and sharp
INK, FAINT, RULE = (24, 28, 36), (98, 106, 120), (214, 218, 226)
UNSEEN = re.compile(r"[^\S\n]|[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, its share of the width, and whether it is of figures, which end on one line."""

    heading: str
    share: float
    figures: bool = False


class Paper(FPDF):
    """One document. `foot` stands under each page beside its number."""

    def __init__(self, *, title: str, author: str, made_at: datetime, foot: str = "") -> None:
        super().__init__(format="A4")
        self.foot = foot
        self.alias_nb_pages(None)  # type: ignore[arg-type]  # nothing that people wrote is replaced
        self.set_title(title)
        self.set_author(author)
        self.set_creation_date(made_at)
        self.set_lang(get_language() or settings.LANGUAGE_CODE)
        self.beside: list[str] = []
        self._bring(FACE)
        self._bring(USUAL)
        self.set_margins(18, 18)
        self.set_auto_page_break(True, margin=22)
        self.add_page()

    def footer(self) -> None:
        """The foot of each page."""
        self.set_y(-14)
        self._face(8, FAINT)
        self.cell(self.epw * 0.8, 5, self.said(self.foot))
        self.cell(0, 5, _("Page %(n)d") % {"n": self.page_no()}, align="R")

    def heading(self, text: str, under: str = "") -> None:
        """The title of the document, and a line below it."""
        self._face(17, INK, "B")
        self.multi_cell(0, 8, self.said(text), align="L", new_x="LMARGIN", new_y="NEXT")
        if under:
            self.paragraph(under, faint=True)

    def picture(self, png: bytes, *, said: str, wide: float = 52, high: float = 17) -> None:
        """A picture at the left with nothing beside it, in a box of millimetres; `said` is for who cannot see it."""
        width, height = size_of(io.BytesIO(png))
        if not width or not height:
            return
        share = min(wide / width, high / height, MM_PER_PIXEL)
        self.image(io.BytesIO(png), w=width * share, h=height * share, alt_text=seen(said))
        self.ln(5)

    def paragraph(self, text: str, *, faint: bool = False) -> None:
        """Text over the whole width; its line breaks are kept."""
        self._face(9.5, FAINT if faint else INK)
        self.multi_cell(0, 5, self.said(text), align="L", new_x="LMARGIN", new_y="NEXT")
        self.ln(2.5)

    def facts(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Labels with their values, two beside each other."""
        self._face(9.5, INK)
        label = FontFace(color=FAINT, size_pt=8.5)
        flat = [part for label_, value in pairs if value for part in (label_, value)]
        flat += ["", ""] * (len(flat) // 2 % 2)
        with self.table(
            borders_layout=TableBordersLayout.NONE, first_row_as_headings=False, col_widths=(2, 6, 2, 6),
            text_align="LEFT", v_align="TOP", line_height=5, padding=(0.6, 2, 0.6, 0),
        ) as table:  # fmt: skip
            for at in range(0, len(flat), 4):
                row = table.row()
                for place, part in enumerate(flat[at : at + 4]):
                    row.cell(self.said(part), style=None if place % 2 else label)
        self.ln(3)

    def grid(self, columns: Sequence[Column], rows: Iterable[Sequence[str]], last: Sequence[str] = ()) -> None:
        """A table whose headings stand on each page; `last` is its line of sums."""
        self._face(9, INK)
        self.set_draw_color(*RULE)
        with self.table(
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            col_widths=tuple(column.share for column in columns),
            text_align=tuple("RIGHT" if column.figures else "LEFT" for column in columns),
            headings_style=FontFace(color=FAINT, size_pt=8),
            repeat_headings=TableHeadingsDisplay.ON_TOP_OF_EVERY_PAGE,
            v_align="TOP",
            line_height=4.6,
            padding=(1.6, 1.5, 1.6, 0),
        ) as table:
            table.row([self.said(column.heading) for column in columns])
            for cells in rows:
                table.row([self.said(cell) for cell in cells])
            if last:
                table.row([self.said(cell) for cell in last], style=FontFace(emphasis="BOLD"))
        self.ln(4)

    def octets(self) -> bytes:
        """The file."""
        return bytes(self.output())

    def said(self, text: str) -> str:
        """Text as it is put on paper; the letters of other scripts are brought when they are first needed."""
        text = seen(text)
        for subset, letters in SCRIPTS.items():
            if subset not in self.beside and letters.search(text):
                self._bring(subset)
        return text

    def _bring(self, subset: str) -> None:
        for style, weight in WEIGHTS.items():
            self.add_font(subset, style, face(subset, weight))
        if subset != FACE:
            self.beside.append(subset)
            self.set_fallback_fonts(self.beside, exact_match=True)

    def _face(self, size: float, colour: tuple[int, int, int], style: str = "") -> None:
        self.set_font(FACE, style, size)
        self.set_text_color(*colour)


def seen(text: str) -> str:
    """Text without what is not seen (control characters, marks of direction); blanks of any width are one."""
    return UNSEEN.sub(lambda found: " " if found.group().isspace() else "", text.replace("\r\n", "\n"))


@cache
def face(subset: str, weight: int) -> Path:
    """A part of the typeface in one weight. The front end's files hold every weight in one: what paper needs is cut out
    once, which takes a second, and kept beside the portal's data."""
    source = FOLDER / f"inter-{subset}-wght-normal.woff2"
    mark = hashlib.sha256(source.read_bytes()).hexdigest()[:12]
    path: Path = settings.DATA_DIR / "fonts" / f"{subset}-{weight}-{mark}.ttf"
    if not path.exists():
        _cut(source, weight, path)
    return path


def _cut(source: Path, weight: int, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    font = instantiateVariableFont(TTFont(source, recalcTimestamp=False), {"wght": weight}, inplace=True)
    font.flavor = None
    unready = path.with_suffix(f".{id(font)}")
    font.save(unready)
    unready.replace(path)  # whole or not at all, whoever else does the same now
