"""A flyer as a PDF, under the name of one participant."""

from collections.abc import Iterable

from markdown_it import MarkdownIt
from markdown_it.token import Token

from audiences.writing import FIELD
from campaigns import writing
from campaigns.branding import values_of
from campaigns.models import Asset, Participant
from core.paper import INK, Paper, seen

SIZES = {
    "h1": (20, "B", 9),
    "h2": (15, "B", 7),
    "h3": (12.5, "B", 6),
    "p": (12, "", 6.4),
}  # points, style, height in mm
_markdown = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_block", "html_inline", "reference"])


class Flyer(Paper):
    """A page with a large heading and text of several sizes."""

    def block(self, text: str, kind: str, indent: float = 0) -> None:
        """One paragraph or heading; `indent` in millimetres."""
        size, style, height = SIZES[kind]
        self._face(size, INK, style)
        self.set_x(self.l_margin + indent)
        self.multi_cell(self.epw - indent, height, seen(text), align="L", new_x="LMARGIN", new_y="NEXT")
        self.ln(2.5 if kind == "p" else 1.5)


def pdf_of(asset: Asset, seat: Participant) -> bytes:
    """The flyer with what a participant says of itself; the same text gives the same bytes."""
    values = values_of(seat, asset)
    said = (str(seat.organisation), seat.address, seat.contact, seat.phone, seat.email)
    title = writing.filled(asset.title, values, markdown=False)
    foot = " · ".join(part for part in said if part)
    paper = Flyer(title=title, author=str(seat.organisation), made_at=asset.written_at, foot=foot)
    paper.block(str(seat.organisation), "h3")
    paper.ln(6)
    paper.heading(title)
    paper.ln(4)
    text = FIELD.sub(lambda match: f"[{match[1]}]", writing.filled(asset.body, values))
    for kind, line, indent in _blocks(_markdown.parse(text)):
        paper.block(line, kind, indent)
    return paper.octets()


def _blocks(tokens: list[Token]) -> Iterable[tuple[str, str, float]]:
    """Kind, text and indent of each block. Lists carry their sign, and stand a step in."""
    kind, lists, sign = "p", [], ""
    for token in tokens:
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            lists.append(int(token.attrs.get("start", 1)) if token.type.startswith("ordered") else 0)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            lists.pop()
        elif token.type == "list_item_open":
            sign = f"{lists[-1]}. " if lists[-1] else "• "
            lists[-1] += 1 if lists[-1] else 0
        elif token.type == "heading_open":
            kind = token.tag if token.tag in SIZES else "h3"
        elif token.type == "inline":
            yield kind, f"{sign}{_words(token.children or [])}", 5.0 * len(lists)
            kind, sign = "p", ""


def _words(children: list[Token]) -> str:
    """The words of a block; the address of a link behind them, where it says more."""
    said, leads_to = [], ""
    for child in children:
        if child.type in {"softbreak", "hardbreak"}:
            said.append(" " if child.type == "softbreak" else "\n")
        elif child.type == "link_open":
            leads_to = str(child.attrs.get("href", "")).removeprefix("mailto:")
        elif child.type == "link_close":
            said.append(f" ({leads_to})" if leads_to and leads_to not in "".join(said) else "")
        else:
            said.append(child.content)
    return "".join(said)
