"""INVOIC: invoices, credit and debit notes, corrections, prepayments and self-billed invoices (BGM 1001)."""

from edi.mapping.draft import Draft
from edi.mapping.edifact import parties
from edi.mapping.edifact.composer import Composer
from edi.mapping.edifact.handlers import MONEY, handlers
from edi.mapping.edifact.orders import BUYER, ZERO
from edi.mapping.edifact.reader import Profile, Reader, ranked
from edi.syntax.segments import Segment
from orders.documents import InvoiceDocument, InvoiceLineDocument, TotalsDocument

_KINDS = {"380": "invoice", "381": "credit_note", "383": "debit_note", "384": "corrected", "386": "prepayment"} | {
    "389": "self_billed"
}
_CODES = {kind: code for code, kind in _KINDS.items()}
# 1001 codes that are the same for whoever receives them.
_KINDS_READ = (
    _KINDS
    | dict.fromkeys(("81", "83", "261", "262", "396"), "credit_note")
    | {
        "80": "debit_note",
        "84": "debit_note",
    }
)
_TOTALS = {
    "totals.lines": ("79",),
    "totals.allowances": ("260",),
    "totals.charges": ("259",),
    "totals.taxable": ("125",),
    "totals.tax": ("124", "176", "150"),
    "totals.total": ("77", "39", "139", "86", "128"),
    "totals.prepaid": ("113",),
    "totals.rounding": ("165",),
    "totals.payable": ("9",),
}


def _pai(reader: Reader, segment: Segment) -> bool:
    """Payment instructions: the means of payment (C534 4461)."""
    means = segment.get(1, 3)
    if reader.line is not None or not means:
        return False
    return reader.head.set("payment_means", means, segment, 1, 3) and not segment.get(1, 1)


def _close(reader: Reader, line: Draft) -> InvoiceLineDocument:
    values = line.values
    values.pop("despatch_line", None)
    if "quantity" not in values:
        values["quantity"] = ZERO
        text = f"Line {values['number']} has no quantity (QTY)."
        reader.findings.warning("quantity-missing", text, reader.place_of(line), syntax_error="13")
    return line.freeze(InvoiceLineDocument)


def _finish(reader: Reader) -> InvoiceDocument:
    values = reader.head.values
    totals = {name: values.pop(name) for name in _TOTALS if name in values}
    return reader.head.freeze(
        InvoiceDocument,
        kind=_KINDS_READ.get(reader.codes[0], "invoice"),
        totals=TotalsDocument(**{name.removeprefix("totals."): amount for name, amount in totals.items()}),
        lines=reader.lines,
    )


INVOIC = Profile(
    finish=_finish,
    close_line=_close,
    handlers=handlers(MONEY, {"PAI": _pai, "FII": parties.fii}),
    functions={"": "original", "9": "original", "1": "cancel", "5": "replace", "7": "duplicate", "31": "duplicate"}
    | {"43": "duplicate", "35": "duplicate"},
    roles=ranked(buyer=BUYER, seller=("SU", "SE", "II", "VN", "SR"), bill_to=("IV", "PR"))
    | ranked(ship_to=("DP", "ST", "CN", "UC"), payee=("PE", "RE")),
    header_dates=ranked(issued_on=("137", "3"), delivered_on=("35", "1", "11"), tax_point=("131", "7"))
    | ranked(due_date=("13", "140")),
    line_dates=ranked(delivered_on=("35", "1", "11")),
    header_references=ranked(order_number=("ON",), despatch_number=("AAK", "DQ"), preceding=("IV", "OI")),
    line_references=ranked(order_number=("ON",), despatch_number=("AAK", "DQ")),
    header_amounts=ranked(**_TOTALS),
    line_amounts=ranked(amount=("203", "66", "38")),
    quantities=ranked(quantity=("47", "61", "46", "12", "1", "21")),
)

_SAID = {"issued_on", "currency", "buyer", "seller", "references", "notes", "kind", "order_number"} | {
    *("despatch_number", "preceding", "due_date", "tax_point", "delivered_on", "bill_to", "ship_to", "payee"),
    *("terms", "payment_means", "accounts", "allowances", "lines", "taxes", "totals", "stated_line_count"),
}
_LINE_SAID = {"gtin", "seller_sku", "buyer_sku", "description", "references", "note", "quantity", "unit"} | {
    *("unit_price", "price_base", "amount", "tax", "allowances", "order_number", "order_line", "despatch_number"),
    "delivered_on",
}


def write_invoice(composer: Composer, invoice: InvoiceDocument) -> None:
    """INVOIC. Accounts to pay to stand with the payee, or with the seller where none is named."""
    composer.begin("INVOIC")
    if invoice.kind not in _CODES:
        composer.leaves_out("kind of invoice", invoice.kind)
    composer.bgm(_CODES.get(invoice.kind, "380"), invoice.number, composer.function(invoice.function))
    composer.day("137", invoice.issued_on)
    composer.day("35", invoice.delivered_on)
    composer.day("131", invoice.tax_point)
    if invoice.payment_means:
        composer.add("PAI", ["", "", invoice.payment_means])
    composer.texts(invoice.notes)
    composer.reference("ON", invoice.order_number)
    composer.reference("AAK", invoice.despatch_number)
    composer.reference("IV", invoice.preceding)
    composer.references(invoice.references)
    _parties(composer, invoice)
    composer.currency(invoice.currency)
    composer.payment_terms(invoice.terms, invoice.due_date)
    composer.allowances(invoice.allowances)
    for line in invoice.lines:
        _line(composer, line)
    _summary(composer, invoice)
    composer.told(invoice, "", _SAID)
    composer.end()


def _parties(composer: Composer, invoice: InvoiceDocument) -> None:
    composer.parties(("BY", invoice.buyer))
    payee, seller = invoice.payee, invoice.seller
    if seller.identifiers or seller.name or not payee:
        composer.party("SU", seller, () if payee else invoice.accounts)
    composer.parties(("IV", invoice.bill_to), ("DP", invoice.ship_to))
    if payee:
        composer.party("PE", payee, invoice.accounts)


def _line(composer: Composer, line: InvoiceLineDocument) -> None:
    composer.item(line)
    composer.quantity("47", line.quantity, line.unit)
    composer.day("35", line.delivered_on)
    composer.text(line.note)
    composer.amount("203", line.amount)
    composer.price(line.unit_price, line.price_base, line.unit)
    composer.reference("ON", line.order_number, line.order_line)
    composer.reference("AAK", line.despatch_number)
    composer.references(line.references)
    if line.tax is not None:
        composer.tax(line.tax)
    composer.allowances(line.allowances)
    composer.told(line, f"line {line.number} ", _LINE_SAID)


def _summary(composer: Composer, invoice: InvoiceDocument) -> None:
    """Totals, then the breakdown by tax (SG48, SG50)."""
    totals = invoice.totals
    composer.section()
    composer.count(invoice.lines)
    for name, codes in _TOTALS.items():
        composer.amount(codes[0], getattr(totals, name.removeprefix("totals.")))
    for tax in invoice.taxes:
        composer.tax(tax, is_total=True)
