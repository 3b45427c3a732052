"""Invoice lines accrued against 200 agreements and booked in the ledger, beside a bare read of the same rows.

SQLite in memory, in one process. `BENCH_LINES` sets another number than 100,000. The memory is what the process grew by
at its peak while it accrued, once the data was there.
"""

import os
import resource
import time
from datetime import date, timedelta
from decimal import Decimal

from bench import Row

LINES = int(os.environ.get("BENCH_LINES", "100000"))
AGREEMENTS = 200
IN_AN_INVOICE = 50
STEPS = [["0", "1"], ["20000", "2"], ["60000", "3.5"]]


def run() -> list[Row]:
    """Two rows: lines a second beside the bare read, and the memory beside that of the process before."""
    from django.db import connection

    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        return _measure()
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def _measure() -> list[Row]:
    from orders.models import InvoiceLine
    from rebates.actions import accrue_lines
    from rebates.models import Accrual, RebateAgreement

    _fill()
    columns = ("pk", "amount", "invoice__issued_on", "invoice__kind", "invoice__preceding")
    started = time.perf_counter()
    read = sum(1 for _row in InvoiceLine.objects.values_list(*columns).iterator(chunk_size=500))
    bare = time.perf_counter() - started
    before, started = _peak(), time.perf_counter()
    done = sum(accrue_lines(agreement=agreement) for agreement in RebateAgreement.objects.order_by("pk"))
    seconds, grown = time.perf_counter() - started, _peak() - before
    assert read == done == Accrual.objects.filter(part="line").count()
    what = f"{done} lines, {AGREEMENTS} agreements"
    return [
        Row(what, f"{done / seconds:.0f} lines/s", f"{read / bare:.0f} lines/s", "bare read", bare / seconds),
        Row("peak memory while accruing", f"+{grown:.1f} MB", f"{before:.0f} MB", "the process before", grown / before),
    ]


def _peak() -> float:
    """The most memory that the process ever held, in megabytes (Linux counts kilobytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def _fill() -> None:
    """One vendor, 200 partners, and the lines of their invoices through one year."""
    from orders.models import Invoice, InvoiceLine
    from tests.factories import OrganisationFactory, PartnershipFactory
    from tests.rebates.factories import RebateFactory

    vendor = OrganisationFactory()
    edges = [PartnershipFactory(vendor=vendor) for _each in range(AGREEMENTS)]
    for at, edge in enumerate(edges):
        RebateFactory(partnership=edge, rule="tiers", steps=STEPS, retroactive=at % 2 == 0)
    for at in range(0, LINES, IN_AN_INVOICE):
        serial = at // IN_AN_INVOICE
        invoice = Invoice.objects.create(
            seller=vendor,
            buyer=edges[serial % AGREEMENTS].partner,
            number=f"I-{serial}",
            currency="EUR",
            issued_on=date(2026, 1, 1) + timedelta(days=serial % 365),
            document={},
        )
        number = min(IN_AN_INVOICE, LINES - at)
        InvoiceLine.objects.bulk_create(
            InvoiceLine(invoice=invoice, position=n, number=str(n), quantity=1, amount=Decimal(serial % 97 + n))
            for n in range(1, number + 1)
        )
