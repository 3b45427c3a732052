"""Files read as a stream: the same judgement as over bytes, at any size of read, in memory that does not grow."""

import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edi.mapping import Closed, Limits, Message, Opened, Reading, read, stream
from edi.syntax import source as source_module
from tests.edi.fixtures import GOOD, ORDERS_D96A, PURCHASE_ORDER

BODY = ORDERS_D96A[ORDERS_D96A.index("UNH") : ORDERS_D96A.index("UNZ")]
SET = PURCHASE_ORDER[PURCHASE_ORDER.index("ST*") : PURCHASE_ORDER.index("GE*")]


def orders(count: int) -> bytes:
    """One EDIFACT interchange of so many orders."""
    head = ORDERS_D96A[: ORDERS_D96A.index("UNH")]
    bodies = "".join(BODY.replace("M1", f"M{n}") for n in range(1, count + 1))
    return (head + bodies + f"UNZ+{count}+4711'\n").encode()


def purchase_orders(count: int) -> bytes:
    """One X12 interchange of so many purchase orders."""
    head = PURCHASE_ORDER[: PURCHASE_ORDER.index("ST*")]
    bodies = "".join(SET.replace("0001", f"{n:04}") for n in range(1, count + 1))
    return (head + bodies + f"GE*{count}*77~\nIEA*1*000004711~\n").encode()


class Dribble:
    """A file that gives a few bytes at a time, however many are asked for."""

    def __init__(self, data: bytes, size: int) -> None:
        self.file, self.size = BytesIO(data), size

    def read(self, size: int, /) -> bytes:
        return self.file.read(min(size, self.size))


def collected(file, **limits) -> Reading:
    """What `stream` hands out, put together as `read` does."""
    interchanges, messages = [], []
    for event in stream(file, limits=Limits(**limits)):
        if isinstance(event, Message):
            messages.append(event)
        elif isinstance(event, Closed):
            interchanges.append(replace(event.interchange, messages=(*event.interchange.messages, *messages)))
            messages = []
        elif isinstance(event, Reading):
            return replace(event, interchanges=tuple(interchanges))
    raise AssertionError("no Reading at the end")


FILES = {
    **{name: text.encode() for name, text in GOOD.items()},
    "many orders": orders(200),
    "many sets": purchase_orders(200),
    "cut": orders(40)[:-700],
    "two interchanges": orders(3) + ORDERS_D96A.replace("4711", "4712").encode(),
    "first one cut": orders(150)[:-2_000] + b"\n" + ORDERS_D96A.replace("4711", "4712").encode(),
    "twice the same": PURCHASE_ORDER.encode() * 2,
    "same number, other content": (PURCHASE_ORDER + PURCHASE_ORDER.replace("*10*EA", "*11*EA")).encode(),
    "wrapped": b"\n".join(orders(100).replace(b"\n", b"")[at : at + 80] for at in range(0, 90_000, 80)),
    "one long text": ORDERS_D96A.replace("Pack in tens", "x" * 200_000).encode(),
    "no terminator": b"UNB+UNOC:3+A+B+260101:1200+1'UNH+1+ORDERS:D:96A:UN'" + b"A" * 300_000,
    "trailing": orders(2) + b"HELLO",
    "junk": b"hello world" * 50_000,
    "empty": b"",
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("size", [1_000, 70_000, 1 << 30])
def test_the_same_judgement_as_over_bytes(name, size):
    data = FILES[name]
    assert collected(Dribble(data, size)) == read(data)


LONG = {
    "edifact": orders(40),
    "x12": purchase_orders(40),
    "two": orders(20) + ORDERS_D96A.replace("4711", "2").encode(),
}
SHORT = "' ? + ~ * ?' '' ~~ UNB+ UNZ+1+4711' UNA:+.?~' ISA*00* BIN*9999* BIN*3*a~b~ UNT+35+M1'"
PIECES = st.sampled_from(
    [b"", b" ", b"\n", b"\r\n", b"\x00", b"\xff", b"\xc3\xa4", b"x" * 5_000, b"?" * 999, *SHORT.encode().split()]
)


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_a_stream_says_what_read_says(data):
    """Damaged files, read in small pieces, across the edges of blocks."""
    text = bytearray(LONG[data.draw(st.sampled_from(sorted(LONG)))])
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(text)))
        text[at : at + data.draw(st.integers(0, 60))] = data.draw(PIECES)
    whole = bytes(text)
    assert collected(Dribble(whole, data.draw(st.sampled_from([700, 20_000, 300_000])))) == read(whole)


def test_the_order_of_events():
    data = orders(2) + b"HELLO'"
    kinds = [type(event) for event in stream(BytesIO(data))]
    assert kinds == [Opened, Message, Message, Closed, Reading]
    opened, first, _, closed, reading = list(stream(BytesIO(data)))
    assert (opened.interchange.control_number, opened.interchange.messages) == ("4711", ())
    assert first.document.number == "BR-2026-0815"
    assert {finding.code for finding in closed.interchange.findings} == {"trailing-bytes"}
    assert reading.interchanges == ()


def test_places_stay_right_far_into_the_file():
    data = orders(1_200).replace(b"UNT+35+M1199'", b"UNT+34+M1199'")
    (fault,) = (item for message in stream(BytesIO(data)) if isinstance(message, Message) for item in message.findings)
    assert (fault.code, fault.place.tag, fault.place.element) == ("unt-count", "UNT", 1)
    assert data[fault.place.offset : fault.place.end] == b"34"
    before = data[: fault.place.offset]
    assert fault.place.line == before.count(b"\n") + 1
    assert fault.place.column == len(before) - before.rindex(b"\n")


def test_messages_come_before_the_file_is_over():
    data = orders(3_000)
    file = BytesIO(data)
    events = stream(file)
    next(events)
    assert next(events).reference == "M1"
    assert file.tell() < len(data) // 4


def test_limits_end_a_stream():
    found = collected(BytesIO(orders(2_000)), size=300_000)
    assert "file-too-large" in {item.code for item in found.interchanges[0].findings}
    assert not found.interchanges[0].applicable
    found = collected(BytesIO(orders(3)), segments=20)
    codes = {item.code for item in found.all_findings}
    assert "message-too-long" in codes
    assert "unt-count" not in codes


SCRIPT = """
import pathlib, sys
from tests.edi.test_streaming import orders, purchase_orders
from edi.mapping import stream, Limits
kind, count = sys.argv[1], int(sys.argv[2])
class Endless:
    # the file is made while it is read, so that it is nowhere whole
    def __init__(self):
        make = orders if kind == "edifact" else purchase_orders
        self.parts = self.generate(make)
        self.rest = b""
    def generate(self, make):
        mark, end = (b"UNH+", b"UNZ+") if kind == "edifact" else (b"ST*", b"GE*")
        one = make(1)
        first, last = one.index(mark), one.index(end)
        yield one[:first]
        for n in range(1, count + 1):
            body = one[first:last]
            yield body.replace(b"M1", b"M%d" % n) if kind == "edifact" else body.replace(b"0001", b"%04d" % n)
        trailer = b"UNZ+%d+4711'\\n" % count if kind == "edifact" else b"GE*%d*77~\\nIEA*1*000004711~\\n" % count
        yield trailer
    def read(self, size):
        while len(self.rest) < size:
            part = next(self.parts, b"")
            if not part:
                break
            self.rest += part
        data, self.rest = self.rest[:size], self.rest[size:]
        return data
messages = errors = 0
for event in stream(Endless(), limits=Limits(size=10**12, messages=10**9)):
    messages += hasattr(event, "kind")
    errors += any(f.severity == "error" for f in getattr(event, "findings", ()))
print(messages, errors, pathlib.Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
@pytest.mark.parametrize("kind", ["edifact", "x12"])
def test_memory_does_not_grow_with_the_file(kind):
    def peak(count: int) -> int:
        command = [sys.executable, "-c", SCRIPT, kind, str(count)]
        messages, errors, memory = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split()
        assert (int(messages), int(errors)) == (count, 0)
        return int(memory)

    small, large = peak(400), peak(4_000)  # about 0.4 MB and 4 MB
    assert large < small + 3_000  # kilobytes


def test_a_segment_without_end_is_let_go():
    class Endless:
        left = 40_000_000

        def read(self, size: int, /) -> bytes:
            given = min(size, self.left)
            self.left -= given
            return b"A" * given if self.left < 39_000_000 else (ORDERS_D96A.encode()[:900] + b"A" * given)[:given]

    events = list(stream(Endless(), limits=Limits(size=10**9)))
    codes = {item.code for event in events for item in getattr(event, "findings", ())}
    codes |= {item.code for event in events if isinstance(event, Closed) for item in event.interchange.findings}
    assert {"unterminated-segment", "missing-unz"} <= codes
    assert source_module.CHUNK < 1_000_000
