"""What goes out: each document in the standard in which the receiver's system speaks."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet
from django.utils.timezone import now

from core.audit import record
from core.models import TrailEntry
from edi import mapping
from edi.acknowledging import content_type_of, local, next_control_number
from edi.keeping import keep_outbound
from edi.mapping import Finding, PartyRef, Severity
from edi.mapping.writing import Written
from edi.models import Connection, Interchange, Message, Standard
from edi.outgoing import PARCELS, Parcel
from edi.own_codes import outgoing
from edi.recording import note_findings
from orders.documents import (
    DespatchDocument,
    Document,
    InvoiceDocument,
    OrderChangeDocument,
    OrderDocument,
    OrderResponseDocument,
    ReceiptDocument,
)
from orders.models import Order
from partners.actors import system_actor
from partners.models import Organisation

log = logging.getLogger("filiera.edi")
ACKNOWLEDGED_WITHIN = timedelta(hours=24)  # where no connection says otherwise
KINDS: dict[type[Document], dict[str, str]] = {
    OrderDocument: {"edifact": "ORDERS", "x12": "850", "ubl": "Order", "cxml": "OrderRequest"},
    OrderChangeDocument: {"edifact": "ORDCHG", "x12": "860", "ubl": "OrderChange", "cxml": "OrderRequest"},
    OrderResponseDocument: {"edifact": "ORDRSP", "x12": "855", "ubl": "OrderResponse", "cxml": "ConfirmationRequest"},
    DespatchDocument: {"edifact": "DESADV", "x12": "856", "ubl": "DespatchAdvice", "cxml": "ShipNoticeRequest"},
    ReceiptDocument: {"edifact": "RECADV", "x12": "861", "ubl": "ReceiptAdvice", "cxml": "ReceiptRequest"},
    InvoiceDocument: {"edifact": "INVOIC", "x12": "810", "ubl": "Invoice", "cxml": "InvoiceDetailRequest"},
}
NAMED_BY_DOCUMENT = frozenset({Standard.UBL})  # an acknowledgement names the document, as there is no interchange


@dataclass(frozen=True, slots=True)
class Route:
    """How a document reaches the system of an organisation: standard, addresses, clock."""

    standard: str
    version: str
    sender: PartyRef
    receiver: PartyRef
    connection: Connection | None
    charset: str = "UNOC"


def route_to(receiver: Organisation, sender: Organisation, order: Order | None) -> Route | None:
    """Back the way the order came; for an order from elsewhere, by the receiver's own live connection; else None."""
    came = _arrival(receiver, order) if order else None
    if came is not None:
        return _back(came)
    connection = live_connections(receiver, sender).first()
    return _along(connection) if connection else None


def live_connections(receiver: Organisation, sender: Organisation) -> QuerySet[Connection]:
    """The connections by which the receiver's system takes documents of the sender, the oldest first."""
    live = Connection.objects.filter(mode=Connection.Mode.LIVE, state=Connection.State.ACTIVE)
    return live.filter(organisation=receiver, counterpart=sender).order_by("pk")


def _arrival(receiver: Organisation, order: Order) -> Interchange | None:
    came = Interchange.objects.filter(
        direction="in", organisation=receiver, content=Interchange.Content.ORDER, messages__order=order
    )
    found = came.select_related("connection").order_by("-pk").first()
    writable = found is not None and found.standard in KINDS[OrderDocument]
    return found if writable else None


def _back(came: Interchange) -> Route:
    """Sender and receiver change places; the message version is the connection's where it speaks this standard."""
    connection = came.connection
    fits = connection is not None and connection.standard == came.standard
    charset = came.version.partition(":")[0] if came.standard == Standard.EDIFACT else ""
    return Route(
        came.standard,
        connection.message_version if fits and connection else "",
        PartyRef(came.receiver_id, came.receiver_qualifier),
        PartyRef(came.sender_id, came.sender_qualifier),
        connection,
        charset or "UNOC",
    )


def _along(connection: Connection) -> Route:
    return Route(
        connection.standard,
        connection.message_version,
        PartyRef(connection.their_id, connection.their_qualifier),
        PartyRef(connection.own_id, connection.own_qualifier),
        connection,
    )


def forward(entry: TrailEntry) -> Interchange | None:
    """Write what an event says for the other company's system to collect; None where it has no system connected.

    Runs as subscriber of the trail entry, in the transaction that marks the entry delivered: it happens once.
    """
    parcel = PARCELS[entry.verb](entry)
    route = route_to(parcel.receiver, parcel.sender, parcel.order) if parcel else None
    return send(parcel, route) if parcel and route else None


def send(parcel: Parcel, route: Route, *, resends: Interchange | None = None) -> Interchange:
    """Write a document under a number of its own and keep it to be collected; `resends` is the one whose place it
    takes. What the standard cannot say is kept as findings; what cannot be written at all is an exception to see."""
    number = number_of(parcel.document, route.standard, parcel.receiver.pk, parcel.sender.pk)
    envelope = mapping.Envelope(
        control_number=number,
        sender=route.sender,
        receiver=route.receiver,
        prepared_at=local(now()),
        version=route.version,
        charset=route.charset,
    )
    own = route.connection.code_rules if route.connection else {}
    written = write_safely(outgoing(parcel.document, own), route.standard, envelope)
    row = _keep(parcel, route, number, written, resends)
    if row.delivery != Interchange.Delivery.FAILED:
        record(
            actor=system_actor(parcel.sender),
            verb="edi.sent",
            target=row,
            kind=row.kinds,
            order=parcel.order.number if parcel.order else parcel.document.number,
            related=[["orders.order", parcel.order.pk]] if parcel.order else [],
        )
    return row


def number_of(document: Document, standard: str, receiver_id: int, sender_id: int) -> str:
    """By what an acknowledgement will name the document: its control number, or in UBL its own ID.

    The numbers are one series for the two companies and each direction, whatever the connection: that is what a
    receiver tells duplicates by (ISO 9735-1, 0020; X12.5 I12), and connections may share their identifiers.
    """
    return document.number if standard in NAMED_BY_DOCUMENT else next_control_number(receiver_id, sender_id)


def write_safely(document: Document, standard: str, envelope: mapping.Envelope) -> Written:
    """The bytes of a document; none, with the finding that says so, where it cannot be written."""
    try:
        return mapping.write([document], standard=standard, envelope=envelope)  # type: ignore[arg-type]
    except Exception:
        log.exception("document %s could not be written as %s", document.number[:40], standard)
        text = "The portal failed to write this document. The operators were told."
        return Written(b"", (Finding(Severity.ERROR, "portal-fault", text),))


def kind_of(document: Document, standard: str) -> str:
    """The kind of message that a document is in a standard."""
    if standard == Standard.UBL and isinstance(document, OrderChangeDocument) and document.function == "cancel":
        return "OrderCancellation"
    if standard == Standard.UBL and isinstance(document, InvoiceDocument) and document.kind == "credit_note":
        return "CreditNote"
    return KINDS[type(document)].get(standard, type(document).__name__)


def clock_of(connection: Connection | None) -> timedelta:
    """How soon the acknowledgement is expected; nothing where none is."""
    return timedelta(hours=connection.acknowledged_within) if connection else ACKNOWLEDGED_WITHIN


def _keep(parcel: Parcel, route: Route, number: str, written: Written, resends: Interchange | None) -> Interchange:
    """Keep the document to be collected; one that could not be written is an exception that somebody sees."""
    data = b"" if written.rejected else written.data
    kept = keep_outbound(parcel.receiver, data, content_type_of(route.standard))
    within = clock_of(route.connection) if data else timedelta(0)
    row = Interchange.objects.create(
        direction=Interchange.Direction.OUT,
        organisation=parcel.receiver,
        counterpart=parcel.sender,
        connection=route.connection,
        transmission=kept,
        end=len(data),
        sha256=kept.sha256,
        standard=route.standard,
        version=route.version,
        control_number=number[:100],
        sender_id=route.sender.id,
        sender_qualifier=route.sender.qualifier,
        receiver_id=route.receiver.id,
        receiver_qualifier=route.receiver.qualifier,
        content=parcel.content,
        kinds=kind_of(parcel.document, route.standard),
        keywords=parcel.numbers,
        resends=resends,
        validation=Interchange.Validation.VALID,
        delivery=Interchange.Delivery.PENDING if data else Interchange.Delivery.FAILED,
        acknowledgement=Interchange.Acknowledgement.WAITING if within else Interchange.Acknowledgement.NONE,
        acknowledge_by=now() + within if within else None,
        processed_at=now(),
    )
    message = Message.objects.create(
        interchange=row,
        position=1,
        reference="1",
        kind=row.kinds,
        version=route.version,
        document_number=parcel.document.number[:100],
        order_number=parcel.order.number if parcel.order else "",
        state=Message.State.NOTED,
        order=parcel.order,
        despatch=parcel.despatch,
        receipt=parcel.receipt,
        invoice=parcel.invoice,
    )
    note_findings(row, message, written.findings, added=True)
    return row
