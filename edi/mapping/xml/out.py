"""An XML document being written: elements with content only, and a finding for what cannot be said."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lxml import etree

from edi.mapping.model import Envelope
from edi.syntax.findings import Findings

Element = etree._Element


class Out:
    """What the entries of a shape write to. `claims_peppol` asks for what Peppol BIS 3 demands beyond the schema;
    `pending` are references of the document that no entry has written yet."""

    def __init__(self, envelope: Envelope, findings: Findings, standard: str, currency: str) -> None:
        self.envelope = envelope
        self.findings = findings
        self.standard = standard
        self.currency = currency
        self.claims_peppol = False
        self.pending: list[tuple[str, str]] = []
        self.packages: dict[str, str] = {}  # kinds of packages by identifier

    def leaf(self, parent: Element, tag: str, text: str, marks: dict[str, str] | None = None) -> None:
        """An element with `text` and attributes; none for an empty text."""
        if text:
            child = etree.SubElement(parent, tag, {key: safe(value) for key, value in (marks or {}).items()})
            child.text = safe(text)

    @staticmethod
    def attribute(parent: Element, name: str, text: str) -> None:
        """An attribute of `parent`."""
        if text:
            parent.set(name, safe(text))

    @contextmanager
    def element(self, parent: Element, tag: str) -> Iterator[Element]:
        """An element to be filled; taken away again when it stays empty, for UBL forbids empty elements."""
        child = etree.SubElement(parent, tag)
        yield child
        if not len(child) and not child.text and not child.attrib:
            parent.remove(child)

    def cannot_say(self, name: str, value: Any) -> None:
        """Say that a field was left out because the document has no place for it."""
        shown = ", ".join(str(item) for item in value) if isinstance(value, tuple) else str(value)
        text = f"{self.standard} has no place for {name} ({shown[:60]}); it was left out."
        self.findings.warning("not-expressible", text, value=shown)


def safe(value: str) -> str:
    """`value` with a blank for each character that XML does not allow."""
    return "".join(char if char.isprintable() or char in "\n\t" else " " for char in value)


def dump(root: Element) -> bytes:
    """The document in UTF-8, indented."""
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
