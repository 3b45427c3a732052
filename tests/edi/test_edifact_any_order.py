"""Whatever segments a message holds, in whatever order: a document, and nothing of it lost without a word."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edi.mapping import acknowledge, read
from edi.mapping.edifact.profiles import PROFILES
from tests.edi.fixtures import NOW

# One segment for each tag that any message reads, with the qualifiers that most messages have a use for.
RICH = {
    "ALC": "ALC+A+:95+++:::Spring", "APR": "APR+1", "BGM": "BGM+380+N-2+9", "CCI": "CCI+1", "CNT": "CNT+2:1",
    "COM": "COM+049123:TE", "CPS": "CPS+1", "CTA": "CTA+OC+:Anna", "CUX": "CUX+2:EUR:9", "DGS": "DGS+ADR",
    "DOC": "DOC+380", "DTM": "DTM+2:20260401:102", "EQD": "EQD+CN", "ERC": "ERC+12", "FII": "FII+RB+IT60X",
    "FTX": "FTX+AAI+++Words", "GIN": "GIN+BJ+340123450000000017", "IMD": "IMD+F++:::Pump", "INP": "INP+1",
    "INV": "INV+1", "LIN": "LIN+1++8024670010024:EN", "LOC": "LOC+7+8024670010017::9",
    "MEA": "MEA+PD+AAD+KGM:4.5", "MOA": "MOA+203:12.5", "NAD": "NAD+DP+8024670010017::9", "PAC": "PAC+1++201",
    "PAI": "PAI+::42", "PAT": "PAT+1++:::Net", "PCD": "PCD+1:2", "PCI": "PCI+33E", "PGI": "PGI+11",
    "PIA": "PIA+1+AP-1:SA", "PRI": "PRI+AAA:9.5:::10:EA", "PYT": "PYT+1", "QTY": "QTY+21:5:EA",
    "QVR": "QVR+-1:21+BP", "RCS": "RCS+1", "RFF": "RFF+ON:4711:5", "RNG": "RNG+4+EA:10", "SCC": "SCC+1",
    "SGP": "SGP+1", "STG": "STG+1", "TAX": "TAX+7+VAT+++:::22+S", "TDT": "TDT+20", "TOD": "TOD+6++CPT",
    "UCD": "UCD+12+1:1", "UCF": "UCF+1+A+B+7", "UCI": "UCI+1+A+B+7", "UCM": "UCM+1+ORDERS:D:96A:UN+7",
    "UCS": "UCS+3+12", "UNS": "UNS+S", "AJT": "AJT+1",
}  # fmt: skip
TAGS = sorted({tag for profile in PROFILES.values() for tag in profile.handlers} - {"UNH", "UNT"})


def message(number: int, kind: str, body: list[str]) -> str:
    segments = [f"UNH+{number}+{kind}:D:96A:UN", "BGM+9+N-1+9", *body, f"UNT+{len(body) + 3}+{number}"]
    return "".join(segment + "'" for segment in segments)


def interchange(messages: list[str]):
    text = "UNB+UNOC:3+A:14+B:14+260302:1415+1'" + "".join(messages) + f"UNZ+{len(messages)}+1'"
    (one,) = read(text.encode("latin-1")).interchanges
    return one


def test_there_is_a_sample_of_every_segment_that_is_read():
    assert set(TAGS) == set(RICH)


@pytest.mark.parametrize("kind", PROFILES)
def test_any_two_segments_in_a_line_make_a_document(kind):
    pairs = [["LIN+1", RICH[first], RICH[second]] for first in TAGS for second in TAGS]
    one = interchange([message(number, kind, pair) for number, pair in enumerate(pairs, 1)])
    assert len(one.messages) == len(pairs)
    assert all(item.document is not None for item in one.messages)


@pytest.mark.parametrize("kind", PROFILES)
@given(body=st.lists(st.sampled_from(TAGS), max_size=25))
@settings(max_examples=25, deadline=None)
def test_any_segments_in_any_order(kind, body):
    one = interchange([message(1, kind, [RICH[tag] for tag in body])])
    assert one.messages[0].document is not None
    acknowledge(one, control_number="1", prepared_at=NOW)
