"""A million invoice lines accrued against 200 agreements and booked in the ledger, on PostgreSQL; killed and resumed.

First 10,000 lines accrue, then the rest, each in a process of its own: it reports lines a second, beside a bare read of
the same rows, and the most memory it held. The large run is killed with SIGKILL when a third is done and started
anew; then every line has accrued once, and statements, amounts and ledger say the same. A partner's statement page is
asked for among few and among many. `BENCH_LINES` sets another number than 1,000,000. It needs PostgreSQL's binaries, or
the TEST_DATABASE_URL of an empty database.
"""

import json
import os
import resource
import subprocess
import sys
import time
from datetime import date, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

from bench import ROOT, Row, lay_tables, on_postgres, set_up

FEW, MANY = 10_000, int(os.environ.get("BENCH_LINES", "1000000"))
AGREEMENTS, IN_AN_INVOICE, TIMES = 200, 50, 15
STEPS = [["0", "1"], ["20000", "2"], ["60000", "3.5"]]


def run() -> list[Row]:
    """Speed beside a bare read, memory and a statement's page beside the same among few, and what the kill left."""
    told = on_postgres("bench.rebates")
    few, many = told["few"], told["many"]
    return [
        Row(f"{many['lines']:,} lines, {AGREEMENTS} agreements", f"{many['rate']:.0f} lines/s",
            f"{many['bare']:.0f} lines/s", "bare read", many["bare"] / many["rate"]),
        Row(f"peak memory of the process, {MANY:,}", f"{many['peak']:.0f} MB", f"{few['peak']:.0f} MB", f"at {FEW:,}",
            many["peak"] / few["peak"]),
        Row(f"killed at {told['killed_at']:,}, resumed", f"{told['once']:,} once", f"{MANY:,}", "lines invoiced",
            told["once"] / MANY),
        Row(f"a statement's page, of {MANY:,}", f"{many['page'] * 1000:.1f} ms", f"{few['page'] * 1000:.1f} ms",
            f"of {FEW:,}", many["page"] / few["page"]),
    ]  # fmt: skip


def measure() -> dict[str, Any]:
    """Few, then many with a kill in between."""
    set_up()
    lay_tables()
    stage = Stage()
    stage.fill(FEW)
    few = {**_accruing(), "page": stage.page()}
    _say(f"{FEW:,} lines: {few}")
    stage.fill(MANY)
    killed_at = stage.killed_at(FEW + (MANY - FEW) // 3)
    many = _accruing()
    _say(f"killed at {killed_at:,}, then {many}")
    bare = stage.bare()
    return {
        "few": few, "many": {**many, "page": stage.page(), "bare": bare}, "killed_at": killed_at, "once": stage.once(),
    }  # fmt: skip


def accrue() -> dict[str, Any]:
    """In a process of its own: accrue what waits, and say how many a second, and the most memory it ever held in
    megabytes (Linux counts kilobytes)."""
    set_up()
    from rebates.actions import accrue_lines
    from rebates.models import RebateAgreement

    agreements = list(RebateAgreement.objects.order_by("pk"))
    started = time.perf_counter()
    done = sum(accrue_lines(agreement=agreement) for agreement in agreements)
    seconds = time.perf_counter() - started
    return {"lines": done, "rate": done / seconds, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000}


def _begin() -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "bench.rebates", "accrue"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def _accruing() -> dict[str, Any]:
    out, _none = _begin().communicate()
    told: dict[str, Any] = json.loads(out.strip().splitlines()[-1])
    return told


class Stage:
    """One vendor, 200 partners with an agreement each, and somebody of the first partner who reads."""

    def __init__(self) -> None:
        from django.test import Client

        from tests.factories import MembershipFactory, OrganisationFactory, PartnershipFactory, RoleFactory
        from tests.rebates.factories import RebateFactory

        self.vendor = OrganisationFactory()
        edges = [PartnershipFactory(vendor=self.vendor) for _each in range(AGREEMENTS)]
        for at, edge in enumerate(edges):
            RebateFactory(partnership=edge, rule="tiers", steps=STEPS, retroactive=at % 2 == 0)
        self.partners = [edge.partner for edge in edges]
        role = RoleFactory(organisation=self.partners[0], capabilities=["rebates.view"])
        member = MembershipFactory(organisation=self.partners[0], roles=[role])
        self.client = Client()
        self.client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        self.lines = 0

    def fill(self, lines: int) -> None:
        """Invoice until there are as many lines, by turns for each partner, through one year."""
        from django.db import connection

        from orders.models import Invoice, InvoiceLine

        serials = range(self.lines // IN_AN_INVOICE, lines // IN_AN_INVOICE)
        for first in range(serials.start, serials.stop, 200):
            invoices = Invoice.objects.bulk_create(
                Invoice(
                    seller=self.vendor, buyer=self.partners[serial % AGREEMENTS], number=f"I-{serial}", currency="EUR",
                    issued_on=date(2026, 1, 1) + timedelta(days=serial % 365), document={},
                )
                for serial in range(first, min(first + 200, serials.stop))
            )  # fmt: skip
            InvoiceLine.objects.bulk_create(
                InvoiceLine(invoice=invoice, position=n, number=str(n), quantity=1, amount=Decimal(serial % 97 + n))
                for serial, invoice in enumerate(invoices, first)
                for n in range(1, IN_AN_INVOICE + 1)
            )
        self.lines = serials.stop * IN_AN_INVOICE
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE orders_invoice, orders_invoiceline, rebates_accrual, rebates_statement")

    def killed_at(self, wanted: int) -> int:
        """Let a process accrue until so many are done, kill it, and say how many there were."""
        from rebates.models import Accrual

        process = _begin()
        while process.poll() is None and Accrual.objects.filter(part="line").count() < wanted:
            time.sleep(0.2)
        process.kill()
        process.communicate()
        return Accrual.objects.filter(part="line").count()

    def once(self) -> int:
        """How many lines have accrued; that none did twice, and that all sums agree, is made sure of."""
        from django.db.models import Sum

        from funds.ledger.models import Entry
        from rebates.models import Accrual, Statement

        rows = Accrual.objects.filter(part="line")
        number = rows.count()
        assert number == rows.values("invoice_line").distinct().count()
        amounts = Accrual.objects.aggregate(sum=Sum("amount"))["sum"]
        earned = Entry.objects.filter(account__kind="earned").aggregate(sum=Sum("amount"))["sum"]
        assert amounts == earned == Statement.objects.aggregate(sum=Sum("accrued"))["sum"]
        return number

    def bare(self) -> float:
        """Lines a second when they are only read."""
        from orders.models import InvoiceLine

        columns = ("pk", "amount", "invoice__issued_on", "invoice__kind", "invoice__preceding")
        started = time.perf_counter()
        read = sum(1 for _row in InvoiceLine.objects.values_list(*columns).iterator(chunk_size=500))
        return read / (time.perf_counter() - started)

    def page(self) -> float:
        """Seconds that the page of a partner's statement takes, the median of several."""
        from rebates.models import Statement

        address = Statement.objects.filter(partner=self.partners[0]).earliest("starts_on").get_absolute_url()
        taken = []
        for _time in range(TIMES):
            started = time.perf_counter()
            assert self.client.get(address).status_code == 200
            taken.append(time.perf_counter() - started)
        return median(taken)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    print(json.dumps(accrue() if sys.argv[1:] == ["accrue"] else measure()))
