"""820, payment order or remittance advice, into a RemittanceDocument."""

from dataclasses import replace
from datetime import date as day_of
from decimal import Decimal
from typing import Any, ClassVar

from edi.mapping.x12 import tables
from edi.mapping.x12.orders import joined
from edi.mapping.x12.parts import PARTS, date
from edi.mapping.x12.setreader import SetReader
from edi.syntax.findings import Findings
from edi.syntax.limits import Limits
from edi.syntax.numbers import parse_decimal, parse_x12_date
from edi.syntax.segments import Segment
from orders.documents import RemittanceDocument, RemittanceLineDocument

_SECRET = (7, 9, 13, 15)  # BPR: account numbers and the banks' own


class RemittanceReader(SetReader):
    """Reads one 820. The payer (PR) is the buyer, the payee (PE) the seller."""

    roles: ClassVar = {"PR": ("buyer", 0), "BY": ("buyer", 1), "PE": ("seller", 0), "SE": ("seller", 1)}
    resumes: ClassVar = frozenset({"RMR", "SE"})

    def __init__(self, findings: Findings, limits: Limits) -> None:
        super().__init__(findings, limits)
        self.payments: list[RemittanceLineDocument] = []

    def document(self) -> RemittanceDocument:
        """The payment. What its lines add up to is compared with it."""
        values = joined(self.head)
        values.setdefault("amount", Decimal(0))
        if "issued_on" not in values and "paid_on" in values:
            values["issued_on"] = values["paid_on"]
        values.pop("stated_line_count", None)
        if not values["number"]:
            text = "The payment has no reference (TRN02)."
            self.findings.warning("number-missing", text, self.place)
        paid = sum((line.paid for line in self.payments), Decimal(0))
        if self.payments and paid != values["amount"] and not self.head.values.get("adjusted"):
            text = f"The payment is of {values['amount']}, but its invoices add up to {paid}."
            self.findings.warning("payment-total", text, self.place, value=str(paid))
        values.pop("adjusted", None)
        return self.head.freeze(RemittanceDocument, lines=tuple(self.payments))

    def _bpr(self, segment: Segment) -> bool:
        if not self.number("amount", segment, 2):
            text = "BPR has no amount (BPR02)."
            self.findings.error("amount-missing", text, segment.place, syntax_error="AK403:1")
        self.text("method", segment, 4)
        paid_on = parse_x12_date(segment.whole(16))
        if paid_on:
            self.head.set("paid_on", paid_on, segment, 16)
        return not any(segment.whole(element) for element in _SECRET)

    def _trn(self, segment: Segment) -> bool:
        return self.text("number", segment, 2)

    def _rmr(self, segment: Segment) -> bool:
        """RMR: one invoice: its number (02), paid (04), invoiced (05) and discount taken (06)."""
        if len(self.payments) >= self.limits.lines:
            return False
        head = self.head
        paid = parse_decimal(segment.whole(4))
        line = RemittanceLineDocument(
            invoice=segment.whole(2),
            paid=paid if paid is not None else parse_decimal(segment.whole(5)) or Decimal(0),
            invoiced=parse_decimal(segment.whole(5)),
            discount=parse_decimal(segment.whole(6)),
        )
        self.payments.append(line)
        head.mark(f"lines.{len(self.payments)}", segment, 2)
        return segment.whole(1) in ("", "IV")

    def _dtm(self, segment: Segment) -> bool:
        """DTM 003 of an RMR is the date of the invoice; 097 in the head that of the advice."""
        day: day_of | None = parse_x12_date(segment.whole(2))
        if not self.payments or day is None or segment.whole(1) != "003":
            return date(self, segment)
        if self.payments[-1].invoiced_on:
            return False
        self.payments[-1] = replace(self.payments[-1], invoiced_on=day)
        return True

    def _adx(self, segment: Segment) -> bool:
        """ADX: an adjustment, and why (426)."""
        code = segment.whole(2)
        self.head.values["adjusted"] = True
        if self.payments and not self.payments[-1].reason:
            reason = tables.REASON_OF_426.get(code, code)
            self.payments[-1] = replace(self.payments[-1], reason=reason)
        return False

    def _nte(self, segment: Segment) -> bool:
        """NTE after RMR: why the invoice is not paid whole."""
        if not self.payments or not segment.whole(2):
            return PARTS["NTE"](self, segment)
        last = self.payments[-1]
        self.payments[-1] = replace(last, reason=" ".join(filter(None, (last.reason, segment.whole(2)))))
        return True

    def _ref(self, segment: Segment) -> bool:
        return False if self.payments else PARTS["REF"](self, segment)

    handlers: ClassVar[Any] = PARTS | {
        "BPR": _bpr,
        "TRN": _trn,
        "RMR": _rmr,
        "ADX": _adx,
        "DTM": _dtm,
        "REF": _ref,
        "NTE": _nte,
        "ENT": lambda reader, segment: len(segment.elements) <= 2,
    }

    dates: ClassVar = {"097": ("issued_on", 0)}
