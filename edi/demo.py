"""The demo's exchange: connections, the files in which orders came and answers went, and some that were broken."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from core.models import TrailEntry
from edi import mapping
from edi.acknowledging import answer, content_type_of, local, next_control_number
from edi.applying import Outcome
from edi.exchange import receive
from edi.keeping import keep_outbound, sha256_of
from edi.mapping import Envelope, PartyRef
from edi.models import Connection, Interchange, Message, Transmission
from edi.recording import columns_of, note_findings
from edi.sending import kind_of, number_of
from orders.documents import Identifier, OrderDocument, OrderResponseDocument, PartyDocument, Scheme
from orders.documents_of import order_document, response_document
from orders.models import Order, OrderResponse
from partners.actors import system_actor
from partners.models import Organisation

# Who speaks what, how its identifier stands in an envelope: (format, qualifier, field of the organisation).
SPEAKS = {
    "brenta": (Connection.Format.EDIFACT_D96A, "14", "gln"),
    "rhein": (Connection.Format.UBL_21, "0088", "gln"),
    "lakes": (Connection.Format.X12_4010, "ZZ", "gln"),
    "aurora": (Connection.Format.EDIFACT_D01B, "14", "gln"),
    "nordic": (Connection.Format.EDIFACT_D96A, "14", "gln"),
}
CONNECTED = (
    ("brenta", "aurora", "live"),
    ("brenta", "nordic", "live"),
    ("brenta", "helios", "live"),
    ("rhein", "aurora", "live"),
    ("rhein", "nordic", "live"),
    ("rhein", "helios", "live"),
    ("lakes", "aurora", "live"),
    ("lakes", "nordic", "live"),
    ("aurora", "brenta", "live"),
    ("nordic", "rhein", "test"),
)
UNCOLLECTED = 2  # answers that nobody collected yet


def fill(world: Any) -> None:
    """Connections first, then the files of every order that came by EDI, then what went wrong lately."""
    connections = {pair[:2]: _connect(world, *pair) for pair in CONNECTED}
    _by_edi(world)
    came = [
        (_bring(world, world.key_of(order.buyer), route, order), order)
        for order in sorted(world.orders, key=lambda order: order.created)
        if order.source == Order.Source.EDI
        and (route := connections.get((world.key_of(order.buyer), world.key_of(order.seller))))
    ]
    answers = [(file, response) for file, order in came if (response := order.responses.order_by("-pk").first())]
    answers.sort(key=lambda answer: answer[1].created)
    for newer, (file, response) in zip(reversed(range(len(answers))), answers, strict=True):
        _answer(world, file, response, newer)
    for number, (key, data, days) in enumerate(_broken(world, connections)):
        _refused(world, key, data, world.now - timedelta(days=days, minutes=17 * number))


def _by_edi(world: Any) -> None:
    """The American distributor's system speaks X12 alone: what the dice called API came as a file, too."""
    lakes = world.orgs["lakes"]
    theirs = [order for order in world.orders if order.source == Order.Source.API and order.buyer == lakes]
    for order in theirs:
        order.source = Order.Source.EDI
    Order.objects.bulk_update(theirs, ["source"])


def _connect(world: Any, owner: str, other: str, mode: str) -> Connection:
    form, qualifier, field = SPEAKS[owner]
    own, their = world.orgs[owner], world.orgs[other]
    connection = Connection.objects.create(
        organisation=own,
        counterpart=their,
        format=form,
        own_id=getattr(own, field),
        own_qualifier=qualifier,
        their_id=getattr(their, field),
        their_qualifier=qualifier,
        mode=mode,
        created=world.now - timedelta(days=240),
    )
    person = world.actor(owner, "administrator")
    world.trail(person, "connection.created", connection, connection.created, parties=())
    return connection


@dataclass(frozen=True, slots=True)
class Came:
    """An order's file as it came in: its row, and the route that its answer takes back."""

    row: Interchange
    route: Connection


def _bring(world: Any, key: str, route: Connection, order: Order) -> Came:
    """The file in which an order came, with its acknowledgement and its place in the trail."""
    data = _written(route, _addressed(order_document(order), route), order.created)
    [interchange] = mapping.read(data).interchanges
    machine = replace(world.machine(key), via="edi")
    kept = Transmission.objects.create(
        organisation=order.buyer,
        inbound=True,
        raw=data,
        size=len(data),
        sha256=sha256_of(data),
        content_type=content_type_of(route.standard),
        service_account=machine.service_account,
        received_at=order.created,
        last_received_at=order.created,
        processed_at=order.created,
    )
    row = Interchange.objects.create(
        direction=Interchange.Direction.IN,
        organisation=order.buyer,
        counterpart=order.seller,
        connection=route,
        transmission=kept,
        sha256=kept.sha256,
        registration=kept.sha256,
        validation=Interchange.Validation.VALID,
        created=order.created,
        processed_at=order.created,
        delivered_at=order.created,
        **columns_of(interchange),
    )
    note_findings(row, None, interchange.findings)
    outcomes = [_taken(row, message, order) for message in interchange.messages]
    row.acknowledgement = answer(row, interchange, outcomes, at=order.created)
    row.save(update_fields=["acknowledgement"])
    facts = {"standard": row.get_standard_display(), "number": row.control_number, "orders": [order.pk]}
    world.trail(machine, "edi.received", row, order.created, related=[["orders.order", order.pk]], **facts)
    return Came(row, route)


def _taken(row: Interchange, message: mapping.Message, order: Order) -> Outcome:
    taken = Message.objects.create(
        interchange=row,
        position=1,
        reference=message.reference,
        kind=message.kind,
        version=message.version,
        document_number=order.number,
        state=Message.State.APPLIED,
        order=order,
    )
    note_findings(row, taken, message.findings)
    return Outcome(taken)


def _written(route: Connection, document: OrderDocument, when: datetime) -> bytes:
    number = next_control_number(route.counterpart_id, route.organisation_id)
    envelope = Envelope(
        control_number=number,
        sender=PartyRef(route.own_id, route.own_qualifier),
        receiver=PartyRef(route.their_id, route.their_qualifier),
        prepared_at=local(when),
        version=route.message_version,
    )
    return mapping.write_order(document, standard=route.standard, envelope=envelope)  # type: ignore[arg-type]


def _addressed(document: OrderDocument, route: Connection) -> OrderDocument:
    """The document with the identifiers of both companies, as an ERP writes them."""
    return replace(
        document,
        buyer=_identified(document.buyer, route.own_id),
        seller=_identified(document.seller, route.their_id),
    )


def _identified(party: PartyDocument, gln: str) -> PartyDocument:
    return replace(party, identifiers=(Identifier(gln, Scheme.GLN),))


def _answer(world: Any, came: Came, response: OrderResponse, newer: int) -> None:
    """The answer that went back: collected and acknowledged unless it is among the newest."""
    route, when, order = came.route, response.created, response.order
    document = response_document(response)
    sent = _sent(came, document, order, when, _journey(world, when, newer))
    Message.objects.create(
        interchange=sent,
        position=1,
        reference="1",
        kind=sent.kinds,
        version=route.message_version,
        document_number=document.number,
        order_number=order.number,
        state=Message.State.NOTED,
        order=order,
    )
    facts = {"kind": sent.kinds, "order": order.number, "related": [["orders.order", order.pk]]}
    world.trail(system_actor(order.seller), "edi.sent", sent, when, **facts)
    if sent.delivered_at:
        machine = replace(world.machine(world.key_of(order.buyer)), via="edi")
        world.trail(machine, "edi.fetched", sent, sent.delivered_at)


def _sent(
    came: Came, document: OrderResponseDocument, order: Order, when: datetime, journey: dict[str, Any]
) -> Interchange:
    """The interchange with the answer, addressed back to who sent the order."""
    row, route = came.row, came.route
    number = number_of(document, route.standard, order.buyer_id, order.seller_id)
    envelope = Envelope(
        control_number=number,
        sender=PartyRef(row.receiver_id, row.receiver_qualifier),
        receiver=PartyRef(row.sender_id, row.sender_qualifier),
        prepared_at=local(when),
        version=route.message_version,
    )
    written = replace(document, order=_addressed(document.order, route))
    data = mapping.write_response(written, standard=route.standard, envelope=envelope)  # type: ignore[arg-type]
    kept = keep_outbound(order.buyer, data, content_type_of(route.standard))
    return Interchange.objects.create(
        direction=Interchange.Direction.OUT,
        organisation=order.buyer,
        counterpart=order.seller,
        connection=route,
        transmission=kept,
        end=len(data),
        sha256=kept.sha256,
        standard=route.standard,
        version=route.message_version,
        control_number=number,
        sender_id=row.receiver_id,
        sender_qualifier=row.receiver_qualifier,
        receiver_id=row.sender_id,
        receiver_qualifier=row.sender_qualifier,
        content=Interchange.Content.RESPONSE,
        kinds=kind_of(document, route.standard),
        keywords=order.number,
        validation=Interchange.Validation.VALID,
        created=when,
        processed_at=when,
        **journey,
    )


def _journey(world: Any, when: datetime, newer: int) -> dict[str, Any]:
    """How far an answer got, by how many are newer: the last two wait to be collected, the third to be acknowledged."""
    due = when + timedelta(hours=24)
    if newer < UNCOLLECTED:
        return {"delivery": "pending", "acknowledgement": "waiting", "acknowledge_by": world.now + timedelta(hours=20)}
    collected = when + timedelta(minutes=world.rng.randint(2, 50))
    journey = {"delivery": "delivered", "delivered_at": collected, "confirmed_at": collected, "acknowledge_by": due}
    if newer == UNCOLLECTED:
        return {**journey, "acknowledgement": "overdue"}
    status = "accepted" if world.rng.random() > 0.1 else "accepted_with_errors"
    return {**journey, "acknowledgement": status, "acknowledged_at": collected + timedelta(minutes=3)}


def _broken(world: Any, connections: dict[tuple[str, str], Connection]) -> Iterator[tuple[str, bytes, int]]:
    """Who posted what was refused, and how many days ago: each with a fault that people really make."""

    def sample(pair: tuple[str, str], number: str, days: int) -> bytes:
        return _sample(world, connections[pair], number, world.now - timedelta(days=days))

    trade = ("brenta", "aurora")
    yield "brenta", sample(trade, "BR-20890", 5).replace(b"QTY+21:", b"QTY+21:x", 1), 5
    unknown = sample(trade, "BR-20877", 2).replace(world.orgs["aurora"].gln.encode(), b"8099999000001")
    yield "brenta", unknown, 2
    yield "brenta", sample(trade, "BR-20871", 1).replace(b"UNT+", b"UNT+9"), 1
    yield "lakes", sample(("lakes", "aurora"), "GL-118820", 3).replace(b"IEA*1*", b"IEA*1*9"), 3
    yield "lakes", b"PURCHASE ORDER GL-118821\r\nPlease see the attached spreadsheet.\r\n", 8
    cut_short = sample(("rhein", "nordic"), "RT-7731", 4)
    yield "rhein", cut_short[: len(cut_short) * 2 // 3], 4


def _sample(world: Any, route: Connection, number: str, when: datetime) -> bytes:
    """An order like one that the seller really had, from this buyer, under a new number."""
    like = next(order for order in world.orders if order.seller == route.counterpart and order.state != "draft")
    document = order_document(like)
    document = replace(
        document,
        number=number,
        issued_on=when.date(),
        delivery_date=(when + timedelta(days=30)).date(),
        buyer=_party(route.organisation),
        seller=_party(route.counterpart),
        ship_to=None,
        references=(),
        notes=(),
    )
    return _written(route, _addressed(document, route), when)


def _party(organisation: Organisation) -> PartyDocument:
    return PartyDocument(name=organisation.name, city=organisation.city, country=organisation.country)


def _refused(world: Any, key: str, data: bytes, when: datetime) -> None:
    """Post a broken file as the ERP did, and set it back to when that was."""
    receipt = receive(actor=world.machine(key), data=data)
    Transmission.objects.filter(pk=receipt.transmission.pk).update(
        received_at=when, last_received_at=when, processed_at=when
    )
    for row in receipt.interchanges:
        Interchange.objects.filter(pk=row.pk).update(created=when, processed_at=when, delivered_at=when)
        row.answered_by.update(created=when, processed_at=when, delivered_at=when)
        entries = TrailEntry.objects.filter(target="edi.interchange", target_id=row.pk)
        entries.update(created=when, fanned_out_at=when)
