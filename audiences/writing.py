"""The text of a mailing: Markdown with fields, made once into pieces that are joined for each recipient.

`{{first_name}}` stands for a field, `{{company|your company}}` for one with what is said where it is empty. Values are
put in after the Markdown became HTML, and escaped: nothing that stands in a contact can become markup.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

import nh3
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from core.errors import DomainError

FIELD = re.compile(r"\{\{\s*([^{}|]{1,60}?)\s*(?:\|([^{}|]{0,80}))?\}\}")
MARK = re.compile("\ue000([flup])(\\d*)\ue001")
PRIVATE = re.compile("[\ue000-\ue00f]")
OURS = re.compile(r'href="https://link\.invalid/(\d+)"')
LOGO = "our_logo"  # the picture of who writes: in the text alone, the same in every letter of a mailing
FIELDS = ("first_name", "name", "company", "email", "country", "language")
LINKS_AT_MOST = 100
TAGS = {"p", "br", "strong", "em", "s", "code", "a", "ul", "ol", "li", "hr", "h1", "h2", "h3", "blockquote", "pre"}
STYLES = {
    "p": "margin:0 0 16px;font-size:15px;line-height:23px;",
    "h1": "margin:0 0 16px;font-size:22px;line-height:28px;",
    "h2": "margin:8px 0 12px;font-size:18px;line-height:24px;",
    "h3": "margin:8px 0 8px;font-size:16px;line-height:22px;",
    "ul": "margin:0 0 16px;padding-left:22px;font-size:15px;line-height:23px;",
    "ol": "margin:0 0 16px;padding-left:22px;font-size:15px;line-height:23px;",
    "blockquote": "margin:0 0 16px;padding-left:14px;border-left:3px solid #c7d0d4;",
}
_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["strikethrough"])
_markdown.disable(["image", "html_block", "html_inline", "reference"])


class Slot(NamedTuple):
    """A place that differs from letter to letter: f a field, l a link, u the way out, p the picture that is counted."""

    kind: str
    number: int


Pieces = tuple[str | Slot, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A field, and what stands there where it is empty."""

    name: str
    otherwise: str


@dataclass(frozen=True, slots=True)
class Body:
    """The text in both shapes, its fields, and the addresses it leads to, by their number."""

    html: str
    text: str
    fields: tuple[Field, ...]
    urls: tuple[str, ...]


def written(body: str, known: Iterable[str]) -> Body:
    """Read a text. `known`: the fields that may be named. Raises DomainError for another, and for one in an address."""
    marked, fields = with_marks(body, known, "body")
    tokens = _markdown.parse(marked)
    urls: list[str] = []
    for child in (child for token in tokens for child in token.children or ()):
        if child.type == "link_open":
            child.attrs["href"] = _numbered(str(child.attrs["href"]), urls)
    html = nh3.clean(
        _markdown.renderer.render(tokens, _markdown.options, {}),
        tags=TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"https", "mailto"},
        link_rel=None,
    )
    html = OURS.sub(lambda match: f'href="{mark_of("l", match[1])}"', html)
    for tag, style in STYLES.items():
        html = html.replace(f"<{tag}>", f'<{tag} style="{style}">')
    return Body(html.strip(), _plain(tokens), fields, tuple(urls))


def with_marks(text: str, known: Iterable[str], where: str) -> tuple[str, tuple[Field, ...]]:
    """The text with a mark for each field, and the fields. Raises DomainError for one that is not known."""
    allowed = set(known)
    fields: list[Field] = []

    def mark(match: re.Match[str]) -> str:
        if match[1] not in allowed:
            sentence = _("There is no field “%(name)s”. There are: %(names)s.")
            raise DomainError(sentence % {"name": match[1], "names": ", ".join(sorted(allowed))}, field=where)
        fields.append(Field(match[1], (match[2] or "").strip()))
        return mark_of("f", len(fields) - 1)

    return FIELD.sub(mark, PRIVATE.sub("", text)), tuple(fields)


def _numbered(url: str, urls: list[str]) -> str:
    """An address of the web by its number; e-mail addresses stay."""
    if "%EE%80%80" in url.upper():
        raise DomainError(_("A field cannot stand in an address."), field="body")
    if not url.startswith(("http://", "https://")):
        return url if url.startswith("mailto:") else ""
    if url not in urls:
        urls.append(url[:2000])
    if len(urls) > LINKS_AT_MOST:
        raise DomainError(_("A mailing leads to at most %(n)d addresses.") % {"n": LINKS_AT_MOST}, field="body")
    return f"https://link.invalid/{urls.index(url[:2000]) + 1}"


def _plain(tokens: list[Token]) -> str:
    """The text as it stands in the plain part: links behind their words, lists with dashes."""
    lines: list[str] = []
    for token in tokens:
        if token.type == "inline":
            lines.append("".join(_said(token.children or [])))
        elif token.type in {"code_block", "fence"}:
            lines += [token.content, "\n"]
        elif token.type == "list_item_open":
            lines.append("- ")
        elif token.type == "hr":
            lines.append("-- \n\n")
        elif token.type in {"paragraph_close", "heading_close"}:
            lines.append("\n" if token.hidden else "\n\n")
    return re.sub(r"\n{3,}", "\n\n", "".join(lines)).strip()


def _said(children: list[Token]) -> Iterable[str]:
    leads_to = ""
    for child in children:
        if child.type in {"softbreak", "hardbreak"}:
            yield "\n"
        elif child.type == "link_open":
            number = str(child.attrs["href"]).rpartition("https://link.invalid/")[2]
            leads_to = f" ({mark_of('l', number)})" if number.isdigit() else ""
        elif child.type == "link_close":
            yield leads_to
        elif child.type in {"text", "code_inline"}:
            yield child.content


def mark_of(kind: str, number: int | str = "") -> str:
    """What stands in a text for a place that differs from letter to letter."""
    return f"\ue000{kind}{number}\ue001"


def pieces_of(text: str) -> Pieces:
    """A text with marks, cut at them."""
    found: list[str | Slot] = []
    end = 0
    for match in MARK.finditer(text):
        found += [text[end : match.start()], Slot(match[1], int(match[2] or 0))]
        end = match.end()
    return (*found, text[end:])


def said_of(field: Field, values: Mapping[str, str], *, html: bool = False) -> str:
    """What stands in a letter for a field, on one line; escaped for HTML where that is asked for."""
    said = " ".join((values.get(field.name) or field.otherwise).split())
    return escape(said) if html else said
