"""XML read so that a hostile document can do nothing: no DOCTYPE, no entities, no network, bounded size.

A DOCTYPE is refused before the parser sees it: a "hardened" lxml still accepts one and loses its entities. That of a
cXML document, which its standard demands, is cut out when it does no more than name the external DTD.
"""

import re
from dataclasses import dataclass

from lxml import etree

from edi.syntax.findings import Findings, Place
from edi.syntax.source import Source

_LEADING = b" \t\r\n"
ATTRIBUTES_AT_MOST = 200  # of one element
_SHORTEST_ATTRIBUTE = 5  # bytes: a blank, a name, an equals sign, two quotes

# <!DOCTYPE cXML SYSTEM "…"> or PUBLIC "…" "…": no internal subset, so nothing is declared.
_CXML_DOCTYPE = re.compile(
    rb"<!DOCTYPE\s{1,20}c?xml(?:\s{1,20}(?:SYSTEM|PUBLIC\s{1,20}(?:\"[^\"<>\[]{0,300}\"|'[^'<>\[]{0,300}'))"
    rb"\s{1,20}(?:\"[^\"<>\[]{0,300}\"|'[^'<>\[]{0,300}'))?\s{0,20}>",
    re.IGNORECASE,
)
_NEWLINES = re.compile(rb"[^\n]")
_DECLARED = re.compile(rb"<\?xml\s[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([A-Za-z0-9._:-]{1,40})[\"']")
# Encodings that other systems really send. UTF-7 and EBCDIC could hide a DOCTYPE from the look before parsing.
_ENCODINGS = re.compile(
    r"(?:utf-?8|utf-?16(?:le|be)?|us-ascii|ascii|iso-?8859-\d{1,2}|latin1|windows-125\d|cp125\d)\Z", re.IGNORECASE
)


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


def parser() -> etree.XMLParser:
    """The one parser for foreign XML. Comments go, for they would cut a text in two."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )


def parse_xml(source: Source, start: int, findings: Findings) -> XmlDocument | None:
    """The document from byte `start` on, or None with findings that say why it was refused."""
    data = source.data[start:].lstrip(_LEADING)
    data, is_cxml = _without_cxml_doctype(data)
    if _declares_doctype(data):
        _refuse(source, start, findings)
        return None
    declared = _declared_encoding(data)
    if declared and not _ENCODINGS.match(declared):
        text = f"The XML cannot be read: the encoding {declared!r} is not accepted; UTF-8 is."
        findings.error("xml-malformed", text, Place(line=1, column=1), value=declared)
        return None
    try:
        root = etree.fromstring(data, parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        findings.error("xml-malformed", f"The XML cannot be read: {_reason(error)}.", _error_place(error))
        return None
    info = root.getroottree().docinfo
    if getattr(info, "doctype", "") or (is_cxml and etree.QName(root).localname.lower() != "cxml"):
        _refuse(source, start, findings)
        return None
    document = XmlDocument(root, source)
    # An element of so many attributes is a long one: the look at each is spared most files.
    return _bounded(document, findings) if b"\x00" in data[:64] or _has_long(data) else document


def _has_long(data: bytes) -> bool:
    """Whether any element may be long enough for that many attributes. When one begins in every stretch of half that
    length, none is."""
    most = ATTRIBUTES_AT_MOST * _SHORTEST_ATTRIBUTE
    half = most // 2
    if all(data.find(b"<", at, at + half) >= 0 for at in range(0, len(data) - half + 1, half)):
        return False
    return max(map(len, data.split(b"<"))) > most


def _bounded(document: XmlDocument, findings: Findings) -> XmlDocument | None:
    """The document unless an element has attributes beyond all reason."""
    if document.root.xpath(f"boolean(//*[@*[{ATTRIBUTES_AT_MOST + 1}]])"):
        text = f"An element of the document has more than {ATTRIBUTES_AT_MOST} attributes; it was not read."
        findings.error("xml-malformed", text, document.place(document.root))
        return None
    return document


def _without_cxml_doctype(data: bytes) -> tuple[bytes, bool]:
    """`data` with blanks for the DOCTYPE of a cXML document, so that lines stay where they were."""
    at = _doctype_at(data)
    found = _CXML_DOCTYPE.match(data, at) if at >= 0 else None
    if found is None:
        return data, False
    return data[: found.start()] + _NEWLINES.sub(b" ", found[0]) + data[found.end() :], True


def _declared_encoding(data: bytes) -> str:
    head = data[:400].replace(b"\x00", b"")
    found = _DECLARED.search(head)
    return found[1].decode("ascii") if found else ""


def _refuse(source: Source, start: int, findings: Findings) -> None:
    message = "The document has a DOCTYPE; these are refused because they can pull in foreign content."
    at = max(source.data.find(b"<!DOCTYPE", start), start)
    findings.error("doctype-refused", message, source.place(at, at + 9))


def _declares_doctype(data: bytes) -> bool:
    """Whether a DOCTYPE stands in the prolog, the only place where XML allows one. Any 8 or 16 bit encoding."""
    return _doctype_at(data.replace(b"\x00", b"") if b"\x00" in data[:64] else data) >= 0


def _doctype_at(data: bytes) -> int:
    """Where the DOCTYPE of the prolog begins, -1 without one. Linear."""
    position = data.find(b"<")
    while position >= 0:
        head = data[position : position + 9]
        if head.startswith(b"<?"):
            position = data.find(b"?>", position)
        elif head.startswith(b"<!--"):
            position = data.find(b"-->", position + 4)
        else:
            return position if head.upper() == b"<!DOCTYPE" else -1
        position = data.find(b"<", position + 1) if position >= 0 else -1
    return -1


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
