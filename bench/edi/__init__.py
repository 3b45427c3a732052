"""Reading EDI files of ten megabytes in CPU time: bytes to segments and checked envelopes, bytes to documents, memory.

In brackets the ratio that is aimed at. botscore holds some hundred times the file in memory, so it gets a fifth of it.
"""

import gc
import subprocess
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from bench import Row
from bench.edi import files, peers
from edi.mapping import Limits, Message, stream
from edi.syntax import edifact, edifact_envelope, x12, x12_envelope
from edi.syntax.source import Source

RUNS = 3
LIMITS = Limits(size=10**12, messages=10**9, lines=10**9)


def best(function: Callable[[bytes], object], data: bytes, runs: int = RUNS) -> float:
    """Megabytes a second of CPU time, the best of a few runs; what was there before is no matter of the collector."""
    gc.collect()
    gc.freeze()
    times = []
    for _ in range(runs):
        start = time.process_time()
        function(data)
        times.append(time.process_time() - start)
    return len(data) / 1e6 / min(times)


def envelopes(data: bytes) -> int:
    """Segments, elements and every check of the envelope; how many messages there were."""
    family, envelope = (x12, x12_envelope) if data.startswith(b"ISA") else (edifact, edifact_envelope)
    count = 0
    for raw in family.interchanges(Source(data), 0, LIMITS):
        count += sum(message.complete for message in envelope.messages_of(raw))
        assert not list(raw.findings)
    return count


def elements(data: bytes) -> int:
    """The same, and every element of every segment split; how many there were."""
    family, envelope = (x12, x12_envelope) if data.startswith(b"ISA") else (edifact, edifact_envelope)
    count = 0
    for raw in family.interchanges(Source(data), 0, LIMITS):
        for message in envelope.messages_of(raw):
            count += sum(len(segment.elements) for segment in message.segments)
    return count


def documents(data: bytes) -> int:
    """Everything: structure and elements by the guide, the document of each message; how many there were."""
    count = 0
    for event in stream(BytesIO(data), limits=LIMITS):
        count += isinstance(event, Message) and event.document is not None and not event.rejected
    assert count
    return count


def row(what: str, ours: float, theirs: float, against: str) -> Row:
    """Two speeds beside each other."""
    return Row(what, f"{ours:.1f} MB/s", f"{theirs:.1f} MB/s", against, ours / theirs)


def run() -> list[Row]:
    """The table of the promise, and a bare split of the same bytes to see how far there is to go."""
    orders, sets, ubl = b"".join(files.edifact_parts()), b"".join(files.x12_parts()), files.ubl()
    fifth = b"".join(files.edifact_parts(files.SIZE // 5))
    pydifact, pyx12 = best(peers.pydifact, orders, 1), best(peers.pyx12, sets, 1)
    edifact_speed, x12_speed = best(envelopes, orders), best(envelopes, sets)
    edifact_whole, x12_whole = best(documents, orders), best(documents, sets)
    rows = [
        row("EDIFACT, segments and envelope", edifact_speed, pydifact, "pydifact Interchange (18)"),
        row("X12, segments and envelope", x12_speed, pyx12, "pyx12 X12Reader (9)"),
        row("EDIFACT, and every element split", best(elements, orders), pydifact, "pydifact Interchange"),
        row("X12, and every element split", best(elements, sets), pyx12, "pyx12 X12Reader"),
        row("EDIFACT, segments and envelope", edifact_speed, best(peers.split_edifact, orders), "bare split"),
        row("X12, segments and envelope", x12_speed, best(peers.split_x12, sets), "bare split"),
        row("EDIFACT to documents", edifact_whole, best(peers.Bots().parse, fifth, 1), "botscore with grammar (4)"),
        row("EDIFACT to documents", edifact_whole, pydifact, "pydifact Interchange (4)"),
        row("X12 to documents", x12_whole, pyx12, "pyx12 X12Reader, no documents"),
        row("UBL Order to documents", best(documents, ubl, 1), best(peers.iterparse, ubl), "lxml iterparse (0.25)"),
    ]
    return [*rows, memory("edifact", 5, 50), memory("x12", 5, 50)]


def memory(standard: str, small: int, large: int) -> Row:
    """The peak of a process that reads a file made while it is read, at two sizes; the ratio should be one."""
    peak_small, peak_large = _peak(standard, small), _peak(standard, large)
    what = f"{standard}, peak memory at {large} MB"
    return Row(what, f"{peak_large:.1f} MB", f"{peak_small:.1f} MB", f"the peak at {small} MB", peak_large / peak_small)


def _peak(standard: str, megabytes: int) -> float:
    code = f"from bench.edi import peak_of; print(peak_of({standard!r}, {megabytes}))"
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout)


def peak_of(standard: str, megabytes: int) -> float:
    """Read so many megabytes of `standard` in this process and say its peak of memory in megabytes."""
    make = files.edifact_parts if standard == "edifact" else files.x12_parts
    for _ in stream(Parts(make(megabytes * 1_000_000)), limits=LIMITS):
        pass
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


class Parts:
    """A file that is made while it is read."""

    def __init__(self, parts) -> None:
        self.parts, self.rest = parts, b""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes."""
        while len(self.rest) < size and (part := next(self.parts, b"")):
            self.rest += part
        data, self.rest = self.rest[:size], self.rest[size:]
        return data
