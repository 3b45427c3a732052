"""What goes out: the seller's answer to an order, in the standard in which its buyer's system speaks."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.utils.timezone import now

from core.audit import record
from core.models import TrailEntry
from edi import mapping
from edi.acknowledging import content_type_of, local, next_control_number
from edi.keeping import keep_outbound
from edi.mapping import PartyRef
from edi.models import Connection, Interchange, Message, Standard
from orders.documents_of import response_document
from orders.models import Order, OrderResponse
from partners.actors import system_actor
from partners.models import Organisation

log = logging.getLogger("filiera.edi")
ACKNOWLEDGED_WITHIN = timedelta(hours=24)  # where no connection says otherwise
KINDS = {"edifact": "ORDRSP", "x12": "855", "ubl": "OrderResponse"}


@dataclass(frozen=True, slots=True)
class Route:
    """How a document reaches the system of an organisation: standard, addresses, clock."""

    standard: str
    version: str
    sender: PartyRef
    receiver: PartyRef
    connection: Connection | None
    charset: str = "UNOC"


def route_to(receiver: Organisation, sender: Organisation, order: Order) -> Route | None:
    """Back the way the order came; for an order from elsewhere, by the receiver's own live connection; else None."""
    came = (
        Interchange.objects.filter(direction="in", organisation=receiver, messages__order=order)
        .select_related("connection")
        .order_by("-pk")
        .first()
    )
    if came is not None:
        return _back(came)
    live = Connection.objects.filter(
        organisation=receiver, counterpart=sender, mode=Connection.Mode.LIVE, state=Connection.State.ACTIVE
    )
    connection = live.order_by("pk").first()
    return _along(connection) if connection else None


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


def send_response(entry: TrailEntry) -> Interchange | None:
    """Write the seller's answer for the buyer's system to collect; None where the buyer has no system connected.

    Runs as subscriber of the answer's trail entry, in the transaction that marks the entry delivered.
    """
    order = Order.objects.select_related("buyer", "seller").get(pk=entry.target_id)
    answers = OrderResponse.objects.filter(order=order)
    response = answers.filter(pk=entry.data.get("response")).first() or answers.order_by("-pk").first()
    route = route_to(order.buyer, order.seller, order) if response else None
    if response is None or route is None:
        return None
    number = number_of(response, route.standard)
    envelope = mapping.Envelope(
        control_number=number,
        sender=route.sender,
        receiver=route.receiver,
        prepared_at=local(now()),
        version=route.version,
        charset=route.charset,
    )
    row = _keep(order, route, number, _written(response, route, envelope))
    if row.delivery == Interchange.Delivery.FAILED:
        return row
    record(
        actor=system_actor(order.seller),
        verb="edi.sent",
        target=row,
        kind=row.kinds,
        order=order.number,
        related=[["orders.order", order.pk]],
    )
    return row


def number_of(response: OrderResponse, standard: str) -> str:
    """By what an acknowledgement will name the document: its control number, or in UBL its own ID."""
    if standard == Standard.UBL:
        return response.number
    return next_control_number(response.order.buyer_id, response.order.seller_id)


def _written(response: OrderResponse, route: Route, envelope: mapping.Envelope) -> bytes:
    """The bytes of the answer; none when it cannot be said in the standard, so that nothing else is held up by it."""
    try:
        return mapping.write_response(response_document(response), standard=route.standard, envelope=envelope)  # type: ignore[arg-type]
    except Exception:
        log.exception("response %s could not be written as %s", response.pk, route.standard)
        return b""


def _keep(order: Order, route: Route, number: str, data: bytes) -> Interchange:
    """Keep the document to be collected; one that could not be written is an exception that somebody sees."""
    kept = keep_outbound(order.buyer, data, content_type_of(route.standard))
    within = timedelta(hours=route.connection.acknowledged_within) if route.connection else ACKNOWLEDGED_WITHIN
    row = Interchange.objects.create(
        direction=Interchange.Direction.OUT,
        organisation=order.buyer,
        counterpart=order.seller,
        connection=route.connection,
        transmission=kept,
        end=len(data),
        sha256=kept.sha256,
        standard=route.standard,
        version=route.version,
        control_number=number,
        sender_id=route.sender.id,
        sender_qualifier=route.sender.qualifier,
        receiver_id=route.receiver.id,
        receiver_qualifier=route.receiver.qualifier,
        content=Interchange.Content.RESPONSE,
        kinds=KINDS[route.standard],
        keywords=order.number,
        validation=Interchange.Validation.VALID,
        delivery=Interchange.Delivery.PENDING if data else Interchange.Delivery.FAILED,
        acknowledgement=Interchange.Acknowledgement.WAITING if data and within else Interchange.Acknowledgement.NONE,
        acknowledge_by=now() + within if data and within else None,
        processed_at=now(),
    )
    Message.objects.create(
        interchange=row,
        position=1,
        reference="1",
        kind=row.kinds,
        version=route.version,
        document_number=order.number,
        state=Message.State.NOTED,
        order=order,
    )
    return row
