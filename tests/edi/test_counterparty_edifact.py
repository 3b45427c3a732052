"""Trading in EDIFACT with an independent partner (mock-edi), as its buyer and as its seller, until both sides agree on
every figure. The partner judges all that we write by its own dictionary, and we all that it writes by ours."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from edi.mapping import Envelope, Interchange, PartyRef, acknowledge, read, write
from edi.mapping.sums import round_money
from orders.documents import (
    AcknowledgementDocument,
    ChangeLineDocument,
    DespatchDocument,
    DespatchLineDocument,
    Document,
    Identifier,
    InvoiceDocument,
    InvoiceLineDocument,
    LineAnswer,
    LineChange,
    OrderChangeDocument,
    OrderDocument,
    OrderLineDocument,
    OrderResponseDocument,
    PartyDocument,
    ResponseLineDocument,
    Scheme,
    TotalsDocument,
)

mockedi = pytest.importorskip("mockedi.testing")
TODAY, NOW = date(2026, 3, 2), datetime(2026, 3, 2, 9, 0)
US = PartyDocument(
    identifiers=(Identifier("FILIERA", Scheme.BUYER, "92"),),
    name="Brenta Impianti",
    street="Via Roma 1",
    city="Padova",
    postcode="35100",
    country="IT",
)
THEM = PartyDocument(identifiers=(Identifier("MOCKEDI", Scheme.BUYER, "92"),), name="Mock EDI Supply Co")
PRICES = {"GEAR-100": "8.90", "BRKT-050": "4.15", "FILTER-X": "17.60"}  # of the partner's own catalogue


# The partner's dictionary is a part of D.96A: it lacks 1225 "accepted without amendment" and the CNT of DESADV.
NOT_KNOWN_THERE = ("BGM@2: 29 is not a code BGM03 accepts", "CNT@", "one or more segments in error")


class Trade:
    """Our side: numbers what goes out, and reads what came in."""

    def __init__(self, mock) -> None:
        self.mock = mock
        self.number = 0

    def send(self, document: Document) -> dict:
        """Write and send; the partner must take it without a single remark."""
        self.number += 1
        envelope = Envelope(
            str(self.number),
            PartyRef("FILIERA", "14"),
            PartyRef("MOCKEDI", "ZZ"),
            NOW,
            test=True,
            message_reference=str(self.number),
            ack_requested=False,
        )
        written = write([document], standard="edifact", envelope=envelope)
        assert written.findings == ()
        answer = self.mock.send(written.data.decode("latin-1"))
        for one in answer["transactionSets"]:
            remarks = [item for item in one["findings"] if not item.startswith(NOT_KNOWN_THERE)]
            assert (one["accepted"], remarks) == (True, []), written.data.decode("latin-1")
        assert answer["refusals"] == []
        self.mock.settle()
        return answer

    def take(self, kind: str) -> Document:
        """The document of the one message of this kind that waits for us; each is acknowledged."""
        rows = self.mock.mailbox("FILIERA", kind, leave=False)
        (message,) = [
            message for row in rows for interchange in self.read(row["payload"]) for message in interchange.messages
        ]
        assert not message.rejected
        return message.document

    def read(self, payload: str) -> list[Interchange]:
        reading = read(payload.encode("latin-1"))
        assert not [item for item in reading.all_findings if item.severity == "error"]
        for interchange in reading.interchanges:
            self.number += 1
            answer = acknowledge(interchange, control_number=str(self.number), prepared_at=NOW)
            if answer:
                assert self.mock.send(answer.decode("latin-1"))["acknowledged"]
        return list(reading.interchanges)


def as_its(role: str, **delays: int):
    """What we are to the partner in a test, and how long it takes to answer (milliseconds of its clock)."""

    def mark(test):
        test.part = (role, delays)
        return test

    return mark


@pytest.fixture
def trade(request):
    role, delays = request.function.part
    with mockedi.Mock.start(start_at="2026-03-02T09:00:00Z", tax_rate="0.05", **delays) as mock:
        partner = {"id": "FILIERA", "name": US.name, "qualifier": "14", "dialect": "EDIFACT", "version": "D:96A:UN"}
        mock.expect("POST", "/_mock/partners", {**partner, "role": role}, status=201)
        yield Trade(mock)


def order_of(number: str) -> OrderDocument:
    lines = tuple(
        OrderLineDocument(
            number=str(index),
            quantity=Decimal(quantity),
            unit="PCE",
            unit_price=Decimal(PRICES[sku]),
            seller_sku=sku,
            description=f"Item {sku}",
        )
        for index, (sku, quantity) in enumerate({"GEAR-100": 100, "BRKT-050": 40, "FILTER-X": 7}.items(), start=1)
    )
    return OrderDocument(
        number=number,
        issued_on=TODAY,
        currency="EUR",
        buyer=US,
        seller=THEM,
        ship_to=replace(US, identifiers=(Identifier("DOCK-3", Scheme.BUYER, "92"),), name="Brenta dock"),
        delivery_date=date(2026, 3, 20),
        terms="Net 30 days",
        notes=("Ring at gate 3: ask for Ms. O'Hara",),
        lines=lines,
    )


# -- we buy -----------------------------------------------------------------------------------------------------------


@as_its("customer")
@pytest.mark.parametrize("behaviour", ["accept", "short-ship", "reject-line"])
def test_we_buy(trade, behaviour):
    trade.mock.behaviour("FILIERA", behaviour)
    order = order_of("PO-1")
    trade.send(order)
    acknowledgement = trade.take("acknowledgment")
    assert isinstance(acknowledgement, AcknowledgementDocument)
    assert [(one.kind, one.verdict, one.errors) for one in acknowledgement.verdicts] == [
        ("interchange", "accepted", ()),
        ("message", "accepted", ()),
    ]
    response, despatch, invoice = trade.take("response"), trade.take("despatch"), trade.take("invoice")
    theirs = trade.mock.order("PO-1")
    agree_on_the_answer(order, response, theirs)
    agree_on_the_goods(order, despatch, theirs)
    agree_on_the_money(order, invoice, theirs)


def agree_on_the_answer(order, response, theirs):
    assert (response.order.number, response.number) == (order.number, theirs["seller_order"])
    whole = all(row["confirmed"] == row["quantity"] for row in theirs["lines"])
    assert response.answer == ("accepted" if whole else "accepted_with_changes")
    # It states no 1229, and what it will not deliver as QTY 83 whether or not it refuses it.
    answers = {"IA": LineAnswer.ACCEPTED, "IQ": LineAnswer.BACKORDERED, "IR": LineAnswer.BACKORDERED}
    for line, row, ordered in zip(response.lines, theirs["lines"], order.lines, strict=True):
        assert (line.ordered.number, line.ordered.seller_sku) == (row["line"], row["sku"])
        assert line.ordered.quantity == ordered.quantity
        assert line.ordered.description == ordered.description
        assert (line.answer, line.quantity) == (answers[row["status"]], Decimal(row["confirmed"]))
        assert line.reason == row["reason"]
        if row["status"] != "IR":
            assert line.unit_price == Decimal(row["price"])
            assert line.delivery_date.isoformat() == row["scheduled_on"]


def agree_on_the_goods(order, despatch, theirs):
    (shipment,) = theirs["shipments"]
    assert (despatch.number, despatch.order_number) == (shipment["shipment_id"], order.number)
    assert (despatch.tracking, despatch.shipped_on) == (shipment["tracking"], TODAY)
    assert despatch.carrier.name == shipment["carrier"]
    assert despatch.ship_to.name == order.ship_to.name
    assert [package.count for package in despatch.packages] == [shipment["cartons"]]
    shipped = {row["line"]: Decimal(row["shipped"]) for row in theirs["lines"] if row["shipped"] != "0"}
    assert {line.order_line: line.quantity for line in despatch.lines} == shipped


def agree_on_the_money(order, invoice, theirs):
    (billed,) = theirs["invoices"]
    assert (invoice.number, invoice.order_number) == (billed["invoice_number"], order.number)
    assert (invoice.totals.total, invoice.totals.tax) == (Decimal(billed["total"]), Decimal(billed["tax"]))
    assert invoice.totals.lines == sum(line.amount for line in invoice.lines)
    rows = {row["line"]: (Decimal(row["invoiced"]), Decimal(row["price"])) for row in theirs["lines"]}
    assert {line.number: (line.quantity, line.unit_price) for line in invoice.lines} == {
        number: pair for number, pair in rows.items() if pair[0]
    }


@as_its("customer", despatch_delay_ms=3_600_000, invoice_delay_ms=7_200_000)
def test_we_change_an_order(trade):
    order = order_of("PO-2")
    trade.send(order)
    trade.take("response")
    first, second, third = order.lines
    change = OrderChangeDocument(
        number="PO-2-1",
        sequence="1",
        issued_on=TODAY,
        function="change",
        currency="EUR",
        buyer=US,
        seller=THEM,
        order=replace(order, lines=(), ship_to=None, delivery_date=None, terms="", notes=(), issued_on=None),
        lines=(
            ChangeLineDocument(replace(first, quantity=Decimal(60)), LineChange.CHANGED),
            ChangeLineDocument(third, LineChange.DELETED),
        ),
    )
    trade.send(change)
    answer = trade.take("change-response")
    theirs = trade.mock.order("PO-2")
    assert answer.order.number == "PO-2"
    held = {row["line"]: Decimal(row["quantity"]) for row in theirs["lines"]}
    assert (held["1"], held["2"]) == (60, second.quantity)
    assert {line.ordered.number: line.quantity for line in answer.lines}["1"] == 60


# -- we sell ----------------------------------------------------------------------------------------------------------


@as_its("supplier")
def test_we_sell(trade):
    wanted = [
        {"sku": "GEAR-100", "quantity": 12, "price": "8.90"},
        {"sku": "FILTER-X", "quantity": 5, "price": "17.605"},
    ]
    body = {"partner": "FILIERA", "po_number": "B-77", "requested_on": "2026-03-20", "lines": wanted}
    trade.mock.expect("POST", "/_mock/purchase", body, status=201)
    trade.mock.settle()
    order = trade.take("order")
    assert (order.number, order.delivery_date) == ("B-77", date(2026, 3, 20))
    assert [(line.seller_sku, line.quantity, line.unit_price) for line in order.lines] == [
        ("GEAR-100", Decimal(12), Decimal("8.90")),
        ("FILTER-X", Decimal(5), Decimal("17.605")),
    ]
    trade.send(confirmed(order))
    trade.send(shipped(order))
    trade.send(billed(order))
    theirs = trade.mock.order("B-77")
    assert theirs["disagreements"] == []
    assert [(row["ordered"], row["confirmed"], row["shipped"], row["billed"]) for row in theirs["reconciliation"]] == [
        ("12", "12", "12", "12"),
        ("5", "5", "5", "5"),
    ]


def confirmed(order: OrderDocument) -> OrderResponseDocument:
    lines = tuple(
        ResponseLineDocument(line, LineAnswer.ACCEPTED, line.quantity, line.unit_price, date(2026, 3, 20))
        for line in order.lines
    )
    return OrderResponseDocument(
        number="SO-9",
        issued_on=TODAY,
        currency=order.currency,
        answer="accepted",
        order=replace(order, extras=(), seller=US),
        seller_order_number="SO-9",
        lines=lines,
    )


def shipped(order: OrderDocument) -> DespatchDocument:
    lines = tuple(
        DespatchLineDocument(
            number=line.number,
            quantity=line.quantity,
            unit=line.unit,
            seller_sku=line.seller_sku,
            gtin=line.gtin,
            order_number=order.number,
            order_line=line.number,
        )
        for line in order.lines
    )
    return DespatchDocument(
        number="ASN-1",
        issued_on=TODAY,
        shipped_on=TODAY,
        order_number=order.number,
        buyer=order.buyer,
        seller=US,
        ship_to=order.ship_to,
        tracking="1Z999",
        lines=lines,
    )


def billed(order: OrderDocument) -> InvoiceDocument:
    lines = tuple(
        InvoiceLineDocument(
            number=line.number,
            quantity=line.quantity,
            unit=line.unit,
            unit_price=line.unit_price,
            amount=round_money(line.quantity * line.unit_price, "EUR"),
            seller_sku=line.seller_sku,
            gtin=line.gtin,
        )
        for line in order.lines
    )
    goods = sum((line.amount for line in lines), Decimal(0))
    tax = round_money(goods * Decimal("0.05"), "EUR")
    return InvoiceDocument(
        number="INV-1",
        issued_on=TODAY,
        currency=order.currency or "EUR",
        buyer=order.buyer,
        seller=US,
        ship_to=order.ship_to,
        order_number=order.number,
        despatch_number="ASN-1",
        lines=lines,  # nor has its INVOIC a breakdown by tax
        totals=TotalsDocument(lines=goods, tax=tax, total=goods + tax, payable=goods + tax),
    )


@as_its("supplier")
def test_they_change_and_cancel(trade):
    line = {"sku": "GEAR-100", "quantity": 12, "price": "8.90"}
    body = {"partner": "FILIERA", "po_number": "B-78", "lines": [line]}
    trade.mock.expect("POST", "/_mock/purchase", body, status=201)
    trade.mock.settle()
    order = trade.take("order")
    trade.send(confirmed(order))
    more = {"lines": [{"line": "1", "quantity": 20, "price": "8.50"}, {"action": "add", **line, "sku": "BRKT-050"}]}
    trade.mock.expect("POST", "/_mock/purchase/B-78/change", more)
    trade.mock.settle()
    change = trade.take("change")
    assert (change.order.number, change.function) == ("B-78", "change")
    assert [(one.change, one.line.number, one.line.quantity, one.line.unit_price) for one in change.lines] == [
        (LineChange.CHANGED, "1", Decimal(20), Decimal("8.50")),
        (LineChange.ADDED, "2", Decimal(12), Decimal("8.90")),
    ]
    trade.send(confirmed(replace(order, lines=tuple(one.line for one in change.lines))))
    theirs = trade.mock.order("B-78")
    assert [(row["ordered"], row["confirmed"]) for row in theirs["reconciliation"]] == [("20", "20"), ("12", "12")]
    trade.mock.expect("POST", "/_mock/purchase/B-78/change", {"cancel": True})
    trade.mock.settle()
    assert trade.take("change").function == "cancel"
