"""XML read so that a hostile document can do nothing: no DOCTYPE, no entities, no network, bounded size.

A DOCTYPE is refused before the parser sees it: a "hardened" lxml still accepts one and loses its entities.
"""

from dataclasses import dataclass

from lxml import etree

from edi.syntax.findings import Findings, Place
from edi.syntax.source import Source

_LEADING = b" \t\r\n"


@dataclass(frozen=True, slots=True)
class XmlDocument:
    """A parsed document and the file it came from."""

    root: etree._Element
    source: Source

    def place(self, element: etree._Element | None) -> Place:
        """Line and XPath of `element`; the root when there is none."""
        node = self.root if element is None else element
        line: int = getattr(node, "sourceline", None) or 0
        name = etree.QName(node).localname
        return Place(line=line, column=1 if line else 0, tag=name, xpath=xpath_of(node))


def parse_xml(source: Source, start: int, findings: Findings) -> XmlDocument | None:
    """The document from byte `start` on, or None with findings that say why it was refused."""
    data = source.data[start:].lstrip(_LEADING)
    if _declares_doctype(data):
        _refuse(source, start, findings)
        return None
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, recover=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        findings.error("xml-malformed", f"The XML cannot be read: {_reason(error)}.", _error_place(error))
        return None
    if getattr(root.getroottree().docinfo, "doctype", ""):  # in an encoding the look before parsing does not know
        _refuse(source, start, findings)
        return None
    return XmlDocument(root, source)


def _refuse(source: Source, start: int, findings: Findings) -> None:
    message = "The document has a DOCTYPE; these are refused because they can pull in foreign content."
    at = max(source.text.find("<!DOCTYPE", start), start)
    findings.error("doctype-refused", message, source.place(at, at + 9))


def _declares_doctype(data: bytes) -> bool:
    """Whether a DOCTYPE stands in the prolog, the only place where XML allows one. Linear, any 8 or 16 bit encoding."""
    if b"\x00" in data[:64]:
        data = data.replace(b"\x00", b"")
    position = data.find(b"<")
    while position >= 0:
        head = data[position : position + 9]
        if head.startswith(b"<?"):
            position = data.find(b"?>", position)
        elif head.startswith(b"<!--"):
            position = data.find(b"-->", position + 4)
        else:
            return head.upper() == b"<!DOCTYPE"
        position = data.find(b"<", position + 1) if position >= 0 else -1
    return False


def _reason(error: Exception) -> str:
    text = str(error).split(" (<string>", 1)[0].split(", line ", 1)[0]
    return text.rstrip(". ")[:200] or "it is empty"


def _error_place(error: Exception) -> Place:
    line, column = getattr(error, "position", (1, 1))
    return Place(line=line, column=column)


def xpath_of(element: etree._Element) -> str:
    """The path of `element`, with prefixes as the document uses them and positions where siblings share a name."""
    tree = element.getroottree()
    name = etree.QName(tree.getroot()).localname
    return tree.getpath(element).replace("/*", f"/{name}", 1)
