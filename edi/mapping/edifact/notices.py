"""CONTRL and APERAK: what the other side says of what it got. They are noted, and never answered.

CONTRL (D.3, 2.2, 4.1) speaks of syntax, by interchange, group and message; APERAK of one document. APERAK is written
too; CONTRL is written from the findings, see `edi.mapping.edifact.acknowledging`.
"""

from typing import Any

from edi.mapping.edifact import common
from edi.mapping.edifact.composer import Composer
from edi.mapping.edifact.handlers import handlers
from edi.mapping.edifact.orders import BUYER, SELLER
from edi.mapping.edifact.reader import Profile, Reader, ranked
from edi.syntax.segments import Segment
from orders.documents import AcknowledgementDocument, NoticeError, NoticeVerdict

_VERDICT_OF_0083 = {"4": "rejected", "7": "accepted", "8": "received"}
_VERDICT_OF_4343 = {"AP": "accepted", "AD": "accepted", "RE": "rejected", "AB": "received", "CA": "partly"} | {
    "AC": "partly"
}
_CODE_4343 = {"accepted": "AP", "rejected": "RE", "received": "AB", "partly": "CA", "accepted_with_errors": "CA"}
_ACCEPTED, _REFUSED = "312", "313"  # 1001: acknowledgement, application error
_PREVIOUS, _LINE = "ACW", "LI"  # 1153: previous message, line item
_CODE_SIZE, _TEXT_SIZE = 8, 350
_UNSPECIFIED = "18"  # as 0085: there is something wrong, and the code does not say what


_NO_LINES = {"LIN": common.group("LIN"), "CNT": common.kept}


# -- CONTRL -----------------------------------------------------------------------------------------------------------


def _verdict(reader: Reader, segment: Segment, kind: str, action: int, **more: str) -> bool:
    """One answer: 0083 at element `action`, after it 0085 and the service segment 0013 (with S011) it blames."""
    verdict: dict[str, Any] = {"kind": kind, "reference": segment.get(1), "errors": [], **more}
    verdict["verdict"] = _VERDICT_OF_0083.get(segment.get(action), "received")
    code = segment.get(action + 1)
    if code:
        where = " ".join(filter(None, (segment.get(action + 2), *segment.components(action + 3))))
        verdict["errors"].append(NoticeError(code, where=where))
    reader.own.setdefault("verdicts", []).append(verdict)
    reader.head.mark("verdicts", segment, action)
    return True


def _uci(reader: Reader, segment: Segment) -> bool:
    reader.head.set("interchange", segment.get(1), segment, 1, 1)
    return _verdict(reader, segment, "interchange", 4)


def _ucf(reader: Reader, segment: Segment) -> bool:
    reader.own["group"] = segment.get(1)
    return _verdict(reader, segment, "group", 4)


def _ucm(reader: Reader, segment: Segment) -> bool:
    return _verdict(reader, segment, "message", 3, message_kind=segment.get(2, 1), group=reader.own.get("group", ""))


def _ucs(reader: Reader, segment: Segment) -> bool:
    """A faulty segment of the message before: 0096 is its position, UNH being 1."""
    reader.own["segment"] = f"segment {segment.get(1)}"
    verdicts = reader.own.get("verdicts")
    if not verdicts:
        return False
    if segment.get(2):
        verdicts[-1]["errors"].append(NoticeError(segment.get(2), where=reader.own["segment"]))
    return True


def _ucd(reader: Reader, segment: Segment) -> bool:
    """A faulty element of the segment before; the tag is position 1 (S011)."""
    verdicts = reader.own.get("verdicts")
    if not verdicts:
        return False
    element, component = segment.get(2, 1), segment.get(2, 2)
    where = f"{reader.own.get('segment', '')} element {element}" + (f" component {component}" if component else "")
    verdicts[-1]["errors"].append(NoticeError(segment.get(1), where=where.strip()))
    return True


def _frozen(verdicts: list[dict[str, Any]]) -> tuple[NoticeVerdict, ...]:
    return tuple(NoticeVerdict(**{**verdict, "errors": tuple(verdict["errors"])}) for verdict in verdicts)


def _unh(reader: Reader, segment: Segment) -> bool:
    """CONTRL has no BGM: its own reference stands for a number."""
    return reader.head.set("number", segment.get(1), segment, 1, 1)


def _finish_contrl(reader: Reader) -> AcknowledgementDocument:
    return reader.head.freeze(AcknowledgementDocument, verdicts=_frozen(reader.own.get("verdicts", [])))


CONTRL = Profile(
    finish=_finish_contrl,
    handlers=handlers(_NO_LINES, {"UNH": _unh, "UCI": _uci, "UCF": _ucf, "UCM": _ucm, "UCS": _ucs, "UCD": _ucd}),
)


# -- APERAK -----------------------------------------------------------------------------------------------------------


def _rff(reader: Reader, segment: Segment) -> bool:
    """In the header, the document that is answered; after ERC, where the fault is."""
    value, errors = segment.get(1, 2), reader.own.get("errors")
    if errors:
        error = errors[-1]
        error["where"] = " ".join(filter(None, (error.get("where"), value)))
        return segment.get(1, 1) == _LINE
    if "reference" in reader.own:
        return False
    reader.own["reference"] = value
    reader.head.mark("verdicts", segment, 1, 2)
    return segment.get(1, 1) == _PREVIOUS


def _erc(reader: Reader, segment: Segment) -> bool:
    """A fault begins (C901 9321)."""
    reader.open("ERC")
    reader.own.setdefault("errors", []).append({"code": segment.get(1, 1)})
    reader.head.mark("verdicts.errors", segment, 1, 1)
    return True


def _ftx(reader: Reader, segment: Segment) -> bool:
    """The text of the fault that stands open, or of the whole."""
    text = " ".join(filter(None, segment.components(4)[:5]))
    errors = reader.own.get("errors")
    if not text:
        return False
    if not errors:
        reader.note(text)
        return True
    errors[-1]["text"] = " ".join(filter(None, (errors[-1].get("text"), text)))
    return True


def _finish_aperak(reader: Reader) -> AcknowledgementDocument:
    errors = [NoticeError(**error) for error in reader.own.get("errors", ())]
    code, _, response = reader.codes
    verdict = _VERDICT_OF_4343.get(response) or ("rejected" if errors or code == _REFUSED else "accepted")
    answered = NoticeVerdict("document", reader.own.get("reference", ""), verdict, errors=tuple(errors))
    return reader.head.freeze(AcknowledgementDocument, verdicts=(answered,))


APERAK = Profile(
    finish=_finish_aperak,
    handlers=handlers(_NO_LINES, {"RFF": _rff, "ERC": _erc, "FTX": _ftx}),
    roles=ranked(buyer=(*BUYER, "MR"), seller=(*SELLER, "MS")),
    header_dates=ranked(issued_on=("137",)),
)


def write_notice(composer: Composer, notice: AcknowledgementDocument) -> None:
    """APERAK: one verdict, on one document, with its faults."""
    composer.begin("APERAK", tells_tax_numbers=False)
    verdict = notice.verdicts[0] if notice.verdicts else NoticeVerdict("document", "", "received")
    refused = verdict.verdict == "rejected"
    code = _CODE_4343.get(verdict.verdict, "AB")
    composer.bgm(_REFUSED if refused else _ACCEPTED, notice.number, "", code)
    composer.day("137", notice.issued_on)
    composer.texts(notice.notes)
    composer.reference(_PREVIOUS, verdict.reference)
    composer.parties(("BY", notice.buyer), ("SU", notice.seller))
    for error in verdict.errors:
        _error(composer, error)
    for other in notice.verdicts[1:]:
        composer.leaves_out("a second verdict", f"{other.reference} {other.verdict}")
    composer.told(notice, "", {"issued_on", "notes", "buyer", "seller", "verdicts", "interchange"})
    composer.end()


def _error(composer: Composer, error: NoticeError) -> None:
    """ERC, its text, and the line it speaks of. A code that is too long is said in the text."""
    fits = len(error.code) <= _CODE_SIZE
    text = error.text if fits else f"{error.code}: {error.text}"
    composer.add("ERC", error.code if fits else _UNSPECIFIED)
    if text or error.value:
        shown = f"{text} ({error.value})" if error.value else text
        composer.text(composer.fit(shown, _TEXT_SIZE - 70, "text of a fault"), "AAO")
    composer.reference(_LINE, error.where)
