"""X12 guides: both releases of a transaction set in one notation, and which of them judges which version.

The notation is that of `edi.guides.guide`; `[4010 …]` and `[5010 …]` enclose what stands in one release only. A loop is
named after the first segments of the loop around it and of itself: LPO1 is that of PO1, LPO1N1 the N1 in it.
"""

from functools import lru_cache
from importlib import import_module

from edi.guides.guide import Guide, parse_guide
from edi.guides.x12_dictionary import of_release, v4010, v5010

# Transaction sets that have a guide. TA1 is no set, but a segment that stands alone between ISA and GS.
KINDS = ("850", "855", "860", "865", "856", "810", "846", "832", "820", "824", "864", "997", "999", "TA1")

_FIRST_NEARER_TO_5010 = "004050"


def releases(kind: str, title: str, notation: str) -> tuple[Guide, Guide]:
    """The guides of 004010 and 005010. Raises ValueError when the notation is not well formed."""
    older, newer = (
        parse_guide(kind, release, of_release(notation, release), dictionary, standard="x12", title=title)
        for release, dictionary in (("004010", v4010), ("005010", v5010))
    )
    return older, newer


def nearest(version: str, older: Guide, newer: Guide) -> Guide:
    """The guide for GS08. What an industry added ("004010VICS") is judged by the release it is made on; another
    release borrows the nearer guide, which then judges leniently."""
    release = version[:6]
    for guide in (older, newer):
        if guide.version == release:
            return guide
    lender = newer if release.isdigit() and release >= _FIRST_NEARER_TO_5010 else older
    return lender.lend(version)


def guides(kind: str) -> tuple[Guide, ...]:
    """Both releases of a transaction set, loaded when first asked for; empty for a set that has no guide."""
    if kind not in KINDS:
        return ()
    found: tuple[Guide, ...] = import_module(f"edi.guides.x12_{kind.lower()}").GUIDES
    return found


@lru_cache(maxsize=256)
def find_x12(kind: str, version: str) -> Guide | None:
    """The guide of a transaction set by ST01 and GS08; None where there is none."""
    known = guides(kind)
    return nearest(version, known[0], known[1]) if known else None
