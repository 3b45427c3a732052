"""One FatturaPA file into an `Interchange`: a message for each of its bodies."""

from dataclasses import replace
from typing import Any

from lxml import etree

from edi.guides.fatturapa_structure import check_fatturapa
from edi.mapping.checks import check
from edi.mapping.fatturapa.shapes import BODY, HEADER
from edi.mapping.model import Interchange, Message, PartyRef
from edi.mapping.places import by_path
from edi.mapping.unsupported import report_unsupported
from edi.mapping.xml.draft import Element, Work, XmlDraft
from edi.syntax.findings import Findings
from edi.syntax.limits import Limits
from edi.syntax.xml import XmlDocument
from orders.documents import InvoiceDocument, InvoiceLineDocument, PartyDocument, TotalsDocument

ROOT = "FatturaElettronica"
_NAMESPACE = "http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/"
_OLD_NAMESPACE = "http://www.fatturapa.gov.it/sdi/fatturapa/"
# References to documents other than the order and the despatch note.
_REFERENCE = {"DatiContratto": "contract", "DatiConvenzione": "agreement", "DatiRicezione": "receipt"}
_KINDS = frozenset({"invoice", "credit_note", "debit_note", "prepayment", "self_billed"})


def is_fatturapa(root: Element) -> bool:
    """Whether the document element is that of an Italian invoice, ordinary or simplified."""
    name = etree.QName(root)
    return name.localname.startswith(ROOT) and (name.namespace or "").startswith((_NAMESPACE, _OLD_NAMESPACE))


def read_fatturapa(
    document: XmlDocument, start: int, envelope: Findings, findings: Findings, limits: Limits
) -> Interchange:
    """The file as an interchange: between the VAT numbers of seller and buyer, numbered by ProgressivoInvio."""
    root = document.root
    work = Work(document, findings, limits.lines)
    header = root.find("FatturaElettronicaHeader")
    draft = XmlDraft(root if header is None else header, f"/{ROOT}/FatturaElettronicaHeader")
    messages: tuple[Message, ...]
    if etree.QName(root).localname != ROOT or header is None:
        report_unsupported(etree.QName(root).localname, findings, document.place(root))
        messages = (Message("", etree.QName(root).localname, root.get("versione", ""), findings=findings.freeze()),)
    else:
        HEADER.fill(work, header, draft, draft.path)
        check_fatturapa(document, findings)
        messages = tuple(_messages(work, document, draft, limits))
    values = draft.values
    return Interchange(
        standard="fatturapa",
        version=root.get("versione", ""),
        control_number=values.get("sequence", ""),
        sender=_address(values.get("seller")),
        receiver=_address(values.get("buyer")),
        messages=messages,
        findings=envelope.freeze(),
        start=start,
        end=len(document.source.data),
        details={"recipient": values.get("recipient", ""), "format": values.get("format", "")},
    )


def _address(party: PartyDocument | None) -> PartyRef:
    if party is None or not party.identifiers:
        return PartyRef("")
    return PartyRef(party.identifiers[0].value, party.identifiers[0].raw_scheme)


def _messages(work: Work, document: XmlDocument, header: XmlDraft, limits: Limits) -> list[Message]:
    """A message for each body; what is wrong with the file as a whole is told with the first."""
    messages: list[Message] = []
    findings = work.findings
    for index, body in enumerate(document.root.iterfind("FatturaElettronicaBody"), start=1):
        if len(messages) >= limits.messages:
            findings.error("too-many-messages", f"The file has more than {limits.messages} invoices.")
            break
        work.findings = findings
        invoice = _invoice(work, body, header, index)
        check(invoice, findings, by_path)
        messages.append(
            Message(
                reference=invoice.number,
                kind=ROOT,
                version=document.root.get("versione", ""),
                document=invoice,
                findings=findings.freeze(),
                end=len(document.source.data),
            )
        )
        findings = document.source.findings(limits)
    return messages


def _invoice(work: Work, body: Element, header: XmlDraft, index: int) -> InvoiceDocument:
    draft = XmlDraft(body, f"/{ROOT}/FatturaElettronicaBody[{index}]")
    work.currency = (body.findtext("DatiGenerali/DatiGeneraliDocumento/Divisa") or "").strip()
    BODY.fill(work, body, draft, draft.path)
    values = draft.values
    if values.get("kind", "invoice") not in _KINDS:
        draft.extras.append(("DatiGenerali/DatiGeneraliDocumento/TipoDocumento", values.pop("kind")))
    for name in ("buyer", "seller"):
        values[name] = header.values.get(name, PartyDocument())
    totals = draft.part("totals", TotalsDocument).values
    payable = values.pop("payable", None)
    if payable is not None:
        totals["payable"] = payable
    _refer(values, values.pop("documents", []))
    draft.origin[:0] = header.origin
    draft.extras[:0] = header.extras
    invoice: InvoiceDocument = draft.whole(InvoiceDocument, number="")
    return invoice


def _refer(values: dict[str, Any], documents: list[tuple[str, str, tuple[str, ...], str]]) -> None:
    """Orders and despatch notes of the whole invoice, or of the lines that they name; the rest as references."""
    references = values.setdefault("references", [])
    for tag, number, lines, item in documents:
        field = {"DatiOrdineAcquisto": "order_number", "DatiDDT": "despatch_number"}.get(tag)
        if field and lines:
            values["lines"] = [_of_line(line, lines, field, number, item) for line in values.get("lines", ())]
        elif field and field not in values:
            values[field] = number
        elif tag == "DatiFattureCollegate" and "preceding" not in values:
            values["preceding"] = number
        else:
            kinds = {"order_number": "order", "despatch_number": "despatch", None: _REFERENCE.get(tag, "invoice")}
            references.append((kinds[field], number))


def _of_line(
    line: InvoiceLineDocument, lines: tuple[str, ...], field: str, number: str, item: str
) -> InvoiceLineDocument:
    if line.number not in lines:
        return line
    if field == "despatch_number":
        return replace(line, despatch_number=number)
    return replace(line, order_number=number, order_line=item or line.order_line)
