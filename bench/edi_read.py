"""Reading ORDERS of 10,000 lines into documents, beside the least that any reader does: split at the terminator."""

import time
import tracemalloc
from datetime import date, datetime
from decimal import Decimal

from bench import Row
from edi.mapping import Envelope, PartyRef, read, write_order
from orders.documents import Identifier, OrderDocument, OrderLineDocument, PartyDocument, Scheme

LINES = 10_000
RUNS = 3


def order() -> OrderDocument:
    """An order with a product number, a quantity and a price on every line."""
    lines = tuple(
        OrderLineDocument(
            number=str(n), quantity=Decimal(n % 90 + 1), unit="PCE", seller_sku=f"AP-{n:06d}",
            description=f"Pump part {n}", unit_price=Decimal(n) / 100 + 1,
        )
        for n in range(1, LINES + 1)
    )  # fmt: skip
    return OrderDocument(
        number="BENCH-1",
        issued_on=date(2026, 11, 2),
        currency="EUR",
        buyer=PartyDocument((Identifier("8023456000005", Scheme.GLN),), "Buyer"),
        seller=PartyDocument((Identifier("8012345000008", Scheme.GLN),), "Seller"),
        lines=lines,
    )


def best(function, *arguments) -> float:
    """The shortest of a few runs, in seconds."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        function(*arguments)
        times.append(time.perf_counter() - start)
    return min(times)


def bare(data: bytes, terminator: str, separator: str) -> int:
    """Decode, cut at the terminator and at the element separator: no check, no release character, no document."""
    return sum(len(segment.split(separator)) for segment in data.decode("latin-1").split(terminator))


def peak(function, *arguments) -> float:
    """The peak of memory that Python allocated during one run, in bytes."""
    tracemalloc.start()
    function(*arguments)
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found


def run() -> list[Row]:
    """Speed in MB a second and memory as a multiple of the file, for EDIFACT and X12."""
    envelope = Envelope(
        control_number="1", sender=PartyRef("8023456000005", "14"), receiver=PartyRef("8012345000008", "14"),
        prepared_at=datetime(2026, 11, 2, 9), message_reference="1",
    )  # fmt: skip
    rows = []
    for standard, terminator, separator in (("edifact", "'", "+"), ("x12", "~", "*")):
        data = write_order(order(), standard=standard, envelope=envelope)
        megabytes = len(data) / 1e6
        assert len(read(data).interchanges[0].messages[0].document.lines) == LINES
        ours, theirs = best(read, data), best(bare, data, terminator, separator)
        rows.append(
            Row(
                f"{standard}, {megabytes:.1f} MB",
                f"{megabytes / ours:.1f} MB/s",
                f"{megabytes / theirs:.1f} MB/s",
                "bare split",
                ours / theirs,
            )
        )
        rows.append(
            Row(
                f"{standard}, peak memory",
                f"{peak(read, data) / 1e6:.0f} MB",
                f"{megabytes:.1f} MB",
                "the file",
                peak(read, data) / 1e6 / megabytes,
            )
        )
    return rows
