"""A flyer as a PDF, under the name of one participant."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from audiences.writing import FIELD, LOGO, PRIVATE
from campaigns import writing
from campaigns.branding import values_of
from campaigns.models import Asset, Participant
from core.paper import FAINT, INK, RULE, Paper
from partners.models import Organisation
from partners.publics import letterhead_of

SIZES = {
    "h1": (18, "B", 8.5),
    "h2": (15, "B", 7),
    "h3": (12.5, "B", 6),
    "p": (12, "", 6.4),
}  # points, style, height in mm
ACCENT = (11, 110, 102)
OUTSIDE = re.compile("(https?|mailto|tel):", re.IGNORECASE)  # on paper no other address leads anywhere
SIGN = 7  # mm: what stands before an item of a list
PLACE = "\ue000"  # of the logo in the text: nobody's letter
_markdown = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_block", "html_inline", "reference"])


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one style; `leads_to` is the address behind them."""

    text: str
    bold: bool = False
    leads_to: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading or a paragraph, `depth` lists deep; `sign` is the dot or the number before it."""

    kind: str
    runs: tuple[Run, ...]
    depth: int = 0
    sign: str = ""

    @property
    def text(self) -> str:
        """Its words alone."""
        return "".join(run.text for run in self.runs)


class Flyer(Paper):
    """A page with a large heading, text of several sizes, and who to ask at its foot."""

    def __init__(self, *, organisation: Organisation, how: str, **options: Any) -> None:
        self.who, self.how = str(organisation), how
        self.logo, self.named = letterhead_of(organisation), not organisation.logo_says_name
        super().__init__(**options)
        self.c_margin = 0
        self.set_margins(22, 22)
        self.set_auto_page_break(True, margin=36)

    def footer(self) -> None:
        """Whom to ask, and how: what a reader keeps the page for."""
        self.set_y(-28)
        self.set_draw_color(*RULE)
        self.line(self.l_margin, self.y, self.w - self.r_margin, self.y)
        self.ln(4)
        self._face(10.5, INK, "B")
        self.cell(0, 5, self.said(self.who), new_x="LMARGIN", new_y="NEXT")
        self._face(9, FAINT)
        self.multi_cell(0, 4.6, self.said(self.how), align="L")

    def title_of(self, text: str) -> None:
        """The logo and the name of the company, and the heading below."""
        self.set_xy(self.l_margin, self.t_margin)
        if self.logo:
            self.picture(self.logo, said=self.who)
        if self.named:
            self._face(11, ACCENT, "B")
            self.multi_cell(0, 6, self.said(self.who), align="L", new_x="LMARGIN", new_y="NEXT")
        self.ln(14)
        self._face(26, INK, "B")
        self.multi_cell(0, 11, self.said(text), align="L", new_x="LMARGIN", new_y="NEXT")
        self.ln(3)
        self.set_fill_color(*ACCENT)
        self.rect(self.l_margin, self.y, 16, 1.2, "F")
        self.ln(10)

    def block(self, block: Block) -> None:
        """One paragraph or heading. Bold words are bold, and what has an address opens it. The logo is a picture where
        it stands alone, else the name."""
        if self.logo and block.text == PLACE and not block.sign:
            self.picture(self.logo, said=self.who)
            return
        size, style, height = SIZES[block.kind]
        usual = self.l_margin
        self.set_left_margin(usual + SIGN * block.depth)
        if block.sign:
            self.set_x(self.l_margin - SIGN)
            self._face(size, ACCENT, "B")
            self.cell(SIGN, height, block.sign)
        self.set_x(self.l_margin)
        for run in block.runs:
            self._face(size, ACCENT if run.leads_to else INK, "B" if run.bold else style)
            text = self.said(run.text.replace(PLACE, self.who))
            self.write(height, text, run.leads_to if OUTSIDE.match(run.leads_to) else "")
        self.set_left_margin(usual)
        self.set_x(usual)
        self.ln(height + (1.5 if block.sign or block.kind != "p" else 3.5))


def pdf_of(asset: Asset, seat: Participant) -> bytes:
    """The flyer with what a participant says of itself; the same text gives the same bytes."""
    values = values_of(seat, asset)
    title = writing.filled(asset.title, values, markdown=False)
    how = " · ".join(part for part in (seat.contact, seat.phone, seat.email, seat.address) if part)
    organisation = seat.organisation
    paper = Flyer(organisation=organisation, how=how, title=title, author=str(organisation), made_at=asset.written_at)
    paper.title_of(title)
    blocks = list(_blocks(_markdown.parse(_text_of(asset, values))))
    if blocks and blocks[0].kind != "p" and blocks[0].text.strip() == title.strip():
        del blocks[0]  # the text repeats its title, as it stands on a page of the web
    for before, block in zip([None, *blocks], blocks, strict=False):
        if before and before.depth > block.depth:
            paper.ln(3)
        paper.block(block)
    return paper.octets()


def _text_of(asset: Asset, values: Mapping[str, str]) -> str:
    text = PRIVATE.sub("", writing.filled(asset.body, values))
    return FIELD.sub(lambda match: PLACE if match[1] == LOGO else f"[{match[1]}]", text)


def _blocks(tokens: list[Token]) -> Iterable[Block]:
    """Headings and paragraphs in their order. Lists carry their sign, and stand a step in."""
    kind, lists, sign = "p", [], ""
    for token in tokens:
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            lists.append(int(token.attrs.get("start", 1)) if token.type.startswith("ordered") else 0)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            lists.pop()
        elif token.type == "list_item_open":
            sign = f"{lists[-1]}." if lists[-1] else "•"
            lists[-1] += 1 if lists[-1] else 0
        elif token.type == "heading_open":
            kind = token.tag if token.tag in SIZES else "h3"
        elif token.type in {"inline", "fence", "code_block"}:
            runs = tuple(_runs(token.children)) if token.children else (Run(token.content.rstrip()),)
            yield Block(kind, runs, len(lists), sign)
            kind, sign = "p", ""


def _runs(children: list[Token]) -> Iterable[Run]:
    """The words of a block by style; the address of a link behind them, where it says more."""
    bold, leads_to, said = 0, "", ""
    for child in children:
        if child.type in {"strong_open", "strong_close"}:
            bold += 1 if child.type == "strong_open" else -1
        elif child.type == "link_open":
            leads_to, said = str(child.attrs.get("href", "")), ""
        elif child.type == "link_close":
            address = leads_to.removeprefix("mailto:")
            if address and address not in said:
                yield Run(f" ({address})", bool(bold), leads_to)
            leads_to = ""
        else:
            words = {"softbreak": " ", "hardbreak": "\n"}.get(child.type, child.content)
            said += words
            yield Run(words, bool(bold), leads_to)
