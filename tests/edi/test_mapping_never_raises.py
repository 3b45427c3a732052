"""Whatever the bytes: reading ends in findings, never in an exception, and a file cut short never passes silently."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from edi.mapping import acknowledge, read, segments
from tests.edi.fixtures import GOOD, NOW

pieces = st.sampled_from(
    [
        *(
            b"'",
            b"+",
            b":",
            b"?",
            b"~",
            b"*",
            b"\n",
            b"\r",
            b"\x00",
            b"\xff",
            b"\xc3\xa4",
            b"UNB+",
            b"UNH+",
            b"UNT+1+M1'",
        ),
        *(
            b"ISA*",
            b"GS*PO*",
            b"ST*850*1~",
            b"SE*1*1~",
            b"LIN+1'",
            b"QTY+21:1E9'",
            b"PO1*1*NaN*EA*Infinity~",
            b"9" * 5000,
        ),
        *(
            b"<",
            b"&e;",
            b"<!DOCTYPE x>",
            b"UNA",
            b"-",
            b".",
            b"UNS+S'",
            b"BIN*99999999*",
            b"DTM+2:99999999:616'",
            b"TA1*1~",
        ),
    ]
)


def handle(data: bytes) -> None:
    """All that the portal does with received bytes before it looks at the result."""
    reading = read(data)
    segments(data)
    for interchange in reading.interchanges:
        assert data[interchange.start : interchange.end] or not interchange.messages
        acknowledge(interchange, control_number="1", prepared_at=NOW)
        for message in interchange.applicable:
            assert message.document.number
            lines = getattr(message.document, "lines", ())  # a TA1 that got in is an acknowledgement
            assert all(line.quantity is not None for line in lines)


@given(st.binary(max_size=300))
@example(b"UNA")
@example(b"ISA")
@example(b"UNB+UNOA:1'UNH+'UNT+" + b"9" * 5000 + b"'UNZ+" + b"9" * 5000 + b"'")
@settings(max_examples=200, deadline=None)
def test_any_bytes(data):
    handle(data)


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_damaged_orders(data):
    text = bytearray(GOOD[data.draw(st.sampled_from(sorted(GOOD)))].encode())
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(text)))
        length = data.draw(st.integers(0, 60))
        text[at : at + length] = data.draw(pieces | st.just(b""))
    handle(bytes(text))


@pytest.mark.parametrize("name", GOOD)
def test_cut_anywhere_is_told(name):
    data = GOOD[name].encode().rstrip()
    for end in range(1, len(data)):
        assert read(data[:end]).all_findings, f"cut at byte {end} passes silently"
