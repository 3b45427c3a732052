"""Which EDIFACT messages have a guide, and which guide serves a release that has none of its own."""

from functools import lru_cache
from importlib import import_module

from edi.guides.guide import Guide

KINDS = (
    "ORDERS",
    "ORDCHG",
    "ORDRSP",
    "DESADV",
    "RECADV",
    "INVOIC",
    "CONTRL",
    "APERAK",
    "PRICAT",
    "SLSRPT",
    "INVRPT",
)
_FIRST_OF_NEW = "00"  # D.00A and later are nearer to D.01B; D.93A to D.99B to D.96A


def guides(kind: str) -> tuple[Guide, ...]:
    """All releases of a message that have a guide; empty for a message that has none. Loaded when first asked for."""
    if kind not in KINDS:
        return ()
    found: tuple[Guide, ...] = import_module(f"edi.guides.edifact_{kind.lower()}").GUIDES
    return found


@lru_cache(maxsize=256)
def guide_for(kind: str, version: str) -> Guide | None:
    """The guide of a message by its release ("D.96A"; S009 0052.0054). A release without its own borrows the nearer
    one, leniently; None when the message has no guide at all."""
    known = guides(kind)
    for guide in known:
        if guide.version == version:
            return guide
    return _lender(known, version).lend(version) if known else None


def _lender(known: tuple[Guide, ...], version: str) -> Guide:
    year = version[2:4]
    is_new = year.isdigit() and _FIRST_OF_NEW <= year < "80"
    return known[-1] if is_new else known[0]
