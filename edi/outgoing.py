"""The documents that go out when something happens to an order: what each event says to the other company's system."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from core.models import TrailEntry
from edi.models import Interchange
from orders.codec import load
from orders.documents import (
    ChangeLineDocument,
    DespatchDocument,
    Document,
    Identifier,
    InvoiceDocument,
    LineChange,
    OrderChangeDocument,
    OrderDocument,
    PartyDocument,
    ReceiptDocument,
    Scheme,
)
from orders.documents_of import order_document, response_document
from orders.models import DespatchAdvice, Invoice, Order, OrderResponse, OrderVersion, ReceiptAdvice
from partners.models import Organisation

Content = Interchange.Content


@dataclass(frozen=True, slots=True)
class Parcel:
    """A document on its way from one company's side to the other's system."""

    document: Document
    content: str
    sender: Organisation
    receiver: Organisation
    order: Order | None = None
    despatch: DespatchAdvice | None = None
    receipt: ReceiptAdvice | None = None
    invoice: Invoice | None = None

    @property
    def numbers(self) -> str:
        """By what the list finds it."""
        named = (self.document.number, self.order.number if self.order else "")
        return " ".join(dict.fromkeys(number for number in named if number))[:500]


def _order(entry: TrailEntry) -> Order | None:
    return Order.objects.select_related("buyer", "seller").filter(pk=entry.target_id).first()


def order_placed(entry: TrailEntry) -> Parcel | None:
    """The order, to its seller."""
    order = _order(entry)
    if order is None:
        return None
    document = _named(order_document(order), order.buyer, order.seller)
    return Parcel(document, Content.ORDER, order.buyer, order.seller, order)


def order_changed(entry: TrailEntry) -> Parcel | None:
    """The change of the version that the entry tells of, to the seller: its header as it shall be, the lines that
    differ."""
    order = _order(entry)
    if order is None:
        return None
    now = order_document(order)
    version = OrderVersion.objects.filter(order=order).order_by("-version").first()
    before = load(OrderDocument, version.document) if version else replace(now, lines=())
    document = OrderChangeDocument(
        number=f"{order.number}-{order.version}"[:35],
        function="change",
        issued_on=entry.created.date(),
        currency=order.currency,
        sequence=str(order.version),
        order=replace(now, lines=()),
        lines=changes_between(before, now),
    )
    return Parcel(_named(document, order.buyer, order.seller), Content.CHANGE, order.buyer, order.seller, order)


def changes_between(before: OrderDocument, after: OrderDocument) -> tuple[ChangeLineDocument, ...]:
    """Each line of either document with what happened to it."""
    old = {line.number: line for line in before.lines}
    kept = {line.number for line in after.lines}
    changes = [
        ChangeLineDocument(
            line,
            LineChange.ADDED
            if line.number not in old
            else LineChange.UNCHANGED
            if line == old[line.number]
            else LineChange.CHANGED,
        )
        for line in after.lines
    ]
    gone = [ChangeLineDocument(line, LineChange.DELETED) for line in before.lines if line.number not in kept]
    return (*changes, *gone)


def order_cancelled(entry: TrailEntry) -> Parcel | None:
    """The cancellation, to the seller."""
    order = _order(entry)
    if order is None:
        return None
    document = OrderChangeDocument(
        number=f"{order.number}-{order.version}"[:35],
        function="cancel",
        issued_on=entry.created.date(),
        currency=order.currency,
        reason=str(entry.data.get("reason", "")),
        order=replace(order_document(order), lines=()),
    )
    return Parcel(_named(document, order.buyer, order.seller), Content.CHANGE, order.buyer, order.seller, order)


def order_answered(entry: TrailEntry) -> Parcel | None:
    """The answer that the entry tells of, to the buyer."""
    order = _order(entry)
    answers = OrderResponse.objects.filter(order=order)
    response = answers.filter(pk=entry.data.get("response")).first() or answers.order_by("-pk").first()
    if order is None or response is None:
        return None
    document = _named(response_document(response), order.buyer, order.seller)
    return Parcel(document, Content.RESPONSE, order.seller, order.buyer, order)


def goods_sent(entry: TrailEntry) -> Parcel | None:
    """The despatch advice, to the buyer."""
    row = DespatchAdvice.objects.select_related("buyer", "seller").filter(pk=entry.target_id).first()
    if row is None:
        return None
    document = _named(load(DespatchDocument, row.document), row.buyer, row.seller)
    return Parcel(document, Content.DESPATCH, row.seller, row.buyer, row.orders.order_by("pk").first(), despatch=row)


def goods_received(entry: TrailEntry) -> Parcel | None:
    """The receipt advice, to the seller."""
    row = ReceiptAdvice.objects.select_related("buyer", "seller").filter(pk=entry.target_id).first()
    if row is None:
        return None
    document = _named(load(ReceiptDocument, row.document), row.buyer, row.seller)
    return Parcel(document, Content.RECEIPT, row.buyer, row.seller, row.orders.order_by("pk").first(), receipt=row)


def invoiced(entry: TrailEntry) -> Parcel | None:
    """The invoice or credit note, to the buyer; one that the buyer wrote itself, to the seller."""
    row = Invoice.objects.select_related("buyer", "seller").filter(pk=entry.target_id).first()
    if row is None:
        return None
    sender, receiver = (row.buyer, row.seller) if row.kind == Invoice.Kind.SELF_BILLED else (row.seller, row.buyer)
    document = _named(load(InvoiceDocument, row.document), row.buyer, row.seller)
    return Parcel(document, Content.INVOICE, sender, receiver, row.orders.order_by("pk").first(), invoice=row)


def _named(document: Document, buyer: Organisation, seller: Organisation) -> Document:
    """The document with both parties named: one that nobody wrote is filled from the company itself."""
    return replace(
        document,
        buyer=document.buyer if document.buyer.identifiers else _party(document.buyer, buyer),
        seller=document.seller if document.seller.identifiers else _party(document.seller, seller),
    )


def _party(party: PartyDocument, organisation: Organisation) -> PartyDocument:
    stated = ((organisation.gln, Scheme.GLN), (organisation.duns, Scheme.DUNS), (organisation.vat_id, Scheme.VAT))
    identifiers = tuple(Identifier(value, scheme) for value, scheme in stated if value)
    return replace(party, identifiers=identifiers, name=party.name or organisation.name)


PARCELS: dict[str, Callable[[TrailEntry], Parcel | None]] = {
    "order.received": order_placed,
    "order.changed": order_changed,
    "order.cancelled": order_cancelled,
    "order.accepted": order_answered,
    "order.accepted_with_changes": order_answered,
    "order.rejected": order_answered,
    "despatch.received": goods_sent,
    "receipt.received": goods_received,
    "invoice.received": invoiced,
}
