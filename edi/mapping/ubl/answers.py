"""UBL ApplicationResponse (Peppol Message Level Response 3, Invoice Response 3) as AcknowledgementDocument."""

from typing import Any

from edi.mapping.ubl.document import ENVELOPE, ID, ISSUE_DATE, DocumentKind
from edi.mapping.ubl.notation import cac, cbc, day, text, text_of, texts
from edi.mapping.ubl.parties import endpoint
from edi.mapping.xml.draft import Element, Work, XmlDraft
from edi.mapping.xml.out import Out
from edi.mapping.xml.shape import Entry, Shape
from orders.documents import AcknowledgementDocument, NoticeError, NoticeVerdict

# ResponseCode, UNCL 4343 as Peppol narrows it: AB and IP and UQ only say that it is being looked at.
_VERDICT = {
    "AB": "received",
    "IP": "received",
    "UQ": "received",
    "AP": "accepted",
    "PD": "accepted",
    "CA": "accepted_with_errors",
    "RE": "rejected",
}
_CODE = {"received": "AB", "accepted": "AP", "accepted_with_errors": "CA", "partly": "CA", "rejected": "RE"}
_MLR = ":mlr:"


class _Address(Entry):
    """cac:SenderParty and cac:ReceiverParty: addresses of the envelope."""

    __slots__ = ("ref",)

    def __init__(self, name: str, ref: str) -> None:
        super().__init__(cac(name))
        self.ref = ref

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        return

    def write(self, out: Out, parent: Element, record: Any) -> None:
        with out.element(parent, self.tag) as child:
            endpoint(out, child, getattr(out.envelope, self.ref))


class _Responses(Entry):
    """cac:DocumentResponse: a verdict on one document, and what is wrong with it, line by line."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(cac("DocumentResponse"), "verdicts")

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        code = text_of(node, "cac:Response/cbc:ResponseCode")
        verdict = _VERDICT.get(code, "received")
        if code == "AB" and _MLR in text_of(work.document.root, "cbc:CustomizationID"):
            verdict = "accepted"
        number = text_of(node, "cac:DocumentReference/cbc:ID")
        kind = text_of(node, "cac:DocumentReference/cbc:DocumentTypeCode")
        found = NoticeVerdict(
            "document", "" if number == "NA" else number, verdict, message_kind=kind, errors=tuple(_errors(node))
        )
        draft.add("verdicts", found, code, node, at + self.step)
        if found.reference:
            draft.values.setdefault("interchange", found.reference)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        for verdict in record.verdicts:
            with out.element(parent, self.tag) as child:
                _write_verdict(out, child, verdict, record.interchange)


def _errors(node: Element) -> list[NoticeError]:
    """Statuses of the document, then of its lines."""
    found = [
        _error(status, text_of(node, "cac:Response/cbc:Description"), "")
        for status in node.iterfind(f"{cac('Response')}/{cac('Status')}")
    ]
    for line in node.iterfind(cac("LineResponse")):
        where = text_of(line, "cac:LineReference/cbc:LineID")
        for response in line.iterfind(cac("Response")):
            text = text_of(response, "cbc:Description")
            statuses = response.findall(cac("Status"))
            found += [_error(status, text, where) for status in statuses]
            if not statuses:
                found.append(NoticeError(text_of(response, "cbc:ResponseCode"), text, "" if where == "NA" else where))
    return found


def _error(status: Element, text: str, where: str) -> NoticeError:
    code = text_of(status, "cbc:StatusReasonCode")
    reason = text_of(status, "cbc:StatusReason")
    return NoticeError(code or text_of(status, "cbc:ConditionCode"), text or reason, "" if where == "NA" else where)


def _write_verdict(out: Out, node: Element, verdict: NoticeVerdict, interchange: str) -> None:
    with out.element(node, cac("Response")) as response:
        out.leaf(response, cbc("ResponseCode"), _CODE.get(verdict.verdict, "AB"))
    with out.element(node, cac("DocumentReference")) as reference:
        out.leaf(reference, cbc("ID"), verdict.reference or interchange or "NA")
        out.leaf(reference, cbc("DocumentTypeCode"), verdict.message_kind)
    for error in verdict.errors:
        with out.element(node, cac("LineResponse")) as line:
            with out.element(line, cac("LineReference")) as reference:
                out.leaf(reference, cbc("LineID"), error.where or "NA")
            with out.element(line, cac("Response")) as response:
                out.leaf(response, cbc("ResponseCode"), "RE")
                out.leaf(response, cbc("Description"), error.text)
                with out.element(response, cac("Status")) as status:
                    out.leaf(status, cbc("StatusReasonCode"), error.code)


_SHAPE = Shape(
    *ENVELOPE,
    text("ID", "number"),
    day("IssueDate", "issued_on"),
    texts("Note", "notes"),
    _Address("SenderParty", "sender"),
    _Address("ReceiverParty", "receiver"),
    _Responses(),
)


def make_answer(work: Work, draft: XmlDraft) -> AcknowledgementDocument:
    """The acknowledgement; what it answers is named by its own ID, which in UBL is the control number too."""
    answer: AcknowledgementDocument = draft.whole(AcknowledgementDocument, number="")
    return answer


ANSWER = DocumentKind(
    "ApplicationResponse",
    _SHAPE,
    make_answer,
    required=(ID, ISSUE_DATE, ("cac:SenderParty", "sender"), ("cac:ReceiverParty", "receiver")),
)
