"""810 from an invoice or credit note, and 820 from a payment."""

from edi.mapping import codes
from edi.mapping.texts import chunks
from edi.mapping.x12 import tables
from edi.mapping.x12.setwriter import SetWriter, written
from edi.syntax.numbers import plain
from orders.documents import InvoiceDocument, InvoiceLineDocument, RemittanceDocument

# The totals that have a code of their own (522) beside TDS; the others cannot be said.
_AMOUNTS = (("lines", "1"), ("taxable", "N"), ("tax", "T"), ("prepaid", "PB"), ("allowances", "A"), ("charges", "C"))
_RESERVED = frozenset({"order_date", "release"})


def write_810(w: SetWriter, invoice: InvoiceDocument) -> None:
    """`invoice` as an invoice or, by BIG07, a credit memo: its figures are positive either way."""
    _invoice_head(w, invoice)
    for line in invoice.lines:
        _invoice_line(w, line)
    totals = invoice.totals
    total = totals.total if totals.total is not None else totals.payable
    if total is None:
        text = "The invoice states no total, which X12 must have (TDS01)."
        w.findings.error("cannot-be-written", text)
    w.add("TDS", w.cents("the total", total))
    for tax in invoice.taxes:
        w.tax(tax)
    for name, code in _AMOUNTS:
        amount = getattr(totals, name)
        if amount is not None:
            w.add("AMT", code, plain(amount))
    if totals.payable is not None and totals.payable != total:
        w.add("AMT", "BAP", plain(totals.payable))
    w.allowances(invoice.allowances)
    w.lose(totals, "rounding")
    w.add("CTT", str(len(invoice.lines)))


def _invoice_head(w: SetWriter, invoice: InvoiceDocument) -> None:
    held = dict(invoice.references)
    kind = tables.CODE_640.get(invoice.kind)
    if kind is None:
        w.lost("the kind of an invoice", invoice.kind)
    number, order = w.key("the invoice number", invoice.number, 22), w.key("the order number", invoice.order_number, 22)
    purpose = codes.BEG01_OF_FUNCTION.get(invoice.function, "00")
    day = w.issued(invoice.issued_on)
    w.add("BIG", day, number, held.get("order_date", ""), order, held.get("release", ""), "", kind or "DI", purpose)
    for note in invoice.notes:
        for text in chunks(note, 80):
            w.add("NTE", "GEN", text)
    if invoice.currency:
        w.add("CUR", "SE", w.fit("the currency", invoice.currency, 3))
    for code, value in (("SI", invoice.despatch_number), ("OI", invoice.preceding)):
        if value:
            w.add("REF", code, w.key("a reference", value, 30))
    w.references(invoice.references, without=_RESERVED)
    roles = (("BY", invoice.buyer), ("SE", invoice.seller), ("ST", invoice.ship_to), ("BT", invoice.bill_to))
    for role, party in (*roles, ("RE", invoice.payee)):
        w.party(role, party)
    w.terms(invoice.terms, invoice.due_date)
    w.date("035", invoice.delivered_on)
    w.lose(invoice, "tax_point", "payment_means", "accounts")


def _invoice_line(w: SetWriter, line: InvoiceLineDocument) -> None:
    rest = w.line("IT1", line, line.unit_price)
    if line.tax:
        w.tax(line.tax)
    if line.amount is not None:
        w.add("PAM", "", "", "", "1", plain(line.amount))
    w.description(line.description)
    for code, value in (("PO", line.order_number), ("LI", line.order_line), ("SI", line.despatch_number)):
        if value:
            w.add("REF", code, w.key("a reference", value, 30))
    w.references(rest)
    w.date("035", line.delivered_on)
    w.allowances(line.allowances)
    w.lose(line, "note")


def write_820(w: SetWriter, payment: RemittanceDocument) -> None:
    """`payment` as a remittance advice."""
    paid_on = payment.paid_on or payment.issued_on
    day = written(paid_on) if paid_on else w.issued(None)
    method = w.fit("the method of payment", payment.method, 3) or "NON"
    w.add("BPR", "I", plain(payment.amount), "C", method, *[""] * 11, day)
    w.add("TRN", "1", w.key("the payment's reference", payment.number, 50))
    if payment.currency:
        w.add("CUR", "PR", w.fit("the currency", payment.currency, 3))
    w.references(payment.references)
    if payment.issued_on:
        w.date("097", payment.issued_on)
    for role, party in (("PR", payment.buyer), ("PE", payment.seller)):
        w.party(role, party)
    if payment.lines:
        w.add("ENT", "1")
    for line in payment.lines:
        invoiced = plain(line.invoiced) if line.invoiced is not None else ""
        discount = plain(line.discount) if line.discount is not None else ""
        w.add("RMR", "IV", w.key("an invoice number", line.invoice, 50), "", plain(line.paid), invoiced, discount)
        for text in chunks(line.reason, 80):
            w.add("NTE", "GEN", text)
        w.date("003", line.invoiced_on)
    w.lose(payment, "notes")
