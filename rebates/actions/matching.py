"""Credits find the invoice lines that they take back, once for all rebates between two companies."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from orders.billing import counted_lines
from orders.documents import InvoiceLineDocument
from orders.matching import Shelf
from orders.models import InvoiceLine
from rebates.crediting import UNIT, Charged, Found, Said, match
from rebates.eligible import CREDIT, bought_lines, is_on_everything
from rebates.models import CreditedLine, CreditPart, RebateAgreement
from rebates.periods import period_of

AT_ONCE = 200
MOST_LOOKED_AT, MOST_OFFERED = 300, 8  # lines that a person may choose among
MOST_OF_A_PRODUCT = 2_000  # lines of a product that a credit without any number may mean: the newest
State, Reason = CreditedLine.State, CreditedLine.Reason


def match_credits(*, vendor_id: int, partner_id: int) -> int:
    """Match the lines of credit notes that are new, and those that are still open, with the invoice lines between two
    companies; returns how many were looked at.

    Safe to run twice at once: the agreements of the two are the lock, taken by key.
    """
    pair = (vendor_id, partner_id)
    _open_whole(*pair)
    seen, last = 0, 0
    while keys := list(_unmatched(*pair).filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            agreements = lock_pair(*pair)
            rows = _unmatched(*pair).filter(pk__in=keys).select_related("invoice", "order_line__product", "credited")
            _match(agreements, list(rows.order_by("pk")), pair)
        seen, last = seen + len(keys), keys[-1]
    return seen


def lock_pair(vendor_id: int, partner_id: int) -> list[RebateAgreement]:
    """Hold all agreements between two companies."""
    rows = RebateAgreement.objects.accruing().select_for_update(of=("self",))
    return list(rows.filter(vendor=vendor_id, partner=partner_id).order_by("pk"))


def _open_whole(vendor_id: int, partner_id: int) -> None:
    """Where a rebate has begun that is not on everything, it matters what the others were for."""
    whole = CreditedLine.objects.between(vendor_id, partner_id).filter(state=State.WHOLE)
    if not whole.exists():
        return
    with transaction.atomic():
        begun = {each.currency for each in lock_pair(vendor_id, partner_id) if not is_on_everything(each)}
        whole.filter(currency__in=begun).update(state=State.OPEN)


def _unmatched(vendor_id: int, partner_id: int) -> "QuerySet[InvoiceLine]":
    """Lines of credit notes that are new or still open; in any currency."""
    settled = CreditedLine.objects.between(vendor_id, partner_id).exclude(state=State.OPEN)
    rows = counted_lines().filter(invoice__kind=CREDIT, invoice__seller=vendor_id, invoice__buyer=partner_id)
    return rows.exclude(Exists(settled.filter(line=OuterRef("pk"))))


def _match(agreements: list[RebateAgreement], rows: Sequence[InvoiceLine], pair: tuple[int, int]) -> None:
    known = [(row, getattr(row, "credited", None) or _begun(row)) for row in rows]
    said = said_by([row for row, _credited in known], pair)
    charged = charged_lines(pair, agreements, list(said.values()))
    for row, credited in known:
        now = said[row.pk]
        if credited.pk:  # what is left of it
            now = rest_of(now, credited)
        keep(credited, _found(now, charged[row.invoice.currency]), restricted=_restricted(agreements, row))


def _begun(row: InvoiceLine) -> CreditedLine:
    invoice = row.invoice
    return CreditedLine(
        line=row, vendor_id=invoice.seller_id, partner_id=invoice.buyer_id, currency=invoice.currency,
        amount=row.amount, rest=row.amount,
    )  # fmt: skip


def _found(said: Said, charged: Sequence[Charged]) -> Found:
    return match(said, charged) if said.amount else Found((), None)


def rest_of(said: Said, credited: CreditedLine) -> Said:
    """What a credit says of what is left of it."""
    units = said.units * credited.rest / credited.amount if credited.amount else Decimal(0)
    return replace(said, amount=Decimal(credited.rest), units=units)


def _restricted(agreements: Iterable[RebateAgreement], row: InvoiceLine) -> bool:
    """Whether it matters to a rebate what the credit is for."""
    currency = row.invoice.currency
    return any(each.currency == currency and not is_on_everything(each) for each in agreements)


def keep(credited: CreditedLine, found: Found, *, restricted: bool = True, by_hand: bool = False) -> None:
    """Write what was found of a credit, and what is left of it."""
    reason = found.why.value if found.why else ""
    if credited.pk and not found.taken and reason == credited.reason:
        return  # looked at again, and nothing new
    credited.rest -= sum((each.amount for each in found.taken), Decimal(0))
    credited.reason = reason if credited.rest else ""
    credited.plain = credited.plain or found.why == Reason.NOTHING_SAID
    whole = found.why == Reason.NOTHING_SAID and not restricted
    credited.state = State.WHOLE if whole else State.OPEN if credited.rest else State.MATCHED
    credited.save()
    CreditPart.objects.bulk_create(
        CreditPart(
            credited=credited, invoice_line_id=each.pk, amount=each.amount, units=each.units, by_hand=by_hand
        )
        for each in found.taken
    )  # fmt: skip


def said_by(rows: Sequence[InvoiceLine], pair: tuple[int, int]) -> dict[int, Said]:
    """What lines of credit notes say of what they credit, by key."""
    items = {row.pk: _item(row) for row in rows}
    shelf = Shelf.of(items.values(), seller_id=pair[0], buyer_id=pair[1])  # type: ignore[arg-type]
    return {row.pk: _said(row, items[row.pk], shelf) for row in rows}


def _said(row: InvoiceLine, item: InvoiceLineDocument, shelf: Shelf) -> Said:
    kinds = dict(item.references)
    product = shelf.match(item).product  # type: ignore[arg-type]
    known = {*_codes(item.gtin, item.seller_sku), *(_codes(product.gtin, product.sku) if product else ())}
    head: Any = row.invoice.document.get("references") or ()
    named = next((value for kind, value in head if kind == "invoice"), "")
    return Said(
        amount=row.amount,
        units=row.quantity,
        currency=row.invoice.currency,
        day=row.invoice.issued_on,
        invoice=(kinds.get("invoice") or row.invoice.preceding or named).strip()[:70],
        invoice_line=kinds.get("invoice_line", ""),
        order=row.order_id,
        order_line=row.order_line_id,
        codes=frozenset(known | _codes_of(row)),
        number=row.number,
        title=row.title,
    )


def _item(row: InvoiceLine) -> InvoiceLineDocument:
    """What the document says of a line's item: rows are kept in its order."""
    lines = row.invoice.document.get("lines") or ()
    said = lines[row.position - 1] if 0 < row.position <= len(lines) else {}
    return InvoiceLineDocument(
        number=row.number,
        quantity=row.quantity,
        gtin=str(said.get("gtin") or ""),
        seller_sku=str(said.get("seller_sku") or ""),
        buyer_sku=str(said.get("buyer_sku") or ""),
        references=tuple((str(kind), str(value)) for kind, value in said.get("references") or ()),
    )


def _codes(gtin: str, sku: str) -> set[str]:
    """The numbers of a product in one form: leading zeros of a GTIN do not count, nor does the case of a SKU."""
    found = {f"gtin:{gtin.strip().lstrip('0')}", f"sku:{sku.strip().upper()}"}
    return found - {"gtin:", "sku:"}


def _codes_of(row: InvoiceLine) -> set[str]:
    """Those of the product that its order line means."""
    product = row.order_line.product if row.order_line else None
    return _codes(product.gtin, product.sku) if product else set()


def charged_lines(
    pair: tuple[int, int], agreements: Iterable[RebateAgreement], said: Sequence[Said]
) -> dict[str, list[Charged]]:
    """The invoice lines that credits may mean, by currency, with what is left of each."""
    wanted = _bought(pair)
    rows = {row.pk: row for row in wanted.filter(_named(said))}
    for row in wanted.filter(_of_products(said)).order_by("-invoice__issued_on", "-pk")[:MOST_OF_A_PRODUCT]:
        rows.setdefault(row.pk, row)
    counts = _counts(agreements, rows)
    found: defaultdict[str, list[Charged]] = defaultdict(list)
    for row in (rows[pk] for pk in sorted(rows)):
        found[row.invoice.currency].append(_charged(row, counts[row.pk]))
    for each in found.values():
        take_off(pair, each)
    return found


def charged_of(pair: tuple[int, int], currency: str, key: int) -> Charged | None:
    """One invoice line between two companies with what is left of it; None where it is none that a credit may take
    back."""
    row = _bought(pair).filter(pk=key, invoice__currency=currency).first()
    beside = [] if row is None else left_of(pair, _bought(pair).filter(invoice=row.invoice_id).order_by("pk"))
    return next((each for each in beside if each.pk == key), None)


def left_of(pair: tuple[int, int], rows: Iterable[InvoiceLine]) -> list[Charged]:
    """Invoice lines with what is left of each."""
    found = [_charged(row, frozenset()) for row in rows]
    take_off(pair, found)
    return found


def _bought(pair: tuple[int, int]) -> "QuerySet[InvoiceLine]":
    rows = counted_lines().filter(invoice__seller=pair[0], invoice__buyer=pair[1]).exclude(invoice__kind=CREDIT)
    return rows.select_related("order_line__product", "invoice")


def _named(said: Sequence[Said]) -> Q:
    numbers = {each.invoice for each in said if each.invoice}
    orders = {each.order for each in said if each.order and not each.invoice}
    lines = {each.order_line for each in said if each.order_line and not each.invoice}
    replaced = Q(invoice__kind="corrected", invoice__preceding__in=numbers)
    return Q(invoice__number__in=numbers) | replaced | Q(order__in=orders) | Q(order_line__in=lines)


def _of_products(said: Sequence[Said]) -> Q:
    codes = {code for each in said if each.is_loose for code in each.codes}
    skus = {code.removeprefix("sku:") for code in codes if code.startswith("sku:")}
    # Products are known by their own SKU here, as what a credit says was matched with the catalogue first.
    return Q(order_line__product__sku__in=skus) if skus else Q(pk__in=())


def _counts(agreements: Iterable[RebateAgreement], rows: dict[int, InvoiceLine]) -> dict[int, frozenset[Any]]:
    """For which rebates and periods lines count."""
    found: defaultdict[int, set[Any]] = defaultdict(set)
    for each in agreements:
        mine = bought_lines(each).filter(pk__in=rows, invoice__issued_on__range=(each.starts_on, each.ends_on))
        for pk in mine.values_list("pk", flat=True):
            found[pk].add((each.pk, period_of(each.period, rows[pk].invoice.issued_on)[0]))
    return {pk: frozenset(found[pk]) for pk in rows}


def _charged(row: InvoiceLine, counts: frozenset[Any]) -> Charged:
    return Charged(
        pk=row.pk,
        rest=row.amount or Decimal(0),
        units=row.quantity,
        day=row.invoice.issued_on,
        invoice=row.invoice_id,
        invoice_number=row.invoice.number,
        replaces=row.invoice.preceding if row.invoice.kind == "corrected" else "",
        order=row.order_id,
        order_line=row.order_line_id,
        codes=frozenset(_codes(*_spelt(row)) | _codes_of(row)),
        number=row.number,
        title=row.title,
        counts=counts,
    )


def _spelt(row: InvoiceLine) -> tuple[str, str]:
    item = _item(row)
    return item.gtin, item.seller_sku


def take_off(pair: tuple[int, int], charged: Sequence[Charged]) -> None:
    """Take off what other credits have taken back already."""
    known = {row.pk: row for row in charged}
    parts = CreditPart.objects.filter(invoice_line__in=known)
    for pk, amount, units in parts.values_list("invoice_line", "amount", "units"):
        known[pk].rest -= amount
        known[pk].units -= units
    heirs: defaultdict[str, list[Charged]] = defaultdict(list)
    for row in charged:
        if row.replaces:
            heirs[row.replaces].append(row)
    if heirs:
        _take_off_heirs(pair, heirs)


def _take_off_heirs(pair: tuple[int, int], heirs: Mapping[str, list[Charged]]) -> None:
    """What was taken back of an invoice that was replaced is no longer left of the one in its place."""
    own = {row.pk for rows in heirs.values() for row in rows}
    parts = CreditPart.objects.filter(
        credited__vendor=pair[0], credited__partner=pair[1], invoice_line__invoice__number__in=heirs
    ).exclude(invoice_line__in=own)
    columns = ("invoice_line__invoice__number", "invoice_line__order_line", "amount", "units")
    for number, ordered, amount, units in parts.values_list(*columns):
        rows = sorted(heirs[number], key=lambda each: each.order_line != ordered)
        _take_one_after_the_other(rows, amount, units)


def _take_one_after_the_other(rows: Iterable[Charged], amount: Decimal, units: Decimal) -> None:
    left = amount
    for row in rows:
        taken = min(left, row.rest, key=abs) if row.rest * left > 0 else Decimal(0)
        row.rest -= taken
        row.units = max(Decimal(0), row.units - (units * taken / amount).quantize(UNIT))
        left -= taken


def likely_lines(credited: CreditedLine, number: str = "") -> list[Charged]:
    """The invoice lines of which an open credit may take something back, the likeliest first; of invoices whose number
    has `number` in it, where it is given."""
    pair = (credited.vendor_id, credited.partner_id)
    rows = _bought(pair).filter(invoice__currency=credited.currency)
    if number:
        rows = rows.filter(invoice__number__icontains=number)
    said = rest_of(said_by([credited.line], pair)[credited.line_id], credited)
    found = left_of(pair, rows.order_by("-invoice__issued_on", "-pk")[:MOST_LOOKED_AT])
    open_ones = [row for row in found if row.rest * said.amount > 0]

    def unlikely(row: Charged) -> tuple[bool, ...]:
        return (
            said.invoice not in (row.invoice_number, row.replaces),
            not row.codes & said.codes,
            row.rest != said.amount,
            row.order != said.order,
        )

    return sorted(open_ones, key=unlikely)[:MOST_OFFERED]
