"""cXML Response and StatusUpdateRequest as AcknowledgementDocument; the Response to an interchange."""

from datetime import datetime
from typing import Any

from lxml import etree

from edi.mapping.ack_common import Extra, errors_of
from edi.mapping.model import Interchange
from edi.mapping.xml.draft import Element, Work, XmlDraft
from edi.mapping.xml.out import Out, safe
from edi.mapping.xml.shape import Entry, Ignored, Shape
from orders.documents import AcknowledgementDocument, NoticeError, NoticeVerdict

DOCTYPE = '<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.050/cXML.dtd">'
_CODE = {"received": "201", "accepted": "200", "accepted_with_errors": "200", "partly": "406", "rejected": "406"}
_ERRORS_AT_MOST = 20


class _Status(Entry):
    """<Status code="200" text="OK">: 2xx is accepted (201 only received), all others are refusals."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("Status", "status")

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        code, word, text = node.get("code", ""), node.get("text", ""), (node.text or "").strip()
        verdict = "received" if code == "201" else "accepted" if code.startswith("2") else "rejected"
        errors = (NoticeError(code, text or word),) if verdict == "rejected" else ()
        draft.take("status", (verdict, errors), code, node, f"{at}/Status/@code")
        if text and not errors:
            draft.add("notes", text, text, node, f"{at}/Status")

    def write(self, out: Out, parent: Element, record: Any) -> None:
        for verdict in record.verdicts[:1]:
            said = "; ".join(filter(None, (error.text for error in verdict.errors))) or "\n".join(record.notes)
            with out.element(parent, self.tag) as child:
                child.set("code", _CODE.get(verdict.verdict, "200"))
                child.set("text", "OK" if _CODE.get(verdict.verdict, "200").startswith("2") else "Not Acceptable")
                child.text = safe(said) or None


class _Reference(Entry):
    """<DocumentReference payloadID="…">: the document whose status this is."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("DocumentReference", "interchange")

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        payload = node.get("payloadID", "").strip()
        if payload:
            draft.take("interchange", payload, payload, node, f"{at}/DocumentReference/@payloadID")

    def write(self, out: Out, parent: Element, record: Any) -> None:
        with out.element(parent, self.tag) as child:
            child.set("payloadID", record.interchange or next((v.reference for v in record.verdicts), "") or "NA")


STATUS_UPDATE = Shape(_Reference(), _Status(), keeps_attributes=True)
RESPONSE = Shape(_Status(), Ignored("Extension"))


def make_status(work: Work, draft: XmlDraft) -> AcknowledgementDocument:
    """The acknowledgement. A Response says nothing of what it answers: it came back in the same exchange."""
    verdict, errors = draft.values.pop("status", ("received", ()))
    reference = draft.values.get("interchange", "")
    number = work.document.root.get("payloadID", "")
    notice: AcknowledgementDocument = draft.whole(
        AcknowledgementDocument,
        number=number,
        verdicts=(NoticeVerdict("interchange", reference, verdict, errors=tuple(errors)),),
    )
    return notice


def write_response(interchange: Interchange, control_number: str, prepared_at: datetime, extra: Extra) -> bytes:
    """The <Response> to a cXML document: 200, or 406 with what is wrong (cXML 1.2, section 3.1.9)."""
    errors = [*errors_of(interchange, extra)]
    for message in interchange.messages:
        errors += errors_of(message, extra)
    root = etree.Element("cXML", payloadID=safe(control_number), timestamp=prepared_at.isoformat())
    status = etree.SubElement(etree.SubElement(root, "Response"), "Status")
    status.set("code", "406" if errors else "200")
    status.set("text", "Not Acceptable" if errors else "OK")
    status.text = "\n".join(safe(f"[{each.code}] {each.message}") for each in errors[:_ERRORS_AT_MOST]) or None
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", doctype=DOCTYPE)
