"""Documents for property tests: what every standard can say, so that writing and reading give the same document back.

Each is a function of hypothesis strategies; keyword arguments narrow what a standard lacks, e.g.
`orders(notes=st.just(()))`. Texts hold the service characters of all standards, but no letters beyond ASCII.
`bare(document)` forgets what only says how a value was written (the raw scheme of an identifier).
"""

from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from orders.documents import (
    AcknowledgementDocument,
    AllowanceDocument,
    CatalogueDocument,
    CatalogueLineDocument,
    ChangeLineDocument,
    DespatchDocument,
    DespatchLineDocument,
    Identifier,
    InvoiceDocument,
    InvoiceLineDocument,
    LineAnswer,
    LineChange,
    NoticeError,
    NoticeVerdict,
    OrderChangeDocument,
    OrderDocument,
    OrderLineDocument,
    OrderResponseDocument,
    PackageDocument,
    PartyDocument,
    PriceDocument,
    QuantityDocument,
    ReceiptDocument,
    ReceiptLineDocument,
    ResponseLineDocument,
    SalesDocument,
    SalesLineDocument,
    ScheduleDocument,
    Scheme,
    StockDocument,
    StockLineDocument,
    TaxDocument,
    TotalsDocument,
)

GLNS = ("4006381333931", "8712345678906", "8033661230013", "8024670010017")
GTINS = ("4006381333931", "8024670010024", "10012345678902")
SSCCS = ("340123450000000017", "340123450000000024")
UNITS = ("EA", "KGM", "MTR")

texts = (
    st.text(st.sampled_from("abcXYZ019 +:?*'.,-/&()"), max_size=30)
    .map(lambda text: " ".join(text.split()))
    .map(lambda text: text and "T" + text + "e")
)
words = texts.map(lambda text: text or "Name")
codes = st.text(st.sampled_from("ABCZ0189-_./'+:?"), max_size=14).map(lambda text: "K" + text + "1")
amounts = st.decimals(min_value="0.01", max_value="99999", places=2)
prices = st.decimals(min_value="0.0001", max_value="9999", places=4)
quantities = st.decimals(min_value="0.001", max_value="9999", places=3)
whole = st.integers(1, 9999).map(Decimal)
percents = st.decimals(min_value="0.5", max_value="50", places=1)
days = st.dates(date(2001, 1, 1), date(2060, 12, 31))
maybe_day = st.none() | days
units = st.sampled_from(UNITS)


def bare(value: Any) -> Any:
    """`value` with identifiers that no longer tell in which words their scheme was written, at any depth."""
    if isinstance(value, Identifier):
        return replace(value, raw_scheme="")
    if isinstance(value, tuple):
        return tuple(bare(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: bare(getattr(value, field.name)) for field in fields(value)})
    return value


def _built(kind: type, defaults: dict[str, st.SearchStrategy], given: dict[str, st.SearchStrategy]):
    return st.builds(kind, **{**defaults, **given})


def parties(**given: st.SearchStrategy) -> st.SearchStrategy[PartyDocument]:
    """A party with a GLN, sometimes a VAT number, an address and a contact."""
    gln = st.sampled_from(GLNS).map(lambda value: Identifier(value, Scheme.GLN))
    vat = st.sampled_from(["", "IT01234567890"]).map(lambda value: (Identifier(value, Scheme.VAT),) if value else ())
    return _built(
        PartyDocument,
        {
            "identifiers": st.tuples(gln, vat).map(lambda pair: (pair[0], *pair[1])),
            "name": words,
            "street": texts,
            "city": texts,
            "postcode": st.sampled_from(["", "35100"]),
            "country": st.sampled_from(["IT", "US"]),
            "contact": st.sampled_from(["", "Anna Rossi"]),
            "email": st.sampled_from(["", "anna.rossi@brenta.example"]),
            "phone": st.sampled_from(["", "390491234567"]),
        },
        given,
    )


def allowances(**given: st.SearchStrategy) -> st.SearchStrategy[AllowanceDocument]:
    """A discount or charge with an amount, a percentage or both."""
    some = {"charge": st.booleans(), "reason": words}
    return _built(AllowanceDocument, {**some, "amount": amounts}, given) | _built(
        AllowanceDocument, {**some, "percent": percents}, given
    )


def taxes(**given: st.SearchStrategy) -> st.SearchStrategy[TaxDocument]:
    """A value added tax of a line: category and rate."""
    return _built(TaxDocument, {"category": st.just("S"), "rate": percents}, given)


def _items(number: str, given: dict[str, st.SearchStrategy]) -> dict[str, st.SearchStrategy]:
    return {
        "number": st.just(number),
        "gtin": st.sampled_from(["", *GTINS]),
        "seller_sku": codes,
        "buyer_sku": st.just("") | codes,
        "description": words,
        **given,
    }


def _numbered(one, at_least: int = 1, at_most: int = 3):
    """Lines numbered from 1; `one` makes the strategy of a line from its number."""
    counts = st.integers(at_least, at_most)
    return counts.flatmap(lambda count: st.tuples(*(one(str(number)) for number in range(1, count + 1))))


def order_lines(number: str, **given: st.SearchStrategy) -> st.SearchStrategy[OrderLineDocument]:
    """One line of an order; `schedule` is left to those that have one."""
    more = {
        "quantity": quantities,
        "unit": units,
        "unit_price": st.none() | prices,
        "price_base": st.sampled_from([Decimal(1), Decimal(100)]),
        "delivery_date": maybe_day,
    }
    kept = _built(OrderLineDocument, _items(number, more), given)
    return kept.map(lambda line: line if line.unit_price is not None else replace(line, price_base=Decimal(1)))


schedules = st.builds(ScheduleDocument, quantity=whole, on=days, unit=units)


def _heads(given: dict[str, st.SearchStrategy], **more: st.SearchStrategy) -> dict[str, st.SearchStrategy]:
    head = {"number": codes, "issued_on": days, "buyer": parties(), "seller": parties()}
    return {**head, **more, **given}


def orders(**given: st.SearchStrategy) -> st.SearchStrategy[OrderDocument]:
    """An order of one to three lines."""
    more = {
        "currency": st.sampled_from(["EUR", "USD"]),
        "kind": st.sampled_from(["order", "blanket", "rush", "call_off"]),
        "ship_to": st.none() | parties(),
        "bill_to": st.none() | parties(),
        "delivery_date": maybe_day,
        "references": st.just(()) | codes.map(lambda code: (("contract", code),)),
        "notes": st.lists(words, max_size=2).map(tuple),
        "allowances": st.lists(allowances(), max_size=2).map(tuple),
        "lines": _numbered(order_lines),
    }
    return st.builds(OrderDocument, **_heads(given, **more)).map(_counted)


def _counted(document: Any) -> Any:
    return replace(document, stated_line_count=len(document.lines))


def changes(**given: st.SearchStrategy) -> st.SearchStrategy[OrderChangeDocument]:
    """A change of an order: some lines as they shall be."""

    def line(number: str):
        return st.builds(ChangeLineDocument, line=order_lines(number), change=st.sampled_from(LineChange))

    header = orders(lines=st.just(()), allowances=st.just(()), notes=st.just(()), kind=st.just("order")).map(
        lambda order: replace(order, stated_line_count=None)
    )
    return st.tuples(header, _numbered(line), codes, days).map(
        lambda parts: OrderChangeDocument(
            number=parts[2],
            issued_on=parts[3],
            function="change",
            currency=parts[0].currency,
            buyer=parts[0].buyer,
            seller=parts[0].seller,
            references=parts[0].references,
            order=replace(parts[0], issued_on=None, function="change"),
            lines=parts[1],
            **given,
        )
    )


def response_lines(number: str) -> st.SearchStrategy[ResponseLineDocument]:
    """The answer to one line."""
    ordered = order_lines(number, unit_price=st.none(), delivery_date=st.none())

    def answered(line: OrderLineDocument):
        accepted = st.builds(
            ResponseLineDocument,
            ordered=st.just(line),
            answer=st.just(LineAnswer.ACCEPTED),
            quantity=st.just(line.quantity),
            unit_price=st.none() | prices,
            delivery_date=maybe_day,
        )
        changed = st.builds(
            ResponseLineDocument,
            ordered=st.just(line),
            answer=st.just(LineAnswer.CHANGED),
            quantity=quantities,
            unit_price=st.none() | prices,
            delivery_date=maybe_day,
            reason=texts,
            substitute=st.just("") | codes,
        )
        rejected = st.builds(
            ResponseLineDocument,
            ordered=st.just(line),
            answer=st.just(LineAnswer.REJECTED),
            quantity=st.just(Decimal(0)),
            reason=texts,
        )
        return accepted | changed | rejected

    return ordered.flatmap(answered)


def responses() -> st.SearchStrategy[OrderResponseDocument]:
    """An answer to an order, of any kind but "acknowledged"."""
    header = st.tuples(codes, st.sampled_from(["EUR", "USD"]), parties(), parties())
    answers = st.sampled_from(["accepted", "accepted_with_changes", "rejected"])
    return st.tuples(header, codes, days, answers, st.just("") | codes, _numbered(response_lines)).map(
        lambda parts: OrderResponseDocument(
            number=parts[1],
            issued_on=parts[2],
            currency=parts[0][1],
            buyer=parts[0][2],
            seller=parts[0][3],
            answer=parts[3],
            seller_order_number=parts[4],
            order=OrderDocument(number=parts[0][0], currency=parts[0][1], buyer=parts[0][2], seller=parts[0][3]),
            lines=parts[5],
        )
    )


def despatches(**given: st.SearchStrategy) -> st.SearchStrategy[DespatchDocument]:
    """A despatch of two pallets, one of them in a box on the other, and lines in them."""
    packages = (
        PackageDocument("1", kind="201", sscc=SSCCS[0]),
        PackageDocument("2", parent="1", kind="CT", sscc=SSCCS[1]),
    )

    def line(number: str):
        more = {
            "quantity": quantities,
            "unit": units,
            "order_number": codes,
            "order_line": st.just(number),
            "package": st.sampled_from(["1", "2"]),
            "batch": st.just("") | codes,
            "best_before": maybe_day,
        }
        return _built(DespatchLineDocument, _items(number, more), {})

    more = {
        "order_number": codes,
        "shipped_on": maybe_day,
        "delivery_date": maybe_day,
        "ship_from": st.none() | parties(),
        "ship_to": st.none() | parties(),
        "packages": st.just(packages),
        "lines": _numbered(line).map(lambda lines: tuple(sorted(lines, key=lambda one: (one.package, one.number)))),
    }
    return st.builds(DespatchDocument, **_heads(given, **more)).map(_counted)


def receipts(**given: st.SearchStrategy) -> st.SearchStrategy[ReceiptDocument]:
    """What arrived of a despatch."""

    def line(number: str):
        more = {
            "received": quantities,
            "unit": units,
            "order_number": codes,
            "order_line": st.just(number),
            "rejected": st.none() | quantities,
            "short": st.none() | quantities,
        }
        return _built(ReceiptLineDocument, _items(number, more), {})

    more = {
        "order_number": codes,
        "despatch_number": codes,
        "received_on": days,
        "ship_to": st.none() | parties(),
        "lines": _numbered(line),
    }
    return st.builds(ReceiptDocument, **_heads(given, **more)).map(_counted)


def invoices(**given: st.SearchStrategy) -> st.SearchStrategy[InvoiceDocument]:
    """An invoice or credit note with tax by line and in total; its figures need not add up."""

    def line(number: str):
        more = {
            "quantity": quantities,
            "unit": units,
            "unit_price": prices,
            "amount": amounts,
            "tax": taxes(),
            "allowances": st.lists(allowances(percent=st.none(), amount=amounts), max_size=1).map(tuple),
            "order_number": codes,
            "order_line": st.just(number),
        }
        return _built(InvoiceLineDocument, _items(number, more), {})

    totals = st.builds(TotalsDocument, lines=amounts, taxable=amounts, tax=amounts, total=amounts, payable=amounts)
    more = {
        "currency": st.just("EUR"),
        "kind": st.sampled_from(["invoice", "credit_note"]),
        "order_number": codes,
        "despatch_number": st.just("") | codes,
        "preceding": st.just("") | codes,
        "due_date": maybe_day,
        "delivered_on": maybe_day,
        "bill_to": st.none() | parties(),
        "ship_to": st.none() | parties(),
        "lines": _numbered(line),
        "taxes": st.tuples(taxes(taxable=amounts, amount=amounts)),
        "totals": totals,
    }
    return st.builds(InvoiceDocument, **_heads(given, **more)).map(_counted)


def catalogues(**given: st.SearchStrategy) -> st.SearchStrategy[CatalogueDocument]:
    """Products with a net price each."""

    def line(number: str):
        more = {
            "action": st.sampled_from(["add", "delete", "update", "unchanged"]),
            "prices": st.tuples(st.builds(PriceDocument, amount=prices, kind=st.sampled_from(["net", "gross"]))),
            "minimum": st.none() | whole,
            "pack_quantity": st.none() | whole,
        }
        return _built(CatalogueLineDocument, _items(number, more), {})

    more = {"currency": st.just("EUR"), "valid_from": days, "valid_until": days, "lines": _numbered(line)}
    return st.builds(CatalogueDocument, **_heads(given, **more)).map(_counted)


def stocks(**given: st.SearchStrategy) -> st.SearchStrategy[StockDocument]:
    """What is in stock of some items."""

    def line(number: str):
        on_hand = st.builds(QuantityDocument, kind=st.just("on_hand"), quantity=quantities, unit=units)
        return _built(StockLineDocument, _items(number, {"quantities": st.tuples(on_hand)}), {})

    return st.builds(StockDocument, **_heads(given, as_of=days, lines=_numbered(line))).map(_counted)


def sales(**given: st.SearchStrategy) -> st.SearchStrategy[SalesDocument]:
    """What was sold at one or two places."""

    def line(number: str):
        more = {
            "quantity": quantities,
            "unit": units,
            "unit_price": st.none() | prices,
            "amount": st.none() | amounts,
            "location": st.sampled_from(GLNS[:2]),
        }
        return _built(SalesLineDocument, _items(number, more), {})

    more = {"currency": st.just("EUR"), "period_from": days, "period_until": days, "lines": _numbered(line)}
    return st.builds(SalesDocument, **_heads(given, **more)).map(_counted)


def notices(**given: st.SearchStrategy) -> st.SearchStrategy[AcknowledgementDocument]:
    """A business acknowledgement of one document (APERAK, 824, ApplicationResponse)."""
    error = st.builds(NoticeError, code=st.sampled_from(["12", "13", "29"]), text=words)
    rejected = st.builds(
        NoticeVerdict,
        kind=st.just("document"),
        reference=codes,
        verdict=st.just("rejected"),
        errors=st.lists(error, min_size=1, max_size=3).map(tuple),
    )
    accepted = st.builds(NoticeVerdict, kind=st.just("document"), reference=codes, verdict=st.just("accepted"))
    return st.builds(AcknowledgementDocument, **_heads(given, verdicts=st.tuples(accepted | rejected)))
