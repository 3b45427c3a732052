"""X12 guides: both releases of a transaction set in one notation, and which of them judges which version.

The notation is that of `edi.guides.structure`; `[4010 …]` and `[5010 …]` enclose what stands in one release only. A
loop is named after the first segments of the loop around it and of itself: LPO1 is that of PO1, LPO1N1 the N1 in it.
"""

import re
from functools import cache
from importlib import import_module

from edi.guides.structure import Guide, parse_guide

# Transaction sets that have a guide. TA1 is no set, but a segment that stands alone between ISA and GS.
SETS = ("810", "820", "824", "832", "846", "850", "855", "856", "860", "864", "865", "997", "999", "TA1")

_ONLY = re.compile(r"\[(?P<release>\d{4})\s(?P<notation>[^\]]*)\]")
_LENDERS = ("004010", "005010")
_FIRST_NEARER_TO_5010 = "004050"


def releases(kind: str, notation: str) -> tuple[Guide, Guide]:
    """The guides of 004010 and 005010. Raises ValueError when the notation is not well formed."""
    older, newer = (parse_guide(kind, release, _of_release(notation, release)) for release in _LENDERS)
    return older, newer


def _of_release(notation: str, release: str) -> str:
    def keep(match: re.Match[str]) -> str:
        return match["notation"] if release.endswith(match["release"]) else ""

    return _ONLY.sub(keep, notation)


def nearest(version: str, older: Guide, newer: Guide) -> Guide:
    """The guide for GS08 ("004010VICS"): its own release, else the nearer one, which then judges leniently."""
    release = version[:6]
    for guide in (older, newer):
        if guide.version == release:
            return guide
    lender = newer if release.isdigit() and release >= _FIRST_NEARER_TO_5010 else older
    return Guide(lender.kind, version, lender.root, lender.tags, exact=False)


@cache
def _both(kind: str) -> tuple[Guide, Guide]:
    module = import_module(f"edi.guides.x12_{kind.lower()}")
    return module.V4010, module.V5010


def find_x12(kind: str, version: str = "004010") -> Guide | None:
    """The guide of a transaction set by ST01 and GS08, loaded when first asked for; None where there is none."""
    return nearest(version, *_both(kind)) if kind in SETS else None
