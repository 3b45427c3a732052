"""Markdown of messages to safe HTML: CommonMark without HTML and images, then a sanitiser with a short list."""

import re
from collections.abc import Mapping

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

Named = int | tuple[int, ...]  # a membership, or those for whom the name of a group stands
INLINE = {"br", "strong", "em", "s", "code", "a", "span"}
BLOCKS = {"p", "pre", "blockquote", "ul", "ol", "li", "hr", "table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"a": {"href"}, "span": {"class", "data-member"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}
BARE_LINK = re.compile(r"https?://[^\s<>\"'`]{3,1000}")
TRAILING = ".,;:!?)]}»”’"

_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
_markdown.disable(["image", "html_block", "html_inline", "heading", "lheading", "reference"])


def render(body: str, members: Mapping[str, Named] | None = None) -> str:
    """The HTML of a message; `members` maps the names that may be mentioned, in lower case, to membership ids."""
    html = _markdown.renderer.render(_tokens(body, members or {}), _markdown.options, {})
    return nh3.clean(
        html,
        tags=INLINE | BLOCKS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    ).strip()


def mentioned(body: str, members: Mapping[str, Named]) -> set[int]:
    """The ids of the members whom the body names with @ outside code, by their name or by that of their group."""
    named: set[int] = set()
    for token in _tokens(body, members):
        for child in token.children or ():
            if child.type == "mention_open":
                named.update(child.meta["members"])
    return named


def _tokens(body: str, members: Mapping[str, Named]) -> list[Token]:
    tokens = _markdown.parse(body)
    names = _names_pattern(members)
    for token in tokens:
        if token.type == "inline" and token.children:
            token.children = _enriched(token.children, names, members)
    return tokens


def _names_pattern(members: Mapping[str, Named]) -> re.Pattern[str] | None:
    """One pattern for every @name, the longest first, so that "Anna Maria" wins over "Anna"."""
    if not members:
        return None
    names = "|".join(re.escape(name) for name in sorted(members, key=len, reverse=True))
    return re.compile(rf"(?<![\w@])@({names})(?!\w)", re.IGNORECASE)


def _enriched(children: list[Token], names: re.Pattern[str] | None, members: Mapping[str, Named]) -> list[Token]:
    """Text outside links and code, with its mentions and bare addresses made into tokens of their own."""
    result: list[Token] = []
    in_link = 0
    for child in children:
        in_link += (child.type == "link_open") - (child.type == "link_close")
        if child.type != "text" or in_link:
            result.append(child)
            continue
        for piece in _linked(child.content):
            result += _named(piece.content, names, members) if piece.type == "text" and not piece.meta else [piece]
    return result


def _linked(text: str) -> list[Token]:
    tokens: list[Token] = []
    end = 0
    for match in BARE_LINK.finditer(text):
        address = match.group().rstrip(TRAILING)
        tokens += [_text(text[end : match.start()]), *_link(address)]
        end = match.start() + len(address)
    return [*tokens, _text(text[end:])]


def _named(text: str, names: re.Pattern[str] | None, members: Mapping[str, Named]) -> list[Token]:
    tokens: list[Token] = []
    end = 0
    for match in names.finditer(text) if names else ():
        opening = _mention(members[_key(match)])
        tokens += [_text(text[end : match.start()]), opening, _text(match.group()), Token("mention_close", "span", -1)]
        end = match.end()
    return [*tokens, _text(text[end:])]


def _mention(named: Named) -> Token:
    one = {"data-member": named} if isinstance(named, int) else {}
    members = (named,) if isinstance(named, int) else named
    return Token("mention_open", "span", 1, attrs={"class": "mention", **one}, meta={"members": members})


def _key(match: re.Match[str]) -> str:
    return match.group(1).lower()


def _link(address: str) -> list[Token]:
    shown = Token("text", "", 0, content=address, meta={"linked": True})
    return [
        Token("link_open", "a", 1, attrs={"href": _markdown.normalizeLink(address)}),
        shown,
        Token("link_close", "a", -1),
    ]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)
