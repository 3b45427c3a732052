"""The goods and the invoices of the demo's orders: most agree, a few differ as they do in life."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from orders.amounts import amount_of
from orders.codec import dump
from orders.documents import (
    DespatchDocument,
    DespatchLineDocument,
    Identifier,
    InvoiceDocument,
    InvoiceLineDocument,
    PackageDocument,
    PartyDocument,
    ReceiptDocument,
    ReceiptLineDocument,
    Scheme,
    TaxDocument,
    TotalsDocument,
)
from orders.models import (
    DespatchAdvice,
    DespatchLine,
    DespatchPackage,
    Invoice,
    InvoiceLine,
    InvoiceTax,
    Order,
    OrderLine,
    ReceiptAdvice,
    ReceiptLine,
)
from partners.models import Organisation

CARRIERS = ("Brennero Logistica", "Nordsee Spedition", "Alpe Adria Trasporti", "Great Lakes Freight")
SENT = ("partly_shipped", "shipped", "invoiced", "closed")
VAT = Decimal(22)


def fulfil(world: Any, orders: list[Order]) -> None:
    """Despatch, receipt and invoice of each order that got so far."""
    for serial, order in enumerate(order for order in orders if order.state in SENT):
        lines = list(order.lines.select_related("product"))
        when = min((order.answered_at or order.created) + timedelta(days=2, hours=serial % 5), world.now)
        despatch = _despatch(world, order, lines, serial, when)
        if order.state in ("invoiced", "closed") or (order.state == "shipped" and serial % 3 == 0):
            _receipt(world, order, despatch, serial, min(when + timedelta(days=3), world.now))
        if order.state in ("invoiced", "closed"):
            _invoice(world, order, lines, serial, min(when + timedelta(days=4), world.now))


def _head(order: Order) -> dict[str, Any]:
    return {"order_number": order.number, "buyer": _party(order.buyer), "seller": _party(order.seller)}


def _party(organisation: Organisation) -> PartyDocument:
    codes = (Identifier(organisation.gln, Scheme.GLN),) if organisation.gln else ()
    return PartyDocument(codes, organisation.name, city=organisation.city, country=organisation.country)


def _item(line: OrderLine) -> dict[str, Any]:
    return {
        "number": line.number,
        "gtin": line.gtin,
        "seller_sku": line.seller_sku,
        "description": line.title,
        "unit": line.unit,
        "order_line": line.number,
    }


def _row(order: Order, line: OrderLine, position: int) -> dict[str, Any]:
    return {
        "position": position,
        "number": line.number,
        "order": order,
        "order_line": line,
        "title": line.title[:200],
        "unit": line.unit,
    }


def _despatch(world: Any, order: Order, lines: list[OrderLine], serial: int, when: datetime) -> DespatchAdvice:
    """The first half of the lines where only a part went out, each on the one pallet."""
    sent = lines[: max(1, len(lines) // 2)] if order.state == "partly_shipped" else lines
    partial = order.state == "partly_shipped" and len(lines) == 1
    quantities = [max(Decimal(1), line.quantity // 2) if partial else line.quantity for line in sent]
    carrier, sscc = CARRIERS[serial % len(CARRIERS)], _sscc(serial)
    document = DespatchDocument(
        number=f"DN-{7000 + serial}",
        issued_on=when.date(),
        shipped_on=when.date(),
        delivery_date=(when + timedelta(days=3)).date(),
        carrier=PartyDocument(name=carrier),
        tracking=f"TRK{880000 + serial}",
        packages=(PackageDocument("1", kind="201", sscc=sscc, count=1),),
        lines=tuple(
            DespatchLineDocument(quantity=many, package="1", **_item(line))
            for line, many in zip(sent, quantities, strict=True)
        ),
        **_head(order),
    )
    row = DespatchAdvice(carrier=carrier, tracking=document.tracking, shipped_on=when.date())
    _save(row, order, document, when)
    DespatchPackage.objects.create(despatch=row, position=1, reference="1", kind="201", sscc=sscc, count=1)
    DespatchLine.objects.bulk_create(
        DespatchLine(despatch=row, quantity=many, package="1", **_row(order, line, at))
        for at, (line, many) in enumerate(zip(sent, quantities, strict=True), 1)
    )
    seller = world.actor(world.key_of(order.seller), "order_desk")
    world.trail(seller, "despatch.received", row, when, orders=[order.number])
    world.trail(seller, "order.despatched", order, when, number=order.number, document=row.number)
    return row


def _sscc(serial: int) -> str:
    """Eighteen digits with their check digit (GS1 General Specifications 7.9)."""
    body = f"38012345{serial:09d}"
    total = sum(int(digit) * (3 if at % 2 == 0 else 1) for at, digit in enumerate(body))
    return f"{body}{-total % 10}"


def _receipt(world: Any, order: Order, despatch: DespatchAdvice, serial: int, when: datetime) -> None:
    """Every seventh time one piece of the first line is missing."""
    sent = list(despatch.lines.select_related("order_line__product"))
    arrived = [line.quantity - (1 if serial % 7 == 3 and at == 0 else 0) for at, line in enumerate(sent)]
    document = ReceiptDocument(
        number=f"GR-{5000 + serial}",
        issued_on=when.date(),
        received_on=when.date(),
        despatch_number=despatch.number,
        lines=tuple(
            ReceiptLineDocument(received=many, **_item(line.order_line))
            for line, many in zip(sent, arrived, strict=True)
            if line.order_line
        ),
        **_head(order),
    )
    row = ReceiptAdvice(received_on=when.date(), despatch=despatch)
    _save(row, order, document, when)
    ReceiptLine.objects.bulk_create(
        ReceiptLine(receipt=row, quantity=many, **_row(order, line.order_line, at))
        for at, (line, many) in enumerate(zip(sent, arrived, strict=True), 1)
        if line.order_line
    )
    buyer = world.actor(world.key_of(order.buyer), "order_desk")
    world.trail(buyer, "receipt.received", row, when, orders=[order.number])
    world.trail(buyer, "order.delivered", order, when, number=order.number, document=row.number)


def _invoice(world: Any, order: Order, lines: list[OrderLine], serial: int, when: datetime) -> None:
    """Every fifth one charges a little more for its first line than was agreed."""
    charged = [_charged(order, line, more=serial % 5 == 2 and at == 0) for at, line in enumerate(lines)]
    net = sum((line.amount or Decimal(0) for line in charged), Decimal(0))
    tax = amount_of(net, VAT, Decimal(100), order.currency)
    totals = TotalsDocument(lines=net, taxable=net, tax=tax, total=net + tax, payable=net + tax)
    document = InvoiceDocument(
        number=f"FT-{when.year}-{300 + serial}",
        issued_on=when.date(),
        due_date=(when + timedelta(days=30)).date(),
        currency=order.currency,
        lines=tuple(charged),
        taxes=(TaxDocument(category="S", rate=VAT, taxable=net, amount=tax),),
        totals=totals,
        **_head(order),
    )
    row = Invoice(
        currency=order.currency, due_date=document.due_date, net=net, tax=tax, total=net + tax, payable=net + tax
    )
    _save(row, order, document, when)
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=row,
            quantity=said.quantity,
            unit_price=said.unit_price,
            price_base=said.price_base,
            amount=said.amount,
            tax_category="S",
            tax_rate=VAT,
            **_row(order, line, at),
        )
        for at, (line, said) in enumerate(zip(lines, charged, strict=True), 1)
    )
    InvoiceTax.objects.create(invoice=row, position=1, category="S", rate=VAT, taxable=net, amount=tax)
    seller = world.actor(world.key_of(order.seller), "order_desk")
    world.trail(seller, "invoice.received", row, when, kind="invoice", orders=[order.number])
    world.trail(seller, "order.invoiced", order, when, number=order.number, document=row.number)


def _charged(order: Order, line: OrderLine, *, more: bool) -> InvoiceLineDocument:
    price = line.unit_price if line.unit_price is not None else line.expected_price or Decimal(0)
    if more:
        price = (price * Decimal("1.02")).quantize(Decimal("0.01"))
    said = InvoiceLineDocument(quantity=line.quantity, unit_price=price, price_base=line.price_base, **_item(line))
    amount = line.amount if not more and line.amount is not None else None
    if amount is None:
        amount = amount_of(line.quantity, price, line.price_base, order.currency)
    return replace(said, amount=amount)


def _save(row: Any, order: Order, document: Any, when: datetime) -> None:
    row.buyer, row.seller, row.number, row.issued_on = order.buyer, order.seller, document.number, document.issued_on
    row.source, row.document, row.created = Order.Source.EDI, dump(document), when
    row.save()
    row.orders.add(order)
