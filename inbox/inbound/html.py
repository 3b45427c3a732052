"""HTML of a mail as plain text, without the parts that mail programs mark as quoted or as signature. Pure."""

import re
from typing import Any, cast

from lxml import etree

AT_MOST = 2_000_000  # octets that are looked at
SILENT = {"head", "style", "script", "title", "template", "noscript", "object", "svg"}
BLOCKS = {"p", "div", "table", "tr", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "section", "article"}
VOID = {"br", "hr", "img", "meta", "link", "input", "wbr", "col", "area", "base", "embed", "source"}
QUOTED = re.compile(
    r"gmail_quote|gmail_attr|yahoo_quoted|moz-cite-prefix|protonmail_quote|moz-signature|gmail_signature"
)
# From here on Outlook shows what was answered.
ENDS = {"appendonsend", "divRplyFwdMsg", "mail-editor-reference-message-container"}
MOBILE = {"ms-outlook-mobile-signature", "Signature", "AppleMailSignature"}


class _Collector:
    """The target of the parser: collects words, and is silent inside what is not the writer's own."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.quiet_at = 0  # depth at which silence began; 0: none
        self.depth = 0
        self.quotes: list[int] = []
        self.over = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if tag in VOID:
            self._void(tag, attributes)
            return
        self.depth += 1
        if self.quiet_at or self.over:
            return
        if attributes.get("id") in ENDS:
            self.over = True
        elif self._is_silent(tag, attributes):
            self.quiet_at = self.depth
        elif tag == "blockquote":
            self.quotes.append(self.depth)
            self._line()
        elif tag == "li":
            self._line()
            self.pieces.append("- ")
        elif tag in BLOCKS:
            self._line()

    def _void(self, tag: str, attributes: dict[str, str]) -> None:
        if self.quiet_at or self.over:
            return
        if tag == "hr" and attributes.get("id") == "stopSpelling":
            self.over = True
        elif tag in {"br", "hr"}:
            self.pieces.append("\n")

    @staticmethod
    def _is_silent(tag: str, attributes: dict[str, str]) -> bool:
        if tag in SILENT or attributes.get("id") in MOBILE:
            return True
        marks = f"{attributes.get('class', '')} {attributes.get('id', '')}"
        return bool(QUOTED.search(marks)) or (tag == "blockquote" and attributes.get("type") == "cite")

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag in VOID:
            return
        if self.quiet_at == self.depth:
            self.quiet_at = 0
        elif not self.quiet_at and not self.over and (tag in BLOCKS or tag in {"blockquote", "li"}):
            self._line()
            if tag == "p":
                self.pieces.append("\n")
        if self.quotes and self.quotes[-1] == self.depth:
            self.quotes.pop()
        self.depth -= 1

    def data(self, text: str) -> None:
        """Words."""
        if self.quiet_at or self.over:
            return
        words = re.sub(r"[ \t\r\n]+", " ", text)
        if self.pieces and self.pieces[-1].endswith("\n"):
            words = words.lstrip(" ")
            if words and self.quotes:
                self.pieces.append("> ")
        self.pieces.append(words)

    def comment(self, _text: str) -> None:
        """Not shown."""

    def _line(self) -> None:
        if self.pieces and not self.pieces[-1].endswith("\n"):
            self.pieces.append("\n")

    def close(self) -> str:
        """All that was collected."""
        return "".join(self.pieces)


def text_of(html: str) -> str:
    """The words of an HTML mail, a line a block; what it shows of the mail that it answers is left out."""
    target = _Collector()
    parser = etree.HTMLParser(target=cast(Any, target), no_network=True, recover=True, huge_tree=False)
    try:
        parser.feed(html[:AT_MOST])
        parser.close()
    except (etree.LxmlError, ValueError, AssertionError):
        pass  # nested without end: what was read until there counts
    text = "\n".join(line.rstrip() for line in target.close().split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip()
