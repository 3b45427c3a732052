"""Trading in X12 with an independent partner (mock-edi), as its buyer and as its seller, until both sides agree on
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
    PackageDocument,
    PartyDocument,
    RemittanceDocument,
    RemittanceLineDocument,
    ResponseLineDocument,
    Scheme,
    TaxDocument,
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
ITEMS = {  # of the partner's own catalogue
    "GEAR-100": ("076123400027", Decimal("8.90")),
    "BRKT-050": ("076123400041", Decimal("4.15")),
    "FILTER-X": ("076123400119", Decimal("17.60")),
}
VERSIONS = pytest.mark.parametrize("version", ["004010", "005010"])


class Trade:
    """Our side: numbers what goes out, and reads what came in."""

    def __init__(self, mock, version: str) -> None:
        self.mock = mock
        self.version = version
        self.number = 0
        self.collected = 0

    def envelope(self) -> Envelope:
        self.number += 1
        sender, receiver = PartyRef("FILIERA", "ZZ"), PartyRef("MOCKEDI", "ZZ")
        return Envelope(str(self.number), sender, receiver, NOW, test=True, version=self.version, ack_requested=False)

    def send(self, document: Document) -> dict:
        """Write and send; the partner must take it without a single remark."""
        written = write([document], standard="x12", envelope=self.envelope())
        assert not written.rejected
        answer = self.mock.send(written.data.decode())
        for one in answer["transactionSets"]:
            assert (one["accepted"], one["findings"]) == (True, []), written.data.decode()
        assert answer["refusals"] == []
        self.mock.settle()
        return answer

    def take(self, kind: str) -> Document:
        """The document of the one set of this kind that waits for us; each is acknowledged, as a partner must."""
        rows = self.mock.mailbox("FILIERA", kind, leave=False)
        (message,) = [
            message for row in rows for interchange in self.read(row["payload"]) for message in interchange.messages
        ]
        assert not message.rejected
        return message.document

    def read(self, payload: str) -> list[Interchange]:
        reading = read(payload.encode())
        assert not [item for item in reading.all_findings if item.severity == "error"]
        for interchange in reading.interchanges:
            self.number += 1
            answer = acknowledge(interchange, control_number=str(self.number), prepared_at=NOW)
            if answer:
                assert self.mock.send(answer.decode())["acknowledged"]
        return list(reading.interchanges)


def as_its(role: str, **delays: int):
    """What we are to the partner in a test, and how long it takes to answer (milliseconds of its clock)."""

    def mark(test):
        test.part = (role, delays)
        return test

    return mark


@pytest.fixture
def trade(request, version):
    role, delays = request.function.part
    with mockedi.Mock.start(start_at="2026-03-02T09:00:00Z", tax_rate="0.05", **delays) as mock:
        partner = {
            "id": "FILIERA",
            "name": US.name,
            "qualifier": "ZZ",
            "dialect": "X12",
            "version": version,
            "role": role,
        }
        mock.expect("POST", "/_mock/partners", partner, status=201)
        yield Trade(mock, version)


def order_of(number: str) -> OrderDocument:
    lines = tuple(
        OrderLineDocument(
            number=str(index),
            quantity=Decimal(quantity),
            unit="EA",
            unit_price=ITEMS[sku][1],
            seller_sku=sku,
            gtin=ITEMS[sku][0],
            description=f"Item {sku}",
        )
        for index, (sku, quantity) in enumerate({"GEAR-100": 100, "BRKT-050": 40, "FILTER-X": 7}.items(), start=1)
    )
    return OrderDocument(
        number=number,
        issued_on=TODAY,
        currency="USD",
        buyer=US,
        seller=THEM,
        ship_to=replace(US, identifiers=(Identifier("DOCK-3", Scheme.BUYER, "92"),), name="Brenta dock"),
        delivery_date=date(2026, 3, 20),
        lines=lines,
    )


# -- we buy -----------------------------------------------------------------------------------------------------------


@as_its("customer")
@VERSIONS
@pytest.mark.parametrize("behaviour", ["accept", "short-ship", "reject-line"])
def test_we_buy(trade, behaviour):
    trade.mock.behaviour("FILIERA", behaviour)
    order = order_of("PO-1")
    trade.send(order)
    acknowledgement = trade.take("acknowledgment")
    assert isinstance(acknowledgement, AcknowledgementDocument)
    assert [(one.kind, one.verdict, one.errors) for one in acknowledgement.verdicts] == [
        ("group", "accepted", ()),
        ("message", "accepted", ()),
    ]
    response, despatch, invoice = trade.take("response"), trade.take("despatch"), trade.take("invoice")
    theirs = trade.mock.order("PO-1")
    agree_on_the_answer(order, response, theirs)
    agree_on_the_goods(order, despatch, theirs)
    agree_on_the_money(order, invoice, theirs)
    pay(trade, invoice)


def agree_on_the_answer(order, response, theirs):
    assert response.order.number == order.number
    assert response.seller_order_number == theirs["seller_order"]
    assert (
        response.answer
        == {True: "accepted", False: "accepted_with_changes"}[
            all(row["confirmed"] == row["quantity"] for row in theirs["lines"])
        ]
    )
    answers = {"IA": LineAnswer.ACCEPTED, "IQ": LineAnswer.CHANGED, "IR": LineAnswer.REJECTED}
    for line, row, ordered in zip(response.lines, theirs["lines"], order.lines, strict=True):
        assert (line.ordered.number, line.ordered.seller_sku, line.ordered.gtin) == (
            row["line"],
            row["sku"],
            row["upc"],
        )
        assert line.ordered.quantity == ordered.quantity
        assert line.ordered.description == ordered.description
        assert (line.answer, line.quantity) == (answers[row["status"]], Decimal(row["confirmed"]))
        assert line.unit_price == (None if row["status"] == "IR" else Decimal(row["price"]))
        assert line.reason == row["reason"]


def agree_on_the_goods(order, despatch, theirs):
    (shipment,) = theirs["shipments"]
    assert (despatch.number, despatch.order_number) == (shipment["shipment_id"], order.number)
    assert (despatch.tracking, despatch.shipped_on) == (shipment["tracking"], TODAY)
    assert despatch.gross_weight == Decimal(str(shipment["weight"]))
    assert despatch.ship_to.name == order.ship_to.name
    shipped = {row["line"]: Decimal(row["shipped"]) for row in theirs["lines"] if row["shipped"] != "0"}
    assert {line.order_line: line.quantity for line in despatch.lines} == shipped
    assert {line.order_line: line.ordered for line in despatch.lines} == {
        line.number: line.quantity for line in order.lines if line.number in shipped
    }


def agree_on_the_money(order, invoice, theirs):
    (billed,) = theirs["invoices"]
    assert (invoice.number, invoice.order_number) == (billed["invoice_number"], order.number)
    assert invoice.totals.payable == Decimal(billed["total"])
    assert sum(tax.amount for tax in invoice.taxes) == Decimal(billed["tax"])
    rows = {row["line"]: (Decimal(row["invoiced"]), Decimal(row["price"])) for row in theirs["lines"]}
    assert {line.number: (line.quantity, line.unit_price) for line in invoice.lines} == {
        number: pair for number, pair in rows.items() if pair[0]
    }


def pay(trade, invoice):
    """A remittance for the invoice: the partner files it, and finds it paid."""
    total = invoice.totals.payable
    line = RemittanceLineDocument(invoice=invoice.number, paid=total, invoiced=total, invoiced_on=invoice.issued_on)
    payment = RemittanceDocument(
        number="PAY-1",
        issued_on=TODAY,
        paid_on=TODAY,
        currency="USD",
        buyer=US,
        seller=THEM,
        amount=total,
        method="ACH",
        lines=(line,),
    )
    trade.send(payment)
    (filed,) = trade.mock.get("/_mock/remittances").body
    assert (filed["trace"], Decimal(filed["total"])) == ("PAY-1", total)
    assert [(one["invoice"], Decimal(one["paid"])) for one in filed["invoices"]] == [(invoice.number, total)]


@as_its("customer", despatch_delay_ms=3_600_000, invoice_delay_ms=7_200_000)
@VERSIONS
def test_we_change_an_order(trade):
    order = order_of("PO-2")
    trade.send(order)
    trade.take("response")
    first, second, third = order.lines
    change = OrderChangeDocument(
        number="1",
        sequence="1",
        issued_on=TODAY,
        function="change",
        currency="USD",
        buyer=US,
        seller=THEM,
        order=replace(order, lines=(), ship_to=None, delivery_date=None),
        lines=(
            ChangeLineDocument(replace(first, quantity=Decimal(60)), LineChange.CHANGED),
            ChangeLineDocument(third, LineChange.DELETED),
        ),
    )
    trade.send(change)
    answer = trade.take("change-response")
    theirs = trade.mock.order("PO-2")
    assert (answer.order.number, answer.change) == ("PO-2", "1")
    held = {row["line"]: Decimal(row["quantity"]) for row in theirs["lines"]}
    assert held["1"] == 60
    assert {line.ordered.number: line.quantity for line in answer.lines}["1"] == 60
    assert held["2"] == second.quantity


# -- we sell ----------------------------------------------------------------------------------------------------------


@as_its("supplier")
@VERSIONS
def test_we_sell(trade):
    wanted = [
        {"sku": "GEAR-100", "quantity": 12, "price": "8.90"},
        {"sku": "FILTER-X", "quantity": 5, "price": "17.605"},
    ]
    placed = trade.mock.expect(
        "POST",
        "/_mock/purchase",
        {"partner": "FILIERA", "po_number": "B-77", "requested_on": "2026-03-20", "lines": wanted},
        status=201,
    )
    trade.mock.settle()
    order = trade.take("order")
    assert (order.number, order.delivery_date, order.currency) == ("B-77", date(2026, 3, 20), "USD")
    assert [(line.seller_sku, line.quantity, line.unit_price) for line in order.lines] == [
        ("GEAR-100", Decimal(12), Decimal("8.90")),
        ("FILTER-X", Decimal(5), Decimal("17.605")),
    ]
    assert [line.gtin for line in order.lines] == [row["upc"] for row in placed["lines"]]
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
        currency="USD",
        buyer=order.buyer,
        seller=US,
        answer="accepted",
        order=order,
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
            ordered=line.quantity,
            package="1",
        )
        for line in order.lines
    )
    return DespatchDocument(
        number="ASN-1",
        issued_on=TODAY,
        shipped_on=TODAY,
        delivery_date=date(2026, 3, 20),
        order_number=order.number,
        buyer=order.buyer,
        seller=US,
        ship_from=US,
        ship_to=order.ship_to,
        tracking="1Z999",
        carrier=PartyDocument(identifiers=(Identifier("UPSN", Scheme.OTHER, "2"),), name="UPS"),
        gross_weight=Decimal("31.5"),
        weight_unit="KGM",
        packages=(PackageDocument("1", kind="CT"),),  # the partner's dictionary of the 856 does not know MAN
        lines=lines,
    )


def billed(order: OrderDocument) -> InvoiceDocument:
    lines = tuple(
        InvoiceLineDocument(
            number=line.number,
            quantity=line.quantity,
            unit=line.unit,
            unit_price=line.unit_price,
            seller_sku=line.seller_sku,
            gtin=line.gtin,
        )
        for line in order.lines
    )
    goods = sum((round_money(line.quantity * line.unit_price, "USD") for line in lines), Decimal(0))
    tax = Decimal("9.74")
    return InvoiceDocument(
        number="INV-1",
        issued_on=TODAY,
        currency="USD",
        buyer=order.buyer,
        seller=US,
        ship_to=order.ship_to,
        order_number=order.number,
        despatch_number="ASN-1",
        due_date=date(2026, 4, 1),
        lines=lines,
        taxes=(TaxDocument(kind="STT", amount=tax),),
        totals=TotalsDocument(total=goods + tax, payable=goods + tax),
    )


@as_its("supplier")
@VERSIONS
def test_they_change_and_cancel(trade):
    line = {"sku": "GEAR-100", "quantity": 12, "price": "8.90"}
    trade.mock.expect(
        "POST", "/_mock/purchase", {"partner": "FILIERA", "po_number": "B-78", "lines": [line]}, status=201
    )
    trade.mock.settle()
    order = trade.take("order")
    trade.send(confirmed(order))
    more = {"lines": [{"line": "1", "quantity": 20, "price": "8.50"}, {"action": "add", **line, "sku": "BRKT-050"}]}
    trade.mock.expect("POST", "/_mock/purchase/B-78/change", more)
    trade.mock.settle()
    change = trade.take("change")
    assert (change.order.number, change.sequence, change.function) == ("B-78", "1", "change")
    assert [(one.change, one.line.number, one.line.quantity, one.line.unit_price) for one in change.lines] == [
        (LineChange.CHANGED, "1", Decimal(20), Decimal("8.50")),
        (LineChange.ADDED, "2", Decimal(12), Decimal("8.90")),
    ]
    lines = tuple(
        replace(one.line, references=(("change", "CA" if n == 0 else "AI"),)) for n, one in enumerate(change.lines)
    )
    answer = replace(confirmed(replace(order, lines=lines)), change=change.sequence)
    trade.send(answer)
    theirs = trade.mock.order("B-78")
    assert [(row["ordered"], row["confirmed"]) for row in theirs["reconciliation"]] == [("20", "20"), ("12", "12")]
    trade.mock.expect("POST", "/_mock/purchase/B-78/change", {"cancel": True})
    trade.mock.settle()
    assert trade.take("change").function == "cancel"
