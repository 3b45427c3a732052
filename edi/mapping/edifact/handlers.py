"""Which function reads which segment: the same for all messages, unless one of them has its own."""

from collections.abc import Mapping

from edi.mapping.edifact import charges, common, items, parties
from edi.mapping.edifact.reader import Handler

# Groups and segments of lines that no document has a place for; they are kept, with what belongs to them.
_GROUPS = ("DOC", "TDT", "PAC", "PCI", "EQD", "APR", "RCS", "STG", "CCI", "DGS", "PYT", "AJT", "INP", "CPS", "SGP")

_COMMON: dict[str, Handler] = {
    "UNH": common.nothing,
    "UNT": common.nothing,
    "BGM": common.bgm,
    "DTM": common.dtm,
    "RFF": common.rff,
    "FTX": common.ftx,
    "NAD": parties.nad,
    "CTA": parties.cta,
    "COM": parties.com,
    "CUX": common.cux,
    "TOD": common.group("TOD"),
    "PAT": common.group("PAT"),
    "ALC": common.group("ALC"),
    "PCD": charges.pcd,
    "MOA": charges.moa,
    "TAX": common.group("TAX"),
    "LIN": items.lin,
    "PIA": items.pia,
    "IMD": items.imd,
    "QTY": items.qty,
    "PRI": common.group("PRI"),
    "SCC": common.group("SCC"),
    "LOC": common.group("LOC"),
    "UNS": common.uns,
    "CNT": common.cnt,
    **{tag: common.group(tag) for tag in _GROUPS},
}

# What messages with amounts add: prices, terms of payment, charges, taxes.
MONEY: dict[str, Handler] = {"PRI": items.pri, "PAT": common.pat, "ALC": charges.alc, "TAX": charges.tax}
# And what orders and their answers add to that: terms of delivery, schedules, places that part of a line is for.
TRADE: dict[str, Handler] = {**MONEY, "TOD": common.tod, "SCC": items.scc, "LOC": items.loc}


def handlers(*more: Mapping[str, Handler]) -> dict[str, Handler]:
    """The handlers of a message: the common ones, and `more` over them."""
    table = dict(_COMMON)
    for own in more:
        table.update(own)
    return table
