"""cXML ConfirmationRequest as OrderResponseDocument."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from edi.mapping.cxml.notation import References, day, ignored, number, part, text
from edi.mapping.cxml.parties import Contacts
from edi.mapping.xml.draft import Element, Work, XmlDraft
from edi.mapping.xml.kinds import NUMBER, ZERO, Kind, coded
from edi.mapping.xml.out import Out
from edi.mapping.xml.shape import Entry, Joined, Records, Shape, Within
from edi.syntax.numbers import parse_iso_date
from orders.documents import (
    LineAnswer,
    OrderDocument,
    OrderLineDocument,
    OrderResponseDocument,
    ResponseLineDocument,
)

_READ = coded(
    {
        "accept": "accepted",
        "allDetail": "accepted_with_changes",
        "detail": "accepted_with_changes",
        "except": "accepted_with_changes",
        "backordered": "accepted_with_changes",
        "reject": "rejected",
        "requestToPay": "acknowledged",
        "replace": "accepted_with_changes",
    }
)
_WRITTEN = {"accepted": "accept", "accepted_with_changes": "except", "rejected": "reject", "acknowledged": "accept"}
_ANSWER = Kind(_READ.parse, lambda answer: _WRITTEN.get(answer, "accept"))
_CHANGED = ("detail", "allDetail")


@dataclass(slots=True)
class _Status:
    """One ConfirmationStatus."""

    type: str
    quantity: Decimal
    on: Any = None
    price: Decimal | None = None
    reason: str = ""


class _Statuses(Entry):
    """<ConfirmationStatus>: what becomes of so many of the line; the statuses of a line add up to its quantity."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("ConfirmationStatus", "statuses")

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        nested = node.find("ConfirmationStatus")
        if nested is not None:
            for child in node.iterfind("ConfirmationStatus"):
                self.read(work, child, draft, at)
            return
        price = node.findtext("UnitPrice/Money") or node.findtext("ItemIn/ItemDetail/UnitPrice/Money") or ""
        status = _Status(
            node.get("type", ""),
            NUMBER.parse(node.get("quantity", "")) or ZERO,
            parse_iso_date(node.get("deliveryDate") or ""),
            NUMBER.parse(price),
            "\n".join(filter(None, ((each.text or "").strip() for each in node.iterfind("Comments")))),
        )
        draft.add("statuses", status, status.type, node, f"{at}/ConfirmationStatus")

    def write(self, out: Out, parent: Element, record: Any) -> None:
        for status in record.statuses:
            with out.element(parent, self.tag) as child:
                child.set("quantity", NUMBER.format(status.quantity))
                child.set("type", status.type)
                if status.on:
                    child.set("deliveryDate", status.on.isoformat())
                out.leaf(child, "UnitOfMeasure", record.ordered.unit or "EA")
                if status.price is not None:
                    with out.element(child, "UnitPrice") as price:
                        out.leaf(price, "Money", NUMBER.format(status.price), {"currency": out.currency})
                out.leaf(child, "Comments", status.reason)


_LINE = Shape(
    text("@lineNumber", "number"),
    number("@quantity", "quantity"),
    text("UnitOfMeasure", "unit"),
    _Statuses(),
)


def _make_line(work: Work, draft: XmlDraft, node: Element) -> ResponseLineDocument:
    """The answer to a line: what is confirmed, and whether the rest comes later or not at all."""
    statuses: list[_Status] = draft.values.pop("statuses", [])
    confirmed = [each for each in statuses if each.type in ("accept", *_CHANGED)]
    kinds = {each.type for each in statuses}
    quantity = sum((each.quantity for each in confirmed), ZERO)
    if "backordered" in kinds:
        answer = LineAnswer.BACKORDERED
    elif kinds == {"reject"}:
        answer = LineAnswer.REJECTED
    else:
        answer = LineAnswer.CHANGED if kinds - {"accept"} else LineAnswer.ACCEPTED
    told = confirmed or [each for each in statuses if each.type == "backordered"] or statuses
    origin = tuple(draft.origin)
    ordered = draft.make(OrderLineDocument, number="", quantity=quantity, place=draft.path, origin=origin)
    return ResponseLineDocument(
        ordered,
        answer,
        quantity,
        next((each.price for each in told if each.price is not None), None),
        next((each.on for each in told if each.on), None),
        "\n".join(dict.fromkeys(each.reason for each in statuses if each.reason)),
        place=draft.path,
        origin=origin,
        extras=tuple(draft.extras),
    )


@dataclass(slots=True)
class _Said:
    ordered: OrderLineDocument
    statuses: tuple[_Status, ...]

    @property
    def number(self) -> str:
        """The number of the line answered."""
        return self.ordered.number

    @property
    def quantity(self) -> Decimal:
        """The quantity ordered."""
        return self.ordered.quantity

    @property
    def unit(self) -> str:
        """The unit, which the DTD demands."""
        return self.ordered.unit or "EA"


def _unmake(out: Out, line: ResponseLineDocument) -> _Said:
    """Statuses that add up to the quantity ordered."""
    rest = line.ordered.quantity - line.quantity
    if line.substitute:
        out.cannot_say("lines.substitute", line.substitute)
    if line.answer is LineAnswer.REJECTED:
        return _Said(line.ordered, (_Status("reject", line.ordered.quantity, reason=line.reason),))
    kind = "accept" if line.answer is LineAnswer.ACCEPTED else "detail"
    statuses = []
    if line.quantity or line.answer is not LineAnswer.BACKORDERED:
        statuses.append(_Status(kind, line.quantity, line.delivery_date, line.unit_price, line.reason))
    if line.answer is LineAnswer.BACKORDERED:
        on = None if statuses else line.delivery_date
        left = max(rest, ZERO) or line.ordered.quantity
        statuses.append(_Status("backordered", left, on, reason="" if statuses else line.reason))
    elif rest > 0:
        statuses.append(_Status("reject", rest))
    return _Said(line.ordered, tuple(statuses))


class _OrderReference(Within):
    """<OrderReference>: the order by its number; the DTD demands the payloadID of the request, which is not known."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("OrderReference", text("@orderID", "number"), day("@orderDate", "issued_on"))

    def write(self, out: Out, parent: Element, record: Any) -> None:
        super().write(out, parent, record)
        for child in parent.findall(self.tag):
            child.append(child.makeelement("DocumentReference", {"payloadID": record.number or "NA"}))


CONFIRMATION = Shape(
    Within(
        "ConfirmationHeader",
        text("@confirmID", "number"),
        day("@noticeDate", "issued_on"),
        text("@type", "answer", _ANSWER),
        *ignored("@operation"),
        Contacts(supplierCorporate="seller", supplier="seller", buyerCorporate="buyer", buyer="buyer"),
        Joined("Comments", "note"),
        References(),
    ),
    part("order", OrderDocument, _OrderReference()),
    Records("ConfirmationItem", "lines", _LINE, _make_line, lines=True, unmake=_unmake),
)


def make_confirmation(work: Work, draft: XmlDraft) -> OrderResponseDocument:
    """The answer."""
    values = draft.values
    if values.get("answer") not in _WRITTEN:
        sent = values.get("answer", "")
        sentence = f"The answer code {sent[:20]!r} is not known; the lines say what is accepted."
        work.findings.warning("unknown-code", sentence, lambda: work.document.place(None), value=sent)
        values["answer"] = "accepted_with_changes"
    draft.part("order", OrderDocument)
    header = draft.parts.pop("order")[1]
    order = header.make(OrderDocument, number="", currency=work.currency)
    payload = work.document.root.get("payloadID", "").strip()  # @confirmID is optional
    response: OrderResponseDocument = draft.whole(
        OrderResponseDocument, number=payload, order=order, currency=work.currency
    )
    return response


class LaidOut:
    """A response with its answer in the word of cXML."""

    def __init__(self, response: OrderResponseDocument) -> None:
        self._response = response
        self.note = "\n".join(filter(None, (response.note, *response.notes)))
        self.lines = response.lines if response.answer == "accepted_with_changes" else ()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._response, name)
