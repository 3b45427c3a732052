"""One XML document into an `Interchange`: the document element says which standard it follows."""

from lxml import etree

from edi.mapping.cxml.reading import is_cxml, read_cxml
from edi.mapping.fatturapa.reading import is_fatturapa, read_fatturapa
from edi.mapping.model import Interchange
from edi.mapping.ubl.reading import is_ubl, read_ubl
from edi.syntax.limits import Limits
from edi.syntax.source import Source
from edi.syntax.xml import parse_xml


def read_xml(source: Source, start: int, limits: Limits) -> Interchange:
    """The document from byte `start` on: UBL, cXML or FatturaPA; an Interchange without messages when it cannot be
    read at all."""
    envelope, findings = source.findings(limits), source.findings(limits)
    document = parse_xml(source, start, envelope)
    end = len(source.data)
    if document is None:
        return Interchange("ubl", findings=envelope.freeze(), start=start, end=end)
    if is_ubl(document.root):
        return read_ubl(document, start, envelope, findings, limits)
    if is_cxml(document.root):
        return read_cxml(document, start, envelope, findings, limits)
    if is_fatturapa(document.root):
        return read_fatturapa(document, start, envelope, findings, limits)
    name = etree.QName(document.root)
    space = name.namespace or "(none)"
    known = "neither UBL 2 nor cXML nor FatturaPA"
    text = f"The document element is {name.localname!r} of namespace {space!r}, which is {known}."
    envelope.error("unsupported-document", text, document.place(document.root), value=str(document.root.tag))
    return Interchange("ubl", findings=envelope.freeze(), start=start, end=end)
