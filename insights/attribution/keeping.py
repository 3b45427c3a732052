"""Keep the way back of every invoice line and its credits: of some after what happened, of all by the command.

What is kept follows from the records as they stand, so doing it again changes nothing, and in any order it comes to the
same. Memory is that of some hundred lines, however many there are.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from deals.models import Deal
from insights.attribution.links import GUESS_DAYS, Around, Line, trace
from insights.attribution.models import Credit, Trace
from insights.attribution.splitting import MODELS, shared
from insights.attribution.touches import Touch, touches_of
from insights.keeping import Kept
from orders.models import Invoice, InvoiceLine

AT_ONCE = 400
TRACE = (
    "invoice_id", "vendor_id", "partner_id", "day", "currency", "amount", "order_id", "order_basis", "quote_id",
    "quote_basis", "deal_id", "deal_basis", "confidence",
)  # fmt: skip
CREDIT = (
    "owner_id", "vendor_id", "partner_id", "day", "currency", "kind", "source_id", "source_name", "touch", "touched_id",
    "at", "basis", "confidence", "place", *MODELS,
)  # fmt: skip


def keep_invoice(pk: int) -> Kept:
    """Keep the lines of an invoice that came in, and of those that it corrects."""
    invoice = Invoice.objects.get(pk=pk)
    same = Invoice.objects.filter(seller=invoice.seller_id, buyer=invoice.buyer_id)
    numbers = {invoice.number, invoice.preceding} - {""}
    return _keep(InvoiceLine.objects.filter(invoice__in=same.filter(number__in=numbers).values("pk")))


def keep_orders(pks: Iterable[int]) -> Kept:
    """Keep the lines of these orders."""
    return _keep(InvoiceLine.objects.filter(order__in=list(pks)))


def keep_deals(pks: Iterable[int]) -> Kept:
    """Keep what is linked to these deals, and what may be guessed to be theirs or no longer is."""
    kept = Kept()
    for deal in Deal.objects.filter(pk__in=list(pks)).order_by("pk"):
        lines = InvoiceLine.objects.filter(trace__deal=deal) | InvoiceLine.objects.filter(order__deal=deal)
        ids = set(lines.values_list("pk", flat=True))
        if deal.decided_at:
            near = InvoiceLine.objects.filter(
                order__partnership=deal.partnership_id,
                order__deal=None,
                order__created__gte=deal.decided_at - GUESS_DAYS,
                order__created__lt=deal.decided_at + 2 * GUESS_DAYS,
                order_line__product__in=deal.lines.exclude(product=None).values("product"),
            )
            ids |= set(near.values_list("pk", flat=True))
        _add(kept, keep_lines(sorted(ids)))
    return kept


def keep_all() -> Kept:
    """Keep every line: after an upgrade, or where one wants to be sure."""
    return _keep(InvoiceLine.objects.all())


def _keep(lines: "QuerySet[InvoiceLine]") -> Kept:
    return keep_lines(lines.order_by("pk").values_list("pk", flat=True).distinct().iterator(chunk_size=5000))


def _add(kept: Kept, more: Kept) -> None:
    kept.facts += more.facts
    kept.mended += more.mended


def keep_lines(line_ids: Iterable[int]) -> Kept:
    """Work these lines out anew and write what differs."""
    kept, ids = Kept(), iter(line_ids)
    while chunk := list(islice(ids, AT_ONCE)):
        with transaction.atomic():
            _keep_some(chunk, kept)
    return kept


def _keep_some(ids: list[int], kept: Kept) -> None:
    # Locked first, read after: of two that keep the same lines, the last to write has read all.
    invoices = Invoice.objects.filter(pk__in=InvoiceLine.objects.filter(pk__in=ids).values("invoice"))
    list(invoices.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk"))
    around = trace(ids)
    touches = touches_of(around)
    before = {row.line_id: row for row in Trace.objects.filter(line__in=ids)}
    wanted = {line.pk: _trace(line) for line in around.lines}
    changed = [row for pk, row in wanted.items() if _told(row, TRACE) != _told(before.get(pk), TRACE)]
    Trace.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["line"],
        update_fields=[name.removesuffix("_id") for name in TRACE],
    )
    gone = [row.pk for pk, row in before.items() if pk not in wanted]
    Trace.objects.filter(pk__in=gone).delete()
    mended = _keep_credits(around, touches)
    kept.facts += len(wanted)
    kept.mended += sorted({row.line_id for row in changed} | mended | {pk for pk in before if pk not in wanted})


def _keep_credits(around: Around, touches: dict[tuple[int, int], list[Touch]]) -> set[int]:
    """Write the credits of each line whose are not what they should be; returns the keys of those lines."""
    keys = dict(Trace.objects.filter(line__in=[line.pk for line in around.lines]).values_list("line", "pk"))
    before: defaultdict[int, set[Any]] = defaultdict(set)
    for row in Credit.objects.filter(trace__in=keys.values()):
        before[row.trace_id].add(_told(row, CREDIT))
    changed: set[int] = set()
    made: list[Credit] = []
    for line in around.lines:
        rows = list(_credits(line, keys[line.pk], touches))
        if before[keys[line.pk]] != {_told(row, CREDIT) for row in rows}:
            changed.add(line.pk)
            made += rows
    if changed:
        Credit.objects.filter(trace__in=[keys[pk] for pk in changed]).delete()
        Credit.objects.bulk_create(made, batch_size=500)
    return changed


def _trace(line: Line) -> Trace:
    return Trace(line_id=line.pk, **{name: getattr(line, name) for name in TRACE})


def _credits(line: Line, trace_id: int, touches: dict[tuple[int, int], list[Touch]]) -> Iterator[Credit]:
    """The credits of a line on both sides: its touches, or that nothing is known."""
    for owner in (line.vendor_id, line.partner_id):
        found = touches.get((line.pk, owner), [])
        parts = shared(line.amount, max(1, len(found)), line.currency)
        for place in range(max(1, len(found))):
            yield Credit(
                owner_id=owner,
                trace_id=trace_id,
                vendor_id=line.vendor_id,
                partner_id=line.partner_id,
                day=line.day,
                currency=line.currency,
                place=place,
                **(_columns(found[place]) if found else {"kind": Credit.Kind.NONE, "touch": Credit.Touch.NONE}),
                **{name: amounts[place] for name, amounts in parts.items()},
            )


def _columns(touch: Touch) -> dict[str, Any]:
    return {
        "kind": touch.source.kind,
        "source_id": touch.source.pk,
        "source_name": touch.source.name,
        "touch": touch.did,
        "touched_id": touch.touched_id,
        "at": touch.at,
        "basis": touch.basis,
        "confidence": touch.confidence,
    }


def _told(row: Any, names: tuple[str, ...]) -> tuple[Any, ...] | None:
    return None if row is None else tuple(getattr(row, name) for name in names)
