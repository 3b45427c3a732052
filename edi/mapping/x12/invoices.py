"""810, invoice or credit memo, into an InvoiceDocument."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar

from edi.mapping import codes
from edi.mapping.draft import Draft
from edi.mapping.sums import adjustment, gross_amount
from edi.mapping.x12 import tables
from edi.mapping.x12.items import ITEMS, priced_line, settle_line
from edi.mapping.x12.orders import ORDER_ROLES, joined
from edi.mapping.x12.parts import PARTS, TERMS, cents
from edi.mapping.x12.setreader import SetReader
from edi.syntax.findings import Place
from edi.syntax.numbers import parse_decimal, parse_x12_date
from edi.syntax.segments import Segment
from orders.documents import AllowanceDocument, InvoiceDocument, InvoiceLineDocument, TotalsDocument

# X12 522 in AMT01 of the summary: which total it is.
_TOTALS = {"1": "lines", "N": "taxable", "T": "tax", "5": "total", "BAP": "payable", "PB": "prepaid", "A": "allowances"}
_TOTALS |= {"C": "charges"}


class InvoiceReader(SetReader):
    """Reads one 810. Quantities of a credit memo are positive, whichever sign the sender gave them."""

    total_at: Callable[[], Place] | None = None
    stand_ins: ClassVar = {"seller": "payee", "buyer": "bill_to"}
    speaker: ClassVar = "seller"
    has_due_date: ClassVar = True
    roles: ClassVar = ORDER_ROLES | {
        "RI": ("payee", 1),
        "RE": ("payee", 0),
        "PE": ("payee", 2),
        "OB": ("buyer", 3),
        "BT": ("bill_to", 0),
        "PR": ("bill_to", 1),
    }
    dates: ClassVar = {
        "035": ("delivered_on", 0),
        "050": ("delivered_on", 1),
        "011": ("delivered_on", 2),
        "814": ("due_date", 0),
    }
    line_dates: ClassVar = {"035": ("delivered_on", 0), "050": ("delivered_on", 1), "011": ("delivered_on", 2)}
    references: ClassVar = {
        "SI": "despatch_number",
        "DQ": "despatch_number",
        "OI": "preceding",
        "PK": "despatch_number",
    }
    line_references: ClassVar = {
        "PO": "order_number",
        "LI": "order_line",
        "SI": "despatch_number",
        "DQ": "despatch_number",
        "PK": "despatch_number",
    }

    def document(self) -> InvoiceDocument:
        """The invoice."""
        lines = tuple(self._line(draft) for draft in self.lines)
        values = joined(self.head)
        totals: dict[str, Decimal] = {}
        for name in [name for name in values if name.startswith("totals.")]:
            totals[name.removeprefix("totals.")] = values.pop(name)
        kind = values.get("kind", "invoice")
        if kind == "credit_note" and totals.get("total", Decimal(0)) < 0:
            lines, totals = _turned(lines, totals)
        invoice = self.head.freeze(InvoiceDocument, lines=lines, totals=TotalsDocument(**totals))
        self._check_total(invoice)
        return invoice

    def _check_total(self, invoice: InvoiceDocument) -> None:
        """TDS01 against quantities, prices, allowances and taxes. Senders repeat in the summary what the lines charge,
        or not: any way in which the figures give the total is right. Where it states what is taxable and the tax, the
        common checks judge."""
        total, amounts = invoice.totals.total, [gross_amount(line) for line in invoice.lines]
        known = [amount for amount in amounts if amount is not None]
        if (
            total is None
            or not known
            or len(known) < len(amounts)
            or None
            not in (
                invoice.totals.taxable,
                invoice.totals.tax,
            )
        ):
            return
        goods = sum(known, Decimal(0))
        pairs = zip(invoice.lines, known, strict=True)
        of_lines = sum((adjustment(line.allowances, amount) for line, amount in pairs), Decimal(0))
        of_head = adjustment(invoice.allowances, goods)
        line_taxes = [line.tax for line in invoice.lines if line.tax]
        tax = sum((item.amount or Decimal(0) for item in invoice.taxes or line_taxes), Decimal(0))
        tolerance = Decimal("0.01") + Decimal("0.005") * len(known)
        sums = {goods + tax + one + other for one in (Decimal(0), of_lines) for other in (Decimal(0), of_head)}
        if all(abs(total - computed) > tolerance for computed in sums):
            computed = goods + tax + of_lines + of_head
            text = f"The invoice states {total} as total with tax, but its other figures give {computed}."
            self.findings.warning("total-mismatch", text, self.total_at or self.place, value=str(total))

    def _line(self, draft: Draft) -> InvoiceLineDocument:
        settle_line(self, draft, "IT1", counts=False)
        values: dict[str, Any] = draft.values
        values.pop("delivery_date", None)
        for item in values.pop("schedule", ()):
            draft.keep("SDQ", f"{item.location}*{item.quantity}")
        if "stated_amount" in values:
            values["amount"] = values.pop("stated_amount")
        return draft.freeze(InvoiceLineDocument)

    def _big(self, segment: Segment) -> bool:
        head = self.head
        day = parse_x12_date(segment.whole(1))
        if day:
            head.set("issued_on", day, segment, 1)
        self.text("number", segment, 2)
        self.text("order_number", segment, 4)
        self.refer("order_date", segment, 3)
        self.refer("release", segment, 5)
        kind = segment.whole(7)
        if kind:
            head.set("kind", tables.KIND_OF_640.get(kind, "invoice"), segment, 7)
        if segment.whole(8):
            head.set("function", codes.FUNCTION_OF_BEG01.get(segment.whole(8), "original"), segment, 8)
        return True

    def _it1(self, segment: Segment) -> bool:
        priced_line(self, segment, (2, 3, 4, 6))
        return True

    def _tds(self, segment: Segment) -> bool:
        """TDS01: the amount due before terms discount, two implied decimals (N2)."""
        self.leave_lines()
        total = cents(segment.whole(1))
        if total is None:
            return False
        self.total_at = partial(segment.place, 1)
        self.head.set("totals.total", total, segment, 1)
        self.head.set("totals.payable", total, segment, 1)
        return True

    def _amt(self, segment: Segment) -> bool:
        name, amount = _TOTALS.get(segment.whole(1)), parse_decimal(segment.whole(2))
        if self.in_line or name is None or amount is None:
            return False
        if name == "payable":  # TDS said the same before: what is due may be less than it
            self.head.values.pop("totals.payable", None)
        return self.head.set(f"totals.{name}", amount, segment, 2)

    handlers: ClassVar = PARTS | TERMS | ITEMS | {"BIG": _big, "IT1": _it1, "TDS": _tds, "AMT": _amt}


def _turned(
    lines: tuple[InvoiceLineDocument, ...], totals: dict[str, Decimal]
) -> tuple[tuple[InvoiceLineDocument, ...], dict[str, Decimal]]:
    """A credit memo with negative figures says the same as one with positive ones."""
    turned = tuple(
        replace(
            line,
            quantity=abs(line.quantity),
            amount=abs(line.amount) if line.amount is not None else None,
            allowances=tuple(_turned_allowance(item) for item in line.allowances),
        )
        for line in lines
    )
    return turned, {name: -amount for name, amount in totals.items()}


def _turned_allowance(item: AllowanceDocument) -> AllowanceDocument:
    return replace(item, amount=abs(item.amount)) if item.amount is not None else item
